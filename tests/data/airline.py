#!/usr/bin/env python3
"""Replays labelled threads and says how often a closing thank-you led to `resolve`.

    python3 tests/data/airline.py THREADS.jsonl [--ringback PROGRAM] [--rules FILE] [--misses]

THREADS.jsonl holds one thread a line: `id`, `turns` (a list of `party` and `text`) and `gold`:
`third_closing_thanks` (true, false or null) is about the customer's third turn, `second_fine`
about the second one (`closing_thanks` or what else it is). A turn is all that one party writes
before the other does. The threads are converted on the fly and nothing is kept of them; they are
no part of this project. `--misses` prints the ids of the threads that went another way.

It prints the summary that a person gets from `ringback replay`, then two shares: of the turns
that the data calls closing thanks, how many led to `resolve`; and of the turns that it calls
something else, how many did so all the same, which would have dropped a customer.
"""

import argparse
import json
import subprocess
import sys


def messages(thread):
    """The thread's messages in replay format, and the customer's turn that each belongs to."""
    turn, before = 0, None
    for number, message in enumerate(thread["turns"], 1):
        party = message["party"]
        if party == "customer" and before != "customer":
            turn += 1
        before = party
        yield turn if party == "customer" else None, {
            "channel": "airline",
            "thread": thread["id"],
            "id": str(number),
            "from": party,
            "text": message["text"],
            "visibility": "public",
            "lang": thread.get("lang", "en"),
        }


def labelled_turns(thread):
    """The customer's turns that the data judges: (turn, whether it is closing thanks)."""
    gold = thread["gold"]
    if gold.get("second_fine") is not None:
        yield 2, gold["second_fine"] == "closing_thanks"
    if gold.get("third_closing_thanks") is not None:
        yield 3, gold["third_closing_thanks"]


def share(part, whole):
    return f"{part} of {whole}" + (f" ({100 * part / whole:.1f} %)" if whole else "")


def main():
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("threads")
    parser.add_argument("--ringback", default="target/release/ringback")
    parser.add_argument("--rules")
    parser.add_argument("--misses", action="store_true")
    options = parser.parse_args()

    with open(options.threads, encoding="utf-8") as file:
        threads = [json.loads(line) for line in file if line.strip()]
    turns, lines = {}, []
    for thread in threads:
        for turn, message in messages(thread):
            lines.append(json.dumps(message, ensure_ascii=False))
            turns[thread["id"], message["id"]] = turn

    def replay(*arguments):
        rules = ["--rules", options.rules] if options.rules else []
        command = [options.ringback, "replay", *rules, *arguments, "-"]
        ran = subprocess.run(
            command, input="\n".join(lines).encode(), stdout=subprocess.PIPE, check=True
        )
        return ran.stdout.decode()

    decided = {}
    for line in replay("--format", "jsonl").splitlines():
        decision = json.loads(line)
        turn = turns[decision["thread"], decision["id"]]
        if turn is not None:
            actions, rules = decided.setdefault((decision["thread"], turn), (set(), set()))
            actions.update(decision["actions"])
            rules.add(decision["rule"])

    thanks = resolved = waits = others = dropped = 0
    missed, wrong = [], []
    for thread in threads:
        for turn, is_thanks in labelled_turns(thread):
            actions, rules = decided.get((thread["id"], turn), (set(), set()))
            resolves = "resolve" in actions
            if is_thanks:
                thanks += 1
                resolved += resolves
                waits += not resolves and "thanks" in rules
                if not resolves:
                    missed.append(f"{thread['id']} turn {turn}")
            else:
                others += 1
                dropped += resolves
                if resolves:
                    wrong.append(f"{thread['id']} turn {turn}")

    print(replay().rstrip())
    print("\nAt the turns that the data judges")
    print(f"  closing thanks that led to resolve   {share(resolved, thanks)}")
    print(f"  ... to wait, after a promise of ours {share(waits, thanks)}")
    print(f"  other turns that led to resolve      {share(dropped, others)}")
    if options.misses:
        print("\nmissed:", ", ".join(missed), "\nwrongly resolved:", ", ".join(wrong))
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""Trains the reader's weights: one logistic regression a head, over the features that the reader
itself gathers (`features.rs`), so that training and the running bot cannot drift apart; for some
heads small boosted trees on top, which know of what is not there.

First the heads for our own messages, since what we said last is a feature of what the customer
answers; then, with those, the heads for customers'. Prints the figures of cross-validation, which
the thresholds in the rules file come from. Deterministic: the same data gives the same bytes.
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

# On one core, so that no sum depends on which core was done first.
os.environ["OMP_NUM_THREADS"] = "1"

import numpy as np
from scipy.sparse import csr_matrix
from sklearn.ensemble import HistGradientBoostingClassifier
from sklearn.linear_model import LogisticRegression

HERE = Path(__file__).parent
WEIGHTS = HERE / "reader.bin"

# The heads, in the order of `src/reading/model/head.rs`.
CUSTOMER = [
    "thanks", "waiting", "for_us", "wants_call", "wants_text", "always", "unsolved", "answers",
    "offered", "offered_confidential",
]
OURS = [
    "asked", "asked_confidential", "asks", "offers", "promises", "instructs", "reports", "else",
]

# How many bits of a feature's hash are its bucket.
CUSTOMER_BITS = 17
OUR_BITS = 15
# The inverse strength of the L2 penalty, chosen by cross-validation.
C = 0.1
# What a row of the public data counts beside one of our own: there is far more of it, and none
# of it is social.
PUBLIC_WEIGHT = 0.1
FOLDS = 5
# The heads that have trees: those for which they brought something in cross-validation.
TREED = ["thanks", "waiting"]
# Below these log odds the trees are not asked (`HOPELESS` in `src/reading/model/trees.rs`).
HOPELESS = -4.6
# What the trees ask for stands in so many of our rows at least.
COMMON = 5


def rows(data):
    """Every labelled message, ours first. `file` is the public file it comes from."""
    for path in sorted((HERE / "corpus").glob("*.jsonl")):
        for line in path.read_text(encoding="utf-8").splitlines():
            yield {**json.loads(line), "file": None}
    for name in ["gratitude", "verification", "call_request"]:
        for line in (data / f"{name}.jsonl").read_text(encoding="utf-8").splitlines():
            yield {**json.loads(line), "file": name}


def label(row, head):
    """What a row says of a head: True, False, or None where it does not tell."""
    labels = row["labels"]
    if (row["party"] == "agent") != (head in OURS):
        return None
    if row["file"] is None:
        return own_label(labels, head)
    if labels["borderline"]:
        return None
    if row["file"] == "gratitude":
        return gratitude_label(labels, head)
    if row["file"] == "call_request":
        return {"wants_call": labels["call_request"], "wants_text": False}.get(head)
    return verification_label(labels, head)


def own_label(labels, head):
    identity = labels["identity"]
    kind = identity and identity["kind"]
    confidential = identity and identity["level"] == "confidential"
    if head in OURS:
        marks = {mark: mark in labels["marks"] for mark in OURS[2:]}
        asked = kind == "asked"
        return {"asked": asked, "asked_confidential": confidential if asked else None, **marks}[head]
    waits, wish, offered = labels["closing"] == "waiting", labels["wants_text"], kind == "offered"
    return {
        "thanks": labels["closing"] == "thanks",
        "waiting": waits,
        "for_us": labels["waits_for"] == "us" if waits else None,
        "wants_call": labels["wants_call"],
        "wants_text": wish is not None,
        "always": wish == "always" if wish else None,
        "unsolved": labels["unsolved"],
        "answers": labels["answers"],
        "offered": offered,
        "offered_confidential": confidential if offered else None,
    }[head]


def gratitude_label(labels, head):
    thanks, fine = labels["closing_thanks"], labels["fine"]
    if head == "thanks":
        return thanks
    if head == "waiting":
        settled = thanks or fine in ("thanks_request", "thanks_complaint")
        return True if fine == "thanks_pending" else False if settled else None
    return False if thanks and head in ("wants_call", "wants_text") else None


def verification_label(labels, head):
    direction, strong = labels["direction"], labels["strength"] == "strong"
    # A question about identity checks neither asks for data nor gives any.
    if direction == "topic":
        return None
    return {
        "asked": direction == "ask",
        "asked_confidential": strong if direction == "ask" else None,
        "offered": direction == "offer",
        "offered_confidential": strong if direction == "offer" else None,
    }.get(head)


def features(program, messages, weights):
    """The features of messages, read with these weights, as hashes with their values."""
    with tempfile.TemporaryDirectory() as folder:
        asked, used = Path(folder, "messages.jsonl"), Path(folder, "weights.bin")
        used.write_bytes(weights)
        lines = ({key: row[key] for key in ("party", "text", "prev")} for row in messages)
        asked.write_text("".join(json.dumps(line) + "\n" for line in lines), encoding="utf-8")
        command = [program, "--weights", used, asked]
        told = subprocess.run(command, check=True, capture_output=True).stdout.splitlines()
    found = [json.loads(line) for line in told[1:]]
    ends = np.cumsum([0] + [len(row["structure"]) + len(row["spelling"]) for row in found])
    hashes = np.concatenate([row["structure"] + row["spelling"] for row in found]).astype(np.uint32)
    values = np.concatenate(
        [[1.0] * len(row["structure"]) + [row["share"]] * len(row["spelling"]) for row in found]
    )
    return (hashes, values, ends), [dict(row["plain"]) for row in found]


def matrix(found, bits):
    hashes, values, ends = found
    buckets = (hashes >> np.uint32(32 - bits)).astype(np.int64)
    summed = csr_matrix((values, buckets, ends), shape=(len(ends) - 1, 1 << bits))
    summed.sum_duplicates()
    return summed


def fit(inputs, truth, weight):
    model = LogisticRegression(C=C, solver="liblinear", max_iter=500, random_state=0)
    return model.fit(inputs, truth, sample_weight=weight)


def grow(asked, truth):
    """Trees over the regression's log odds and what a message has and has not."""
    trees = HistGradientBoostingClassifier(
        max_iter=150, learning_rate=0.08, max_leaf_nodes=8, min_samples_leaf=15,
        l2_regularization=1.0, early_stopping=False, random_state=0,
    )
    return trees.fit(asked, truth)


def written(trees):
    """Trees as `trees.rs` reads them; the first is what holds before any is asked."""
    first = [[[round(float(trees._baseline_prediction.item()), 5)]]]
    return first + [
        [
            [round(float(node["value"]), 5)] if node["is_leaf"] else [
                int(node["feature_idx"]), round(float(node["num_threshold"]), 5),
                int(node["left"]), int(node["right"]),
            ]
            for node in tree.nodes
        ]
        for (tree,) in trees._predictors
    ]


def table_of(plain, own):
    """What the trees ask for: the hashes, and a matrix with room for the odds in front."""
    counts = {}
    for row, of_ours in zip(plain, own):
        for found in row if of_ours else ():
            counts[found] = counts.get(found, 0) + 1
    asked = sorted(found for found, count in counts.items() if count >= COMMON)
    place = {found: at for at, found in enumerate(asked, start=1)}
    sizes = np.zeros((len(plain), len(asked) + 1), dtype=np.float32)
    for at, row in enumerate(plain):
        for found, size in row.items():
            if found in place:
                sizes[at, place[found]] = size
    return asked, sizes


def train(inputs, plain, messages, heads, bits):
    """The table of some heads: its header and its weights. Prints what cross-validation says."""
    weight = np.array([1.0 if row["file"] is None else PUBLIC_WEIGHT for row in messages])
    # By thread: our rows are a thread each, and the public ones repeat none within a head.
    fold = np.array([sum(row["id"].encode()) * 2654435761 >> 7 for row in messages]) % FOLDS
    own = np.array([row["file"] is None for row in messages])
    asked, sizes = table_of(plain, own)
    columns, header, trees = [], [], {}
    for head in heads:
        truth = np.array([{None: -1, False: 0, True: 1}[label(row, head)] for row in messages])
        seen = unseen(inputs, truth, weight, fold, own)
        report(head, truth, seen, own)
        if head in TREED:
            sizes[:, 0] = seen
            trees[head] = written(plant(head, sizes, truth, fold, own & (seen >= HOPELESS)))
        known = truth >= 0
        model = fit(inputs[known], truth[known], weight[known])
        weights = model.coef_[0]
        step = float(np.abs(weights).max() / 127)
        columns.append(np.round(weights / step).astype(np.int8))
        header.append({"name": head, "step": step, "bias": float(model.intercept_[0])})
    table = {"bits": bits, "heads": header}
    if trees:
        table["trees"] = {"inputs": asked, "heads": trees}
    return table, np.stack(columns, axis=1).tobytes()


def unseen(inputs, truth, weight, fold, own):
    """The log odds of our own rows by a model that has not seen them."""
    seen = np.full(len(truth), -9.0)
    for left_out in range(FOLDS):
        learn, test = (truth >= 0) & (fold != left_out), own & (truth >= 0) & (fold == left_out)
        model = fit(inputs[learn], truth[learn], weight[learn])
        seen[test] = model.decision_function(inputs[test])
    return seen


def plant(head, sizes, truth, fold, own):
    """The trees of a head, and a report of how they do on rows that they have not seen."""
    seen = sizes[:, 0].astype(float)
    for left_out in range(FOLDS):
        learn, test = own & (truth >= 0) & (fold != left_out), own & (fold == left_out)
        seen[test] = grow(sizes[learn], truth[learn]).decision_function(sizes[test])
    report(f"{head} with trees", truth, seen, sizes[:, 0] > -9.0)
    known = own & (truth >= 0)
    return grow(sizes[known], truth[known])


def report(head, truth, odds, own):
    """Prints precision and recall on our own rows that the model has not seen, by threshold."""
    own = own & (truth >= 0)
    seen = 1.0 / (1.0 + np.exp(-odds))
    print(f"{head}: {int(truth[own].sum())} of {int(own.sum())} of our own rows")
    for threshold in (0.3, 0.5, 0.7, 0.8, 0.9):
        said = own & (seen >= threshold)
        right = int((truth[said] == 1).sum())
        precision = right / max(1, int(said.sum()))
        recall = right / max(1, int((truth[own] == 1).sum()))
        print(f"  at {threshold}: precision {precision:.3f}, recall {recall:.3f}")
    confident = [(0.0, 0.1), (0.1, 0.3), (0.3, 0.5), (0.5, 0.7), (0.7, 0.9), (0.9, 1.01)]
    for low, high in confident:
        within = own & (seen >= low) & (seen < high)
        if within.any():
            print(f"  said {low:.1f} to {min(high, 1):.1f}: true {truth[within].mean():.2f}")


def blank(heads, bits):
    """A table that says no to everything."""
    header = [{"name": head, "step": 0.0, "bias": -9.0} for head in heads]
    return {"bits": bits, "heads": header}, bytes(len(heads) << bits)


def file(version, customer, ours):
    header = {"features": version, "customer": customer[0], "ours": ours[0]}
    return json.dumps(header).encode() + b"\n" + customer[1] + ours[1]


def main():
    program, data = Path(sys.argv[1]), Path(sys.argv[2])
    told = subprocess.run([program], check=True, capture_output=True).stdout
    version = json.loads(told.splitlines()[0])["version"]
    messages = list(rows(data))
    nothing = blank(CUSTOMER, CUSTOMER_BITS)
    found, plain = features(program, messages, file(version, nothing, blank(OURS, OUR_BITS)))
    ours = train(matrix(found, OUR_BITS), plain, messages, OURS, OUR_BITS)
    found, plain = features(program, messages, file(version, nothing, ours))
    customer = train(matrix(found, CUSTOMER_BITS), plain, messages, CUSTOMER, CUSTOMER_BITS)
    WEIGHTS.write_bytes(file(version, customer, ours))
    print(f"{WEIGHTS.stat().st_size} bytes of weights")


main()

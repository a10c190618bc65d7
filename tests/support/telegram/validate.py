"""Checks the stand-in of the Telegram Bot API, and what Ringback asks of it, by others' types.

Reads what the tests left in `target/telegram/*.jsonl` and validates every update, result and request
against aiogram's models of the Bot API, unknown fields included; and the list of methods and parameters
that the stand-in goes by. Fails when there is nothing to validate. Prints the first failures, without
repeating those of one kind, and how much was checked.
"""

import json
import pathlib
import sys
import types
import typing
from collections import Counter
from datetime import datetime, timedelta

import aiogram
import pydantic
from aiogram import methods
from aiogram.types import InputFile, Update

PROJECT = pathlib.Path(__file__).resolve().parents[3]
METHODS = PROJECT / "tests/it/support/telegram/methods.txt"
# What Telegram's documents name and this aiogram does not know yet, as `Model.field`.
NOT_YET_KNOWN = set()
SHOWN = 30
KINDS = ("update", "result", "request")


def method_of(name):
    return getattr(methods, name[0].upper() + name[1:])


def unknown_fields(value, where):
    """The fields that a model took without knowing them, wherever they are."""
    if isinstance(value, pydantic.BaseModel):
        name = type(value).__name__
        for field in value.model_extra or {}:
            if f"{name}.{field}" not in NOT_YET_KNOWN:
                yield f"{where}: {name} has no field {field}"
        for field in type(value).model_fields:
            yield from unknown_fields(getattr(value, field), where)
    elif isinstance(value, (list, tuple)):
        for one in value:
            yield from unknown_fields(one, where)


class Adapters(dict):
    """How to validate the result of each method."""

    def __missing__(self, name):
        self[name] = pydantic.TypeAdapter(method_of(name).__returning__)
        return self[name]


ADAPTERS = Adapters()


def check(line):
    """What is wrong with one line of what the tests left."""
    if "update" in line:
        kind, where = Update.model_validate, "update"
        value = line["update"]
        if len(value) != 2:
            yield "update: not one thing that happened"
    elif "request" in line:
        where = f"request {line['request']}"
        kind, value = method_of(line["request"]).model_validate, line["parameters"]
    else:
        where = f"result of {line['method']}"
        kind, value = ADAPTERS[line["method"]].validate_python, line["result"]
    try:
        model = kind(value)
    except pydantic.ValidationError as error:
        for problem in error.errors():
            path = ".".join(str(part) for part in problem["loc"] if not isinstance(part, int))
            yield f"{where}: {path}: {problem['msg']}"
        return
    yield from unknown_fields(model, where)


def kinds(annotation):
    """What a parameter may be, in the words of the stand-in's list."""
    origin = typing.get_origin(annotation)
    if origin in (typing.Union, types.UnionType):
        return set().union(*(kinds(one) for one in typing.get_args(annotation)))
    if origin in (list, dict):
        return {"json"}
    simple = {int: "int", str: "string", bool: "bool", float: "float"}
    if annotation in simple:
        return {simple[annotation]}
    if annotation in (datetime, timedelta):
        return {"int"}
    if annotation is type(None) or getattr(annotation, "__name__", "") == "Default":
        return set()
    if isinstance(annotation, type) and issubclass(annotation, InputFile):
        return {"file"}
    return {"json"}


def kind_of(field):
    found = kinds(field.annotation)
    if "file" in found:
        return "file"
    if found == {"int", "string"}:
        return "chat"
    return "|".join(sorted(found))


def check_methods():
    """What is wrong with the list that the stand-in goes by."""
    for line in METHODS.read_text().splitlines():
        name, *parameters = line.split(" ")
        fields = method_of(name).model_fields
        for parameter in parameters:
            parameter, kind = parameter.split(":")
            field = fields.get(parameter)
            if field is None:
                yield f"{METHODS.name}: {name} has no parameter {parameter}"
            elif kind != kind_of(field) + ("!" if field.is_required() else ""):
                yield f"{METHODS.name}: {parameter} of {name} is not {kind}"


def main():
    problems, checked = Counter(check_methods()), Counter()
    for path in sorted((PROJECT / "target/telegram").glob("*.jsonl")):
        for text in path.read_text().splitlines():
            try:
                line = json.loads(text)
            except ValueError:
                problems[f"{path.stem}: a test was cut off"] += 1
                continue
            checked[next(kind for kind in KINDS if kind in line)] += 1
            problems.update(f"{path.stem}: {problem}" for problem in check(line))
    for problem, times in problems.most_common(SHOWN):
        print(f"{problem} ({times} times)", file=sys.stderr)
    counts = ", ".join(f"{checked[kind]} {kind}s" for kind in KINDS)
    print(f"aiogram {aiogram.__version__}: {counts} checked, {len(problems)} kinds of problems")
    if not all(checked[kind] for kind in KINDS):
        print("there is nothing to validate: run cargo test first", file=sys.stderr)
        return 1
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())

"""Fits the weights of the words beside a question's things (retrieval.language.beside) to the marked questions of data/training.

`make fit` writes data/grammar/beside.toml anew and prints how well each kind of asker's questions are told by what the others' teach:
logistic regression with a ridge, by Newton's method, so that the result is the same each time.
"""

from __future__ import annotations

import json
import sys
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import numpy as np

from retrieval.language.beside import Piece, features, stretches

TRAINING = Path("data/training/beside.jsonl")
WEIGHTS = Path("data/grammar/beside.toml")
RIDGE = 1.0
SEEN = 3  # times a feature has to occur
LEAST = 0.03  # weights nearer to nothing are left out
STEPS = 12
HEAD = """# How much each feature of a stretch that names nothing speaks for its changing what is asked (above 0) or only telling (below 0).
# Fitted by `make fit` to data/training/beside.jsonl; not written by hand. docs/understanding.md says how well it tells.
"""


def pieces_of(said: str) -> list[Piece]:
    """The pieces of a training line: each begins with its kind (W|uP|…)."""
    return [Piece(one[0], one[1:]) for one in said.split("|")]


def examples(lines: Sequence[Any]) -> tuple[list[dict[str, float]], list[bool], list[str], list[int]]:
    """Of each stretch: its features, whether it restricts, who wrote it, and its line."""
    found: list[dict[str, float]] = []
    restricts: list[bool] = []
    writers: list[str] = []
    line_of: list[int] = []
    for number, line in enumerate(lines):
        pieces = pieces_of(line["said"])
        for first, last in stretches(pieces):
            found.append(features(pieces, first, last))
            restricts.append(any(first <= at <= last for at in line["restricts"]))
            writers.append(line["from"])
            line_of.append(number)
    return found, restricts, writers, line_of


def fitted(found: Sequence[dict[str, float]], restricts: Sequence[bool]) -> dict[str, float]:
    """The weight of each feature, and of the constant under the empty name."""
    counts = Counter(name for one in found for name in one)
    names = sorted(name for name, many in counts.items() if many >= SEEN)
    place = {name: at for at, name in enumerate(names)}
    table = np.zeros((len(found), len(names) + 1))
    table[:, -1] = 1.0
    for row, one in enumerate(found):
        for name, value in one.items():
            if name in place:
                table[row, place[name]] = value
    wanted = np.array(restricts, dtype=float)
    ridge = np.full(len(names) + 1, RIDGE)
    ridge[-1] = 1e-6
    weights = np.zeros(len(names) + 1)
    for _ in range(STEPS):
        told = 1 / (1 + np.exp(-table @ weights))
        slope = table.T @ (told - wanted) + ridge * weights
        weights -= np.linalg.solve((table.T * (told * (1 - told))) @ table + np.diag(ridge), slope)
    return {"": float(weights[-1]), **{name: float(weights[at]) for name, at in place.items()}}


def told(weights: dict[str, float], one: dict[str, float]) -> float:
    """The chance that a stretch restricts."""
    return float(1 / (1 + np.exp(-weights[""] - sum(weights.get(name, 0.0) * value for name, value in one.items()))))


def across(lines: Sequence[Any]) -> list[tuple[float, bool]]:
    """Of each line the likeliest stretch, told by weights fitted without its writer's lines, and whether anything in it restricts."""
    found, restricts, writers, line_of = examples(lines)
    likeliest: dict[int, float] = {}
    for writer in sorted(set(writers)):
        others = [at for at, one in enumerate(writers) if one != writer]
        weights = fitted([found[at] for at in others], [restricts[at] for at in others])
        for at, one in enumerate(writers):
            if one == writer:
                likeliest[line_of[at]] = max(likeliest.get(line_of[at], 0.0), told(weights, found[at]))
    return [(likeliest.get(number, 0.0), bool(line["restricts"])) for number, line in enumerate(lines)]


def written(weights: dict[str, float]) -> str:
    """The weights as a TOML file: what is known of the place, and characters."""
    kept = {name: round(weight, 2) for name, weight in weights.items() if abs(weight) >= LEAST or name == ""}
    parts = {"place": [n for n in kept if len(n) != 1], "characters": [n for n in kept if len(n) == 1]}
    return HEAD + "".join(
        f"\n[{part}]\n" + "".join(f"{json.dumps(name, ensure_ascii=False)} = {kept[name]}\n" for name in names)
        for part, names in parts.items()
    )


def main() -> int:
    """Fits, writes, and prints how well it tells."""
    lines = [json.loads(line) for line in TRAINING.read_text("utf-8").splitlines()]
    if "--across" in sys.argv:
        results = across(lines)
        for bound in (0.1, 0.15, 0.2, 0.25, 0.3, 0.4, 0.5):
            shown = {kind: [chance < bound for chance, restricts in results if restricts == kind] for kind in (False, True)}
            rates = {kind: 100 * sum(those) / len(those) for kind, those in shown.items()}
            print(f"below {bound}: {rates[False]:.1f} % of the questions with background alone, {rates[True]:.1f} % of the restricted ones")
    found, restricts, *_ = examples(lines)
    WEIGHTS.write_text(written(fitted(found, restricts)), "utf-8")
    print(f"{WEIGHTS}: {len(found)} stretches of {len(lines)} questions")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

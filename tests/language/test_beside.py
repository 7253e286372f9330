"""What stands beside the things of a question: stretches, and the fitted chance that one of them restricts what is asked."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from bench.fit import TRAINING, WEIGHTS, examples, fitted, pieces_of, written
from retrieval.language.beside import chance, stretches

ROOT = Path(__file__).parents[2]


def likeliest(said: str) -> float:
    """The largest chance of any stretch of a question that is written in pieces."""
    pieces = pieces_of(said)
    return max(chance(pieces, first, last) for first, last in stretches(pieces))


def test_the_weights_are_those_that_the_marked_questions_teach() -> None:
    lines = [json.loads(line) for line in (ROOT / TRAINING).read_text("utf-8").splitlines()]
    found, restricts, *_ = examples(lines)
    assert written(fitted(found, restricts)) == (ROOT / WEIGHTS).read_text("utf-8")


def test_stretches_are_what_names_nothing() -> None:
    assert list(stretches(pieces_of("u唉|M，|W|f的|T|u一共|f是|H"))) == [(0, 0), (3, 3), (5, 6)]


@pytest.mark.parametrize("pair", [
    ("u每月|T|H", "u请教|M，|W|T|H"), ("W|T|M，|u夜班|f的|H", "W|T|H|M，|f谢谢|f啦"), ("W|u临时工|f的|T|H", "u我在|u菜场|u卖菜|M，|W|T|H"),
    ("W|T|H|M，|u利息|f我|f不要", "W|T|H|M，|u写作文|f用"), ("W|u二楼|T|H", "u孙子|f问|f我|M，|W|T|H"),
])  # fmt: skip
def test_what_restricts_is_likelier_to_than_what_tells(pair: tuple[str, str]) -> None:
    restricts, tells = map(likeliest, pair)
    assert restricts > 2 * tells

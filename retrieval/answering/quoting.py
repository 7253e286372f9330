"""Printed sentences, and numbers in them, that were pointed at by their place: quoted as they are printed.

The numbers of a sentence are counted as `numbers_in` gives them: who points at one, having seen the sentence without its
amounts, means the same one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache
from typing import TYPE_CHECKING, Literal

from retrieval.answer.answer import CitedDocument, Value
from retrieval.answer.values import Amount, Missing, Result
from retrieval.answer.wording import shown
from retrieval.figures.query import Rows, among, equals, run, select
from retrieval.prose.evidence import quoted
from retrieval.prose.likeness import printed
from retrieval.prose.passages import EDGE, Prose, Span, read_prose
from retrieval.question import expression as q
from retrieval.words.grammar import load
from retrieval.words.numbers import counters
from store.money import MONEY_UNITS

if TYPE_CHECKING:
    from retrieval.evaluating.evaluator import Evaluator

LABEL = 28  # characters before a number that say what it is
LONGEST = 90  # characters that are quoted around a number
_HOLDERS = "SELECT DISTINCT document_id FROM passages WHERE list_contains(?::VARCHAR[], passage_id) ORDER BY document_id"


@dataclass(frozen=True, slots=True)
class Numbered:
    """A number of a sentence: its place in the plain text, and its value."""

    start: int
    end: int  # of the digits
    number: Decimal
    unit: str


@cache
def _pattern() -> re.Pattern[str]:
    points = load("prose.toml")["quoting"]["points"]
    units = "|".join(re.escape(one) for one in sorted((*MONEY_UNITS, "%", points, *counters()), key=len, reverse=True))
    return re.compile(load("prose.toml")["quoting"]["number"].replace("UNITS", units))


def numbers_in(plain: str) -> Iterator[Numbered]:
    """The amounts, shares and counts of a plain text, in order; years, dates and numberings are none."""
    for match in _pattern().finditer(plain):
        digits = match[1].rstrip(",")
        if match[2] is not None or "." in digits or "," in digits:
            unit = (match[2] or "").replace(load("prose.toml")["quoting"]["points"], "%")
            yield Numbered(match.start(1), match.start(1) + len(digits), Decimal(digits.replace(",", "")), unit)


def quote(evaluator: Evaluator, node: q.Quote) -> Result:
    """The sentences in quotation marks, or the number that stands in one of them."""
    passages = passages_of(evaluator.desk.snapshot, [one for one, _, _ in node.spans])
    spans = [Span(passages[one], start, end) for one, start, end in node.spans if one in passages]
    if not spans or len(spans) < len(node.spans):
        return Missing("no_words")
    if node.number is not None:
        return _number(spans[0], node.number)
    found = quoted("said", [span.shortened() for span in spans])
    assert found is not None
    return found


def _number(span: Span, place: int) -> Result:
    found = list(numbers_in(span.plain))
    if not 1 <= place <= len(found):
        return Missing("no_words")
    one = found[place - 1]
    above = printed("quoting", "in_brackets").search(f"{span.prose.heading}{span.plain[:LABEL]}")  # 项目资金（万元）
    unit = one.unit or ("" if above is None else above[1])
    value = Value(one.number, unit)
    around = span.around(span.start + one.start, span.start + one.end, LONGEST)
    told = quoted("count", (around,), value=shown(value))
    assert told is not None
    return Amount(
        one.number * MONEY_UNITS.get(unit, Decimal(1)), value, (), _label(span, one, found[0]), cited=told.cited,
        direction=_direction(span, one), text=told.text, who=span.prose.document.agency or "",
    )  # fmt: skip


def _label(span: Span, one: Numbered, first: Numbered) -> str:
    """What a number is of: its clause up to it; with the sentence's subject, where it is only a later number of the same thing."""
    own = _clause(span, one)
    if one is not first and (len(own) < 2 or printed("quoting", "later").match(own)):
        own = _clause(span, first) + own
    agency = span.prose.document.agency
    own = own.replace(agency, "") if agency else own
    return re.sub(r"^\d+", "", printed("quoting", "when").sub("", own)[-LABEL:])


def _clause(span: Span, one: Numbered) -> str:
    """The clause up to a number."""
    return EDGE.split(span.plain[: one.start])[-1]


def _direction(span: Span, one: Numbered) -> Literal["up", "down"] | None:
    """Which way the clause says that something went by the number: 减少22.97万元."""
    ways = load("prose.toml")["quoting"]["ways"]
    found = [way for char in _clause(span, one) for way in ("up", "down") if char in ways[way]]
    return found[-1] if found else None  # pyright: ignore[reportReturnType]


def passages_of(snapshot: Rows, passage_ids: Sequence[str]) -> dict[str, Prose]:
    """The passages of these ids."""
    holders = [row[0] for row in snapshot.rows(_HOLDERS, [list(passage_ids)])]
    found = read_prose(snapshot, documents_of(snapshot, "document_id", holders))
    return {one.passage_id: one for one in found if one.passage_id in passage_ids}


def documents_of(snapshot: Rows, column: str, ids: Sequence[str]) -> list[CitedDocument]:
    """The documents of these documents' or disclosures' ids, best editions only, in the order of the ids."""
    columns = ("document_id", "agency", "year", "kind", "file")
    if not ids:
        return []
    tree = select("disclosures", (*columns, column), equals("edition_rank", 1), among(column, ids))
    rows = sorted(run(snapshot, tree)[1], key=lambda row: (ids.index(row[-1]), row[0]))
    return [CitedDocument(*row[: len(columns)]) for row in rows]

"""The arithmetic of a disclosure as a checksum of its reading: what must add up, and what must agree between tables.

Takes a `Document` whose tables have their meanings; gives it back with the verdicts in `Figure.checks`. Where a reading
may be wrong (OCR, plain text whose columns are lost), a figure that only fails is marked as doubtful; where the file
itself carries the text, the print is kept as it is and a warning names the place. Rules: docs/cross-checks.md; sums
within a table: `ingest.table_sums`; agreements between tables: data/cross_checks.toml.
"""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cache
from pathlib import Path
from typing import Literal, cast

from ingest.meaning import give_meaning
from ingest.table_sums import Sum, half_digit, sums_of
from store.money import MONEY_UNITS, in_unit
from store.values import Document, Figure, ReadBy, Table, Warned
from store.vocabulary import DATA, Row

Relation = Literal["equal", "at_least"]
Each = Literal["code", "item"]

UNSURE_READING: frozenset[ReadBy] = frozenset(("ocr", "plain_text"))
"""Ways of reading that can get a figure, or its column, wrong: there a sum that fails speaks against the reading."""

DOUBT = "sum_differs"
WARNING = "printed_sum_differs"
MANY_WARNING = "many_sums_differ"
MANY = 10
"""Warnings about sums that one table gives at most; past that, one more says how many there are."""

_SELECTABLE = frozenset(("form", "item", "flow", "fund", "classification", "portion", "role", "measure", "level"))


@dataclass(frozen=True, slots=True)
class Selector:
    """Which figures a side of an agreement is about: attribute → values, any of which will do."""

    wanted: tuple[tuple[str, tuple[str, ...]], ...]

    def takes(self, table: Table, figure: Figure) -> bool:
        return all(_attribute(table, figure, name) in values for name, values in self.wanted)


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two places of a disclosure that must agree."""

    id: str
    left: Selector
    right: Selector
    relation: Relation
    each: Each | None
    source: str


@dataclass(frozen=True, slots=True)
class Verdict:
    """What one check found. Amounts in 元: `printed` in the place that was checked, `computed` from the other side."""

    rule: str
    holds: bool
    figures: tuple[Figure, ...]
    printed: Decimal
    computed: Decimal


def check_document(document: Document) -> Document:
    """The document with a verdict of every check on each figure that took part, doubts where the reading is to blame, and warnings."""
    within = [_verdict(found) for table in document.tables for found in sums_of(table)]
    verdicts = within + list(agreements(document))
    checks: dict[str, set[str]] = {}
    for verdict in verdicts:
        for figure in verdict.figures:
            checks.setdefault(figure.figure_id, set()).add(f"{verdict.rule}:{'pass' if verdict.holds else 'fail'}")
    doubtful = _doubtful(verdicts)
    tables = tuple(
        replace(table, figures=tuple(_checked(figure, checks.get(figure.figure_id, set()), doubtful) for figure in table.figures))
        for table in document.tables)
    failed = [verdict for verdict in verdicts if not verdict.holds and verdict.figures[0].printed.read_by not in UNSURE_READING]
    return replace(document, tables=tables, warnings=(*document.warnings, *_warnings(failed, document.tables)))


def consistent(table: Table) -> int:
    """How many sums of a table hold, less how many fail: of several readings of one table, the highest is the likeliest.

    The table's meanings need not have been given; whether it is of a budget or of final accounts makes no difference to its sums.
    """
    found = sums_of(table if table.form else give_meaning(table, kind="budget", year=None))
    return sum(1 if total.holds() else -1 for total in found)


def agreements(document: Document) -> Iterable[Verdict]:
    """What each agreement between tables finds in a document; nothing where a side is absent."""
    figures = [(table, figure) for table in document.tables for figure in table.figures if figure.amount is not None]
    current = [(table, figure) for table, figure in figures
               if figure.meaning.year == document.year and figure.meaning.measure in ("budget", "adjusted_budget", "final")]
    for agreement in load_agreements():
        left = _grouped(current, agreement.left, agreement.each)
        right = _grouped(current, agreement.right, agreement.each)
        for key, there in right.items():
            if here := left.get(key):
                yield _compare(agreement, here, there)


@cache
def load_agreements(root: Path = DATA) -> tuple[Agreement, ...]:
    """The agreements of data/cross_checks.toml. Raises VocabularyError for one that names what does not exist."""
    path = root / "cross_checks.toml"
    text = path.read_text("utf-8")
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[check]]"]
    entries = cast(list[dict[str, object]], tomllib.loads(text)["check"])
    return tuple(_agreement(Row(path.name, line, {}), entry) for line, entry in zip(lines, entries, strict=True))


def _agreement(where: Row, entry: Mapping[str, object]) -> Agreement:
    for key in ("id", "relation", "source"):
        if not entry.get(key):
            raise where.wrong(f"{key} is missing")
    if entry["relation"] not in ("equal", "at_least") or entry.get("each") not in (None, "code", "item"):
        raise where.wrong("relation must be equal or at_least; each must be code or item, if given")
    return Agreement(str(entry["id"]), _selector(where, entry.get("left")), _selector(where, entry.get("right")),
                     entry["relation"], cast(Each | None, entry.get("each")), str(entry["source"]))


def _selector(where: Row, side: object) -> Selector:
    if not isinstance(side, dict) or not side:
        raise where.wrong("left and right must each name figures")
    named = cast(dict[str, list[str]], side)
    if unknown := set(named) - _SELECTABLE:
        raise where.wrong(f"figures cannot be told by {sorted(unknown)}")
    return Selector(tuple((name, tuple(values)) for name, values in named.items()))


def _attribute(table: Table, figure: Figure, name: str) -> str | None:
    if name == "form":
        return (table.form or "").removeprefix("budget_").removeprefix("final_")
    if name == "level":
        return figure.level or ("class" if figure.code and len(figure.code) == 3 else None)
    return cast(str | None, getattr(figure.meaning, name))


def _grouped(figures: Iterable[tuple[Table, Figure]], selector: Selector, each: Each | None) -> dict[str, list[Figure]]:
    groups: dict[str, list[Figure]] = {}
    for table, figure in figures:
        if selector.takes(table, figure):
            key = (figure.code or "") if each == "code" else figure.meaning.item if each == "item" else "all"
            if key:
                groups.setdefault(key, []).append(figure)
    return groups


def _compare(agreement: Agreement, left: list[Figure], right: list[Figure]) -> Verdict:
    """One agreement. Row by row, several figures of a side are added; otherwise any figure of the left may be the twin."""
    there = sum((figure.amount or Decimal(0) for figure in right), Decimal(0)) if agreement.each else right[0].amount or Decimal(0)
    if agreement.each:
        here = sum((figure.amount or Decimal(0) for figure in left), Decimal(0))
        slack = _slack(left + right)
        holds = here >= there - slack if agreement.relation == "at_least" else abs(here - there) <= slack
        return Verdict(agreement.id, holds, (*right, *left), there, here)
    for figure in left:
        if abs((figure.amount or Decimal(0)) - there) <= _slack([figure, right[0]]):
            return Verdict(agreement.id, True, (right[0], figure), there, figure.amount or Decimal(0))
    return Verdict(agreement.id, False, (right[0], *left), there, left[0].amount or Decimal(0))


def _slack(figures: list[Figure]) -> Decimal:
    """E for two figures in one unit: none. Otherwise U and R: what rounding can have moved them by, in 元."""
    if len(figures) == 2 and figures[0].unit == figures[1].unit:
        return Decimal(0)
    return sum((half_digit(figure) for figure in figures), Decimal(0))


def _verdict(found: Sum) -> Verdict:
    return Verdict(found.rule, found.holds(), found.figures, found.total.amount or Decimal(0), found.computed())


def _doubtful(verdicts: list[Verdict]) -> frozenset[str]:
    """Figures of an unsure reading that its failed sums speak against.

    One misread figure fails every sum that it stands in, its neighbours only the one that they share with it. So, as
    long as a failed sum is unexplained, the figure that fails most and is supported least is taken to be misread, and
    explains all of its sums; where several are alike, all of them are in doubt.
    """
    unexplained = [
        frozenset(figure.figure_id for figure in verdict.figures if figure.printed.read_by in UNSURE_READING)
        for verdict in verdicts if not verdict.holds]
    unexplained = [figures for figures in unexplained if figures]
    support = Counter(figure.figure_id for verdict in verdicts if verdict.holds for figure in verdict.figures)
    doubtful: set[str] = set()
    while unexplained:
        fails = Counter(figure for figures in unexplained for figure in figures)
        rank = {figure: (count - support[figure], count) for figure, count in fails.items()}
        worst = max(rank.values())
        blamed = {figure for figure, place in rank.items() if place == worst}
        doubtful |= blamed
        unexplained = [figures for figures in unexplained if not figures & blamed]
    return frozenset(doubtful)


def _checked(figure: Figure, checks: set[str], doubtful: frozenset[str]) -> Figure:
    if not checks:
        return figure
    doubt = figure.doubt or (DOUBT if figure.figure_id in doubtful else None)
    return replace(figure, checks=tuple(sorted({*figure.checks, *checks})), doubt=doubt)


def _warnings(failed: list[Verdict], tables: tuple[Table, ...]) -> Iterable[Warned]:
    """A warning for each printed sum that differs; where a table has many, the first of them and how many there are."""
    titles = {figure.figure_id: table.title for table in tables for figure in table.figures}
    by_table: dict[str, list[Verdict]] = {}
    for verdict in failed:
        by_table.setdefault(titles[verdict.figures[0].figure_id], []).append(verdict)
    for title, verdicts in by_table.items():
        yield from (_warning(verdict, title) for verdict in verdicts[:MANY])
        if len(verdicts) > MANY:
            yield Warned(MANY_WARNING, (("table", title), ("count", str(len(verdicts)))))


def _warning(verdict: Verdict, title: str) -> Warned:
    total = verdict.figures[0]
    computed = in_unit(verdict.computed, total.unit) if total.unit in MONEY_UNITS else verdict.computed
    return Warned(WARNING, (
        ("rule", verdict.rule), ("table", title), ("row", total.row_label), ("column", " / ".join(total.column_path)),
        ("page", "" if total.printed.page is None else str(total.printed.page)), ("printed", total.printed.text),
        ("computed", f"{computed.normalize():f}")))

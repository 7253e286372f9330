"""What each figure of a table says: item, flow, fund, classification, portion, measure, year and role.

Takes a `Table` as read and the document's kind and year; gives the same table with its form named and every
`Figure.meaning` filled as far as headers, labels and form tell. What none of them says stays None: nothing is guessed,
and the printed labels remain. The innermost word decides: header over row label, row label over the form's own rule.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import cast

from ingest.column_words import Column, read_column
from ingest.forms import form_of, is_two_sided, name_form, side_of
from ingest.row_words import Row, Rows, key_of
from store.money import MONEY_UNITS
from store.values import Classification, Figure, Flow, Fund, Kind, Meaning, Measure, Portion, Table
from store.vocabulary import Form, plain_label, vocabulary

_ONE_FUND = frozenset(("government_fund", "state_capital", "general_public"))
"""Forms of one fund: their columns 年初结转 and 年末结转 are of that fund too."""

_OF_SPENDING = frozenset(("functional", "nature", "economic_department", "economic_government"))
"""What only spending is classified by, where income and spending stand in one column."""

_MEETINGS = frozenset(("会议费", "培训费"))
_THREE_PUBLIC = "三公经费"
_WITH_MEETINGS = "三公经费、会议费、培训费"
_RATES = frozenset(("change", "change_rate", "share", "count"))
_THIS_YEAR = "本年收入合计"
_BALANCE_ITEMS = {"opening": "上年结转", "closing": "年末结转和结余"}


def give_meaning(table: Table, *, kind: Kind | None, year: int | None) -> Table:
    """The table with `form` named and every figure's meaning filled. `kind` and `year` are the document's, None if not known."""
    two_sided = is_two_sided(table)
    form = form_of(table)
    rows = Rows.of(table, form, year, two_sided)
    paths = {figure.column_path for figure in table.figures}
    columns = {path: read_column(path[1:] if two_sided and side_of(path) else path, year) for path in paths}
    columns = _parts_told_apart(columns)
    reader = _Reader(form, kind, year, two_sided, _flows_by_column(columns, two_sided), _adds_meetings(columns), _tells_year_apart(columns),
                     cast(Fund | None, vocabulary().word_for("fund", plain_label(table.title))))
    read = {key: rows.read(key) for key in rows.keys}
    figures = tuple(
        replace(figure, meaning=reader.meaning(figure, read[key_of(figure, two_sided)], columns[figure.column_path]))
        for figure in table.figures)
    return replace(table, form=name_form(table, kind), figures=figures)


def _parts_told_apart(columns: dict[tuple[str, ...], Column]) -> dict[tuple[str, ...], Column]:
    """Columns that say no more than the 合计 beside them are parts of it (一般公共预算拨款: 合计 | 非税收入拨款): portion other."""
    sums = {(path[:-1], _said(column)) for path, column in columns.items() if column.inner_role and len(path) > 1}
    parts = {path for path, column in columns.items() if _is_part(path, column, sums)}
    return {path: replace(column, portion="other", part="among") if path in parts else column for path, column in columns.items()}


def _is_part(path: tuple[str, ...], column: Column, sums: set[tuple[tuple[str, ...], Column]]) -> bool:
    return column.inner_role is None and len(path) > 1 and column.part is None and (path[:-1], _said(column)) in sums


def _said(column: Column) -> Column:
    return replace(column, inner_role=None)


def _flows_by_column(columns: dict[tuple[str, ...], Column], two_sided: bool) -> bool:
    """Whether columns of income and of expenditure stand side by side over the same rows (年初结转 | 本年收入 | 本年支出 | 年末结转)."""
    if two_sided:
        return False
    return {"opening", "closing"} <= {column.balance for column in columns.values()} or _has_both(columns)


def _has_both(columns: dict[tuple[str, ...], Column]) -> bool:
    names = {vocabulary().canonical_item(header) for path in columns for header in path}
    return {"本年收入合计", "本年支出合计"} <= names


def _adds_meetings(columns: dict[tuple[str, ...], Column]) -> bool:
    """Whether a 三公 table laid out sideways has 会议费 or 培训费 beside a 三公 column: its bare 合计 is then more than the 三公."""
    items = {column.item.item for column in columns.values() if column.item}
    return bool(items & _MEETINGS) and _THREE_PUBLIC in items


def _of_this_year(path: tuple[str, ...]) -> bool:
    return any(vocabulary().canonical_item(header) == _THIS_YEAR for header in path)


def _tells_year_apart(columns: dict[tuple[str, ...], Column]) -> bool:
    """Whether an income table has a sum of this year's income beside the sum of all (总计 | 本年收入 小计 …)."""
    sums = {_of_this_year(path) for path, column in columns.items() if column.fund is None and column.measure not in _RATES}
    return sums == {True, False}


@dataclass(frozen=True, slots=True)
class _Reader:
    """What holds for a whole table."""

    form: Form | None
    kind: Kind | None
    year: int | None
    two_sided: bool
    flows_by_column: bool
    adds_meetings: bool
    tells_year_apart: bool
    title_fund: Fund | None

    def meaning(self, figure: Figure, row: Row, column: Column) -> Meaning:
        measure = self._measure(figure, row, column)
        return Meaning(
            item=self._item(figure, row, column),
            flow=self._flow(figure, row, column),
            fund=self._fund(row, column),
            classification=self._classification(row, column),
            portion=self._portion(row, column),
            measure=measure,
            year=row.year or column.year or self.year,
            role=row.role,
        )

    def _item(self, figure: Figure, row: Row, column: Column) -> str:
        if self._is_three_public() and row.item == _THREE_PUBLIC:
            if column.item is not None:
                return column.item.item
            return _WITH_MEETINGS if self.adds_meetings else _THREE_PUBLIC
        if row.role == "total" and column.economic and self._spreads(row):
            return column.economic
        if self.flows_by_column and row.role == "total":
            if column.balance:
                return _BALANCE_ITEMS[column.balance]
            return "本年收入合计" if column.flow == "income" else row.item or figure.row_label
        if self.tells_year_apart and row.item == "收入合计" and column.fund is None and _of_this_year(figure.column_path):
            return _THIS_YEAR
        return row.item or figure.row_label

    def _flow(self, figure: Figure, row: Row, column: Column) -> Flow | None:
        side = side_of(figure.column_path) if self.two_sided else None
        if side is not None:
            return "income" if side == "income" else "expenditure"
        if self.flows_by_column and column.flow:
            return column.flow
        flow = row.flow or (self.form.flow if self.form else None) or column.flow
        if flow is None and self.form and self.form.classification == "functional":
            return "expenditure" if row.classification in _OF_SPENDING else None
        return flow

    def _fund(self, row: Row, column: Column) -> Fund | None:
        own = self.form.fund if self.form else None
        said = column.fund
        if said in ("carryover", "fiscal") and own in _ONE_FUND:
            said = None
        if self._is_three_public():
            return said or self.title_fund or own
        return said or row.fund or own

    def _classification(self, row: Row, column: Column) -> Classification | None:
        if self._is_three_public() and column.item is not None and row.classification == "three_public":
            return column.item.classification
        if row.role == "total" and column.economic and self._spreads(row):
            return "economic_department"
        if column.classification is not None and row.classification in ("functional", "economic_department", "economic_government"):
            return column.classification
        return row.classification

    def _portion(self, row: Row, column: Column) -> Portion | None:
        own = self.form.portion if self.form else None
        if self.flows_by_column and column.balance:
            return "other"
        if column.economic and self._spreads(row) and row.role != "total":
            return "other"
        return column.portion or row.portion or own

    def _measure(self, figure: Figure, row: Row, column: Column) -> Measure | None:
        if row.classification == "statistic" or (column.item is not None and column.item.classification == "statistic"):
            return "count"
        said = column.measure if column.measure in ("change", "change_rate", "share") else row.measure or column.measure
        if said is not None:
            return said
        if figure.unit == "%":
            return "share"
        if figure.amount is None and figure.unit not in MONEY_UNITS:
            return "count"
        return self.kind

    def _spreads(self, row: Row) -> bool:
        """Whether the row's spending may be spread over economic items in columns (四川: 支出决算明细表)."""
        return not self.two_sided and not self._is_three_public() and row.classification in ("functional", "affiliate", "project")

    def _is_three_public(self) -> bool:
        return self.form is not None and self.form.classification == "three_public"

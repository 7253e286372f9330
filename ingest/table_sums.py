"""The sums that a single table must show: 合计 = its parts in a row, 类 = Σ款 = Σ项 in a column, totals = Σ their rows.

Takes a `Table` whose meanings are given; gives each sum that can be tried as a `Sum` of figures. Which columns and rows
belong together is read from the header tree, the codes and the label paths; a blank cell adds nothing, and a sum whose
total is blank is not tried. The tolerance is derived from print: every printed amount is off by at most half of its
last digit. Rules: docs/cross-checks.md.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cached_property

from ingest.column_words import Column, read_column
from ingest.forms import classification_of_code, is_two_sided
from ingest.row_words import RowKey, key_of
from store.money import MONEY_UNITS
from store.values import Figure, Table
from store.vocabulary import bare_label, plain_label, vocabulary

_SUMMED = frozenset(("budget", "adjusted_budget", "final", "change"))
"""Measures whose figures add up; rates, shares and counts do not."""

_LEFT_OVER = frozenset(("年末结转和结余", "结转下年", "结余分配"))
_UNSUMMED = ("three_public", "performance", "performance_overall", "procurement", "assets", "operations")
"""Forms whose rows are not parts of one total. A list of projects may be nested without showing it: there a total only confirms."""

_LISTS = ("projects", "procurement", "performance")
"""Forms whose rows are named freely: how far a name is set in is all that tells what it belongs to, and may be a slip."""

_RESERVES = frozenset(("carryover", "reserve"))
_CARRIED = "上年结转"
_AMONG = "其中"
_NATURES = ("基本支出", "项目支出", "人员经费")
"""Spending by its nature names one of these; 上缴上级支出 alone may stand at the end of a list by function."""

_MANY_ROWS = 3
"""Rows from which a sum that holds in none of them is no sum of the table."""


@dataclass(frozen=True, slots=True)
class Sum:
    """A total and the parts that should make it up; `less` is taken away. `at_most`: the parts may fall short of the total."""

    rule: str
    total: Figure
    parts: tuple[Figure, ...]
    less: tuple[Figure, ...] = ()
    at_most: bool = False

    @property
    def figures(self) -> tuple[Figure, ...]:
        return (self.total, *self.parts, *self.less)

    def computed(self) -> Decimal:
        """The sum of the parts, in 元."""
        return sum((_yuan(figure) for figure in self.parts), Decimal(0)) - sum((_yuan(figure) for figure in self.less), Decimal(0))

    def holds(self) -> bool:
        """Whether the print agrees, as far as printing allows (元)."""
        difference = self.computed() - _yuan(self.total)
        slack = sum((half_digit(figure) for figure in self.figures), Decimal(0))
        return difference <= slack if self.at_most else abs(difference) <= slack


def half_digit(figure: Figure) -> Decimal:
    """Half of the last printed digit of a figure, in 元: what rounding can have moved it by."""
    exponent = figure.number.as_tuple().exponent
    places = -exponent if isinstance(exponent, int) and exponent < 0 else 0
    return Decimal(5).scaleb(-places - 1) * MONEY_UNITS.get(figure.unit, Decimal(1))


def _yuan(figure: Figure) -> Decimal:
    return figure.amount if figure.amount is not None else figure.number


def sums_of(table: Table) -> tuple[Sum, ...]:
    """Every sum that the table's own layout promises. Its meanings must have been given."""
    grid = _Grid(table)
    return (*grid.row_sums(), *grid.hierarchy(), *grid.totals())


class _Grid:
    """A table's money figures by row and by column."""

    def __init__(self, table: Table) -> None:
        self.two_sided = is_two_sided(table)
        self.form = table.form or ""
        self.figures = [figure for figure in table.figures if figure.amount is not None and figure.meaning.measure in _SUMMED]
        self.keys: dict[RowKey, dict[int, Figure]] = {}
        self.paths: dict[int, tuple[str, ...]] = {}
        same: dict[tuple[str, ...], int] = {}   # blocks side by side under one header are one column
        for figure in self.figures:
            path = tuple(plain_label(header) for header in figure.column_path)
            column = same.setdefault(path, figure.column)
            self.keys.setdefault(key_of(figure, self.two_sided), {}).setdefault(column, figure)
            self.paths[column] = path

    @cached_property
    def columns(self) -> Mapping[int, Column]:
        return {column: read_column(path, None) for column, path in self.paths.items()}

    # A row: 合计 | 小计 against the columns that stand beside it.

    def row_sums(self) -> Iterable[Sum]:
        for column in self.paths:
            without, among = self._rows_of(column, self._parts_of(column)), self._rows_of(column, self._parts_of(column, among=True))
            found = max(without, among, key=lambda sums: sum(total.holds() for total in sums))
            if len(found) < _MANY_ROWS or any(total.holds() for total in found):
                yield from found      # else no row bears it out: the columns mean something else

    def _rows_of(self, column: int, parts: Sequence[int]) -> list[Sum]:
        rows = [(cells, tuple(cells[part] for part in parts if part in cells)) for cells in self.keys.values() if column in cells]
        return [Sum("row_sum", cells[column], present) for cells, present in rows if present]

    def _parts_of(self, column: int, *, among: bool = False) -> tuple[int, ...]:
        """The columns that add up to a 合计, 总计 or 小计 column; none if it is no total. `among`: those headed 其中 … too."""
        path = self.paths[column]
        at = next((depth for depth in range(len(path) - 1, -1, -1) if _is_total_header(path[depth])), None)
        if at is None or self.columns[column].part == "aside":
            return ()
        prefix, suffix = path[:at], path[at + 1:]
        beside = [other for other in self._comparable(column, among) if self.paths[other][:at] == prefix and other != column]
        beside = [other for other in beside if not suffix or self.paths[other][-len(suffix):] == suffix]
        branches: dict[str, list[int]] = {}
        for other in beside:
            inner = self.paths[other][at:len(self.paths[other]) - len(suffix)]
            if inner and not _is_total_header(inner[0]):
                branches.setdefault(inner[0], []).append(other)
        return tuple(part for members in branches.values() for part in self._branch(members, at, len(suffix)))

    def _branch(self, members: list[int], at: int, tail: int) -> Sequence[int]:
        """The columns that stand for a branch: its own sum if printed, else all of its columns."""
        for member in members:
            inner = self.paths[member][at + 1:len(self.paths[member]) - tail]
            if not inner or (len(inner) == 1 and _is_total_header(inner[0])):
                return (member,)
        return [member for member in members if not self.columns[member].part] or members

    def _comparable(self, column: int, among: bool) -> list[int]:
        """Columns of the same measure and year, without those that hold only a part of another (其中 … unless `among`, 扣除 …)."""
        mine = self.columns[column]
        return [other for other, seen in self.columns.items() if seen.part != "aside" and (among or not _is_among(self.paths[other]))
                and (seen.measure, seen.year) == (mine.measure, mine.year)]

    # A column: a row against the rows under it.

    def hierarchy(self) -> Iterable[Sum]:
        children = self._children()
        for parent, below in children.items():
            among = any(plain_label(child.path[-1]).startswith(_AMONG) for child in below if child.path)
            for column, total in self.keys[parent].items():
                parts = tuple(self.keys[child][column] for child in below if column in self.keys[child])
                found = Sum("hierarchy", total, parts, at_most=among)
                sure = parent not in self._alike and not self.form.endswith(_LISTS)
                if parts and (len(parts) == len(below) or not among) and (sure or found.holds()):
                    yield found

    @cached_property
    def _alike(self) -> frozenset[RowKey]:
        """Rows that share code and label with others: which of them a row below belongs to is not sure."""
        codes = Counter(key.code or key.path for key in self.keys)
        return frozenset(key for key in self.keys if codes[key.code or key.path] > 1)

    def _children(self) -> Mapping[RowKey, list[RowKey]]:
        by_code: dict[str, list[RowKey]] = {}
        by_path: dict[tuple[str | None, tuple[str, ...]], list[RowKey]] = {}
        for key in self.keys:
            if key.code and classification_of_code(key.code):
                by_code.setdefault(key.code, []).append(key)
            by_path.setdefault((key.side, _group(key)), []).append(key)
        found: dict[RowKey, list[RowKey]] = {}
        for key in self.keys:
            parents = [parent for parent in self._parents(key, by_code, by_path) if parent != key]
            above = max((parent for parent in parents if parent.number < key.number), key=lambda parent: parent.number, default=None)
            if parents and (above or len(parents) == 1):
                found.setdefault(above or parents[0], []).append(key)
        return found

    def _parents(self, key: RowKey, by_code: Mapping[str, list[RowKey]],
                 by_path: Mapping[tuple[str | None, tuple[str, ...]], list[RowKey]]) -> list[RowKey]:
        own = _group(key)
        upper = (own[:depth] for depth in range(len(own) - 1, 0, -1))
        above = next((by_path[key.side, path] for path in upper if (key.side, path) in by_path), [])
        if not (key.code and classification_of_code(key.code)):
            return above
        shorter = (key.code[:length] for length in range(len(key.code) - 1, 2, -1))
        coded = next((by_code[code] for code in shorter if code in by_code), [])
        return above if len(above) == 1 and coded and len(above[0].path) > len(coded[0].path) else coded

    # Totals.

    def totals(self) -> Iterable[Sum]:
        if self.form.endswith("overall"):
            yield from self._block_totals()
        elif self.form and not self.form.endswith(_UNSUMMED):
            yield from self._grand_total()
        elif self.form.endswith("three_public"):
            yield from self._three_public()
        if self.form.endswith(("government_fund", "state_capital")):
            yield from self._carried()

    def _grand_total(self) -> Iterable[Sum]:
        top = self._top_rows()
        rows = [(key, cells) for key, cells in self.keys.items() if _role(cells) == "total" and len(key.path) <= 1]
        by_kind = [key for key in top if _first(self.keys[key]).meaning.classification not in ("affiliate", "nature", "summary")]
        units = [key for key in top if _first(self.keys[key]).meaning.classification == "affiliate"]
        for _, cells in rows:
            for column, total in cells.items():
                parts = tuple(self.keys[key][column] for key in by_kind or units if column in self.keys[key])
                nested = not by_kind and any(part.amount == total.amount for part in parts)
                found = Sum("total", total, parts)
                if parts and not nested and (found.holds() or not self.form.endswith("projects")):
                    yield found
        yield from self._personnel_and_running(rows)

    def _personnel_and_running(self, rows: list[tuple[RowKey, dict[int, Figure]]]) -> Iterable[Sum]:
        """基本支出 = 人员经费合计 + 公用经费合计; 人员 = 301 + 303, 公用 = the rest."""
        every = [figure for cells in self.keys.values() for figure in cells.values()]
        printed = {(f.meaning.item, f.column): f for f in every if f.meaning.item in ("人员经费", "公用经费")}
        for _, cells in rows:
            for total in cells.values():
                parts = tuple(figure for figure in printed.values() if figure.meaning.classification == "nature")
                if len(parts) == 2:
                    yield Sum("personnel_and_running", total, parts)
        classes = [f for f in every if f.code and len(f.code) == 3 and f.code.startswith("3")]
        for (item, _), total in printed.items():
            parts = tuple(f for f in classes if (f.code in ("301", "303")) == (item == "人员经费"))
            if parts and total.meaning.classification == "nature":
                yield Sum("personnel_and_running", total, parts)

    def _top_rows(self) -> list[RowKey]:
        children = {child for below in self._children().values() for child in below}
        return [key for key, cells in self.keys.items() if key not in children and _role(cells) != "total"]

    def _block_totals(self) -> Iterable[Sum]:
        """收支总表: 本年…合计 = its lines, …总计 = 本年…合计 and what is carried over, 收入总计 = 支出总计."""
        top = self._top_rows()
        for column in self.paths:
            by_item = self._by_item(column)
            lines = [self.keys[key][column] for key in top if column in self.keys[key]]
            yield from self._income_side(by_item, [f for f in lines if f.meaning.flow == "income"])
            yield from self._expenditure_side(by_item, [f for f in lines if f.meaning.flow == "expenditure"], column)
        income = [f for f in self.figures if f.meaning.item == "收入总计"]
        expenditure = [f for f in self.figures if f.meaning.item == "支出总计" and f.meaning.portion == "total"]
        if len(income) == 1 and expenditure:
            yield Sum("two_sides", income[0], (max(expenditure, key=lambda f: f.number),))

    def _income_side(self, by_item: Mapping[str, Figure], lines: list[Figure]) -> Iterable[Sum]:
        year, grand = by_item.get("本年收入合计"), by_item.get("收入总计")
        sources = tuple(f for f in lines if _is_source(f) and f.meaning.fund not in _RESERVES)
        kept = tuple(f for f in lines if f.meaning.classification == "source" and f.meaning.fund in _RESERVES)
        below = any(f.row_path[:1] and len(f.row_path) > 1 and bare_label(f.row_path[0]) == "本年收入" for f in self.figures)
        if year and sources and not below:
            yield Sum("total", year, sources)
        if grand and (year or sources):
            yield Sum("total", grand, ((year,) if year else sources) + kept)

    def _expenditure_side(self, by_item: Mapping[str, Figure], lines: list[Figure], column: int) -> Iterable[Sum]:
        year, grand = by_item.get("本年支出合计"), by_item.get("支出总计")
        kept = tuple(f for f in lines if f.meaning.item in _LEFT_OVER)
        for kinds in (("functional",), ("nature",), ("economic_department",), ("economic_government",)):
            parts = tuple(f for f in lines if f.meaning.classification in kinds and not f.meaning.item.endswith("合计"))
            total = year or grand
            if total and len(parts) > 1 and ("nature" not in kinds or any(f.meaning.item in _NATURES for f in parts)):
                yield Sum("total", total, parts if year else parts + kept)
        if grand and year:
            yield Sum("total", grand, (year, *kept))

    def _by_item(self, column: int) -> Mapping[str, Figure]:
        found: dict[str, Figure] = {}
        for cells in self.keys.values():
            if column in cells and cells[column].meaning.classification == "summary":
                found[cells[column].meaning.item] = cells[column]
        return found

    def _carried(self) -> Iterable[Sum]:
        """年末结转 = 年初结转 + 本年收入 - 本年支出, in each row of a fund's 收入支出决算表."""
        for cells in self.keys.values():
            said = {column: self.columns[column] for column in cells}
            closing = [cells[c] for c, seen in said.items() if seen.balance == "closing"]
            opening = tuple(cells[c] for c, seen in said.items() if seen.balance == "opening")
            income = tuple(cells[c] for c, seen in said.items() if seen.flow == "income" and not seen.balance)
            whole = {c: f for c, f in cells.items() if f.meaning.portion == "total" and not said[c].balance}
            spent = tuple(f for c, f in whole.items() if said[c].flow == "expenditure")
            if len(closing) == 1 and income and spent:
                yield Sum("carried", closing[0], opening + income, spent)

    def _three_public(self) -> Iterable[Sum]:
        """三公合计 = 出国 + 公车 + 接待 (+ 会议费, 培训费 where 合计 takes them in), laid out in rows."""
        for column in self.paths:
            column_figures = [row[column] for row in self.keys.values() if column in row]
            cells = {f.meaning.item: f for f in column_figures if f.meaning.classification == "three_public"}
            parts = tuple(cells[item] for item in ("因公出国（境）费用", "公务用车购置及运行维护费", "公务接待费") if item in cells)
            total = cells.get("三公经费")
            if total and parts and self.columns[column].item is None:
                yield Sum("total", total, parts)
            meetings = tuple(cells[item] for item in ("三公经费", "会议费", "培训费") if item in cells)
            if (wider := cells.get("三公经费、会议费、培训费")) and len(meetings) > 1:
                yield Sum("total", wider, meetings)


def _group(key: RowKey) -> tuple[str, ...]:
    """The label path that a row's children stand under: a 小计 row stands for its group."""
    return key.path[:-1] if len(key.path) > 1 and _is_total_header(key.path[-1]) else key.path


def _is_source(figure: Figure) -> bool:
    """A line of sources, or a heading over some that is no total by name (陕西: 一、部门预算)."""
    heading = figure.meaning.classification == "summary" and not figure.meaning.item.endswith(("合计", "总计"))
    source = figure.meaning.classification == "source" and figure.meaning.item != _CARRIED
    return source or (heading and figure.meaning.role == "subtotal")


def _first(cells: Mapping[int, Figure]) -> Figure:
    return next(iter(cells.values()))


def _role(cells: Mapping[int, Figure]) -> str:
    return _first(cells).meaning.role


def _is_among(path: tuple[str, ...]) -> bool:
    return any(header.startswith(_AMONG) and len(header.rstrip("：")) > len(_AMONG) for header in path)


def _is_total_header(header: str) -> bool:
    """Whether a header is nothing but a total: 合计, 总计, 小计, 收入总计, 本年支出合计."""
    label = bare_label(header)
    if label in ("合计", "总计", "小计", "合计数"):
        return True
    entry = vocabulary().item_by_variant.get(label)
    return entry is not None and entry.classification == "summary" and label.endswith(("合计", "总计"))

"""What a row of a table is: a function, an economic item, a source of income, a unit, a project, or a total.

Takes the labels and codes of a table's rows together with the form; gives a `Row` for each. Codes decide before names,
names before their place in the form; leading labels of the units that a table is divided by are set aside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Literal, cast

from ingest.column_words import measure_of, year_of
from ingest.forms import classification_of_code, side_of
from store.values import Classification, Figure, Flow, Fund, Measure, Portion, Table
from store.vocabulary import Form, ItemName, bare_label, plain_label, vocabulary

Role = Literal["total", "subtotal", "leaf"]

_COUNTED = re.compile(r"（(?:个|人|辆|批|批次|人次|次|台|套|台（套）|台[、，]套|平方米|㎡)）$")
_YEAR_OR_MEASURE = re.compile(r"(?:19|20)\d\d年?度?|(?:(?:19|20)\d\d年?度?|上年度?|本年度?|年初|全年)?(?:调整)?(?:预算|决算|执行)数?")
"""A row label that only says of which year its figures are, or whether they were planned or spent (预算数 over 决算数)."""
_THREE_PUBLIC = "三公经费"
_RUNNING_COSTS = "机关运行经费"
_WITH_MEETINGS = "三公经费、会议费、培训费"
_CLASSIFIED = frozenset(("functional", "economic_department", "economic_government"))
_UNIT_CODES = frozenset((3, 6))
"""Digits of a budget unit's code: 201, 201001."""

_LEFT_OVER = frozenset(("结余分配", "年末结转和结余", "结转下年"))
_BLOCK_FORMS = frozenset(("overall", "fiscal_overall"))
_BY_UNIT = frozenset(("functional", "economic_department", "economic_government", "three_public"))


@dataclass(frozen=True, slots=True)
class RowKey:
    """A labelled row of one side of a table. Rows may share label and code (one per unit): the number tells them apart."""

    number: int
    code: str | None
    path: tuple[str, ...]
    side: str | None


@dataclass(frozen=True, slots=True)
class Row:
    """What a row is. None means that the row does not say it."""

    item: str | None
    classification: Classification | None
    role: Role
    flow: Flow | None = None
    fund: Fund | None = None
    portion: Portion | None = None
    measure: Measure | None = None
    year: int | None = None


def key_of(figure: Figure, two_sided: bool) -> RowKey:
    """The row that a figure stands in, of its side where the table has two."""
    path = tuple(label for label in figure.row_path if label.strip())
    return RowKey(figure.row, figure.code, path, side_of(figure.column_path) if two_sided else None)


@dataclass(frozen=True)
class Rows:
    """All rows of a table, to see which have children, and which total is the grand one."""

    keys: frozenset[RowKey]
    form: Form | None
    year: int | None

    @classmethod
    def of(cls, table: Table, form: Form | None, year: int | None, two_sided: bool) -> Rows:
        return cls(frozenset(key_of(figure, two_sided) for figure in table.figures), form, year)

    @cached_property
    def _parents(self) -> frozenset[tuple[str | None, tuple[str, ...]]]:
        return frozenset((key.side, key.path[:depth]) for key in self.keys for depth in range(1, len(key.path)))

    @cached_property
    def _code_parents(self) -> frozenset[str]:
        return frozenset(key.code[:length] for key in self.keys if key.code for length in range(2, len(key.code)))

    @cached_property
    def _totals(self) -> Mapping[str | None, frozenset[str]]:
        """Side → folded labels of its total rows."""
        found: dict[str | None, set[str]] = {}
        for key in self.keys:
            if key.path and is_total(bare_label(key.path[-1])):
                found.setdefault(key.side, set()).add(vocabulary().canonical_item(key.path[-1]))
        return {side: frozenset(labels) for side, labels in found.items()}

    @cached_property
    def _top_units(self) -> frozenset[str]:
        return frozenset(plain_label(key.path[0]) for key in self.keys if key.path and self._units(key))

    @cached_property
    def has_meetings(self) -> bool:
        """Whether 会议费 or 培训费 has a row: then 合计 is more than the "三公"."""
        return any(key.path and vocabulary().canonical_item(key.path[-1]) in ("会议费", "培训费") for key in self.keys)

    def read(self, key: RowKey) -> Row:
        """What one row is."""
        path, measure, year = key.path, None, None
        if path and (_YEAR_OR_MEASURE.fullmatch(bare_label(path[-1])) or measure_of(path[-1]) in ("change", "change_rate")):
            measure, year, path = measure_of(path[-1]), year_of(path[-1], self.year), path[:-1]
        row = self._read(RowKey(key.number, key.code, path, key.side))
        return Row(row.item, row.classification, row.role, row.flow, row.fund, row.portion, measure, year)

    def _read(self, key: RowKey) -> Row:
        if not key.path and (len(self.keys) > 1 and any(self._totals.values())):
            return Row(None, self.form.classification if self.form else None, "leaf", self._flow(key))
        if not key.path:
            return self._total_row(key)
        units = self._units(key)
        path = key.path[units:]
        if not path:
            return self._unit_row(key)
        label = bare_label(path[-1])
        role: Role = "subtotal" if self._has_children(key) else "leaf"
        if key.code and (said := classification_of_code(key.code)):
            name = bare_label(path[-2]) if _is_sum(label) and len(path) > 1 else _named_by_code(key.code, path) or label
            return Row(vocabulary().canonical_item(name), cast(Classification, said), "subtotal" if _is_sum(label) else role)
        if is_total(label):
            return self._total_row(key)
        if _is_sum(label) and len(path) > 1:
            parent = self._named(key, path[:-1], "subtotal")
            return Row(parent.item, parent.classification, "subtotal", parent.flow, parent.fund, parent.portion)
        return self._named(key, path, role)

    def _named(self, key: RowKey, path: tuple[str, ...], role: Role) -> Row:
        """A row told by its name, else by its place."""
        words = vocabulary()
        label = bare_label(path[-1])
        counted = any(_COUNTED.search(bare_label(part)) for part in path)
        entry = words.item_by_variant.get(_COUNTED.sub("", label))
        if counted or (entry and entry.classification == "statistic"):
            return Row(entry.item if entry else _COUNTED.sub("", label), "statistic", role)
        if self._is_three_public():
            kind_of_unit = len(path) > 1 and words.canonical_item(path[-2]) == _RUNNING_COSTS   # 行政单位 | 参照公务员法管理事业单位
            return Row(_RUNNING_COSTS if kind_of_unit else words.canonical_item(label), "three_public", role, "expenditure")
        if self._on_income(key, path):
            return self._source_row(key, path, entry, role)
        if self._under_balance(path):
            return Row(words.canonical_item(label), "summary", role, "expenditure")
        if key.side == "expenditure" and entry and entry.classification == "source":
            return Row("财政拨款支出" if entry.fund == "fiscal" else entry.item, "summary", role, "expenditure")
        if entry and entry.classification in ("nature", "summary", "economic_department") and self._may_be(entry):
            summed: Role = "subtotal" if entry.item.endswith("合计") or label.endswith("合计") else role
            return Row(entry.item, entry.classification, summed, entry.flow, None, entry.portion or self._portion_above(path))
        fund = cast(Fund | None, words.word_for("fund", label)) if self.form and self.form.stem.startswith("performance") else None
        if self.form is not None and self.form.stem == "procurement" and not entry:
            label = bare_label(path[0])
        return Row(words.canonical_item(label), self._classification(path, key), role, None, fund, self._portion_above(path))

    def _source_row(self, key: RowKey, path: tuple[str, ...], entry: ItemName | None, role: Role) -> Row:
        """A line that says where money comes from. Under 上年结转 it stays 上年结转, of the fund that it names."""
        words = vocabulary()
        above = [found for part in path[:-1] if (found := words.item_by_variant.get(bare_label(part)))]
        if any(parent.fund == "carryover" for parent in above) or (len(path) == 1 and self._repeats(key, path[0])):
            named = _named_fund(bare_label(path[-1]))
            if named is None:
                return Row(entry.item if entry else bare_label(path[-1]), "source", role, "income", "carryover")
            return Row("上年结转", "source", role, "income", named)
        if entry and entry.classification == "summary":
            return Row(entry.item, "summary", "subtotal" if entry.item.endswith("合计") else role, "income")
        funds = [fund for part in path if (fund := words.word_for("fund", bare_label(part)))]
        fund = cast(Fund | None, (entry.fund if entry else None) or (funds[-1] if funds else None))
        return Row(entry.item if entry else bare_label(path[-1]), "source", role, "income", fund)

    @cached_property
    def _order(self) -> Mapping[tuple[str | None, str], list[int]]:
        """Side and item → the numbers of its rows, ascending."""
        found: dict[tuple[str | None, str], list[int]] = {}
        for key in sorted((key for key in self.keys if key.path), key=lambda key: key.number):
            found.setdefault((key.side, vocabulary().canonical_item(key.path[-1])), []).append(key.number)
        return found

    def _repeats(self, key: RowKey, label: str) -> bool:
        """Whether a source comes a second time, with 上年结转 in between: then it stands under 上年结转 though it is not set in."""
        if self.form is None or self.form.stem not in _BLOCK_FORMS:
            return False
        before = [number for number in self._order.get((key.side, vocabulary().canonical_item(label)), ()) if number < key.number]
        carried = self._order.get((key.side, "上年结转"), ())
        return any(number < carry < key.number for number in before for carry in carried)

    def _total_row(self, key: RowKey) -> Row:
        label = bare_label(key.path[-1]) if key.path else ""
        name = vocabulary().canonical_item(label) if label else ""
        flow = self._flow(key)
        entry = vocabulary().item_by_variant.get(label)
        if entry and entry.classification == "nature":
            return Row(entry.item, "nature", "subtotal", entry.flow, None, entry.portion)
        if self._is_three_public():
            wider = self.has_meetings and label == "合计"
            return Row(_WITH_MEETINGS if wider else _THREE_PUBLIC, "three_public", "total", "expenditure")
        if self.form is not None and self.form.stem in _BLOCK_FORMS:
            return self._block_total(key, name, flow)
        classification = self._total_classification()
        if self.form is not None and self.form.stem == "procurement":
            return Row("政府采购", classification, "total", "expenditure")
        if self.form is not None and self.form.stem == "running_costs":
            return Row(_RUNNING_COSTS, classification, "total", "expenditure")
        if flow is None:
            return Row(name or None, classification, "total")
        if name in ("本年收入合计", "本年支出合计"):
            return Row(name, classification, "subtotal" if len(self._totals.get(key.side, ())) > 1 else "total", flow)
        return Row("收入合计" if flow == "income" else "支出合计", classification, "total", flow)

    def _total_classification(self) -> Classification | None:
        """A grand total over functions or economic items is of that classification; of an income form it is a summary of sources."""
        if self.form is None:
            return None
        return "summary" if self.form.stem == "income" else self.form.classification

    def _block_total(self, key: RowKey, name: str, flow: Flow | None) -> Row:
        """A total of 收支总表: the last word is 收入总计 | 支出总计, whatever it is printed as; what comes before it, 本年…合计."""
        if flow is None:
            return Row(name or None, "summary", "total")
        grand, year = ("收入总计", "本年收入合计") if flow == "income" else ("支出总计", "本年支出合计")
        others = self._totals.get(key.side, frozenset[str]()) - {name}
        if name == grand:
            return Row(grand, "summary", "total", flow)
        if name == year:
            return Row(year, "summary", "subtotal" if others else "total", flow)
        return Row(year if grand in others else grand, "summary", "subtotal" if grand in others else "total", flow)

    def _unit_row(self, key: RowKey) -> Row:
        """A row of a budget unit. The only unit of a table without a total row is its total."""
        total = self._total_row(RowKey(key.number, None, (), key.side))
        if not any(self._totals.values()) and len(self._top_units) == 1 and len(key.path) == 1:
            return total
        if self._is_three_public() and not any(self._totals.values()):
            return Row(total.item, "three_public", "leaf", total.flow)
        return Row(total.item, "affiliate", "subtotal" if self._has_children(key) else "leaf", total.flow)

    def _units(self, key: RowKey) -> int:
        """How many labels of a row's path, from the outermost, are names of budget units."""
        form = self.form
        if form is None or form.stem in _BLOCK_FORMS or key.side or (key.code and self._code_fits(key)):
            return 0
        if form.stem == "projects" and key.code and len(key.code) in _UNIT_CODES and not self._code_fits(key):
            return len(key.path)
        if form.classification == "project":
            return 1 if (None, key.path[:1]) in self._parents else 0
        if form.classification not in _BY_UNIT:
            return 0
        count = 0
        for label in key.path:
            if not self._may_be_unit(bare_label(label)):
                break
            count += 1
        return count

    def _may_be_unit(self, label: str) -> bool:
        """A top label that is neither total, item nor 类 is a unit: every 类 of the functional classification ends in 支出."""
        words = vocabulary()
        if is_total(label) or _is_sum(label) or label in words.item_by_variant or label in words.codes_by_name or _COUNTED.search(label):
            return False
        if _YEAR_OR_MEASURE.fullmatch(label) or measure_of(label) in ("change", "change_rate"):
            return False
        return not label.endswith(("支出", "补助", "补贴", "收入", "经费"))

    def _code_fits(self, key: RowKey) -> bool:
        """Whether a code is one of a classification, not of a budget unit that looks like one (201, 201001)."""
        said = classification_of_code(key.code or "")
        if said is None:
            return False
        if len(key.code or "") > 3:
            return True
        names = {plain_label(entry.name) for entry in vocabulary().code_by_number.get(key.code or "", ())}
        label = bare_label(key.path[-1]) if key.path else ""
        return label in names or label.endswith(("支出", "补助", "补贴")) or _is_sum(label)

    def _classification(self, path: tuple[str, ...], key: RowKey) -> Classification | None:
        entries = vocabulary().codes_by_name.get(bare_label(path[-1]), ())
        kinds: set[Classification] = {entry.classification for entry in entries}
        preferred = self.form.classification if self.form else None
        if self.form is not None and self.form.stem in _BLOCK_FORMS:
            within = self._portion_above(path) is not None
            economic = "economic_department" in kinds or (within and not kinds)
            return "economic_department" if economic and (within or "functional" not in kinds) else "functional"
        if len(kinds) == 1 and (preferred is None or (preferred in _CLASSIFIED and preferred not in kinds)):
            return next(iter(kinds))
        return preferred

    def _portion_above(self, path: Iterable[str]) -> Portion | None:
        """基本支出 | 项目支出 that a row stands under."""
        found: list[Portion | None] = []
        for label in path:
            entry = vocabulary().item_by_variant.get(bare_label(label))
            if entry is not None and entry.classification == "nature":
                found.append(entry.portion)
        return found[-1] if found else None

    def _may_be(self, entry: ItemName) -> bool:
        return self.form is None or self.form.classification != "project" or entry.classification != "nature"

    def _flow(self, key: RowKey) -> Flow | None:
        if key.side:
            return cast(Flow, key.side)
        entry = vocabulary().item_by_variant.get(bare_label(key.path[-1])) if key.path else None
        return (entry.flow if entry else None) or (self.form.flow if self.form else None)

    def _under_balance(self, path: tuple[str, ...]) -> bool:
        """Whether a row stands under what is left at the year's end: 结余分配, 年末结转和结余."""
        above = (vocabulary().item_by_variant.get(bare_label(label)) for label in path[:-1])
        return any(entry is not None and entry.item in _LEFT_OVER for entry in above)

    def _on_income(self, key: RowKey, path: tuple[str, ...]) -> bool:
        """Whether a row is a line of sources: the income side, an income form whose rows are sources, or a stacked 收支总表."""
        if key.side:
            return key.side == "income"
        entry = vocabulary().item_by_variant.get(bare_label(path[-1]))
        is_source = entry is not None and (entry.classification == "source" or entry.flow == "income")
        return is_source and self.form is not None and (self.form.flow == "income" or self.form.stem in _BLOCK_FORMS)

    def _is_three_public(self) -> bool:
        return self.form is not None and self.form.classification == "three_public"

    def _has_children(self, key: RowKey) -> bool:
        by_code = bool(key.code and classification_of_code(key.code) and key.code in self._code_parents)
        return by_code or (key.side, key.path) in self._parents


def _named_fund(label: str) -> Fund | None:
    """The fund that a line under 上年结转 names ("一般公共预算拨款结余、结转"); None for 非财政拨款 and for lines that name none."""
    if label.startswith("非"):
        return None
    words = vocabulary().words_by_field["fund"]
    return next((cast(Fund, word.value) for word in words if word.value not in ("carryover", "reserve") and word.word in label), None)


def _named_by_code(code: str, path: tuple[str, ...]) -> str | None:
    """The label of a path that is the code's own name, where a row prints the names of two classifications beside each other."""
    names = {plain_label(entry.name) for entry in vocabulary().code_by_number.get(code[:5] if len(code) > 7 else code, ())}
    return next((label for part in reversed(path) if (label := bare_label(part)) in names), None)


def is_total(label: str) -> bool:
    """Whether a bare label is that of a grand total: 合计, 总计, 收入总计, 本年支出合计 …"""
    if label in ("合计", "总计", "合计数", "总合计"):
        return True
    entry = vocabulary().item_by_variant.get(label)
    known = entry is not None and entry.classification == "summary" and entry.item.endswith(("合计", "总计"))
    return known or label.endswith(("总计", "经费合计"))


def _is_sum(label: str) -> bool:
    return vocabulary().word_for("role", label) is not None and len(label) <= 4

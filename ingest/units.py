"""The unit of one printed number, from the cell, its row, its headers and, last, its table.

Money units are those of `store.money`; `%` and counting words stay as printed; "" is a number without a unit (a score).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Final

from ingest.captions import UNITS
from store.money import unit_behind

COUNTS: Final = "个|人|人次|批次|批|辆|台套|台|套|平方米|㎡|次|户|件|项|家|篇|公里|亩|天|月|年|份|张|名|所|条|期|场|组"
_BRACKETED: Final = re.compile(rf"[（(\[](?:单位[:：])?({UNITS}|%|％|‰|{COUNTS})(?:[、/／].{{1,3}})?[）)\]][:：]?$")
_COUNTED_GROUP: Final = re.compile(rf"[（(]({COUNTS})[）)]$")
"""At the end of a group's label: its rows count the same things (`车辆数合计（辆）`)."""

_INLINE: Final = re.compile(rf"[（(\[](?:单位[:：])?({UNITS}|%|％)[）)\]]")
_RATE: Final = re.compile(r"[%％]|百分比|(?:增减|增长|增幅|完成|执行|变动|占用?)(?:比?率|比例|幅度)|占比|比重|占.{0,12}比例")
_RATE_ROW: Final = re.compile(r"[%％]$|(?:增减|增长|完成|执行)(?:比?率|比例|幅度)$")
_COUNT: Final = re.compile(rf"(?:数量|人数|批次|人次|辆数|台数|个数|团组数|面积|({COUNTS})数)$")
_NO_UNIT: Final = re.compile(r"权重|分值|得分|(?:指标|目标)值|备注|说明|序号|年限|年度$|日期")
_MEASURED: Final = re.compile(r"(?:指标|目标)值|数量|数值")
MEASURE_HEADER: Final = re.compile(r".*(?:计量|度量)单位|单位")
"""Header of a column that prints the unit of each row's indicator."""


def stated_unit(text: str) -> str | None:
    """The unit in brackets in a label or header: `项目资金（万元）` → 万元."""
    found = _BRACKETED.search(text) or _INLINE.search(text)
    return found.group(1).replace("％", "%") if found else None


def own_unit(cell: str, labels: Sequence[str], headers: Sequence[str], measured: str | None = None) -> str | None:
    """The unit that a number's own surroundings state; None where the table's unit holds.

    `labels` and `headers` are outermost first; `measured` is what the row prints in a column of units (计量单位).
    """
    if cell.endswith(("%", "％")):
        return "%"
    if printed := unit_behind(cell):
        return printed
    leaf = headers[-1] if headers else ""
    if measured and _MEASURED.search(leaf):
        return measured
    if labels and (found := _BRACKETED.search(labels[-1])):
        return found.group(1).replace("％", "%")
    for header in reversed(headers):
        if unit := stated_unit(header):
            return unit
    if _RATE.search(leaf) or (labels and _RATE_ROW.search(labels[-1])):
        return "%"
    if counted := _COUNT.search(leaf):
        return counted.group(1) or ""
    if _NO_UNIT.search(leaf):
        return ""
    return next((found.group(1) for label in reversed(labels[:-1]) if (found := _COUNTED_GROUP.search(label))), None)

"""A case as it is written: a question, its skill, and what is expected of the answer."""

from __future__ import annotations

from decimal import ROUND_HALF_UP, Decimal
from typing import Any

Case = dict[str, Any]

TABLES = ["tables", "narrative", "both"]


def case(skill: str, question: str, *, amounts: list[int] | None = None, unit: str = "万元", **more: Any) -> Case:
    """A case; `amounts` are hundredths of 万元."""
    expect: dict[str, Any] = {"routes": more.pop("routes", TABLES)}
    if amounts is not None:
        expect["values"] = [value(amount, unit) for amount in amounts]
    dialog = more.pop("dialog", None)
    expect |= more
    made: Case = {"question": question, "skill": skill, "expect": {key: part for key, part in expect.items() if part is not None}}
    return made | ({"dialog": dialog} if dialog else {})


def value(amount: int, unit: str = "万元") -> dict[str, str]:
    """Hundredths of 万元 as an expected value."""
    return {"amount": f"{amount * 100}" if unit == "元" else f"{Decimal(amount) / 100:.2f}", "unit": unit}


def percent(part: int, whole: int) -> dict[str, str]:
    """A share in percent with two decimals, half up."""
    return {"amount": str((Decimal(part) / Decimal(whole) * 100).quantize(Decimal("0.01"), ROUND_HALF_UP)), "unit": "%"}

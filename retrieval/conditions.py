"""Bounds on amounts: 超过100万, 不为零."""

from __future__ import annotations

from decimal import Decimal

from retrieval.plan import Condition


def meets(value: Decimal, condition: Condition) -> bool:
    """Whether an amount (元) lies within the bound."""
    match condition.relation:
        case "more":
            return value > condition.than
        case "at_least":
            return value >= condition.than
        case "less":
            return value < condition.than
        case "at_most":
            return value <= condition.than
        case "not_zero":
            return value != 0
        case "zero":
            return value == 0

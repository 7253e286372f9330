"""An expression as JSON and back: the form that answers carry, that a model fills, and that a link on the page holds.

A node is an object whose `node` names its type; fields that hold their default are left out.
"""

from __future__ import annotations

from dataclasses import MISSING, fields
from decimal import Decimal, InvalidOperation
from typing import Any

from retrieval.question.expression import NODES, Expression, Item, Quantity

_TYPES: dict[str, type[Any]] = {node.__name__.lower(): node for node in (*NODES, Item, Quantity)}


def as_json(value: Any) -> Any:
    """The value ready for json: nodes as objects, Decimals as strings, tuples as lists."""
    if isinstance(value, (*NODES, Item, Quantity)):
        found: dict[str, Any] = {"node": type(value).__name__.lower()}
        for one in fields(value):
            inner = getattr(value, one.name)
            if one.default is MISSING or inner != one.default:
                found[one.name] = as_json(inner)
        return found
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, tuple):
        return [as_json(inner) for inner in value]
    return value


def from_json(value: Any) -> Expression:
    """The expression that `as_json` gave. Raises ValueError for anything else."""
    node = _read(value)
    if not isinstance(node, NODES):
        raise ValueError("not an expression")
    return node  # type: ignore[return-value]


def _read(value: Any) -> Any:
    if isinstance(value, list):
        return tuple(_read(inner) for inner in value)
    if not isinstance(value, dict):
        return value
    kind = _TYPES.get(str(value.get("node")))
    if kind is None:
        raise ValueError(f"unknown node {value.get('node')!r}")
    given = {name: _read(inner) for name, inner in value.items() if name != "node"}
    if kind is Quantity:
        try:
            given["number"] = Decimal(str(given.get("number")))
        except InvalidOperation as error:
            raise ValueError("not a number") from error
    try:
        return kind(**given)
    except TypeError as error:
        raise ValueError(str(error)) from error

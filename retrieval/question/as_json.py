"""An expression as JSON: the form that answers carry. A node is an object whose `node` names its type; default fields are left out."""

from __future__ import annotations

from dataclasses import MISSING, fields
from decimal import Decimal
from typing import Any

from retrieval.question.expression import NODES, Item, Quantity


def as_json(value: Any) -> Any:
    """The value ready for json: nodes as objects, Decimals as strings, tuples as lists, also inside dictionaries."""
    if isinstance(value, (*NODES, Item, Quantity)):
        found: dict[str, Any] = {"node": type(value).__name__.lower()}
        for one in fields(value):
            inner = getattr(value, one.name)
            if one.default is MISSING or inner != one.default:
                found[one.name] = as_json(inner)
        return found
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    return [as_json(inner) for inner in value] if isinstance(value, (list, tuple)) else value

"""What all disclosures call the figures that their forms have in common, and which of these are parts of which.

The names are those of data/grammar/figures.toml.
"""

from __future__ import annotations

import tomllib
from typing import TYPE_CHECKING, Any

from store.values import Portion
from store.vocabulary import DATA, vocabulary

if TYPE_CHECKING:
    from retrieval.figures.cells import Cell, Reading

CALLED: dict[str, Any] = tomllib.loads((DATA / "grammar" / "figures.toml").read_text("utf-8"))
INCOME_TOTALS: tuple[str, ...] = tuple(CALLED["totals"]["income"])
SPENDING_TOTALS: tuple[str, ...] = tuple(CALLED["totals"]["spending"])
TOTALS = (*INCOME_TOTALS, *SPENDING_TOTALS)
THREE_PUBLIC: str = CALLED["three_public"]["name"]
VEHICLES: str = CALLED["three_public"]["vehicles"]
CARS: tuple[str, ...] = tuple(CALLED["three_public"]["cars"])
PARTS_OF: dict[str, tuple[str, ...]] = {whole: tuple(parts) for whole, parts in CALLED["parts"].items()}
PORTION_OF: dict[str, Portion] = CALLED["portions"]
GOAL_TOTALS: tuple[str, ...] = tuple(CALLED["goals"]["money"])


def is_part_of(part: Reading, whole: Reading) -> bool:
    """Whether the forms say that one figure is a part of the other, so that it may be taken off it and must not be added to it: by
    code, by label path, or by what the items are."""
    if part.stated is not None or whole.stated is not None or part.value > whole.value:
        return False
    one, all_ = part.first, whole.first
    if all_.item in TOTALS:
        is_portion = one.portion in ("basic", "project") and all_.portion in ("total", None)
        return (is_portion and all_.item in SPENDING_TOTALS) or (one.item not in TOTALS and one.flow in (all_.flow, None))
    below = any(len(child) > len(parent) and child.startswith(parent) for child in _codes(one) for parent in _codes(all_))
    inside = one.table_id == all_.table_id and all_.row_label in one.row_path[:-1]
    return below or inside or one.item in PARTS_OF.get(all_.item, ())


def _codes(cell: Cell) -> set[str]:
    """The codes that the cell prints, or that its item bears in the classification."""
    return {cell.code} if cell.code is not None else {code.code for code in vocabulary().codes_by_name.get(cell.item, ())}


def is_of_forms(name: str) -> bool:
    """Whether a name is one of the classifications or forms, under which a thing stands in any disclosure: no unit, no project."""
    return bool(vocabulary().codes_by_name.get(name)) or name in vocabulary().item_by_variant

"""What all disclosures call the figures that their forms have in common, and which of these are parts of which.

The names are those of data/grammar/figures.toml.
"""

from __future__ import annotations

import tomllib
from typing import Any

from store.values import Portion
from store.vocabulary import DATA, vocabulary

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


def is_of_forms(name: str) -> bool:
    """Whether a name is one of the classifications or forms, under which a thing stands in any disclosure: no unit, no project."""
    return bool(vocabulary().codes_by_name.get(name)) or name in vocabulary().item_by_variant

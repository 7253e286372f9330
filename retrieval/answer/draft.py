"""An answer in the making: what the operations give, before it is checked and dressed."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from retrieval.answer.answer import Citation, Point, Route, Step, Value, Verdict
    from retrieval.answer.values import Words
    from retrieval.figures.cells import Reading


@dataclass(frozen=True, slots=True)
class Draft:
    """A sentence with its values and the readings behind them."""

    text: str
    values: tuple[Value, ...] = ()
    readings: tuple[Reading, ...] = ()
    cited: tuple[Citation, ...] = ()  # places that are no reading: empty cells, quotes
    steps: tuple[Step, ...] = ()
    chart: tuple[Point, ...] = ()
    assumptions: tuple[str, ...] = ()
    verdict: Verdict | None = None
    route: Route = "tables"
    options: tuple[str, ...] = ()
    general_knowledge: bool = False


def as_draft(said: Words | None) -> Draft | None:
    """Printed words as the answer."""
    if said is None:
        return None
    general = said.general_knowledge
    return Draft(said.text, said.values, cited=said.cited, route="narrative", verdict=said.verdict, general_knowledge=general)

"""An answer in the making: what the operations give, before it is checked and dressed."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answer.answer import Citation, Point, Route, Step, Value, Verdict
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


def told_together(found: Sequence[Draft | None]) -> Draft | None:
    """Several answers as one; None if any is missing: half an answer misleads."""
    told = [draft for draft in found if draft is not None]
    if len(told) < len(found):
        return None
    readings = tuple(dict.fromkeys(reading for draft in told for reading in draft.readings))
    values = (*(draft.values[0] for draft in told), *(value for draft in told for value in draft.values[1:]))
    return Draft("".join(draft.text for draft in told), values, readings, steps=tuple(step for draft in told for step in draft.steps))

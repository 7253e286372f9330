"""An expression to its value: one recursive function over what gives the value of each type of node.

Takes an open desk; reads no question. A pick is looked up where its year's figures are published, else in the next year's columns;
composed values are exact in Decimal, rounded once, when shown. Values carry their evidence by construction.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from retrieval.answer.values import Amount, Instead, Judged, Listing, Missing, Result, counted
from retrieval.figures.agencies import Agency
from retrieval.figures.cells import Stated
from retrieval.figures.places import Desk, Place, title_of
from retrieval.figures.query import Rows
from retrieval.figures.things import is_of_own_level
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick
from retrieval.words.folding import bare
from retrieval.words.grammar import load


@dataclass
class Evaluator:
    """Evaluates expressions over one open snapshot."""

    desk: Desk
    functions: Mapping[type[Any], Callable[[Evaluator, Any], Result]]
    """What gives the value of each type of node; what has none says nothing by itself."""
    amount_told: Callable[[Rows, Item, Place], Stated | None]  # the amount of money that only free prose gives
    question: str = ""  # the words as folded, for the search in prose
    unit: str | None = None  # that an answer is wanted in
    notes: list[str] = field(default_factory=list[str])  # what an answer must say of how it was worked out
    _done: dict[Any, Result] = field(default_factory=dict[Any, Result])

    def value(self, node: Any) -> Result:
        """The value of an expression."""
        if node not in self._done:
            self._done[node] = Missing("no_words")  # what would ask for itself finds nothing
            try:
                self._done[node] = self.functions[type(node)](self, node) if type(node) in self.functions else Missing("nothing_asked")
            except Instead as instead:
                self._done[node] = instead.result
        return self._done[node]

    def whole(self, node: Any) -> Result:
        """The value of a question: no number of things where money is asked for."""
        members = node.members if isinstance(node, q.Named) else (node,)
        things = (one for one in members if isinstance(one, Pick) and one.item is not None and one.item.counter is not None)
        if (thing := next(things, None)) is not None and re.search(load("names.toml")["money"]["asked"], self.question):
            return Missing("unknown_item", thing, thing.item.said if thing.item is not None else "")
        return self.value(node)

    # ── what others are made of: raises Instead ──

    def amount(self, node: Any, found: Sequence[Amount] | None = None) -> Amount:
        """The one amount that a node is. Where there is none, `found` are the others that it was wanted beside."""
        value = counted(self.value(node), node)
        if isinstance(value, Amount):
            return value
        raise Instead(value if found is None else Missing(*_why(value), found=tuple(found)))

    def amounts(self, node: Any, found: Sequence[Amount] | None = None) -> list[Amount]:
        """The amount that a node is, or those of a series."""
        value = self.value(node)
        return [amount for _, amount in value.members] if isinstance(value, Listing) else [self.amount(node, found)]

    def both(self, one: Any, other: Any) -> tuple[Amount, Amount]:
        """Two amounts."""
        found = [value for node in (one, other) if isinstance(value := counted(self.value(node), node), Amount)]
        return self.amount(one, found), self.amount(other, found)

    def listing(self, node: Any) -> Listing:
        """The series that a node is."""
        value = self.value(node)
        if isinstance(value, Listing):
            return value
        raise Instead(Missing("no_members") if isinstance(value, (Amount, Judged)) else value)

    # ── whose, when and where ──

    def agency_of(self, pick: Pick) -> Agency | Missing:
        """Whose figure is meant: where nobody is said, of the only agency here."""
        if pick.agency is not None:
            return self.desk.directory[pick.agency]
        named = self.desk.directory.named() or tuple(self.desk.directory.agencies.values())
        return named[0] if len(named) == 1 else Missing("which_agency", pick)

    def year_of(self, pick: Pick, agency: Agency) -> int | None:
        """The year that is meant: as said, else counted back from the latest published (of that kind)."""
        if pick.year is not None:
            return pick.year
        years = agency.years(pick.kind) or agency.years()
        return years[-1] - (pick.earlier or 0) if years else None

    def places(self, pick: Pick) -> list[Place] | Missing:
        """Where the figures of a pick may stand, best first."""
        agency = self.agency_of(pick)
        if isinstance(agency, Missing):
            return agency
        if (home := self._home(pick, agency)) is not None:
            return [home]
        year, item = self.year_of(pick, agency), pick.item
        if year is None:
            return [Place(agency, one, 0) for one in agency.find(None, pick.kind)]
        measure = item.measure if item is not None else None
        if measure == "adjusted_budget" and (final := agency.find(year, "final")):
            return [Place(agency, final[0], year, measure, False)]
        if pick.published is not None:
            return self.desk.places(agency, pick.published, None, year, measure or pick.kind) or Missing("unknown_year", pick, str(year))
        found = self.desk.places(agency, year, pick.kind, None, measure)
        if item is not None and is_of_own_level(item, bare(agency.name)):  # where it publishes its own beside the department's
            own = [Place(agency, one, year, measure) for one in agency.find(year, pick.kind) if one.scope == "unit"]
            found = [*own, *found]
        return found or Missing("unknown_year", pick, str(year))

    def _home(self, pick: Pick, agency: Agency) -> Place | None:
        """Where the cell stands that was pointed at, unless another year or kind is asked about."""
        if pick.item is None or pick.item.figure is None or pick.earlier is not None:
            return None
        for one in agency.disclosures:
            for cell in self.desk.shelf.cells(one.disclosure_id):
                if cell.figure_id == pick.item.figure:
                    year = cell.about_year or one.year or 0
                    fits = pick.year in (None, year) and pick.kind in (None, one.kind)
                    measure = cell.measure if cell.measure != one.kind else None
                    return Place(agency, one, year, measure, year == one.year) if fits else None
        return None

    def table_named(self, pick: Pick) -> str | None:
        """The title of the table that a pick names, where it is published."""
        places, table = self.places(pick), pick.item.table if pick.item is not None else None
        if isinstance(places, Missing) or table is None:
            return None
        return next((title for place in places if (title := title_of(self.desk, table, place)) is not None), None)


def _why(value: Result) -> tuple[Any, ...]:
    """Why there is no amount, of what, and under which name."""
    return (value.why, value.pick, value.named) if isinstance(value, Missing) else ("unknown_item",)

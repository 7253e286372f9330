"""A question in its talk: what it means, whole, after what was asked before, and of which agencies together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from itertools import islice
from typing import TYPE_CHECKING, Any

from retrieval.figures.things import OWN
from retrieval.language.segments import Understood
from retrieval.language.talk import compares, continued, left_off, unheard
from retrieval.names.bodies import core_of
from retrieval.question import expression as q
from retrieval.question.expression import Pick, picks
from retrieval.words.cues import cues
from retrieval.words.folding import chinese_number
from retrieval.words.lexicon import general_terms

if TYPE_CHECKING:
    from retrieval.language.reader import Reader

MOST_AROUND = 3  # characters beside a place that ask no more than the question before: 某市的呢
LARGEST = 300  # nodes of an expression that later turns may build on


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a talk: what was asked, whole, and about whom."""

    understood: Understood
    expression: Any
    agencies: tuple[str, ...]
    strange: tuple[str, ...] = ()  # whom it was about, where that is nobody here
    before: tuple[str, ...] = ()  # whom the talk was about before it

    @property
    def about(self) -> Pick:
        """Whose publications are asked about, of which year and kind."""
        segments = self.understood.segments
        year = next((one.period.years[-1] for one in segments if one.period is not None and one.period.years), None)
        agency = self.agencies[0] if len(self.agencies) == 1 else None
        return Pick(None, agency, year, kind=next((one.kind for one in segments if one.kind is not None), None))

    def undecided(self) -> Turn:
        """The turn as it is built on: where it was asked back, its agency is still open."""
        several = frozenset(self.understood.ambiguous)

        def reopened(node: Any) -> Any:
            return replace(node, agency=None) if isinstance(node, Pick) and node.agency in several else node

        return replace(self, expression=q.rebuilt(self.expression, reopened)) if several else self


def read_turn(reader: Reader, question: str, turns: Sequence[Turn]) -> list[Turn]:
    """The readings of a question in a talk, best first."""
    context = turns[-1].agencies if turns else ()
    readings = reader.read(question, context)
    if turns and (completed := _completed(reader, readings[0], turns[-1], context)) is not None:
        readings = reader.read(completed, context)
    return [_continued(reader, read, turns, context) for read in readings]


def _continued(reader: Reader, read: Understood, turns: Sequence[Turn], context: tuple[str, ...]) -> Turn:
    """One reading with what the talk adds to it."""
    expression = read.expression
    if turns:
        expression = continued(read, [(turn.understood, turn.expression) for turn in turns])
        if _is_bare(read.expression) and expression not in (None, turns[-1].expression):  # the cues said what to do with what was told
            read = replace(read, ignored=(), unread=tuple(one for one in read.unread if not compares(one)))
        read = replace(read, unread=(*read.unread, *unheard(read, expression)))
    here = [one.agency_id for one in reader.names.whom.directory.named()]
    expression = _of_agencies(expression, read, here)
    if expression is not None and sum(1 for _ in islice(q.walk(expression), LARGEST)) == LARGEST:
        expression = read.expression  # sums of sums of all that was told before: the talk begins anew
    agencies = tuple(dict.fromkeys(one.agency for one in picks(expression) if one.agency))
    strange = read.strange or (turns[-1].strange if turns and not read.whose else ())
    return Turn(read, expression, agencies or context, strange, context)


def _is_bare(expression: Any) -> bool:
    """Whether a fragment names nothing by itself."""
    return expression is None or (isinstance(expression, q.Each) and expression.of == Pick())


def _completed(reader: Reader, read: Understood, last: Turn, context: Sequence[str]) -> str | None:
    """A fragment with what it leaves off: the end of the name just told of, where that makes a name that is known (北郊 after 南郊监狱);
    the kind of agency, or the like unit, behind another place (某市的, after 公安局)."""
    whom = reader.names.whom
    for name in left_off(read, last.expression):
        units = {body.unit for one in whom.find(name) for body in one.bodies if set(body.agency_ids) & set(context)}
        units = {unit for unit in units if unit is None or read.unread[0].text.strip() in unit}
        if name in general_terms() or (len(units) == 1 and None not in units):
            return read.text.replace(read.unread[0].text, name, 1)
    place = read.whose[0] if context and len(read.whose) == 1 and read.whose[0].is_place else None
    if place is not None and len(read.text) - (place.end - place.start) <= MOST_AROUND:
        units = [one.item.affiliate for one in picks(last.expression) if one.item is not None and one.item.affiliate not in (None, OWN)]
        like = core_of(units[-1] if units else whom.directory[context[0]].name)
        twin = any(body.core == like and body.name[:2] == read.text[place.start : place.start + 2] for body in whom.bodies)
        return read.text[: place.end] + like + read.text[place.end :] if twin or not units else None
    return None


def _of_agencies(expression: Any, understood: Understood, here: Sequence[str]) -> Any:
    """The expression over the agencies that are meant together: those that are named where all are asked (交通局和数据局…，哪个局减得多);
    as many as a place has (示例市三个部门…合计) or as are here (三家单位); all that are here, where nobody is named (各单位)."""
    whose = understood.whose
    named = list(dict.fromkeys(one.bodies[0].agency_ids[0] for one in whose if not one.is_place and len(one.bodies) == 1))
    if len(named) > 1:
        return _with_series(expression, ("agencies",), lambda each: q.Named(tuple(replace(each.of, agency=one) for one in named)))
    at_place = len(whose) == 1 and whose[0].is_place
    meant = tuple(dict.fromkeys(body.agency_ids[0] for body in whose[0].bodies)) if at_place else tuple(here)
    if len(meant) < 2 or (whose and not at_place) or not any(one.cues & {"UNITS", "BODIES"} for one in understood.segments):
        return expression
    counted = len(meant) in [chinese_number(one.text[0]) for one in understood.segments if one.cues & {"ALLOF", "PAIR"}]
    if counted and isinstance(expression, Pick):
        each = q.Each(replace(expression, agency=None, there=meant if at_place else ()), "agencies")
        ends = [one.text[at:] for one in understood.segments for at in range(len(one.text))]  # 三公经费|合计 may be one name
        return q.Sum((each,)) if any("SUM" in cues().get(end, ()) for end in ends) else each
    if not counted and (at_place or any(one.agency for one in picks(expression))):
        return expression
    return _with_series(
        expression, ("parts", "units"), lambda each: replace(each, over="agencies", of=replace(each.of, agency=None))
    )


def _with_series(expression: Any, over: Sequence[str], change: Callable[[q.Each], Any]) -> Any:
    """The expression with its series over one of `over` changed."""

    def changed(node: Any) -> Any:
        return change(node) if isinstance(node, q.Each) and node.over in over and not node.of.there else node

    return q.rebuilt(expression, changed)

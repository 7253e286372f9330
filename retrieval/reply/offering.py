"""Questions to click where an answer can't be given: each is read whole, and has an answer.

First the question as it was understood, said anew without the words that nothing explains; then its other readings; then the same with
the printed names that come nearest to those words; then such a name by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, permutations, zip_longest
from typing import TYPE_CHECKING, Any

from retrieval.figures.things import Match, is_total
from retrieval.language.segments import Segment, Understood
from retrieval.question import expression as q
from retrieval.question.as_question import as_question
from retrieval.question.expression import Item, Pick, picks
from retrieval.words.content import ends_in_a_noun, tells
from retrieval.words.cues import fillers, particles
from retrieval.words.folding import bare
from retrieval.words.forms import GENERAL, content_words, forms_of

if TYPE_CHECKING:
    from retrieval.names.labels import Labels

MOST_OPTIONS = 4
MOST_OTHERWISE = 2  # questions beside an answer in words
MOST_TERMS = 3
FOUND = 3  # printed names that are offered
def offers(
    understood: Understood,
    expression: Any,
    names: Mapping[str, str],
    agency: str | None,
    printed: Sequence[Labels],
    answers: Callable[[str], Hashable],
) -> tuple[str, ...]:
    """Up to four questions near to one that was not answered. `agency` is whose it is, `printed` what its disclosures print; `answers`
    tells what a question is answered by, None where it has no answer."""
    return _answered(understood, _near(understood, expression, agency, printed), names, answers, MOST_OPTIONS)


def read_otherwise(
    understood: Understood, expression: Any, names: Mapping[str, str], answers: Callable[[str], Hashable]
) -> tuple[str, ...]:
    """The other readings of a question that was answered with words, as questions that have an answer."""
    others = (one for one in _others(understood) if one != expression)
    return _answered(understood, others, names, answers, MOST_OTHERWISE)


def _others(understood: Understood) -> list[Any]:
    """What the other readings make of the question, likeliest first."""
    return [one.expression for one in sorted(understood.others, key=lambda one: one.cost) if one.expression is not None]


def _answered(
    understood: Understood, near: Iterable[Any], names: Mapping[str, str], answers: Callable[[str], Hashable], most: int
) -> tuple[str, ...]:
    """The first of some expressions that can be asked as a question that is answered, each by something else."""
    found: dict[Hashable, str] = {}
    for question in islice(_each_once(near, names, understood.text), 2 * most):
        if len(found) < most and (told := answers(question)) is not None:
            found.setdefault(told, question)
    return tuple(found.values())


def _each_once(near: Iterable[Any], names: Mapping[str, str], asked: str) -> Iterator[str]:
    seen: set[str | None] = {None, asked}
    for expression in near:
        if (question := as_question(expression, names)) not in seen:
            seen.add(question)
            yield str(question)


def _near(understood: Understood, expression: Any, agency: str | None, printed: Sequence[Labels]) -> Iterator[Any]:
    """What may have been meant, likeliest first."""
    read = [one for one in (expression, *_others(understood)) if one is not None]
    readings = read if agency is None else [q.filled(one, Pick(agency=agency)) for one in read]
    first, others = readings[0] if readings else None, readings[1:3]
    asked = [one for one in picks(first) if one.item is not None]
    units = {one.item.affiliate for one in asked if one.item is not None}
    matched = _matched(understood, printed, {one.item.item for one in asked if one.item is not None})
    plain = _when(expression, agency)
    if first is not None and not isinstance(first, (Pick, q.Both, q.Named)):
        yield from (one for one in (first, *others) if not isinstance(one, (Pick, q.Both, q.Named)))
    yield from _composed(understood, plain, matched[:1])
    if not (isinstance(first, Pick) and matched and (first.item is None or is_total(first.item))):
        yield first
    if first is not None and not isinstance(first, Pick):
        yield from (_with(first, match) for match in matched[:2])
        yield from [one for one in asked if one.item is not None and not is_total(one.item)][:2]
    if all(one.is_light for one in understood.unread):
        yield from others  # every word is a name or a cue: they may only stand together otherwise
    for match in matched:
        item = _item_of(match)
        if len(units) == 1 and item.affiliate is None and None not in units:
            yield replace(plain, item=replace(item, affiliate=next(iter(units))))
        yield replace(plain, item=item)
    yield first
    yield _wider(first)
    yield from others
    yield _as_printed(understood, expression, agency)
    yield from asked


def _wider(expression: Any) -> Any:
    """The expression of the same things, wherever they are printed and of whatever source."""

    def widened(node: Any) -> Any:
        if not isinstance(node, Pick) or node.item is None or node.item.item is None or is_total(node.item):
            return node
        return replace(node, item=replace(node.item, under=None, table=None, flow=None, fund=None, portion=None))

    return q.rebuilt(expression, widened)


def _when(expression: Any, agency: str | None) -> Pick:
    """Whose and when, with nothing asked for yet."""
    when = next((one for one in picks(expression) if one.year or one.earlier or one.kind), Pick())
    return Pick(None, agency, when.year, when.earlier, when.kind)


def _composed(understood: Understood, when: Pick, matched: Sequence[Match]) -> Iterator[Any]:
    """What the cue words may make of the things that are named, wherever they stand: a share, a sum, a difference, a change, a rank."""
    said = {cue for one in understood.segments for cue in one.cues if not one.items}
    order = "least" if said & {"LEAST", "FEWER"} and not said & {"MOST", "MORE"} else "most"
    things, are_bodies = _things(understood, when, matched)
    if said & {"MOST", "LEAST"} and not said & {"UNITS", "BODIES", "UNITKIND", "ALLAG"}:
        yield q.Nth(q.Each(when, "goods" if said & {"GOODS"} else "projects"), order)
    if said & {"SHARE", "RATIO", "PERCENTQ"} and not said & {"PRIOR", "EXEC"} and not are_bodies:
        yield from (q.Ratio(part, whole) for part, whole in permutations(things[:3], 2))
    if len(things) == 2 and said & {"DIFF", "MORE", "FEWER", "SUBTRACT", "THAN", "LEFT"} and not said & {"SUM", "PLUS"}:
        yield q.Minus(things[0], things[1])
    if len(things) > 1 and said & {"SUM", "PLUS", "PAIR", "ALLOF", "AND"}:
        yield q.Sum(tuple(things))
    if are_bodies and said & {"WHICH", "MOST", "LEAST", "MORE", "FEWER"}:
        yield q.Nth(q.Named(tuple(things)), order)
    if said & {"UP", "DOWN", "CHG", "PRIOR"}:
        way = "up" if said & {"UP"} else "down" if said & {"DOWN"} else None
        yield from (q.Change(one, None, "rate" if said & {"PERCENTQ"} else "both", way) for one in things[:2])


def _things(understood: Understood, when: Pick, matched: Sequence[Match]) -> tuple[list[Pick], bool]:
    """What may be set against each other: one thing of several agencies or of several budget units, else several things; and whether it
    is bodies that differ."""
    segments = understood.segments
    items = [one.items[0] for one in segments if one.items and not one.items[0].parts]
    items = list({item.item or item.said: item for item in (*items, *map(_item_of, matched[: 2 - len(items)]))}.values())
    agencies = dict.fromkeys(one.agencies[0] for one in segments if len(one.agencies) == 1 and not one.is_place)
    if len(agencies) > 1 and items:
        return [replace(when, item=items[0], agency=one) for one in agencies], True
    units = dict.fromkeys(one.units[0][1] for one in segments if one.units and one.units[0][0] == when.agency)
    if len(units) > 1:
        of = next((item for item in items if item.counter is None), None)
        return [replace(when, item=Item(one, affiliate=one) if of is None else replace(of, affiliate=one)) for one in units], True
    return [replace(when, item=item) for item in items], False


def _as_printed(understood: Understood, expression: Any, agency: str | None) -> q.Told | None:
    """What the disclosure says in words of what was not understood, with the things that were."""
    nodes = [node for node in q.walk(expression) if isinstance(node, q.Told)] if expression is not None else []
    unread = [one.text for one in (*understood.unread, *understood.ignored) if not one.is_light and not one.cues]
    terms = [term for term in map(_content, (*(term for node in nodes for term in node.terms), *unread)) if len(term) >= 2]
    said = [_content(one.item.said) for one in picks(expression) if one.item is not None and not is_total(one.item)]
    if not terms and not said:
        return None
    year = next((one.year for one in picks(expression) if one.year), None)
    counter = next((node.counter for node in nodes if node.what == "number"), None)
    words = (*dict.fromkeys(said), *tuple(dict.fromkeys(terms))[:MOST_TERMS])
    return q.Told("passage", Pick(None, agency, year), words, counter=counter)


def _content(said: str) -> str:
    """Words without the particles at their ends."""
    return said.strip("".join(particles()))


def _matched(understood: Understood, printed: Sequence[Labels], asked: Collection[str | None]) -> list[Match]:
    """The printed names nearest to what was not understood: to all words of the question together and to single stretches, in turn."""
    sought = [one for one in _sought(understood, printed) if one.label.item not in asked]
    stretches = sorted(understood.near, key=lambda pair: (-len(pair[0]), -max((match.score for match in pair[1]), default=0.0)))
    near = [match for _, matches in stretches for match in matches]
    in_turn = [match for pair in zip_longest(sought, near[:2]) for match in pair if match is not None]
    return list({match.label.text: match for match in in_turn}.values())[:FOUND]


def _sought(understood: Understood, printed: Sequence[Labels]) -> list[Match]:
    """The printed names that all words of the question together tell most of, best first."""
    text = "".join(one.text if _may_name(one) else "，" for one in understood.segments)
    words = [word for word in content_words(bare(text)) if any(c.isalnum() for c in word)]

    def counts(word: str, labels: Labels) -> bool:
        """Whether a word may tell which name: a noun or verb, or a word that does nothing but stands in a name (科普)."""
        return (word not in fillers() and tells(word)) or (len(word) > 1 and word not in GENERAL and labels.bears(word))

    found = [match for labels in printed for match in labels.described([word for word in words if counts(word, labels)])]
    found = [match for match in found if match.label.kind != "subject" or ends_in_a_noun(match.label.text)]
    forms = [form for word in words for form, _ in forms_of(word) if len(form) > 1]

    def worth(match: Match) -> float:
        """How well it fits; less where it is only a subject of the prose, or bears no whole word."""
        fit = match.score if any(form in match.label.text for form in forms) else 0.5 * match.score
        return 0.8 * fit if match.label.kind == "subject" else fit

    return sorted(found, key=worth, reverse=True)[:FOUND]


def _may_name(one: Segment) -> bool:
    """Whether a stretch may be part of a printed name: it does not only say whose, when, how much or what to do."""
    return one.is_unread or one.is_filler or bool(one.items) or "UNITKIND" in one.cues


def _item_of(match: Match) -> Item:
    label = match.label.printed or match.label.text
    return Item(label, affiliate=label) if match.label.kind == "affiliate" else Item(label, label, (label,))


def _with(expression: Any, match: Match) -> Any:
    """The expression asked of a printed name: in place of what is asked for where that is only a total."""
    item = _item_of(match)
    found = [one for one in picks(expression) if one.item is not None]
    if len({one.item for one in found}) > 1:
        return None
    return q.rebuilt(expression, lambda node: replace(node, item=item) if isinstance(node, Pick) else node)

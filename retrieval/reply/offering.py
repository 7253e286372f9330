"""Questions to click where an answer can't be given: each is read whole, and has an answer.

First the question as it was understood, said anew without the words that nothing explains; then its other readings; then the same with
the printed names that come nearest to those words; then such a name by itself.
"""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from itertools import islice, permutations
from typing import Any

from retrieval.language.content import ends_in_a_noun, tells
from retrieval.language.lattice import Segment
from retrieval.language.neighbours import clauses_of
from retrieval.language.phrases import is_total
from retrieval.language.reader import Understood
from retrieval.names.labels import GENERAL, Labels, Match, content_words, forms_of
from retrieval.question import expression as q
from retrieval.question.as_question import as_question
from retrieval.question.expression import Item, Pick, picks
from retrieval.words.cues import fillers
from retrieval.words.folding import bare

MOST_OPTIONS = 4
MOST_OTHERWISE = 2  # questions beside an answer in words
MOST_TERMS = 3
NEAREST = 3  # printed names that are offered for one stretch of words
NAMED = 3  # printed names that are offered before what was read is offered in other ways
FOUND = 4  # printed names that are offered for all words of the question
_ADDING = frozenset(("SUM", "PLUS", "PAIR", "ALLOF", "AND"))
_COMPOSING = frozenset(("SUM", "PLUS", "PAIR", "ALLOF", "AND", "DIFF", "MORE", "FEWER", "SUBTRACT", "LEFT", "SHARE", "RATIO", "PERCENTQ"))


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
    readings = [_of(one, agency) for one in (expression, *_others(understood)) if one is not None]
    first, others = readings[0] if readings else None, readings[1:3]
    sought = [
        one for one in _sought(understood, printed) if one.label.item not in {pick.item.item for pick in picks(expression) if pick.item}
    ]
    near = _matched(understood)
    matched = list({one.label.text: one for one in (*sought[:1], *near[:1], *sought[1:2], *near[1:2], *sought)}.values())
    plain, asked = _when(expression, agency), [one for one in picks(first) if one.item is not None]
    units = {one.item.affiliate for one in asked if one.item is not None}
    composed = first is not None and not isinstance(first, (Pick, q.Both, q.Named))
    is_vague = isinstance(first, Pick) and (first.item is None or is_total(first.item)) and bool(matched)
    if composed:
        yield from (one for one in (first, *others) if not isinstance(one, (Pick, q.Both, q.Named)))
    yield from _composed(understood, expression, agency, matched[:1])
    if not is_vague:
        yield first
    if first is not None and not isinstance(first, Pick):
        yield from (_with(first, match) for match in matched[:2])
        yield from [one for one in asked if one.item is not None and not is_total(one.item)][:2]
    if all(one.is_light for one in understood.unread):
        yield from others  # every word is a name or a cue: they may only stand together otherwise
    for match in matched[:NAMED]:
        item = _item_of(match)
        if len(units) == 1 and item.affiliate is None and None not in units:
            yield replace(plain, item=replace(item, affiliate=next(iter(units))))
        yield replace(plain, item=item)
    yield first
    yield from _wider(first)
    yield from (replace(plain, item=_item_of(match)) for match in matched[NAMED:FOUND])
    yield from others
    yield _as_printed(understood, expression, agency)
    yield from asked


def _wider(expression: Any) -> Iterator[Any]:
    """The expression of the same things with less said of where they are printed: by itself, then of whatever source."""
    for dropped in ({"under": None, "table": None}, {"under": None, "table": None, "flow": None, "fund": None, "portion": None}):

        def widened(node: Any, dropped: dict[str, Any] = dropped) -> Any:
            if not isinstance(node, Pick) or node.item is None or node.item.item is None or is_total(node.item):
                return node
            return replace(node, item=replace(node.item, **dropped))

        wider = q.rebuilt(expression, widened)
        if wider != expression:
            yield wider


def _when(expression: Any, agency: str | None) -> Pick:
    """Whose and when, with nothing asked for yet."""
    when = next((one for one in picks(expression) if one.year or one.earlier or one.kind), Pick())
    return Pick(None, agency, when.year, when.earlier, when.kind)


def _composed(understood: Understood, expression: Any, agency: str | None, matched: list[Match]) -> Iterator[Any]:
    """What the cue words may make of the things that are named, wherever they stand: a share, a sum, a difference, a change, a rank."""
    said = {cue for one in understood.segments for cue in one.cues if not one.items}
    when = _when(expression, agency)
    items = [one.items[0] for one in _beside_cues(understood, said) if one.items and not one.items[0].parts]
    items += [_item_of(one) for one in matched if len(items) < 2]
    items = list({item.item or item.said: item for item in items}.values())
    named = [replace(when, item=item) for item in items]
    agencies = list(dict.fromkeys(one.agencies[0] for one in understood.segments if len(one.agencies) == 1 and not one.is_place))
    if len(agencies) > 1 and named:
        members = tuple(replace(named[0], agency=one) for one in agencies)
        if said & {"DIFF", "MORE", "FEWER"} and len(members) == 2:
            yield q.Minus(members[0], members[1])
        yield q.Nth(q.Named(members), "least" if said & {"LEAST", "FEWER"} and not said & {"MOST", "MORE"} else "most")
        return
    if said & {"SHARE", "RATIO", "PERCENTQ"} and not said & {"PRIOR", "EXEC"}:
        for part, whole in permutations(named[:3], 2):
            yield q.Ratio(part, whole)
    if said & {"MOST", "LEAST"} and not said & {"UNITS", "BODIES", "UNITKIND", "ALLAG"}:
        yield q.Nth(q.Each(when, "goods" if said & {"GOODS"} else "projects"), "most" if said & {"MOST"} else "least")
    units = dict.fromkeys(one.units[0][1] for one in understood.segments if one.units and one.units[0][0] == agency)
    amounts = [item for item in items if item.counter is None]
    of = [_of_unit(replace(when, item=amounts[0] if amounts and not matched else None), unit) for unit in units]
    if len(of) == 1 and matched:
        of.append(replace(when, item=_item_of(matched[0])))  # its name may be what was not understood
    compared = bool(said & {"DIFF", "MORE", "FEWER", "SUBTRACT", "THAN"}) and not said & {"SUM", "PLUS"}
    if len(of) > 1:
        if len(of) == 2 and compared:
            yield q.Minus(of[0], of[1])
        if said & _ADDING:
            yield q.Sum(tuple(of))
        if said & {"WHICH", "MOST", "LEAST"}:
            yield q.Nth(q.Named(tuple(of)), "least" if said & {"LEAST", "FEWER"} and not said & {"MOST", "MORE"} else "most")
    if compared or (len(named) == 2 and "LEFT" in said):
        yield from (q.Minus(replace(when, item=one), replace(when, item=other)) for one, other in _set_against(understood, items))
    if len(named) > 1 and said & _ADDING:
        yield q.Sum(tuple(named))
    if said & {"UP", "DOWN", "CHG", "PRIOR"}:
        way = "up" if said & {"UP"} else "down" if said & {"DOWN"} else None
        for one in named[:2]:
            yield q.Change(one, None, "rate" if said & {"PERCENTQ"} else "both", way)


def _set_against(understood: Understood, items: Sequence[Item]) -> Iterator[tuple[Item, Item]]:
    """The things that are set against each other: right before and behind the word that does it, else the two that are named."""
    for at, one in enumerate(understood.segments):
        left = next((other.items[0] for other in reversed(understood.segments[:at]) if other.items), None)
        right = next((other.items[0] for other in understood.segments[at:] if other.items), None)
        if "THAN" in one.cues and left in items and right in items and left is not None and right is not None and left != right:
            yield left, right
    if len(items) == 2 and items[0] != items[1]:
        yield items[0], items[1]


def _beside_cues(understood: Understood, said: set[str]) -> Sequence[Segment]:
    """The clauses that say what is made of several things, where they name them; else all of the question."""
    clauses = [understood.segments[start:end] for start, end in clauses_of(understood.segments)]
    beside = [one for clause in clauses if any(one.cues & said & _COMPOSING for one in clause) for one in clause]
    return beside if sum(bool(one.items) for one in beside) > 1 else understood.segments


def _of_unit(pick: Pick, unit: str) -> Pick:
    """The pick of a budget unit: all that it spends, where nothing else is said."""
    return replace(pick, item=replace(pick.item, affiliate=unit) if pick.item is not None else Item(unit, affiliate=unit))


def _as_printed(understood: Understood, expression: Any, agency: str | None) -> q.Told | None:
    """What the disclosure says in words of what was not understood, with the things that were."""
    nodes = [node for node in q.walk(expression) if isinstance(node, q.Told)] if expression is not None else []
    terms = [term for node in nodes for term in node.terms]
    terms += [one.text.strip("的") for one in (*understood.unread, *understood.ignored) if not one.is_light and not one.cues]
    terms = [term for term in dict.fromkeys(terms) if len(term) >= 2][:MOST_TERMS]
    said = [one.item.said.strip("的") for one in picks(expression) if one.item is not None and not is_total(one.item)]
    if not terms and not said:
        return None
    when = next((one for one in picks(expression) if one.year), Pick())
    counter = next((node.counter for node in nodes if node.what == "number"), None)
    return q.Told("passage", Pick(None, agency, when.year), (*dict.fromkeys(said), *terms), counter=counter)


def _of(expression: Any, agency: str | None) -> Any:
    """The expression about the agency of the talk, where it names none."""
    return q.filled(expression, Pick(agency=agency)) if agency is not None else expression


def _matched(understood: Understood) -> list[Match]:
    """The printed names nearest to words that were not understood, the longest of these first."""
    near = sorted(understood.near, key=lambda pair: (-len(pair[0]), -max((match.score for match in pair[1]), default=0.0)))
    return [match for _, matches in near for match in matches[:NEAREST]]


def _sought(understood: Understood, printed: Sequence[Labels]) -> list[Match]:
    """The printed names that all words of the question together tell most of, best first."""
    text = understood.text
    spans = [(one.start, one.end) for one in understood.whose]
    years = {year for one in understood.segments if one.period is not None for year in one.period.years}
    named = len(years) > 1  # 2026-2027年信息化运维: years may stand in the name
    spans += [(one.start, one.end) for one in understood.segments if _says_no_name(one) and not (named and one.period is not None)]
    for start, end in spans:
        text = text[:start] + "，" * (end - start) + text[end:]
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


def _says_no_name(one: Segment) -> bool:
    """Whether a stretch says when, how much or what to do, and no thing."""
    if one.items or one.is_filler or "UNITKIND" in one.cues:
        return False
    return bool(one.period or one.quantity or one.kind or one.cues or one.unit) or one.counter is not None


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

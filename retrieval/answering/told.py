"""Words of the prose: reasons, purposes, duties, definitions, lists, and numbers that only prose gives.

Takes a node that says what is wanted and of what; searches the passages and statements of the disclosure asked about. What is quoted
is printed so; nothing is put together from parts of different sentences.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import TYPE_CHECKING, Any

from retrieval.answer.answer import Value
from retrieval.answer.values import Amount, Missing, Result, Words
from retrieval.answer.wording import say
from retrieval.answering.asked import count_of, piece, prose_of, question_of, terms_of
from retrieval.figures.parts import PARTS_OF, VEHICLES
from retrieval.figures.things import goal_of
from retrieval.language.builders import COUNTED
from retrieval.prose import counts
from retrieval.prose.by_words import under_heading
from retrieval.prose.counts import Found, asked_counter, find_numbers, kind_of, numbers_of
from retrieval.prose.evidence import quoted, table
from retrieval.prose.general_answers import find_definition, find_headword, general_answer
from retrieval.prose.likeness import ProseQuestion, coverage, holds, likeness, pattern, printed, prose_words
from retrieval.prose.passages import GOALS, Prose, Span, ending, plain_text
from retrieval.prose.reasons import best_change, find_changes, with_more
from retrieval.prose.search import NEAR, duties, find_list, nearest, sentences, with_next
from retrieval.question import expression as q
from retrieval.question.expression import Item
from retrieval.words.cues import asks_bought, buying, cues, fillers, particles, without_denied
from retrieval.words.folding import fold
from retrieval.words.forms import content_words
from retrieval.words.grammar import load
from retrieval.words.numbers import find_quantities
from store.money import MONEY_UNITS
from store.numerals import read_numeral

if TYPE_CHECKING:
    from retrieval.evaluating.evaluator import Evaluator

_LEAST_NEAR, _MOST_NEAR = Decimal("0.9"), Decimal("1.15")  # times the amount said in round words: 快七个亿, 七百多万
FEWEST_BESIDE = 0.3  # of a question's words that must stand around a sentence on secrecy
NEARLY_ALL = 0.7  # of a question's words that any sentence must hold to be quoted for it
_LEAST_NOUN = 4  # characters of a noun that says by itself what is counted: 区县气象局, not 单位
_MOST_SENTENCES = 3  # that are quoted where several are as near to what is asked
_MOST_DUTIES = 8
_TARGET = re.compile(r"[≥≤＞＜=]\s*\d")  # what a goal sets, not what was done
_BOUND = re.compile(r"[≥≤＞＜=]")
_ASIDE = re.compile(r"[（(][^（()）]*[）)]")
_CARS_COST = frozenset((VEHICLES, *PARTS_OF[VEHICLES]))


@dataclass(frozen=True)
class _Asked:
    """What is asked of the prose of one agency's disclosure."""

    evaluator: Evaluator
    node: q.Told
    prose: tuple[Prose, ...]
    question: ProseQuestion

    @property
    def item(self) -> Item | None:
        return self.node.about.item

    @property
    def told(self) -> list[Prose]:
        """What tells of the year, without goals and terms."""
        return [passage for passage in self.prose if passage.topic not in (GOALS, "definitions")]

    @property
    def names(self) -> tuple[str, ...]:
        """What the thing asked about is called, plain."""
        names = [*self.item.names, self.item.item or "", self.item.said] if self.item is not None else []
        return tuple(dict.fromkeys(plain_text(name) for name in (*names, *self.node.terms) if len(name) > 1))


def told(evaluator: Evaluator, node: q.Told) -> Result:
    """What the prose of the disclosure asked about says."""
    if node.what == "place":
        return evaluator.value(node.about)
    agency = evaluator.agency_of(node.about)
    if isinstance(agency, Missing):
        general = general_answer(evaluator.question, evaluator.desk.snapshot) if node.what == "definition" else None
        return general or agency
    item = node.about.item
    named = item is not None and item.item is not None
    paid = any(one.quantity.unit in MONEY_UNITS for one in find_quantities(fold(evaluator.question)))
    if node.what == "duties" and (paid or named):
        node = replace(node, what="purpose")  # what a thing that is paid for is there to do
    prose = prose_of(evaluator, node, agency)
    year = evaluator.year_of(node.about, agency)
    if not prose and all(one.year != year for one in agency.disclosures):
        return Missing("unknown_year", node.about, str(year))
    node = replace(node, terms=terms_of(node, prose))
    said = plain_text(evaluator.question)
    for name in sorted(agency.names, key=len, reverse=True):
        said = said.replace(plain_text(name), "，")
    asked = _Asked(evaluator, node, prose, replace(question_of(node), around=said))
    below = quoted("said", under_heading(prose, said), 0.8) if node.what in ("duties", "listing") and not named else None
    found = (below or _FINDERS[node.what](asked)) if prose else None
    if found is None and node.what == "definition":
        found = general_answer(evaluator.question, evaluator.desk.snapshot)
    return found or Missing("no_words", node.about, "、".join(node.terms) or (item.said if item else ""))


# ── what is asked ──


# ── reasons, purposes, duties, definitions ──


def _reason(asked: _Asked) -> Words | None:
    """Why an amount changed: the change told nearest to what is asked, else a sentence that says why."""
    question = asked.question
    if asked.item is None and (by_amount := _by_amount(asked)) is not None:
        return by_amount
    match = best_change(asked.told, question)
    if match is not None:
        score, change, span = match
        if asked.item is not None or not question.pieces or coverage(question.pieces, (span.plain, 1.0)) >= NEAR:
            other = {question.direction, change.direction} == {"increase", "decrease"}
            way = table("directions")[change.direction]
            return quoted("reason_of_other" if other else "reason", with_more(span), score, direction=way)
    if (found := _sentence(asked.told, question, printed("told", "reason"), "reason")) is not None:
        return found
    if question.pieces and prose_words().found("negation", question.around) is not None:
        return _sentence(asked.told, question, pattern("negation"), "said")  # why there is none: because it isn't planned
    return None


def _by_amount(asked: _Asked) -> Words | None:
    """Why something changed by the one amount of money that the question says in round words (快七个亿)."""
    said = [one.quantity for one in find_quantities(fold(asked.evaluator.question)) if one.quantity.unit in MONEY_UNITS]
    if len(said) != 1:
        return None
    amount = said[0].number * MONEY_UNITS[said[0].unit]
    found: dict[Decimal, Span] = {}
    for change in (change for passage in asked.told for change in find_changes(passage)):
        for one in numbers_of(change.span) if asked.question.direction in (None, change.direction) else ():
            value = one.number * MONEY_UNITS.get(one.unit, Decimal(0))
            if amount * _LEAST_NEAR <= value <= amount * _MOST_NEAR and pattern("change").search(one.before[-4:]):
                found.setdefault(value, change.span)
    return quoted("reason", with_more(*found.values()), 0.9, direction="") if len(found) == 1 else None


def _withheld(asked: _Asked) -> Words | None:
    """Why something is not made public: the sentence on secrecy nearest to what is asked."""
    near = nearest(asked.prose, asked.question, pattern("secrecy"), least=FEWEST_BESIDE)
    return quoted("reason", [ending(span) for _, span in near], 0.8)


def _sentence(prose: Sequence[Prose], question: ProseQuestion, mark: re.Pattern[str], template: str) -> Words | None:
    """The sentence with a mark that holds most of the question's words."""
    near = nearest(prose, question, mark) if question.pieces else []
    return quoted(template, [span.shortened() for _, span in near], near[0][0]) if near else None


def _any_sentence(asked: _Asked) -> Words | None:
    """The sentence that holds nearly all of the question's words."""
    near = nearest(asked.prose, asked.question, least=NEARLY_ALL) if asked.question.pieces else []
    return quoted("said", [span.shortened() for _, span in near], near[0][0]) if near else None


def _purpose(asked: _Asked) -> Words | None:
    """What something is for: said of it in a sentence with 用于 and the like, in its goals, or as its definition."""
    if not asked.question.pieces:
        return _duties(asked)
    mark = printed("told", "purpose")
    span = find_definition([passage for passage in asked.prose if passage.topic != GOALS], asked.names, content=True)
    if span is not None:
        return quoted("said", (with_next(span, mark),))
    return _sentence(asked.prose, asked.question, mark, "said") or _any_sentence(asked)


def _definition(asked: _Asked) -> Words | None:
    """What a term means: as it is printed, rather than as it is linked."""
    names = asked.names
    said = plain_text(asked.item.said) if asked.item is not None else ""
    head = find_headword(asked.prose, asked.question.around)
    if head is not None and len(head[0]) >= len(said) and (said in head[0] or head[0] not in names):
        return quoted("definition", (head[1],), term=head[0])
    if (span := find_definition(asked.prose, names)) is None:
        terms = [passage for passage in asked.prose if passage.topic == "definitions"]
        span = next((span.shortened() for _, span in nearest(terms, asked.question, least=0.8)), None)
    return None if span is None else quoted("definition", (span,), term=names[0] if names else "")


def _duties(asked: _Asked) -> Words | None:
    """The duties: those that hold the question's words, else all of them."""
    if asked.question.pieces:
        return _any_sentence(asked)
    own = sentences([passage for passage in asked.prose if passage.topic == "duties"])
    found = [sentence.shortened() for sentence in own if len(sentence.plain) > 8]
    evidence = quoted("said", found[:_MOST_DUTIES], 0.9) or quoted("said", duties(asked.prose))
    if evidence is None or len(found) <= _MOST_DUTIES:
        return evidence
    return replace(evidence, text=evidence.text + say("assumed", "some_of", shown=_MOST_DUTIES, count=len(found)))


def _passage(asked: _Asked) -> Words | None:
    """The sentences nearest to the question, with their numbers."""
    prose = [passage for passage in asked.prose if passage.topic != "definitions"]
    near = nearest(prose, asked.question, most=_MOST_SENTENCES) if asked.question.pieces else []
    if not near:
        return _any_sentence(asked)
    spans = [span.shortened() for _, span in near]
    numbers = [one for span in spans for one in numbers_of(span)]
    numbers.sort(key=lambda one: -max((likeness(word, one.label) for word in asked.question.names), default=0.0))
    return quoted("said", spans, near[0][0], values=tuple(Value(one.number, one.unit) for one in numbers))


# ── lists and numbers ──


def _list(asked: _Asked, *, counts: bool = False) -> Words | None:
    """The enumeration asked for, whole, with the number of its members where it says it (of units: where that is asked)."""
    question = replace(asked.question, pieces=tuple(piece for piece in asked.question.pieces if len(piece.said) > 1))
    kind = asked.node.what if asked.node.what in COUNTED and not question.pieces else None
    spans = find_list(asked.told, question, kind)
    if kind is None or not spans:
        return quoted("listed", spans, 0.7) or _any_sentence(asked)
    said = {read_numeral(one) for span in spans for one in printed(kind, "counted").findall(span.plain)}
    wanted = counts or kind == "offices" or asked_counter().search(question.around) is not None
    if counts and kind == "units" and printed(kind, "below").search(question.around):  # not all of them, the agency's own level too
        spans = next(((one,) for one in sentences(asked.told) if printed(kind, "opens").search(one.plain)), spans)
        said.clear()
    counted = _members(spans, kind) if counts else None
    number = said.pop() if wanted and len(said) == 1 else counted
    unit = load("prose.toml")[kind]["unit"]
    evidence = quoted("listed", spans, 0.8, values=() if number is None else (Value(number, unit),))
    if not counts or number is None or evidence is None:
        return evidence if kind == "units" or not counts else None
    return replace(evidence, text=f"{number:f}{unit}。{evidence.text}")


def _members(spans: Sequence[Span], kind: str) -> Decimal | None:
    """How many a list names, where no number of them is printed: only where each of its members is one, and it ends."""
    _, *listed = printed(kind, "opens").split("".join(span.plain for span in spans), maxsplit=1)
    if not listed:  # nothing says that those of a kind follow, and all of them
        return None
    named, stop, _ = re.sub(r"[（(][^（()）]{4,}[）)]", "", listed[0].lstrip("：")).partition("。")  # no longer than numbers are
    members = [_ASIDE.sub("", one) for one in printed(kind, "parted").split(named.rstrip("；")) if _ASIDE.sub("", one)]
    sure = len(members) >= load("prose.toml")[kind]["least"] and (stop or len(spans) == 1)
    return Decimal(len(members)) if sure and all(printed(kind, "member").search(one) for one in members) else None


def _number(asked: _Asked) -> Words | Amount | None:
    """A number of things: stated under the very name, printed in the prose beside the question's words, or of a list's members."""
    if (stated := _stated_number(asked) or _target(asked)) is not None:
        return stated
    asked, kinds = _counting(asked)
    question, prose = asked.question, asked.prose
    if not _asks_goal(asked):
        prose = [passage for passage in prose if passage.topic != GOALS and not _TARGET.search(passage.plain)]
    several = [one for piece in counts.side_by_side(question) for one in find_numbers(prose, question, kinds, (piece,))[:1]]
    if several and len(several) == len(question.pieces):
        return count_of(several)
    found = find_numbers(prose, question, kinds) if question.pieces else ()
    if question.text in COUNTED["units"]:
        states = printed("units", "below" if printed("units", "below").search(question.around) else "named")
        found = tuple(one for one in found if states.search(f"{one.number.before}{re.split(r'[0-9]', one.number.after)[0]}"))
    if found:
        rivals = counts.has_rivals(found)
        return quoted("said", (found[0].number.sentence.shortened(),), found[0].score) if rivals else count_of(found[:1])
    what: Any = next((kind for kind, names in COUNTED.items() if question.text in names), None)
    if what is None or asked.item is not None:
        return None
    node = replace(asked.node, what=what, terms=())
    return _list(replace(asked, node=node, question=replace(question_of(node), around=question.around)), counts=True)


def _counting(asked: _Asked) -> tuple[_Asked, tuple[str, ...]]:
    """The question with the things that are counted where it names none, and the kinds of number that count them."""
    settings, question = load("prose.toml")["told"], asked.question
    cars = any(settings["car"] in _ASIDE.sub("", form) for form in question.names)
    alike = settings["counted_as_cars"][: None if cars else 1]
    kinds = tuple(dict.fromkeys(settings["vehicle"] if kind in alike else kind_of(kind) for kind in question.counters))
    pieces = list(question.pieces)
    counted = re.search(rf"{asked_counter().pattern}([^，。；：？！、（）“”]+)", question.around)
    noun = "" if counted is None else counted[2].rstrip("".join(particles()))
    bodies = {name for names in COUNTED.values() for name in names}
    is_printed = len(noun) >= _LEAST_NOUN and noun not in cues() and any(noun in passage.plain for passage in asked.told)
    if is_printed and question.text in bodies:
        pieces = [piece(noun)]  # 区县气象局: the very noun that is counted says more than what it is understood as
    if settings["vehicle"] in kinds and asked.item is not None and asked.item.item in _CARS_COST:
        bought = asked.item.item != VEHICLES and buying() in (asked.item.item or "")
        pieces[:1] = [piece(buying())] if bought else []  # of 机关公车 the number is asked, not the cost
    if settings["vehicle"] in kinds and not {*settings["cars"]} & {form for piece in pieces for form in piece.printed}:
        pieces.append(piece(settings["car"], settings["cars"]))
    if settings["person"] in kinds and not pieces:
        pieces.append(piece(settings["persons"][0], settings["persons"]))
    around = without_denied(question.around)
    if around != question.around and not asks_bought(question.around):  # 要新买的不算
        pieces = [piece for piece in pieces if piece.said != buying()]
    return replace(asked, question=replace(question, pieces=tuple(pieces), around=around)), kinds


def _target(asked: _Asked) -> Words | None:
    """The one number among the goals of the project that the question names, beside which all its other words stand."""
    said, node = asked.question.around, asked.node
    goals = [one for one in asked.prose if one.section and (one.topic == GOALS or _TARGET.search(one.plain))]
    headings = ((plain_text(heading), one) for one in goals for heading in {one.section[0], one.section[-1]})
    headed = [(goal_of(heading.rpartition("-")[2]), one) for heading, one in headings]
    project = max((name for name, _ in headed if name and name in said), key=len, default=None)
    if project is None:
        return None
    own = [passage for name, passage in headed if name == project]
    there = "".join(passage.plain for passage in own if not printed("search", "tells_nothing").match(passage.plain))
    goal, counter = pattern("goal"), asked_counter()
    words = [word for word in content_words(goal.sub("，", counter.sub("，", said.replace(project, "，")))) if holds(there, word)]
    words = [word for word in words if len(word) > 1 and word not in fillers() and word not in cues()]
    asked_for = [word for term in node.terms for word in content_words(goal.sub("", plain_text(term).replace(project, "")))]
    if not (words or node.counter) or not all(holds(there, word) or word in project for word in asked_for if len(word) > 1):
        return None
    kinds = (kind_of(node.counter),) if node.counter else ()
    numbers = [one for passage in own for one in counts.stated_numbers(passage) if not kinds or one.kind in kinds]
    found = [one for one in numbers if all(holds(one.before, word) for word in words)]
    return count_of([Found(found[0], 0.9)]) if len({(one.number, one.kind) for one in found}) == 1 else None


def _stated_number(asked: _Asked) -> Amount | None:
    """The number that is stated under the name asked for; what is said beside it must stand above it or around it."""
    item, node = asked.item, asked.node
    if item is None or item.counter is None or (_BOUND.search(item.item or "") and not _asks_goal(asked)):
        return None
    is_new = asks_bought(item.item or "")
    if asks_bought(asked.question.around) and not is_new:
        return None
    value = asked.evaluator.value(node.about)
    if not isinstance(value, Amount) or value.steps or value.is_money:
        return None
    if node.counter not in (None, *load("prose.toml")["told"]["any"]) and kind_of(node.counter or "") != kind_of(value.value.unit):
        return None
    stated = [heading for reading in value.readings if reading.stated is not None for heading in reading.stated.section]
    above = plain_text("".join((item.item or "", *stated, *(one.section or "" for one in value.cited))))
    return value if all(plain_text(term) in above or (term == buying() and is_new) for term in node.terms) else None


def _asks_goal(asked: _Asked) -> bool:
    return prose_words().found("goal", asked.question.around) is not None


def _goal(asked: _Asked) -> Words | Amount | None:
    """The value that a goal sets, printed beside the question's words; else what is allotted is the limit."""
    if (found := _number(asked)) is not None or asked.node.terms or asked.node.counter is not None:
        return found
    value = asked.evaluator.value(asked.node.about)
    return value if isinstance(value, Amount) else None


_FINDERS = {
    "reason": _reason,
    "withheld": _withheld,
    "purpose": _purpose,
    "duties": _duties,
    "units": _list,
    "offices": _list,
    "listing": _list,
    "definition": _definition,
    "goal": _goal,
    "amount": _passage,
    "number": _number,
    "passage": _passage,
}

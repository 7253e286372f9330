"""What the prose or a project's form says in the words of a question that names nothing printed: the last thing tried before a refusal.

Only for a plain question after one number, or what something is for; never for a composition, a claim or several agencies.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from retrieval.answer.answer import Value
from retrieval.answer.draft import Draft
from retrieval.answer.wording import shown
from retrieval.answering.told import PURPOSE, files_of, forms_of
from retrieval.figures.places import Desk
from retrieval.language.content import tells
from retrieval.language.reader import Understood
from retrieval.names.labels import content_words
from retrieval.prose.by_words import Hit, find, lines_of, under_heading
from retrieval.prose.counts import PERCENT, StatedNumber, asked_counter, stated_numbers
from retrieval.prose.evidence import quoted
from retrieval.prose.passages import Prose, Span, plain_text, read_prose
from retrieval.prose.sought import ANY_COUNTER
from retrieval.prose.words import prose_words
from retrieval.question.expression import Quantity
from retrieval.words.cues import cues, denials, fillers, load
from store.money import MONEY_UNITS
from store.text_index import parts_of_speech

ENOUGH = 0.7  # of the words' weight that the line and what is around it must hold
OWN, OWN_OF_FORM = 0.45, 0.15  # of it that the line itself must hold
BESIDE = 0.5  # weight of a word outside the clause that asks
VERB = 0.6  # of one for what is done, of which there are many (组织、参加、开展)
LEAST_TOLD = 0.9  # what its words must tell, where one is all that a word tells that stands in no other line
OWN_AHEAD = 0.12  # by which the line itself must be ahead of such a line
VERBATIM = 0.9  # of what is asked by what an amount is spent on
AHEAD = 0.08  # by which it must be ahead of the next line that says something else
COMPOSED = frozenset(
    (
        "SHARE", "RATIO", "PERHUNDRED", "UP", "DOWN", "CHG", "PRIOR", "THAN", "MORE", "FEWER", "DIFF", "SUM", "SUBTRACT",
        "EXCEPT", "OUTSIDE", "LEFT", "TIMES", "MEAN", "EACH", "ORDINAL", "LEAST", "ABSENT", "EXEC", "PERHEAD", "PEREACH",
        "OTHERS", "ELSE", "WHY", "LISTQ",
    )
)  # cues of what no single number or sentence tells
MOST_CONTACTS = 3
_ASKING = frozenset(("HOWMUCH", "PERCENTQ", "PURPOSE", "TARGET"))
_THINGS = frozenset(("UNITS", "OFFICES", "PROJECTS", "GOODS", "ITEMS", "DUTY"))  # cues that are printed words themselves
_NUMBERED = re.compile(r"（?\d+[）.、]")
_SENTENCE = re.compile(r"[^。；]+")
_AND = re.compile("[、，和及与等]")
_CLAUSE = re.compile(r"[^，。？！；,?!;（）()]+")
_CONTENT = ("n", "v", "a", "j", "l", "i", "eng", "x", "b", "s")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: words, and the kinds of number; none for what something is for."""

    words: dict[str, float]  # each with its weight
    kinds: tuple[str, ...]
    denied: tuple[str, ...] = ()  # words of what is said not to be meant
    units: tuple[str, ...] = ()  # by which things are counted
    noun: str = ""  # of what is counted: 多少座|小水库
    per: bool = False  # one of what is counted is asked for: 一个人一年
    last: str = ""  # the word right before the question: 资金|执行|了多少


def wanted(understood: Understood, *, aims: bool = False) -> Wanted | None:
    """What a question seeks (`aims`: what something is for); None where it asks for more than one number or sentence can tell."""
    said = {cue for one in understood.segments if not one.is_filler for cue in one.cues}
    counts = list(asked_counter().finditer(understood.text))
    counters = tuple(match[1] for match in counts)
    words, denied = _words(understood)
    if aims:
        return Wanted(words, (), denied)
    what = not counters and not said & _ASKING and prose_words().found("what", understood.text) is not None  # 考察什么, 花在哪些事上
    if understood.verify or said & (COMPOSED - {"SUM"} if counters else COMPOSED - {"LISTQ"} if what else COMPOSED):  # 一共几座
        return None
    kinds = prose_words().counters
    if counters:
        asked = tuple(kinds.get(one, one) for one in counters)
        rest = _CLAUSE.match(understood.text, counts[0].end())
        alike = tuple(one for one, kind in kinds.items() if kind in asked)
        return Wanted(words, asked, denied, alike if not {*asked} & {"个", "项"} else (), rest[0] if rest else "")
    per = prose_words().found("per", understood.text) is not None
    if "PERCENTQ" in said:
        return Wanted(words, (PERCENT,), denied, per=per)
    if "HOWMUCH" in said:
        kinds_ = ("元",) if "TARGET" not in said or "MONEYQ" in said else ("元", PERCENT, ANY_COUNTER)
        before = understood.text[: max(one.start for one in understood.segments if "HOWMUCH" in one.cues)]
        return Wanted(words, kinds_, denied, per=per, last=_done_last(before))
    return Wanted(words, (), denied) if what or "PURPOSE" in said else None


def _words(understood: Understood) -> tuple[dict[str, float], tuple[str, ...]]:
    """The content words outside names of agencies, years, amounts and cues, each with its weight: less outside the clause that asks.
    Apart from them the words of what is said not to be meant."""
    text = list(understood.text)
    for one in understood.segments:
        known = one.cues - _THINGS or one.counter is not None or one.period or one.kind or one.quantity or one.is_mark
        if known and not one.items:
            text[one.start : one.end] = "，" * (one.end - one.start)
    spans = [match.span() for match in asked_counter().finditer(understood.text)]
    for start, end in spans:
        text[start:end] = "，" * (end - start)
    for one in understood.whose:
        text[one.start : one.end] = "，" * (one.end - one.start)
    asking = [start for start, _ in spans] + [one.start for one in understood.segments if one.cues & _ASKING]
    idle = {*fillers(), *prose_words().of("filler"), *prose_words().of("what"), *prose_words().of("goal")}
    out: dict[str, float] = {}
    denied: list[str] = []
    beyond = [match.span() for match in denials(understood.text)]
    for clause in _CLAUSE.finditer(understood.text):
        asks = any(clause.start() <= at < clause.end() for at in asking)
        for said, tag in parts_of_speech("".join(text[clause.start() : clause.end()])):
            word = said.rstrip("".join(prose_words().of("suffix"))) if len(said) > 2 else said  # 服务类
            told = (tag.startswith(_CONTENT) and len(word) > 1) or tag == "n"
            if told and word not in idle and not cues().get(word, frozenset()) - _THINGS and not word.isdigit():
                if any(start <= clause.start() < end or clause.start() <= start < clause.end() for start, end in beyond):
                    denied.append(word)
                else:
                    own = (1.0 if asks else BESIDE) * (VERB if tag.startswith("v") else 1.0)
                    out[word] = max(out.get(word, 0.0), own)
    return out, tuple(word for word in denied if word not in out)


def _done_last(before: str) -> str:
    """The verb, or what it leaves, that a question ends in before its question word (资金|执行|了); "" where it ends in a thing."""
    said = [(word, tag) for word, tag in parts_of_speech(before) if not tag.startswith("u")][-1:]
    return next((word for word, tag in said if len(word) > 1 and tag.startswith("v")), "")


def by_words(desk: Desk, understood: Understood, agency_id: str, year: int | None, *, aims: bool = False) -> Draft | None:
    """The number or sentence that the words point at; None where nothing is near enough, or two things are as near."""
    asked = wanted(understood, aims=aims)
    asks_contact = re.search(load("refusals.toml")["contact"]["asks"], understood.text) is not None
    lists = not any(one.items or one.cues & (COMPOSED - {"LISTQ"} | _ASKING) for one in understood.segments if not one.is_filler)
    if (asked is None or not asked.words) and not lists and not asks_contact:
        return None
    disclosures = sorted(desk.directory[agency_id].disclosures, key=lambda one: -(one.year or 0))
    chosen = [one for one in disclosures if one.year == (year or disclosures[0].year)]
    files = [file for one in chosen for file in files_of(desk.snapshot, one.disclosure_id)]
    prose = read_prose(desk.snapshot, files)
    said = understood.text
    for one in reversed(understood.whose):
        said = f"{said[: one.start]}，{said[one.end :]}"
    if asks_contact:
        return _contact(prose)
    below = quoted("said", under_heading(prose, plain_text(said)), 0.8) if lists and not understood.verify else None
    if below is not None:
        return Draft(below.text, cited=below.citations, route="narrative")
    if asked is None or not asked.words:
        return None
    units = {body.unit for one in understood.whose for body in one.bodies if body.unit is not None}
    lines = list(lines_of(prose))
    hits = find(lines, asked.words, forms_of, asked.units)
    hits = [hit for hit in hits if all(unit in hit.line.around + hit.line.span.plain for unit in units)]
    lone = [one.text for one in understood.unread if len(one.text) == 1 and tells(one.text)]  # 云|服务: no service but that
    hits = [hit for hit in hits if all(one in hit.line.span.plain for one in lone)]
    hits = [hit for hit in hits if not asked.denied or sum(word in hit.line.span.plain for word in asked.denied) * 2 < len(asked.denied)]
    if asked.kinds:
        return _number(hits, asked)
    amounts = [f"{one.number.normalize():,f}{one.unit}" for one in _amounts(understood)]
    return _purpose([hit for hit in hits if any(one in hit.line.span.plain for one in amounts)] or hits)


def _contact(prose: Sequence[Prose]) -> Draft | None:
    """Whom to call, as printed: the sentences with a telephone number."""
    printed = re.compile(load("refusals.toml")["contact"]["printed"])
    spans = [one.shortened() for passage in prose for one in passage.sentences if printed.search(one.plain)]
    said = quoted("said", spans[:MOST_CONTACTS])
    return None if said is None else Draft(said.text, cited=said.citations, route="narrative")


def _amounts(understood: Understood) -> list[Quantity]:
    """The amounts that a question gives of what it asks about."""
    return [one.quantity for one in understood.segments if one.quantity is not None and one.quantity.unit in MONEY_UNITS]


def _number(hits: Sequence[Hit], asked: Wanted) -> Draft | None:
    nouns = [form for word in asked.words if word in asked.noun for form in forms_of(word)]
    near = [hit for hit in hits if hit.score > ENOUGH - AHEAD]
    found = [(hit, *told) for hit in near if (told := _of_line(hit, asked)) is not None]
    found = [one for one in found if not nouns or any(form in one[1].label for form in nouns)]
    found = [one for one in found if found[0][0].score - one[0].score < AHEAD and found[0][0].own - one[0].own < OWN_AHEAD]
    found = [one for one in found if one[2] == max(beside for _, _, beside in found)]
    if not found or not _is_near(found[0][0]) or len({(number.number, number.kind) for _, number, _ in found}) > 1:
        return None
    best, number, _ = found[0]
    value = Value(number.number, number.unit)
    told = quoted("count", (best.line.span.shortened(),), best.score, values=(value,), value=shown(value))
    return None if told is None else Draft(told.text, (value,), cited=told.citations, route="narrative")


def _is_near(hit: Hit) -> bool:
    return hit.score >= ENOUGH and hit.own >= (OWN_OF_FORM if hit.line.is_of_form else OWN) and hit.told >= LEAST_TOLD


def _of_line(hit: Hit, asked: Wanted) -> tuple[StatedNumber, int] | None:
    """The one number of these kinds in a line, or the one beside which most of the words stand; with how many of them do."""
    span = hit.line.span
    numbers = [
        one
        for one in stated_numbers(span.prose)
        if span.start <= one.start < span.end
        and (one.kind in asked.kinds or ANY_COUNTER in asked.kinds)
        and one.after.startswith("/") == asked.per
        and not _change().search(one.before[-4:])
    ]
    if not numbers:
        return None
    telling = [word for word in hit.words if word not in span.prose.headings] or hit.words  # what the section is about tells none apart
    labels = [f"{one.label}{_spent_on(one, hit.line.span) if len(numbers) == 1 and hit.own >= VERBATIM else ''}" for one in numbers]
    beside = [sum(any(form in label for form in forms_of(word)) for word in telling) for label in labels]
    best = [one for one, many in zip(numbers, beside, strict=True) if many == max(beside)]
    best = [one for one in best if asked.last and any(form in one.label for form in forms_of(asked.last))] or best
    told = len(best) == 1 and max(beside) > 0 and not (hit.line.is_of_form and _says_more(best[0].label, hit.words))
    return (best[0], max(beside)) if told else None


def _spent_on(number: StatedNumber, span: Span) -> str:
    """The one thing for which an amount is said to be spent, right behind it (200万元，主要用于某项目); "" where for several."""
    told = PURPOSE.match(span.prose.plain, number.end + 1)
    clause = _SENTENCE.match(span.prose.plain, told.end() if told else span.end)
    return "" if clause is None or _AND.search(clause[0]) else clause[0]


def _says_more(label: str, words: Sequence[str]) -> bool:
    """Whether what a line of a form gives its number for says more that was not asked than what was (空置期套数: 公租房多少套)."""
    forms = [form for word in words for form in forms_of(word)]
    own = [word for word in content_words(label) if len(word) > 1 and word not in fillers() and not word[0].isdigit()]
    beyond = [word for word in own if not any(form in word or word in form for form in forms)]
    return 2 * len(beyond) > len(own)


@cache
def _change() -> re.Pattern[str]:
    return prose_words().pattern("change")


def _purpose(hits: Sequence[Hit]) -> Draft | None:
    told = next((hit for hit in hits if _is_near(hit) and PURPOSE.search(hit.line.span.plain)), None)
    said = quoted("said", (told.line.span.shortened(),), told.score) if told is not None else None
    return None if said is None else Draft(said.text, cited=said.citations, route="narrative")

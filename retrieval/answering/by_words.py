"""What the prose or a project's form says in the words of a question that names nothing printed: the last thing tried before a refusal;
and what a project is to achieve, the goals and indicators that its 绩效目标表 prints, quoted line by line.

The first only for a plain question after one number, or what something is for; never for a composition, a claim or several agencies.
Goals only where a question asks for them themselves, not for one number among them. Of several tables the one whose project the
question names; where it names none, the one about all spending, else the projects are offered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from retrieval.answer.answer import Value
from retrieval.answer.draft import Draft, as_draft
from retrieval.answer.values import Words
from retrieval.answer.wording import say, shown
from retrieval.answering.asked import files_of
from retrieval.figures.places import ALIKE, Desk, likeness
from retrieval.figures.things import goal_of
from retrieval.language.segments import Understood
from retrieval.prose import evidence
from retrieval.prose.by_words import Hit, find, lines_of, under_heading
from retrieval.prose.counts import MONEY, PERCENT, StatedNumber, asked_counter, kind_of, numbers_of
from retrieval.prose.evidence import quoted
from retrieval.prose.likeness import ANY_COUNTER, forms_of, holds, pattern, printed, prose_words
from retrieval.prose.passages import GOALS, Prose, Span, plain_text, read_prose
from retrieval.question.expression import Pick
from retrieval.words.content import tells
from retrieval.words.cues import cues, denials, fillers
from retrieval.words.folding import bare
from retrieval.words.forms import content_words
from retrieval.words.grammar import load
from store.money import MONEY_UNITS
from store.text_index import parts_of_speech

MOST_OPTIONS = 6
MOST_LINES = 8

ENOUGH = 0.7  # of the words' weight that the line and what is around it must hold
OWN, OWN_OF_FORM = 0.45, 0.15  # of it that the line itself must hold
BESIDE = 0.5  # weight of a word outside the clause that asks
VERB = 0.6  # of one for what is done, of which there are many (组织、参加、开展)
LEAST_TOLD = 0.9  # what its words must tell, where one is all that a word tells that stands in no other line
OWN_AHEAD = 0.12  # by which the line itself must be ahead of such a line
VERBATIM = 0.9  # of what is asked by what an amount is spent on
AHEAD = 0.08  # by which it must be ahead of the next line that says something else
MOST_CONTACTS = 3
_CLAUSE = re.compile(r"[^，。？！；,?!;（）()]+")
_CONTENT = ("n", "v", "a", "j", "l", "i", "eng", "x", "b", "s")


@dataclass(frozen=True, slots=True)
class Wanted:
    """What is asked: words, and the kinds of number; none for what something is for."""

    words: dict[str, float]  # each with its weight
    kinds: tuple[str, ...] = ()
    denied: tuple[str, ...] = ()  # words of what is said not to be meant
    units: tuple[str, ...] = ()  # by which things are counted
    noun: str = ""  # of what is counted: 多少座|小水库
    per: bool = False  # one of what is counted is asked for: 一个人一年
    last: str = ""  # the word right before the question: 资金|执行|了多少


def _cues(name: str) -> frozenset[str]:
    """A group of cues of data/grammar/prose.toml."""
    return frozenset(load("prose.toml")["by_words"][name])


def wanted(understood: Understood, *, aims: bool = False) -> Wanted | None:
    """What a question seeks (`aims`: what something is for); None where it asks for more than one number or sentence can tell."""
    text, composed = understood.text, _cues("composed")
    said = {cue for one in understood.segments if not one.is_filler for cue in one.cues}
    counts = list(asked_counter().finditer(text))
    words, denied = _words(understood)
    if aims:
        return Wanted(words, (), denied)
    what = not counts and not said & _cues("asking") and prose_words().found("what", text) is not None  # 考察什么, 花在哪些事上
    composed -= {"SUM"} if counts else {"LISTQ"} if what else set()  # 一共几座
    if understood.verify or said & composed:
        return None
    if counts:
        asked = tuple(kind_of(one[1]) for one in counts)
        rest = _CLAUSE.match(text, counts[0].end())
        alike = tuple(one for one, kind in prose_words().counters.items() if kind in asked)
        vague = not _cues("any_counter").isdisjoint(asked)
        return Wanted(words, asked, denied, () if vague else alike, rest[0] if rest else "")
    per = prose_words().found("per", text) is not None
    if "PERCENTQ" in said:
        return Wanted(words, (PERCENT,), denied, per=per)
    if "HOWMUCH" in said:
        kinds = (MONEY,) if "TARGET" not in said or "MONEYQ" in said else (MONEY, PERCENT, ANY_COUNTER)
        before = text[: max(one.start for one in understood.segments if "HOWMUCH" in one.cues)]
        return Wanted(words, kinds, denied, per=per, last=_done_last(before))
    return Wanted(words, (), denied) if what or "PURPOSE" in said else None


def _words(understood: Understood) -> tuple[dict[str, float], tuple[str, ...]]:
    """The content words outside names of agencies, years, amounts and cues, each with its weight: less outside the clause that asks.
    Apart from them the words of what is said not to be meant."""
    text, things = understood.text, _cues("things")
    counts = [match.span() for match in asked_counter().finditer(text)]
    known = [
        (one.start, one.end)
        for one in understood.segments
        if not one.items and (one.cues - things or one.counter is not None or one.period or one.kind or one.quantity or one.is_mark)
    ]
    rest = text
    for start, end in (*known, *counts, *((one.start, one.end) for one in understood.whose)):
        rest = f"{rest[:start]}{'，' * (end - start)}{rest[end:]}"
    asking = [start for start, _ in counts] + [one.start for one in understood.segments if one.cues & _cues("asking")]
    idle = {*fillers(), *(word for role in ("filler", "what", "goal") for word in prose_words().of(role))}
    beyond = [match.span() for match in denials(text)]
    suffix = "".join(prose_words().of("suffix"))
    out: dict[str, float] = {}
    denied: list[str] = []
    for clause in _CLAUSE.finditer(text):
        first, last = clause.span()
        weight = 1.0 if any(first <= at < last for at in asking) else BESIDE
        is_denied = any(start < last and first < end for start, end in beyond)
        for said, tag in parts_of_speech(rest[first:last]):
            word = said.rstrip(suffix) if len(said) > 2 else said  # 服务类
            told = (tag.startswith(_CONTENT) and len(word) > 1) or tag == "n"
            if not told or word in idle or cues().get(word, frozenset()) - things or word.isdigit():
                continue
            if is_denied:
                denied.append(word)
            else:
                out[word] = max(out.get(word, 0.0), weight * (VERB if tag.startswith("v") else 1.0))
    return out, tuple(word for word in denied if word not in out)


def _done_last(before: str) -> str:
    """The verb, or what it leaves, that a question ends in before its question word (资金|执行|了); "" where it ends in a thing."""
    said = [(word, tag) for word, tag in parts_of_speech(before) if not tag.startswith("u")][-1:]
    return next((word for word, tag in said if len(word) > 1 and tag.startswith("v")), "")


def by_words(desk: Desk, understood: Understood, agency_id: str, year: int | None, *, aims: bool = False) -> Draft | None:
    """The number or sentence that the words point at; None where nothing is near enough, or two things are as near."""
    asked, contact = wanted(understood, aims=aims), load("refusals.toml")["contact"]
    contacts = re.search(contact["asks"], understood.text) is not None
    plain_cues = _cues("composed") - {"LISTQ"} | _cues("asking")
    lists = not any(one.items or one.cues & plain_cues for one in understood.segments if not one.is_filler)
    if (asked is None or not asked.words) and not lists and not contacts:
        return None
    disclosures = sorted(desk.directory[agency_id].disclosures, key=lambda one: -(one.year or 0))
    chosen = [one for one in disclosures if one.year == (year or disclosures[0].year)]
    prose = read_prose(desk.snapshot, [file for one in chosen for file in files_of(desk.snapshot, one.disclosure_id)])
    if contacts:
        lines = [one.shortened() for passage in prose for one in passage.sentences if re.search(contact["printed"], one.plain)]
        return as_draft(quoted("said", lines[:MOST_CONTACTS]))
    said = understood.text
    for one in reversed(understood.whose):
        said = f"{said[: one.start]}，{said[one.end :]}"
    below = quoted("said", under_heading(prose, plain_text(said)), 0.8) if lists and not understood.verify else None
    if below is not None or asked is None or not asked.words:
        return as_draft(below)
    hits = _hits(understood, asked, find(list(lines_of(prose)), asked.words, asked.units))
    return as_draft(_number(hits, asked) if asked.kinds else _purpose(hits, understood))


def _hits(understood: Understood, asked: Wanted, hits: Sequence[Hit]) -> list[Hit]:
    """The lines that are of the unit that is named, and not of what is said not to be meant."""
    units = {body.unit for one in understood.whose for body in one.bodies if body.unit is not None}
    lone = [one.text for one in understood.unread if len(one.text) == 1 and tells(one.text)]  # 云|服务: no service but that
    return [
        hit
        for hit in hits
        if all(unit in hit.line.around + hit.line.span.plain for unit in units)
        and all(one in hit.line.span.plain for one in lone)
        and (not asked.denied or 2 * sum(word in hit.line.span.plain for word in asked.denied) < len(asked.denied))
    ]


def _number(hits: Sequence[Hit], asked: Wanted) -> Words | None:
    """The one number that the best lines give for what is asked."""
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
    return quoted("count", (best.line.span.shortened(),), best.score, values=(value,), value=shown(value))


def _is_near(hit: Hit) -> bool:
    return hit.score >= ENOUGH and hit.own >= (OWN_OF_FORM if hit.line.is_of_form else OWN) and hit.told >= LEAST_TOLD


def _of_line(hit: Hit, asked: Wanted) -> tuple[StatedNumber, int] | None:
    """The one number of these kinds in a line, or the one beside which most of the words stand; with how many of them do."""
    span, change = hit.line.span, pattern("change")
    numbers = [one for one in numbers_of(span) if one.kind in asked.kinds or ANY_COUNTER in asked.kinds]
    numbers = [one for one in numbers if one.after.startswith("/") == asked.per and not change.search(one.before[-4:])]
    if not numbers:
        return None
    telling = [word for word in hit.words if word not in span.prose.headings] or hit.words  # what the section is about tells none apart
    labels = [f"{one.label}{_spent_on(one, span) if len(numbers) == 1 and hit.own >= VERBATIM else ''}" for one in numbers]
    beside = [sum(holds(label, word) for word in telling) for label in labels]
    best = [one for one, many in zip(numbers, beside, strict=True) if many == max(beside)]
    best = [one for one in best if asked.last and holds(one.label, asked.last)] or best
    told = len(best) == 1 and max(beside) > 0 and not (hit.line.is_of_form and _says_more(best[0].label, hit.words))
    return (best[0], max(beside)) if told else None


def _spent_on(number: StatedNumber, span: Span) -> str:
    """The one thing for which an amount is said to be spent, right behind it (200万元，主要用于某项目); "" where for several."""
    told = printed("told", "purpose").match(span.prose.plain, number.end + 1)
    clause = re.compile("[^。；]+").match(span.prose.plain, told.end() if told else span.end)
    return "" if clause is None or printed("by_words", "several").search(clause[0]) else clause[0]


def _says_more(label: str, words: Sequence[str]) -> bool:
    """Whether what a line of a form gives its number for says more that was not asked than what was (空置期套数: 公租房多少套)."""
    forms = [form for word in words for form in forms_of(word)]
    own = [word for word in content_words(label) if len(word) > 1 and word not in fillers() and not word[0].isdigit()]
    beyond = [word for word in own if not any(form in word or word in form for form in forms)]
    return 2 * len(beyond) > len(own)


def _purpose(hits: Sequence[Hit], understood: Understood) -> Words | None:
    """The nearest line that says what something is for; of the lines with the amount that the question says, where there are any."""
    said = [one.quantity for one in understood.segments if one.quantity is not None and one.quantity.unit in MONEY_UNITS]
    amounts = [f"{one.number.normalize():,f}{one.unit}" for one in said]
    near = [hit for hit in hits if any(one in hit.line.span.plain for one in amounts)] or hits
    told = next((hit for hit in near if _is_near(hit) and printed("told", "purpose").search(hit.line.span.plain)), None)
    return None if told is None else quoted("said", (told.line.span.shortened(),), told.score)


def goals(desk: Desk, understood: Understood, about: Pick) -> Draft | None:
    """The goals of the project asked for; None where none are asked for, or none are printed."""
    if about.agency is None or not re.search(_goal_words()["asks"], understood.text):
        return None
    agency = desk.directory[about.agency]
    disclosures = [one.disclosure_id for one in agency.disclosures if about.year in (None, one.year)]
    prose = read_prose(desk.snapshot, [file for one in disclosures for file in files_of(desk.snapshot, one)])
    prose = [passage for passage in prose if passage.topic == GOALS and passage.section]
    latest = max((passage.document.year or 0 for passage in prose), default=0)
    tables: dict[str, list[Prose]] = defaultdict(list)
    for passage in prose:
        if (passage.document.year or 0) == latest:
            tables[passage.section[0]].append(passage)
    title = _meant(understood, list(tables))
    if title is not None:
        lines = _lines(tables[title], understood.text)
        found = evidence.quoted("listed", lines[:MOST_LINES])
        rest = len(lines) - MOST_LINES
        more = (say("assumed", "more_lines", count=rest),) if rest > 0 else ()
        return None if found is None else Draft(found.text, cited=found.cited, route="narrative", assumptions=more)
    names = [name for name in dict.fromkeys(map(goal_of, tables)) if name]
    if tables and (told := by_words(desk, understood, about.agency, about.year, aims=True)) is not None:
        return told
    few = names[:MOST_OPTIONS]
    text = say("clarify", "which_project", who=agency.name, year=latest, count=len(names), there="、".join(few))
    options = tuple(evidence.say("quoted", "ask_goals", agency=agency.name, year=latest, name=name) for name in few)
    return Draft(text, route="clarify", options=options) if names else None


def _goal_words() -> dict[str, str]:
    return load("refusals.toml")["goals"]


def _meant(understood: Understood, titles: Sequence[str]) -> str | None:
    """The table that the question names, the only one there is, or the one about all spending where it names no project."""
    said = [re.sub(_goal_words()["asked"], "", bare(one.text)) for one in understood.segments if one.items or one.is_unread]
    named = [content_words(bare(one.text)) for one in understood.segments if one.items]
    fits = [(likeness(goal_of(title), word), title) for title in titles for word in said if len(word) >= 2 and goal_of(title)]
    fits += [(1.0, title) for title in titles if len(goal_of(title)) >= 4 and goal_of(title) in bare(understood.text)]
    fits += [(1.0, title) for title in titles for words in named if words and all(word in bare(title) for word in words)]
    best = max(fits, default=(0.0, ""))
    if best[0] >= ALIKE:
        return best[1]
    whole = [title for title in titles if _goal_words()["whole"] in title]
    return whole[0] if whole else titles[0] if len(titles) == 1 else None


def _lines(passages: Sequence[Prose], text: str) -> list[Span]:
    """The goal in words, then the indicators with their values; the indicators alone where only they are asked for."""
    words = _goal_words()
    aims: list[Span] = []
    indicators: list[Span] = []
    opening = {"table_head": indicators, "aim": aims, "form_word": None}
    for passage in passages:
        into = aims if any(re.search(words["aim_heading"], heading) for heading in passage.section[1:]) else None
        for sentence in passage.sentences:
            opened = next((name for name in opening if re.match(words[name], sentence.plain)), None)
            into = into if opened is None else opening[opened]
            if into is not None and words["value_head"] not in sentence.plain:
                into.append(sentence.shortened())
    return indicators if re.search(words["indicators_alone"], text) else [*aims[: MOST_LINES // 2], *indicators]

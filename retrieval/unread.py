"""Words of a question that its answer leaves out: none may be dropped in silence.

Two halves. From the question alone: the words that nothing in the plan stands for. From the answer: which of them the
printed labels behind it don't say either, and which parts could not be taken off. What is left is told beside the answer.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import cache

from retrieval.figures import Reading
from retrieval.lexicon import Term, contains, question_words
from retrieval.places import goal_of, is_goal_table
from retrieval.plan import Asked, Operation, Plan
from retrieval.question_reader import AGENTS, MASK, Parts
from retrieval.reading import HAN, bare
from retrieval.readings import PORTION_OF
from retrieval.wording import FUND_NAMES, PORTION_NAMES, say

_ONLY_IN: dict[str, tuple[Operation, ...]] = {  # cues that say nothing to other operations
    "per_head": ("share", "decline"),
    "part_of_year": ("decline", "count"),
    "rank_most": ("rank", "growth", "compare", "difference", "list", "share", "trend", "verify"),
    "rank_least": ("rank", "growth", "compare", "difference", "list", "share", "trend", "verify"),
    "share": ("share", "rank", "list", "verify", "growth"),
    "mean": ("sum", "share", "decline"),
    "equal": ("verify", "decline"),
    "times": ("share", "decline"),
}
_BOUNDED: tuple[Operation, ...] = ("rank", "list", "verify")
_NO_CONTENT = frozenset(("pay", "person", "off_subject", "command", "uncut"))  # meanings whose words are what a question is about
_IN_PROSE: tuple[Operation, ...] = ("explain", "define", "count", "clarify", "decline")  # answered with quotes, which show what they say
_EDGES = "的了和与跟及或里中在是有被把对又还也就都从为给个些这那各所按以上下内外前后其之"
_COUNTING = re.compile(  # 前三项, 哪一类, 最高的一年比: how many, and which of them
    r"[前第排这那哪最]*[一二两三四五六七八九十几多\d]+(?:[年项类款级位家个名大种笔倍条]|部门|单位)+|哪[年项类款级位家个种笔些]|每[个家](?:部门|单位|机构)?"
)
_BOUND = re.compile(r"(?:不?超过|[大高多低小少]于|不到|不足|至[少多])|以[上下内]")
_RUN = re.compile(rf"[{HAN}a-z]+")
MOST_TOLD = 3


def unread_words(parts: Parts, plan: Plan) -> tuple[str, ...]:
    """The words of the question that nothing in `plan` stands for, in order."""
    if plan.operation in _IN_PROSE:
        return ()
    text = parts.masked
    asked = tuple(_all_asked(plan))
    missed: list[tuple[int, str]] = []
    for start, end in parts.periods.spans:
        text = _blank(text, start, end)
    for quantity in parts.quantities:
        if plan.conditions and plan.operation not in _BOUNDED:
            missed.append((quantity.start, text[max(quantity.start - 2, 0) : quantity.end].strip(MASK + _EDGES)))
        text = _blank(text, quantity.start, quantity.end)
    for one in parts.found:
        if not _stands_for(one.term, asked):
            missed.append((one.start, one.term.word))
        text = _blank(text, one.start, one.end)
    for said in sorted({said for one in asked for said in (one.said, one.fuller or "")}, key=len, reverse=True):
        at = parts.masked.find(said) if len(said) > 1 else -1
        text = _blank(text, at, at + len(said)) if at >= 0 else text
    if plan.conditions and plan.operation in _BOUNDED:
        text = _BOUND.sub(lambda match: " " * len(match.group()), text)
    for known in (_COUNTING, _known(plan.operation), AGENTS):
        text = known.sub(lambda match: " " * len(match.group()), text)
    text = _known(plan.operation).sub(lambda match: " " * len(match.group()), text)
    for run in _RUN.finditer(text):
        core = run.group().strip(_EDGES)
        if len(core) >= 2 or (core and len(run.group()) >= 2):
            missed.append((run.start(), core if len(core) >= 2 else run.group()))
    return tuple(dict.fromkeys(word for _, word in sorted(missed) if word))


def told_beside(plan: Plan, readings: Sequence[Reading]) -> tuple[str, ...]:
    """What is said beside an answer from tables: words that it leaves out."""
    if not readings:
        return ()
    names = [bare(label) for reading in readings for cell in reading.cells for label in (*cell.row_path, cell.item)]
    labels = [bare(label) for reading in readings for label in _labels(reading)]
    left = [word for word in plan.unread if not any(word in label for label in labels) and not any(contains(n, word) for n in names)]
    left += _not_narrowed(plan.within, readings)
    return (say("assumed", "unread", words="”“".join(left[:MOST_TOLD])),) if left else ()


def _not_narrowed(within: Asked | None, readings: Sequence[Reading]) -> list[str]:
    """The portion and fund of a whole by which none of its parts here is narrowed."""
    if within is None:
        return []
    cells = [cell for reading in readings for cell in reading.cells]
    portion = [] if within.portion is None or any(c.portion == within.portion for c in cells) else [PORTION_NAMES[within.portion]]
    fund = [] if within.fund is None or any(cell.fund == within.fund for cell in cells) else [FUND_NAMES[within.fund]]
    return portion + fund


def taken_for(plan: Plan, readings: Sequence[Reading]) -> tuple[str, ...]:
    """Says which printed label the words were taken for, where they stand in it only in pieces (社区卫生 in 城乡社区环境卫生)."""
    said = [asked.said for asked in plan.items if asked.item is None and asked.code is None and asked.affiliate is None]
    if len(said) != 1 or not readings or readings[0].stated is not None:
        return ()
    cell, words = readings[0].first, bare(said[0])
    label = goal_of(cell.table_title) if is_goal_table(cell.table_title) else cell.row_label or cell.item
    printed = bare("".join((*cell.row_path, cell.item, cell.table_title)))
    stem = re.sub("(?:支出|经费|费用|资金|项目|费)+$", "", words)
    return () if words in printed or (len(stem) >= 2 and stem in printed) else (say("assumed", "taken_for", said=said[0], label=label),)


def not_taken_off(plan: Plan, text: str, readings: Sequence[Reading]) -> str:
    """The sentence that names what the question leaves out and the figures still hold; "" where there is none."""
    if plan.operation == "lookup" or not readings:
        return ""
    kept = [part.said for part in plan.without if plan.within is not None and say("computed", "less", parts=part.item) not in text]
    kept += [
        part.said
        for part in plan.without
        for asked in plan.items[:1]
        if any(not _is_without(reading, part) for reading in readings if reading.stated is not None or reading.first.item in asked.names)
    ]
    return say("computed", "not_taken_off", parts="、".join(dict.fromkeys(kept))) if kept else ""


def _is_without(reading: Reading, part: Asked) -> bool:
    parts = {name for one in (part.parts or (part,)) for name in one.names}
    return reading.stated is None and any(cell.item in parts for cell in reading.minus)


def _all_asked(plan: Plan) -> Iterator[Asked]:
    for asked in (*plan.items, plan.base, plan.within):
        if asked is not None:
            yield asked
            yield from asked.parts
            yield from asked.without


def _stands_for(term: Term, asked: Iterable[Asked]) -> bool:
    """Whether the plan asks for what the term says, or for something that it narrows."""
    if term.kind == "total":
        return True
    portion = PORTION_OF.get(term.names[0]) if term.names else None
    return any(
        set(term.names) & set(one.names)
        or (term.code is not None and term.code == one.code)
        or (term.fund is not None and term.fund == one.fund)
        or (portion is not None and portion == one.portion)
        or (one.under is not None and bare(term.names[0] if term.names else term.word) == one.under)
        or term.word in (one.said, one.fuller or "")
        or (len(term.word) > 1 and term.word in (one.fuller or one.said))
        for one in asked
    )


@cache
def _known(operation: Operation) -> re.Pattern[str]:
    """Words that are no content, or that the operation heeds."""
    heeded = {
        word
        for meaning, some in question_words().by_meaning.items()
        if meaning not in _NO_CONTENT and operation in _ONLY_IN.get(meaning, (operation,))
        for word in some
    }
    return re.compile("|".join(map(re.escape, sorted(heeded, key=lambda word: (-len(word), word)))))


def _blank(text: str, start: int, end: int) -> str:
    return text[:start] + MASK * (end - start) + text[end:]


def _labels(reading: Reading) -> Iterator[str]:
    """Everything printed that says what a reading is about."""
    if reading.stated is not None:
        yield from (*reading.stated.section, *reading.stated.context, reading.stated.quote, reading.stated.item)
    for cell in (*reading.cells, *reading.twins):
        yield from (*cell.row_path, cell.table_title, "".join(cell.column_path), cell.item)

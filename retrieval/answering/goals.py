"""What a project is to achieve: the goals and indicators that its 绩效目标表 prints, quoted line by line.

Only where a question asks for goals themselves, not for one number among them. Of several tables the one whose project the
question names; where it names none, the one about all spending, else the projects are offered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Sequence

from retrieval.answer.draft import Draft
from retrieval.answer.wording import say
from retrieval.answering.by_words import by_words
from retrieval.answering.told import files_of
from retrieval.figures.places import ALIKE, Desk, likeness
from retrieval.figures.readings import goal_of
from retrieval.language.segments import Understood
from retrieval.prose import evidence
from retrieval.prose.passages import GOALS, Prose, Span, read_prose
from retrieval.question.expression import Pick
from retrieval.words.folding import bare
from retrieval.words.forms import content_words
from retrieval.words.grammar import load

MOST_OPTIONS = 6
MOST_LINES = 8


def goals(desk: Desk, understood: Understood, about: Pick) -> Draft | None:
    """The goals of the project asked for; None where none are asked for, or none are printed."""
    if about.agency is None or not re.search(_words()["asks"], understood.text):
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


def _words() -> dict[str, str]:
    return load("refusals.toml")["goals"]


def _meant(understood: Understood, titles: Sequence[str]) -> str | None:
    """The table that the question names, the only one there is, or the one about all spending where it names no project."""
    said = [re.sub(_words()["asked"], "", bare(one.text)) for one in understood.segments if one.items or one.is_unread]
    named = [content_words(bare(one.text)) for one in understood.segments if one.items]
    fits = [(likeness(goal_of(title), word), title) for title in titles for word in said if len(word) >= 2 and goal_of(title)]
    fits += [(1.0, title) for title in titles if len(goal_of(title)) >= 4 and goal_of(title) in bare(understood.text)]
    fits += [(1.0, title) for title in titles for words in named if words and all(word in bare(title) for word in words)]
    best = max(fits, default=(0.0, ""))
    if best[0] >= ALIKE:
        return best[1]
    whole = [title for title in titles if _words()["whole"] in title]
    return whole[0] if whole else titles[0] if len(titles) == 1 else None


def _lines(passages: Sequence[Prose], text: str) -> list[Span]:
    """The goal in words, then the indicators with their values; the indicators alone where only they are asked for."""
    words = _words()
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

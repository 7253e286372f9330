"""What a project is to achieve: the goals and indicators that its 绩效目标表 prints, quoted line by line.

Only where a question asks for goals themselves, not for one number among them. Of several tables the one whose project the
question names; where it names none, the one about all spending, else the projects are offered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from retrieval.answer.answer import CitedDocument
from retrieval.answer.draft import Draft
from retrieval.answer.wording import say
from retrieval.answering.by_words import by_words
from retrieval.answering.told import files_of
from retrieval.figures.places import ALIKE, Desk, goal_of, likeness
from retrieval.language.reader import Understood
from retrieval.names.labels import content_words
from retrieval.prose.evidence import quoted
from retrieval.prose.passages import GOALS, Prose, Span, read_prose
from retrieval.question.expression import Pick
from retrieval.words.cues import load
from retrieval.words.folding import bare

MOST_OPTIONS = 6
MOST_LINES = 8


def goals(desk: Desk, understood: Understood, about: Pick) -> Draft | None:
    """The goals of the project asked for; None where none are asked for, or none are printed."""
    words = load("refusals.toml")["goals"]
    if about.agency is None or not re.search(words["asks"], understood.text):
        return None
    tables: dict[tuple[str, str], list[Prose]] = defaultdict(list)
    for passage in read_prose(desk.snapshot, _documents(desk, about)):
        if passage.topic == GOALS and passage.section:
            tables[passage.document.id, passage.section[0]].append(passage)
    latest = max((passages[0].document.year or 0 for passages in tables.values()), default=0)
    tables = {key: passages for key, passages in tables.items() if (passages[0].document.year or 0) == latest}
    if not tables:
        return None
    title = _meant(understood, [title for _, title in tables])
    if title is None:
        if (told := by_words(desk, understood, about.agency, about.year, aims=True)) is not None:
            return told
        return _offered(desk.directory[about.agency].name, [goal_of(title) for _, title in tables], latest)
    lines = [span for (_, name), passages in tables.items() if name == title for span in _lines(passages, understood.text)]
    spans = lines[:MOST_LINES]
    found = quoted("listed", spans)
    if found is None:
        return None
    more = (say("assumed", "more_lines", count=len(lines) - len(spans)),) if len(lines) > len(spans) else ()
    return Draft(found.text, cited=found.citations, route="narrative", assumptions=more)


def _documents(desk: Desk, about: Pick) -> list[CitedDocument]:
    """The files of the agency's disclosures, of the year that is said."""
    found = desk.directory[about.agency or ""].disclosures
    return [file for one in found if about.year in (None, one.year) for file in files_of(desk.snapshot, one.disclosure_id)]


def _meant(understood: Understood, titles: Sequence[str]) -> str | None:
    """The table that the question names, the only one there is, or the one about all spending where it names no project."""
    words = load("refusals.toml")["goals"]
    said = [re.sub(words["asked"], "", bare(one.text)) for one in understood.segments if one.items or one.is_unread]
    fits = [(likeness(goal_of(title), word), title) for title in titles for word in said if len(word) >= 2 and goal_of(title)]
    fits += [(1.0, title) for title in titles if len(goal_of(title)) >= 4 and goal_of(title) in bare(understood.text)]
    named = [content_words(bare(one.text)) for one in understood.segments if one.items]
    fits += [(1.0, title) for title in titles for words_ in named if words_ and all(word in bare(title) for word in words_)]
    best = max(fits, default=(0.0, ""))
    if best[0] >= ALIKE:
        return best[1]
    whole = [title for title in titles if words["whole"] in title]
    return whole[0] if whole else titles[0] if len(titles) == 1 else None


def _offered(agency: str, projects: Sequence[str], year: int) -> Draft | None:
    """Asks back which project is meant."""
    names = [name for name in dict.fromkeys(projects) if name]
    if not names:
        return None
    few = names[:MOST_OPTIONS]
    text = say("clarify", "which_project", who=agency, year=year, count=len(names), there="、".join(few))
    return Draft(text, route="clarify", options=tuple(f"{agency}{year}年{name}的绩效目标是什么" for name in few))


def _lines(passages: Sequence[Prose], text: str) -> Iterator[Span]:
    """The goal in words, then the indicators with their values; the indicators first where they alone are asked for."""
    words = load("refusals.toml")["goals"]
    aims: list[Span] = []
    indicators: list[Span] = []
    for passage in passages:
        into: list[Span] | None = aims if any(re.search(words["aim_heading"], heading) for heading in passage.section[1:]) else None
        for sentence in passage.sentences:
            if re.match(words["table_head"], sentence.plain):
                into = indicators
            elif re.match(words["aim"], sentence.plain):
                into = aims
            elif re.match(words["form_word"], sentence.plain):
                into = None
            if into is not None and words["value_head"] not in sentence.plain:
                into.append(sentence)
    if re.search(words["indicators_alone"], text):
        aims = []
    yield from (span.shortened() for span in (*aims[: MOST_LINES // 2], *indicators))

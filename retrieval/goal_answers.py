"""What a project is to achieve: the goals and indicators that its 绩效目标表 prints, quoted line by line.

Only where a question asks for goals themselves, not for one number among them. Of several tables the one whose project the
question names; where it names none, the one about all spending, else the projects are offered.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence

from retrieval.draft import Draft
from retrieval.passages import GOALS, Prose, Rows, Span, citation, read_prose
from retrieval.places import ALIKE, Desk, goal_of, likeness
from retrieval.plan import Plan
from retrieval.prose import documents_asked
from retrieval.prose_evidence import quoted
from retrieval.reading import bare
from retrieval.refusals import MOST_OPTIONS
from retrieval.wording import say

_ASKS = re.compile(
    r"(?:绩效|总体|年度|项目|预期|整体)?(?:目标|指标)(?:都?是什么|是啥|都?有哪些|有什么|是哪些|包括.{0,2}什么|包括哪些|怎么[定设]的?|呢)?[啊呀？?。]*$|"
    r"(?:达到|实现|完成)(?:什么|哪些|啥)(?:样的)?(?:目标|效果|指标)"
)
_INDICATORS = re.compile("指标")
_AIM = re.compile(r"^(?:年度|总体|项目|实施|中期|长期)*目标")
_AIM_HEADING = re.compile(r"目标$|任务$")
_TABLE_HEAD = re.compile(r"^(?:绩效)?(?:目标)?指标|^[一二三]级指标|指标值")
_FORM_WORD = re.compile(r"^(?:项目名称|主管部门|实施单位|(?:专项|项目)?资金|其中|上年结转|其他资金|财政拨款|年度资金|实施期)")
_ALL_SPENDING = "整体"
MOST_LINES = 8


def goals(desk: Desk, plan: Plan, snapshot: Rows) -> Draft | None:
    """The goals of the project asked for; None where none are asked for, or none are printed."""
    if not _ASKS.search(plan.text) or len(plan.agencies) != 1 or plan.operation not in ("lookup", "define", "list", "explain"):
        return None
    tables: dict[tuple[str, str], list[Prose]] = defaultdict(list)
    for passage in read_prose(snapshot, documents_asked(plan, snapshot)):
        if passage.topic == GOALS and passage.section:
            tables[passage.document.id, passage.section[0]].append(passage)
    latest = max((passages[0].document.year or 0 for passages in tables.values()), default=0)
    tables = {key: passages for key, passages in tables.items() if (passages[0].document.year or 0) == latest}
    if not tables:
        return None
    title = _meant(plan, [title for _, title in tables])
    if title is None:
        return _offered(desk, plan, [goal_of(title) for _, title in tables], latest)
    lines = [span for (_, name), passages in tables.items() if name == title for span in _lines(passages, plan)]
    spans = lines[:MOST_LINES]
    found = quoted("listed", spans)
    if found is None:
        return None
    more = (say("assumed", "more_lines", count=len(lines) - len(spans)),) if len(lines) > len(spans) else ()
    return Draft(found.text, cited=tuple(citation(span) for span in spans), route="narrative", assumptions=more)


def _meant(plan: Plan, titles: Sequence[str]) -> str | None:
    """The table that the question names, the only one there is, or the one about all spending where it names no project."""
    said = [word for word in (*(asked.fuller or asked.said for asked in plan.items), *plan.topics) if not _ASKS.fullmatch(word)]
    said = [bare(re.sub(r"(?:的?(?:绩效|年度|总体)?(?:目标|指标)|项目|要?达到)+$", "", word)) for word in said]
    fits = [(likeness(goal_of(title), word), title) for title in titles for word in said if len(word) >= 2 and goal_of(title)]
    fits += [(1.0, title) for title in titles if len(goal_of(title)) >= 4 and goal_of(title) in bare(plan.text)]
    best = max(fits, default=(0.0, ""))
    if best[0] >= ALIKE:
        return best[1]
    if any(len(word) >= 2 and word not in ("项目", "部门", "单位") for word in said):
        return None
    whole = [title for title in titles if _ALL_SPENDING in title]
    return whole[0] if whole else titles[0] if len(titles) == 1 else None


def _offered(desk: Desk, plan: Plan, projects: Sequence[str], year: int) -> Draft | None:
    """Asks back which project is meant."""
    names = [name for name in dict.fromkeys(projects) if name]
    if not names:
        return None
    agency = desk.directory[plan.agencies[0]].name
    few = names[:MOST_OPTIONS]
    text = say("clarify", "which_project", who=agency, year=year, count=len(names), there="、".join(few))
    return Draft(text, route="clarify", options=tuple(f"{agency}{year}年{name}的绩效目标是什么" for name in few))


def _lines(passages: Sequence[Prose], plan: Plan) -> Iterator[Span]:
    """The goal in words, then the indicators with their values; the indicators first where they alone are asked for."""
    aims: list[Span] = []
    indicators: list[Span] = []
    for passage in passages:
        into: list[Span] | None = aims if any(_AIM_HEADING.search(heading) for heading in passage.section[1:]) else None
        for sentence in passage.sentences:
            if _TABLE_HEAD.match(sentence.plain):
                into = indicators
            elif _AIM.match(sentence.plain):
                into = aims
            elif _FORM_WORD.match(sentence.plain):
                into = None
            if into is not None and "指标值" not in sentence.plain:
                into.append(sentence)
    if _INDICATORS.search(plan.text) and "目标" not in plan.text:
        aims = []
    yield from (span.shortened() for span in (*aims[: MOST_LINES // 2], *indicators))

"""Figures stated in prose, each with what it is about.

Takes passages, gives a `Statement` for every number that costs, shares, changes or counts something, and for every
clause that says there is none (`本部门无政府性基金安排的支出`). A number is read with the clause before it
(ingest/clauses.py); what the clause leaves out comes from the sentence so far: `其中` and brackets open a level under the
last figure, a full stop closes it, and a share or a change without a name is that of the figure before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from ingest.clauses import WHOLE, Clause, Direction, fund_of, name_of, read_clause
from ingest.prose_events import CLOSING, OPENING, Wordless, clause_start, each_of, events_of, none_of
from ingest.prose_numbers import ProseNumber
from ingest.subjects import Subject, flow_of, heading_subject, lead_subject, named_group
from store.values import Box, Fund, Kind, Measure, Passage, Statement
from store.vocabulary import plain_label, vocabulary

_LEADING = "，。；：、,;:)） \n\t\u3000"
_BELOW = re.compile(r"其中|包括|包含|分别为|分别是|具体为|[:：]\s*$|含(?=[^税])")
_BELOW_HERE = re.compile(r"[\s，；：（(]*(?:其中|包括|包含|含(?=[^税]))")
_TIME = re.compile(
    r"(?:^|[。；\n，：])\s*(?:截[至止到])?\s?(20\d{2})\s?年度?(?:\s?\d{1,2}\s?月)?(?:\s?\d{1,2}\s?日)?(?:[底末初]|年底)?(?:预算(?:安排)?中?)?(?:[，,]|\s*$)"
)
"""A clause that only says when: 截至2023年12月底， at the head of what it dates. A base of comparison (较2023年) is none."""

_REASON = re.compile(
    r"(?:[^，。；：\n]{0,24}?(?:主要)?原因(?:分析|说明)?(?:是|为|系|在于|如下|[:：])[:：]?|主要(?:是|系|由于|因为|因)(?:由于|因为|因)?|"
    r"(?<=[，。；])(?:是?由于|因(?!公)为?))(?P<reason>[^。；\n]+"
    r"(?:；\s*(?:[二三四五六七]是|[2-9][.、．]|[（(][二三四五六2-9][）)]|[②-⑨])[^。；\n]+)*)"
)
_LISTS = ("、", "和", "及", "与")  # between the names in a heading
_COMPLETION = "完成率"
_COUNT_ENDING = re.compile(r"(?:费用?|支出|团组数?|批次|人次数?|数)$")
_COUNTS_ON = re.compile(r"(?:所属|下辖|共|共有|[下内开增]?设有?|设置|有|了|共计|共设|分为)\s*$")
_COUNTED = re.compile(r"(?:[（(][^（）()]{1,6}[）)])?(?P<noun>[一-鿿]{1,10}?(?:[（(]室[）)])?)(?=[，。；：、,（(\n]|和|及|，|$|\d)")


@dataclass(frozen=True, slots=True)
class About:
    """What holds for a whole document: its year and kind."""

    year: int | None
    kind: Kind | None


def read_statements(document_id: str, passages: Sequence[Passage], *, year: int | None, kind: Kind | None) -> tuple[Statement, ...]:
    """Every figure stated in the prose. Money is in 元; `quote` is the clause exactly as in the passage's text."""
    about = About(year, kind)
    found: list[Statement] = []
    for passage in passages:
        if passage.topic != "definitions":
            found.extend(_Reading(passage, about).statements())
    return tuple(replace(statement, statement_id=f"{document_id[:12]}-s{number:03d}") for number, statement in enumerate(found))


class _Reading:
    """The reading of one passage: where in the sentence we are, and what was named so far."""

    def __init__(self, passage: Passage, about: About) -> None:
        self.passage, self.about, self.text = passage, about, passage.text
        self.heading = heading_subject(passage)
        self.main: Subject | None = None           # the first amount of the sentence
        self.current: Subject | None = None        # the last amount
        self.latest: Subject | None = None         # the last figure of any kind: whose 上升5% the next may be
        self.levels: list[Subject] = []            # the amounts that the next one stands under
        self.groups: list[tuple[list[Subject], Subject | None]] = []   # what to return to when a bracket closes
        self.year: int | None = None               # printed in this sentence
        self.stock_year: int | None = None         # of 截至2023年底: holds for the counts of the paragraph
        self.list_parent: Subject | None = None    # the figure that a list printed in paragraphs of its own stands under
        self.in_level = 0                          # amounts read since a level opened, or since the last semicolon
        self.direction: Direction | None = None
        self.lead = lead_subject(self.text) or self.heading

    def statements(self) -> list[Statement]:
        """In the order of the text, reasons joined to the changes before them."""
        made: list[Statement] = []
        last = 0
        for event in events_of(self.passage):
            start = clause_start(self.text, event.start, last) if isinstance(event, ProseNumber) else event.start
            opening = _BELOW_HERE.match(self.text, start, event.start) if isinstance(event, ProseNumber) else None
            self._move(last, opening.end() if opening else start)
            if isinstance(event, ProseNumber):
                made.append(self._figure(event, start))
                last = event.end
            else:
                made.extend(self._wordless(event))
                last = event.end
        return _with_reasons(self.text, made)

    def _move(self, begin: int, end: int) -> None:
        """Follows the marks between the last figure and the clause of the next."""
        between = self.text[begin:end]
        for index, mark in enumerate(between):
            if mark == "\n" and between[:index].rstrip().endswith(("：", ":")):
                self.list_parent = self.latest
            if mark in "。\n":
                self._end_sentence(between[index + 1:])
            if mark == "\n":
                self._end_paragraph(self.text[begin + index + 1:])
            elif mark == "；":
                self._end_part()
            elif mark in OPENING:
                self.groups.append((list(self.levels), self.current))
            elif mark in CLOSING and self.groups:
                self.levels, self.current = self.groups.pop()
        said = between[_last_mark(between):]
        if found := _TIME.findall(between):
            self.year = int(found[-1])
            self.stock_year = self.year if re.search(r"截[至止到]", between) else self.stock_year
        if named := named_group(said):
            self.levels = [*self.levels[:1], named] if self.levels and self.levels[0] == self.main else [named]
            self.in_level = 0
            return
        opens = _BELOW.search(said) or (self.groups and between.rstrip().endswith(tuple(OPENING)))
        above = self.latest or self.current
        if opens and above is not None and above.name not in {level.name for level in self.levels}:
            self.levels.append(above)
            self.in_level = 0

    def _end_part(self) -> None:
        """At a semicolon: a level closes if it listed several figures before it, else the next figure is one more of them."""
        if self.levels and not self.groups and self.in_level > 1:
            self.levels.pop()
        self.in_level = 0

    def _end_sentence(self, rest: str) -> None:
        self.groups.clear()
        self.levels = [self.main] if self.main and _BELOW.match(rest.lstrip()[:4]) else []
        self.year = None
        self.in_level = 0
        self.current = self.latest = self.main

    def _end_paragraph(self, rest: str) -> None:
        self.main = self.current = self.latest = None
        self.levels = [self.list_parent] if self.list_parent else []
        self.stock_year = None
        self.lead = lead_subject(rest) or self.heading

    def _figure(self, number: ProseNumber, start: int) -> Statement:
        clause = read_clause(self.text[start:number.start])
        if clause.is_whole_agency and not clause.is_base and not self.groups:
            self.levels = []
        subject = self._subject(clause, number)
        measure, direction = self._measure(clause, number, subject)
        start += len(self.text[start:number.end]) - len(self.text[start:number.end].lstrip(_LEADING))
        text = self.text[start:self._quote_end(number, subject.name)].rstrip()
        if measure not in ("change", "change_rate", "share") and not clause.is_base and not clause.last_year:
            self._remember(subject, clause)
        self.latest = replace(subject, name=subject.name.removesuffix(_COMPLETION))
        self.direction = direction if measure in ("change", "change_rate") else None
        return _statement(self.passage, number, subject, measure, direction, start, text)

    def _quote_end(self, number: ProseNumber, name: str) -> int:
        """A quote ends with the unit, or with the thing counted behind it: 共6个科室."""
        behind = _COUNTED.match(self.text, number.end) if number.is_count else None
        return behind.end() if behind and behind.group("noun") == name else number.end

    def _remember(self, subject: Subject, clause: Clause) -> None:
        if not self.levels or self.levels == [self.list_parent]:
            self.main = subject
        self.current = subject
        self.in_level += 1
        if clause.year and not self.levels:
            self.year = clause.year

    def _subject(self, clause: Clause, number: ProseNumber) -> Subject:
        """What the number is about: the clause's own name, else the figure before, the paragraph's lead or the heading."""
        relative = bool(clause.direction or clause.measure == "share" or clause.is_base or number.is_rate)
        before = (self.latest if relative else None) or self.current
        back = before if relative or not clause.is_whole_agency else None
        back = back or self.lead or self.heading or before
        name = clause.name
        if name in WHOLE and not clause.is_whole_agency and not clause.direction and back is not None:
            name = ""
        borrowed = back if not name else None
        levels = tuple(level for level in self.levels if not number.is_count or level.unit in ("", number.unit))
        context = borrowed.context if borrowed else tuple(level.name for level in levels)
        if name and self.heading and (whole := self.heading.name).endswith(name) and whole[:-len(name)][-1:] not in _LISTS:
            name = whole  # of 会议费、培训费 each is a thing of its own
        if number.is_count:
            name = self._counted(clause.raw and name, clause.raw, borrowed.name if borrowed else "", number)
        elif borrowed:
            name = borrowed.name
        if clause.whole == "预算" and name:
            name += _COMPLETION
        year = clause.year or self.year or (self.stock_year if number.is_count else None) or self.about.year
        if (clause.is_base or (clause.last_year and not clause.direction)) and not clause.year:
            year = self.about.year - 1 if self.about.year else None
        measure = clause.measure or (borrowed.measure if borrowed and relative else None)
        context = tuple(outer for outer in (*context, *clause.outer) if outer and outer != name)
        flow = flow_of(name, clause.plain) or (borrowed.flow if borrowed else None)
        return Subject(name, context, year, measure, clause.fund or self._fund(borrowed), flow, number.unit if number.is_count else "")

    def _fund(self, back: Subject | None) -> Fund | None:
        wider: list[Subject] = [subject for subject in (back, *reversed(self.levels), self.heading) if subject]
        for subject in wider:
            if subject.fund:
                return subject.fund
        return None

    def _counted(self, name: str, raw: str, borrowed: str, number: ProseNumber) -> str:
        """The thing counted: named before the number, behind its unit (6个科室), or what the figure before was about."""
        behind = _COUNTED.match(self.text, number.end)
        if behind and _COUNTS_ON.search(self.text[:number.start]):
            return behind.group("noun")
        words = vocabulary().item_by_variant
        known = name or borrowed
        bare = _COUNT_ENDING.sub("", known)
        for candidate in (f"{known}{number.unit}", f"{bare}{number.unit}", f"{bare}{number.unit}数", known, f"{known}数"):
            item = words.get(plain_label(candidate)) if known else None
            if item and item.classification == "statistic":
                return item.item
        return (raw if name else "") or (behind.group("noun") if behind else borrowed)

    def _measure(self, clause: Clause, number: ProseNumber, subject: Subject) -> tuple[Measure | None, Direction | None]:
        if number.is_count and not clause.direction:
            return "count", None
        if clause.direction:
            return ("change_rate" if number.unit == "%" else "change"), clause.direction
        if number.is_rate:
            bracketed = self.text[:number.start].rstrip().endswith(tuple(OPENING)) and clause.measure != "share"
            if bracketed and self.direction:
                return "change_rate", self.direction
            return "share", None
        return subject.measure or self._default(), None

    def _default(self) -> Measure | None:
        return self.about.kind

    def _wordless(self, event: Wordless) -> Iterator[Statement]:
        """A statement without a number: 与上年持平, or that there is none of something."""
        number = ProseNumber(event.start, event.end, event.word, "万元", Decimal(0), Decimal(0))
        quote = self.text[event.start:event.end].strip()
        if event.is_same:
            clause = read_clause(event.named)
            known = clause.name if clause.name and not clause.is_base else ""
            base = self.latest or self.current or self.lead or self.heading
            if not known and base is None:
                return
            if known or base is None:
                base = Subject(known, tuple(level.name for level in self.levels if level.name != known), None, None,
                               clause.fund or self._fund(None), flow_of(known, event.named))
            subject = replace(base, year=clause.year or base.year or self.about.year)
            self.direction = "same"
            yield _statement(self.passage, replace(number, amount=None, unit=""), subject, "change", "same", event.start, quote)
            return
        year = next((int(y) for y in re.findall(r"(?<!\d)(20\d{2})年", plain_label(quote))), None) or self.about.year
        for named in each_of(event.named):
            kept = re.search(r"(?:结转|结余).*的", named)
            name, outer = (plain_label(named), ()) if kept else name_of(none_of(named))
            if not name:
                continue
            fund = fund_of(named) or (self.heading.fund if self.heading else None)
            subject = Subject(name, outer, year, None, fund, flow_of("", named) or flow_of(name, ""))
            if not self.levels and not self.groups:
                self.latest = subject
            if name.endswith(("单位", "机构", "团组")):
                counted = vocabulary().item_by_variant.get(f"{name}数")
                subject = replace(subject, name=counted.item if counted else name)
                yield _statement(self.passage, replace(number, amount=None, unit="个"), subject, "count", None, event.start, quote)
            else:
                yield _statement(self.passage, number, subject, self._default(), None, event.start, quote)


def _last_mark(text: str) -> int:
    return max((text.rfind(mark) for mark in "。；\n"), default=-1) + 1


def _statement(passage: Passage, number: ProseNumber, subject: Subject, measure: Measure | None, direction: Direction | None,
               start: int, quote: str) -> Statement:
    page, box = _place(passage, number.end - 1)
    return Statement(
        statement_id="", passage_id=passage.passage_id, subject=subject.name, context=subject.context, quote=quote, start=start,
        text=number.text, unit=number.unit, amount=number.amount, number=number.number, measure=measure, change=direction,
        year=subject.year,
        page=page, bbox=box, fund=subject.fund, flow=subject.flow,
    )


def _place(passage: Passage, offset: int) -> tuple[int | None, Box | None]:
    """Page and box of the printed line on which a character of the passage stands."""
    found: tuple[int | None, Box | None] = (passage.page, None)
    for start, page, box in passage.lines:
        if start > offset:
            break
        found = (page, box)
    return found


def _with_reasons(text: str, made: Sequence[Statement]) -> list[Statement]:
    """The statements, each change with the reason printed behind it.

    A reason in the clause of a change is that one's; one that begins a sentence is of all changes in the sentence
    before; one that begins a paragraph (预算收支减少主要原因：…) is of all in the paragraph before.
    """
    done = list(made)
    for match in _REASON.finditer(text):
        reason = match.group("reason").strip(" ，,:：")
        before = text[:match.start()].rstrip(" ，,")
        mark = before[-1:]
        since = max(before.rfind(stop, 0, len(before) - 1) for stop in ("\n" if mark == "\n" else "。\n" if mark == "。" else "。；\n"))
        for index, statement in enumerate(done):
            if since < statement.start < match.start() and statement.change and statement.reason is None and reason:
                done[index] = replace(statement, reason=reason)
    return done

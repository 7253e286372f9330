"""A question in Chinese, and the turns before it, to a Plan: by rules, with no model.

Reads the question, the directory of agencies and the lexicon of the open snapshot; no document text. The order of the
steps is the order of this module: what is not a question at all, whom and when it is about, what about, which operation,
what the dialog adds.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from decimal import Decimal

from retrieval.agencies import Directory
from retrieval.claims import bounds_and_claims, claims_of, direction_of
from retrieval.clues import SPENDING, Clues
from retrieval.dialog import MOST_SAID, against_each_other, all_said, carry_over, of_all_things, points_back, without_correction
from retrieval.lexicon import Lexicon, Words
from retrieval.operands import operands
from retrieval.operations import operation_of
from retrieval.plan import Asked, Plan
from retrieval.question_reader import LEAVES_OUT, MASK, Parts, QuestionReader
from retrieval.reading import HAN, Quantity, chinese_number, fold
from retrieval.unread import unread_words
from retrieval.wording import say
from store.values import Kind

_UNIT = re.compile(
    r"(?:多少|几|用|以|按|换成?|换算成|折合|单位是?|改成|化成|算成)(?:个)?(亿元?|万元?|千元|元|块钱?)(?:[为作]单位|表示|计|呢|$|[？，。啊吗])?"
)
_LIMIT = re.compile(
    r"(?:前|最[大多高低小少贵]的|排名前|[大高多]的前?|金额最[大高]的)([一二两三四五六七八九十\d]{1,3})(?:个|项|位|名|家|大|类)?(?!\d*年)|"
    r"哪([两三四五六七八九十\d]{1,2})(?:个|项|家|类)|"
    r"([两三四五六七八九十\d]{1,2})(?:个|项|大)(?:最|是|各|分别)"
)
_NUMERIC_QUESTION = re.compile(r"多少|几|是啥|哪|什么|吗|呢|怎么|如何|谁|？|为何|为啥|有没有|列出|列一下|排")
_SUBORDINATE = re.compile(
    rf"□(?:的)?(?:下属|所属|直属|下设|管的)的?((?![几哪多各有])[{HAN}]{{2,12}}?(?:小学|中学|学校|学院|医院|幼儿园|中心|水库|大队|支队|站|所|馆|院))"
)
_BESIDE = re.compile(  # 教育局和财政局: a short name that is none here, in a list with one that is
    rf"{MASK}[、和与跟及]([{HAN}]{{2,6}}?(?:局|厅|委|馆|院|中心|街道|学校|中学|小学))(?=谁|哪|的|20|\d\d年|预算|决算|三公|比|差|一共|合计|加)"
)
_CLAIMED_ZERO = re.compile(r"[为是](0|零)(?![\d.])")
_YEAR_AND_KIND = re.compile(r"(?<!\d)(?:20)?(\d\d)年度?[^，。？\d]{0,14}?(预算|决算)")


@dataclass(frozen=True)
class Planner:
    """Plans questions about one snapshot."""

    reader: QuestionReader

    @property
    def directory(self) -> Directory:
        """Whom questions can be about."""
        return self.reader.directory

    @property
    def lexicon(self) -> Lexicon:
        """What questions can be about."""
        return self.reader.lexicon

    @property
    def words(self) -> Words:
        """Words that show the kind of question."""
        return self.reader.words

    def plan(self, question: str, dialog: Sequence[str] = ()) -> Plan:
        """The plan of `question`; `dialog` holds the earlier user turns, oldest first. Never raises."""
        folded = fold(question)
        refused = self._refused(question, folded)
        if refused is not None:
            return refused
        parts = self.reader.read(without_correction(folded) if dialog else folded)
        plan = self._assembled(question, parts)
        if dialog:
            before = self.plan(dialog[-1], dialog[:-1])
            number, back = all_said(folded), points_back(plan, self.words)
            turns = [self.plan(turn, dialog[:at]) for at, turn in enumerate(dialog)] if number is not None or back else []
            asked = plan.items
            if number is not None:
                said = tuple(dict.fromkeys(agency for turn in turns for agency in turn.agencies))
                are_told = len(said) >= number or number == MOST_SAID  # 三家 where two were named are others
                before = replace(before, agencies=said[-number:] if are_told else ())
            if (against := against_each_other(plan, [*turns[-2:-1], before])) is not None:
                return against
            if back:
                plan = of_all_things(plan, turns, self.words)
            own = plan.items
            plan = carry_over(plan, before, self.words, self.directory)
            if back and own and own != asked:
                plan = replace(plan, carried=(*plan.carried, "item"))
        return plan

    def _refused(self, question: str, text: str) -> Plan | None:
        """A plan that declines what is no question about budgets, or None."""
        if not text:
            return Plan(question, text, "decline", reason="empty")
        if self.words.says("command", text):
            return Plan(question, text, "decline", reason="not_a_question")
        if not re.search(rf"[{HAN}\d]|[a-z]{{3}}", text) or re.search(r"<\s*/?\s*[a-z]+|select\s.+\sfrom|drop\s+table|;--", text):
            return Plan(question, text, "decline", reason="not_a_question")
        if (greeting := self.words.says("greeting", text)) and len(text) <= len(greeting) + 4:
            return Plan(question, text, "decline", reason="greeting")
        if self.words.says("off_subject", text) and not self.lexicon_hits(text) and not self.directory.find(text).found:
            return Plan(question, text, "decline", reason="off_subject")
        return None

    def lexicon_hits(self, text: str) -> bool:
        """Whether the text names anything of a budget."""
        return bool(self.lexicon.find(text)) or "预算" in text or "决算" in text

    def _assembled(self, question: str, parts: Parts) -> Plan:
        text, masked = parts.text, parts.masked
        agencies, ambiguous = self._agencies(parts)
        limit = _LIMIT.search(masked)
        nothing = _CLAIMED_ZERO.search(masked)
        if nothing is not None and not parts.quantities:
            parts = replace(parts, quantities=(Quantity(Decimal(0), "元", nothing.start(1), nothing.end(1)),))
        amounts = tuple(q for q in parts.quantities if limit is None or not limit.start() <= q.start < limit.end())
        conditions, claimed = bounds_and_claims(masked, amounts)
        things = self.reader.things(parts)
        topics = self.reader.topics(parts)
        clues = Clues(
            masked,
            self.words,
            things,
            agencies,
            parts.periods,
            parts.kind,
            claimed,
            bool(_NUMERIC_QUESTION.search(masked)),
            any(condition.relation != "not_zero" for condition in conditions),
            parts.tables,
            topics,
        )
        decided = operation_of(clues)
        plan = Plan(
            question,
            text,
            decided.operation,
            agencies=agencies,
            kind=decided.kind,
            items=decided.items,
            base=decided.base,
            within=decided.within,
            over=decided.over,
            unit=_unit(masked),
            order=decided.order,
            limit=_limit(masked),
            conditions=conditions,
            direction=direction_of(masked, self.words),
            wants_reason=decided.wants_reason,
            wants_change=decided.wants_change,
            wants_place=decided.wants_place,
            assumptions=self._by_offices(parts),
            topics=topics,
            reason=decided.reason,
        )
        if parts.excluded:
            plan = self._with_parts_left_out(plan, parts)
        plan = replace(plan, items=tuple(_with_table(asked, parts.tables[0] if parts.tables else None) for asked in plan.items))
        plan = _each_with_its_kind(self._dated(plan, parts))
        if plan.operation == "verify":
            plan = replace(plan, claims=claims_of(masked, claimed, plan.items, parts.found, self.words))
        if ambiguous and plan.operation not in ("define", "decline"):
            return replace(plan, operation="clarify", reason="which_agency", extra=tuple(("agency", one) for one in ambiguous))
        plan = self._unknown(plan, parts)
        return replace(plan, unread=unread_words(parts, plan))

    def _with_parts_left_out(self, plan: Plan, parts: Parts) -> Plan:
        """With what the question leaves out: agencies that stand there, and the things named."""
        words = re.sub(LEAVES_OUT, "，", parts.left_out)
        agencies = tuple(m.agency_ids[0] for m in self.directory.find(words).found if len(m.agency_ids) == 1)
        things = operands(words, self.lexicon.find(words)) if not agencies else ()
        items = plan.items or ((SPENDING,) if plan.operation == "lookup" else ())
        if plan.operation != "lookup":
            items = tuple(replace(asked, without=things) for asked in items)
        plan = replace(plan, items=items, without=things, without_agencies=agencies)
        is_aside = parts.masked[: parts.excluded[0][0]].endswith(("（", "-"))
        if agencies or things or is_aside or plan.operation != "lookup":
            return plan
        return replace(plan, operation="decline", reason="unknown_part", named=words.strip("，的"))

    def _agencies(self, parts: Parts) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Agencies named, and those among which a short name does not decide."""
        mentions = [m for m in parts.mentions.found if not _within(m.start, parts.excluded)]
        sure = [m.agency_ids[0] for m in mentions if len(m.agency_ids) == 1]
        sure += parts.mentions.renamed
        if parts.unit is not None and not sure and not mentions:
            printing = self.reader.units[parts.unit]
            return (printing, ()) if len(printing) == 1 else ((), printing)
        for mention in mentions:
            if len(mention.agency_ids) > 1 and not set(mention.agency_ids) & set(sure):
                return tuple(dict.fromkeys(sure)), mention.agency_ids
        return tuple(dict.fromkeys(sure)), ()

    def _by_offices(self, parts: Parts) -> tuple[str, ...]:
        """Says that a government is answered by its office, where that is what its name means here."""
        said = [(parts.text[m.start : m.end], m.agency_ids[0]) for m in parts.mentions.found if len(m.agency_ids) == 1]
        names = [(words, self.directory[one].name) for words, one in said if words.endswith("政府")]
        return tuple(say("assumed", "by_office", named=words, agency=name) for words, name in names if not name.endswith("政府"))

    def _published(self, agencies: Sequence[str], kind: Kind | None) -> Sequence[int]:
        """The years that these agencies, or any, have published."""
        if not agencies:
            return self.directory.years(kind)
        return sorted({year for one in agencies for year in self.directory[one].years(kind)})

    def _dated(self, plan: Plan, parts: Parts) -> Plan:
        """The plan with its years: named ones, or counted from the latest that is published."""
        periods = parts.periods
        published = self._published(plan.agencies, plan.kind) or self._published(plan.agencies, None)
        latest = published[-1] if published else None
        years = list(periods.years)
        if latest is not None:
            years += [latest + offset for offset in periods.relative if offset == 0 or not _compares(plan)]
            if periods.recent:
                years += [year for year in published if year > latest - periods.recent]
        years = list(dict.fromkeys(years))
        about = None
        if len(years) == 2 and plan.operation in ("lookup", "list", "verify", "count") and not periods.is_range and plan.over is None:
            about, years = years[1], years[:1]
            if plan.agencies and not any(self.directory[a].find(years[0], None) for a in plan.agencies):
                about, years = years[0], [about]
        return replace(plan, years=tuple(sorted(years)), about_year=about)

    def _unknown(self, plan: Plan, parts: Parts) -> Plan:
        """Declines what is about an agency that is not here."""
        if plan.operation == "decline":
            return plan
        labelled = any(asked.affiliate for asked in plan.items)
        below = _SUBORDINATE.search(parts.masked)
        if below is not None and not labelled and plan.operation not in ("explain", "list", "count"):
            return replace(plan, reason="unknown_agency", named=below.group(1), operation="decline")
        beside = _BESIDE.search(parts.masked)
        if beside is not None and plan.agencies and not labelled and plan.operation not in ("explain", "define"):
            return replace(plan, reason="unknown_agency", named=beside.group(1), operation="decline")
        if parts.mentions.unknown and not labelled and (not plan.agencies or _is_listed(parts)):
            start, end = parts.mentions.unknown[0]
            return replace(
                plan,
                reason="unknown_agency",
                named=parts.masked[start:end],
                operation=plan.operation if plan.operation == "verify" else "decline",
            )
        return plan


def _within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    return any(start <= place < end for start, end in spans)


def _is_listed(parts: Parts) -> bool:
    """Whether the agency that is not here stands in a list with one that is: an answer about the others alone would mislead."""
    start, end = parts.mentions.unknown[0]
    before, after = parts.masked[:start], parts.masked[end:]
    return bool(re.search(rf"{MASK}[、和与跟及]$", before) or re.match(rf"[、和与跟及]{MASK}", after))


def _each_with_its_kind(plan: Plan) -> Plan:
    """2024年预算…比2023年决算…: two years of different kinds, each looked up in its own disclosure."""
    named = dict(_YEAR_AND_KIND.findall(plan.text))
    if len(named) != 2 or len(set(named.values())) != 2 or plan.operation not in ("difference", "growth", "lookup"):
        return plan
    if plan.operation == "lookup" and not re.search(r"比|较|对照", plan.text):
        return plan
    kinds = tuple((f"20{year}", "budget" if word == "预算" else "final") for year, word in named.items())
    operation = "growth" if plan.operation == "growth" else "difference"
    years = tuple(sorted(int(year) for year, _ in kinds))
    return replace(plan, operation=operation, over="years", kind=None, years=years, about_year=None, extra=kinds)


def _unit(text: str) -> str | None:
    match = _UNIT.search(text)
    if match is None:
        return None
    return {"亿": "亿元", "万": "万元", "块": "元", "块钱": "元"}.get(match.group(1), match.group(1))


def _limit(text: str) -> int | None:
    match = _LIMIT.search(text)
    if match is None:
        return None
    number = chinese_number(next(filter(None, match.groups())))
    return int(number) if number is not None and 1 <= number <= 100 else None


def _with_table(asked: Asked, table: str | None) -> Asked:
    return replace(asked, table=table) if table is not None and asked.table is None else asked


def _compares(plan: Plan) -> bool:
    """Whether 去年 says what is compared with, not which year is asked about."""
    return plan.over == "years" or plan.operation in ("growth", "difference", "compare", "explain", "verify") or plan.wants_change

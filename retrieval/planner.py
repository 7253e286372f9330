"""A question in Chinese, and the turns before it, to a Plan: by rules, with no model.

Reads the question, the directory of agencies and the lexicon of the open snapshot; no document text. The order of the
steps is the order of this module: what is not a question at all, whom and when it is about, what about, which operation,
what the dialog adds.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Literal

from retrieval.agencies import Directory, Mention, Mentions
from retrieval.dialog import carry_over
from retrieval.lexicon import SHORTEST_PINYIN, Found, Lexicon, Words, in_pinyin
from retrieval.nameless import Nameless, meant
from retrieval.operands import operands
from retrieval.operations import SPENDING, Clues, operation_of
from retrieval.periods import Periods, find_periods
from retrieval.plan import Asked, Claim, Condition, Direction, Plan
from retrieval.reading import HAN, Quantity, chinese_number, fold, quantities
from store.values import Kind

_TITLE = re.compile(r"[“《]([^”》]{2,60}?表)[”》]")
_PLAIN_TITLE = re.compile(
    rf"([{HAN}]{{2,20}}?(?:总表|支出表|收入表|明细表|情况表|预算表|决算表|经费表|目标表|采购表|总体表))(?=里|中|上|内|和|与|、|）)"
)
_ASIDE = re.compile(r"（[^（）]*(?:不是|非|叫|现|原|改名|更名|前身)[^（）]*）")
_INCLUDED = re.compile(r"（(?:含|包括|包含)[^（）]*）")
_EXCEPT = re.compile(r"(?:不含|不包括|不包含|除去?|剔除)[^，。？（）]*")
_NOT_A_KIND = re.compile(r"预算(?=单位)|(?:一般公共|政府性基金|国有资本经营|公共财政|基金)预算|(?:政府|部门)预算(?=(?:支出)?经济)")
_UNIT = re.compile(
    r"(?:多少|几|用|以|按|换成?|换算成|折合|单位是?|改成|化成|算成)(?:个)?(亿元?|万元?|千元|元|块钱?)(?:[为作]单位|表示|计|呢|$|[？，。啊吗])?"
)
_MORE = re.compile(r"超过|大于|高于|多于|不止|在.{0,12}以上|以上")
_LESS = re.compile(r"低于|小于|少于|不到|不足|不超过|以下|以内")
_NOT_BEYOND = re.compile(r"(?:不|没有?|未|不会)(?:超过|大于|高于|多于|低于|小于|少于)")
_NOT_ZERO = re.compile(r"不为零|非零|不为0|不是零|大于零|大于0|不算零|有数的|不等于零")
_LIMIT = re.compile(
    r"(?:前|最[大多高低小少贵]的|排名前|[大高多]的前?|金额最[大高]的)([一二两三四五六七八九十\d]{1,3})(?:个|项|位|名|家|大|类)?|"
    r"([两三四五六七八九十\d]{1,2})(?:个|项|大)(?:最|是|各|分别)"
)
_NUMERIC_QUESTION = re.compile(r"多少|几|是啥|哪|什么|吗|呢|怎么|如何|谁|？|为何|为啥|有没有|列出|列一下|排")
LONGEST_CUT = 3  # characters: longer names are rarely a part of another word
_MAY_FOLLOW = frozenset(
    "的里中和与跟同及、比占是为有在上下多少哪几增减涨降支出经费数额款项用预决谁怎能可将也都还又该这那其由从被把对吗呢了吧啊呀差交要花安列共合总一各分加钱每到"
)
BARE_TOTALS = ("收入", "支出")
_NUMBER_OF_AGENCIES = re.compile(r"[两三四五六七八九十\d]{1,3}[个家](?:单位|部门|机构)")
_SUBORDINATE = re.compile(
    rf"□(?:的)?(?:下属|所属|直属|下设|管的)的?((?![几哪多各有])[{HAN}]{{2,12}}?(?:小学|中学|学校|学院|医院|幼儿园|中心|水库|大队|支队|站|所|馆|院))"
)
_CLAIMED_ZERO = re.compile(r"[为是](0|零)(?![\d.])")
_YEAR_AND_KIND = re.compile(r"(20\d\d)年度?[^，。？\d]{0,14}?(预算|决算)")
_MASK = "□"


@dataclass(frozen=True, slots=True)
class _Parts:
    """What was read of a question, before it is put together."""

    text: str  # folded, quotes taken out
    masked: str  # agencies, table titles and asides masked
    unit: str | None  # a budget unit that a disclosure prints as a row
    mentions: Mentions
    tables: tuple[str, ...]
    periods: Periods
    kind: Kind | None
    found: tuple[Found, ...]
    quantities: tuple[Quantity, ...]
    excluded: tuple[str, ...]


@dataclass(frozen=True)
class Planner:
    """Plans questions about one snapshot."""

    directory: Directory
    lexicon: Lexicon
    words: Words
    units: Mapping[str, tuple[str, ...]]  # budget units printed as rows, and the agencies that print them
    nameless: tuple[Nameless, ...] = ()  # disclosures that print no name

    def plan(self, question: str, dialog: Sequence[str] = ()) -> Plan:
        """The plan of `question`; `dialog` holds the earlier user turns, oldest first. Never raises."""
        folded = fold(question)
        refused = self._refused(question, folded)
        if refused is not None:
            return refused
        parts = self._read(folded)
        plan = self._assembled(question, parts)
        if dialog:
            before = self.plan(dialog[-1], dialog[:-1])
            plan = carry_over(plan, before, self.words, self.directory)
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
        if self.words.says("off_subject", text) and not self.lexicon_hits(text):
            return Plan(question, text, "decline", reason="off_subject")
        return None

    def lexicon_hits(self, text: str) -> bool:
        """Whether the text names anything of a budget."""
        return bool(self.lexicon.find(text)) or "预算" in text or "决算" in text

    def _read(self, folded: str) -> _Parts:
        tables = _TITLE.findall(folded)
        text = re.sub("[“”《》]", "", folded)
        masked = text
        for title in tables:
            masked = masked.replace(title, _MASK * len(title), 1)
        unit = self._unit(masked)
        if unit is not None:
            at = masked.find(unit)
            masked = masked[:at] + _MASK * len(unit) + masked[at + len(unit) :]
        mentions = self._with_aside(masked)
        if not mentions.found and (spelled := self.directory.in_pinyin(masked)):
            mentions = Mentions((spelled,))
        mentions = self._with_nameless(masked, mentions)
        masked = _mask_all(masked, _ASIDE)
        included = _INCLUDED.search(masked)
        if included is not None:
            masked = _mask_all(masked, _INCLUDED)
            mentions = replace(mentions, found=tuple(m for m in mentions.found if not included.start() <= m.start < included.end()))
        excluded = tuple(match.group() for match in _EXCEPT.finditer(masked))
        masked = _mask_all(masked, _EXCEPT)
        for mention in mentions.found:
            masked = masked[: mention.start] + _MASK * (mention.end - mention.start) + masked[mention.end :]
        if not tables:
            tables = [re.sub(r"^.*(?:年度?|的|和|与|□)", "", match) for match in _PLAIN_TITLE.findall(masked)]
            for title in tables:
                masked = masked.replace(title, _MASK * len(title), 1)
        terms = self.lexicon.find(masked)
        found = tuple(one for one in terms if not self._is_cut(one, masked, terms))
        if not found or re.search(rf"[a-z]{{{SHORTEST_PINYIN},}}", masked):
            found = (*found, *self._by_sound(masked, found))
        elif (heard := self._misspelt(masked, found)) is not None:
            found = tuple(sorted((*(o for o in found if o.end <= heard.start or o.start >= heard.end), heard), key=lambda o: o.start))
        without_terms = masked
        for one in found:
            if re.search("年|[上去本当]年|年初|年末", one.term.word):
                start = one.start + one.term.word.startswith("年")  # 2024年初: the 年 is the year's too
                without_terms = without_terms[:start] + _MASK * (one.end - start) + without_terms[one.end :]
        periods = find_periods(without_terms)
        for start, end in periods.spans:
            without_terms = without_terms[:start] + _MASK * (end - start) + without_terms[end:]
        without_terms = _mask_all(without_terms, _NUMBER_OF_AGENCIES)
        amounts = tuple(
            q for q in quantities(without_terms) if not any(one.term.code and one.start <= q.start < one.end for one in found)
        )
        return _Parts(text, masked, unit, mentions, tuple(tables), periods, _kind(masked), found, amounts, excluded)

    def _misspelt(self, text: str, known: tuple[Found, ...]) -> Found | None:
        """A term that words beside the known ones sound like (公资福利支出, 水费和公务接代费); None where nothing is left to explain."""
        left = text
        for one in known:
            left = left[: one.start] + "/" * (one.end - one.start) + left[one.end :]
        left = self.words.fillers.sub(" ", self.words.cues.sub(" ", left))
        if not re.search(rf"[{HAN}]{{3}}|[{HAN}]{{2}}/|/[{HAN}]{{1,2}}", left):
            return None
        heard = self.lexicon.by_sound(text)
        if heard is None or text[heard.start : heard.end] == heard.term.word:
            return None
        inside = [one for one in known if one.start < heard.end and heard.start < one.end]
        whole = all(heard.start <= one.start and one.end <= heard.end for one in inside)
        return heard if whole and all(len(one.term.word) < len(heard.term.word) for one in inside) else None

    def _by_sound(self, text: str, known: tuple[Found, ...]) -> tuple[Found, ...]:
        """A term that the text sounds like, where none is written: homophones, traditional characters, pinyin."""
        spoken = self.words.fillers.sub(" ", text)
        if len(re.sub(rf"[^{HAN}a-z]", "", spoken)) < 3:
            return ()
        heard = in_pinyin(text) if known else self.lexicon.by_sound(text)
        return () if heard is None else (heard,)

    def _assembled(self, question: str, parts: _Parts) -> Plan:
        text, masked = parts.text, parts.masked
        agencies, ambiguous = self._agencies(parts)
        limit = _LIMIT.search(masked)
        nothing = _CLAIMED_ZERO.search(masked)
        if nothing is not None and not parts.quantities:
            parts = replace(parts, quantities=(Quantity(Decimal(0), "元", nothing.start(1), nothing.end(1)),))
        amounts = tuple(q for q in parts.quantities if limit is None or not limit.start() <= q.start < limit.end())
        conditions, claimed = _conditions(masked, amounts)
        things = self._things(parts)
        topics = self._topics(parts)
        clues = Clues(
            masked,
            self.words,
            things,
            agencies,
            parts.periods,
            parts.kind,
            claimed,
            bool(_NUMERIC_QUESTION.search(masked)),
            any(one.term.kind == "several" for one in parts.found),
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
            direction=_direction(masked, self.words),
            wants_reason=decided.wants_reason,
            wants_change=decided.wants_change,
            topics=topics,
            reason=decided.reason,
        )
        plan = replace(plan, items=tuple(_with_table(asked, parts.tables[0] if parts.tables else None) for asked in plan.items))
        plan = _each_with_its_kind(self._dated(plan, parts))
        if plan.operation == "verify":
            plan = replace(plan, claims=_claims(masked, claimed, plan.items, parts.found, self.words))
        if ambiguous and plan.operation not in ("define", "decline"):
            return replace(plan, operation="clarify", reason="which_agency", extra=tuple(("agency", one) for one in ambiguous))
        return self._unknown(plan, parts)

    def _agencies(self, parts: _Parts) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """Agencies named, and those among which a short name does not decide."""
        sure = [m.agency_ids[0] for m in parts.mentions.found if len(m.agency_ids) == 1]
        sure += parts.mentions.renamed
        if parts.unit is not None and not sure:
            sure = list(self.units[parts.unit][:1])
        for mention in parts.mentions.found:
            if len(mention.agency_ids) > 1 and not set(mention.agency_ids) & set(sure):
                return tuple(dict.fromkeys(sure)), mention.agency_ids
        return tuple(dict.fromkeys(sure)), ()

    def _unit(self, text: str) -> str | None:
        """The longest budget unit named that is not itself an agency with disclosures of its own."""
        named = [unit for unit in self.units if unit in text]
        return max(named, key=len, default=None)

    def _with_nameless(self, text: str, mentions: Mentions) -> Mentions:
        """With the disclosures that don't say whose they are, where a name that is not here fits one of them."""
        found, unknown = list(mentions.found), []
        for start, end in mentions.unknown:
            agency_id = meant(text[start:end], self.nameless) if self.nameless else None
            if agency_id is None:
                unknown.append((start, end))
            else:
                found.append(Mention(start, end, (agency_id,), True))
        found.sort(key=lambda mention: mention.start)
        return replace(mentions, found=tuple(found), unknown=tuple(unknown))

    def _with_aside(self, text: str) -> Mentions:
        """The agencies named; an aside (2023年叫…, 现…) names the same agency again, 不是… one that is not meant."""
        whole = self.directory.find(text)
        asides = [match.span() for match in _ASIDE.finditer(text)]
        outside = tuple(m for m in whole.found if not any(a <= m.start < b for a, b in asides))
        renamed = tuple(m for m in whole.found if any(a <= m.start < b and not re.search("不是|非", text[a:b]) for a, b in asides))
        unknown = tuple(span for span in whole.unknown if not any(a <= span[0] < b for a, b in asides))
        return Mentions(outside, unknown, tuple(one for m in renamed for one in m.agency_ids))

    def _things(self, parts: _Parts) -> tuple[Asked, ...]:
        things = operands(parts.masked, parts.found)
        if len(things) == 1 and things[0].fund is not None and things[0].flow == "income" and "其中" in parts.masked:
            topics = [topic for topic in self._topics(parts) if parts.masked.find(topic) < parts.masked.find("其中")]
            if topics:
                whole = Asked(max(topics, key=len))
                things = (whole, replace(whole, fund=things[0].fund, flow="income"))
        things = tuple(self._qualified(asked, parts) for asked in things)
        if parts.unit is not None:
            things = things or ((SPENDING,) if "预算" in parts.masked or "决算" in parts.masked else ())
            things = tuple(replace(asked, affiliate=parts.unit) for asked in things) or (Asked(parts.unit, affiliate=parts.unit),)
        return things

    def _is_cut(self, one: Found, text: str, terms: Sequence[Found]) -> bool:
        """Whether a short word stands inside a longer one that says something else (文化 in 文化馆): then it isn't what is asked."""
        if one.term.kind not in ("item", "label") or one.term.code is not None or len(one.term.word) > LONGEST_CUT:
            return False
        rest = text[one.end :]
        if not re.match(rf"[{HAN}]", rest) or rest[0] in _MAY_FOLLOW or any(found.start == one.end for found in terms):
            return False
        return not (self.words.fillers.match(rest) or self.words.cues.match(rest))

    def _qualified(self, asked: Asked, parts: _Parts) -> Asked:
        """税收收入 and 扶贫支出 are not all income or spending: a word for everything with another word before it means what both say."""
        one = next((found for found in parts.found if found.term.word == asked.said), None)
        is_bare = one is not None and one.term.kind == "total" and asked.said in BARE_TOTALS
        is_loose = one is not None and one.term.kind == "item" and asked.item is not None and len(asked.said) < len(asked.item)
        if one is None or not (is_bare or (is_loose and asked.code is None)):
            return asked
        since = 0 if is_bare else max((found.end for found in parts.found if found.end <= one.start), default=0)
        said = self.words.fillers.sub(" ", self.words.cues.sub(" ", parts.masked[since : one.start]))
        before = re.search(rf"[{HAN}]{{2,8}}$", said if is_bare else re.sub("[和与跟同及或]", " ", said))
        qualifier = re.sub(r"[今去上本当明前]年|^[年度的里中]+", "", before.group()) if before else ""
        if len(qualifier) < 2 or re.search("[哪什几最谁多少花用类项]|功能|经济|分类|一般公共|预算|决算", qualifier):
            return asked
        heard = None if is_bare else self.lexicon.by_sound(qualifier + asked.said)
        if heard is not None and heard.start < len(qualifier) and asked.item in heard.term.names:
            return asked
        return Asked(qualifier + asked.said)

    def _topics(self, parts: _Parts) -> tuple[str, ...]:
        """Content words that are neither agency, year, term nor filler."""
        left = parts.masked
        for one in parts.found:
            if one.term.kind == "total":
                left = left[: one.start] + " " * (one.end - one.start) + left[one.end :]
        for start, end in parts.periods.spans:
            left = left[:start] + " " * (end - start) + left[end:]
        for start, end in parts.mentions.unknown:
            left = left[:start] + " " * (end - start) + left[end:]
        left = self.words.fillers.sub(" ", self.words.cues.sub(" ", left))
        words = re.findall(rf"[{HAN}a-z0-9]{{2,}}", left)
        return tuple(dict.fromkeys(word for word in words if re.search(rf"[{HAN}a-z]", word)))

    def _dated(self, plan: Plan, parts: _Parts) -> Plan:
        """The plan with its years: named ones, or counted from the latest that is published."""
        periods = parts.periods
        agencies = [self.directory[a] for a in plan.agencies] or list(self.directory.agencies.values())
        published = sorted(
            {year for agency in agencies for year in agency.years(plan.kind)} or {year for a in agencies for year in a.years()}
        )
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

    def _unknown(self, plan: Plan, parts: _Parts) -> Plan:
        """Declines what is about an agency that is not here."""
        if plan.operation == "decline":
            return plan
        labelled = any(asked.affiliate for asked in plan.items)
        below = _SUBORDINATE.search(parts.masked)
        if below is not None and not labelled and plan.operation not in ("explain", "list", "count"):
            return replace(plan, reason="unknown_agency", named=below.group(1), operation="decline")
        if parts.mentions.unknown and not plan.agencies and not labelled:
            start, end = parts.mentions.unknown[0]
            return replace(
                plan,
                reason="unknown_agency",
                named=parts.masked[start:end],
                operation=plan.operation if plan.operation == "verify" else "decline",
            )
        return plan


def _each_with_its_kind(plan: Plan) -> Plan:
    """2024年预算…比2023年决算…: two years of different kinds, each looked up in its own disclosure."""
    named = dict(_YEAR_AND_KIND.findall(plan.text))
    if len(named) != 2 or len(set(named.values())) != 2 or plan.operation not in ("difference", "growth"):
        return plan
    kinds = tuple((year, "budget" if word == "预算" else "final") for year, word in named.items())
    return replace(plan, over="years", kind=None, years=tuple(sorted(int(year) for year in named)), about_year=None, extra=kinds)


def _mask_all(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: _MASK * len(match.group()), text)


def _kind(text: str) -> Kind | None:
    """预算 or 决算, where one of them is named; None where neither or both are."""
    plain = _NOT_A_KIND.sub("", text)
    budget, final = "预算" in plain, "决算" in plain
    if budget == final:
        return None
    return "budget" if budget else "final"


def _unit(text: str) -> str | None:
    match = _UNIT.search(text)
    if match is None:
        return None
    return {"亿": "亿元", "万": "万元", "块": "元", "块钱": "元"}.get(match.group(1), match.group(1))


def _limit(text: str) -> int | None:
    match = _LIMIT.search(text)
    if match is None:
        return None
    number = chinese_number(match.group(1) or match.group(2))
    return int(number) if number is not None and 1 <= number <= 100 else None


def _direction(text: str, words: Words) -> Direction | None:
    if words.says("increase", text):
        return "increase"
    if words.says("decrease", text):
        return "decrease"
    return "same" if words.says("same", text) else None


def _conditions(text: str, amounts: tuple[Quantity, ...]) -> tuple[tuple[Condition, ...], tuple[Quantity, ...]]:
    """Bounds on a list (超过100万), and the amounts that are none."""
    conditions: list[Condition] = []
    left: list[Quantity] = []
    for quantity in amounts:
        before, after = text[max(0, quantity.start - 6) : quantity.start], text[quantity.end : quantity.end + 4]
        yuan = quantity.yuan
        if yuan is not None and (bound := _NOT_BEYOND.search(before)):
            conditions.append(Condition("at_most" if _MORE.search(bound.group()) else "at_least", yuan))
        elif yuan is not None and (_MORE.search(before) or after.startswith("以上")) and not re.search("不超过", before):
            conditions.append(Condition("more", yuan))
        elif yuan is not None and (_LESS.search(before) or after.startswith(("以下", "以内"))):
            conditions.append(Condition("less", yuan))
        else:
            left.append(quantity)
    if _NOT_ZERO.search(text):
        conditions.append(Condition("not_zero", Decimal(0)))
    return tuple(conditions), tuple(left)


def _with_table(asked: Asked, table: str | None) -> Asked:
    return replace(asked, table=table) if table is not None and asked.table is None else asked


def _compares(plan: Plan) -> bool:
    """Whether 去年 says what is compared with, not which year is asked about."""
    return plan.over == "years" or plan.operation in ("growth", "difference", "compare", "explain", "verify") or plan.wants_change


def _claims(
    text: str, claimed: tuple[Quantity, ...], items: tuple[Asked, ...], found: tuple[Found, ...], words: Words
) -> tuple[Claim, ...]:
    """Each amount that is claimed, with the item that stands before it."""
    claims: list[Claim] = []
    if not claimed:
        direction = _direction(text, words)
        if items and direction is not None and words.says("prior", text):
            return (Claim(0, None, "", "change", direction, said=text),)
        absent = re.search(r"不买|没有?买|没买|不安排|没有|没安排|未安排|无|取消", text)
        return (Claim(0 if items else -1, None, "", "absent" if absent else "exists", said=text),)
    for at, quantity in enumerate(claimed):
        since = claimed[at - 1].end if at else 0
        clause = text[since : quantity.start]
        about = _item_before(quantity.start, items, found)
        what = _what_is_claimed(clause, quantity, words)
        if what == "share" and "占" in clause:
            about = _item_before(since + clause.rfind("占") + 1, items, found)
        claims.append(
            Claim(
                about,
                quantity.number,
                quantity.unit,
                what,
                _direction(clause, words) if what in ("change", "rate") else None,
                said=text[since : quantity.end],
            )
        )
    return tuple(claims)


def _item_before(at: int, items: tuple[Asked, ...], found: tuple[Found, ...]) -> int:
    """Index of the last item named before `at`."""
    names = [one.term.names[0] for one in found if one.start < at and one.term.names]
    for name in reversed(names):
        for index, asked in enumerate(items):
            if name in asked.names or asked.item == name:
                return index
    return 0 if items else -1


def _what_is_claimed(clause: str, quantity: Quantity, words: Words) -> Literal["value", "change", "rate", "share"]:
    changed = words.says("increase", clause) or words.says("decrease", clause)
    if quantity.unit == "%":
        return "share" if "占" in clause and not changed else "rate"
    return "change" if changed else "value"

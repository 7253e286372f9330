"""What a question says, read part by part: whom, when, which tables, which terms and amounts. Nothing is decided here.

Each part is masked once it is read, so that no later step reads it as something else.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from retrieval.agencies import Directory, Mention, Mentions
from retrieval.clues import SPENDING
from retrieval.lexicon import SHORTEST_PINYIN, Found, Lexicon, Term, Words, in_pinyin
from retrieval.nameless import Nameless, meant
from retrieval.operands import operands
from retrieval.periods import Periods, find_periods
from retrieval.place_names import with_places
from retrieval.plan import Asked
from retrieval.reading import HAN, Quantity, quantities
from retrieval.strangers import strangers
from store.values import Kind

_DENIED = re.compile("(?:不是|不属于|并非)$")
_TITLE = re.compile(r"[“《]([^”》]{2,60}?表)[”》]")
_PLAIN_TITLE = re.compile(
    rf"([{HAN}]{{2,20}}?(?:总表|支出表|收入表|明细表|情况表|预算表|决算表|经费表|目标表|采购表|总体表))(?=里|中|上|内|和|与|、|）)"
)
_ASIDE = re.compile(r"（[^（）]*(?:不是|非|叫|现|原|改名|更名|前身)[^（）]*）")
_INCLUDED = re.compile(r"（(?:含|包括|包含)[^（）]*）")
LEAVES_OUT = r"(?:不含|不包括|不包含|不算|除(?!以)去?|除掉|除开|剔除|扣除|扣掉|刨去|刨掉|去掉|减掉)"
_AND_ALSO = re.compile(r"[、和与及]?|以及|还有|加上?|(?:里面?|中|当中)的?")
_AFTER_LEFT_OUT = re.compile(r"(?:[这那]?[几一二两三四五六七八九\d]项)?(?:[以之]外|之?后|以后|外)?的?")
_BEFORE_LEFT_OUT = re.compile(rf"(?:(?![多少几哪的])[{HAN}]){{0,4}}")  # what may narrow it (教师|工资)
_EXCEPT = re.compile(LEAVES_OUT + r"[^，。？（）]*?(?:[以之]外|(?<=[费出算金])外|(?=(?:还?[是有剩]|一共|共)?(?:多少|几)|[，。？（）]|$))")
_NOT_A_KIND = re.compile(
    r"(?:不是|不要|并非|非)(?:预算|决算)|[比较](?:年初)?预算(?!.*决算)|[低高大小多少]于(?:年初)?预算|超(?:出|过)?预算|预算(?=单位)|(?:一般公共|政府性基金|国有资本经营|公共财政|基金)预算|(?:政府|部门)预算(?=(?:支出)?经济)"
)
_LISTED_BESIDE = re.compile(
    rf"(?<=/)(?:、|和|与|以及|及|加上?|还有) *([{HAN}]{{2,8}}?)(?=[ /、，。？和与及]|$)|"
    rf"(?<![{HAN}])([{HAN}]{{2,8}}?)(?:、|和|与|以及|及|加上?|比) */"
)
_BOTH_UNKNOWN = re.compile(rf"(?<![{HAN}])([{HAN}]{{2,10}}?)(?:比|和|与|跟)([{HAN}]{{2,10}}?)(?=[ ，。？]|$)")
LONGEST_CUT = 3  # characters: longer names are rarely a part of another word
_MAY_FOLLOW = frozenset(
    "的里中和与跟同及或以等、比占是为有在上下多少哪几增减涨降支出经费数额款项用预决谁怎能可将也都还又该这那其由从被把对吗呢了吧啊呀差交要花发安列共合总一各分加钱每到高低大小贵超"
)
BARE_TOTALS = ("收入", "支出")
_WORDS_OF_SPENDING = ("花费", "花了", "花的", "消费", "付费")
_PERSONS = re.compile("(?:老师|教师|医生|护士|公务员|领导|民警|司机|军人)们?的?")
AGENTS = re.compile("给|为|职工|员工|干部|大家|全体|交了?|缴了?|付了?|发了?|拿去|用来|用于")  # who is paid, and that it is paid
_PLACE_BEFORE = re.compile(rf"[{HAN}]{{1,6}}[省市区县旗州盟]$")
_NUMBER_OF_AGENCIES = re.compile(r"[两三四五六七八九十\d]{1,3}[个家](?:单位|部门|机构)")
_TOP = re.compile(r"前[一二两三四五六七八九十\d]+(?!年)[大个项名]?的?|[一二两三四五六七八九十\d]+[大个项]")
MASK = "□"


@dataclass(frozen=True, slots=True)
class Parts:
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
    excluded: tuple[tuple[int, int], ...]  # where parts are named that are to be left out
    left_out: str  # their words, agencies not masked


@dataclass(frozen=True)
class QuestionReader:
    """Reads questions about one snapshot."""

    directory: Directory
    lexicon: Lexicon
    words: Words
    units: Mapping[str, tuple[str, ...]]  # budget units printed as rows, and the agencies that print them
    nameless: tuple[Nameless, ...] = ()  # disclosures that print no name

    def read(self, folded: str) -> Parts:
        """What the folded text says."""
        tables = _TITLE.findall(folded)
        text = re.sub("[“”《》]", "", folded)
        masked = text
        for title in tables:
            masked = masked.replace(title, MASK * len(title), 1)
        unit = self._unit(masked)
        if unit is not None:
            at = masked.find(unit)
            masked = masked[:at] + MASK * len(unit) + masked[at + len(unit) :]
        mentions = self._with_aside(masked)
        if not mentions.found and (spelled := self.directory.in_pinyin(masked)):
            mentions = Mentions((spelled,))
        mentions = with_places(masked, self._with_nameless(masked, mentions), self.directory)
        masked = _mask_all(masked, _ASIDE)
        included = _INCLUDED.search(masked)
        if included is not None:
            masked = _mask_all(masked, _INCLUDED)
            mentions = replace(mentions, found=tuple(m for m in mentions.found if not included.start() <= m.start < included.end()))
        excluded = tuple(self._excluded(masked, mentions))
        left_out = "".join(masked[start:end] for start, end in excluded)
        for start, end in excluded:
            masked = masked[:start] + MASK * (end - start) + masked[end:]
        for mention in mentions.found:
            masked = masked[: mention.start] + MASK * (mention.end - mention.start) + masked[mention.end :]
        if not tables:
            tables = [re.sub(r"^.*(?:年度?|的|和|与|□)", "", match) for match in _PLAIN_TITLE.findall(masked)]
            for title in tables:
                masked = masked.replace(title, MASK * len(title), 1)
        terms = tuple(_denied(one, masked) for one in self.lexicon.find(masked))
        found = tuple(one for one in terms if not self._is_cut(one, masked, terms))
        if not found or re.search(rf"[a-z]{{{SHORTEST_PINYIN},}}", masked):
            found = (*found, *self._by_sound(masked, found))
        elif (heard := self._misspelt(masked, found)) is not None:
            found = tuple(sorted((*(o for o in found if o.end <= heard.start or o.start >= heard.end), heard), key=lambda o: o.start))
        found = tuple(sorted((*found, *self._listed_beside(masked, found)), key=lambda one: one.start))
        if not mentions.found and not mentions.unknown and unit is None:
            mentions = replace(mentions, unknown=strangers(masked, found, self.directory))
        without_terms = masked
        for one in found:
            if re.search("年|[上去本当]年|年初|年末", one.term.word):
                start = one.start + one.term.word.startswith("年")  # 2024年初: the 年 is the year's too
                without_terms = without_terms[:start] + MASK * (one.end - start) + without_terms[one.end :]
        periods = find_periods(without_terms)
        for start, end in periods.spans:
            without_terms = without_terms[:start] + MASK * (end - start) + without_terms[end:]
        without_terms = _mask_all(without_terms, _NUMBER_OF_AGENCIES)
        amounts = tuple(q for q in quantities(without_terms) if not any(one.term.code and one.start <= q.start < one.end for one in found))
        return Parts(text, masked, unit, mentions, tuple(tables), periods, _kind(masked), found, amounts, excluded, left_out)

    def _excluded(self, text: str, mentions: Mentions) -> Iterator[tuple[int, int]]:
        """Where the question says what is to be left out; 不含公务接待费的三公经费 names the whole behind it."""
        for cue in re.finditer(LEAVES_OUT, text):
            before = text[: cue.start()]
            for mention in mentions.found:
                before = before[: mention.start] + MASK * (mention.end - mention.start) + before[mention.end :]
            named = any(one.term.kind != "total" for one in self.lexicon.find(before))
            end = self._named_to(text, cue.end(), mentions, named)
            other = _EXCEPT.match(text, cue.start()) if end is None else None
            if end is not None:
                yield cue.start(), end
            elif other is not None:
                whole_at = text.rfind("的", *other.span())
                behind = whole_at > 0 and not named and self.lexicon.find(text[whole_at + 1 : other.end()])
                yield cue.start(), whole_at if behind else other.end()

    def _named_to(self, text: str, start: int, mentions: Mentions, has_whole: bool) -> int | None:
        """Where the things and agencies end that are named from `start` on; None where none is named there.

        `has_whole`: what they are parts of was named before, so that a 的 behind one of them names a part of it.
        """
        spans = [(m.start, m.end) for m in mentions.found if m.start >= start]
        spans += [(start + one.start, start + one.end) for one in self.lexicon.find(text[start:])]
        end: int | None = None
        for begin, stop in sorted(spans):
            between = text[end if end is not None else start : begin]
            if end is not None and begin < end:
                continue
            goes_on = _AND_ALSO.fullmatch(between) or (has_whole and between == "的")
            if not (_BEFORE_LEFT_OUT.fullmatch(between) if end is None else goes_on):
                break
            end = stop
        after = _AFTER_LEFT_OUT.match(text, end) if end is not None else None
        return after.end() if after is not None else None

    def _listed_beside(self, text: str, known: tuple[Found, ...]) -> Iterator[Found]:
        """Names that are no term but stand in a list with terms (水费和奖学金): asked for as they are said."""
        left = text
        for one in known:
            left = left[: one.start] + "/" * (one.end - one.start) + left[one.end :]
        for start, end in find_periods(left).spans:
            left = left[:start] + " " * (end - start) + left[end:]
        left = self.words.fillers.sub(_spaces, self.words.cues.sub(_spaces, left))
        if not known and (both := _BOTH_UNKNOWN.search(left)):
            yield from (Found(both.start(at), both.end(at), Term(both.group(at), (), "label")) for at in (1, 2))
            return
        for match in _LISTED_BESIDE.finditer(left):
            group = 1 if match.group(1) else 2
            word = match.group(group)
            yield Found(match.start(group), match.end(group), Term(word, (), "label"))

    def _misspelt(self, text: str, known: tuple[Found, ...]) -> Found | None:
        """A term that words beside the known ones sound like (公资福利支出, 水费和公务接代费); None where nothing is left to explain."""
        left = text
        for one in known:
            left = left[: one.start] + "/" * (one.end - one.start) + left[one.end :]
        left = self.words.fillers.sub(" ", self.words.cues.sub(" ", left))
        if not re.search(rf"[{HAN}]{{3}}|[{HAN}]{{2}}/|/[{HAN}]{{1,2}}", left):
            return None
        heard = self.lexicon.by_sound(text)
        if heard is None or text[heard.start : heard.end] == heard.term.word or self._says_otherwise(text, heard):
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
        return () if heard is None or self._says_otherwise(text, heard) else (heard,)

    def _says_otherwise(self, text: str, heard: Found) -> bool:
        """Whether what is heard is written with a word of another meaning in it (用电|花费 is no 电话费)."""
        said = text[heard.start : heard.end]
        return any(word in said and word not in heard.term.word for word in _WORDS_OF_SPENDING)

    def _is_cut(self, one: Found, text: str, terms: Sequence[Found]) -> bool:
        """Whether a short word stands inside a longer one that says something else (文化 in 文化馆): then it isn't what is asked."""
        if one.term.kind not in ("item", "label") or one.term.code is not None or len(one.term.word) > LONGEST_CUT:
            return False
        rest = text[one.end :]
        if not re.match(rf"[{HAN}]", rest) or rest[0] in _MAY_FOLLOW or any(found.start == one.end for found in terms):
            return False
        return not (self.words.fillers.match(rest) or self.words.cues.match(rest))

    def _unit(self, text: str) -> str | None:
        """The longest budget unit named that is not itself an agency with disclosures of its own."""
        named = [unit for unit in self.units if unit in text and self._is_here(text[: text.find(unit)], self.units[unit])]
        return max(named, key=len, default=None)

    def _is_here(self, before: str, agency_ids: Sequence[str]) -> bool:
        """Whether no place stands right before a unit's name, or that of an agency that prints it: another place's is another."""
        place = _PLACE_BEFORE.search(before)
        if place is None:
            return True
        names = [self.directory[one].name for one in agency_ids]
        return any(place.group()[at:] in name for at in range(len(place.group()) - 2) for name in names)

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

    def things(self, parts: Parts) -> tuple[Asked, ...]:
        """The things asked about, each with what narrows it."""
        things = operands(parts.masked, parts.found)
        if len(things) == 1 and things[0].fund is not None and things[0].flow == "income" and "其中" in parts.masked:
            topics = [topic for topic in self.topics(parts) if parts.masked.find(topic) < parts.masked.find("其中")]
            if topics:
                whole = Asked(max(topics, key=len))
                things = (whole, replace(whole, fund=things[0].fund, flow="income"))
        things = tuple(self._qualified(asked, parts) for asked in things)
        if (
            "执行数" in parts.masked and parts.kind != "final" and not re.search("比|较", parts.masked)
        ):  # what was spent in the year before, as a budget prints it
            things = tuple(replace(asked, measure="final") for asked in things or (SPENDING,))
        if parts.unit is not None:
            things = things or ((SPENDING,) if "预算" in parts.masked or "决算" in parts.masked else ())
            things = tuple(replace(asked, affiliate=parts.unit) for asked in things) or (Asked(parts.unit, affiliate=parts.unit),)
        return things

    def _qualified(self, asked: Asked, parts: Parts) -> Asked:
        """税收收入 and 扶贫支出 are not all income or spending: a word for everything with another word before it means what both say."""
        one = next((found for found in parts.found if found.term.word == asked.said), None)
        is_bare = one is not None and one.term.kind == "total" and asked.said in BARE_TOTALS
        is_loose = one is not None and one.term.kind == "item" and asked.item is not None and len(asked.said) < len(asked.item)
        if one is None or asked.code is not None or not (is_bare or one.term.kind in ("item", "label")):
            return asked
        since = 0 if is_bare else max((found.end for found in parts.found if found.end <= one.start), default=0)
        before_it = parts.masked[since : one.start]
        for start, end in parts.periods.spans:
            if since <= start and end <= one.start:
                before_it = before_it.replace(parts.masked[start:end], MASK * (end - start))
        said = self.words.fillers.sub(" ", self.words.cues.sub(" ", _TOP.sub(" ", before_it)))
        before = re.search(rf"[{HAN}]{{2,8}}$", re.sub("[和与跟同及或占比]", " ", said))
        qualifier = re.sub(r"[今去上本当明前]年|^[年度的里中]+", "", AGENTS.sub("", before.group())) if before else ""
        if _PERSONS.fullmatch(qualifier) and asked.item is not None and not is_bare:
            return replace(asked, fuller=qualifier + asked.said)
        if len(qualifier) < 2 or re.search("[哪什几最谁多少花用类项]|收入|支出|收支|功能|经济|分类|一般公共|预算|决算", qualifier):
            return asked
        heard = None if is_bare else self.lexicon.by_sound(qualifier + asked.said)
        if heard is not None and heard.start < len(qualifier) and asked.item in heard.term.names:
            return asked
        if is_bare or is_loose:
            return Asked(qualifier + asked.said)
        return asked if re.search("[加减这那]", qualifier) else replace(asked, fuller=qualifier + asked.said)

    def topics(self, parts: Parts) -> tuple[str, ...]:
        """Content words that are neither agency, year, term nor filler."""
        left = parts.masked
        for one in parts.found:
            if one.term.kind == "total":
                left = left[: one.start] + " " * (one.end - one.start) + left[one.end :]
        for start, end in parts.periods.spans:
            left = left[:start] + " " * (end - start) + left[end:]
        for start, end in (*parts.mentions.unknown, *((q.start, q.end) for q in parts.quantities)):
            left = left[:start] + " " * (end - start) + left[end:]
        left = self.words.fillers.sub(" ", self.words.cues.sub(" ", _TOP.sub(" ", left)))
        words = re.findall(rf"[{HAN}a-z0-9]{{2,}}", left)
        return tuple(dict.fromkeys(word for word in words if re.search(rf"[{HAN}a-z]", word)))


def _denied(one: Found, text: str) -> Found:
    """非财政拨款收入, 不是财政拨款的收入: what is denied in front is another thing, by its own name."""
    before = text[max(one.start - 3, 0) : one.start]
    if before.endswith("非") and not before.endswith(("并非", "是非", "除非")):
        word = f"非{one.term.word}"
        return Found(one.start - 1, one.end, Term(word, (word,), "denied"))
    denied = _DENIED.search(before)
    if denied is None or not text.startswith("的", one.end) or text[one.end + 1 : one.end + 2] in ("", "吗", "吧"):
        return one
    word = f"{denied.group()}{one.term.word}"
    return Found(one.start - len(denied.group()), one.end, Term(word, (word,), "denied"))


def _spaces(match: re.Match[str]) -> str:
    return " " * len(match.group())


def _mask_all(text: str, pattern: re.Pattern[str]) -> str:
    return pattern.sub(lambda match: MASK * len(match.group()), text)


def _kind(text: str) -> Kind | None:
    """预算 or 决算, where one of them is named; None where neither or both are."""
    plain = _NOT_A_KIND.sub("", text)
    budget, final = "预算" in plain, "决算" in plain
    if budget == final:
        return None
    return "budget" if budget else "final"

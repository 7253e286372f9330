"""Whom a question is about: agencies by full, short and former name, by place and function, by slips of the same sound.

People shorten names by leaving characters out (云山医保局 for 云山市医疗保障局), so a mention is a run of the question whose
characters stand, in order, in an agency's name. A run that only covers the place, or that leaves part of a longer name
unexplained (武汉|市教育局), is no mention; what looks like an agency and is none here is reported as unknown.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import lru_cache
from heapq import nlargest

from retrieval.words.folding import HAN
from retrieval.words.gazetteer import begins_with_place, place_at
from store.text_index import parts_of_speech
from store.values import Kind

PLACE = re.compile(rf"^(?:中共|中国共产党)?([{HAN}]{{2,7}}?(?:自治区|自治州|地区|省|市|盟|新区|区|县|旗|州))")
_SUFFIXES = (
    "办事处|办公厅|办公室|委员会|联合会|检察院|法院|管理局|总局|分局|支队|大队|总队|中学|小学|大学|学院|学校|医院|幼儿园|党校|中心|街道|"
    "宣传部|组织部|统战部|政法委|纪委|局|厅|委|办|院|所|馆|站|部|镇|乡|讲师团|团|协会|学会|基金会|工会|红十字会|残联|妇联|文联|科协|侨联|工商联|"
    "人大常委会|政协|供销社|研究院|电视台"
)
AGENCY_LIKE = re.compile(rf"([{HAN}]{{2,20}}?(?:{_SUFFIXES}))(?![{HAN}]{{0,3}}(?:中心|学校|医院|中学|小学))")
_STOPS = re.compile(
    r"[^\u4e00-\u9fff]|的|和|与|跟|比|在|请问|年|听说|网传|据说|核对|帮我|查一?下|看看|关于|想知道|了解|告诉我|那|及|还是|是|有|下[面头属边]|底下|手下|旗下|所属|对|从|把|给|按|里|中的|以及|"
    r"[高低大小多少]于|支出|经费|[旅待议训公水电务刷赁置行修]费|预算(?!编审|评审|审核|中心|局)|决算"
)
_AND = ("和", "与", "及")
ASKS_WHICH = re.compile("哪|几|什么|各|每|所有|全部")  # asks which, or means all: no name
_WHOLE = re.compile(rf"(?:{_SUFFIXES})$")
_REST = re.compile(rf"[{HAN}]{{1,8}}?(?:{_SUFFIXES})(?![{HAN}]?(?:公|务|支|费))")
_ONLY_AN_AGENCY = re.compile(rf"(?![这那该本各我你]|有哪|哪)[{HAN}]{{2,}}(?:办事处|街道|管理局|人民政府|大学|医院|中学|小学)")
UNNAMED = "unnamed:"  # ids of agencies whose disclosures print no name
COMMON = 400  # a pair of characters that more agencies than this share tells nothing
NEAREST = 40  # agencies that are compared with a question character by character: those that share most with it
# a body of another kind behind a shortened name is another agency: 云山医保|中心 is not 云山市医疗保障局
_OTHER_BODY = re.compile(
    r"(?:服务|管理|指导)?(?:中心|学校|学院|大学|中学|小学|医院|幼儿园|支队|大队|总队|分局|协会|学会|基金会|工会|研究院|[站馆院]|台(?!风)|所(?![有需列涉])|队(?!伍))")
PART_BODY = re.compile(rf"[{HAN}]{{0,8}}?(?:中心|学校|中学|小学|医院|幼儿园|派出所|居委会|村委会|服务站)")
_BODY_BELOW = re.compile(r".{2}(?:中心|[局院校所站馆队园场]|大学|中学|小学)$")
_TALK = frozenset(("r", "v", "p", "d", "f", "uj", "ul", "y", "nrt"))  # parts of speech that no name is made of
_LEVEL = re.compile(r"(?:自治区|自治州|地区|省|市|盟|新区|区|县|旗|州)$")
_LEVEL_HERE = re.compile(r"自治区|自治州|地区|省|市|盟|新区|区|县|旗|州")


@dataclass(frozen=True, slots=True)
class Disclosure:
    """One agency's budget or final accounts of one year, with its best edition's file."""

    disclosure_id: str
    agency_id: str
    agency: str
    year: int | None
    kind: Kind | None
    scope: str | None
    affiliate_of: str | None
    region: str | None
    title: str | None = None


@dataclass(frozen=True, slots=True)
class Agency:
    agency_id: str
    names: tuple[str, ...]  # newest first
    region: str | None
    affiliate_of: str | None
    disclosures: tuple[Disclosure, ...]

    @property
    def is_named(self) -> bool:
        """Whether its disclosures say whose they are."""
        return not self.agency_id.startswith(UNNAMED)

    @property
    def name(self) -> str:
        return self.names[0]

    def years(self, kind: Kind | None = None) -> tuple[int, ...]:
        """The years published (of that kind), ascending."""
        return tuple(sorted({d.year for d in self.disclosures if d.year is not None and kind in (None, d.kind)}))

    def find(self, year: int | None, kind: Kind | None) -> tuple[Disclosure, ...]:
        return tuple(d for d in self.disclosures if year in (None, d.year) and kind in (None, d.kind))


@dataclass(frozen=True, slots=True)
class Mention:
    """A run of the question that names agencies: one, or several that fit equally well."""

    start: int
    end: int
    agency_ids: tuple[str, ...]
    exact: bool = False


@dataclass(frozen=True, slots=True)
class Mentions:
    found: tuple[Mention, ...] = ()
    unknown: tuple[tuple[int, int], ...] = ()  # spans that look like an agency that is not here
    renamed: tuple[str, ...] = ()  # other names of the agencies found, said in an aside


_Wanted = tuple[int | None, Kind | None]


@dataclass(slots=True)
class _Fit:
    end: int  # in the question
    length: int
    gaps: int
    first: int  # index in the name of the first and the last matched character
    last: int


@dataclass(slots=True)
class Directory:
    """All agencies of a snapshot, and how to find them in a question."""

    agencies: dict[str, Agency]
    _by_pair: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    _by_root: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _longest_root: int = 0
    _named: tuple[Agency, ...] | None = None
    _publishing: dict[_Wanted, tuple[str, ...]] = field(default_factory=dict[_Wanted, tuple[str, ...]])
    _years: dict[Kind | None, tuple[int, ...]] = field(default_factory=dict[Kind | None, tuple[int, ...]])

    @classmethod
    def of(cls, disclosures: Iterable[Disclosure]) -> Directory:
        grouped: dict[str, list[Disclosure]] = defaultdict(list)
        for disclosure in disclosures:
            grouped[disclosure.agency_id].append(disclosure)
        agencies: dict[str, Agency] = {}
        pairs: dict[str, set[str]] = defaultdict(set)
        for agency_id, group in sorted(grouped.items()):
            group.sort(key=lambda d: (-(d.year or 0), d.kind or "", d.disclosure_id))
            names = tuple(dict.fromkeys(d.agency for d in group))
            region = next((d.region for d in group if d.region), None)
            parent = next((d.affiliate_of for d in group if d.affiliate_of), None)
            agencies[agency_id] = Agency(agency_id, names, region, parent, tuple(group))
            for name in names if not agency_id.startswith(UNNAMED) else ():
                for i in range(len(name) - 1):
                    pairs[name[i : i + 2]].add(agency_id)
        roots: dict[str, list[str]] = defaultdict(list)
        for agency in agencies.values():
            place = PLACE.match(agency.name)
            root = _LEVEL.sub("", place.group(1)) if place else ""
            if len(root) >= 2:
                roots[root].append(agency.agency_id)
        return cls(agencies, dict(pairs), dict(roots), max(map(len, roots), default=0))

    def __getitem__(self, agency_id: str) -> Agency:
        return self.agencies[agency_id]

    @property
    def places(self) -> tuple[str, ...]:
        """The places, without their level, that agencies here bear."""
        return tuple(self._by_root)

    def named(self) -> tuple[Agency, ...]:
        """The agencies whose disclosures say whose they are."""
        if self._named is None:
            self._named = tuple(agency for agency in self.agencies.values() if agency.is_named)
        return self._named

    def publishing(self, year: int | None, kind: Kind | None) -> tuple[str, ...]:
        """The agencies whose disclosures say whose they are, and that have published this."""
        if (year, kind) not in self._publishing:
            self._publishing[year, kind] = tuple(agency.agency_id for agency in self.named() if agency.find(year, kind))
        return self._publishing[year, kind]

    def years(self, kind: Kind | None = None) -> tuple[int, ...]:
        """The years that any agency has published (of that kind), ascending."""
        if kind not in self._years:
            self._years[kind] = tuple(sorted({year for agency in self.agencies.values() for year in agency.years(kind)}))
        return self._years[kind]

    def latest_year(self, kind: Kind | None = None) -> int | None:
        years = [year for agency in self.named() for year in agency.years(kind)]
        return max(years, default=None)

    def find(self, text: str) -> Mentions:
        """The agencies that folded `text` names, left to right, and the runs that look like an agency that is not here."""
        fits = self._fits(text)
        found: list[Mention] = []
        taken: list[tuple[int, int]] = []
        for mention in sorted(fits, key=lambda m: (not m.exact, m.start - m.end, m.start)):
            if all(mention.end <= a or mention.start >= b for a, b in taken):
                found.append(mention)
                taken.append((mention.start, mention.end))
        found.sort(key=lambda m: m.start)
        return Mentions(tuple(found), tuple(self._unknown(text, taken)))

    def by_place(self, text: str) -> tuple[str, ...]:
        """Agencies whose place (without 省, 市 …) `text` names: for a question that gives nothing else."""
        return tuple(sorted({agency_id for _, _, ids in self.places_in(text) for agency_id in ids}))

    def places_in(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Where `text` names places that agencies here bear (云山, 临江新区), and which agencies those are."""
        found: list[tuple[int, int, tuple[str, ...]]] = []
        start = 0
        while start < len(text) - 1:
            longest = min(start + self._longest_root, len(text))
            end = next((end for end in range(longest, start + 1, -1) if text[start:end] in self._by_root), None)
            if end is None:
                start += 1
                continue
            ids = self._by_root[text[start:end]]
            level = _LEVEL_HERE.match(text, end)
            if level is not None and (exact := [one for one in ids if self.agencies[one].name.startswith(text[start : level.end()])]):
                ids, end = exact, level.end()
            found.append((start, end, tuple(ids)))
            start = end
        return found

    def bears(self, place: str) -> bool:
        """Whether an agency here bears this place in its name (云山 for 云山市财政局)."""
        root = _LEVEL.sub("", place)
        return any(place in agency.name or (len(root) >= 2 and agency.name.startswith(root)) for agency in self.agencies.values())

    def alike(self, text: str) -> tuple[Agency, ...]:
        """The agencies whose names share most pairs of characters with `text`, in no order; () where none does."""
        return tuple(self.agencies[one] for one in self._candidates(text))

    def _candidates(self, text: str) -> set[str]:
        shared: dict[str, float] = defaultdict(float)
        for pair in _pairs(text):
            ids = self._by_pair.get(pair)
            if ids is not None and len(ids) <= COMMON:
                for agency_id in ids:
                    shared[agency_id] += 1 + 1 / len(ids)  # a rare pair decides between agencies that share as many
        return set(nlargest(NEAREST, shared, key=lambda agency_id: (shared[agency_id], agency_id)))

    def _fits(self, text: str) -> list[Mention]:
        best: dict[tuple[int, int], tuple[tuple[int, int], set[str], bool]] = {}
        for agency_id in self._candidates(text):
            for name in self.agencies[agency_id].names:
                for start, fit in self._runs(text, name):
                    key = (start, fit.end)
                    exact = fit.length == len(name)
                    rank = (0 if exact else 1, fit.gaps)
                    known = best.get(key)
                    if known is None or rank < known[0]:
                        best[key] = (rank, {agency_id}, exact)
                    elif rank == known[0]:
                        known[1].add(agency_id)
        return [Mention(start, end, tuple(sorted(ids)), exact) for (start, end), (_, ids, exact) in best.items()]

    def _unknown(self, text: str, taken: list[tuple[int, int]]) -> Iterable[tuple[int, int]]:
        for match in AGENCY_LIKE.finditer(text):
            start, end = match.span()
            if any(start < b and end > a for a, b in taken):
                continue
            for stop in _STOPS.finditer(text, start, end):
                if stop.end() == end - 1:
                    end = stop.start()  # 气象台比|局
                elif stop.end() < end - 1 and not self._is_joined(text[start : stop.start()], stop.group()):
                    start = stop.end()
            start = self._where_named(text, start, end)
            run = text[start:end]
            if len(run) >= 4 and _WHOLE.search(run) and not ASKS_WHICH.search(run) and (
                self._begins_with_place(run)
                or _ONLY_AN_AGENCY.fullmatch(run)
                or run.startswith(("国家", "中国", "全国", "中央"))
            ):
                yield start, end

    def _where_named(self, text: str, start: int, end: int) -> int:
        """Where in a run that looks like a name the place begins that it is of: 我就想问问|无锡市教育局."""
        place = PLACE.match(text[start:end])
        last = start + (place.end() if place else min(8, end - start - 4))
        return next((at for at in range(start, last) if self._place_here(text, at) or place_at(text, at)), start)

    def _place_here(self, text: str, at: int) -> bool:
        """Whether a place that agencies here bear stands at `at`."""
        return any(text[at:end] in self._by_root for end in range(at + 2, at + self._longest_root + 1))

    def _begins_with_place(self, run: str) -> bool:
        """Whether the words begin with a place: one that looks so, one of the store's, or one of the country's."""
        return self._place_here(run, 0) or PLACE.match(run) is not None or begins_with_place(run)

    def _is_joined(self, before: str, stop: str) -> bool:
        """Whether an `and` stands inside a name (云山市自然资源|和|规划局), not between names or things."""
        return stop in _AND and self._begins_with_place(before) and not _WHOLE.search(before)

    def _runs(self, text: str, name: str) -> Iterable[tuple[int, _Fit]]:
        """The runs of `text` that name `name`, each with how well."""
        begins, place_end = _place_in(name)
        at = 0
        while at < len(text) - 2:
            if text[at] not in name or text[at + 1] not in name or text[at + 2] not in name:
                at += 1     # too short to say who
                continue
            fit = _fit(text, at, name)
            if fit is None or not self._names(text, at, fit, name, begins, place_end):
                at += 1
                continue
            yield at, fit
            at = fit.end

    def _names(self, text: str, start: int, fit: _Fit, name: str, begins: int, place_end: int) -> bool:
        """Whether the run says who, not only where, and leaves no part of a longer name unexplained; the name `begins` with its place."""
        run = text[start : fit.end]
        in_function = sum(1 for c in run if c in name[place_end:])
        if fit.length < 3 or in_function < 2 or (fit.last < place_end):
            return False
        ends_whole = fit.last == len(name) - 1 or _WHOLE.search(run) is not None
        if not ends_whole and (fit.length < 4 or fit.first > begins or self._goes_on(text[fit.end :])):
            return False
        if fit.last < len(name) - 1 and PART_BODY.match(text, fit.end):
            return False  # 东滩街道|社区卫生服务中心 is a body of its own
        if _WHOLE.search(run) and fit.last >= place_end and _BODY_BELOW.search(name[fit.last + 1 :]):
            return False  # the body above: 交通局 for 交通局|公路中心
        left = self._left_of(text[:start])
        place = place_at(left + run, 0) if left else None
        if place is not None and len(place) > len(left) and place not in name:
            return False  # the place reaches into the run: 浦|东新区教育局
        if fit.first > begins and start and text[start - 1] == name[fit.first - 1]:
            return False  # the rest of a longer name that began otherwise (another place's 文化|旅游局)
        within = fit.first > begins and place_at(run, 0) is None
        if within and (len(left) >= 2 or (left and fit.first < place_end)) and not _is_talk(left, run, name):
            return False
        foreign = re.search(r"([\u4e00-\u9fff]{2,}(?:省|市|州|盟))$", left)
        return not (foreign and foreign.group(1) not in name)

    def _left_of(self, before: str) -> str:
        """What belongs to the same name before a run."""
        here = re.search(rf"[{HAN}]*$", before)
        left = here.group() if here else ""
        start = 0
        for stop in _STOPS.finditer(left):
            if not self._is_joined(left[start : stop.start()], stop.group()):
                start = stop.end()
        return left[start:]

    def _goes_on(self, after: str) -> bool:
        """Whether a shortened name goes on to be another body's (云山医保|中心, 云山市发展|和改革委员会)."""
        if _OTHER_BODY.match(after):
            return True
        rest = _REST.match(after)
        if rest is None:
            return False
        stop = _STOPS.search(rest.group())
        return stop is None or (stop.start() == 0 and stop.group() in _AND and not self._begins_with_place(after[stop.end() :]))


def _is_talk(left: str, run: str, name: str) -> bool:
    """Whether what stands before a run that names is only said around it: 阿拉住|甲区|乙街道, not 甲市|教育局.

    A place that the name itself bears may stand between.
    """
    if any(place not in name for at in range(len(left)) for place in [place_at(left + run[:1], at)] if place is not None):
        return False
    own = next((at for at in range(len(left) - 1) if left[at:] in name), len(left))
    kinds = [kind for _, kind in parts_of_speech(left[:own])]
    return (len(run) >= 4 or "r" in kinds) and all(kind in _TALK or "r" in kinds[:at] for at, kind in enumerate(kinds))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}


@lru_cache(maxsize=4096)
def _place_in(name: str) -> tuple[int, int]:
    """Where in a name its place begins and ends: behind 中共, if it is a party's."""
    place = PLACE.match(name)
    return (place.start(1), place.end()) if place else (0, 0)


def _fit(text: str, start: int, name: str) -> _Fit | None:
    """The longest run of `text` from `start` whose characters stand in order in `name`."""
    first = name.find(text[start])
    if first < 0:
        return None
    last, length, gaps, at = first, 1, 0, start + 1
    while at < len(text):
        following = name.find(text[at], last + 1)
        if following < 0 and text[at] in _AND and text[at + 1 : at + 2] == name[last + 1 : last + 2] != "":
            at += 1  # 文化|和|旅游局 for 文化旅游局
            following = last + 1
        if following < 0:
            break
        gaps += following != last + 1
        last, length, at = following, length + 1, at + 1
    return _Fit(at, length, gaps, first, last)

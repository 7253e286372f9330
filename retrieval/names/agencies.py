"""The agencies of a snapshot with their disclosures and places, and what in a text looks like an agency that may not be here."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from heapq import nlargest

from retrieval.words.folding import HAN
from retrieval.words.gazetteer import begins_with_place, place_at
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
_ONLY_AN_AGENCY = re.compile(rf"(?![这那该本各我你]|有哪|哪)[{HAN}]{{2,}}(?:办事处|街道|管理局|人民政府|大学|医院|中学|小学)")
UNNAMED = "unnamed:"  # ids of agencies whose disclosures print no name
COMMON = 400  # a pair of characters that more agencies than this share tells nothing
NEAREST = 40  # agencies that are compared with a question character by character: those that share most with it
PART_BODY = re.compile(rf"[{HAN}]{{0,8}}?(?:中心|学校|中学|小学|医院|幼儿园|派出所|居委会|村委会|服务站)")
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


_Wanted = tuple[int | None, Kind | None]


@dataclass(slots=True)
class Directory:
    """All agencies of a snapshot."""

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

    def unknown(self, text: str, taken: Sequence[tuple[int, int]]) -> Iterable[tuple[int, int]]:
        """The runs of folded `text` that look like an agency that is not here, besides what is taken."""
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


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}

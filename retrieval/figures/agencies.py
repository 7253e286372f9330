"""The agencies of a snapshot with their disclosures, years and places."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field
from heapq import nlargest
from typing import get_args

from retrieval.words.gazetteer import place_at, without_level
from retrieval.words.grammar import pattern
from store.values import Kind

PLACE = pattern("bodies.toml", "place", "begins")
UNNAMED = "unnamed:"  # ids of agencies whose disclosures print no name
COMMON = 400  # a pair of characters that more agencies than this share tells nothing
NEAREST = 40  # agencies that are compared with a question character by character: those that share most with it


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
class Directory:
    """All agencies of a snapshot."""

    agencies: dict[str, Agency]
    _named: tuple[Agency, ...] = ()
    _by_pair: dict[str, set[str]] = field(default_factory=dict[str, set[str]])
    _by_root: dict[str, list[str]] = field(default_factory=dict[str, list[str]])
    _longest_root: int = 0
    _years: dict[Kind | None, tuple[int, ...]] = field(default_factory=dict[Kind | None, tuple[int, ...]])

    @classmethod
    def of(cls, disclosures: Iterable[Disclosure]) -> Directory:
        """From what was published: an agency's names, newest first, are those that its disclosures print."""
        grouped: dict[str, list[Disclosure]] = defaultdict(list)
        for disclosure in disclosures:
            grouped[disclosure.agency_id].append(disclosure)
        agencies: dict[str, Agency] = {}
        pairs: dict[str, set[str]] = defaultdict(set)
        roots: dict[str, list[str]] = defaultdict(list)
        for agency_id, group in sorted(grouped.items()):
            group.sort(key=lambda d: (-(d.year or 0), d.kind or "", d.disclosure_id))
            names = tuple(dict.fromkeys(d.agency for d in group))
            region = next((d.region for d in group if d.region), None)
            parent = next((d.affiliate_of for d in group if d.affiliate_of), None)
            agency = agencies[agency_id] = Agency(agency_id, names, region, parent, tuple(group))
            for pair in {pair for name in names if agency.is_named for pair in _pairs(name)}:
                pairs[pair].add(agency_id)
            place = PLACE.match(agency.name)
            if place is not None and len(root := without_level(place.group(1))) >= 2:
                roots[root].append(agency_id)
        named = tuple(agency for agency in agencies.values() if agency.is_named)
        kinds: tuple[Kind | None, ...] = (None, *get_args(Kind))
        years = {kind: tuple(sorted({year for agency in agencies.values() for year in agency.years(kind)})) for kind in kinds}
        return cls(agencies, named, dict(pairs), dict(roots), max(map(len, roots), default=0), years)

    def __getitem__(self, agency_id: str) -> Agency:
        return self.agencies[agency_id]

    @property
    def places(self) -> tuple[str, ...]:
        """The places, without their level, that agencies here bear."""
        return tuple(self._by_root)

    def named(self) -> tuple[Agency, ...]:
        """The agencies whose disclosures say whose they are."""
        return self._named

    def publishing(self, year: int | None, kind: Kind | None) -> tuple[str, ...]:
        """The agencies whose disclosures say whose they are, and that have published this."""
        return tuple(agency.agency_id for agency in self._named if agency.find(year, kind))

    def years(self, kind: Kind | None = None) -> tuple[int, ...]:
        """The years that any agency has published (of that kind), ascending."""
        return self._years[kind]

    def latest_year(self, kind: Kind | None = None) -> int | None:
        """The latest year that an agency whose name is known has published (of that kind)."""
        return max((year for agency in self._named for year in agency.years(kind)), default=None)

    def places_in(self, text: str) -> list[tuple[int, int, tuple[str, ...]]]:
        """Where `text` names places that agencies here bear (云山, 临江新区), and which agencies those are."""
        found: list[tuple[int, int, tuple[str, ...]]] = []
        start = 0
        while start < len(text) - 1:
            end = self.place_here(text, start)
            if end is None:
                start += 1
                continue
            ids = self._by_root[text[start:end]]
            level = pattern("bodies.toml", "place", "here").match(text, end)
            if level is not None and (exact := [one for one in ids if self.agencies[one].name.startswith(text[start : level.end()])]):
                ids, end = exact, level.end()
            found.append((start, end, tuple(ids)))
            start = end
        return found

    def place_here(self, text: str, at: int) -> int | None:
        """Where a place that agencies here bear ends, of those that begin at `at` the longest."""
        longest = min(at + self._longest_root, len(text))
        return next((end for end in range(longest, at + 1, -1) if text[at:end] in self._by_root), None)

    def is_place(self, text: str, at: int) -> bool:
        """Whether a place stands at `at`: one of the store's, or one of the country's."""
        return self.place_here(text, at) is not None or place_at(text, at) is not None

    def bears(self, place: str) -> bool:
        """Whether an agency here bears this place in its name (云山 for 云山市财政局)."""
        root = without_level(place)
        return any(place in agency.name or (len(root) >= 2 and agency.name.startswith(root)) for agency in self.agencies.values())

    def alike(self, text: str) -> tuple[Agency, ...]:
        """The agencies whose names share most pairs of characters with `text`, in no order; () where none does."""
        shared: dict[str, float] = defaultdict(float)
        for pair in _pairs(text):
            ids = self._by_pair.get(pair)
            if ids is not None and len(ids) <= COMMON:
                for agency_id in ids:
                    shared[agency_id] += 1 + 1 / len(ids)  # a rare pair decides between agencies that share as many
        return tuple(self.agencies[one] for one in nlargest(NEAREST, shared, key=lambda agency_id: (shared[agency_id], agency_id)))


def _pairs(text: str) -> set[str]:
    return {text[i : i + 2] for i in range(len(text) - 1)}

"""Whom a question is about: agencies and the budget units printed below them, however people write their names.

People shorten names by leaving characters out (云山医保局), put a wrong one of the same sound (云山士医保局), describe them
(云山那个管医保的局) or spell them in letters. A name is aligned with the text character by character, in order; rare
characters count more than 市 and 局. What fits several names equally well stands for all of them: which is meant is asked back.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from heapq import nlargest
from itertools import pairwise, takewhile

from retrieval.names.agencies import PART_BODY, PLACE, Directory
from retrieval.names.nameless import Nameless, meant
from retrieval.names.strangers import BODY_BELOW, departments, departments_at, departments_missing, departments_said, strangers
from retrieval.names.written import Written
from retrieval.words.cues import cues, load
from retrieval.words.folding import HAN, bare, chinese_number
from retrieval.words.gazetteer import place_at
from retrieval.words.lexicon import contains, general_terms
from retrieval.words.pinyin import letters, syllable
from store.text_index import cut, is_word

MOST_COMPARED = 48
LONG = 24  # characters: a longer text is compared clause by clause
ALIKE = 12  # departments of one kind that are asked back about
FAR = 1.5  # how much better a unit must fit what is said of it than any other
SHORTEST_NAME, SHORTEST_UNIT = 0.3, 0.5  # of an agency's and a unit's name, what one in another order must bear
SURELY_OWN = 0.86  # how much of its name must be said of an agency's own office
CLOSE = 0.93  # names that fit nearly as well as the best are as likely
_SKIPPED = re.compile(r"(?:那个|这个|那家|这家|管着的?|管|的|里头|里|市里的?|下面的?|底下的?|[、 ])")
_BELOW_A_BODY = "[局委厅部办院会]的?$"  # 教育局的|图书馆 is what it spends on
_BODY_END = frozenset("局厅委办部院所馆站处会队校学园场狱台社团署道镇乡中心")
_OWN_OFFICE = re.compile(r"(?P<agency>.+?)（?(?P<office>本级|机关)）?")
"""The agency's own office as one of its units: 云山市教育局（本级）."""
_LINK = re.compile(r"[、，和与跟及同 ]|以及|还有|")
_LINK_BEHIND = re.compile(r"[、，和与跟及同比]|以及|还有|对比")
_SEVERAL = re.compile(r"[一二两三四五六七八九十几][家个]")  # 烟台两家商务局: no name of one
_OFFICE = re.compile(r"(?:委员会|办公厅|办公室|管理局|总局|服务中心|中心|局|厅|委|办|部|院|所)$")
_COUNTERS = frozenset("家个")
_BRACKETS = re.compile(r"（([^（）]*)）")
_LEVELS = frozenset("省市区县州")


@dataclass(frozen=True, slots=True)
class Body:
    """An agency, or a budget unit that an agency's disclosure prints as a row."""

    name: str
    agency_ids: tuple[str, ...]
    unit: str | None  # bare row label; None for an agency of its own
    place_end: int


@dataclass(frozen=True, slots=True)
class Whose:
    """A stretch of text that names bodies: one, or several that fit equally well."""

    start: int
    end: int
    bodies: tuple[Body, ...]
    quality: float
    is_place: bool = False  # only a place is named: the bodies are all that are there
    is_each: bool = False  # as many are said as fit: each of the bodies is meant
    is_placed: bool = False  # its place is not said beside it, but is the one said elsewhere, or that of the talk


@dataclass
class Whom:
    """All bodies of a store."""

    directory: Directory
    bodies: list[Body] = field(default_factory=list[Body])
    nameless: tuple[Nameless, ...] = ()  # disclosures that print no name
    _of: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))  # the agencies' own bodies
    _below: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))  # the units that they print
    _of_kind: dict[str, tuple[Body, ...]] = field(default_factory=dict[str, tuple[Body, ...]])
    _pairs: dict[str, list[int]] = field(default_factory=dict[str, list[int]])
    _sounds: dict[tuple[str, str], list[int]] = field(default_factory=dict[tuple[str, str], list[int]])
    _begin: dict[str, list[Body]] = field(default_factory=dict[str, list[Body]])  # by their first character
    _rare: dict[str, float] = field(default_factory=dict[str, float])
    _written: Written | None = None

    @classmethod
    def of(cls, directory: Directory, units: Iterable[tuple[str, str]], nameless: Sequence[Nameless] = ()) -> Whom:
        """From the agencies, the (row label, agency_id) pairs of the budget units printed, and the disclosures that print no name."""
        whom = cls(directory, nameless=tuple(nameless))
        known: set[str] = set()
        for agency in directory.named():
            for name in agency.names:
                whom.bodies.append(_body(name, (agency.agency_id,)))
                known.add(bare(name))
        printed: dict[str, set[str]] = defaultdict(set)
        also: list[tuple[str, str, str]] = []  # 甲中心（乙中心）: the other name of a unit
        for label, agency_id in units:
            name = bare(label)
            if (own := _OWN_OFFICE.fullmatch(name)) is not None and own["agency"] in known:
                whom.bodies.append(_body(own["agency"] + own["office"], (agency_id,), name))
            elif 4 <= len(name) <= 40 and name not in known and not name[-1].isdigit() and re.search(rf"[{HAN}]{{3}}", name):
                short = _BRACKETS.sub("", name)
                printed[short if len(short) >= 4 else name].add(agency_id)
                also += [(other, agency_id, short) for other in _BRACKETS.findall(name) if len(other) > 4 and BODY_BELOW.search(other)]
        whom.bodies += [_body(other, (agency_id,), short) for other, agency_id, short in dict.fromkeys(also) if other not in known]
        for name, ids in printed.items():
            whole = any(bare(directory[agency].name).endswith(name) for agency in ids)  # 退役军人事务局, of 某市退役军人事务局: no unit
            if name not in known and not whole and (BODY_BELOW.search(name) or name[-1] in _BODY_END):
                whom.bodies.append(_body(name, tuple(sorted(ids)), name))
        frequency = Counter(c for body in whom.bodies for c in set(body.name))
        count = max(len(whom.bodies), 2)
        whom._rare = {c: 0.25 + 0.75 * math.log(count / many) / math.log(count) for c, many in frequency.items()}
        for c in "市局委厅办部院所会处县区省":
            if c in whom._rare:
                whom._rare[c] = min(whom._rare[c], 0.25)
        for at, body in enumerate(whom.bodies):
            whom._begin.setdefault(body.name[0], []).append(body)
            for agency_id in body.agency_ids:
                (whom._of if body.unit is None else whom._below)[agency_id].append(body)
            for pair in {body.name[i : i + 2] for i in range(len(body.name) - 1)}:
                whom._pairs.setdefault(pair, []).append(at)
            own = [syllable(c) for c in body.name]
            for pair in set(pairwise(own)):
                whom._sounds.setdefault(pair, []).append(at)
        return whom

    def written_out(self, text: str) -> str:
        """Folded text with the places and departments in it as they are usually written."""
        if self._written is None:
            own = [body for body in self.bodies if body.unit is None]
            places = (root for root in self.directory.places if len(root) <= 3)
            self._written = Written(places, map(_function, own), (body.name for body in self.bodies))
        return self._written.out(text)

    def find(self, text: str, context: Sequence[str] = ()) -> list[Whose]:
        """The stretches of folded text that name bodies, left to right, none overlapping; `context`: whom the talk is about."""
        fits = self._fitting(text)
        unknown = self._unknown_runs(text, [(one.start, one.end) for one in fits if self._says_place(text, one) and _is_whole(text, one)])
        found: list[Whose] = []
        for start, end in unknown:
            agency_id = meant(text[start:end], self.nameless) if self.nameless else None
            if agency_id is not None:
                found.append(Whose(start, end, (Body(text[start:end], (agency_id,), None, 0),), 1.0))
        for one in fits:
            digits = text[one.end - 1].isdigit() and text[one.end : one.end + 1].isdigit()  # 监督管理局|2026年
            if not digits and all(one.end <= known.start or known.end <= one.start for known in found):
                found.append(one)
        if (spelled := self._below_in_letters(text, found) if found else self._in_letters(text)) is not None:
            found.append(spelled)
        found = sorted(self._of_whole_names(found, unknown), key=lambda one: one.start)
        found = self._at_places(text, [*found, *self._departments_at(text, found)])
        found = self._of_whole_names(found, unknown)
        found = self._counted_there(text, found)
        missing = departments_missing(text, self.directory)
        found = [
            one
            for one in found
            if not (one.is_place and any(start <= one.start and one.end < end for start, end in (*unknown, *missing)))
            and not any(start <= one.start and one.end <= end and one.bodies[0].unit is None for start, end in missing)
        ]
        found = self._counted_units(text, self._at_home(text, [*found, *self._shortened(text, found)], context), context)
        found = self._described_below(text, found, context)
        found = self._of_one_house(text, self._said_again(text, _with_places(text, found), context))
        ends = {one.end for one in found}
        return _with_descriptions(text, [replace(one, start=_begin_of(text, one, ends)) for one in found])

    def _at_home(self, text: str, found: list[Whose], context: Sequence[str]) -> list[Whose]:
        """What is said without its place is where those are that are named with theirs, else where the talk is: 那省委办公厅呢."""
        named = [one.bodies[0] for one in found if not one.is_place and len(one.bodies) == 1 and self._says_place(text, one)]
        ids = {agency for body in named for agency in body.agency_ids} or set(context)
        homes = {body.name[:2] for body in self._at(ids) if body.place_end}
        if len(homes) != 1:
            return found
        home = next(iter(homes))
        units = [body for agency in ids for body in self._below.get(agency, ())]
        out: list[Whose] = []
        for one in found:
            said = text[one.start : one.end]
            if one.is_place or one.is_placed or self._says_place(text, one):
                out.append(one)
                continue
            inside = _units_said(said, units) if len(said) < len(one.bodies[0].name) else []
            own = tuple(inside) if len(inside) == 1 else tuple(body for body in one.bodies if body.name.startswith(home))
            if not own and not one.bodies[0].place_end:
                own = tuple(body for body in self.bodies if body.unit is None and body.name == home + said)
            level = text[max(one.start - 1, 0)]
            if own and level in _LEVELS and own[0].place_end and level != own[0].name[own[0].place_end - 1] and own[0].unit is None:
                own = ()  # 省|商务局 is none of the city's
            out.append(replace(one, bodies=own, is_placed=True) if own else one)
        at_home = [body for body in self.bodies if body.unit is None and body.name.startswith(home)]
        for link in _patterns("place", "beside").finditer(text):  # 甲市商务局跟|发改委, 甲县残联、|文联
            at = link.end()
            cores = ((body.name[body.place_end :], body) for body in at_home)
            exact = ((at + len(core), (body,)) for core, body in cores if len(core) > 1 and text.startswith(core, at))
            named = max(exact, default=None, key=lambda one: one[0])
            called = ((end, _called(name, at_home)) for start, end, name in departments_said(text) if start == at)
            short = _patterns("short", "listed").match(text, at)
            ordered = [(short.end(), _in_any_order(short.group(), at_home))] if short is not None else []
            fits = (one for one in (named, *called, *ordered) if one is not None and len(one[1]) == 1)
            end, bodies = next(fits, (at, ()))
            if bodies and all(end <= one.start or one.end <= at for one in out):
                out.append(Whose(at, end, bodies, 0.95, is_placed=True))
        for said in _patterns("kind", "unit").finditer(text) if units else ():
            ends = {one.end for one in found}
            within = range(said.start(), said.start("kind"))
            after = max((at for at in within if at in ends), default=None)  # right behind a name
            starts = [after] if after else [at for at in within if _patterns("kind", "left").search(text, 0, at)] or [said.start()]
            fits = [(at, _units_said(text[at : said.end()], units)) for at in starts]
            if not any(fit for _, fit in fits):  # behind whatever words, where it begins as the unit's name does: 加上|军供站
                begins = ((at, _units_said(text[at : said.end()], units)) for at in within if said.start("kind") - at >= 2)
                fits = [(at, fit) for at, fit in begins if fit and fit[0].name[fit[0].place_end :].startswith(text[at])]
            start, inside = next(((at, fit) for at, fit in fits if fit), (said.start(), []))
            if len(inside) == 1 and all(said.end() <= one.start or one.end <= start for one in out):
                out.append(Whose(start, said.end(), (inside[0],), 0.9))
        return sorted(out, key=lambda one: one.start)

    def _said_again(self, text: str, found: list[Whose], context: Sequence[str]) -> list[Whose]:
        """人才中心，甲市住建委的，…: beside a name its beginning alone, said behind a comma or before one, is the same; and so is
        what every city calls it, its name without its place, or the same of the department above it (甲校在市交通局表里)."""
        sure = {one.bodies for one in found if len(one.bodies) == 1 and not one.is_place}
        several = [(one.start, one.end) for one in found if len(one.bodies) > 1]
        again = [(start, end) for start, end in (*several, *self.unknown(text, found)) if _patterns("belonging", "again").match(text, end)]
        for start, end in again if len(sure) == 1 else ():
            bodies = next(iter(sure))
            if text[start] == bodies[0].name[0] and _stands_in(text[start:end], bodies[0].name):
                found = [*(one for one in found if one.end <= start or end <= one.start), Whose(start, end, bodies, 0.9)]
        said = [(start - (text[start - 1 : start] == "老"), end, name) for start, end, name in departments_said(text)]
        strange = self.unknown(text, found)
        said += [(start, end, text[start:end]) for start, end in strange]
        houses = self._at(_houses(one for one in found if not one.is_place) or context)
        cores = [body.name[body.place_end :] for body in houses if body.place_end and len(body.name) - body.place_end > 2]
        said += [(*match.span(), core) for core in cores for match in re.finditer(re.escape(core), text)]
        for start, end, name in said:
            elsewhere = {text[a : a + 2] for a, b in strange if a <= start and end <= b and b - a > end - start}  # 某市|公安局
            called = tuple(body for body in _called(name, houses) if elsewhere <= {body.name[:2]})
            if len(called) == 1 and all(end <= one.start or one.end <= start for one in found if not one.is_place):
                found = [*found, Whose(start, end, called, 0.9, is_placed=True)]
        return sorted(found, key=lambda one: one.start)

    def _shortened(self, text: str, found: Sequence[Whose]) -> list[Whose]:
        """某市安监执法支队, 某市文体旅局: what else would be a stranger, where one body at its place bears all its characters."""
        places = {start: (end, ids) for start, end, ids in self.directory.places_in(text)}
        out: list[Whose] = []
        for start, end in self.unknown(text, found):
            at, ids = places.get(start, (end, ()))
            below = [body for agency in ids for body in self._below.get(agency, ())]
            bodies = _in_any_order(text[at:end], [*self._at(ids), *below])
            if len(bodies) == 1 and all(end <= one.start or one.end <= start for one in found if not one.is_place):
                out.append(Whose(start, end, bodies, 0.9))
        for start in range(len(text)) if not found and not out else ():
            begins = self._begin.get(text[start], ())
            fits = {body.name: (end, body) for body in begins if (end := _initials(text[start:], body))}
            if len(fits) == 1:
                return [Whose(start, start + end, (body,), 0.9) for end, body in fits.values()]
        return out

    def _counted_units(self, text: str, found: list[Whose], context: Sequence[str]) -> list[Whose]:
        """东城、南城、北城三个养护所: as many units of a kind as one agency prints that is said, talked about or at the place."""
        there = _houses(one for one in found if not one.is_place) or set(context) or _houses(found)
        below = [each for agency in sorted(there) if (each := _counted_below(text, self._below.get(agency, ())))]
        for each in below[0] if len(below) == 1 else ():
            found = [one for one in found if one.end <= each.start or each.end <= one.start or one.bodies[0].unit is None]
            house = self._of[each.bodies[0].agency_ids[0]][:1]
            found = [replace(one, bodies=tuple(house), is_place=False, quality=0.95) if one.is_place else one for one in found]
            place = next((place for place in (house[0].name[:3], house[0].name[:2]) if text[: each.start].endswith(place)), "")
            over = any(one.start < each.start and each.start - len(place) < one.end for one in found)
            placed = each if over else replace(each, start=each.start - len(place))
            found += [placed] if all(placed.end <= one.start or one.end <= placed.start for one in found) else []
        return sorted(found, key=lambda one: one.start)

    def _described_below(self, text: str, found: list[Whose], context: Sequence[str]) -> list[Whose]:
        """管驾校还有管修车铺的那个处: the one unit of a kind whose name shares most with what it is said to be for."""
        there = _houses(one for one in found if not one.is_place) or set(context) or _houses(found)
        units = [body for agency in there for body in self._below.get(agency, ())]
        for said in _patterns("described", "unit").finditer(text) if units else ():
            over = [one for one in found if one.start < said.end() and said.start() < one.end]
            words = said["what"]
            pairs = {words[at : at + 2] for at in range(len(words) - 1)}
            scored: list[tuple[float, int, Body]] = []
            for body in units:
                core = body.name[body.place_end :]
                shared = {c for c in set(words) & set(core) if self._rare.get(c, 0.0) >= 0.4}
                whole = sum(1 for pair in pairs if pair in core)
                fits = core.endswith(said["kind"]) if said["kind"] else whole > 1
                if fits and len(shared) >= 2:
                    scored.append((sum(self._rare[c] for c in shared) + whole, -len(scored), body))
            best = nlargest(2, scored)
            body = best[0][2] if best and (len(best) == 1 or best[0][0] >= FAR * best[1][0]) else None
            if body is not None and all(one.bodies == (body,) for one in over):
                found = [replace(one, bodies=(self._of[body.agency_ids[0]][0],), is_place=False) if one.is_place else one for one in found]
                start, end = min([said.start(), *(one.start for one in over)]), max([said.end(), *(one.end for one in over)])
                found = [*(one for one in found if one not in over), Whose(start, end, (body,), 0.9)]
        return sorted(found, key=lambda one: one.start)

    def places_of(self, agency_ids: Iterable[str]) -> list[str]:
        """The places that the names of agencies begin with."""
        found = (body.name[: body.place_end] for agency_id in agency_ids for body in self._of.get(agency_id, ()) if body.place_end)
        return list(dict.fromkeys(found))

    def _of_whole_names(self, found: list[Whose], unknown: Sequence[tuple[int, int]]) -> list[Whose]:
        """Without what only fits a part of the name of an agency that is not here (示例市教育|考试中心)."""
        return [one for one in found if not any(a <= one.start and one.end <= b and b - a > one.end - one.start for a, b in unknown)]

    def _unknown_runs(self, text: str, taken: Sequence[tuple[int, int]] = ()) -> tuple[tuple[int, int], ...]:
        """The runs that look like an agency, besides what is taken."""
        return tuple(run for run in self.directory.unknown(text, taken) if not _SEVERAL.search(text[slice(*run)]))

    def _at_places(self, text: str, found: list[Whose]) -> list[Whose]:
        """What fits several is the one at the place that is said; a place beside a name stands for the like body there."""
        places = [
            (start, end, ids)
            for start, end, ids in self.directory.places_in(text)
            if all(end <= one.start or start >= one.end for one in found)
        ]
        if not places:
            return found or self._by_department(text)
        if len({text[start : start + 2] for start, _, _ in places}) == 1:
            found = self._at_the_place(text, found, places[0])
            here, ids = text[places[0][0] : places[0][0] + 2], set(places[0][2])
            single = [one.bodies[0] for one in found if len(one.bodies) == 1]
            own = [body for body in single if ids.intersection(body.agency_ids) or body.name.startswith(here)]
            beside = [body for body in own if len(found) > 1 or body.unit is not None or not ids.intersection(body.agency_ids)]
            house = next((self._of[body.agency_ids[0]][0] for body in beside), None)
            if house is not None:  # 广州管粮仓的储备粮中心: the place is the one of what is named
                return sorted([*found, *(Whose(start, end, (house,), 0.95) for start, end, _ in places)], key=lambda one: one.start)
        out: list[Whose] = []
        used: set[int] = set()
        for one in found:
            kin = {_function(body) for body in one.bodies}
            said_place = self._says_place(text, one)
            for start, end, ids in places:
                beside = end <= one.start and _LINK.fullmatch(text[end : one.start]) if said_place else True
                after = (
                    said_place
                    and start >= one.end
                    and _LINK_BEHIND.fullmatch(text[one.end : start])
                    and not text[end : end + 1].strip("的比，。？ 差谁哪两二一多少高低")
                )
                if not beside and not after:
                    continue
                there = [body for body in self._at(ids) if _function(body) in kin]
                if len(there) == 1 and start not in used:
                    used.add(start)
                    out.append(Whose(start, end, (there[0],), 0.95))
            if said_place or not used:
                out.append(one)
            else:
                there = [whose.bodies[0] for whose in out if whose.start in used and _function(whose.bodies[0]) in kin]
                out.append(replace(one, bodies=(there[-1],)) if there else one)
        departments = departments_said(text) if not found else []
        for start, end, ids in places:
            if start in used:
                continue
            cores = [(at, body.name[body.place_end :], body) for body in self._at(ids) for at in [text.find(body.name[body.place_end :])]]
            named = [(at, at + len(core), body) for at, core, body in cores if at >= 0 and len(core) >= 3]
            if len(named) != 1:  # 三家医保局（北京、深圳、烟台）
                named = [(at, behind, *called) for at, behind, name in departments if len(called := _called(name, self._at(ids))) == 1][:1]
            for at, behind, body in named:  # 福州、烟台两家商务局
                used.add(start)
                out.append(Whose(start, end, (body,), 0.95))
                if not any(one.start < behind and at < one.end for one in out):
                    out.append(Whose(at, behind, (body,), 0.95, is_placed=bool(departments)))
        sure = any(len(one.bodies) == 1 and not one.is_place for one in out)
        for start, end, ids in places:
            if sure and _patterns("place", "where").search(text, 0, start):
                continue  # 甲局在|乙市…: where something is
            if start not in used and not any(one.start < end and start < one.end for one in out):
                bodies = tuple(self._at(ids))
                out.append(Whose(start, end, bodies, 0.5, is_place=True))
        return sorted(out, key=lambda one: one.start)

    def _at_the_place(self, text: str, found: Sequence[Whose], place: tuple[int, int, Sequence[str]]) -> list[Whose]:
        """What is said without its place is at the one place that is said: 烟台：府办跟财政局."""
        start, _, ids = place
        here = text[start : start + 2]
        there = self._at(ids)
        out: list[Whose] = []
        said = departments_said(text)
        for one in found:
            own = tuple(body for body in one.bodies if set(body.agency_ids) & set(ids) or body.name.startswith(here))
            if not own and one.bodies[0].unit is None and not self._says_place(text, one):
                names = [name for start, end, name in said if start < one.end and one.start < end]
                own = tuple(dict.fromkeys(body for name in names for body in _called(name, there)))
            out.append(replace(one, bodies=own, is_placed=True) if own else one)
        for start, end, name in said:
            called = _called(name, there)
            if len(called) == 1 and all(end <= one.start or one.end <= start for one in out):
                out.append(Whose(start, end, called, 0.95, is_placed=True))
        return sorted(out, key=lambda one: one.start)

    def _departments_at(self, text: str, found: Sequence[Whose]) -> list[Whose]:
        """江苏省检, 广州规资局: what every city calls a department, behind a place, where one agency there is that department."""
        out: list[Whose] = []
        for one in departments_at(text, self.directory):
            if any(known.start < one.end and one.start < known.end for known in found):
                continue
            bodies = _called(one.name, self._at(one.there))
            if bodies:
                out.append(Whose(one.start, one.end, bodies, 0.95))
        return out

    def _at(self, ids: Iterable[str]) -> list[Body]:
        """The bodies of agencies, without the units below them."""
        return [body for agency_id in ids for body in self._of.get(agency_id, ())]

    def _counted_there(self, text: str, found: Sequence[Whose]) -> list[Whose]:
        """上海有两个执法总队，一个管应急一个管文旅: a place with a name that several bodies there bear, each of which is meant
        where as many are said, and may be told by what it is for."""
        out = list(found)
        for one in found:
            if one.is_place or len(one.bodies) < 2:
                continue
            place = next((other for other in found if other.is_place and other.end <= one.start), None)
            between = _patterns("place", "has").match(text, place.end, one.start) if place is not None else None
            if place is None or between is None:
                continue
            ids = {body.agency_ids for body in place.bodies}
            bodies = tuple(body for body in one.bodies if body.agency_ids in ids) or one.bodies
            is_each = len(bodies) == (2 if between["pair"] else chinese_number(between["number"] or ""))
            out = [other for other in out if other not in (place, one)]
            out.append(replace(one, start=place.start, bodies=bodies, is_each=is_each))
            for told in _patterns("each", "told").finditer(text, one.end) if is_each else ():
                named = tuple(body for body in bodies if contains(body.name, told["what"]))
                if len(named) == 1 and all(told.end() <= other.start or other.end <= told.start() for other in out):
                    out.append(Whose(told.start(), told.end(), named, 0.95))
        return sorted(out, key=lambda one: one.start)

    def _by_department(self, text: str) -> list[Whose]:
        """医保局今年…: the departments of that kind here, whose place is not said."""
        out: list[Whose] = []
        for begin, end, name in departments_said(text):
            if name not in self._of_kind:
                called = _called(name, (body for body in self.bodies if body.unit is None and body.place_end))
                self._of_kind[name] = tuple(body for body in called if _function(body).endswith(name)) or called
            there = self._of_kind[name]
            start = begin - (begin > 0 and text[begin - 1] in _LEVELS)
            if text[start] in _LEVELS:  # 省检 is a province's
                there = tuple(body for body in there if body.name[body.place_end - 1] == text[start])
            if 0 < len(there) <= ALIKE and all(out[0].bodies == there for _ in out[:1]):
                out.append(Whose(start, end, there, 0.9))
        return out

    def _says_place(self, text: str, one: Whose) -> bool:
        name = one.bodies[0].name
        return one.bodies[0].place_end > 0 and text[one.start : one.start + 2] == name[:2]

    def _of_one_house(self, text: str, found: list[Whose]) -> list[Whose]:
        """Beside an agency that is surely named, a unit without a place is that agency's own, and one of another's is none."""
        sure = {one.bodies[0].agency_ids[0] for one in found if len(one.bodies) == 1 and one.bodies[0].unit is None and not one.is_place}
        if not sure:
            return found
        out: list[Whose] = []
        own_units = list(dict.fromkeys(body for agency_id in sure for body in self._below.get(agency_id, ())))
        for one in found:
            units = [body for body in one.bodies if body.unit is not None]
            said = text[one.start : one.end]
            placeless = (
                not one.is_place and len(said) >= 3 and not any(body.name.startswith(said[:2]) and body.place_end for body in one.bodies)
            )
            if placeless and not ({i for body in one.bodies for i in body.agency_ids} & sure):
                inside = [body for body in own_units if _stands_in(said, body.name)]
                if len(inside) == 1:
                    out.append(replace(one, bodies=(replace(inside[0], agency_ids=tuple(i for i in inside[0].agency_ids if i in sure)),)))
                    continue
            if not units or one.is_place:
                elsewhere = placeless and len(one.bodies) == 1 and one.bodies[0].agency_ids[0] not in sure and said != one.bodies[0].name
                if not elsewhere or any(self.directory[agency].name[:2] == one.bodies[0].name[:2] for agency in sure):
                    out.append(one)
                continue
            own = tuple(body for body in units if set(body.agency_ids) & sure)
            if own:
                out.append(
                    replace(one, bodies=tuple(replace(body, agency_ids=tuple(i for i in body.agency_ids if i in sure)) for body in own))
                )
            elif one.quality >= 0.9 and len(one.bodies) == 1:
                out.append(one)
        return out

    def unknown(self, text: str, found: Sequence[Whose]) -> list[tuple[int, int]]:
        """Stretches that look like an agency or a place that is not here."""
        taken = [(one.start, one.end) for one in found if not one.is_place]
        spans = [*self._unknown_runs(text, taken), *departments_missing(text, self.directory)]
        if not found:
            spans += strangers(text, self.directory)
        spans = [(a, b) for a, b in dict.fromkeys(spans) if all(b <= one.start or a >= one.end for one in found)]
        return [one for one in spans if not any(a <= one[0] and one[1] <= b and one != (a, b) for a, b in spans)]

    def _candidates(self, text: str) -> list[int]:
        """The bodies that are compared with a text: those nearest to each of its clauses."""
        parts = re.split(r"[，。、；？！ ]", text) if len(text) > LONG else [text]
        each = max(MOST_COMPARED // len(parts), 32)
        return list(dict.fromkeys(at for part in parts if len(part) > 2 for at in self._nearest_to(part, each)))

    def _nearest_to(self, text: str, most: int) -> list[int]:
        votes: dict[int, float] = defaultdict(float)
        for pair in {text[i : i + 2] for i in range(len(text) - 1)}:
            ids = self._pairs.get(pair, ())
            for at in ids if len(ids) <= 600 else ():
                votes[at] += 1 + 1 / len(ids)
        own = [syllable(c) for c in text]
        for pair in set(pairwise(own)):
            ids = self._sounds.get(pair, ())
            for at in ids if len(ids) <= 200 else ():
                votes[at] += 0.5 + 0.5 / len(ids)
        return nlargest(most, votes, key=lambda at: (votes[at], -at))

    def _fitting(self, text: str) -> list[Whose]:
        """The best alignments, not overlapping."""
        sounds = [syllable(c) for c in text]
        whole = _inside_words(text)
        places = self.directory.places_in(text)
        here = {text[start : start + 2] for start, _, _ in places}
        said = [one for one in departments_at(text, self.directory) if _patterns("kind", "over").match(text, one.end)]
        over = [(one.start, one.end, {i for body in _called(one.name, self._at(one.there)) for i in body.agency_ids}) for one in said]
        fits: list[tuple[float, int, int, Body, float]] = []
        near = (self.bodies[at] for at in self._candidates(text))
        for body in dict.fromkeys((*near, *self._at(agency for _, _, ids in places for agency in ids))):
            for start in range(len(text) - 1):
                if text[start] not in body.name or _counted(text, start) or (text[start] in "和与及" and body.name[0] != text[start]):
                    continue
                fit = self._fit(text, sounds, start, body, whole)
                if fit is not None and any(a <= start < b < fit[1] and not ids & {*body.agency_ids} for a, b, ids in over):
                    continue  # 某市水务底下|管水源的 is no 水务工程管理中心 of another's
                if fit is not None and fit[2] < SURELY_OWN and body.unit is not None and _OWN_OFFICE.fullmatch(body.unit):
                    continue
                if fit is not None and not (
                    here and body.place_end and body.name[:2] not in here and text[start : start + 2] != body.name[:2] and fit[2] < 1.0
                ):
                    fits.append((fit[0], start, fit[1], body, fit[2]))
        fits.sort(key=lambda fit: (-fit[0], fit[1] - fit[2], fit[3].unit is not None, fit[3].name))
        out: list[Whose] = []
        departments = departments_said(text)
        for weight, begin, end, _, quality in fits:
            if any(begin < one.end and one.start < end for one in out):
                continue
            least = end if text[end - 1] in _BODY_END else begin  # 市政府办公|厅 is no 办公室
            alike = [fit for fit in fits if fit[1] < end and max(begin + 1, least) <= fit[2] and fit[0] >= weight * CLOSE]
            bodies = tuple({fit[3].name: fit[3] for fit in alike}.values())
            told = _told_before(text[:begin], bodies, 1) if len(bodies) > 1 else None  # 黄埔|环境分局
            start, bodies = told or (begin, bodies)
            own = tuple(body for body in bodies if body.unit is None) or bodies
            called = [name for a, b, name in departments if start < b and a < end]
            exact = tuple(body for body in own if any(name in body.name for name in called))  # 府办 is no 口岸办
            out.append(Whose(start, end, _nearest_in_length(exact or own), quality))
        return out

    def _fit(  # noqa: PLR0915  one walk over the text, then what speaks against it
        self, text: str, sounds: Sequence[str], start: int, body: Body, whole: frozenset[int]
    ) -> tuple[float, int, float] | None:
        """(weight, end, quality) of the run from `start` that stands for the body; None where none does."""
        name = body.name
        last, at, weight, slips, skipped = -1, start, 0.0, 0, 0
        matched: list[int] = []
        heard: list[int] = []  # of them by their sound
        end = start
        while at < len(text):
            place = name.find(text[at], last + 1)
            if place >= 0 and place - last > 14 and matched:
                place = -1
            slip = False
            if place < 0 and "\u4e00" <= text[at] <= "\u9fff":
                for near in range(last + 1, min(last + 9, len(name))):
                    if syllable(name[near]) == sounds[at]:
                        place, slip = near, True
                        break
                may_slip = slips == 0 and len(matched) >= 3 and at + 1 < len(text) and at not in whole
                if place < 0 and may_slip and text[at] not in "的和与局厅委":
                    following = name.find(text[at + 1], last + 2, last + 6)
                    if following > last + 1:
                        place, slip = following - 1, True  # one character written wrong between those that fit
            if place < 0:
                jump = _SKIPPED.match(text, at) if matched else None
                if jump is None or skipped >= 3:
                    break
                at, skipped = jump.end(), skipped + 1
                continue
            if slip and (not matched or text[at - 1] in " 、"):
                break
            matched.append(place)
            weight += self._rare.get(name[place], 0.5) * (0.6 if slip else 1.0)
            slips += slip
            heard += [place] if slip else []
            last, at = place, at + 1
            end = at
        if len(matched) < 3 or slips > max(1, len(matched) // 3):
            return None
        run = text[start:end]
        is_core = body.unit is None and run == name[body.place_end :] and "UNITKIND" in cues().get(run, ())  # 图书馆
        is_core = is_core and re.search(_BELOW_A_BODY, text[:start]) is None
        if (run in general_terms() or run in cues()) and not is_core:
            return None
        cuts = text[end - 1] not in _BODY_END and is_word(text[end - 1 : end + 1]) and not is_word(text[end - 2 : end])
        if cuts and last < len(name) - 1:
            return None  # 信访事|务
        core = [place for place in matched if place >= body.place_end]
        core_weight = sum(self._rare.get(name[place], 0.5) for place in core)
        has_place = 0 in matched and matched[:2] == [0, 1]
        near = _place_over(text, start) if matched[0] != 0 or not body.place_end else None
        if near is not None and near.rstrip("省市区县") not in name:
            return None  # another place's: 泉|州公安局 is not 杭州市公安局
        rare = [place for place in core if self._rare.get(name[place], 0.5) >= 0.45]
        if end - start == len(name) == len(matched) and not slips:
            return weight + 1.0, end, 1.0
        to_the_end = has_place and last == len(name) - 1 and not slips  # 江苏高院: from the place to the last character
        by_sound = len(core) == 2 and any(place >= body.place_end for place in heard)  # 江苏省检查费 is nothing of the 检察院
        office = _OFFICE.search(name)
        said = "".join(name[place] for place in core)
        by_office = body.unit is None and ((office is not None and last == office.start()) or said in departments())
        is_short = has_place and not slips and by_office  # 深圳府办, 深圳城管
        if len(core) < 2 or by_sound or (not is_short and (not rare or core_weight < (0.55 if to_the_end else 1.0))):
            return None
        cut_short = text[end - 1] not in _BODY_END and last < len(name) - 1
        if not has_place and not is_core and (core_weight < 2.0 or len(core) < 3 or cut_short):
            return None
        enough = 0.4 * len(re.sub("人民政府|办事处$", "", name[body.place_end :]))
        own_ending = body.unit is None and len(core) > 3 and name.endswith(run)  # 它的|执法监督局
        if not has_place and len(core) < enough and not own_ending:
            return None
        if body.unit is not None and len(core) < 3 and text[end - 1] not in _BODY_END and is_word("".join(name[place] for place in core)):
            return None  # 广州举报 is no 投诉举报中心; 无锡六高 is the 第六高级中学
        if body.unit is not None and not has_place and len(core) < 4:
            return None
        tail = name[last + 1 :]
        if tail and PART_BODY.match(text, end):
            return None  # 东滩街道|社区卫生服务中心 is a body of its own
        if text[end - 1] in _BODY_END and len(tail) >= 4 and BODY_BELOW.search(name) and name[last] in "局委厅部办院校会":
            return None  # the body above: 云山市公安局 for 云山市公安局治安支队
        total = sum(self._rare.get(c, 0.5) for c in name)
        quality = min(1.0, 0.62 + 0.38 * weight / total) - 0.08 * slips - 0.03 * skipped
        return weight - 0.4 * slips - 0.2 * skipped + 0.3 * (weight / total), end, quality

    def _below_in_letters(self, text: str, found: Sequence[Whose]) -> Whose | None:
        """泉州公安 jichang fenju: beside an agency, the unit below it whose name ends in what a run of letters spells."""
        run = re.search(r"[a-z][a-z ]{6,}[a-z]", text)
        houses = _houses(found)
        if run is None or len(houses) != 1:
            return None
        said = run.group().replace(" ", "")
        below = [body for body in self._below.get(next(iter(houses)), ()) if letters(body.name).endswith(said)]
        return Whose(*run.span(), (below[0],), 0.95) if len(below) == 1 else None

    def _in_letters(self, text: str) -> Whose | None:
        """The body that a run of Latin letters spells: its place, then characters of its name in their order, to the last one."""
        run = re.search(r"[a-z][a-z ]{5,}[a-z]", text)
        if run is None:
            return None
        said = run.group().replace(" ", "")
        fits: dict[str, tuple[int, int, Body]] = {}
        for body in self.bodies:
            place = letters(re.sub("[省市区县]$", "", body.name[: body.place_end]))
            start = said.find(place) if len(place) > 2 else -1
            if start < 0:
                continue
            office = _OFFICE.search(body.name)
            ends = "|".join(f"(?<={letters(c)})" for c in (office.group() if office else body.name[-1]))
            characters = "".join(f"(?:{letters(c)})?" for c in body.name[body.place_end - 1 :])
            spelled = re.compile(f"{characters}(?:{ends})").match(said, start + len(place))
            if spelled is not None and spelled.end() - start - len(place) >= 6:
                fits.setdefault(body.name, (start, spelled.end(), body))
        most = max((end - start for start, end, _ in fits.values()), default=0)
        best = [(start, end, body) for start, end, body in fits.values() if end - start == most]
        if not best:
            return None
        places = [place for place in range(run.start(), run.end()) if text[place] != " "]
        bodies = tuple(body for *_, body in best)
        own = tuple(body for body in bodies if body.unit is None)
        return Whose(places[best[0][0]], places[best[0][1] - 1] + 1, _nearest_in_length(own or bodies), 0.95)


def _houses(found: Iterable[Whose]) -> set[str]:
    """The agencies that names stand for, or that print what they stand for."""
    return {agency for one in found for body in one.bodies for agency in body.agency_ids}


@cache
def _patterns(of: str, name: str) -> re.Pattern[str]:
    """A pattern of data/grammar/names.toml."""
    return re.compile(load("names.toml")[of][name])


def _counted_below(text: str, units: Sequence[Body]) -> list[Whose]:
    """Where a text counts units of a kind: all that there are, with what tells them apart said before them or in brackets, or those
    that are told by what is listed before them (东江、北部这两个水源管理处)."""
    out: list[Whose] = []
    for said in _patterns("kind", "counted").finditer(text) if units else ():
        number = {"俩": 2, "两": 2, "仨": 3}.get(said["number"], chinese_number(said["number"]))
        plain = {body: re.sub(r"（[^（）]*）", "", body.name) for body in units}
        for length in range(len(said["kind"]), 1, -1):
            kind = [syllable(c) for c in said["kind"][:length]]
            bodies = tuple(body for body, name in plain.items() if [syllable(c) for c in name[-length:]] == kind)
            start, end = said.start(), said.start("kind") + length
            if (listed := _told_before(text[:start], bodies, int(number or 0))) is not None:
                start, bodies = listed
            elif len(bodies) != number:
                continue
            beside = {c for body in bodies for c in plain[body][body.place_end : -length]} | set("、和与跟的包括")
            while start and text[start - 1] in beside and listed is None:
                start -= 1
            told = re.match(r"（([^（）]*)）", text[end:])
            end += told.end() if told is not None and set(told[1]) <= beside else 0
            out.append(Whose(start, end, bodies, 0.95, is_each=True))
            break
    return out


def _told_before(before: str, bodies: Sequence[Body], number: int) -> tuple[int, tuple[Body, ...]] | None:
    """As many of the bodies as are listed at the end of a text by what each alone bears behind what all bear, and where that begins."""
    shared = sum(1 for _ in takewhile(lambda all_of: len(set(all_of)) == 1, zip(*(body.name for body in bodies), strict=False)))
    end = len(before.rstrip("这那的 "))
    start, listed = end, list[Body]()
    while len(listed) < number:
        lengths = (length for length in (4, 3, 2) if length <= end)
        told = [(end - length, body) for length in lengths for body in bodies if before[end - length : end] in body.name[shared:]]
        own = [body for at, body in told if at == told[0][0]]
        if len(own) != 1 or own[0] in listed:
            return None
        listed.insert(0, own[0])
        start = told[0][0]
        end = start - (before[:start].endswith(("、", "和", "与", "跟", "及", " ")))
    return (start, tuple(listed)) if listed else None


def _counted(text: str, start: int) -> bool:
    """Whether a name that would begin with 家 or 个 begins with how many are meant: 两|家水务局."""
    return text[start] in _COUNTERS and _patterns("several", "counted").search(text, 0, start + 1) is not None


def _begin_of(text: str, one: Whose, ends: set[int]) -> int:
    """Where a name begins: at the 中共 before its place, if there is one; at the 市 before one that is said without its place."""
    party = _patterns("place", "party").search(text, 0, one.start)
    body = one.bodies[0]
    level = body.name[max(body.place_end - 1, 0) : body.place_end]
    placeless = not one.is_place and body.unit is None and text[one.start] == body.name[body.place_end : body.place_end + 1]
    with_level = placeless and level in _LEVELS and text[: one.start].endswith(level) and one.start not in ends
    return party.start() if party is not None else one.start - with_level


def _units_said(said: str, units: Iterable[Body]) -> list[Body]:
    """The units that a short name may be of: its characters in order, and their kind at the end (社保中心, 警校, 三院)."""
    kind = _patterns("kind", "of").search(said)
    kind = kind.group() if kind is not None else ""
    head = said.removesuffix(kind)
    cores = [(body, re.sub(r"（[^（）]*）", "", body.name)[body.place_end :]) for body in units]
    fits = [(body, core) for body, core in cores if head and core.endswith(kind) and _stands_in(head, core.removesuffix(kind))]
    return [body for body, core in fits if core[0] == head[0]] or [body for body, _ in fits]


def _with_descriptions(text: str, found: Sequence[Whose]) -> list[Whose]:
    """The names with what is said of them beside them: 管粮仓的|储备粮中心."""
    out: list[Whose] = []
    for at, one in enumerate(found):
        if out and one.end <= out[-1].end:
            continue  # the house of a unit, told behind it
        before = None if one.is_place else _patterns("described", "before").search(text, out[-1].end if out else 0, one.start)
        behind = None if one.is_place else _patterns("described", "behind").match(text, one.end)
        over = [other for other in found[at + 1 :] if behind is not None and other.start < behind.end()]
        house = one.bodies[0].unit is not None and all(other.bodies[0].agency_ids == one.bodies[0].agency_ids for other in over)
        end = behind.end() if behind is not None and (house or not over) else one.end
        out.append(replace(one, start=before.start() if before is not None else one.start, end=end))
    return out


def _with_places(text: str, found: Sequence[Whose]) -> list[Whose]:
    """The names with the place that is told in brackets behind them: 某街道（某市某区）."""
    out: list[Whose] = []
    for one in found:
        told = re.match(r"（([^（）]{2,9})）", text[one.end :])
        before = one.bodies[0].name.partition(text[one.start])[0]
        here = told is not None and len(one.bodies) == 1 and _stands_in(told[1], before)
        out.append(replace(one, end=one.end + len(told[0])) if told is not None and here else one)
    return [one for one in out if not any(other.start < one.start and one.end <= other.end for other in out)]


def _is_whole(text: str, one: Whose) -> bool:
    """Whether a name is said to its end, or to the kind of office that it ends in."""
    offices = ((body, _OFFICE.search(body.name)) for body in one.bodies)
    return any(text[one.end - 1] in body.name[-1] + (office.group()[0] if office else "") for body, office in offices)


def _inside_words(text: str) -> frozenset[int]:
    """Places of characters that make a word of the language with a neighbour: no slip of another (财政 is no 民政)."""
    words = {word for word in cut(text) if len(word) == 2}
    return frozenset(place for at in range(len(text) - 1) if text[at : at + 2] in words for place in (at, at + 1))


def _nearest_in_length(bodies: tuple[Body, ...]) -> tuple[Body, ...]:
    """Of several bodies of one place that a short name fits, those that say least beside it: 应急局 is no 应急管理综合行政执法监督局."""
    shortest: dict[str, int] = {}
    for body in bodies:
        place = body.name[: body.place_end]
        shortest[place] = min(shortest.get(place, 99), len(body.name))
    return tuple(body for body in bodies if len(body.name) <= shortest[body.name[: body.place_end]] + 2)


def _function(body: Body) -> str:
    """What a body is for: its name without its place and kind of office."""
    return function_of(body.name)


def core_of(name: str) -> str:
    """A body's name behind its place."""
    return bare(name)[_place_end(bare(name)) :]


def function_of(name: str) -> str:
    """What an agency is for: its name without its place and kind of office (云山市财政局 → 财政)."""
    rest = bare(name)[_place_end(bare(name)) :].removeprefix("人民")
    return _OFFICE.sub("", rest) or rest


def unit_ending(said: str) -> str | None:
    """The kind of unit that a said name ends in, which what it stands for ends in too: 社保中心 is no 社会保障和就业支出."""
    found = _patterns("kind", "ending").search(said)
    return found.group("kind") if found is not None else None


def _called(name: str, bodies: Iterable[Body]) -> tuple[Body, ...]:
    """The bodies that are the department of a name at their place: 江苏省检 is not 江苏省南通市人民检察院, 白石公安 no 公安局巡警支队."""
    there = [
        body
        for body in bodies
        for core in [body.name[body.place_end :]]
        if _stands_in(name, core) and not PLACE.match(core) and not BODY_BELOW.search(core)
    ]
    return _nearest_in_length(tuple(body for body in there if name in body.name) or tuple(there))


def _stands_in(said: str, name: str) -> bool:
    at = -1
    for c in said:
        at = name.find(c, at + 1)
        if at < 0:
            return False
    return True


def _in_any_order(said: str, bodies: Iterable[Body]) -> tuple[Body, ...]:
    """The bodies whose names bear all characters of a short one and its kind of office (文体旅局: 文化广电旅游体育局)."""
    fits: dict[str, Body] = {}
    for body in bodies:
        core = re.sub(r"（[^（）]*）", "", body.name)[body.place_end :]
        office = _OFFICE.search(core)
        same = core[-1:] == said[-1:] or (office is not None and said[-1:] in office.group())
        enough = SHORTEST_UNIT if body.unit is not None else SHORTEST_NAME
        if len(said) >= 3 and same and len(said) >= enough * len(core) and not Counter(said) - Counter(core):
            fits.setdefault(body.name, body)
    return tuple(fits.values())


def _initials(text: str, body: Body) -> int:
    """How long what is short for a body is that a text begins with: characters of its name in their order, the first and the last
    among them, not its place (上科大附校); 0 where it begins with none."""
    last = -1
    for at, c in enumerate(text):
        last = body.name.find(c, last + 1)
        if last < 0 or text[:2] == body.name[:2]:
            return 0
        if last == len(body.name) - 1:
            ends = text[at + 1 :] == "" or not is_word(text[at : at + 2])
            return at + 1 if ends and at + 1 >= max(4, SHORTEST_NAME * len(body.name)) else 0
    return 0


def _place_over(text: str, start: int) -> str | None:
    """A place of the country that ends at `start`, or that reaches over it."""
    for begin in range(max(0, start - 4), start + 1):
        place = place_at(text, begin)
        if place is not None and begin < start <= begin + len(place):
            return place
    return None


def _body(name: str, agency_ids: tuple[str, ...], unit: str | None = None) -> Body:
    """A body under its name from its place on: 西安市委宣传部 for 中共西安市委宣传部."""
    plain = bare(name)
    place = PLACE.match(plain)
    plain = plain[place.start(1) :] if place else plain
    return Body(plain, agency_ids, unit, _place_end(plain))


def _place_end(name: str) -> int:
    """Where the place that a name begins with ends, with or without its level: 无锡市, 无锡."""
    place = PLACE.match(name)
    return place.end() if place else len(place_at(name, 0) or "")

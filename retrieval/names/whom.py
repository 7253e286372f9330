"""Whom a question is about: agencies and the budget units printed below them, however people write their names.

What fits a name is found first (`alignment`). What it leaves is told by where it stands: a name without its place is one of those at
the place that is said, else beside those that are named, else of the talk (`_scope`); which of these is told in one way (`bodies.meant`).
What fits several names equally well stands for all of them: which is meant is asked back.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import partial
from heapq import nlargest
from itertools import takewhile

from retrieval.figures.agencies import Directory
from retrieval.names.alignment import ENDS, Names
from retrieval.names.bodies import (
    LEVELS,
    Body,
    Whose,
    called,
    in_order,
    meant,
    nearest_in_length,
    of_department,
    of_name,
    of_place,
    units_called,
)
from retrieval.names.nameless import Nameless
from retrieval.names.nameless import meant as meant_nameless
from retrieval.names.strangers import departments_at, departments_missing, departments_said, runs_unknown, strangers
from retrieval.names.written import Written
from retrieval.words.folding import bare, chinese_number, contains
from retrieval.words.grammar import load, pattern
from retrieval.words.pinyin import letters, syllable

ALIKE = 12  # departments of one kind that are asked back about
FAR = 1.5  # how much better a unit must fit what is said of it than any other
TELLING = 0.4  # how rare a character is that tells which unit is described
SURELY_OWN = 0.86  # how much of its name must be said of an agency's own office
CLOSE = 0.93  # names that fit nearly as well as the best are as likely
SURE = 0.9  # the quality of what is no guess
_SAID = load("bodies.toml")

of_unit, beside = (partial(pattern, "bodies.toml", of) for of in ("unit", "beside"))
"""The patterns of data/grammar/bodies.toml."""


def _is_free(start: int, end: int, found: Iterable[Whose]) -> bool:
    """Whether no name stands in a stretch."""
    return not any(one.is_over(start, end) for one in found)


def _houses(found: Iterable[Whose]) -> set[str]:
    return {agency for one in found for agency in one.ids}


@dataclass
class Whom:
    """All bodies of a store."""

    directory: Directory
    bodies: list[Body] = field(default_factory=list[Body])
    nameless: tuple[Nameless, ...] = ()  # disclosures that print no name
    _of: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))  # the agencies' own bodies
    _below: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))  # the units that they print
    _there: dict[str, list[Body]] = field(default_factory=lambda: defaultdict(list))  # agencies by the first two characters of their place
    _names: Names = field(default_factory=lambda: Names(()))
    _written: Written | None = None

    @classmethod
    def of(cls, directory: Directory, units: Iterable[tuple[str, str]], nameless: Sequence[Nameless] = ()) -> Whom:
        """From the agencies, the (row label, agency_id) pairs of the budget units printed, and the disclosures that print no name."""
        bodies = [Body.of(name, (agency.agency_id,)) for agency in directory.named() for name in agency.names]
        bodies += _units(directory, units, {bare(name) for agency in directory.named() for name in agency.names})
        whom = cls(directory, bodies, tuple(nameless), _names=Names(bodies))
        for body in bodies:
            for agency_id in body.agency_ids:
                (whom._of if body.unit is None else whom._below)[agency_id].append(body)
            if body.unit is None and body.place_end:
                whom._there[body.name[:2]].append(body)
        return whom

    def written_out(self, text: str) -> str:
        """Folded text with the places and departments in it as they are usually written."""
        if self._written is None:
            places = (root for root in self.directory.places if len(root) <= 3)
            functions = (body.function for body in self.bodies if body.unit is None)
            self._written = Written(places, functions, (body.name for body in self.bodies))
        return self._written.out(text)

    def places_of(self, agency_ids: Iterable[str]) -> list[str]:
        """The places that the names of agencies begin with."""
        return list(dict.fromkeys(body.place for body in self._at(agency_ids) if body.place_end))

    def unknown(self, text: str, found: Sequence[Whose]) -> list[tuple[int, int]]:
        """Stretches that look like an agency or a place that is not here."""
        taken = [(one.start, one.end) for one in found if not one.is_place]
        spans = [*runs_unknown(text, self.directory, taken), *departments_missing(text, self.directory)]
        spans += [] if found else strangers(text, self.directory)
        spans = [span for span in dict.fromkeys(spans) if _is_free(*span, found)]
        return [(start, end) for start, end in spans if not any(a <= start and end <= b and (a, b) != (start, end) for a, b in spans)]

    def find(self, text: str, context: Sequence[str] = ()) -> list[Whose]:
        """The stretches of folded text that name bodies, left to right, none overlapping; `context`: whom the talk is about."""
        found = self._aligned(text)
        sure = [(one.start, one.end) for one in found if one.says_place(text) and _is_whole(text, one)]
        strange = list(runs_unknown(text, self.directory, sure))
        missing = departments_missing(text, self.directory)
        named = [(start, end, meant_nameless(text[start:end], self.nameless)) for start, end in strange if self.nameless]
        plain = [Whose(a, b, (Body(text[a:b], (agency_id,), None, 0),), 1.0) for a, b, agency_id in named if agency_id is not None]
        found = [*plain, *(one for one in found if _is_free(one.start, one.end, plain))]
        found += self._in_letters(text, found)
        found = [one for one in found if not _is_part(one, strange)]
        found += self._departments_at(text, found)
        found = self._by_place(text, found, context)
        stray = [one for one in found if _is_part(one, (*strange, *missing)) or (one.start, one.end) in missing]
        found = [one for one in found if one not in stray or one.bodies[0].unit is not None]
        found = self._described(text, self._counted(text, found, context), context)
        found = self._said_again(text, found)
        return _widened(text, self._of_one_house(text, sorted(found, key=lambda one: one.start)))

    def _at(self, ids: Iterable[str]) -> list[Body]:
        """The bodies of agencies, without the units below them."""
        return [body for agency_id in ids for body in self._of.get(agency_id, ())]

    def _under(self, ids: Iterable[str]) -> list[Body]:
        """The units that agencies print."""
        return list(dict.fromkeys(body for agency_id in ids for body in self._below.get(agency_id, ())))

    def _aligned(self, text: str) -> list[Whose]:
        """The best alignments, not overlapping."""
        places = self.directory.places_in(text)
        here = {text[start : start + 2] for start, _, _ in places}
        said = [one for one in departments_at(text, self.directory) if of_department("over").match(text, one.end)]
        over = [(one.start, one.end, _houses([Whose(0, 0, called(one.name, self._at(one.there)), 0)])) for one in said]
        near = dict.fromkeys((*self._names.nearest(text), *self._at(agency for _, _, ids in places for agency in ids)))
        fits = [
            fit
            for fit in self._names.fits(text, near)
            if not (here and fit.body.place_end and fit.quality < 1.0 and fit.body.name[:2] not in {*here, text[fit.start : fit.start + 2]})
            and not (fit.quality < SURELY_OWN and fit.body.unit is not None and of_unit("office").fullmatch(fit.body.unit))
            and not any(a <= fit.start < b < fit.end and not ids & {*fit.body.agency_ids} for a, b, ids in over)  # 水务底下|管水源的
            and not (text[fit.start] in _SAID["name"]["joins"] and fit.body.name[0] != text[fit.start])  # 甲中心|和乙中心
            and not of_name("counted").search(text[: fit.start + 1])  # 两|家水务局
            and not (text[fit.end - 1].isdigit() and text[fit.end : fit.end + 1].isdigit())  # 监督管理局|2026年
        ]
        fits.sort(key=lambda fit: (-fit.weight, fit.end - fit.quality, fit.body.unit is not None, fit.body.name))
        out: list[Whose] = []
        departments = departments_said(text)
        for best in fits:
            if not _is_free(best.start, best.end, out):
                continue
            least = best.end if text[best.end - 1] in ENDS else best.start + 1  # 市政府办公|厅 is no 办公室
            alike = [fit for fit in fits if fit.start < best.end and least <= fit.end and fit.weight >= best.weight * CLOSE]
            bodies = tuple({fit.body.name: fit.body for fit in alike}.values())
            told = _told_before(text[: best.start], bodies, 1) if len(bodies) > 1 else None  # 黄埔|环境分局
            start, bodies = told or (best.start, bodies)
            own = [body for body in bodies if body.unit is None] or bodies
            names = [name for a, b, name in departments if best.start < b and a < best.end]
            exact = [body for body in own if any(name in body.name for name in names)]  # 府办 is no 口岸办
            out.append(Whose(start, best.end, nearest_in_length(exact or own), best.quality))
        return out

    def _departments_at(self, text: str, found: Sequence[Whose]) -> list[Whose]:
        """云江省检, 云广规资局: what every city calls a department, behind a place, where one agency there is that department."""
        said = [one for one in departments_at(text, self.directory) if _is_free(one.start, one.end, found)]
        fits = [Whose(one.start, one.end, called(one.name, self._at(one.there)), 0.95) for one in said]
        return [one for one in fits if one.bodies]

    def _by_place(self, text: str, found: list[Whose], context: Sequence[str]) -> list[Whose]:
        """What is said without its place, told by the places that are said, by those of what is named with its own, or by the talk; and
        the places that are said beside no name."""
        places = [one for one in self.directory.places_in(text) if _is_free(one[0], one[1], found)]
        named = [one for one in found if len(one.bodies) == 1 and one.says_place(text)]
        ids = {agency for _, _, there in places for agency in there} or _houses(named) or set(context)
        homes = {body.name[:2] for body in self._at(ids) if body.place_end}
        agencies = list(dict.fromkeys((*self._at(ids), *(body for home in homes for body in self._there[home]))))
        found = self._resolved(text, found, agencies, self._under(ids), len(homes))
        if not found and not places:  # 医保局今年…: all departments of that kind here
            everywhere = [body for body in self.bodies if body.unit is None and body.place_end]
            found = [replace(one, is_placed=False) for one in self._resolved(text, (), everywhere, (), ALIKE)]
            found = [one for one in found if one.bodies == found[0].bodies]
        return self._at_places(text, found, places)

    def _resolved(self, text: str, found: Sequence[Whose], agencies: Sequence[Body], units: Sequence[Body], homes: int) -> list[Whose]:
        """The names with those told that are said without a place, and what else in a text is short for one of these agencies or units."""
        scope = [*agencies, *units]
        out: list[Whose] = []
        for one in found:
            said, level = text[one.start : one.end], text[max(one.start - 1, 0)]
            own = () if one.says_place(text) else tuple(body for body in one.bodies if body in scope) or meant(said, scope)
            if level in LEVELS and any(body.unit is None and body.place[-1:] != level for body in own):
                own = ()  # 省|商务局 is none of the city's
            out.append(replace(one, bodies=own, is_placed=True) if own else one)
        for start, end, bodies in self._short_names(text, agencies, units, {one.end for one in out}):
            again = [body for one in out if len(one.bodies) == 1 for body in one.bodies if body.name.endswith(text[start:end])]
            fits = tuple(again[:1]) or bodies
            apart = len({body.name[:2] for body in fits}) == len(fits) <= homes
            if fits and apart and _is_free(start, end, out):
                out.append(Whose(start, end, fits, 0.95, is_placed=True))
        return sorted(out, key=lambda one: one.start)

    def _short_names(
        self, text: str, agencies: Sequence[Body], units: Sequence[Body], ends: set[int]
    ) -> Iterator[tuple[int, int, tuple[Body, ...]]]:
        """What may be short for one of these bodies: what every city calls a department, what looks like a name that is not here, an
        agency's name without its place, an office in a list, and in front of its kind what a unit may be called."""
        for start, end, name in departments_said(text):
            before = text[start - 1 : start] in (*_SAID["beside"]["old"], *LEVELS)
            yield start - before, end, called(name, agencies)
        places = {start: (end, ids) for start, end, ids in self.directory.places_in(text)}
        for start, end in runs_unknown(text, self.directory, ()):
            yield start, end, meant(text[places.get(start, (start,))[0] : end], [*agencies, *units])
        links = {match.end() for match in beside("link").finditer(text)}
        for core in dict.fromkeys(body.core for body in agencies if body.place_end and body.core in text and len(body.core) > 1):
            for match in re.finditer(re.escape(core), text):
                if len(core) > 2 or match.start() in links:  # 甲县残联、|文联
                    yield *match.span(), tuple(body for body in agencies if body.core == core)
        for match in (match for at in links if (match := beside("listed").match(text, at))):
            yield *match.span(), meant(match.group(), agencies)
        for match in of_unit("short").finditer(text) if units else ():
            heads = range(match.start(), match.start("kind"))
            for at in (at for at in heads if at in ends or at + 1 < heads.stop):  # 警校: right behind a name one character is enough
                yield at, match.end(), units_called(text[at : match.end()], units)

    def _at_places(self, text: str, found: Sequence[Whose], places: Sequence[tuple[int, int, tuple[str, ...]]]) -> list[Whose]:
        """With the places that are said beside no name: each stands for the like body that is there, for the house of what is named there,
        or for all that are there."""
        told: dict[Whose, tuple[Body, ...]] = {one: one.bodies for one in found if one.says_place(text)}
        homes = {text[start : start + 2] for start, _, _ in places}
        out: list[Whose] = []
        for start, end, ids in places:
            house: Body | None = None
            for one in found:
                behind = beside("linked_behind").fullmatch(text, one.end, start) and beside("goes_on").match(text, end)
                linked = not one.says_place(text) or beside("linked").fullmatch(text, end, one.start) or behind
                kin = {body.function for body in one.bodies}
                there = [body for body in self._at(ids) if body.function in kin]
                if linked and len(there) == 1:
                    house = house or there[0]
                    told.setdefault(one, (there[0],))
            own = [one.bodies[0] for one in found if len(one.bodies) == 1 and one.ids & {*ids}]
            goes = found and of_place("where").search(text[:start])  # 甲局在|乙市…: where something is
            house = house or next((self._of[body.agency_ids[0]][0] for body in own if len(homes) == 1 and not goes), None)
            if house is not None:
                out.append(Whose(start, end, (house,), 0.95))
            elif not goes:
                out.append(Whose(start, end, tuple(self._at(ids)), 0.5, is_place=True))
        return sorted([*out, *(replace(one, bodies=told.get(one, one.bodies)) for one in found)], key=lambda one: one.start)

    def _counted(self, text: str, found: list[Whose], context: Sequence[str]) -> list[Whose]:
        """Where a text counts bodies of a kind: all units that one agency prints, or agencies that are at a place, where there are as many;
        what tells them apart is said before them or in brackets, or tells those that are meant (东江、北部这两个水源管理处)."""
        ids = _houses(one for one in found if not one.is_place) or set(context) or _houses(found)
        pools = [*(self._below.get(one, ()) for one in sorted(ids)), *(one.bodies for one in found if not one.is_place and one.bodies[1:])]
        for said in of_unit("counted").finditer(text):
            each = next((each for pool in pools if (each := _as_many(text, said, pool)) is not None), None)
            if each is None:
                continue
            of_units = each.bodies[0].unit is not None
            house = self._of[each.bodies[0].agency_ids[0]][0]
            places = [one for one in found if one.is_place and one.end <= each.start]
            found = [one for one in found if not (one.is_over(each.start, each.end) or (one in places and not of_units))]
            if of_units:
                found = [replace(one, bodies=(house,), is_place=False, quality=0.95) if one.is_place else one for one in found]
            elif places:
                each = replace(each, start=places[-1].start)
            found.append(each)
            for told in of_unit("each").finditer(text, each.end):
                named = tuple(body for body in each.bodies if contains(body.name, told["what"]))
                found += [Whose(told.start(), told.end(), named, 0.95)] if len(named) == 1 else []
        return found

    def _described(self, text: str, found: list[Whose], context: Sequence[str]) -> list[Whose]:
        """管驾校还有管修车铺的那个处: the one unit of a kind whose name shares most with what it is said to be for."""
        units = self._under(_houses(one for one in found if not one.is_place) or set(context) or _houses(found))
        for said in of_unit("described").finditer(text) if units else ():
            over = [one for one in found if one.is_over(*said.span())]
            what, pairs = set(said["what"]), {said["what"][at : at + 2] for at in range(len(said["what"]) - 1)}
            scored: list[tuple[float, int, Body]] = []
            for body in units:
                shared = {c for c in what & set(body.core) if self._names.rarity(c) >= TELLING}
                whole = sum(1 for pair in pairs if pair in body.core)
                if len(shared) >= 2 and (body.core.endswith(said["kind"]) if said["kind"] else whole > 1):
                    scored.append((sum(map(self._names.rarity, shared)) + whole, -len(scored), body))
            best = nlargest(2, scored)
            if best and (len(best) == 1 or best[0][0] >= FAR * best[1][0]) and all(one.bodies == (best[0][2],) for one in over):
                house = (self._of[best[0][2].agency_ids[0]][0],)
                found = [replace(one, bodies=house, is_place=False) if one.is_place else one for one in found if one not in over]
                start, end = min([said.start(), *(one.start for one in over)]), max([said.end(), *(one.end for one in over)])
                found.append(Whose(start, end, (best[0][2],), 0.9))
        return found

    def _said_again(self, text: str, found: list[Whose]) -> list[Whose]:
        """人才中心，甲市住建委的，…: beside a name its beginning alone, said behind a comma or before one, is the same; and so is, behind
        the one unit that is named, the kind of body that it is (甲医院，…，医院今年…)."""
        kinds = list(beside("kind").finditer(text))
        units = [one for one in found if one.bodies[0].unit is not None and not any(one.is_over(*said.span()) for said in kinds)]
        for said in kinds if len({one.bodies for one in units}) == 1 == len(units[0].bodies) else ():
            if units[0].end <= said.start() and re.search(_SAID["kin"].get(said["kind"], said["kind"] + "$"), units[0].bodies[0].core):
                found = [*(one for one in found if not one.is_over(*said.span())), Whose(*said.span(), units[0].bodies, SURE)]
        sure = {one.bodies for one in found if len(one.bodies) == 1 and not one.is_place}
        several = [(one.start, one.end) for one in found if len(one.bodies) > 1]
        for start, end in (*several, *self.unknown(text, found)) if len(sure) == 1 else ():
            bodies = next(iter(sure))
            if beside("again").match(text, end) and text[start] == bodies[0].name[0] and in_order(text[start:end], bodies[0].name):
                found = [*(one for one in found if not one.is_over(start, end)), Whose(start, end, bodies, 0.9)]
        return found

    def _of_one_house(self, text: str, found: list[Whose]) -> list[Whose]:
        """Beside an agency that is surely named, a unit is that agency's own, and what only fits another's name in part is none."""
        sure = _houses(one for one in found if len(one.bodies) == 1 and one.bodies[0].unit is None and not one.is_place)
        out: list[Whose] = []
        for one in found:
            own = [body for body in one.bodies if body.unit is not None and sure & {*body.agency_ids}]
            theirs = tuple(replace(body, agency_ids=tuple(agency for agency in body.agency_ids if agency in sure)) for body in own)
            told = one.is_place or one.says_place(text) or one.quality >= SURE
            if theirs or not sure or told or one.ids & sure:
                out.append(replace(one, bodies=theirs or one.bodies))
        return out

    def _in_letters(self, text: str, found: Sequence[Whose]) -> list[Whose]:
        """The body that a run of Latin letters spells: its place, or the agency above it, then characters of its name to the last one."""
        run = of_name("letters").search(text)
        if run is None:
            return []
        said = run.group().replace(" ", "")
        fits: list[tuple[int, Body]] = []
        for body in self._under(_houses(found)) if found else self.bodies:
            place = letters(body.place[:-1] if body.place[-1:] in LEVELS else body.place)
            office = of_name("office").search(body.core)
            ends = "|".join(f"(?<={letters(c)})" for c in (office.group() if office else body.core[-1:]))
            characters = "".join(f"(?:{letters(c)})?" for c in body.name[max(body.place_end - 1, 0) :])
            spelled = re.match(f"{'(?:' + place + ')?' if found else place}{characters}(?:{ends})", said)
            if spelled is not None and spelled.end() >= 6 + (0 if found else len(place)):
                fits.append((spelled.end(), body))
        most = max((end for end, _ in fits), default=0)
        bodies = tuple({body.name: body for end, body in fits if end == most}.values())
        own = tuple(body for body in bodies if body.unit is None) or bodies
        places = [place for place in range(run.start(), run.end()) if text[place] != " "]
        return [Whose(run.start(), places[most - 1] + 1, nearest_in_length(own), 0.95)] if own else []


def _units(directory: Directory, rows: Iterable[tuple[str, str]], known: set[str]) -> list[Body]:
    """The budget units that rows name: an agency's own office, and what has a name of its own, under its other name in brackets too."""
    found: list[Body] = []
    printed: dict[str, set[str]] = defaultdict(set)
    also: list[tuple[str, str, str]] = []  # 甲中心（乙中心）: the other name of a unit
    for label, agency_id in rows:
        name = bare(label)
        if (own := of_unit("office").fullmatch(name)) is not None and own["agency"] in known:
            found.append(Body.of(own["agency"] + own["office"], (agency_id,), name))
        elif name not in known and of_unit("name").fullmatch(name):
            short = re.sub(_SAID["unit"]["brackets"], "", name)
            printed[short if len(short) >= 4 else name].add(agency_id)
            others = (other for other in re.findall(_SAID["unit"]["brackets"], name) if len(other) > 4 and of_name("below").search(other))
            also += [(other, agency_id, short) for other in others if other not in known]
    found += [Body.of(other, (agency_id,), short) for other, agency_id, short in dict.fromkeys(also)]
    for name, ids in printed.items():
        whole = any(bare(directory[agency].name).endswith(name) for agency in ids)  # 退役军人事务局, of 某市退役军人事务局: no unit
        if name not in known and not whole and (of_name("below").search(name) or name[-1] in ENDS):
            found.append(Body.of(name, tuple(sorted(ids)), name))
    return found


def _is_part(one: Whose, spans: Iterable[tuple[int, int]]) -> bool:
    """Whether a name only fits a part of one that is not here: 示例市教育|考试中心."""
    return any(a <= one.start and one.end <= b and (a, b) != (one.start, one.end) for a, b in spans)


def _is_whole(text: str, one: Whose) -> bool:
    """Whether a name is said to its end, or to the kind of office that it ends in."""
    offices = ((body, of_name("office").search(body.name)) for body in one.bodies)
    return any(text[one.end - 1] in body.name[-1] + (office.group()[0] if office else "") for body, office in offices)


def _as_many(text: str, said: re.Match[str], pool: Sequence[Body]) -> Whose | None:
    """As many of some bodies as a text counts of a kind, by the sound of how their names end."""
    number = int(_SAID["unit"]["numbers"].get(said["number"]) or chinese_number(said["number"]) or 0)
    for length in range(len(said["kind"]), 1, -1):
        kind = [syllable(c) for c in said["kind"][:length]]
        bodies = tuple(body for body in pool if [syllable(c) for c in body.core[-length:]] == kind)
        start, end = said.start(), said.start("kind") + length
        listed = _told_before(text[:start], bodies, number)
        if listed is None and (not bodies or len(bodies) != number):
            continue
        start, bodies = listed or (start, bodies)
        words = {c for body in bodies for c in body.core[:-length]} | set(_SAID["unit"]["between"])
        while start and text[start - 1] in words and listed is None:
            start -= 1
        told = of_place("told").match(text, end)
        return Whose(start, told.end() if told is not None and set(told[1]) <= words else end, bodies, 0.95, is_each=True)
    return None


def _told_before(before: str, bodies: Sequence[Body], number: int) -> tuple[int, tuple[Body, ...]] | None:
    """As many of the bodies as are listed at the end of a text by what each alone bears behind what all bear, and where that begins."""
    shared = sum(1 for _ in takewhile(lambda all_of: len(set(all_of)) == 1, zip(*(body.name for body in bodies), strict=False)))
    end = len(before.rstrip(_SAID["unit"]["pointing"]))
    start, listed = end, list[Body]()
    while len(listed) < number:
        lengths = (length for length in (4, 3, 2) if length <= end)
        told = [(end - length, body) for length in lengths for body in bodies if before[end - length : end] in body.name[shared:]]
        own = [body for at, body in told if at == told[0][0]]
        if len(own) != 1 or own[0] in listed:
            return None
        listed.insert(0, own[0])
        start = told[0][0]
        end = start - (before[:start].endswith(tuple(_SAID["unit"]["between"])))
    return (start, tuple(listed)) if listed else None


def _widened(text: str, found: Sequence[Whose]) -> list[Whose]:
    """The names with what is said of them right beside them: the party before a place, the level before a name without its place, what a
    body is for (管粮仓的|储备粮中心), and behind them their place in brackets (某街道（某市某区）) or who is above them."""
    out: list[Whose] = []
    for at, one in enumerate(found):
        if out and one.end <= out[-1].end:
            continue  # the house of a unit, told behind it
        body, start, end = one.bodies[0], one.start, one.end
        first = out[-1].end if out else 0
        if not one.is_place:
            told = of_place("told").match(text, end)
            if told is not None and len(one.bodies) == 1 and in_order(told[1], body.name.partition(text[start])[0]):
                end = told.end()
            level = body.place[-1:] if body.unit is None and text[start] == body.name[body.place_end : body.place_end + 1] else ""
            start -= bool(level) and level in LEVELS and start > first and text[start - 1] == level
        for pattern_before in ("party", "before") if not one.is_place else ("party",):
            before = beside(pattern_before).search(text, first, start)
            start = before.start() if before is not None else start
        behind = beside("behind").match(text, end) if not one.is_place else None
        over = [other for other in found[at + 1 :] if behind is not None and other.start < behind.end()]
        house = body.unit is not None and all(other.bodies[0].agency_ids == body.agency_ids for other in over)
        out.append(replace(one, start=start, end=behind.end() if behind is not None and (house or not over) else end))
    return out

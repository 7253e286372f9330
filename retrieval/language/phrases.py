"""A stretch without an operation: agencies, years, kinds and things, in any order, as one pick, a list of picks, or a series.

Neighbouring names are one compound name (一般公共预算|公共交通运营补助), a part in a whole (教育支出|高中教育), or a list; each is a
reading. Words for a fund or a portion narrow what stands beside them. What has several values (two agencies, three things) becomes
a list with a member for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from itertools import groupby, pairwise, product

from retrieval.figures.parts import PORTION_OF
from retrieval.figures.things import BODIES, COUNTS, OWN, SPENDING, is_fund, join, natures, portion_of
from retrieval.language.segments import LOOSELY, Parsed, Segment
from retrieval.question.expression import Each, Expression, Item, Named, Over, Pick
from retrieval.words.cues import adjusted_words, cues
from retrieval.words.folding import chinese_number
from retrieval.words.grammar import load
from store.values import Fund, Kind

_WORDS = load("phrases.toml")
SERIES: dict[str, Over] = _WORDS["series"]
"""What words for a series range over; a word that does several of them ranges over the first."""
SOFT = frozenset(_WORDS["soft"])
"""Cues that may stand in a phrase without having done anything: what they add is said by the words around them."""
UNREAD_COST = 1.0  # a character that nothing explains
IGNORED_COST = 1.4  # a cue that had no effect
IGNORED_FIGURE = 2.6  # a figure that was said and had no effect
_RANK = 2  # alternatives of one name that are tried
_MOST_COMBINED = 4  # and of all names together


Year = tuple[int | None, int | None]
"""A year, or how many years before the latest."""


def phrases(segments: Sequence[Segment]) -> list[Parsed]:
    """The readings of segments that hold no operation."""
    said = _Said(segments)
    of_kind = said.series is not None and {"UNITS", "UNITKIND"} <= said.series.cues and not said.units
    out: list[Parsed] = []
    for found, unlikely in _things(said.groups):
        names_asked = bool(found) and all(thing.counter for thing in found) and said.can("WHICH")
        things = _narrowed(found, said)
        for plain in _expressions(things, said):
            expression = _counted(plain, segments)
            lists = len(found) > 1 or isinstance(expression, Named)
            dropped = (said.series,) if said.series is not None and of_kind and isinstance(expression, Named) else ()
            cost = said.cost + unlikely + IGNORED_COST * len(dropped) + 0.6 * names_asked  # 三家单位叫什么: not how many they are
            cost += 0.15 * (bool(things) and isinstance(expression, Each) and expression.over != "agencies")
            unread, ignored = tuple(said.unread), (*said.ignored, *dropped)
            out.append(Parsed(expression, cost, unread, ignored, refers=said.refers, lists=lists, asks=said.can("HOWMUCH")))
    return out


@dataclass(slots=True)
class _Said:
    """What the segments of a phrase say, gathered one by one."""

    segments: Sequence[Segment]
    agencies: list[tuple[str, ...]] = field(default_factory=list[tuple[str, ...]])
    units: list[tuple[tuple[str, str], ...]] = field(default_factory=list[tuple[tuple[str, str], ...]])
    years: list[Year] = field(default_factory=list[Year])
    ranges: list[int] = field(default_factory=list[int])  # the last so many years
    kinds: list[Kind] = field(default_factory=list[Kind])
    groups: list[list[Segment]] = field(default_factory=lambda: [[]])  # names, between the words that join
    unread: list[Segment] = field(default_factory=list[Segment])
    ignored: list[Segment] = field(default_factory=list[Segment])
    series: Segment | None = None
    table: str | None = None
    fund: Fund | None = None
    container: Item | None = None  # 日常公用里水费和电费: what the things of a list stand in
    refers: bool = False
    own: bool = False
    is_planned: bool = False  # what was planned, in final accounts
    published: int | None = None  # the year of the disclosure that is named, where its column of another year is meant
    cost: float = 0.0
    places: dict[int, int] = field(init=False)  # of each segment
    house: str | None = field(init=False)

    def __post_init__(self) -> None:
        self.places = {id(one): at for at, one in enumerate(self.segments)}
        self.house = next((pair[0] for one in self.segments for pair in one.units), None)  # whose the units are that are named
        book = _disclosure_named(self.segments)
        for one in self.segments:
            if one.kind is not None and one.kind not in self.kinds:
                self.kinds.append(one.kind)
            if one is not book and not self._names(one) and not self._does(one):
                self._leaves(one)
        self.agencies, self.units = [*dict.fromkeys(self.agencies)], [*dict.fromkeys(self.units)]
        self.years = [*dict.fromkeys(self.years)]
        self.groups = [group for group in self.groups if group]
        self.cost += IGNORED_COST * (self.own and not self.units and len(self.agencies) > 1)  # which is meant alone is not known
        if self.can("LASTCOL") and len({year for year, _ in self.years if year is not None}) < 2:  # 2020年的（上年那列）: else it is said
            self.published = self.years[0][0] if self.years else None
            self.years = [(year and year - 1, None if year else (back or 0) + 1) for year, back in self.years or [(None, 0)]]
        if book is not None and book.period is not None:
            self.published, self.kinds = book.period.years[0], self.kinds[-1:]
        if _planned_in_accounts(self.segments):
            self.is_planned, self.kinds = True, ["final"]

    def can(self, cue: str) -> bool:
        """Whether a segment can do this."""
        return any(cue in one.cues for one in self.segments)

    def _names(self, one: Segment) -> bool:
        """Whether a segment names whose, when or what."""
        at, house = self.places[id(one)], self.house
        joined = any(other.cues & {"AND", "PLUS"} for other in self.segments[max(0, at - 1) : at + 2])
        if one.agencies:
            self.agencies += [(agency,) for agency in one.agencies] if one.is_each else [one.agencies]
        elif one.units:
            self.units += [(pair,) for pair in one.units] if one.is_each else [one.units]
        elif one.period is not None and one.period.recent is not None:
            self.ranges.append(one.period.recent)
        elif one.period is not None:
            self.years += [(year, None) for year in one.period.years] or [(None, one.period.earlier)]
        elif house is not None and one.items and (row := one.items[0]).affiliate and not (row.item or row.names or row.code):
            self.units.append(((house, row.affiliate),))  # 甲中心、|乙局: a row of a unit among units
        elif house is not None and "OWNLEVEL" in one.cues and joined:
            self.units.append(((house, OWN),))  # 局机关|和|甲中心
        elif one.items:
            self.groups[-1].append(one)
            self.cost += 1.6 * (1 - one.quality)
        elif one.table is not None:
            self.table = one.table if self.table is None else f"{self.table}|{one.table}"
        else:
            return False
        return True

    def _does(self, one: Segment) -> bool:
        """Whether what a segment can do is done here, or says no more than the words around it."""
        group = self.groups[-1]
        if "ALLFUNDS" in one.cues:
            self.fund = "all"
        elif "SCOPE" in one.cues and group and is_fund(group[-1].items[0]):
            self.fund = group.pop().items[0].fund  # 一般公共预算口径: no thing itself
        elif "OWNLEVEL" in one.cues:
            self.own = True
        elif one.kind is not None or "LASTCOL" in one.cues:
            pass
        elif "BODIES" in one.cues and len(set(self.agencies)) > 1 and self._is_counted(one, COUNTS):
            pass  # 甲、乙、丙这三个单位
        elif "PROJECTS" in one.cues and self._is_beside_basic(one):
            group.append(replace(one, items=(replace(_spent_on_projects(), said=one.text),)))  # 基本支出的和|项目里的
        elif one.cues & SERIES.keys():
            self._ranges_over(one)
        elif "THAN" in one.cues and "AND" not in one.cues and not one.is_filler:
            self.ignored.append(one)
            self.cost += 0.8
        elif "AND" in one.cues:
            self.groups += [[]] if group else []
        elif "REF" in one.cues:
            self.refers = True
        elif "IN" in one.cues and len(self.groups) == len(group) == 1 and sum(bool(other.items) for other in self._behind(one)) > 1:
            self.container, self.groups = group[0].items[0], [[]]
        else:
            return bool(one.cues & SOFT or one.is_filler)
        return True

    def _leaves(self, one: Segment) -> None:
        """What a segment costs that had no effect."""
        named = max(sum(1 for other in self.segments if other.items), sum(1 for other in self.segments if other.agencies))
        if one.is_unread or one.stranger:
            self.unread.append(one)
            length = len(one.text.strip())  # a single character may be a slip or a particle
            weight = 0.1 if one.is_light else 0.35 if length == 1 else 0.8 * length
            self.cost += UNREAD_COST * weight * (3 if one.stranger else 1)
        elif one.quantity is not None and one.quantity.unit in COUNTS and (self._is_near_series(one) or one.quantity.number == named > 1):
            pass  # 所属12家单位, 甲乙2项: how many there are says no more than which
        elif one.counter in COUNTS and one.quantity is None and self._is_near_series(one):
            self.cost += 0.5  # 几家单位里…最多的: no question how many
        elif one.cues or one.quantity or one.counter is not None:
            self.ignored.append(one)
            self.cost += IGNORED_FIGURE if one.quantity is not None else IGNORED_COST
        else:
            self.unread.append(one)
            self.cost += UNREAD_COST

    def _ranges_over(self, one: Segment) -> None:
        """The series that a word for one makes, beside those before it."""
        known = self.series
        if known is None:
            counted = "UNITKIND" in one.cues and self._is_counted(one, BODIES)
            self.series = replace(one, cues=one.cues | {"UNITS"}) if counted else one
        elif "ALLAG" in known.cues and "UNITS" in one.cues:
            self.series = one  # 哪家|下属单位
        elif "UNITS" in known.cues and one.cues & {"UNITKIND", "OFFICES"}:
            self.series = one if "OFFICES" in one.cues else replace(one, cues=one.cues | {"UNITS"})
        self.cost += 0.1 * (self.series is not None and self.series.start != one.start)

    def _is_counted(self, one: Segment, by: frozenset[str]) -> bool:
        """Whether a word for bodies is counted by such words (五家医院, 三所学校): these are meant, and no part of a total."""
        before = self.segments[: self.places[id(one)]][-1:]
        return any(other.cues & {"ALLOF", "PAIR"} and other.text.endswith(tuple(by)) for other in before)

    def _is_beside_basic(self, one: Segment) -> bool:
        """Whether a word for projects means what is spent on them: joined to basic spending (基本支出和|项目)."""
        joins = any("AND" in other.cues and other.end == one.start for other in self.segments)
        return joins and len(self.groups) > 1 and not self.groups[-1] and portion_of(self.groups[-2][-1].items[0]) == "basic"

    def _is_near_series(self, one: Segment) -> bool:
        """Whether a word for a series stands beside a segment."""
        at = self.places[id(one)]
        return any(other.cues & SERIES.keys() for other in self.segments[max(0, at - 1) : at + 2] if other is not one)

    def _behind(self, one: Segment) -> Sequence[Segment]:
        return self.segments[self.places[id(one)] + 1 :]


def _spent_on_projects() -> Item:
    name = next(name for name, portion in PORTION_OF.items() if portion == "project")
    return Item(name, name, (name,))


def _narrowed(things: tuple[Item, ...], said: _Said) -> tuple[Item, ...]:
    """The things with what the phrase says of all of them: what they stand in, the table, the fund, the agency's own level."""
    if said.container is not None:
        things = tuple(join(said.container, thing) or thing for thing in things)
    if not things and (said.table or said.fund):
        things = (Item("", table=said.table, fund=said.fund),)
    of_units = said.series is not None and not said.series.cues.isdisjoint(("UNITS", "UNITKIND", "ALLAG"))
    if said.own and not said.units and len(said.agencies) < 2 and not of_units:
        things = tuple(replace(thing, affiliate=thing.affiliate or OWN) for thing in things or (Item(""),))
    if said.is_planned:
        things = tuple(replace(thing, measure="budget") for thing in things or (SPENDING,))
    elif said.kinds == ["budget"] and any(one.text in adjusted_words() for one in said.segments):
        things = tuple(replace(thing, measure="adjusted_budget") for thing in things or (SPENDING,))
    return tuple(
        replace(thing, table=said.table or thing.table, fund=thing.fund if is_fund(thing) else said.fund or thing.fund) for thing in things
    )


def _expressions(things: tuple[Item, ...], said: _Said) -> Iterator[Expression | None]:
    """The expressions for these things, of whom and when the phrase says."""
    whose, picks, series = _whose(said), _picks(things, said), said.series
    listed = Named(tuple(picks)) if len(picks) > 1 else None
    if said.ranges and listed is None:
        yield Named(tuple(replace(picks[0], earlier=back) for back in range(said.ranges[0] - 1, -1, -1)))
        return
    only_says = series is not None and "ITEMS" in series.cues and any(thing.code or len(things) > 1 for thing in things)
    if series is None or only_says or ("UNITKIND" in series.cues and said.units):  # 2101101这个科目; 综合服务|中心: the end of its name
        yield listed or (picks[0] if picks[0] != Pick() else None)
        return
    over: Over = next(SERIES[name] for name in SERIES if name in series.cues)
    places = [one.agencies for one in said.segments if one.is_place and len(one.agencies) > 1]
    if over == "agencies" and said.agencies == places and len(places) == 1 and listed is None:
        yield Each(replace(picks[0], agency=None, there=places[0]), "agencies")
    elif over == "agencies" and len(said.agencies) == 1 and listed is None and "WHICH" in series.cues:
        yield Each(picks[0], "units")
    elif over == "agencies" and len(said.agencies) != 1:
        yield listed or Each(picks[0], "units" if picks[0].agency is not None and "WHICH" in series.cues else "agencies")
    else:
        if listed is None:  # 某局下面各单位
            yield Each(picks[0], "units" if over == "agencies" else over, series.text if "UNITKIND" in series.cues else None)
        if "PROJECTS" in series.cues and not any(thing.item or thing.names or thing.code or thing.parts for thing in things):
            spent = replace(_spent_on_projects(), said=series.text)
            named = [replace(pick, item=replace(spent, affiliate=pick.item.affiliate if pick.item else None)) for pick in picks]
            yield named[0] if len(named) == 1 else Named(tuple(named))
        elif listed is not None and not ("UNITS" in series.cues and len(things) > 1 and len(whose) < 2):
            yield listed
        elif listed is None and things and "UNITS" not in series.cues:
            yield picks[0]  # …这个项目: it only says what kind of thing is named


def _whose(said: _Said) -> list[tuple[str, str | None]]:
    """Whose things are meant: agencies, and budget units of agencies."""
    whose: list[tuple[str, str | None]] = []
    for unit in said.units:
        whose.append(next((pair for pair in unit if any(pair[0] in ids for ids in said.agencies)), unit[0]))
    alone = [ids for ids in said.agencies if not any(pair[0] in ids for unit in said.units for pair in unit)]
    return [*whose, *((ids[0], None) for ids in alone)]


def _picks(things: tuple[Item, ...], said: _Said) -> list[Pick]:
    """A pick for each thing, body, year and kind; where several agencies each have a year of their own, for each with its year."""
    whose, years = _whose(said) or [(None, None)], said.years or [(None, None)]
    paired = len(whose) == len(years) and _each_with_its_year(said.segments)
    kinds: list[Kind | None] = [*said.kinds] or [None]
    picks: list[Pick] = []
    for thing, ((agency, unit), (year, earlier)), kind in product(
        things or (None,), zip(whose, years, strict=True) if paired else product(whose, years), kinds
    ):
        item = thing if unit is None else Item(unit, affiliate=unit) if thing is None else replace(thing, affiliate=unit)
        picks.append(Pick(item, agency, year, earlier, kind, said.published))
    return list(dict.fromkeys(picks))


def _counted(expression: Expression | None, segments: Sequence[Segment]) -> Expression | None:
    """The series of budget units with how many there are said to be, and whether the agency itself is none of them (下属六家单位)."""
    if not isinstance(expression, Each) or expression.over != "units":
        return expression
    below = any(one.cues & {"IN", "UNITS"} and re.search(load("names.toml")["kind"]["below"], one.text) for one in segments)
    said = [one.text for one in segments if one.cues & {"ALLOF", "PAIR"} or one.quantity is not None]
    numbers = [chinese_number(text[:-1].strip("这那")) for text in said if text.endswith(tuple(COUNTS | BODIES))]
    number = next((int(one) for one in numbers if one is not None), None)
    return replace(expression, below=below, number=number)


def _each_with_its_year(segments: Sequence[Segment]) -> bool:
    """Whether several agencies each have a year of their own behind them (甲2017年和乙2018年)."""
    said = [one.agencies or "year" for one in segments if one.agencies or (one.period is not None and len(one.period.years) == 1)]
    order = [one for one, _ in groupby(said)]
    return len(order) >= 4 and all((one == "year") == bool(at % 2) for at, one in enumerate(order)) and len(order) % 2 == 0


def _disclosure_named(segments: Sequence[Segment]) -> Segment | None:
    """The year that only says whose disclosure is opened: 2024年预算公开里…的2023年预算数."""
    dated = [at for at, one in enumerate(segments) if one.period is not None]
    if len(dated) != 2 or not all(len(one.period.years) == 1 for one in (segments[at] for at in dated) if one.period is not None):
        return None
    first, second = dated
    between, behind = segments[first + 1 : second], segments[second + 1 :]
    named = any("IN" in one.cues or (one.kind is not None and "IN" in cues().get(one.text[-1], ())) for one in between)
    told = any(one.table or "TABLEWORD" in one.cues or (one.is_filler and len(one.text) > 1) for one in between)
    book = told and not any(one.items for one in between) and len({one.kind for one in segments if one.kind}) < 2
    opened = (named or book) and not any(one.cues & {"AND", "HOWMUCH"} for one in between)
    is_column = any(one.kind is not None and one.text.endswith(_WORDS["column"]) for one in behind)
    own, other = segments[first].period, segments[second].period
    is_before = own is not None and other is not None and other.years[0] == own.years[0] - 1 and (book or any(one.kind for one in between))
    return segments[first] if opened and (is_column or (is_before and not any(one.table for one in behind))) else None


def _planned_in_accounts(segments: Sequence[Segment]) -> bool:
    """Whether final accounts are opened for what was planned: 2024年决算里年初批的."""
    said = [at for at, one in enumerate(segments) if one.kind is not None]
    kinds = [segments[at].kind for at in said]
    return kinds[:1] == ["final"] and {*kinds[1:]} == {"budget"} and any("IN" in one.cues for one in segments[said[0] + 1 : said[1]])


def _things(groups: list[list[Segment]]) -> Iterator[tuple[tuple[Item, ...], float]]:
    """The things named, with what that reading costs."""
    for chosen in product(*(list(_group(group))[:3] for group in groups)):
        things = _shared(_each_once([thing for some, _ in chosen for thing in some]))
        yield tuple(_each_once(things)), sum(extra for _, extra in chosen)


def _each_once(things: list[Item]) -> list[Item]:
    """The things without those said twice in other words (养车、加油修车)."""
    found: dict[Item, Item] = {}
    for thing in things:
        found.setdefault(replace(thing, said="" if thing.item else thing.said, names=(), flow=None, classification=None), thing)
    return list(found.values())


def _shared(things: list[Item]) -> list[Item]:
    """财政拨款的会议费和培训费: a fund or portion that stands before the first of a list holds for all; a fund alone is a thing itself."""
    if len(things) < 2:
        return things
    first = things[0]
    if (
        len(things) > 2
        and first.code is not None
        and all(thing.code is not None and thing.code.startswith(first.code) and thing.code != first.code for thing in things[1:])
    ):
        return things[1:]  # 22904项下（2290401、2290402）: it only says under what
    if len(things) == 2 and first.portion is not None and {first.portion, portion_of(things[1])} == {"basic", "project"}:
        return [first, replace(first, portion=portion_of(things[1]))]  # 差旅费的基本支出和项目支出: the same, of either
    if first.fund is None or first.flow == "income":
        return things
    return [thing if thing.fund is not None else replace(thing, fund=first.fund) for thing in things]


def _group(group: list[Segment]) -> Iterator[tuple[list[Item], float]]:
    """Neighbouring names without a list word between them: as one thing, and as a list."""
    choices = [one.items[:_RANK] for one in group]
    for number, items in enumerate(product(*choices)):
        if number >= _MOST_COMBINED:
            break
        base = 0.05 * number
        compound = _compound(list(items), group)
        if compound is not None:
            yield [compound], base
        if len(items) > 1:
            listed = _listed(list(items), group)
            if listed is not None:
                yield listed, base + (0.35 if compound is not None else 0.0)


def _compound(items: list[Item], group: Sequence[Segment]) -> Item | None:
    """Several neighbouring names as one thing, or None where they can't be."""
    head = items[0]
    if portion_of(items[-1]) == "basic" and {"personnel", "running"} <= set[str]().union(*map(natures, items[:-1])):
        return replace(items[-1], said="".join(item.said for item in items))  # 养人办公的|基本支出: what it is for
    for item in items[1:]:
        joined = join(head, item)
        if joined is None:
            return None
        head = joined
    return head


def _listed(items: list[Item], group: Sequence[Segment]) -> list[Item] | None:
    """Neighbouring names as a list: 印刷 邮电 差旅.

    Not where one is only likened to a name (维修|改造办公楼): together they are a third thing.
    """
    if any(one.end == two.start and {one.how, two.how} & LOOSELY for one, two in pairwise(group)):
        return None
    out: list[Item] = [items[0]]
    for item in items[1:]:
        if item.item is not None and item.item == out[-1].item and None in (item.code, out[-1].code):
            out[-1] = replace(out[-1], code=out[-1].code or item.code)
        elif is_fund(out[-1]) and not is_fund(item) and len(out) == 1:
            out[-1] = join(out[-1], item) or item
        else:
            out.append(item)
    return out if len(out) > 1 else None

"""A stretch without an operation: agencies, years, kinds and things, in any order, as one pick, a list of picks, or a series.

Neighbouring names are one compound name (一般公共预算|公共交通运营补助), a part in a whole (教育支出|高中教育), or a list; each is a
reading. Words for a fund or a portion narrow what stands beside them. What has several values (two agencies, three things) becomes
a list with a member for each.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import pairwise, product

from retrieval.figures.cells import INCOME_TOTALS, SPENDING_TOTALS
from retrieval.figures.parts import PARTS_OF
from retrieval.figures.readings import fund_named
from retrieval.language.lattice import BOUGHT, LOOSELY, Segment
from retrieval.question.expression import Each, Expression, Item, Named, Over, Pick
from retrieval.words.cues import adjusted_words, cues, load
from retrieval.words.folding import bare, chinese_number
from store.values import Fund, Kind, Measure, Portion
from store.vocabulary import vocabulary

PORTION_OF: dict[str, Portion] = {"基本支出": "basic", "项目支出": "project", "人员经费": "personnel", "公用经费": "running"}
SPENDING = Item("预算", "支出总计", ("支出总计", "支出合计", "本年支出合计"), flow="expenditure")
INCOME = Item("收入", "收入总计", ("收入总计", "收入合计", "本年收入合计"), flow="income")
SERIES: dict[str, Over] = {
    "PROJECTS": "projects",
    "UNITKIND": "units",
    "UNITS": "units",
    "OFFICES": "offices",
    "SECTIONS": "sections",
    "ITEMS": "items",
    "SOURCES": "parts",
    "GOODS": "goods",
    "ALLAG": "agencies",
    "YEARS": "years",
}
SOFT = frozenset((
    "HOWMUCH", "IN", "REF", "EACH", "PRESENT", "SWITCH", "AND", "PAIR", "ALLOF", "WHICH", "PLUS", "LASTCOL", "VERIFY", "SUM",
    "THAN", "IS", "SPENTON", "COMPARED", "SAYS", "WHOLE",
))  # fmt: skip
"""Cues that may stand in a phrase without having done anything: what they add is said by the words around them."""
UNREAD_COST = 1.0  # a character that nothing explains
IGNORED_COST = 1.4  # a cue that had no effect
OWN = "本级"
"""Stands for the agency itself among its budget units."""
BODIES = frozenset(("家", "所"))
COUNTS = frozenset(("家", "个", "项", "样", "种"))
IGNORED_FIGURE = 2.6  # a figure that was said and had no effect
PURCHASES = frozenset(("政府采购",))
ALL_BOUGHT = PURCHASES | BOUGHT
"""Purchases, as a whole and by kind."""
_RANK = 2  # alternatives of one name that are tried


@dataclass(frozen=True, slots=True)
class Parsed:
    """A reading of some segments: what they mean, at what cost, and what of them had no effect."""

    expression: Expression | None
    cost: float
    unread: tuple[Segment, ...] = ()
    ignored: tuple[Segment, ...] = ()  # cues without effect
    rules: tuple[str, ...] = ()
    refers: bool = False  # a pointing word stands for what was told before
    lists: bool = False  # several things named
    asks: bool = False  # it asks in so many words
    is_bare: bool = False  # it names nothing: neither whose nor when nor what


def phrases(segments: Sequence[Segment]) -> list[Parsed]:  # noqa: PLR0915  one pass over what a segment may be
    """The readings of segments that hold no operation."""
    agencies: list[tuple[str, ...]] = []
    places: list[tuple[str, ...]] = []
    units: list[tuple[tuple[str, str], ...]] = []
    years: list[tuple[int | None, int | None]] = []
    ranges: list[int] = []
    kinds: list[Kind] = []
    groups: list[list[Segment]] = [[]]
    unread: list[Segment] = []
    ignored: list[Segment] = []
    series: Segment | None = None
    refers = joined = False
    table: str | None = None
    fund: Fund | None = None
    cost = 0.0
    named = max(sum(1 for one in segments if one.items), sum(1 for one in segments if one.agencies))
    own = False
    container: Item | None = None  # 日常公用里水费和电费: what the things of a list stand in
    published = _disclosure_named(segments)
    before = 0
    house = next((pair[0] for one in segments for pair in one.units), None)
    for one in segments:
        if one.kind is not None and one.kind not in kinds:
            kinds.append(one.kind)
        if one is published:
            continue
        if one.agencies:
            said = [(agency,) for agency in one.agencies] if one.is_each else [one.agencies]
            agencies += [ids for ids in said if ids not in agencies]
            if one.is_place and len(one.agencies) > 1:
                places.append(one.agencies)
        elif one.units:
            each = [(pair,) for pair in one.units] if one.is_each else [one.units]
            units += [pairs for pairs in each if pairs not in units]
        elif one.period is not None:
            if one.period.recent is not None:
                ranges.append(one.period.recent)
            elif one.period.years:
                years += [(year, None) for year in one.period.years if (year, None) not in years]
            elif (None, one.period.earlier) not in years:
                years.append((None, one.period.earlier))
        elif house is not None and one.items and (row := one.items[0]).affiliate and not (row.item or row.names or row.code):
            units.append(((house, row.affiliate),))  # 甲中心、|乙局: a row of a unit among units
        elif one.items:
            groups[-1].append(one)
            if "决算" in one.text and "final" not in kinds:
                kinds.append("final")
            cost += 1.6 * (1 - one.quality)
        elif one.table is not None:
            table = one.table if table is None else f"{table}|{one.table}"
        elif "ALLFUNDS" in one.cues:
            fund = "all"
        elif "SCOPE" in one.cues and groups[-1] and is_fund(groups[-1][-1].items[0]):
            fund = groups[-1].pop().items[0].fund  # 一般公共预算口径: no thing itself
        elif "OWNLEVEL" in one.cues:
            own = True
        elif "LASTCOL" in one.cues:
            before = 1
        elif one.kind is not None:
            pass
        elif "BODIES" in one.cues and len(agencies) > 1 and _is_counted(segments, one, COUNTS):
            pass  # 甲、乙、丙这三个单位
        elif "PROJECTS" in one.cues and _beside_basic(groups, segments, one):
            groups[-1].append(replace(one, items=(Item(one.text, "项目支出", ("项目支出",)),)))  # 基本支出的和|项目里的
        elif one.cues & SERIES.keys():
            if series is None:
                counted = "UNITKIND" in one.cues and _is_counted(segments, one, BODIES)
                series = replace(one, cues=one.cues | {"UNITS"}) if counted else one
            elif "ALLAG" in series.cues and "UNITS" in one.cues:
                series = one  # 哪家|下属单位
            elif "UNITS" in series.cues and one.cues & {"UNITKIND", "OFFICES"}:
                series = one if "OFFICES" in one.cues else replace(one, cues=one.cues | {"UNITS"})
            if series.start != one.start:
                cost += 0.1
        elif "THAN" in one.cues and "AND" not in one.cues and not one.is_filler:
            ignored.append(one)
            cost += 0.8
        elif "AND" in one.cues:
            joined = joined or bool(groups[-1])
            if groups[-1]:
                groups.append([])
        elif "REF" in one.cues:
            refers = True
        elif "IN" in one.cues and len(groups) == 1 and len(groups[0]) == 1 and _lists(segments, one):
            container = groups.pop().pop().items[0]
            groups.append([])
        elif one.cues & SOFT or one.is_filler:
            pass
        elif one.is_unread or one.stranger:
            unread.append(one)
            cost += UNREAD_COST * _weight(one) * (3 if one.stranger else 1)
        elif one.quantity is not None and one.quantity.unit in COUNTS and (series_near(segments, one) or one.quantity.number == named > 1):
            pass  # 所属12家单位, 甲乙2项: how many there are says no more than which
        elif one.counter in COUNTS and one.quantity is None and series_near(segments, one):
            cost += 0.5  # 几家单位里…最多的: no question how many
        elif one.cues or one.quantity or one.counter is not None:
            ignored.append(one)
            cost += IGNORED_FIGURE if one.quantity is not None and not _is_bound(segments, one) else IGNORED_COST
        else:
            unread.append(one)
            cost += UNREAD_COST
    groups = [group for group in groups if group]
    cost += IGNORED_COST * (own and not units and len(agencies) > 1)  # which of them is meant alone is not known
    before = before if len({year for year, _ in years if year is not None}) < 2 else 0  # 2020年的（上年那列）: the year is said
    if before:
        years = [(year - 1, None) if year is not None else (None, (earlier or 0) + 1) for year, earlier in years or [(None, 0)]]
    if _each_with_its_year(segments) and len(agencies) == len(years):
        pairs = list(zip(agencies, years, strict=True))
        members: list[Pick] = []
        for ids, year in pairs:
            dims = _Dimensions([ids], units, [year], kinds, table, ranges)
            for things, _, _ in _things(groups, joined):
                members += [one for one in _expressions(things, dims, None) if isinstance(one, Pick)][:1]
                break
        if len(members) == len(pairs):
            return [
                Parsed(
                    Named(tuple(members)),
                    cost,
                    tuple(unread),
                    tuple(ignored),
                    refers=refers,
                    lists=True,
                    asks=any("HOWMUCH" in one.cues for one in segments),
                )
            ]
    shown_in = (
        published.period.years[0]
        if published is not None and published.period is not None
        else years[0][0] + 1
        if before and years[0][0]
        else None
    )
    if published is not None:
        kinds = kinds[-1:]
    measure: Measure | None = "budget" if _planned_in_accounts(segments) else None
    if measure is not None:
        kinds = ["final"]
    if kinds == ["budget"] and any(one.text in adjusted_words() for one in segments):
        measure = "adjusted_budget"
    there = places[0] if len(agencies) == len(places) == 1 else ()
    dims = _Dimensions(agencies, units, years, kinds, table, ranges, shown_in, there, _is_inside(segments))
    out: list[Parsed] = []
    for found, unlikely, listed in _things(groups, joined):
        names_asked = bool(found) and all(thing.counter for thing in found) and any("WHICH" in one.cues for one in segments)
        extra = unlikely + 0.6 * names_asked  # 三家单位叫什么: not how many they are
        things = found if container is None else tuple(join(container, thing) or thing for thing in found)
        if not things and (table or fund):
            things = (Item("", table=table, fund=fund),)
        if own and not units and len(agencies) < 2 and (series is None or series.cues.isdisjoint(("UNITS", "UNITKIND", "ALLAG"))):
            things = tuple(
                replace(thing, affiliate=OWN) if thing.affiliate is None else thing for thing in things or (Item("", affiliate=OWN),)
            )
        things = tuple(replace(thing, table=table) if table else thing for thing in things)
        things = tuple(replace(thing, fund=fund) if fund and not is_fund(thing) else thing for thing in things)
        if measure is not None:
            things = tuple(replace(thing, measure=measure) for thing in things or (SPENDING,))
        for said in _expressions(things, dims, series):
            expression = _counted(said, segments) if not (own and _is_joined_own(segments)) else _with_own(said)
            narrows = series is not None and {"UNITS", "UNITKIND"} <= series.cues and not units
            dropped = (series,) if series is not None and narrows and isinstance(expression, Named) else ()
            out.append(
                Parsed(
                    expression,
                    cost
                    + IGNORED_COST * len(dropped)
                    + extra
                    + (0.15 if things and isinstance(expression, Each) and expression.over != "agencies" else 0.0),
                    tuple(unread),
                    (*ignored, *dropped),
                    refers=refers,
                    lists=listed or isinstance(expression, Named),
                    asks=any("HOWMUCH" in one.cues for one in segments),
                )
            )
    return out


def _is_joined_own(segments: Sequence[Segment]) -> bool:
    """Whether the agency's own level is named beside a budget unit (局机关和甲中心)."""
    said = ["own" if "OWNLEVEL" in one.cues else "unit" if one.units else "and" if one.cues & {"AND", "PLUS"} else "" for one in segments]
    return any(three in (["own", "and", "unit"], ["unit", "and", "own"]) for three in (said[at : at + 3] for at in range(len(said) - 2)))


def _with_own(expression: Expression | None) -> Expression | None:
    """Budget units together with the agency's own level."""
    first = expression.members[0] if isinstance(expression, Named) else expression
    if expression is None or not isinstance(first, Pick) or first.item is None:
        return expression
    own = replace(first, item=replace(first.item, affiliate=OWN))
    return Named((own, *(expression.members if isinstance(expression, Named) else (expression,))))


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
    said = [one.agencies or "y" for one in segments if one.agencies or (one.period is not None and len(one.period.years) == 1)]
    order = ["y" if one == "y" else "a" for at, one in enumerate(said) if one == "y" or said[at - 1 : at] != [one]]
    return len(order) >= 4 and order == ["a", "y"] * (len(order) // 2)


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
    is_column = any(one.kind is not None and one.text.endswith("数") for one in behind)
    own, other = segments[first].period, segments[second].period
    is_before = own is not None and other is not None and other.years[0] == own.years[0] - 1 and (book or any(one.kind for one in between))
    return segments[first] if opened and (is_column or (is_before and not any(one.table for one in behind))) else None


def _planned_in_accounts(segments: Sequence[Segment]) -> bool:
    """Whether final accounts are opened for what was planned: 2024年决算里年初批的."""
    said = [at for at, one in enumerate(segments) if one.kind is not None]
    kinds = [segments[at].kind for at in said]
    return kinds[:1] == ["final"] and {*kinds[1:]} == {"budget"} and any("IN" in one.cues for one in segments[said[0] + 1 : said[1]])


def _is_bound(segments: Sequence[Segment], one: Segment) -> bool:
    """Whether a figure is a bound inside a name (单位价值50万元以上的设备)."""
    at = segments.index(one)
    return any(other.cues & {"OVER", "UNDER"} for other in segments[at + 1 : at + 2])


def _is_inside(segments: Sequence[Segment]) -> bool:
    """Whether a word for a series stands in a thing that is named (行政运行|里|的|项目)."""
    said = [one for one in segments if one.text != "的"]
    return any(
        bool(thing.items) and "IN" in within.cues and bool(series.cues & SERIES.keys()) and not series.items
        for thing, within, series in zip(said, said[1:], said[2:], strict=False)
    )


def _lists(segments: Sequence[Segment], one: Segment) -> bool:
    """Whether several things are named behind a word."""
    return sum(1 for other in segments[segments.index(one) + 1 :] if other.items) > 1


def _is_counted(segments: Sequence[Segment], one: Segment, by: frozenset[str]) -> bool:
    """Whether a word for bodies is counted by such words (五家医院, 三所学校): these are meant, and no part of a total."""
    before = segments[: segments.index(one)][-1:]
    return any(other.cues & {"ALLOF", "PAIR"} and other.text.endswith(tuple(by)) for other in before)


def _beside_basic(groups: Sequence[Sequence[Segment]], segments: Sequence[Segment], one: Segment) -> bool:
    """Whether a word for projects means what is spent on them: joined to basic spending (基本支出和|项目)."""
    joins = any("AND" in other.cues and other.end == one.start for other in segments)
    return joins and len(groups) > 1 and not groups[-1] and _portion(groups[-2][-1].items[0]) == "basic"


def series_near(segments: Sequence[Segment], one: Segment) -> bool:
    """Whether a word for a series stands beside a segment."""
    at = segments.index(one)
    return any(other.cues & SERIES.keys() for other in segments[max(0, at - 1) : at + 2] if other is not one)


def _weight(one: Segment) -> float:
    """How much of a content word is in an unread stretch: a single character may be a slip or a particle."""
    length = len(one.text.strip())
    return 0.1 if one.is_light else 0.35 if length == 1 else float(length) * 0.8


@dataclass(frozen=True, slots=True)
class _Dimensions:
    agencies: list[tuple[str, ...]]
    units: list[tuple[tuple[str, str], ...]]
    years: list[tuple[int | None, int | None]]
    kinds: list[Kind]
    table: str | None
    ranges: list[int]
    published: int | None = None
    there: tuple[str, ...] = ()
    inside: bool = False  # the series stands right behind a thing and 里


def _expressions(things: tuple[Item, ...], dims: _Dimensions, series: Segment | None) -> Iterator[Expression | None]:
    """The expression for these things in these dimensions."""
    kinds: list[Kind | None] = list(dims.kinds) or [None]
    whose: list[tuple[str | None, str | None]] = []  # (agency, unit)
    for unit in dims.units:
        own = [pair for pair in unit if not dims.agencies or any(pair[0] in ids for ids in dims.agencies)] or list(unit)
        whose.append((own[0][0], own[0][1]))
    sole = [ids for ids in dims.agencies if not (dims.units and any(pair[0] in ids for unit in dims.units for pair in unit))]
    whose += [(ids[0], None) for ids in sole]
    if not whose and dims.agencies:
        whose = [(ids[0], None) for ids in dims.agencies]
    picks: list[Pick] = []
    for thing, (agency, unit), (year, earlier), kind in product(
        things or (None,), whose or [(None, None)], dims.years or [(None, None)], kinds
    ):
        item = thing
        if unit is not None:
            item = replace(thing, affiliate=unit) if thing is not None else Item(unit, affiliate=unit)
        pick = Pick(item, agency, year, earlier, kind, dims.published)
        if all(_meant(pick) != _meant(other) for other in picks):
            picks.append(pick)
    if dims.ranges and len(picks) == 1:
        yield Named(tuple(replace(picks[0], earlier=back) for back in range(dims.ranges[0] - 1, -1, -1)))
        return
    if (
        series is not None
        and things
        and "ITEMS" in series.cues
        and not dims.inside
        and any(thing.code or len(things) > 1 for thing in things)
    ):
        series = None  # 2101101这个科目: it only says what the code is
    if series is not None and "UNITKIND" in series.cues and dims.units:
        series = None  # 综合服务|中心: the end of its name
    if series is not None:
        over: Over = next(SERIES[name] for name in SERIES if name in series.cues)
        if over == "agencies" and dims.there and len(picks) == 1:
            yield Each(replace(picks[0], agency=None, there=dims.there), "agencies")
            return
        if over == "agencies" and len(dims.agencies) == 1:
            over = "units"  # 某局下面各单位
        if over == "units" and len(picks) == 1 and {"ALLAG", "WHICH"} <= series.cues:
            yield Each(picks[0], "units")
            return
        if over == "agencies" and len(picks) > 1:
            yield Named(tuple(picks))
            return
        if over == "agencies":
            yield Each(picks[0], "units" if picks[0].agency is not None and "WHICH" in series.cues else "agencies")
            return
        if len(picks) == 1:
            yield Each(picks[0], over, series.text if "UNITKIND" in series.cues else None)
        if "PROJECTS" in series.cues and not any(thing.item or thing.names or thing.code or thing.parts for thing in things):
            spent = Item(series.text, "项目支出", ("项目支出",))
            named = [replace(pick, item=replace(spent, affiliate=pick.item.affiliate if pick.item else None)) for pick in picks]
            yield named[0] if len(named) == 1 else Named(tuple(named))
        elif len(picks) > 1 and not ("UNITS" in series.cues and len(things) > 1 and len(whose) < 2):
            yield Named(tuple(picks))
        elif len(picks) == 1 and things and "UNITS" not in series.cues:  # …这个项目: it only says what kind of thing is named
            yield _of_projects(picks[0]) if dims.inside and "PROJECTS" in series.cues else picks[0]
        return
    if len(picks) == 1:
        empty = picks[0] == Pick()
        yield None if empty else picks[0]
        return
    yield Named(tuple(picks))


def _of_projects(pick: Pick) -> Pick:
    """行政运行里的项目: what of a thing is spent on projects."""
    return pick if pick.item is None else replace(pick, item=replace(pick.item, portion="project"))


def _meant(pick: Pick) -> Pick:
    """The pick without how its thing was said (养车、加油修车)."""
    return pick if pick.item is None else replace(pick, item=replace(pick.item, said="", names=()))


def _things(groups: list[list[Segment]], joined: bool) -> Iterator[tuple[tuple[Item, ...], float, bool]]:
    """The things named, with what that reading costs, and whether they are a list."""
    if not groups:
        yield (), 0.0, False
        return
    options = [list(_group(group)) for group in groups]
    for chosen in product(*(some[:3] for some in options)):
        things = [thing for some, _ in chosen for thing in some]
        cost = sum(extra for _, extra in chosen)
        shared = _shared(_each_once(things))
        yield tuple(shared), cost, len(shared) > 1


def _each_once(things: list[Item]) -> list[Item]:
    """The things without those said twice in other words (养车、加油修车)."""
    found: dict[object, Item] = {}
    for thing in things:
        found.setdefault(
            (thing.item or thing.said, thing.code, thing.fund, thing.portion, thing.under, thing.affiliate, thing.table), thing
        )
    return list(found.values())


def _shared(things: list[Item]) -> list[Item]:
    """财政拨款的会议费和培训费: a fund or portion that stands before the first of a list holds for all; a fund alone is a thing itself."""
    first = things[0]
    if (
        len(things) > 2
        and first.code is not None
        and all(thing.code is not None and thing.code.startswith(first.code) and thing.code != first.code for thing in things[1:])
    ):
        return things[1:]  # 22904项下（2290401、2290402）: it only says under what
    if len(things) == 2 and first.portion is not None and {first.portion, _portion(things[1])} == {"basic", "project"}:
        return [first, replace(first, portion=_portion(things[1]))]  # 差旅费的基本支出和项目支出: the same, of either
    if len(things) < 2 or first.fund is None or first.flow == "income":
        return things
    return [thing if thing.fund is not None else replace(thing, fund=first.fund) for thing in things]


def _group(group: list[Segment]) -> Iterator[tuple[list[Item], float]]:
    """Neighbouring names without a list word between them: as one thing, and as a list."""
    choices = [one.items[:_RANK] for one in group]
    for number, items in enumerate(product(*choices)):
        if number >= 4:
            break
        base = 0.05 * number
        compound = _compound(list(items), group)
        if compound is not None:
            yield [compound], base
        if len(items) > 1:
            listed = _listed(list(items), group)
            if listed is not None:
                yield listed, base + (0.35 if compound is not None else 0.0)


def is_fund(item: Item) -> bool:
    """Whether an item is a source of money by itself (财政拨款)."""
    return item.fund is not None and item.flow == "income" and not item.parts


def is_total(item: Item) -> bool:
    """Whether an item is all income or all spending."""
    return bool(item.names) and item.names[0] in (*SPENDING_TOTALS, *INCOME_TOTALS)


def _portion(item: Item) -> Portion | None:
    return PORTION_OF.get(item.item or "") if not item.fund else None


def _natures(item: Item) -> set[str]:
    """Of which side of basic spending an item is (人员经费, 办公费)."""
    codes = [code.code for code in vocabulary().codes_by_name.get(item.item or "", ()) if code.classification == "economic_department"]
    sides = {"personnel" if code.startswith(("301", "303")) else "running" if code.startswith("302") else "" for code in codes}
    return {item.portion or _portion(item) or ""} | (sides if len(sides) == 1 else set())


def _compound(items: list[Item], group: Sequence[Segment]) -> Item | None:
    """Several neighbouring names as one thing, or None where they can't be."""
    head = items[0]
    if _portion(items[-1]) == "basic" and {"personnel", "running"} <= set[str]().union(*map(_natures, items[:-1])):
        return replace(items[-1], said="".join(item.said for item in items))  # 养人办公的|基本支出: what it is for
    for item in items[1:]:
        joined = join(head, item)
        if joined is None:
            return None
        head = joined
    return head


def join(one: Item, other: Item) -> Item | None:
    """Two neighbouring names as one thing."""
    said = one.said + other.said
    if one.counter is not None and other.counter is None and other.item is not None:
        return replace(other, said=said)  # 车辆|运维
    if one.counter != other.counter:
        return None
    if one.code is not None and other.code is not None and one.code != other.code and not other.code.startswith(one.code):
        return None
    if one.item != other.item and {one.item, other.item} <= BOUGHT:
        return None  # 服务，货物: beside each other, neither in the other
    if one.item is not None and one.item == other.item:
        return replace(
            one, said=said, code=one.code or other.code, names=tuple(dict.fromkeys((*one.names, *other.names))), fund=one.fund or other.fund
        )
    if one.code is not None and other.code is not None and one.code != other.code:
        return replace(other, said=said)
    if one.item in PORTION_OF and other.item in PORTION_OF and (whole := _within(one, other)) is not None:
        return replace(whole, said=said, fund=one.fund or other.fund)
    if any({one.item, other.item} <= set(inner) - PARTS_OF.keys() for inner in PARTS_OF.values()):
        return None  # 服务，货物: beside each other, and neither in the other
    narrowing = any(is_fund(part) or is_total(part) or _portion(part) is not None for part in (one, other))
    if (one.code is None) != (other.code is None) and not narrowing:
        coded, named = (one, other) if one.code else (other, one)
        if (
            coded.item is None
            or coded.item == named.item
            or bare(coded.item) in bare(named.item or "")
            or bare(named.item or "") in bare(coded.item or "")
        ):
            named = replace(named, fund=named.fund or coded.fund, portion=named.portion or coded.portion)
            return replace(
                named, said=said, code=coded.code, item=named.item or coded.item, names=tuple(dict.fromkeys((*named.names, *coded.names)))
            )
        whole = fund_named(named.item or "")  # 一般公共预算支出中50201: the one is in the other, no name of it
        names = coded.names if whole else (*coded.names, *named.names)
        return replace(named, said=said, code=coded.code, item=coded.item, names=names, fund=named.fund or coded.fund or whole)
    if is_fund(one) and is_total(other):
        return _total_of_fund(one, other, said)
    if is_total(one) and is_fund(other):
        return _total_of_fund(other, one, said)
    if is_total(other):
        return replace(one, said=said) if not is_total(one) else _of_totals(one, other, said)
    if is_total(one):
        return replace(other, said=said)
    if is_fund(one):
        fund: Fund | None = one.fund
        flow = "income" if fund in ("carryover", "reserve") else other.flow
        return replace(other, said=said, fund=fund, flow=flow)
    if is_fund(other):
        flow = "income" if other.fund in ("carryover", "reserve") else one.flow
        return replace(one, said=said, fund=other.fund, flow=flow)
    portion = _portion(one)
    if portion is not None and _portion(other) is None:
        return replace(other, said=said, portion=portion, fund=other.fund or one.fund)
    if _portion(other) is not None and portion is None and not one.parts:
        return replace(one, said=said, portion=_portion(other), fund=one.fund or other.fund)
    if other.item in PURCHASES and one.item is not None and one.item not in PURCHASES:
        return replace(one, said=said, table="采购", fund=None)
    if one.item in PURCHASES and other.classification == "project":
        return replace(other, said=said, table="采购", fund=None)
    if one.affiliate is not None and one.item is None:
        return replace(other, said=said, affiliate=one.affiliate)
    if other.affiliate is not None and other.item is None:
        return replace(one, said=said, affiliate=other.affiliate)
    if one.item is not None and other.item is not None and (_is_leaf(one) or _are_apart(one, other)):
        return None
    inner, outer = (one, other) if _stands_under(one, other) else (other, one)  # 行政运行（城乡社区管理事务）
    return replace(inner, said=said, under=bare(outer.item) if outer.item else None, fund=other.fund or one.fund)


def _within(one: Item, other: Item) -> Item | None:
    """Personnel or running costs, where they are said to be in basic spending, before or behind it (基本支出里的人员经费)."""
    inner = [part for part in (one, other) if PORTION_OF[part.item or ""] in ("personnel", "running")]
    return inner[0] if len(inner) == 1 and "basic" in (PORTION_OF[part.item or ""] for part in (one, other)) else None


def _stands_under(one: Item, other: Item) -> bool:
    """Whether the classifications put the first under the second, and never the second under the first."""
    codes = vocabulary().codes_by_name
    mine, its = ([code for code in codes.get(item.item or "", ()) if code.classification == "functional"] for item in (one, other))
    return any(a.code != b.code and a.code.startswith(b.code) for a in mine for b in its) and not any(
        b.code.startswith(a.code) for a in mine for b in its
    )


def _of_totals(one: Item, other: Item, said: str) -> Item:
    """收支总计 and the like: the total that says which side it is."""
    return replace(one if one.flow is not None else other, said=said)


def _total_of_fund(fund: Item, total: Item, said: str) -> Item:
    """一般公共预算支出合计: all spending (or income) of that fund."""
    if total.flow == "income" and "支出" not in said:
        return replace(total, said=said, fund=fund.fund, names=(*fund.names, *total.names), item=fund.names[0], flow="income")
    return replace(total, said=said, fund=fund.fund)


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
            continue
        if is_fund(out[-1]) and not is_fund(item) and len(out) == 1:
            out[-1] = join(out[-1], item) or item
            continue
        if (out[-1].code is None) != (item.code is None) and out[-1].item == item.item:
            continue
        out.append(item)
    return out if len(out) > 1 else None


def _are_apart(one: Item, other: Item) -> bool:
    """Whether the economic classification knows both, and neither in the other (工资福利支出, 福利费)."""
    mine, its = (
        [code.code for code in vocabulary().codes_by_name.get(item.item or "", ()) if code.classification == "economic_department"]
        for item in (one, other)
    )
    return bool(mine and its) and not any(a.startswith(b) or b.startswith(a) for a in mine for b in its)


def _is_leaf(item: Item) -> bool:
    """Whether the item is a 款 of the economic classification, which has no parts: nothing stands under it."""
    levels = {code.level for code in vocabulary().codes_by_name.get(item.item or "", ()) if code.classification == "economic_department"}
    return levels == {"section"}

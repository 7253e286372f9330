"""What rules build: each function makes an expression of a rule's slots, or None where their types don't fit.

A list in a slot is distributed: the share of three agencies is three shares. What one side of a comparison leaves open (agency, year,
thing) is taken from the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from inspect import isfunction
from itertools import pairwise
from typing import TYPE_CHECKING, Any, Literal, TypeGuard

from retrieval.answer.wording import FUND_NAMES
from retrieval.figures.parts import CARS, PARTS_OF, VEHICLES
from retrieval.language.lattice import Segment
from retrieval.language.phrases import ALL_BOUGHT, COUNTS, INCOME, PORTION_OF, SPENDING, is_fund, is_total, join
from retrieval.names.labels import CATEGORY
from retrieval.question.expression import (
    AMOUNTS,
    SERIES,
    TRUTHS,
    All,
    Both,
    By,
    Change,
    Count,
    Each,
    Exists,
    Form,
    Holds,
    Hole,
    Item,
    Less,
    Mean,
    Minus,
    Named,
    Nth,
    Order,
    Pick,
    Place,
    Quantity,
    Ratio,
    Relation,
    Same,
    Sum,
    Told,
    Top,
    Turned,
    What,
    Where,
    filled,
    picks,
    rebuilt,
    walk,
)
from retrieval.words.cues import cues, load
from retrieval.words.folding import chinese_number
from retrieval.words.lexicon import general_terms
from retrieval.words.numbers import bound, counted_by, counters
from store.money import MONEY_UNITS

if TYPE_CHECKING:
    from retrieval.language.phrases import Parsed

BOUGHT_CARS = Item(CARS[0], CARS[0], CARS[:1])
NEXT_TO = 0  # characters between quantities that are of one thing


@dataclass
class Slots:
    """What a rule hands to its builder."""

    values: Mapping[str, Any]
    used: tuple[Segment, ...]
    set: Mapping[str, Any]
    parsed: Mapping[str, Parsed]
    where: str | None = None
    extra: float = 0.0  # what the builder finds unlikely
    segments: Sequence[Segment] = ()  # of the whole clause

    def __getitem__(self, name: str) -> Any:
        return self.values.get(name)

    def has(self, *names: str) -> bool:
        return any(one.cues & set(names) for one in self.used)

    def stands_before(self, name: str, other: str) -> bool:
        """Whether a word that does the one stands right before one that does the other, or does that too."""
        return any(
            name in one.cues and other in two.cues
            for one, two in (*pairwise(self.segments), *zip(self.segments, self.segments, strict=True))
        )

    def quantities(self) -> list[Quantity]:
        return [one.quantity for one in self.used if one.quantity is not None]

    def quantity(self) -> Quantity | None:
        return next(iter(self.quantities()), None)

    def at(self, *names: str) -> list[int]:
        """Where the words stand that do one of these."""
        return [at for at, one in enumerate(self.used) if not one.cues.isdisjoint(names)]

    def numbers_at(self) -> list[int]:
        return [at for at, one in enumerate(self.used) if one.quantity is not None]

    def counters(self) -> list[str]:
        """By what it is asked how many there are."""
        return [one.counter for one in self.used if one.counter is not None]

    def order(self) -> Order:
        if "order" in self.set:
            return self.set["order"]
        return "least" if self.has("LEAST", "ASCENDING") or (self.has("FEWER") and not self.has("MORE")) else "most"

    def direction(self) -> Literal["up", "down", "same"] | None:
        """Which way a change is said to go: 多 and 少 count where nothing plainer is said."""
        if "direction" in self.set:
            return self.set["direction"]
        plain = [one for one in self.used if one.cues & {"UP", "DOWN", "STAYED"} and "CHG" not in one.cues]
        for one in plain or self.used:
            if "DOWN" in one.cues or "FEWER" in one.cues:
                return "down"
            if "UP" in one.cues or "MORE" in one.cues:
                return "up"
            if "STAYED" in one.cues:
                return "same"
        return None

    def form(self) -> Form:
        if any(re.search("[率幅速]", one.text) for one in self.used if one.cues & {"CHG", "UP", "DOWN"}):
            return "rate"
        asked = [name for one in self.used for name in ("PERCENTQ", "TIMES", "HOWMUCH", "DIFF") if name in one.cues]
        rates = [name in ("PERCENTQ", "TIMES") for name in asked]
        return "both" if not rates or (not rates[0] and any(rates)) else "rate" if rates[0] else "amount"

    def terms(self) -> tuple[str, ...]:
        """The unread words of the slots, which a search takes as they are; they count as read then."""
        unread = [one for parsed in self.parsed.values() for one in parsed.unread if not one.stranger]
        self.extra -= 0.9 * sum(map(_unread_cost, unread))
        self.takes_unread = True
        return tuple(one.text for one in unread if not one.is_light) or tuple(one.text for one in unread)

    takes_unread: bool = False


def _unread_cost(one: Segment) -> float:
    length = len(one.text.strip())
    return 0.1 if one.is_light else 0.35 if length == 1 else length * 0.8


def _figure(value: Any) -> Any:
    """The value as an amount that is itself no ratio and no change: what shares and changes are made of."""
    amount = _amount(value)
    inner = amount.members if isinstance(amount, Named) else (amount,)
    return None if any(isinstance(one, (Ratio, Change, Minus, Turned)) for one in inner) else amount


def _amount(value: Any) -> Any:
    """The value as an amount: a series that is added up, a pick that dialog will fill where nothing is said."""
    if value is None:
        return Pick()
    if isinstance(value, (Top, Each, Where)):
        return Sum((value,))
    return value if isinstance(value, (*AMOUNTS, Named, By)) else None


def _context(value: Any) -> Pick:
    """Whose and when a value is, without what it is of."""
    agency = year = earlier = kind = None
    for one in picks(value) if value is not None else ():
        agency = agency if agency is not None else one.agency
        if year is None and earlier is None:
            year, earlier = one.year, one.earlier
        kind = kind if kind is not None else one.kind
    return Pick(None, agency, year, earlier, kind)


def _item_of(value: Any, beside: Any = None) -> Pick:
    """What a value is of; beside another agency's, without the unit of its own that it may be of."""
    first = next((one for one in picks(value) if one.item is not None), None)
    if first is None or first.item is None:
        return Pick()
    elsewhere = first.item.affiliate and any(one.agency not in (None, first.agency) for one in picks(beside))
    item = replace(first.item, affiliate=None) if elsewhere else first.item
    return Pick(item if not elsewhere or item.item or item.names or item.code else None)


def _beside(one: Any, other: Any, *, items: bool = False) -> tuple[Any, Any]:
    """Two sides with what each leaves open taken from the other."""
    if isinstance(one, Named) and not isinstance(other, Named):
        return one, other  # filled member by member
    one, other = _of_one_series(one, other)
    first, second = filled(one, _context(other)), filled(other, _context(one))
    if items:
        first, second = (mine if _ranges(mine) else filled(mine, _item_of(its, mine)) for mine, its in ((first, second), (second, first)))
    return first, second


def _ranges(node: Any) -> bool:
    """Whether a series is in it that needs no thing: 最大的项目."""
    return any(isinstance(one, Each) and one.over != "parts" for one in walk(node))


def _of_one_series(one: Any, other: Any) -> tuple[Any, Any]:
    """最高的一年比最低的一年: where one side says no series, it is the other's."""
    if isinstance(one, Nth) and isinstance(other, Nth):
        if _says_no_series(other):
            return one, replace(other, series=one.series)
        if _says_no_series(one):
            return replace(one, series=other.series), other
    return one, other


def _says_no_series(one: Nth) -> bool:
    return isinstance(one.series, Each) and one.series.over == "parts" and one.series.of.item is None


def _each(value: Any, make: Callable[[Any], Any]) -> Any:
    """`make` of the value, or of every member of a list: truths of each of them are one truth (甲、乙双双增长)."""
    if isinstance(value, Named):
        made = tuple(make(member) for member in value.members)
        return All(made) if all(isinstance(one, TRUTHS) for one in made) else Named(made)
    return make(value)


def ratio(slots: Slots) -> Any:
    """A share; nothing where money is asked for in so many words (事业收入占了多少钱)."""
    return None if _asks_amount(slots) else _share(slots)


def _share(slots: Slots) -> Any:
    if slots.where in ("both-said", "is-of") and (slots["part"] is None or slots["whole"] is None):
        return None
    if slots.where == "is-of" and slots.at("IS") > slots.at("PERCENTQ"):
        return None  # 三公里几成是接待费: the whole comes first
    part, whole = _figure(slots["part"]), slots["whole"]
    if part is None:
        return None
    if slots.stands_before("AT", "IN"):  # 接待费在里头占几成: of what was told
        part, whole = _figure(slots["part"] or whole), None
    elif slots.has("AT") and not slots.stands_before("IN", "SHARE") and not slots.stands_before("IN", "RATIO"):
        return None  # 教育局在三公里接待费占几成
    elif whole is None and slots.stands_before("IN", "SHARE") and not any(one.item and one.item.under for one in picks(part)):
        return None  # 它在基本支出里占几成: of basic spending
    if isinstance(whole, Each) and whole.over == "agencies":
        whole = whole.of  # 基本支出占总支出的比重哪家最高: each has a whole of its own
    if whole is not None:
        whole = _figure(whole)
        if whole is None:
            return None
        if isinstance(whole, Pick) and whole.item is None and whole.kind == "budget" and all(one.kind == "final" for one in picks(part)):
            whole = filled(whole, _item_of(part))  # 决算占预算: of the same thing
        elif isinstance(whole, Pick) and whole.item is None and isinstance(part, (Pick, Named)):  # only whose and when, no whole
            slots.extra += 0.4
            part, whole = filled(part, whole), None
    if isinstance(whole, Named) or (whole is not None and whole == part):
        return None
    if isinstance(whole, Nth) and (isinstance(whole.series, Named) or _says_no_series(whole)):
        return None  # 占比，甲、乙、丙谁最高: whose share is the largest, no share of the largest
    if whole is None and isinstance(part, Nth) and isinstance(part.series, Named) and len({one.agency for one in picks(part)}) > 1:
        return None  # 甲和乙，哪家…最多，占几成: of its own whole, not of what they have together

    def make(one: Any) -> Any:
        if whole is None:
            return _within_portion(one)
        mine, of = _beside(_of_that(one, whole), whole)
        return Ratio(*_within_its_own(*_within_fund(mine, of, slots), slots))

    built = _each(part, make)
    quantity = slots.quantity()
    return Holds(built, "is", quantity) if quantity is not None and not isinstance(built, Named) else built


def _of_that(part: Any, whole: Any) -> Any:
    """公务接待费里甲中心占几成: what that unit spends on the same thing."""
    mine, of = (one.item if isinstance(one, Pick) else None for one in (part, whole))
    if mine is None or of is None or mine.affiliate is None or mine.item is not None or of.affiliate is not None or is_total(of):
        return part
    return replace(part, item=replace(of, said=mine.said + of.said, affiliate=mine.affiliate)) if of.item is not None else part


def _within_fund(part: Any, whole: Any, slots: Slots) -> tuple[Any, Any]:
    """一般公共预算里，项目支出占几成: of what that fund pays, and what it pays of all."""
    mine, of = (one.item if isinstance(one, Pick) else None for one in (part, whole))
    if mine is None or of is None or not is_fund(of) or mine.flow == "income" or mine.fund is not None:
        return part, whole
    if of.fund is None or of.said != FUND_NAMES[of.fund] or not slots.has("IN"):
        return part, whole  # 占一般公共预算拨款收入的几成: of that very thing
    return replace(part, item=replace(mine, fund=of.fund)), replace(whole, item=replace(SPENDING, said=of.said, fund=of.fund))


def _within_its_own(part: Any, whole: Any, slots: Slots) -> tuple[Any, Any]:
    """甲中心的工资占总预算的比重: of what that unit has, unless the whole department is named."""
    mine, of = (one.item if isinstance(one, Pick) else None for one in (part, whole))
    if mine is None or of is None or slots.has("WHOLE") or not is_total(of) or is_total(mine) or mine.item is None:
        return part, whole
    named = isinstance(slots["whole"], Pick) and slots["whole"].agency is not None
    if mine.affiliate is None or of.affiliate is not None or named:
        return part, whole
    return part, replace(whole, item=replace(of, affiliate=mine.affiliate))


def share_of_all(slots: Slots) -> Any:
    """占他们总共的几成, 占全局预算的几成: of all that is spent or taken in, not of what the part stands in."""
    place = {name: one.start for one in slots.used for name in ("SHARE", "WHOLE") if name in one.cues}
    whole = Pick() if slots["whole"] is None else slots["whole"]
    if place["WHOLE"] < place["SHARE"] or not isinstance(whole, Pick) or whole.item is not None:
        return None
    income = slots["part"] is not None and all(one.item is not None and one.item.flow == "income" for one in picks(slots["part"]))
    of = replace(whole, item=INCOME if income else SPENDING)
    return ratio(replace(slots, values={**slots.values, "whole": of}))


def part_amount(slots: Slots) -> Any:
    """三公经费里公务接待费占了多少钱: no share, the amount of the part, within what it is said to be in."""
    share = _share(slots)
    if not isinstance(share, Ratio) or not isinstance(share.part, Pick) or (mine := share.part.item) is None:
        return None
    part, whole = share.part, share.whole
    if isinstance(whole, Pick) and whole.item is not None and slots["whole"] is not None:
        return filled(replace(part, item=join(whole.item, mine) or mine), replace(whole, item=None))
    return part


def _asks_amount(slots: Slots) -> bool:
    """Whether money is asked for in so many words, and no percentage (事业收入占了多少钱)."""
    money = any("HOWMUCH" in one.cues and re.search("[钱元万亿]", one.text) for one in slots.used)
    return money and not slots.has("PERCENTQ", "RATIO", "PERHUNDRED")


def _within_portion(one: Any) -> Ratio:
    """A share whose whole is not said: of the portion that the part is of (项目支出里甲工程占几成), else of what it is part of."""
    name = next((name for name, portion in PORTION_OF.items() if isinstance(one, Pick) and one.item and portion == one.item.portion), None)
    if not isinstance(one, Pick) or one.item is None or name is None or one.item.item == name:
        return Ratio(one, None)
    whole = Item(name, name, (name,), fund=one.item.fund)
    return Ratio(replace(one, item=replace(one.item, portion=None)), replace(one, item=whole))


def execution(slots: Slots) -> Any:
    of = _amount(slots["of"])
    if of is None:
        return None

    def make(one: Any) -> Any:
        bare = one if not isinstance(one, Pick) else replace(one, kind=None)
        return Ratio(_with_kind(bare, "final"), _with_kind(bare, "budget"))

    built = _each(of, make)
    quantity = slots.quantity()
    return Holds(built, "is", quantity) if quantity is not None else built


def _with_kind(value: Any, kind: Literal["budget", "final"]) -> Any:
    def made(node: Any) -> Any:
        if not isinstance(node, Pick):
            return node
        item = replace(node.item, measure=None) if kind == "final" and node.item is not None else node.item
        return replace(node, kind=kind, item=item)

    return rebuilt(value, made)


def per_each(slots: Slots) -> Any:
    of = _figure(slots["of"])
    if isinstance(slots["of"], Each) and slots["of"].over in ("agencies", "units"):
        return Mean(slots["of"])  # 平均每个单位: of those whose figures are added up
    if of is None or isinstance(of, Named):
        return None
    word = next(one.text for one in slots.used if "PEREACH" in one.cues)
    counter = "辆" if re.search("[辆部车]", word) else "批次" if "批" in word else "家" if "家" in word else "人" if "人" in word else "个"
    terms = ("车辆",) if counter == "辆" else ()
    return Ratio(of, Told("number", _context(of), terms, counter=counter), "each")


def per_head(slots: Slots) -> Any:
    """An amount for each of the persons that are named beside it; where none are, nobody knows for whom."""
    of = slots["of"]
    if not isinstance(of, Named) or len(of.members) != 2:
        return None
    counted = [one for one in of.members if isinstance(one, Pick) and one.item is not None and one.item.counter]
    paid = [one for one in of.members if one not in counted]
    return Ratio(paid[0], counted[0], "each") if len(counted) == 1 else None


def all_of(slots: Slots) -> Any:
    whole, part = _amount(slots["whole"]), _amount(slots["part"])
    if whole is None or part is None:
        return None
    whole, part = _beside(whole, part)
    of, mine = (one.item if isinstance(one, Pick) else None for one in (whole, part))
    if of is not None and mine is not None and mine.item in PORTION_OF and of.item not in PORTION_OF and not is_total(of):
        part = replace(whole, item=replace(of, said=of.said + mine.said, portion=PORTION_OF[mine.item]))  # 教育支出全部是项目支出
    quantity = slots.quantity()
    wholly: Any = Same(part, whole)
    roughly = slots.has("ROUGHLY")
    if roughly or all(one.item is not None and one.item.counter for one in picks(part)):  # 购置车辆23辆，均为一般公务用车: may be no part
        wholly = Holds(Ratio(part, whole), "is", Quantity(Decimal(100), "%", "nearly" if roughly else None))
    return wholly if quantity is None else All((Holds(whole, "is", quantity), wholly))


def change(slots: Slots) -> Any:
    of, since = _figure(slots["of"]), slots["since"]
    if of is None:
        return None
    if "since" in slots.values:
        if not _is_dated(since):
            return None
        if since.agency is not None and any(one.agency not in (None, since.agency) for one in picks(of)):
            return None  # two agencies: which is more, not what changed
        if since.item is not None and any(one.item is not None and one.item.item != since.item.item for one in picks(of)):
            return None  # 会议费|和|培训费…比2018年: two things, no change of the first
        of, since = _since(of, since)
        side_by_side = any(one.cues >= {"THAN", "AND"} for one in slots.used)
        if side_by_side and isinstance(of, Pick) and isinstance(since, Pick) and _later(since, of):
            of, since = since, of  # 2024年和2025年: side by side
    if since is None and not slots.has("PRIOR") and isinstance(of, Nth) and isinstance(of.series, Named) and len(of.series.members) == 2:
        return None  # 甲和乙哪家多，多出多少: more than the other, not than before
    if isinstance(of, Pick) and (since is None or isinstance(since, Pick)) and _asks_itself(slots):
        ends = (of, since) if slots.has("EACH") and since is not None else (of,)
        return Both((*ends, Change(of, since, replace(slots, used=slots.used[1:]).form(), slots.direction())))
    if not slots.has("HOWMUCH", "PERCENTQ", "TIMES", "CHG", "WHICH") and slots.direction() is not None:
        slots.extra += 0.9  # 比去年增加了: that it did is said, not asked by how much
    if isinstance(of, Named) and len(of.members) == 2 and since is None:
        one, other = of.members
        if isinstance(one, Pick) and isinstance(other, Pick) and one.item == other.item and one.agency == other.agency and one != other:
            later, earlier = (one, other) if _later(one, other) else (other, one)
            return Change(later, earlier, slots.form(), slots.direction())
    return _each(of, lambda one: Change(one, since, slots.form(), slots.direction()))


def _asks_itself(slots: Slots) -> bool:
    """Whether the amount itself is asked for before its change is: 花了多少，比上年增加还是减少; 多少，比上年多了多少."""
    asked = slots.at("HOWMUCH", "EACH", "PERCENTQ")
    moved = slots.at("CHG")
    compared = slots.at("PRIOR")
    if not moved and not (compared and asked[-1:] > compared):
        return False
    return bool(asked) and asked[0] < min((*moved, *compared)) and "PERCENTQ" not in slots.used[asked[0]].cues


def _since(of: Any, since: Pick) -> tuple[Any, Any]:
    """A change's two ends: the earlier one takes thing and agency from the later, and is left out where it is the year before."""
    of = filled(of, Pick(since.item, since.agency, None, None, since.kind)) if of != Pick() else of
    if isinstance(of, Pick):
        earlier = filled(since, Pick(of.item, of.agency, None, None, of.kind))
        if since.earlier is not None and since.earlier == (of.earlier or 0) + 1 and of.year is None:
            return of, None
        if since.year is not None and of.year == since.year + 1 and since.kind in (None, of.kind):  # 比23年实际执行: not its budget
            return of, None
        return of, earlier
    if since.item is None and isinstance(of, (Less, Sum)):  # what is left out is left out of both, what is added is added in both
        when = {"year": since.year, "earlier": since.earlier}
        return of, rebuilt(of, lambda one: replace(one, **when, kind=since.kind or one.kind) if isinstance(one, Pick) else one)
    return of, filled(since, _context(of))


def deduced(slots: Slots) -> Any:
    """照减少额推回去，上一年是多少: the figure of the earlier of the years that are said, else of the year before."""
    of = slots["of"]
    said = [] if of is None else _picked(of)
    items = {one.item for one in said or () if one.item is not None}
    if said is None or len(items) > 1:
        return None
    years = [one.year for one in said if one.year is not None]
    back = max((one.earlier or 0 for one in said), default=0)
    when = {"year": max(years) - back if back else min(years), "earlier": None} if years else {"earlier": back or 1}
    return replace(said[0] if said else Pick(), item=items.pop() if items else None, **when)


def _is_dated(since: Any) -> TypeGuard[Pick]:
    """Whether a year is said, and so since when something changed."""
    return isinstance(since, Pick) and (since.year, since.earlier) != (None, None)


def _and_before(of: Pick) -> tuple[Pick, Pick]:
    """A thing now, and the same a year before; where that one is said, it is now that is asked about."""
    now = replace(of, earlier=None) if of.earlier == 1 else of
    return now, replace(now, year=now.year - 1) if now.year is not None else replace(now, earlier=(now.earlier or 0) + 1)


def _all(truths: Sequence[Any]) -> Any:
    return truths[0] if len(truths) == 1 else All(tuple(truths))


def _later(one: Pick, other: Pick) -> bool:
    def key(pick: Pick) -> int:
        return pick.year if pick.year is not None else 3000 - (pick.earlier or 0)

    return key(one) > key(other)


def claimed_change(slots: Slots) -> Any:
    said = slots.quantities()
    of, since = _figure(slots["of"]), slots["since"]
    if not said or of is None or isinstance(of, Named) or slots.has("ROSETO", "FELLTO"):
        return None
    itself = said[:1] if said[0].unit != "%" and _before_the_comparison(slots) else []
    said = said[len(itself) :]
    if len(said) > 2 or (len(said) == 2 and (said[0].unit == "%") is (said[1].unit == "%")):
        return None
    if any(one.unit == "倍" for one in said):
        if len(said) > 1 or not slots.has("UP", "MORE") or not _behind_its_direction(slots):
            return None
        said = [replace(said[0], number=said[0].number * 100, unit="%", rounded=said[0].rounded or "about")]  # 增长了一倍
    if slots.has("OVER", "UNDER") and not slots.has("PRIOR", "THAN") and "since" not in slots.values and not slots.has("UP", "DOWN"):
        return None  # 低于1万元: a bound
    if "since" in slots.values:
        if not _is_dated(since):
            return None
        of, since = _since(of, since)
    if len(said) > 1 and not itself and not _behind_its_direction(slots):
        return None
    ways = _ways(slots)[len(itself) :]
    truths = tuple(
        Holds(Change(of, since, "rate" if one.unit == "%" else "amount", way), "down" if way == "down" else "up", one)
        for one, way in zip(said, ways, strict=True)
    )
    if itself:  # 52.9亿，比上年涨3%: what it is, and how it changed
        truths = (Holds(of, "is", itself[0]), *(truths or (Turned(of, _ways(slots)[0], since),)))
    return _all(truths)


def _ways(slots: Slots) -> list[Literal["up", "down"]]:
    """Which way each quantity is said to go: that of the last word before it that says so, else of the first in the clause."""
    way: Literal["up", "down"] = "down" if slots.direction() == "down" else "up"
    found: list[Literal["up", "down"]] = []
    moved = False
    for one in slots.used:
        if one.quantity is not None:
            found.append(way)
            moved = True
        elif moved and one.cues & {"UP", "DOWN", "MORE", "FEWER"}:
            way = "down" if one.cues & {"DOWN", "FEWER"} else "up"
    return found


def _before_the_comparison(slots: Slots) -> bool:
    """Whether the first quantity stands before 比上年, or before the direction where another follows that: it is the amount itself."""
    compared = slots.at("PRIOR", "THAN")
    moved = slots.at("UP", "DOWN", "MORE", "FEWER")
    said = slots.numbers_at()
    first = compared or (moved if moved and len(said) > 1 and said[1] > moved[0] else [])
    return bool(first and moved) and said[0] < first[0] <= moved[0]


def _behind_its_direction(slots: Slots) -> bool:
    """Whether all quantities stand behind the word that says which way it went: what stands before it is what it was or is."""
    moved = slots.at("UP", "DOWN", "MORE", "FEWER")
    said = slots.numbers_at()
    return bool(moved) and min(said) > moved[0]


def claimed_from(slots: Slots) -> Any:
    """比上年的X万元增加Y万元: what it was, and by how much it changed."""
    of, since = _figure(slots["of"]), slots["since"]
    said = slots.quantities()
    order = [
        "q" if one.quantity is not None else "p" if one.cues & {"PRIOR", "THAN"} else "d"
        for one in slots.used
        if one.quantity is not None or one.cues & {"PRIOR", "THAN", "UP", "DOWN", "MORE", "FEWER"}
    ]
    if order[:4] != ["p", "q", "d", "q"] or len(said) < 2 or not isinstance(of, Pick):
        return None
    if "since" in slots.values:
        if not _is_dated(since):
            return None
        now, before = of, filled(since, Pick(of.item, of.agency, None, None, of.kind))
    else:
        if of.year is not None and not slots.has("PRIOR"):
            return None  # the year said is that of what it was
        now, before = _and_before(of)
    direction = slots.direction() or "up"
    form: Form = "rate" if said[1].unit == "%" else "amount"
    return All((Holds(before, "is", said[0]), Holds(Change(now, since, form, direction), "down" if direction == "down" else "up", said[1])))


def reached(slots: Slots) -> Any:
    """从5万涨到7万, 降到零, 由去年的5万变成今年的7万: what it was and is, and which way it went."""
    of, said = _figure(slots["of"]), slots.quantities()
    if any(one.unit in ("%", "倍") for one in said):
        return None
    moved = slots.at("ROSETO", "FELLTO", "BECAME")[0]
    was = [one.quantity for one in slots.used[:moved] if one.quantity is not None]
    is_ = [one.quantity for one in slots.used[moved:] if one.quantity is not None]
    if slots.has("ABSENT") and not is_:
        is_ = [Quantity(Decimal(0), "元")]
    if len(was) > 1 or len(is_) != 1:
        return None
    if isinstance(of, Named):
        before, now = of.members if len(of.members) == 2 else (None, None)
        if not isinstance(before, Pick) or not isinstance(now, Pick) or before.item != now.item or not was or not _later(now, before):
            return None
    elif isinstance(of, Pick):
        now, before = _and_before(of)
    else:
        return None
    way = ("up",) if slots.has("ROSETO") else ("down",) if slots.has("FELLTO") else ()
    claims = (*(Holds(before, "is", one) for one in was), Holds(now, "is", is_[0]))
    return All((*claims, *(Turned(now, one, before if isinstance(of, Named) else None) for one in way)))


def stayed_at(slots: Slots) -> Any:
    """仍是2.5万，和去年持平: what it is, and that it did not change."""
    of, said = _figure(slots["of"]), slots.quantities()
    if not isinstance(of, Pick) or len(said) != 1 or said[0].unit in ("%", "倍"):
        return None
    return All((Holds(of, "is", said[0]), Turned(of, "same")))


def turned(slots: Slots) -> Any:
    of = _figure(slots["of"])
    direction = slots.direction()
    if of is None or direction is None or isinstance(of, Turned):
        return None
    if any(re.search("[率幅]$", one.text) for one in slots.used):  # 增幅: asked for, not said to be so
        return _each(of, lambda one: Change(one, None, "rate", direction))
    if "since" in slots.values:
        since = slots["since"]
        if any(parsed.asks for parsed in slots.parsed.values()):
            return None  # 2026较2025降幅是多少
        if not isinstance(of, Pick) or not _is_dated(since) or since.item is not None:
            return None
        if since.agency is not None and of.agency not in (None, since.agency):
            return None  # 甲跟乙比，今年哪边省: two agencies
        of, since = _since(of, since)
        beside = any(one.cues >= {"THAN", "AND"} for one in slots.used)
        if beside and isinstance(of, Pick) and isinstance(since, Pick) and _later(since, of):
            of, since = since, of  # 去年跟今年比省了没: side by side, how it went on
        return Turned(of, direction, since)
    return _each(of, lambda one: Turned(one, direction))


def trend(slots: Slots) -> Any:
    of = slots["of"]
    if isinstance(of, Less) and isinstance(of.whole, Pick):
        parts = tuple(replace(one, year=None, earlier=None) for one in of.parts if isinstance(one, Pick))
        return By(Each(of.whole, "years"), Less(Hole(), parts))
    return Each(of, "years") if isinstance(of, Pick) else of if isinstance(of, By) else None


def _series(value: Any) -> Any:
    """The value as a series: the parts of what is one amount."""
    return value if isinstance(value, SERIES) else Each(value, "parts") if isinstance(value, Pick) else None


def _ranked(slots: Slots) -> Any:
    """What is ranked: the years of one amount where a year is asked for."""
    value = slots["series"]
    below = any("IN" in one.cues and re.search(load("names.toml")["kind"]["below"], one.text) for one in slots.used)
    if below and isinstance(value, Each) and value.over == "units":
        return replace(value, below=True)  # 甲局下面最有钱的是哪家
    if isinstance(value, Named):  # 公用经费里，电费、物业费哪样最多: what they stand in, or are bought by, is none of them
        inside = tuple(one for one in value.members if not (isinstance(one, Pick) and one.item and one.item.item in PORTION_OF))
        inside = tuple(one for one in inside if not (isinstance(one, Pick) and one.item and one.item.item in ALL_BOUGHT)) or inside
        return Named(inside) if 1 < len(inside) < len(value.members) else value
    if slots.has("YEARS") and (value is None or (isinstance(value, Pick) and value.year is None and value.earlier is None)):
        return Each(value or Pick(), "years")
    return _series(value or Pick())


def nth(slots: Slots) -> Any:
    if (series := _ranked(slots)) is None:
        return None
    if isinstance(slots["series"], Pick) and not slots.has("YEARS"):
        slots.extra += 0.25
    if isinstance(series, Each) and series.of.item is not None and not slots.has("WHICH", "HOWMUCH") and _shape(slots) == "m=t":
        return Same(series.of, Nth(replace(series, of=replace(series.of, item=None)), slots.order()))  # 最大的项目是甲
    if isinstance(series, Named) and len(series.members) == 2 and _shape(slots) == "t=tm" and slots.stands_before("IN", "MOST"):
        one, other = _beside(*series.members)
        return Same(one, Nth(Each(other, "parts"), slots.order()))  # 甲是乙里最多的
    return Nth(series, slots.order())


def _shape(slots: Slots) -> str:
    """How things, words for a rank and 是 stand: 甲|是|乙里|最大的 t=tm, 最大的|是|甲 m=t."""
    marks = (("t" if one.items else "=" if "IS" in one.cues else "m" if one.cues & {"MOST", "LEAST"} else "") for one in slots.segments)
    return "".join(marks)


def top(slots: Slots) -> Any:
    series = _series(slots["series"] or Pick())
    count = next((one.quantity for one in slots.used if "TOPN" in one.cues and one.quantity is not None), None)
    if series is None or count is None:
        return None
    order: Order = "least" if re.search("[少低小]", next(one.text for one in slots.used if "TOPN" in one.cues)) else "most"
    return Top(series, order, int(count.number))


def top_shares(slots: Slots) -> Any:
    """The largest parts, and what share of the whole each is."""
    largest = top(slots) if slots.has("EACH") else None  # 加起来占: one share
    if largest is None or not isinstance(largest.series, Each) or largest.series.over != "parts":
        return None
    return Both((largest, By(largest, Ratio(Hole(), largest.series.of))))


def ordinal(slots: Slots) -> Any:
    series = _series(slots["series"] or Pick())
    count = next((one.quantity for one in slots.used if "ORDINAL" in one.cues and one.quantity is not None), None)
    if series is None or count is None or "m=t" in _shape(slots):
        return None  # 最大的是甲，第二的是哪个: not of 甲
    return Nth(series, slots.order(), int(count.number))


def next_after(slots: Slots) -> Any:
    """三公里仅次于甲的是哪项: the one right behind a named one."""
    series, member = _ranked(slots), slots["member"]
    if series is None or not isinstance(member, Pick) or member.item is None:
        return None
    return Nth(series, "most", 1, filled(member, _context(series)))


def nth_change(slots: Slots) -> Any:
    if (series := _ranked(slots)) is None:
        return None
    direction = slots.direction()
    fast = any("快" in one.text for one in slots.used if "MOST" in one.cues)
    form: Form = "rate" if fast or slots.form() == "rate" else "amount"
    moved = [one.end for one in slots.used if one.cues & {"UP", "DOWN", "CHG"}]
    if any("MOST" in one.cues and one.start - end in (0, 1) for one in slots.used for end in moved):
        slots.extra -= 0.9  # 降得最多: what is ranked is the change
    return Nth(By(series, Change(Hole(), None, form, direction)), "most")


def furthest_apart(slots: Slots) -> Any:
    """The part whose final accounts are furthest from its budget."""
    kinds = slots["kinds"]
    if not isinstance(kinds, Named) or {one.kind for one in kinds.members if isinstance(one, Pick)} != {"budget", "final"}:
        return None
    final = next(one for one in kinds.members if isinstance(one, Pick) and one.kind == "final")
    return Nth(By(Each(final, "parts"), Change(Hole(), Pick(kind="budget"), "amount")), "most")


def more_of(slots: Slots) -> Any:
    series = slots["series"]
    if not isinstance(series, Named):
        return None
    picked = [one for one in series.members if isinstance(one, Pick)]
    of_one = len(series.members) == 2 and len({replace(one, kind=None) for one in picked}) == 1
    if of_one and {one.kind for one in picked} == {"budget", "final"}:
        final, budget = sorted(series.members, key=lambda one: isinstance(one, Pick) and one.kind == "budget")
        return Change(final, budget, "amount")
    return Nth(series, slots.order())


def ordered(slots: Slots) -> Any:
    series = _series(slots["series"])
    return None if series is None or isinstance(series, Top) else Top(series, slots.order(), None)


def place(slots: Slots) -> Any:
    series, member = slots["series"], slots["member"]
    if isinstance(member, SERIES) and not isinstance(series, SERIES):
        series, member = member, series
    if member is None and isinstance(series, Each) and series.of.item is not None and series.of.agency is not None:
        member = series.of  # 教育局的三公经费在各部门里
    if isinstance(series, Pick) and series.item is None:
        return None
    series = _series(series)
    if series is None or not isinstance(member, Pick) or member.item is None:
        return None
    if isinstance(series, Each) and series.over in ("agencies", "years"):
        of = filled(series.of, member)
        series = replace(series, of=replace(of, agency=None) if series.over == "agencies" else replace(of, year=None, earlier=None))
        return Place(series, member)
    return Place(filled(series, _context(member)), filled(member, _context(series)))


def difference(slots: Slots) -> Any:
    if _only_lists(slots):
        return None  # 甲和乙最多的是: a list
    left, right = slots["left"], slots["right"]
    if isinstance(left, Nth) and isinstance(right, Nth) and all(one.item is None for one in picks(right)):
        right = replace(right, series=left.series)  # 最高的一年比最低的一年
    unsaid = left is None and isinstance(right, Pick)
    left, right = _amount(left), _amount(right)
    if left is None or right is None or isinstance(right, Named) or _is_anyone(slots["right"]):
        return None
    if isinstance(left, (Named, Minus, Change, Ratio)) or isinstance(right, (Minus, Change)):
        return None
    if (_points(slots, "left", "right") or (unsaid and right != Pick() and not right.earlier)) and not slots.has("PERCENTQ"):
        return Minus(left, right)  # 比预算少多少: what was told
    left, right = _beside(left, right, items=True)
    if left == right:
        return Minus(Pick(), Pick()) if left == Pick() and slots.parsed["right"].refers else None  # 比它多多少
    if isinstance(left, Pick) and isinstance(right, Pick) and left.item == right.item and left.agency == right.agency:
        return Change(left, right, slots.form(), slots.direction())
    if slots.has("PERCENTQ"):
        return Change(left, right, "rate", slots.direction())
    return Minus(left, right)


def _points(slots: Slots, *sides: str) -> bool:
    """Whether one of two sides, and not the other, is what was just told (它比项目支出多多少)."""
    bare = [side for side in sides if slots[side] in (None, Pick())]
    return len(bare) == 1 and bare[0] in slots.parsed and slots.parsed[bare[0]].refers


def _is_anyone(value: Any) -> bool:
    """Whether a side is only asked for: 跟甲比谁多 is no comparison with all there are."""
    return isinstance(value, Each) and value.over == "agencies" and value.of.item is None


def _are_unlike(left: Any, right: Any) -> bool:
    """Whether a share is set beside an amount."""
    return isinstance(left, Ratio) is not isinstance(right, Ratio)


def _only_lists(slots: Slots) -> bool:
    """Whether the word between two sides only joins them: 甲和乙, and not 甲跟乙比."""
    joins = any(one.cues >= {"THAN", "AND"} for one in slots.used)
    return joins and not slots.has("COMPARED", "DIFF") and not any("比" in one.text for one in slots.used)


def difference_of(slots: Slots) -> Any:
    pair = slots["pair"]
    if isinstance(pair, Named) and len(pair.members) == 2:
        one, other = _beside(*pair.members, items=True)
        return Minus(one, other)
    if isinstance(pair, Pick) and pair.item is None and pair.agency is not None and slots.has("COMPARED"):
        return Minus(Pick(), pair)  # 跟水务局比差多少
    if pair is None and slots.has("PAIR", "DIFF"):
        return Minus(Pick(), Pick())
    return None


def subtraction(slots: Slots) -> Any:
    left, right = _amount(slots["left"]), _amount(slots["right"])
    if left is None or right is None or isinstance(left, Named):
        return None
    if isinstance(right, Named):
        return Less(left, tuple(filled(one, _context(left)) for one in right.members))
    other_kind = isinstance(right, Pick) and right.item is None and right.kind not in (None, _context(left).kind)
    left, right = _beside(left, right, items=other_kind)  # 年初批的减去实际花的: of the same thing
    return Minus(left, right, signed=True)


def times(slots: Slots) -> Any:
    if slots.where == "both-said" and (slots["part"] is None or slots["whole"] is None):
        return None
    ends = {one.end for one in slots.used if "TIMES" in one.cues}
    if any("IS" in one.cues and one.start in ends for one in slots.used):
        return _divided(_figure(slots["whole"]), _figure(slots["part"]))  # 印刷费的几倍是差旅费
    if _points(slots, "part", "whole"):
        return Ratio(_figure(slots["part"]), _figure(slots["whole"]), "times")
    return _divided(_figure(slots["part"]), _figure(slots["whole"]))


def claimed_times(slots: Slots) -> Any:
    """提租补贴是上年的三倍还多: how many times the one is the other."""
    quantity = slots.quantity()
    if quantity is None or slots["whole"] is None:
        return None
    relation: Relation = "over" if slots.has("OVER", "MORE") else "under" if slots.has("UNDER", "FEWER") else "is"
    divided = _divided(_amount(slots["part"]), _amount(slots["whole"]))
    return None if divided is None else Holds(divided, relation, quantity)


def times_of(slots: Slots) -> Any:
    """The first of two things that are named side by side, divided by the other."""
    pair = slots["pair"]
    return _divided(*map(_amount, pair.members)) if isinstance(pair, Named) and len(pair.members) == 2 else None


def _divided(part: Any, whole: Any) -> Any:
    if part is None or whole is None or isinstance(part, Named) or isinstance(whole, Named):
        return None
    if isinstance(part, Pick) and isinstance(whole, Pick) and whole.item is None and (whole.year is not None or whole.earlier is not None):
        whole = filled(whole, part)  # 是上一年的几倍: of the same thing
    else:
        part, whole = _beside(part, whole, items=True)
    return Ratio(part, whole, "times") if part != whole else None


def more_and_by(slots: Slots) -> Any:
    series = slots["series"]
    if slots.where == "either" and not any("EITHER" in one.cues for one in slots.segments):
        return None
    ends = {one.end for one in slots.used if one.cues & {"MORE", "FEWER", "UP", "DOWN"}}
    if not slots.has("DIFF") and not any(one.start in ends for one in slots.used if "HOWMUCH" in one.cues):
        return Nth(series, slots.order()) if isinstance(series, Named) else None  # 哪家高，高的那家多少
    if isinstance(series, Named) and len(series.members) == 2:
        return Minus(*_beside(*series.members, items=True))
    if isinstance(series, Named):
        return Minus(Nth(series, "most"), Nth(series, "least"))
    if isinstance(series, Pick) and slots.has("COMPARED") and series.agency is not None:
        return Minus(Pick(), series)  # 跟水务局比谁多，多多少
    return None


def more_than_told(slots: Slots) -> Any:
    """跟水务局比谁多: the one or the other of what was told and what is named."""
    other = slots["other"]
    if not isinstance(other, Pick) or other.agency is None:
        return None
    return Nth(Named((Pick(), other)), slots.order())


def which_more(slots: Slots) -> Any:
    """甲相比乙，哪个更多: which of the two sides; by how much, where that is asked too."""
    left, right = slots["left"], slots["right"]
    if _only_lists(slots) or not isinstance(left, AMOUNTS) or not isinstance(right, AMOUNTS) or _are_unlike(left, right):
        return None
    left, right = _beside(left, right, items=True)
    series = replace(slots, values={"series": Named((left, right))})
    return None if left == right else more_and_by(series) if slots.has("DIFF", "HOWMUCH") else more_of(series)


def is_more(slots: Slots) -> Any:
    if _only_lists(slots):
        return None
    left, right = _amount(slots["left"]), _amount(slots["right"])
    if left is None or right is None or isinstance(left, Named) or isinstance(right, Named) or _are_unlike(left, right):
        return None
    if _is_anyone(slots["right"]):
        return None
    if not _points(slots, "left", "right"):
        left, right = _beside(left, right, items=True)
    return Same(left, right, "less" if slots.has("FEWER") and not slots.has("MORE") else "more") if left != right else None


def more_by(slots: Slots) -> Any:
    """甲比乙多5万元: which is more, and by how much."""
    left, right, quantity = _amount(slots["left"] or Pick()), _amount(slots["right"]), slots.quantity()
    if quantity is None or quantity.unit in ("", "%", "倍") or not isinstance(left, AMOUNTS) or not isinstance(right, AMOUNTS):
        return None
    if not any(one.item is not None or one.agency is not None for one in picks(right)):
        return None  # 比2023年多5万元: a change
    said = [one.start for one in slots.used if one.quantity is not None]
    level = slots.quantity() if len(said) == 2 and slots.has("SUM") else None  # 甲345万，低于乙，两者合计747万
    if level is not None:
        quantity = [one.quantity for one in slots.used if one.quantity is not None][-1]
        said = said[1:]
    if len(said) > 1:
        return None
    if left != Pick():
        left, right = _beside(left, right, items=True)
    told: Any = Minus(left, right)
    if said[0] < max(one.start for one in slots.used if "THAN" in one.cues):  # 甲651万，低于乙: what the one is
        if slots.has("UP", "DOWN"):
            return None  # 甲增加19万，增幅高于乙
        told = left
    elif slots.has("SUM"):  # 甲高于乙，两者合计957万
        told = Sum((left, right))
    fewer = slots.has("FEWER", "DOWN") and not slots.has("MORE", "UP")
    truths = (Same(left, right, "less" if fewer else "more"), Holds(told, "is", quantity))
    return None if left == right else All(truths if level is None else (Holds(left, "is", level), *truths))


def same(slots: Slots) -> Any:
    pair = slots["pair"]
    if isinstance(pair, Named) and len(pair.members) == 2:
        return Same(*_beside(*pair.members, items=True))
    alone = isinstance(pair, Pick) and pair.item is not None and (pair.agency, pair.year, pair.earlier) == (None, None, None)
    return Same(Pick(), pair) if alone and slots.has("THAN") else None  # 跟基本支出一样多吗


def equals(slots: Slots) -> Any:
    """甲加乙等于丙: what stands on either side of the word is one amount."""
    left, right = slots["left"], slots["right"]
    if not isinstance(left, AMOUNTS) or not isinstance(right, AMOUNTS):
        return None
    left, right = _beside(left, right)
    return Same(left, right) if left != right else None


def _flat(value: Any) -> tuple[Any, ...]:
    return value.members if isinstance(value, Named) else value.parts if isinstance(value, Sum) else (value,)


def sum_(slots: Slots) -> Any:
    value = slots["list"]
    if isinstance(value, Sum):
        return value
    if isinstance(value, Named):
        first = value.members[0]
        return Sum((first, *(filled(one, _context(first)) for one in value.members[1:])))
    if isinstance(value, (Each, Top, Where)):
        slots.extra += 0.2
        return Sum((value,))
    if isinstance(value, Pick):
        if value.item is not None and _is_row(value.item) and value.item.counter is None:
            return Sum((Each(value, "rows", number=_number_of(slots)),))
        return value
    return Pick() if value is None and slots.has("SUM") and not slots.has("PAIR", "ALLOF") else None


def _number_of(slots: Slots) -> int | None:
    """How many things are said to be added up (两笔, 三样)."""
    if slots.has("PAIR"):
        return 2
    said = (character for one in slots.used if "ALLOF" in one.cues for character in one.text)
    return next((int(number) for character in said if (number := chinese_number(character)) is not None), None)


def _is_row(item: Item) -> bool:
    """Whether an item is known only as printed rows: several may bear its name."""
    plain = item.item is not None and not item.parts and (item.code, item.fund, item.affiliate) == (None, None, None)
    return plain and (item.classification == "project" or item.item not in general_terms())


def plus(slots: Slots) -> Any:
    left, right = slots["left"], slots["right"]
    if right is None or not isinstance(right, (*AMOUNTS, Named)):
        return None
    left = Pick() if left is None else left
    if not isinstance(left, (*AMOUNTS, Named)):
        return None
    if isinstance(left, Pick) and left.item is None and isinstance(right, (Nth, Place, Count)):
        return None  # 甲局连同下属单位…第三名是哪家: one of them, and nothing to add
    parts = (*_flat(left), *(filled(one, _context(left)) for one in _flat(right)))
    parts = tuple(filled(one, _context(right)) for one in parts)
    said = next((one for part in parts for one in picks(part) if one.item is not None and one.item.item is not None), Pick())
    open_ = [any(pick.item is not None and pick.item.item is None for pick in picks(one)) for one in parts]
    return Sum(tuple(filled(one, Pick(said.item)) if is_open else one for one, is_open in zip(parts, open_, strict=True)))


def mean(slots: Slots) -> Any:
    value = slots["list"]
    if isinstance(value, SERIES):
        return Mean(value)
    if isinstance(value, Pick) and any("年" in one.text for one in slots.used):
        return Mean(Each(value, "years"))
    if isinstance(value, Pick) and value.item is not None and value.agency is None and any(one.counter == "家" for one in slots.used):
        return Mean(Each(value, "agencies"))  # 几家的均值: of all that are here
    return None


def less(slots: Slots) -> Any:
    parts, whole = slots["parts"], slots["whole"]
    if parts is None or not isinstance(parts, (*AMOUNTS, Named)) or any(isinstance(one, (Ratio, Change, Minus)) for one in _flat(parts)):
        return None
    if whole is None:
        whole = Pick()
    if isinstance(whole, Pick) and whole.item is None and all(one.item is not None and one.item.flow == "income" for one in picks(parts)):
        whole = replace(whole, item=INCOME)  # 不是财政给的那部分: of what is taken in
    if isinstance(whole, Named) and slots.has("SUM") and not _is_one_thing(whole):
        whole = Sum(whole.members)  # 不算服务，货物跟工程一共
    if isinstance(whole, Each) and whole.over == "projects" and slots.has("HOWMUCH", "LEFT", "SUM") and not slots.has("WHICH"):
        spent = Item("项目", "项目支出", ("项目支出",))
        whole = replace(whole.of, item=spent if whole.of.item is None else replace(whole.of.item, item="项目支出", names=("项目支出",)))
    if isinstance(whole, Each) and isinstance(parts, Nth) and isinstance(parts.series, Each) and _is_of_a_unit(parts.series):
        return Nth(_cut(whole, (parts.series.of,)), parts.order, parts.place)  # 各分局里，撇开甲分局谁最多: of the others
    if isinstance(whole, (Each, Nth, Top)):
        series = whole.series if isinstance(whole, (Nth, Top)) else whole
        cut = _cut(series, _flat(parts))
        return cut if isinstance(whole, Each) else replace(whole, series=cut)
    if isinstance(whole, Named) and _is_one_thing(whole):
        return _cut(whole, _flat(parts))
    if not isinstance(whole, AMOUNTS) or isinstance(whole, (Ratio, Change)):
        return None
    return Less(filled(whole, _context(parts)), tuple(filled(one, _context(whole)) for one in _flat(parts)))


def _is_of_a_unit(series: Any) -> bool:
    """Whether a series is of one budget unit, which is then what is left out, and no series."""
    return isinstance(series, Each) and series.of.item is not None and series.of.item.affiliate is not None


def _cut(series: Any, parts: tuple[Any, ...]) -> Any:
    """A series without some members; where its members are one thing of several agencies or years, each without some of its parts."""
    if (isinstance(series, Named) and _is_one_thing(series)) or (isinstance(series, Each) and series.over in ("agencies", "years")):
        return By(series, Less(Hole(), parts))
    return Less(series, tuple(filled(one, _context(series)) for one in parts))


def _is_one_thing(series: Named) -> bool:
    """Whether the members differ only in whose and when they are."""
    return len({one.item if isinstance(one, Pick) else one for one in series.members}) == 1


def holds(slots: Slots) -> Any:
    of, said = slots["of"], slots.quantities()
    plain = not slots.has("SUM", "SHARE", "LEFT", "OVER", "UNDER")
    if isinstance(of, Named) and len(said) == len(of.members) > 1 and plain and _listed(slots):
        each = tuple(Holds(one, "is", quantity) for one, quantity in zip(of.members, said, strict=True) if isinstance(one, Pick))
        return All(each) if len(each) == len(said) else None  # 货物、工程、服务分别是97万、103万、270万
    if len({one.unit for one in said}) < len(said) or sum(one.unit in MONEY_UNITS for one in said) > 1:
        return None
    if slots.has("SHARE") and said[0].unit not in MONEY_UNITS:
        return None  # 占三成: of something; 货物占1303万元 is an amount
    if len(said) > 1 and not _stand_together(slots) and not _number_and_cost(of, said):
        return None  # 有11台车，10台是机要用车: of two things
    if any(one.unit == "倍" for one in said) and not isinstance(of, Ratio):
        return None  # 是上年的三倍: no amount
    if any(one.counter for parsed in slots.parsed.values() for one in parsed.ignored):
        return None  # 50万元以上的设备有几台: it asks
    quantity = said[0]
    if slots.has("LEFT") and not isinstance(of, Less):
        return None  # 其余都是…: of what is left
    if isinstance(of, Named) and slots.has("EACH") and not slots.has("SUM") and len(said) == 1:
        return All(tuple(Holds(one, "is", quantity) for one in of.members)) if all(isinstance(one, AMOUNTS) for one in of.members) else None
    if of is None and slots.has("SUM"):
        of = Sum((Pick(),))  # 三项合计60万: of what was claimed before
    if isinstance(of, Named) and slots.has("SUM"):
        of = Sum(of.members)
    if isinstance(of, (Sum, Top, Nth)) and quantity.unit in COUNTS:
        return None  # 2项合计: how many are named, no amount
    if isinstance(of, SERIES) and not isinstance(of, Named) and not slots.has("SUM"):
        many = _how_many(of) if quantity.unit in counters() else None
        return Holds(many, "is", quantity) if many is not None else None
    of = _amount(of)
    if of is None or isinstance(of, Named):
        return None
    if isinstance(of, Change) or (isinstance(of, Ratio) and quantity.unit not in ("%", "倍") and of.form != "each"):
        return None
    counted = all(one.unit not in ("", "%", *MONEY_UNITS) for one in said) or _number_and_cost(of, said)
    if len(said) > 1 and not (isinstance(of, Pick) and counted):
        return None
    if slots.has("HOWMUCH") and not isinstance(of, Sum):
        return of  # 一亿八上下，准数是多少: the figure is asked for, what is said of it is hearsay
    relation: Relation = "over" if slots.has("OVER") else "under" if slots.has("UNDER") else "is"
    truths = tuple(Holds(of, relation, one) for one in said)
    return _all(truths)


def _number_and_cost(of: Any, said: list[Quantity]) -> bool:
    """Whether vehicles are counted, and then what they cost is said: 11辆公车一年30万."""
    item = of.item.item if isinstance(of, Pick) and of.item is not None else None
    return item in (VEHICLES, *CARS) and len(said) == 2 and counted_by().get(said[0].unit) == "vehicles" and said[1].unit in MONEY_UNITS


def _listed(slots: Slots) -> bool:
    """Whether quantities of one kind stand one beside the other, as a list: 97万、103万和270万."""
    said = [one for one in slots.used if one.quantity is not None]
    kinds = {"" if one.quantity.unit in MONEY_UNITS else one.quantity.unit for one in said if one.quantity is not None}
    return len(kinds) == 1 and all(after.start - before.end <= 1 for before, after in pairwise(said))


def to_be_got(slots: Slots) -> Any:
    """打算买7辆车、花126万: how many are to be got, and what vehicles are to cost."""
    of, said = slots["of"] or Pick(), slots.quantities()
    many, cost = [one for one in said if one.unit in counters()], [one for one in said if one.unit in MONEY_UNITS]
    if not isinstance(of, Pick) or len(many) != 1 or len(cost) > 1 or len(many) + len(cost) < len(said):
        return None
    vehicles = counted_by().get(many[0].unit) == "vehicles"
    if cost and not vehicles:
        return None
    got = Told("number", of, tuple(slots.set["newly"]), counter=many[0].unit)
    truths = (Holds(got, "is", many[0]), *(Holds(replace(of, item=BOUGHT_CARS), "is", one) for one in cost))
    return _all(truths)


def of_these(slots: Slots) -> Any:
    """102辆车里有11辆是机要通信用车: how many there are of all, and of a kind."""
    of, said = slots["of"], slots.quantities()
    if not isinstance(of, Pick) or of.item is None or len(said) != 2 or said[0].unit != said[1].unit or said[0].unit not in counters():
        return None
    return All((Holds(replace(of, item=None), "is", said[0]), Holds(of, "is", said[1])))


def _stand_together(slots: Slots) -> bool:
    """Whether no thing stands between the quantities: 2辆、3台."""
    said = [one for one in slots.used if one.quantity is not None]
    return all(after.start - before.end <= NEXT_TO for before, after in pairwise(said))


def equal_to(slots: Slots) -> Any:
    """轧差正好等于总支出增加的10万元: two amounts are equal, and what is claimed of either holds."""
    quantity = slots.quantity()
    left = slots["left"]
    if isinstance(left, Named):
        apart = difference_of(replace(slots, values={"pair": left})) if slots.has("DIFF") else None
        left = Sum(left.members) if slots.has("SUM") else apart
    left = _amount(left) if left is not None or slots["left"] is None else None
    right = slots["right"] if isinstance(slots["right"], Turned) else _amount(slots["right"])
    if quantity is None or left is None or right is None or isinstance(left, Named) or isinstance(right, Named):
        return None
    if isinstance(right, Pick) and right.item is None and right.agency is None:
        return None  # 会议费=2万元，2026年: the amount itself is claimed
    if left == Pick():
        left = Minus(Pick(), Pick()) if slots.has("DIFF") else Sum((Pick(),)) if slots.has("SUM") else left
    if isinstance(right, Turned):
        direction = right.direction
        right = Change(right.of, right.since, "amount", direction)
        return All((Same(left, right), Holds(right, "down" if direction == "down" else "up", quantity)))
    left, right = _beside(left, right)
    return All((Same(left, right), Holds(right, "is", quantity)))


def accounts(slots: Slots) -> Any:
    """出国2万＋公车3万＋接待4万＝三公9万: each of the amounts, and that those before the word make up that behind it."""
    split = next(one.start for one in slots.used if "EQUAL" in one.cues)
    said = [(one.start > split, one.quantity) for one in slots.used if one.quantity is not None]
    parts, whole = _flat(slots["left"]), slots["right"]
    before, behind = [one for last, one in said if not last], [one for last, one in said if last]
    if not isinstance(whole, Pick) or whole.item is None or len(before) != len(parts) or len(parts) < 2 or len(behind) > 1:
        return None
    if not all(isinstance(one, Pick) and one.item is not None for one in parts):
        return None
    total, whole = _beside(Sum(tuple(filled(one, _context(parts[0])) for one in parts)), whole)
    claims = (Holds(one, "is", quantity) for one, quantity in zip((*total.parts, whole), (*before, *behind), strict=False))
    return All((*claims, Same(total, whole)))


def absent(slots: Slots) -> Any:
    if isinstance(slots["of"], Each) and slots["of"].over == "units" and slots["of"].of.item is None and not slots.has("LISTQ", "WHICH"):
        return Exists(slots["of"], absent=True)  # 没有下属单位
    if isinstance(slots["of"], Each) and slots["of"].over in ("agencies", "units"):
        return Where(slots["of"], "is", Quantity(Decimal(0), "元"))  # which of them has none of it
    if slots.has("LISTQ", "WHICH"):
        asks_who = any("ALLAG" in one.cues for one in slots.used)  # 为零的是哪家: the series is the agencies
        series = _series(slots["of"]) if not asks_who else None
        return Where(series, "is", Quantity(Decimal(0), "元")) if series is not None else None
    of, said = _amount(slots["of"]), slots.quantity()
    if slots.has("NOTBOUGHT") and isinstance(of, Pick) and of.item is not None and CARS[0] in PARTS_OF.get(of.item.item or "", ()):
        of = replace(of, item=BOUGHT_CARS)  # 公车没买: what they cost beside that is not denied
    if said is not None and slots.has("NOTBOUGHT"):  # 一辆车都没买: of all that there are nothing is said
        of = replace(of, item=BOUGHT_CARS) if isinstance(of, Pick) and of.item is None and counted_by().get(said.unit) == "vehicles" else of
        return Exists(of, absent=True) if isinstance(of, Pick) and of.item is not None and _is_one(slots) else None
    if said is not None:  # 一辆公车都没有
        return Holds(of, "is", replace(said, number=Decimal(0))) if isinstance(of, Pick) and of != Pick() and _is_one(slots) else None
    return Exists(of, absent=True) if isinstance(of, (Pick, Named)) and of != Pick() else None


def _is_one(slots: Slots) -> bool:
    """Whether one, and nothing else, is said right before what there is none of: 一辆都没有."""
    said = [one for one in slots.used if one.quantity is not None]
    one = said[0].quantity if len(said) == 1 else None
    denied = next((other.start for other in slots.used if "ABSENT" in other.cues), 0)
    plain = not said[0].text[0].isdigit() if said else False
    return one is not None and one.number == 1 and counted_by().get(one.unit) != "points" and (plain or denied > said[0].end)


def exists(slots: Slots) -> Any:
    of = _amount(slots["of"])
    return Exists(of) if isinstance(of, Pick) and of != Pick() else None


def where(slots: Slots) -> Any:
    series, said = slots["series"], next((one for one in slots.used if one.quantity is not None), None)
    if isinstance(series, Pick) and slots.has("LISTQ", "WHICH"):
        series = Each(series, "parts")
    if not isinstance(series, SERIES) or said is None or said.quantity is None:
        return None
    relation = "over" if slots.has("OVER") else "under" if slots.has("UNDER") else bound(said.text)
    if relation is None:
        return None
    found = Where(series, relation, replace(said.quantity, rounded=None))
    return Count(found) if any(one.counter is not None for one in slots.used) else found


def overspent(slots: Slots) -> Any:
    if slots.has("WHICH", "LISTQ") and (series := _series(slots["of"])) is not None:
        more = Change(Hole(), Pick(kind="budget"), "amount")
        return Where(By(_with_kind(series, "final"), more), "over", Quantity(Decimal(0), "元"))
    of = _amount(slots["of"])
    if not isinstance(of, Pick):
        return None
    return Minus(replace(of, kind="final"), replace(of, kind="budget"))


def unspent(slots: Slots) -> Any:
    of = _amount(slots["of"])
    if not isinstance(of, Pick):
        return None
    if of.item is not None and is_fund(of.item):  # 财政拨款没花完: what was paid of it
        of = replace(of, item=replace(SPENDING, said=of.item.said, fund=of.item.fund))
    return Minus(_with_kind(of, "budget"), _with_kind(of, "final"), signed=True)


def members(slots: Slots) -> Any:
    series = slots["series"]
    if isinstance(series, Pick) and series.item is not None:
        spent = tuple(word for word, does in cues().items() if "SPENTON" in does)
        if is_fund(series.item) and any(one.text.startswith(spent) for one in slots.used):
            item = replace(SPENDING, said=series.item.said, fund=series.item.fund)
            return Each(replace(series, item=item), "projects")  # 国有资本经营预算花在哪: what the fund pays
        slots.extra += 0.1
        return Each(series, "parts")
    return series if isinstance(series, (Each, Top, Where, Named)) else None


def each(slots: Slots) -> Any:
    value = slots["list"]
    if isinstance(value, Pick) and value.item is not None and value.item.item in PARTS_OF:
        return Each(value, "parts")
    return value if isinstance(value, (Named, Each)) else None


def _how_many(series: Any, terms: tuple[str, ...] = ()) -> Any:
    """How many members a series has, where tables or prose tell it."""
    if isinstance(series, Each) and series.over in ("offices", "units"):
        return Told("number", series.of, (*COUNTED[series.over], *terms), counter="个")
    if isinstance(series, Pick) and (item := series.item) is not None and item.under is None and item.item not in PORTION_OF:
        return Count(Each(series, "projects")) if CATEGORY.match(item.item or "") else None  # 特定目标类有几项
    if isinstance(series, (Top, Where)) or (isinstance(series, Each) and series.over in ("projects", "goods", "years")):
        return Count(series)
    return None


COUNTED = {"offices": ("内设机构",), "units": ("预算单位",)}


def count(slots: Slots) -> Any:
    counted = slots["counted"]
    counter = next(iter(slots.counters()), None)
    if isinstance(counted, Each) and counted.over == "units" and counted.named is not None:
        return counted  # 有几座监狱: those of that name are listed; whether all of a kind bear it is not known
    if isinstance(counted, Each) and counted.over == "units" and counter not in ("家", "个", None):
        counted = counted.of
    if isinstance(counted, Each) and counted.over in COUNTED:
        terms = slots.terms()
        return _how_many(counted, terms if counted.over == "offices" else ())
    if (found := _how_many(counted)) is not None and (not isinstance(counted, Pick) or counter in COUNTS | {"条", "笔"}):
        return found
    if isinstance(counted, Named) and slots.has("EACH") and (picked := _picked(counted)) is not None:
        return Both(tuple(Told("number", one, counter=counter) for one in picked))  # 行政、事业各几个
    about = counted if isinstance(counted, Pick) else Pick() if counted is None else None
    if about is None or (not counter and slots.has("SUM") and not _names_what_is_counted(slots)):
        return None  # 总共送出去多少: how much
    added = tuple(one.text for one in slots.used if "UP" in one.cues)  # 新增几辆: not how many there are
    added = (*added, *(slots.set["newly"] if slots.has("NEWLY") else ()))  # 再添几台
    told = Told("number", about, (*slots.terms(), *added), counter=counter)
    asked = tuple(dict.fromkeys(slots.counters()))
    if len(slots.counters()) > len(asked) and told.terms and about.item is not None:
        return None  # 车有几台，设备又有几台: each of its own
    return told if len(asked) < 2 else Both(tuple(replace(told, counter=one) for one in asked))  # 几批次多少人次


def _names_what_is_counted(slots: Slots) -> bool:
    """Whether something stands behind the word that asks how many (一共多少老师)."""
    asked = next((one.end for one in slots.used if one.counter is not None), 0)
    return any(one.start >= asked for parsed in slots.parsed.values() for one in parsed.unread)


def _picked(value: Any) -> list[Pick] | None:
    """The members of a list, or a single one, where all are picks."""
    members = value.members if isinstance(value, Named) else (value,)
    picked = [one for one in members if isinstance(one, Pick)]
    return picked if len(picked) == len(members) else None


def _latest_of(two: Named) -> Pick | None:
    """The one of the latest year, where all members are one thing in several years."""
    members = [one for one in two.members if isinstance(one, Pick) and one.year is not None]
    now = [one for one in two.members if isinstance(one, Pick) and one.year is None and (one.earlier or 0) == 0]
    if not members and len(now) == 1 and all(isinstance(one, Pick) and one.agency == now[0].agency for one in two.members):
        given = now[0].item or next((one.item for one in two.members if isinstance(one, Pick) and one.item is not None), None)
        return replace(now[0], item=given)  # 去年没有，今年忽然有了: of this year
    if len(members) < len(two.members) or len({replace(one, year=None, item=None) for one in members}) > 1:
        return None
    things = {one.item for one in members if one.item is not None} or {None}  # 今年的钱怎么比去年多: all of it
    return replace(max(members, key=lambda one: one.year or 0), item=things.pop()) if len(things) == 1 else None


def vacant(slots: Slots) -> Any:
    """The posts approved less the persons who hold them."""
    of = slots["of"] or Pick()
    names, posts, held, beside = (slots.set[one] for one in ("terms", "posts", "held", "beside"))
    if not (picked := _picked(of)):
        return None
    counted = [one.item.said for one in picked if one.item is not None]
    counted += [one.text for one in slots.used if one.counter is not None and re.fullmatch(held, one.text)]  # 实际|人数
    unread = "".join(one.text for parsed in slots.parsed.values() for one in parsed.unread)
    if any(re.fullmatch(f"(?:{posts}|{held})+", one) is None for one in counted):
        return None
    of, said = replace(picked[0], item=None), " ".join((unread, *counted))
    asked = [one for one in slots.used if one.text not in counted and (one.counter is not None or "HOWMUCH" in one.cues)]
    both = re.search(posts, said) is not None and re.search(held, re.sub(posts, "", said)) is not None
    if not both and (len(asked) > 1 or not slots.has("VACANT")):
        return None
    if re.fullmatch(f"(?:{posts}|{held}|{beside})+", unread):
        slots.terms()  # read by what they stand for
    approved, taken = (Told("number", replace(of, item=Item(name, name, (name,), counter="人")), counter="人") for name in names)
    return Minus(approved, taken)


def _told(what: What) -> Callable[[Slots], Any]:
    def make(slots: Slots) -> Any:
        if what == "reason" and slots.has("HOWMUCH", "PERCENTQ") and slots.has("UP", "DOWN", "CHG", "MORE", "FEWER"):
            return None  # 少了多少，为什么: two questions
        if what == "reason" and slots.direction() is None and all("DEFINE" in one.cues for one in slots.used if "WHY" in one.cues):
            slots.extra += 1.2  # 怎么解释机关运行经费: what it means
        about, terms = slots["about"] or Pick(), slots.terms()
        named = about.named if isinstance(about, Each) else None
        if what == "units" and slots.has("EACH") and slots.parsed["about"].asks and isinstance(about, Pick):
            return Each(about, "units", below=True)  # 都叫什么，各拿多少
        if isinstance(about, Each):
            slots.extra += 0.7 if about.over == "parts" else 0.0  # 由哪些构成 would say nothing
            about = about.of
        if isinstance(about, Named) and what == "reason" and (later := _latest_of(about)) is not None:
            about = later  # 2017年为什么比2016年多: of the later year
        if isinstance(about, Named) and what in ("reason", "definition", "purpose") and (picked := _picked(about)) is not None:
            return Named(tuple(Told(what, one, terms, slots.direction()) for one in picked))
        if isinstance(about, (Change, Turned)):
            about = about.of
        if isinstance(about, (Nth, Ratio, Minus, Sum)):
            return None
        if what == "units" and named is not None and isinstance(about, Pick):
            return Each(replace(about, item=None), "units", named)  # 哪几个中心
        if what == "units" and slots.has("EXCEPT", "OUTSIDE") and any(one.item is not None for one in picks(about)):
            return None  # 撇开甲中心，哪家: without what is named
        if what == "units" and isinstance(about, Pick) and slots.has("OWNLEVEL") and slots.has("EXCEPT", "OUTSIDE"):
            return Each(replace(about, item=None), "units", below=True)  # 局机关除外
        if what == "units" and any(one.cues & {"MOST", "LEAST"} for one in slots.parsed["about"].ignored):
            return None  # 哪家最多: no list
        if what in ("units", "offices"):
            terms = () if named is None else (named,)
        return Told(what, about, terms, slots.direction()) if isinstance(about, Pick) else None

    return make


def withheld(slots: Slots) -> Any:
    """Why something is not made public; what is told in prose (职责, 机构) is looked for by its word."""
    why = _told("withheld")(slots)
    words = tuple(one.text for one in slots.used if one.cues & {"DUTY", "OFFICES", "UNITS", "PROJECTS"})
    return replace(why, terms=(*words, *why.terms)) if isinstance(why, Told) else None


def target(slots: Slots) -> Any:
    """The value that a goal of a project sets: of what is said beside the project."""
    counter = next(iter(slots.counters()), None)
    goal = _told("goal")(slots)
    if not isinstance(goal, Told) or not (goal.terms or goal.about.item):
        return None
    return replace(goal, counter="%" if slots.has("PERCENTQ") else counter, direction=None)


def listing(slots: Slots) -> Any:
    """A list of things that only prose names."""
    about = slots["about"]
    terms = slots.terms()
    if not terms or not (about is None or isinstance(about, Pick)) or (isinstance(about, Pick) and about.item is not None):
        return None
    return Told("listing", about or Pick(), terms)


def passage(slots: Slots) -> Any:
    """The printed words about something; of how many of something there are, those beside a number of them."""
    told = _told("passage")(slots)
    counter = next(iter(slots.counters()), None)
    return replace(told, counter=counter) if isinstance(told, Told) else told


def manner(slots: Slots) -> Any:
    """How something is done that is no printed item: what the prose says of it."""
    told = _told("passage")(slots)
    return told if isinstance(told, Told) and told.terms and told.about.item is None else None


def purpose(slots: Slots) -> Any:
    """What a thing is for; of an agency alone, what it does."""
    told = _told("purpose")(slots)
    if isinstance(told, Told) and isinstance(changed := slots["about"], (Change, Turned)):
        return replace(told, what="reason", direction=changed.direction)  # 比去年多一千多万，钱干嘛去了
    if isinstance(told, Told) and told.about.item is None and not told.terms and told.about.agency is not None:
        return replace(told, what="duties")
    if isinstance(told, Told) and told.about.item is not None and told.about.item.item in ALL_BOUGHT:
        return Each(told.about, "goods")  # 采购货物都买了些啥
    return told


_IN_PROSE: tuple[What, ...] = ("reason", "duties", "definition", "units", "offices")
_OWN = [one for name, one in globals().items() if isfunction(one) and one.__module__ == __name__ and not name.startswith("_")]
BUILDERS: dict[str, Callable[[Slots], Any]] = {
    **{made.__name__.removesuffix("_"): made for made in _OWN},
    **{what: _told(what) for what in _IN_PROSE},
    "where_published": _told("place"),
}
"""What rules may name: every function of this module without an underscore before it, and what the prose tells of a thing."""

__all__ = ["BUILDERS", "SPENDING", "Slots"]

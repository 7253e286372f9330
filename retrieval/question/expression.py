"""The expression: everything that can be asked, as a typed tree of frozen values.

A question, a follow-up, one claim of a pasted text and what a model proposes are all expressions; everything after them is
shared. A node holds what was asked, never what was found. Types: an *amount* is one number, a *series* several named amounts,
a *truth* a verdict, *words* are told from the prose. Terms: docs/glossary.md.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import MISSING, dataclass, fields, is_dataclass, replace
from decimal import Decimal
from typing import Any, Literal, get_args

from store.values import Classification, Flow, Fund, Kind, Measure, Portion

Over = Literal["parts", "projects", "units", "agencies", "years", "kinds", "sections", "items", "goods", "offices", "rows"]
"""What a series ranges over: the direct parts of a whole · projects · budget units (预算单位) · agencies · years · 预算 and 决算 ·
functional classes · economic items · things bought · offices inside · all rows that bear the item's name."""

Order = Literal["most", "least"]
Direction = Literal["up", "down", "same"]
"""Which way an amount moved."""
Form = Literal["amount", "rate", "both"]
"""How a change is wanted: in 元, in percent, or both."""

Relation = Literal["is", "about", "over", "under", "at_least", "at_most", "up", "down", "same"]
"""How a claimed quantity relates to a figure. up/down: a change by that much in that direction."""

Rounded = Literal["about", "more", "nearly", "little", "around", "over", "under"]
"""How rough a number is: 约, 多, 近, 出头, 来."""

What = Literal[
    "reason", "purpose", "duties", "units", "offices", "definition", "goal", "listing", "number", "amount", "passage", "place", "withheld",
]  # fmt: skip
"""What is told from prose: why · what for · duties · budget units · offices inside · what a term means · targets · a list ·
a count or an amount that only prose gives · whatever is said of it · where it is published ·
why it is not made public."""


@dataclass(frozen=True, slots=True)
class Item:
    """What a figure is *of*, with what narrows it. None means: not said."""

    said: str  # the words of the question, folded
    item: str | None = None  # canonical name, as in Meaning.item
    names: tuple[str, ...] = ()  # every canonical name that it may be published under, best first
    code: str | None = None  # classification code, 类款项 joined
    flow: Flow | None = None
    fund: Fund | None = None
    portion: Portion | None = None
    classification: Classification | None = None
    measure: Measure | None = None
    table: str | None = None  # words of the table's title or number, where one is named
    under: str | None = None  # a parent item that it stands under
    affiliate: str | None = None  # a budget unit printed as a row
    parts: tuple[Item, ...] = ()  # of a word for several things, which are added (五险一金)
    counter: str | None = None  # what is counted by (辆, 人), where a number of things is meant
    figure: str | None = None  # the printed cell itself, where one was pointed at; elsewhere the rest of the item says what it is


@dataclass(frozen=True, slots=True)
class Pick:
    """A printed figure: of what, whose, when. Amount."""

    item: Item | None = None
    agency: str | None = None  # agency_id
    year: int | None = None  # the year that the figure is about
    earlier: int | None = None  # the same, counted back from the latest published (去年: 1)
    kind: Kind | None = None
    published: int | None = None  # the year of the disclosure that is named, where its column of another year is meant
    there: tuple[str, ...] = ()  # the agencies at a place, where only that is said


@dataclass(frozen=True, slots=True)
class Hole:
    """Each member of a series, inside an expression that is made of every one of them."""


@dataclass(frozen=True, slots=True)
class Sum:
    """Amounts added; of a series, all its members. Amount."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Minus:
    """One amount less another: how far they are apart, left first. Amount."""

    left: Expression
    right: Expression
    signed: bool = False  # a subtraction that was asked for as such (甲减乙), rather than a distance


@dataclass(frozen=True, slots=True)
class Less:
    """A whole without some of its parts (不算…, 除了…还剩). Amount, or series of all but these."""

    whole: Expression
    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Ratio:
    """Part ÷ whole: in percent, in times, or for each of a number of things. Amount."""

    part: Expression
    whole: Expression | None  # None: what the part is a part of (its parent, else the total)
    form: Literal["percent", "times", "each"] = "percent"


@dataclass(frozen=True, slots=True)
class Change:
    """How an amount changed since an earlier one (None: the year before). Amount."""

    of: Expression
    since: Expression | None = None
    form: Form = "both"
    direction: Literal["up", "down", "same"] | None = None  # as asked


@dataclass(frozen=True, slots=True)
class Mean:
    """The mean of a series. Amount."""

    of: Expression


@dataclass(frozen=True, slots=True)
class Each:
    """The members of something, each with its amount. Series."""

    of: Pick
    over: Over
    named: str | None = None  # only those whose name holds this (三个中心, 各高中)
    below: bool = False  # only the units below the agency, not its own level (下属单位)
    number: int | None = None  # how many of them there are said to be


@dataclass(frozen=True, slots=True)
class Named:
    """Amounts that are named one by one. Series."""

    members: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class By:
    """What is computed of each member: `function` holds a Hole. Series."""

    series: Expression
    function: Expression


@dataclass(frozen=True, slots=True)
class Where:
    """The members for which a bound (元 or the unit) holds. Series."""

    series: Expression
    relation: Relation
    than: Quantity


@dataclass(frozen=True, slots=True)
class Top:
    """The first `count` of a series in order (None: all, in order). Series."""

    series: Expression
    order: Order = "most"
    count: int | None = None


@dataclass(frozen=True, slots=True)
class Nth:
    """One of a series by its place in order: who it is, and its amount. Amount."""

    series: Expression
    order: Order = "most"
    place: int = 1
    after: Expression | None = None  # counted behind this member (仅次于…)


@dataclass(frozen=True, slots=True)
class Place:
    """Which place one takes in a series. Amount (a count)."""

    series: Expression
    member: Expression


@dataclass(frozen=True, slots=True)
class Count:
    """How many members a series has. Amount (a count)."""

    series: Expression


@dataclass(frozen=True, slots=True)
class Quantity:
    """A number in a unit, as said: 43.5 万元, 12 %, 5 辆."""

    number: Decimal
    unit: str
    rounded: Rounded | None = None


@dataclass(frozen=True, slots=True)
class Holds:
    """Whether an amount stands in a relation to a claimed quantity. Truth."""

    of: Expression
    relation: Relation
    quantity: Quantity


@dataclass(frozen=True, slots=True)
class Same:
    """Whether two amounts are equal, or the first is more or less than the second. Truth."""

    left: Expression
    right: Expression
    relation: Literal["same", "more", "less"] = "same"


@dataclass(frozen=True, slots=True)
class Turned:
    """Whether an amount rose, fell or stayed. Truth."""

    of: Expression
    direction: Literal["up", "down", "same"]
    since: Expression | None = None


@dataclass(frozen=True, slots=True)
class Exists:
    """Whether there is any of it (a blank or a printed zero: no). Truth."""

    of: Expression
    absent: bool = False


@dataclass(frozen=True, slots=True)
class All:
    """Several truths together: refuted if one is. Truth."""

    parts: tuple[Expression, ...]


@dataclass(frozen=True, slots=True)
class Told:
    """Words of the prose about something. Words."""

    what: What
    about: Pick
    terms: tuple[str, ...] = ()  # content words of the question, for the search
    direction: Literal["up", "down", "same"] | None = None
    counter: str | None = None


@dataclass(frozen=True, slots=True)
class Quote:
    """Printed sentences that were pointed at. Words; with `number`, the amount that stands in the one sentence at that place."""

    spans: tuple[tuple[str, int, int], ...]  # passage_id, start and end in plain offsets
    agency: str | None = None
    number: int | None = None  # 1 for the first


@dataclass(frozen=True, slots=True)
class Both:
    """Several questions in one, answered one after the other."""

    parts: tuple[Expression, ...]


Expression = (
    Pick | Hole | Sum | Minus | Less | Ratio | Change | Mean | Each | Named | By | Where | Top | Nth | Place | Count | Holds | Same | Turned
    | Exists | All | Told | Quote | Both
)  # fmt: skip
NODES: tuple[type[Any], ...] = get_args(Expression)
AMOUNTS = (Pick, Sum, Minus, Less, Ratio, Change, Mean, Nth, Place, Count)
SERIES = (Each, Named, By, Where, Top)
TRUTHS = (Holds, Same, Turned, Exists, All)
COMPOSED = (Sum, Minus, Less, Ratio, Change, Mean, Nth, Place, Count, Same, Turned, By, Top, Where)
"""Nodes that are computed of several figures: these are put forward only when surely read."""


def children(node: object) -> Iterator[Any]:
    """The nodes right under this one."""
    for one in fields(node):  # type: ignore[arg-type]
        value = getattr(node, one.name)
        if isinstance(value, NODES):
            yield value
        elif isinstance(value, tuple):
            yield from (inner for inner in value if isinstance(inner, NODES))


def walk(node: Any) -> Iterator[Any]:
    """The node and all under it, outermost first."""
    yield node
    for child in children(node):
        yield from walk(child)


def picks(node: Any) -> tuple[Pick, ...]:
    """All picks in the tree, in order."""
    return tuple(one for one in walk(node) if isinstance(one, Pick)) if node is not None else ()


def rebuilt(node: Any, change: Callable[[Any], Any]) -> Any:
    """The tree with `change` applied to every node, innermost first."""
    if not is_dataclass(node) or isinstance(node, type):
        return node
    altered: dict[str, Any] = {}
    for one in fields(node):
        value = getattr(node, one.name)
        each = value if isinstance(value, tuple) else (value,)
        if any(isinstance(inner, NODES) for inner in each):
            new = tuple(rebuilt(inner, change) if isinstance(inner, NODES) else inner for inner in each)
            altered[one.name] = new if isinstance(value, tuple) else new[0]
    return change(replace(node, **altered) if altered else node)


def filled(node: Any, give: Pick) -> Any:
    """The tree with what its picks leave open taken from `give` (agency, year, kind, item); a series of all agencies stays of all."""

    def fill(one: Any) -> Any:
        if isinstance(one, Each) and one.over == "agencies" and one.of.agency == give.agency:
            return replace(one, of=replace(one.of, agency=None))
        return filled_pick(one, give) if isinstance(one, Pick) else one

    return rebuilt(node, fill)


def filled_item(one: Item | None, give: Item | None) -> Item | None:
    """An item that only says a unit, a table or a fund is one of what is given; else itself."""
    if one is None or give is None:
        return one if one is not None else give
    named = one.names and not (one.affiliate or one.table or one.fund or one.under)
    if one.item is not None or one.code is not None or one.parts or named or (give.item is None and give.code is None):
        return one
    return replace(
        give,
        said=one.said + give.said,
        affiliate=one.affiliate or give.affiliate,
        table=one.table or give.table,
        fund=one.fund or give.fund,
    )


def filled_pick(one: Pick, give: Pick) -> Pick:
    """The pick with what it leaves open taken from `give`."""
    dated = one.year is not None or one.earlier is not None
    return Pick(
        filled_item(one.item, give.item),
        one.agency if one.agency is not None else give.agency,
        one.year if dated else give.year,
        one.earlier if dated else give.earlier,
        one.kind if one.kind is not None else give.kind,
        one.published if dated else give.published,
        one.there if one.agency is not None or one.there else give.there,
    )


def as_json(value: Any) -> Any:
    """The value ready for json: nodes as objects, Decimals as strings, tuples as lists, also inside dictionaries."""
    if isinstance(value, (*NODES, Item, Quantity)):
        found: dict[str, Any] = {"node": type(value).__name__.lower()}
        for one in fields(value):
            inner = getattr(value, one.name)
            if one.default is MISSING or inner != one.default:
                found[one.name] = as_json(inner)
        return found
    if isinstance(value, Decimal):
        return f"{value:f}"
    if isinstance(value, dict):
        return {str(key): as_json(inner) for key, inner in value.items()}
    return [as_json(inner) for inner in value] if isinstance(value, (list, tuple)) else value

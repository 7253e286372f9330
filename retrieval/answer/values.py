"""What an expression evaluates to: amounts, listings, verdicts, words — each with its evidence — or what was missing."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING, Any, Literal, TypeVar

from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick
from store.money import MONEY_UNITS

if TYPE_CHECKING:
    from retrieval.answer.answer import Citation, Step, Value, Verdict
    from retrieval.figures.cells import Reading
    from retrieval.figures.places import Place

Why = Literal[
    "which_agency",  # nobody was named, and several are here
    "unknown_year",
    "unknown_item",
    "nothing_asked",
    "no_earlier",
    "no_base",
    "no_members",
    "contained",
    "mixed_units",
    "no_words",
    "none_moved",  # nothing went the way that was asked for
    "insane",  # a part larger than its whole, and the like
]


@dataclass(frozen=True, slots=True)
class Amount:
    """One number with what it is made of. `number` is 元 for money, percent, times, or a count."""

    number: Decimal
    value: Value
    readings: tuple[Reading, ...]
    label: str  # what it is of
    place: Place | None = None
    item: Item | None = None
    steps: tuple[Step, ...] = ()
    parts: tuple[tuple[str, Value], ...] = ()  # what it was computed of, in order
    cited: tuple[Citation, ...] = ()
    others: tuple[Reading, ...] = ()  # further readings of the same words
    direction: Literal["up", "down", "same"] | None = None
    beside: tuple[Value, ...] = ()  # what belongs beside it: the rate of a change, the amount of a rate
    text: str = ""  # a sentence of its own, where evidence brings one
    who: str = ""  # whose, in words

    @property
    def is_money(self) -> bool:
        return self.value.unit in MONEY_UNITS

    @property
    def is_plain(self) -> bool:
        """Whether it is one printed figure."""
        return len(self.readings) == 1 and not self.steps

    @property
    def figures(self) -> frozenset[str]:
        """The ids of the cells and statements behind it."""
        return frozenset(one.figure_id for reading in self.readings for one in (*reading.cells, reading.stated) if one is not None)

    @property
    def decimals(self) -> int:
        """How many digits behind the point are shown."""
        exponent = self.value.amount.as_tuple().exponent
        return -exponent if isinstance(exponent, int) and exponent < 0 else 0


@dataclass(frozen=True, slots=True)
class Listing:
    """A series: its members in order, each with its name."""

    members: tuple[tuple[str, Amount], ...]
    label: str
    place: Place | None = None
    over: str = ""
    words: str = ""
    compared: tuple[Amount, ...] = ()  # what was looked at where none of it is a member


@dataclass(frozen=True, slots=True)
class Judged:
    """A truth: the verdict (None: only a part of it could be checked), and the amounts that decide it."""

    verdict: Verdict | None
    fact: str
    amounts: tuple[Amount, ...] = ()
    values: tuple[Value, ...] = ()


@dataclass(frozen=True, slots=True)
class Words:
    """Printed words, quoted."""

    text: str
    cited: tuple[Citation, ...]
    values: tuple[Value, ...] = ()
    score: float = 1.0
    general_knowledge: bool = False
    verdict: Verdict | None = None


@dataclass(frozen=True, slots=True)
class Missing:
    """Nothing can be said, and why; `found` are parts that were found all the same."""

    why: Why
    pick: Pick | None = None
    named: str = ""
    found: tuple[Any, ...] = ()


Result = Amount | Listing | Judged | Words | Missing
_Found = TypeVar("_Found")


class Instead(Exception):
    """What stands for the value of a node that is made of others: why one of them is missing, or words in its place."""

    def __init__(self, result: Result) -> None:
        super().__init__()
        self.result = result


def sure(found: _Found | Missing) -> _Found:
    """What was found. Raises Instead where it is missing."""
    if isinstance(found, Missing):
        raise Instead(found)
    return found


def counted(value: Result, node: object) -> Result:
    """A number that the prose gives, as an amount that can be reckoned with."""
    if not isinstance(value, Words) or not value.values or not isinstance(node, q.Told):
        return value
    number = value.values[0]
    name = "".join(term.removesuffix("的") for term in node.terms) or (node.about.item.said if node.about.item is not None else number.unit)
    return Amount(number.amount * MONEY_UNITS.get(number.unit, Decimal(1)), number, (), name, cited=value.cited)

"""What a rule hands to its builder: the words that it used and what they say, and the types that slots may have."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import pairwise
from typing import TYPE_CHECKING, Any

from retrieval.question import expression as q
from retrieval.words.grammar import load

if TYPE_CHECKING:
    from retrieval.language.segments import Parsed, Segment

MULTIPLE = "倍"
ZERO = q.Quantity(Decimal(0), "元")


@dataclass
class Slots:
    """What a rule hands to its builder, beside what stands in its slots."""

    used: Sequence[Segment]
    set: Mapping[str, Any]
    parsed: Mapping[str, Parsed]
    segments: Sequence[Segment]  # of the whole clause
    extra: float = 0.0  # what the builder finds unlikely
    takes_unread: bool = False

    def has(self, *names: str) -> bool:
        """Whether a word was used that does one of these."""
        return any(not one.cues.isdisjoint(names) for one in self.used)

    def stands_before(self, name: str, other: str) -> bool:
        """Whether a word that does the one stands right before one that does the other, or does that too."""
        pairs = (*pairwise(self.segments), *zip(self.segments, self.segments, strict=True))
        return any(name in one.cues and other in two.cues for one, two in pairs)

    def quantities(self) -> list[q.Quantity]:
        """All quantities that are said."""
        return [one.quantity for one in self.used if one.quantity is not None]

    def quantity(self) -> q.Quantity | None:
        """The first quantity that is said."""
        return next(iter(self.quantities()), None)

    def at(self, *names: str) -> list[int]:
        """Where the words stand that do one of these; QTY: the quantities."""
        return [at for at, one in enumerate(self.used) if not one.cues.isdisjoint(names) or ("QTY" in names and one.quantity is not None)]

    def counters(self) -> list[str]:
        """By what it is asked how many there are."""
        return [one.counter for one in self.used if one.counter is not None]

    def order(self) -> q.Order:
        """From the most, unless the words say the least."""
        fewest = "fewest" in self.set and any("TOPN" in one.cues and re.search(self.set["fewest"], one.text) for one in self.used)
        return "least" if fewest or self.has("LEAST", "ASCENDING") or (self.has("FEWER") and not self.has("MORE")) else "most"

    def direction(self) -> q.Direction | None:
        """Which way a change is said to go: 多 and 少 count where nothing plainer is said."""
        if "direction" in self.set:
            return self.set["direction"]
        plain = [one for one in self.used if one.cues & {"UP", "DOWN", "STAYED"} and "CHG" not in one.cues]
        ways: dict[str, q.Direction] = {"DOWN": "down", "FEWER": "down", "UP": "up", "MORE": "up", "STAYED": "same"}
        return next((way for one in plain or self.used for name, way in ways.items() if name in one.cues), None)

    def asks_rate(self) -> bool:
        """Whether a word for the change says that it is a rate (增幅)."""
        moved = (one for one in self.used if one.cues & {"CHG", "UP", "DOWN", "MOST"})
        return any(re.search(load("names.toml")["change"]["rate"], one.text) for one in moved)

    def form(self) -> q.Form:
        """How a change is wanted."""
        asked = [name for one in self.used for name in ("PERCENTQ", "TIMES", "HOWMUCH", "DIFF") if name in one.cues]
        rates = [name in ("PERCENTQ", "TIMES") for name in asked]
        if self.asks_rate() or rates[:1] == [True]:
            return "rate"
        return "both" if not rates or any(rates) else "amount"

    def terms(self) -> tuple[str, ...]:
        """The unread words of the slots, which a search takes as they are; they count as read then."""
        unread = [one for parsed in self.parsed.values() for one in parsed.unread if not one.stranger]
        self.extra -= 0.9 * sum(map(_unread_cost, unread))
        self.takes_unread = True
        return tuple(one.text for one in unread if not one.is_light) or tuple(one.text for one in unread)

    def points(self, **sides: Any) -> bool:
        """Whether one of two sides, and not the other, is what was just told (它比项目支出多多少)."""
        bare = [name for name, value in sides.items() if value in (None, q.Pick())]
        return len(bare) == 1 and self.parsed[bare[0]].refers


def _unread_cost(one: Segment) -> float:
    length = len(one.text.strip())
    return 0.1 if one.is_light else 0.35 if length == 1 else length * 0.8


def amounts(value: Any) -> Any:
    """The value as an amount, or a list of them: a series is added up, talk fills what is not said."""
    if value is None:
        return q.Pick()
    if isinstance(value, (q.Top, q.Each, q.Where)):
        return q.Sum((value,))
    return value if isinstance(value, (*q.AMOUNTS, q.Named, q.By)) else None


def figures(value: Any) -> Any:
    """The value as amounts that are themselves no ratio and no change: what shares and changes are made of."""
    found = amounts(value)
    inner = found.members if isinstance(found, q.Named) else (found,)
    return None if any(isinstance(one, (q.Ratio, q.Change, q.Minus, q.Turned)) for one in inner) else found


def series(value: Any) -> Any:
    """The value as a series: the parts of what is one amount."""
    value = q.Pick() if value is None else value
    return value if isinstance(value, q.SERIES) else q.Each(value, "parts") if isinstance(value, q.Pick) else None


def picked(value: Any) -> list[q.Pick]:
    """The members of a list, or a single one, where all are picks; else none."""
    members = value.members if isinstance(value, q.Named) else (value,)
    return [one for one in members if isinstance(one, q.Pick)] if all(isinstance(one, q.Pick) for one in members) else []


def is_dated(value: Any) -> bool:
    """Whether a year is said, and so since when something changed."""
    return isinstance(value, q.Pick) and (value.year, value.earlier) != (None, None)


def is_thing(value: Any) -> bool:
    """Whether it is one thing that is named."""
    return isinstance(value, q.Pick) and value.item is not None


def _one(value: Any) -> Any:
    return None if isinstance(value, q.Named) else value


TYPES: dict[str, Callable[[Any], Any]] = {
    "any": lambda value: value,
    "amounts": amounts,
    "amount": lambda value: _one(amounts(value)),
    "figures": figures,
    "figure": lambda value: _one(figures(value)),
    "pick": lambda value: q.Pick() if value is None else value if isinstance(value, q.Pick) else None,
    "thing": lambda value: value if is_thing(value) else None,
    "date": lambda value: value if is_dated(value) else None,
    "series": series,
    "list": lambda value: value if isinstance(value, q.Named) else None,
}
"""What a rule's row may ask of a slot: the value as that, or None where it is none."""

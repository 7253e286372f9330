"""Agencies and the budget units printed below them, each with the parts of its name, and what short for a name may mean.

People shorten a name by its characters in their order (云山医保局), in another (文体旅局: 文化广电旅游体育局), or say what every city
calls it (省检). Which of some bodies is meant is told here; which bodies come into question is told by what stands around a name.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from functools import cache, partial

from retrieval.words.folding import bare
from retrieval.words.gazetteer import place_at
from retrieval.words.grammar import load, pattern
from store.vocabulary import read_rows

LENGTHS = (4, 3, 2)  # characters of what a department is called

SHORTEST_NAME, SHORTEST_UNIT = 0.3, 0.5  # of an agency's and a unit's name, what one in another order must bear
FEWEST = 3  # characters of what is short for a name
_SAID = load("bodies.toml")
LEVELS = frozenset[str](_SAID["place"]["levels"])
OFFICES: tuple[str, ...] = tuple(_SAID["department"]["offices"])
_KINDS: str = _SAID["department"]["kinds"]

of_place, of_name, of_department = (partial(pattern, "bodies.toml", of) for of in ("place", "name", "department"))
"""The patterns of data/grammar/bodies.toml."""


@cache
def departments() -> dict[str, str]:
    """What every city's departments are called, with what their names hold; data/vocabulary/departments.csv."""
    return {row["word"]: row["name"] for row in read_rows("departments.csv", ("word", "name", "source"), key=("word",))}


@dataclass(frozen=True, slots=True)
class Body:
    """An agency, or a budget unit that an agency's disclosure prints as a row."""

    name: str
    agency_ids: tuple[str, ...]
    unit: str | None  # bare row label; None for an agency of its own
    place_end: int
    core: str = field(init=False, compare=False, repr=False)  # the name behind its place, without brackets

    def __post_init__(self) -> None:
        object.__setattr__(self, "core", re.sub(r"（[^（）]*）", "", self.name)[self.place_end :])

    @classmethod
    def of(cls, name: str, agency_ids: tuple[str, ...], unit: str | None = None) -> Body:
        """A body under its name from its place on: 云安市委宣传部 for 中共云安市委宣传部."""
        plain = bare(name)
        place = of_place("begins").match(plain)
        plain = plain[place.start(1) :] if place else plain
        return cls(plain, agency_ids, unit, _place_end(plain))

    @property
    def place(self) -> str:
        """The place that the name begins with."""
        return self.name[: self.place_end]

    @property
    def function(self) -> str:
        """What it is for: the name without its place and kind of office."""
        return function_of(self.name)


def _place_end(name: str) -> int:
    """Where the place that a name begins with ends, with or without its level: 云溪市, 云溪."""
    place = of_place("begins").match(name)
    return place.end() if place else len(place_at(name, 0) or "")


def core_of(name: str) -> str:
    """A body's name behind its place."""
    return bare(name)[_place_end(bare(name)) :]


def function_of(name: str) -> str:
    """What an agency is for: its name without its place and kind of office (云山市财政局 → 财政)."""
    rest = core_of(name).removeprefix(_SAID["name"]["peoples"])
    return of_name("office").sub("", rest) or rest


def unit_ending(said: str) -> str | None:
    """The kind of unit that a said name ends in, which what it stands for ends in too: 社保中心 is no 社会保障和就业支出."""
    found = pattern("bodies.toml", "unit", "ending").search(said)
    return found.group("kind") if found is not None else None


def in_order(said: str, name: str) -> bool:
    """Whether a name bears the characters of what is said, in their order."""
    rest = iter(name)
    return all(c in rest for c in said)


def nearest_in_length(bodies: Iterable[Body]) -> tuple[Body, ...]:
    """Of several bodies of one place that a short name fits, those that say least beside it: 应急局 is no 应急管理综合行政执法监督局."""
    shortest: dict[str, int] = {}
    bodies = tuple(bodies)
    for body in bodies:
        shortest[body.place] = min(shortest.get(body.place, 99), len(body.name))
    return tuple(body for body in bodies if len(body.name) <= shortest[body.place] + 2)


def called(name: str, bodies: Iterable[Body]) -> tuple[Body, ...]:
    """The agencies that are the department of a name: 云江省检 is not 云江省云通市人民检察院, 白石公安 no 公安局巡警支队."""
    own = (body for body in bodies if body.unit is None and in_order(name, body.name[body.place_end :]))
    there = [body for body in own if not of_place("begins").match(body.core) and not of_name("below").search(body.core)]
    named = [body for body in there if body.function.endswith(name)] or [body for body in there if name in body.name]
    return nearest_in_length(named or there)


def meant(said: str, bodies: Iterable[Body]) -> tuple[Body, ...]:
    """The bodies that a name without its place may be short for, by the first way of shortening in which any is: whole, as every city
    calls it, its characters in order with its kind of unit at the end (社保中心, 警校, 三院), or in any order."""
    bodies = tuple(bodies)
    exact = tuple(body for body in bodies if said in (body.core, body.place[-1:] + body.core))
    name = departments().get(said) or (departments().get(said[:-1]) if said[-1:] in _KINDS else None)
    return exact or (called(name, bodies) if name is not None else ()) or units_called(said, bodies) or _in_any_order(said, bodies)


def units_called(said: str, bodies: Iterable[Body]) -> tuple[Body, ...]:
    """The units that bear the characters of a short name in order and its kind at the end; those that begin as it does before others."""
    kind = pattern("bodies.toml", "unit", "of").search(said)
    end = kind.group() if kind is not None else ""
    head = said.removesuffix(end)
    units = (body for body in bodies if body.unit is not None and body.core.endswith(end))
    fits = [body for body in units if head and in_order(head, body.core.removesuffix(end))]
    return tuple([body for body in fits if body.core[0] == head[0]] or fits)


def _in_any_order(said: str, bodies: Iterable[Body]) -> tuple[Body, ...]:
    """The bodies whose names bear all characters of a short one and its kind of office."""
    fits: dict[str, Body] = {}
    for body in bodies:
        office = of_name("office").search(body.core)
        same = said[-1:] in (office.group() if office is not None else body.core[-1:])
        enough = len(said) >= (SHORTEST_NAME if body.unit is None else SHORTEST_UNIT) * len(body.core)
        if len(said) >= FEWEST and same and enough and not Counter(said) - Counter(body.core):
            fits.setdefault(body.name, body)
    return tuple(fits.values())


def called_at(text: str, at: int) -> str | None:
    """What every city calls a department that a text names at `at`, whole."""
    words = (text[at : at + length] for length in LENGTHS)
    return next((word for word in words if word in departments() and of_department("ends").match(text, at + len(word))), None)


def department_behind(text: str, at: int) -> bool:
    """Whether a text names at `at` what every city calls a department, whole."""
    return called_at(text, at) is not None


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

    @property
    def ids(self) -> set[str]:
        """The agencies that it stands for, or that print what it stands for."""
        return {agency for body in self.bodies for agency in body.agency_ids}

    def says_place(self, text: str) -> bool:
        """Whether its name is said with its place."""
        return self.bodies[0].place_end > 0 and text[self.start : self.start + 2] == self.bodies[0].name[:2]

    def is_over(self, start: int, end: int) -> bool:
        """Whether it shares characters with a stretch."""
        return start < self.end and self.start < end

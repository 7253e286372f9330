"""The grammar: rules that are data (data/grammar/rules), each a few cues with slots around them, tried wherever their cues stand.

A slot is filled with any reading of what is left for it, by the same rules, so that what is built nests as deep as the question
does. Every reading says what it left unread; the cheapest comes first. Rules know no sentence: where a word may stand is said by its
cue, what it builds by a builder.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields
from functools import cache
from inspect import isfunction
from itertools import product
from pathlib import Path
from typing import Any

from retrieval.language.builders import amounts, claims, ranking, told
from retrieval.language.builders.slots import MULTIPLE, TYPES, Slots
from retrieval.language.phrases import phrases
from retrieval.language.segments import Parsed, Segment
from retrieval.words.grammar import GRAMMAR, load
from store.vocabulary import VocabularyError

DEEPEST = 4  # rules inside rules
MOST = 5  # readings that are kept of any stretch
MOST_OF_TWO = 4  # and combined, where a rule has two
LONGEST = 26  # segments that rules are tried on: a longer sentence is read as a phrase
_STARTED = 450  # applications of rules for one clause: the most that a question of the blind sets takes is 305
_ALL_STARTED = 1000  # and for one question, with all its clauses and cuts
FEWEST_EXAMPLES = 3
_QUANTITIES = {"%": ("QTY%",), MULTIPLE: ("QTY×",)}
_NOT_WORDS = frozenset(("QTY", "QTY%", "QTY×", "COUNTQ", "TOPN", "ORDINAL"))  # what numbers and counters do
BUILDERS: dict[str, Callable[..., Any]] = {
    name.removesuffix("_"): made
    for module in (amounts, claims, ranking, told)
    for name, made in vars(module).items()
    if isfunction(made) and made.__module__ == module.__name__ and not name.startswith("_")
}
"""What rules may name: every function of these modules without an underscore before it."""


@dataclass(frozen=True, slots=True)
class Slot:
    """One slot of a rule: its name, of what type its value is, and whether something must be said there (`part: said amount`)."""

    name: str
    type: str
    said: bool

    def fitting(self, readings: Sequence[Parsed]) -> Iterator[tuple[Parsed, Any]]:
        """The readings that have the slot's type, with their value as that."""
        for one in readings:
            value = None if self.said and one.expression is None else TYPES[self.type](one.expression)
            if value is not None or (self.type == "any" and not self.said):
                yield one, value


@dataclass(frozen=True, slots=True)
class Rule:
    """One rule as data/grammar/rules has it."""

    id: str
    builds: str
    weight: float
    needs: tuple[frozenset[str], ...] = ()
    may: frozenset[str] = frozenset()
    split: frozenset[str] = frozenset()
    bracket: tuple[frozenset[str], frozenset[str]] | None = None
    order: tuple[frozenset[str], ...] = ()  # in which the first of the used words stand that do any of these
    slots: tuple[Slot, ...] = ()  # rest · left, right · inside, rest
    set: tuple[tuple[str, Any], ...] = ()
    outermost: bool = False  # stands in no other: nothing is made of what it builds
    examples: tuple[str, ...] = ()
    family: str = ""


_KEYS = {one.name for one in fields(Rule)} - {"slots", "family"} | {"left", "right", "inside", "rest"}


@cache
def rules() -> tuple[Rule, ...]:
    """All rules, in the order of their files. Raises VocabularyError where one can't be a rule."""
    found: list[Rule] = []
    for path in sorted((GRAMMAR / "rules").glob("*.toml")):
        found += rules_of(f"grammar/rules/{path.name}", path.read_text("utf-8"))
    return tuple(found)


def rules_of(file: str, text: str) -> list[Rule]:
    """The rules of one file of data/grammar/rules. Raises VocabularyError, naming file, line and rule, where one can't be a rule."""
    found: list[Rule] = []
    lines = [number for number, line in enumerate(text.splitlines(), 1) if line.strip() == "[[rule]]"]
    for line, entry in zip(lines, tomllib.loads(text).get("rule", ()), strict=True):
        try:
            found.append(_rule(entry, Path(file).stem))
        except (KeyError, TypeError, ValueError) as error:
            problem = f"{error} is missing" if isinstance(error, KeyError) else str(error)
            raise VocabularyError(file, line, f"rule {entry.get('id', '?')}: {problem}") from error
    return found


def _rule(entry: Mapping[str, Any], family: str) -> Rule:
    if entry["builds"] not in BUILDERS:
        raise ValueError(f"no builder is called {entry['builds']}")
    if strange := entry.keys() - _KEYS:
        raise ValueError(f"a rule has no {', '.join(sorted(strange))}")
    if len(entry["examples"]) < FEWEST_EXAMPLES:
        raise ValueError(f"{FEWEST_EXAMPLES} examples at least, for they are its tests")
    if not entry.keys() & {"needs", "split", "bracket"}:
        raise ValueError("nothing that it needs")
    bracket = entry.get("bracket")
    places = ("left", "right") if "split" in entry else ("inside", "rest") if bracket else ("rest",)
    return Rule(
        entry["id"],
        entry["builds"],
        float(entry.get("weight", 0.5)),
        needs=tuple(map(_cues_of, entry.get("needs", ()))),
        may=_cues_of("|".join(entry["may"])) if "may" in entry else frozenset(),
        split=_cues_of(entry["split"]) if "split" in entry else frozenset(),
        bracket=(_cues_of(bracket[0]), _cues_of(bracket[1].rstrip("?"))) if bracket else None,
        order=tuple(map(_cues_of, entry.get("order", ()))),
        slots=tuple(_slot(entry[place]) for place in places),
        set=tuple(sorted(entry.get("set", {}).items())),
        outermost=entry.get("outermost", False),
        examples=tuple(entry["examples"]),
        family=family,
    )


def _slot(said: str) -> Slot:
    """A slot as a rule's row has it: `of`, `of: amount`, `of: said amount`."""
    name, _, kind = said.partition(": ")
    *must, kind = kind.split() or ["any"]
    if kind == "said":
        must, kind = ["said"], "any"
    if kind not in TYPES or must not in ([], ["said"]):
        raise ValueError(f"no slot is {said}")
    return Slot(name, kind, bool(must))


def _cues_of(names: str) -> frozenset[str]:
    """The cues that a rule names: UP|DOWN."""
    found = frozenset(names.split("|"))
    if strange := found - load("cues.toml").keys() - _NOT_WORDS:
        raise ValueError(f"no cue is called {', '.join(sorted(strange))}")
    return found


def can(one: Segment) -> frozenset[str]:
    """All that a segment can do: its cues, QTY (any quantity), QTY% (a percentage), QTY× (a multiple), COUNTQ (how many)."""
    if one.quantity is not None and not one.cues & {"TOPN", "ORDINAL"}:
        return one.cues | {"QTY", *_QUANTITIES.get(one.quantity.unit, ())}
    return one.cues | {"COUNTQ"} if one.counter is not None else one.cues


@dataclass
class Effort:
    """How many applications of rules are left for a question."""

    left: int = _ALL_STARTED


@dataclass
class Chart:
    """The readings of one clause, each stretch read once."""

    segments: Sequence[Segment]
    able: Sequence[frozenset[str]]  # what each segment can do
    rules: Sequence[tuple[Rule, tuple[frozenset[str], ...]]]  # those that may apply, with what each can't do without
    plain: dict[tuple[int, ...], list[Parsed]] = field(default_factory=dict[tuple[int, ...], list[Parsed]])
    done: dict[tuple[tuple[int, ...], int], list[Parsed]] = field(default_factory=dict[tuple[tuple[int, ...], int], list[Parsed]])
    left: int = _STARTED  # applications of rules


def read(segments: Sequence[Segment], effort: Effort | None = None) -> list[Parsed]:
    """The readings of a clause, cheapest first; `effort` is what is left for the whole question."""
    books = _books(segments)
    kept = [one for one in segments if not (one.is_mark and not one.cues) and (one in books or not _does_nothing(one))]
    if len(kept) > LONGEST:
        return phrases(kept)[:MOST]
    able = [can(one) for one in kept]
    here = frozenset[str]().union(*able)
    asking = ((rule, _asked(rule)) for rule in rules())
    chart = Chart(kept, able, [(rule, asked) for rule, asked in asking if not any(here.isdisjoint(one) for one in asked)])
    effort = effort or Effort()
    chart.left = given = min(_STARTED, effort.left)
    found = _read(tuple(range(len(kept))), chart, DEEPEST)
    effort.left -= given - chart.left
    return found


def _asked(rule: Rule) -> tuple[frozenset[str], ...]:
    """What a rule can't do without."""
    return (*rule.needs, *((rule.split,) if rule.split else ()), *(rule.bracket[:1] if rule.bracket else ()))


def _books(segments: Sequence[Segment]) -> list[Segment]:
    """The words between two years that say that the first is that of the book which is opened (2022年的材料里，2021年…)."""
    dated = [one.start for one in segments if one.period is not None]
    pattern = load("names.toml")["kind"]["book"]
    if len(dated) < 2:
        return []
    return [one for one in segments if one.is_filler and dated[0] < one.start < dated[-1] and re.search(pattern, one.text)]


def _does_nothing(one: Segment) -> bool:
    return (one.is_filler or one.is_mark or one.unit is not None) and not (one.cues or one.items or one.kind or one.period or one.quantity)


def _read(places: tuple[int, ...], chart: Chart, depth: int) -> list[Parsed]:
    key = (places, depth)
    if key in chart.done:
        return chart.done[key]
    if places not in chart.plain:
        chart.plain[places] = phrases([chart.segments[at] for at in places]) if places else [Parsed(None, 0.0)]
    found = list(chart.plain[places])
    if depth > 0 and places:
        here = frozenset[str]().union(*(chart.able[at] for at in places))
        for rule, asked in chart.rules:
            if chart.left <= 0:
                break
            if any(here.isdisjoint(one) for one in asked) or (rule.outermost and depth < DEEPEST):
                continue
            found.extend(_apply(rule, places, chart, depth))
    best: dict[object, Parsed] = {}
    for parsed in sorted(found, key=lambda parsed: parsed.cost):
        best.setdefault(parsed.expression, parsed)
    chart.done[key] = list(best.values())[:MOST]
    return chart.done[key]


def _apply(rule: Rule, places: tuple[int, ...], chart: Chart, depth: int) -> Iterator[Parsed]:
    """The readings that one rule makes of a stretch."""
    able, segments = chart.able, chart.segments
    needed: list[int] = []
    for need in rule.needs:
        place = next((at for at in places if at not in needed and not able[at].isdisjoint(need)), None)
        if place is None:
            return
        needed.append(place)
    splits: list[int | None] = [None]
    if rule.split:
        splits = [at for at in places if at not in needed and not able[at].isdisjoint(rule.split)]
        if not splits:  # the word that splits may be the one that is needed (占…)
            splits = [at for at in needed if not able[at].isdisjoint(rule.split)]
    if rule.bracket:
        splits = [at for at in places if not able[at].isdisjoint(rule.bracket[0])]
    for split in splits[:3]:
        chart.left -= 1
        taken = {*needed, *([split] if split is not None else [])}
        rest = [at for at in places if at not in taken]
        asking = [at for at in rest if not able[at].isdisjoint(rule.may) and not segments[at].items and "ALLAG" not in segments[at].cues]
        optional = {at for at in asking if not (segments[at].cues & {"IN", "THAN", "AND"} and _is_inside(at, rest, segments))}
        free = tuple(at for at in rest if at not in optional)
        used = sorted((*taken, *optional))
        if split is None:
            yield from _built(rule, [free], chart, depth, used)
        elif rule.bracket is not None:
            closing = next((at for at in free if at > split and not able[at].isdisjoint(rule.bracket[1])), None)
            before = tuple(at for at in free if at < split)
            if closing is not None:
                inside = tuple(at for at in free if split < at < closing)
                after = tuple(at for at in free if at > closing)
                yield from _built(rule, [inside, (*before, *after)], chart, depth, [*used, closing])
            else:
                behind = [at for at in free if at > split]
                for cut, unlikely in _cuts(behind, segments):  # what is left out comes first; the whole may follow it
                    yield from _built(rule, [tuple(behind[:cut]), (*before, *behind[cut:])], chart, depth, used, unlikely)
        else:
            left, right = tuple(at for at in free if at < split), tuple(at for at in free if at > split)
            yield from _built(rule, [left, right], chart, depth, used)


def _cuts(behind: Sequence[int], segments: Sequence[Segment]) -> Iterator[tuple[int, float]]:
    """Where what is left out may end, with what that costs: rather at a comma or a 的; never beside a word that joins two names."""
    apart = [cut for cut in range(1, len(behind)) if segments[behind[cut - 1]].end < segments[behind[cut]].start]
    for cut in range(1, len(behind) + 1):
        if any("AND" in segments[behind[at]].cues and not segments[behind[at]].items for at in (cut - 1, cut) if at < len(behind)):
            continue
        yield cut, 0.0 if cut in apart or not apart or cut == len(behind) else 0.2


def _is_inside(at: int, rest: Sequence[int], segments: Sequence[Segment]) -> bool:
    """Whether a word stands between two names, where it says how they belong together."""
    return any(segments[other].items for other in rest if other < at) and any(segments[other].items for other in rest if other > at)


def _built(
    rule: Rule, stretches: Sequence[tuple[int, ...]], chart: Chart, depth: int, used: Sequence[int], unlikely: float = 0.0
) -> Iterator[Parsed]:
    if rule.order and not _in_order(rule, [chart.able[at] for at in used]):
        return
    most = MOST if len(stretches) == 1 else MOST_OF_TWO
    words = [chart.segments[at] for at in used]
    read = (slot.fitting(_read(stretch, chart, depth - 1)[:most]) for slot, stretch in zip(rule.slots, stretches, strict=True))
    for chosen in product(*map(list, read)):
        inner = [parsed for parsed, _ in chosen]
        names = [slot.name for slot in rule.slots]
        slots = Slots(words, dict(rule.set), dict(zip(names, inner, strict=True)), chart.segments)
        built = BUILDERS[rule.builds](slots, **{name: value for name, (_, value) in zip(names, chosen, strict=True)})
        if built is None:
            continue
        cost = sum(parsed.cost for parsed in inner) - rule.weight + 0.3 + slots.extra + unlikely
        if rule.family != "words":  # what is left open is for the talk to fill: rather a reading that says it
            cost += 0.5 * sum(1 for parsed in inner if parsed.expression is None)
        yield Parsed(
            built,
            cost,
            unread=tuple(one for parsed in inner for one in parsed.unread if not slots.takes_unread or one.stranger),
            ignored=tuple(one for parsed in inner for one in parsed.ignored),
            rules=(rule.id, *(name for parsed in inner for name in parsed.rules)),
            refers=any(parsed.refers for parsed in inner),
            lists=any(parsed.lists for parsed in inner),
            asks=any(parsed.asks for parsed in inner) or any(one.cues & {"HOWMUCH", "PERCENTQ", "CHG", "WHY"} for one in words),
        )


def _in_order(rule: Rule, able: Sequence[frozenset[str]]) -> bool:
    """Whether the first of the used words that do any of what the rule's order names stand as it says."""
    named = frozenset[str]().union(*rule.order)
    words = [one for one in able if not one.isdisjoint(named)]
    return len(words) >= len(rule.order) and not any(one.isdisjoint(place) for one, place in zip(words, rule.order, strict=False))

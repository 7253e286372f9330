"""What neighbouring segments make of each other, before the grammar reads them: each function takes a path and gives a path.

小|微企业 is one word that nothing explains; 比|去年 is against the year before: such rows are data (neighbours.toml). What follows 不是 is
not meant; of two years the one may only count back from the other.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import cache
from itertools import takewhile
from typing import Any

from retrieval.figures.parts import PARTS_OF
from retrieval.figures.things import BOUGHT, PURCHASES, is_fund, is_total
from retrieval.language.segments import SURE, Period, Segment, clauses_of, item_of_term
from retrieval.words.content import tells
from retrieval.words.cues import cues
from retrieval.words.grammar import load
from retrieval.words.lexicon import general_terms
from retrieval.words.periods import before_that
from store.money import MONEY_UNITS

_COMPARES = frozenset(("PRIOR", "UP", "DOWN", "CHG", "MORE", "FEWER", "TIMES", "SHARE", "SUM", "EACH", "STAYED", "DIFF", "EQUAL", "MEAN"))
_BODIES = frozenset(("OWNLEVEL", "UNITS", "UNITKIND", "PROJECTS"))
_TURNING = frozenset(("NOTIT", "EXCEPT", "HOWMUCH", "WHICH", "SHARE", "VERIFY", "ASKS"))


def settled(path: Sequence[Segment]) -> list[Segment]:
    """The path with all that its stretches make of each other."""
    out = _of_one_year(by_rows(list(path), "first"))
    out = _without_denied(by_rows(_left_out(_turned_round(out)), "denied"))
    return by_rows(out, "last")


def _says_nothing(one: Segment) -> bool:
    return one.is_filler and not (one.cues or one.items or one.kind or one.period or one.quantity)


def _is_small(one: Segment) -> bool:
    return one.is_filler and not (one.items or one.agencies or one.units or one.period or one.quantity)


Condition = Callable[[Segment], bool]

_IS: dict[str, Condition] = {
    "filler": _is_small,
    "empty": _says_nothing,
    "unread": lambda one: one.is_unread and not one.stranger,
    "items": lambda one: bool(one.items),
    "guessed": lambda one: bool(one.items) and one.term is None and one.quality < SURE,
    "bought": lambda one: bool(one.items) and one.items[0].item in BOUGHT,
    "total": lambda one: bool(one.items) and is_total(one.items[0]),
    "fund": lambda one: bool(one.items) and is_fund(one.items[0]),
    "cars": lambda one: bool(one.items) and one.items[0].counter is not None,
    "money": lambda one: one.quantity is not None and one.quantity.unit in MONEY_UNITS,
    "figure": lambda one: one.quantity is not None,
    "counter": lambda one: one.counter is not None,
    "table": lambda one: one.table is not None,
    "unit": lambda one: bool(one.units),
    "whose": lambda one: bool(one.agencies or one.units),
    "purchases": lambda one: bool(one.items) and one.items[0].item in PURCHASES,
    "coded": lambda one: bool(one.items and one.items[0].code),
    "code": lambda one: bool(one.items and one.items[0].code) and one.text.strip().isdigit(),
    "year": lambda one: one.period is not None,
    "last-year": lambda one: one.period is not None and one.period.earlier == 1 and not one.period.years,
    "one": lambda one: len(one.text) == 1,
    "$": lambda one: one.is_mark,
}
"""What a row of neighbours.toml may tell of a stretch, beside its cues and its text."""
AROUND = ("after", "unless_after", "before", "beside", "unless_beside")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of neighbours.toml."""

    said: tuple[tuple[str, Condition], ...]  # each with how often it may stand there: "*" any number of times, "$" at the end too
    becomes: tuple[str, ...]
    joined: str | None
    joins: slice
    together: Condition
    around: Mapping[str, Condition]
    needs: tuple[frozenset[str], ...]  # cues of which the path must have one each, for the row to hold anywhere

    def runs(self, path: Sequence[Segment], at: int) -> list[list[Segment]] | None:
        """The stretches of the path from a place on that the row tells of; None where it tells of others."""
        found: list[list[Segment]] = []
        for place, (often, holds) in enumerate(self.said):
            run = path[at : at + 1]
            if often == "*":
                following = self.said[place + 1][1] if place + 1 < len(self.said) else None
                run = list(takewhile(lambda one, holds=holds, then=following: holds(one) and not (then and then(one)), path[at:]))
            elif not (holds(run[0]) if run else often == "$"):
                return None
            found.append(list(run))
            at += len(run)
        return found

    def applied(self, path: list[Segment]) -> list[Segment]:
        """The path with the row applied wherever it holds."""
        first = self.said[0][1]
        for at in range(len(path)):
            runs = self.runs(path, at) if at < len(path) and first(path[at]) else None
            if runs is None or not self.together(_together([one for run in runs[self.joins] for one in run])):
                continue
            end = at + sum(map(len, runs))
            where = {"after": path[:at], "before": path[end:], "beside": path}
            stand = {name: any(map(holds, where[name.removeprefix("unless_")])) for name, holds in self.around.items()}
            if any(one == name.startswith("unless_") for name, one in stand.items()):
                continue
            runs = [[new for one in run for new in _become(one, told)] for run, told in zip(runs, self.becomes, strict=True)]
            if self.joined is not None:
                runs[self.joins] = [_become(_together([one for run in runs[self.joins] for one in run]), self.joined)]
            path[at:end] = [one for run in runs for one in run]
        return path


def _together(run: Sequence[Segment]) -> Segment:
    """Neighbours as one stretch, which can do what the first can."""
    return Segment(run[0].start, run[-1].end, "".join(one.text for one in run), run[0].weight, cues=run[0].cues)


def _become(one: Segment, told: str) -> list[Segment]:
    """A stretch as what a row says that it becomes; a name is split from a word at its end that can do something."""
    for part in told.split():
        names, plain = frozenset(part[1:].split("|")), Segment(one.start, one.end, one.text, one.weight)
        match part[0] if part[0] in "=+-&@/" else part:
            case "=":
                one = replace(plain, cues=names)
            case "+":
                one = replace(one, cues=one.cues | names)
            case "-":
                one = replace(one, cues=one.cues - names)
            case "&":
                one = replace(one, cues=one.cues & names)
            case "@":
                term = general_terms()[part[1:]]
                one = replace(one, items=(item_of_term(term),), term=term, quality=1.0)
            case "/":
                cut = next((at for at in range(2, len(one.text)) if names & cues().get(one.text[at:], frozenset())), 0)
                if (term := general_terms().get(one.text[:cut])) is not None:
                    named = replace(one, end=one.start + cut, text=one.text[:cut], items=(item_of_term(term),), term=term, cues=frozenset())
                    return [named, Segment(named.end, one.end, one.text[cut:], 0.0, cues=names)]
            case "nameless":
                one = replace(one, items=(), term=None)
            case "counter":
                one = replace(plain, counter="")
            case state:
                one = replace(plain, is_filler=state == "filler", is_mark=state == "mark")
    return [one]


def by_rows(path: list[Segment], part: str) -> list[Segment]:
    """The path with all rows of one part of neighbours.toml."""
    can = _cues_of(path)
    for row in _rows(part):
        if all(map(can.intersection, row.needs)):
            path = row.applied(path)
            can = _cues_of(path)
    return path


def _cues_of(path: Sequence[Segment]) -> frozenset[str]:
    return frozenset().union(*(one.cues for one in path))


@cache
def _rows(part: str) -> tuple[_Row, ...]:
    """The rows of one part of neighbours.toml."""
    return tuple(map(_row, load("neighbours.toml")[part]))


def _row(entry: Mapping[str, Any]) -> _Row:
    said = [(one[0] if one[0] in "*$" else "", _condition(one.removeprefix("*"))) for one in entry["said"]]
    becomes = (*entry.get("becomes", ()), *[""] * (len(said) - len(entry.get("becomes", ()))))
    joins, together = slice(entry.get("from", 1) - 1, entry.get("to")), _condition(entry.get("together", ""))
    around = {name: _condition(entry[name]) for name in AROUND if name in entry}
    must = [part.split("|") for one in entry["said"] if one[0] not in "*$" for part in one.split() if part[0] not in "!/<"]
    needs = tuple(frozenset(options) for options in must if all(map(str.isupper, options)))
    return _Row(tuple(said), becomes, entry.get("joined"), joins, together, around, needs)


def _condition(told: str) -> Condition:
    """What is told of a stretch, as a function: all its parts hold."""
    parts = [_part(part) for part in told.split()]
    return parts[0] if len(parts) == 1 else lambda one: all(part(one) for part in parts)


def _part(told: str) -> Condition:
    if told.startswith("!"):
        denied = _part(told[1:])
        return lambda one: not denied(one)
    if told[0] in "/<":
        pattern = re.compile(told[1:-1] if told[0] == "/" else load("neighbours.toml")["words"][told[1:-1]])
        return lambda one: pattern.fullmatch(one.text) is not None
    options = told.split("|")
    can, is_ = frozenset(filter(str.isupper, options)), [_IS[name] for name in options if not name.isupper()]
    return lambda one: not can.isdisjoint(one.cues) or any(holds(one) for holds in is_)


def _of_one_year(path: list[Segment]) -> list[Segment]:
    """2025年预算，培训费上年那栏多少: the year before the one that is said; neither joined nor compared with it, that disclosure's
    column for it. 今年|2026, 前一年（2025年） and 2022年…跟|前一年|对照：2021年 only repeat what is said."""
    dated = [at for at, one in enumerate(path) if one.period is not None and one.period.years]
    said = {year for at in dated for year in getattr(path[at].period, "years", ())}
    kinds = {one.kind for one in path if one.kind}
    compared = len(kinds) > 1 or any(one.cues & _COMPARES or (one.quantity and one.quantity.unit == "倍") for one in path)
    out = list(path)
    for at, one in enumerate(path if said else ()):
        back = one.period.earlier if one.period is not None else None
        near = min(dated, key=lambda place: abs(place - at))
        first, last = sorted((near, at))
        between, behind = path[first + 1 : last], path[last + 1 :]
        beside = at < near and all(other.text == "（" or _says_nothing(other) for other in between)  # 上一年度|也就是|2025年
        if back is None:
            continue
        if beside or one.text in load("periods.toml")["of_that"] or (back and len(said) > 1 and max(said) - back in said):
            since = at - 1 if back and at and path[at - 1].cues & {"AND", "THAN"} else at
            out[since : at + 1] = [replace(other, period=None, cues=frozenset(), is_filler=True) for other in path[since : at + 1]]
        elif back and len(said) == 1 and (at > near or one.text in before_that()):
            both = any(other.items for other in between) and any(other.items for other in behind)
            joined = all(other.is_mark for other in between) or any(other.cues & {"AND", "THAN", "HOWMUCH"} for other in between)
            if not (compared or both or joined or back > 1):
                out[at] = replace(one, period=None, cues=frozenset(("LASTCOL",)))
            elif one.text in before_that() or not joined:
                out[at] = replace(one, period=Period((next(iter(said)) - back,)))
    return out


def _turned_round(path: list[Segment]) -> list[Segment]:
    """公务接待费|不要, 今年的|不看: what is left out, or not meant, may be said before the word that does so."""
    out: list[Segment] = []
    end = 0
    for start, last in clauses_of(path):
        out += path[end:start]
        end = last
        clause = path[start:last]
        behind = next((at for at in reversed(range(len(clause))) if not _is_small(clause[at])), 0)
        cue, before = clause[behind], clause[:behind]
        denies = cue.cues & {"NOTIT", "EXCEPT"} or re.match(load("names.toml")["denied"]["closes"], cue.text)
        only = cue.cues and cue.cues <= {"NOTIT", "EXCEPT", "OUTSIDE"} and not any(one.cues & _TURNING for one in before)
        if not only or cue.items or not denies:
            out += clause
        elif any(one.items or one.period or one.is_unread or one.units or one.cues & _BODIES for one in before):
            opening = Segment(clause[0].start, clause[0].start, cue.text, 0.0, cues=(cue.cues - {"OUTSIDE"}) or frozenset(("EXCEPT",)))
            out += [opening, *(replace(one, is_filler=True, cues=frozenset()) if one is cue else one for one in clause)]
        else:
            own = {agency for one in clause if not one.is_place for agency in one.agencies}
            below = any(one.cues & {"IN", "UNITS"} and re.search(load("names.toml")["kind"]["below"], one.text) for one in path[last:])
            alone = bool(own) and all(set(one.agencies) <= own for one in path)  # 某局本身不算，下面哪家…: it is still whose
            for one in clause:  # 别的|先不问; 某局本身不算，哪个单位…: all others are meant, whom nobody said
                unknown = Segment(one.start, one.end, one.text, 0.0, stranger=True) if one is cue and alone and not below else None
                out.append(unknown or (one if one.is_mark or (alone and one.agencies) else _denied(one)))
    return out + path[end:]


def _left_out(path: list[Segment]) -> list[Segment]:
    """三公多少，不要|公务接待费: what is a part of what is asked is left out of it; other things are only not meant."""
    out = list(path)
    for start, end in clauses_of(path):
        at = next((place for place in range(start, end) if path[place].cues & {"NOTIT", "EXCEPT"} and not path[place].items), None)
        if at is None or re.search(load("refusals.toml")["narrowing"]["contrast"], path[at].text):
            continue
        parts = {item.item for one in path[at + 1 : end] for item in one.items[:1]}
        beside = [*path[:start], *path[end:]]
        asked = [one.items[0] for one in beside if one.items]
        added = len(asked) > 1 and any(one.cues & {"SUM", "PAIR", "ALLOF"} for one in beside)
        if parts and any(is_total(item) or parts <= {*PARTS_OF.get(item.item or "", ())} for item in asked):
            out[at] = replace(path[at], cues=frozenset(("EXCEPT",)))
        elif parts and added and not any(item.parts or item.item in parts or item.item in PARTS_OF for item in asked):
            out[at] = replace(path[at], cues=frozenset(("NOTIT",)))  # 公积金和提租补贴一共多少，购房补贴先不算
    return out


def _without_denied(path: list[Segment]) -> list[Segment]:
    """What follows 不是 and the like, up to the next mark, is read and not meant."""
    out: list[Segment] = []
    denied = unknown = False
    for at, one in enumerate(path):
        clause = list(takewhile(lambda other: not other.is_mark, path[at + 1 :]))
        if denied and one.text == "、" and any("HOWMUCH" in other.cues for other in clause):
            denied = False  # 不是财政拨的、记在其他收入的有多少
            continue
        if (one.is_mark and one.text != "、") or (denied and one.cues & {"IS"} and one.text not in load("neighbours.toml")["goes_on"]):
            denied = False
        if "NOTIT" in one.cues and not one.items and any(other.is_unread or _is_known(other) for other in clause):
            denied, unknown = True, not _is_contrasted(path[at:])
        out.append(_denied(one, unknown) if denied else one)
    return out


def _is_known(one: Segment) -> bool:
    return bool(one.items or one.kind or one.table or one.period or one.agencies or one.units)


def _is_contrasted(behind: Sequence[Segment]) -> bool:
    """Whether what is denied is another thing by its name (不是去年的, 不是联席会议的开销), no part of what is asked (不是夜班的)."""
    clause = list(takewhile(lambda one: not one.is_mark or one.text == "、", behind))
    contrast = re.search(load("refusals.toml")["narrowing"]["contrast"], clause[0].text)
    return any(map(_is_known, clause)) or (contrast is not None and not clause[-1].text.endswith("的"))


def _denied(one: Segment, unknown: bool = False) -> Segment:
    """A stretch that is not meant. What of it nothing explains may be a part of what is asked, where it is `unknown`."""
    if unknown and one.is_unread and tells(one.text):
        return replace(one, stranger=True)
    return Segment(one.start, one.end, one.text, one.weight, is_filler=True, is_mark=one.is_mark)


def surely_named(path: Sequence[Segment]) -> list[Segment]:
    """Of two neighbouring names that are both only likened to printed ones, the less like is not read: together they are a third thing."""
    out = list(path)
    last: int | None = None
    for at, one in enumerate(out):
        if one.items and one.term is None and one.quality < SURE and one.how in ("words", "short", "described", "sound"):
            if last is not None and all(_says_nothing(other) or "REF" in other.cues for other in out[last + 1 : at]):
                worse = at if one.quality <= out[last].quality else last
                out[worse] = Segment(out[worse].start, out[worse].end, out[worse].text, 0.0)
                last = at if worse == last else last
            else:
                last = at
        elif one.items or one.is_mark:
            last = None
    return out


def glossed(path: Sequence[Segment]) -> list[Segment]:
    """租房补贴（提租补贴）: what the brackets name is meant, where the words before them were only likened to another name."""
    return by_rows(list(path), "glossed")


def goods(path: Sequence[Segment]) -> list[Segment]:
    """买服务的比|买东西|的: beside services or works all that is bought by is meant by no word for goods."""
    return by_rows(list(path), "goods")

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
from retrieval.language.content import tells
from retrieval.language.lattice import BOUGHT, Period, Segment, item_of_term
from retrieval.language.phrases import PURCHASES, is_fund, is_total
from retrieval.words.cues import cues, load
from retrieval.words.lexicon import general_terms
from retrieval.words.periods import before_that

GOODS = "政府采购货物"
SURE = 0.95  # likeness from which a name is as good as said
_SIGNS = {"+": "UP", "-": "DOWN"}
_COMPARES = frozenset(("PRIOR", "UP", "DOWN", "CHG", "MORE", "FEWER", "TIMES", "SHARE", "SUM", "EACH", "STAYED", "DIFF", "EQUAL", "MEAN"))
_BODIES = frozenset(("OWNLEVEL", "UNITS", "UNITKIND", "PROJECTS"))
_TURNING = frozenset(("NOTIT", "EXCEPT", "HOWMUCH", "WHICH", "SHARE", "VERIFY", "ASKS"))


def settled(path: Sequence[Segment]) -> list[Segment]:
    """The path with all that its stretches make of each other."""
    out = list(path)
    for change in _CHANGES:
        out = change(out)
    return out


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


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of neighbours.toml."""

    said: tuple[tuple[str, Condition], ...]  # each with how often it may stand there: "*" any number of times, "$" at the end too
    becomes: tuple[str, ...]
    joined: str | None
    joins: slice
    together: Condition
    around: Mapping[str, Condition]

    def runs(self, path: Sequence[Segment], at: int) -> list[list[Segment]] | None:
        """The stretches of the path from a place on that the row tells of; None where it tells of others."""
        if not self.said[0][1](path[at]):
            return None
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
        for at in range(len(path)):
            runs = self.runs(path, at) if at < len(path) else None
            if runs is None or not self.together(_together([one for run in runs[self.joins] for one in run])):
                continue
            end = at + sum(map(len, runs))
            where = {"after": path[:at], "unless_after": path[:at], "before": path[end:], "beside": path}
            if not all(any(map(holds, where[name])) != name.startswith("unless") for name, holds in self.around.items()):
                continue
            runs = [[_become(one, told) for one in run] for run, told in zip(runs, self.becomes, strict=True)]
            if self.joined is not None:
                runs[self.joins] = [[_become(_together([one for run in runs[self.joins] for one in run]), self.joined)]]
            path[at:end] = [one for run in runs for one in run]
        return path


def _together(run: Sequence[Segment]) -> Segment:
    """Neighbours as one stretch, which can do what the first can."""
    return Segment(run[0].start, run[-1].end, "".join(one.text for one in run), run[0].weight, cues=run[0].cues)


def _become(one: Segment, told: str) -> Segment:
    """A stretch with what a row says that it becomes."""
    for part in told.split():
        names, plain = frozenset(part[1:].split("|")), Segment(one.start, one.end, one.text, one.weight)
        match part[0] if part[0] in "=+-&" else part:
            case "=":
                one = replace(plain, cues=names)
            case "+":
                one = replace(one, cues=one.cues | names)
            case "-":
                one = replace(one, cues=one.cues - names)
            case "&":
                one = replace(one, cues=one.cues & names)
            case "nameless":
                one = replace(one, items=(), term=None)
            case "counter":
                one = replace(plain, counter="")
            case state:
                one = replace(plain, is_filler=state == "filler", is_mark=state == "mark")
    return one


@cache
def _rows(part: str) -> tuple[_Row, ...]:
    """The rows of one part of neighbours.toml."""
    return tuple(map(_row, load("neighbours.toml")[part]))


def _row(entry: Mapping[str, Any]) -> _Row:
    said = [(one[0] if one[0] in "*$" else "", _condition(one.removeprefix("*"))) for one in entry["said"]]
    becomes = (*entry.get("becomes", ()), *[""] * (len(said) - len(entry.get("becomes", ()))))
    joins, together = slice(entry.get("from", 1) - 1, entry.get("to")), _condition(entry.get("together", ""))
    around = {name: _condition(entry[name]) for name in ("after", "unless_after", "before", "beside") if name in entry}
    return _Row(tuple(said), becomes, entry.get("joined"), joins, together, around)


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


def _first(path: list[Segment]) -> list[Segment]:
    for row in _rows("first"):
        path = row.applied(path)
    return path


def _last(path: list[Segment]) -> list[Segment]:
    for row in _rows("last"):
        path = row.applied(path)
    return path


def _said_of_it(path: list[Segment]) -> list[Segment]:
    """在甲局|之下: no bound. 三亿多|的收入里，财政拨款占几成: what the whole comes to is said beside it, and nothing is asked of it."""
    cues = frozenset[str]().union(*(one.cues for one in path))
    told = [one for one in path if one.quantity is not None and one.quantity.unit.endswith("元")]
    asks = "PERCENTQ" in cues and cues.isdisjoint({"VERIFY", "EXCEPT", "OUTSIDE", "UP", "DOWN", "MORE", "FEWER", "SUM", "PRIOR"})
    told = told if asks and sum(bool(one.items) for one in path) > 1 and len(told) == 1 else []
    told += [one for at, one in enumerate(path) if "UNDER" in one.cues and at and (path[at - 1].agencies or path[at - 1].units)]
    return [Segment(one.start, one.end, one.text, 0.0, is_filler=True) if one in told else one for one in path]


def _added_up(path: list[Segment]) -> list[Segment]:
    """退休费及|三公经费合计, 甲、乙两家|收入合计: all that is named together, and not the total of the last."""
    at = len(path) and next((at for at in range(len(path) - 1, 0, -1) if path[at].items), 0)
    joined = at > 1 and ("AND" in path[at - 1].cues or path[at - 1].text == "、") and bool(path[at - 2].items)
    counted = any(one.cues & {"PAIR", "ALLOF"} for one in path) and len({one.units or one.agencies for one in path} - {()}) > 1
    if not at or not (joined or counted) or any("SUM" in one.cues for one in path):
        return path
    one = path[at]
    if is_total(one.items[0]) and not counted:
        return path  # 收入合计: a name
    cut = next((cut for cut in range(2, len(one.text) - 1) if "SUM" in cues().get(one.text[cut:], ())), None)
    term = general_terms().get(one.text[:cut]) if cut is not None else None
    if cut is None or term is None:
        return path
    named = replace(one, end=one.start + cut, text=one.text[:cut], items=(item_of_term(term),), term=term, cues=frozenset())
    return [*path[:at], named, Segment(named.end, one.end, one.text[cut:], 0.0, cues=frozenset(("SUM",))), *path[at + 1 :]]


def _cars_compared(path: list[Segment]) -> list[Segment]:
    """谁的车|多, 甲比乙多|几辆|车, 车，业务用车占几成: how many cars there are is set against another number of them."""
    words = load("names.toml")["cars"]
    own = [at for at, one in enumerate(path) if one.text.strip() in words["said"] and not one.cues]
    counted = [at for at, one in enumerate(path) if one.counter == words["counter"]]
    compares = [at for at, one in enumerate(path) if one.cues & {"MORE", "FEWER", "MOST", "LEAST", "DIFF"}]
    shared = any("SHARE" in one.cues for one in path) and any(one.items and one.items[0].counter == words["counter"] for one in path)
    beside = any(at - 1 in own for at in compares)
    if not own or not (beside or shared or (counted and compares and counted[-1] - 1 in compares)):
        return path
    many = () if shared else (item_of_term(general_terms()[words["stock"]]),)  # what a kind of cars is a share of needs no name
    out = list(path)
    for at in own:
        out[at] = replace(out[at], items=many, is_filler=shared, quality=1.0)
    for at in counted:
        out[at] = replace(out[at], counter=None, cues=frozenset(("HOWMUCH",)))
    return out


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


def _signed(path: list[Segment]) -> list[Segment]:
    """较上年|+88.78%: a sign before how much something changed says which way."""
    out: list[Segment] = []
    for one in path:
        if one.quantity is not None and one.text[0] in _SIGNS and any("PRIOR" in other.cues for other in out[-2:]):
            out.append(Segment(one.start, one.start + 1, one.text[0], 0.0, cues=frozenset((_SIGNS[one.text[0]],))))
            out.append(replace(one, start=one.start + 1, text=one.text[1:]))
        else:
            out.append(one)
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
        cue = clause[behind]
        opens = next((at for at, one in enumerate(clause) if "EXCEPT" in one.cues), len(clause))
        clause = [
            replace(one, cues=frozenset(("OUTSIDE",))) if at > opens and {"EXCEPT", "OUTSIDE"} <= one.cues else one
            for at, one in enumerate(clause)
        ]  # 撇开甲|不算
        named = any(one.items or one.period or one.is_unread or one.units or one.cues & _BODIES for one in clause[:behind])
        only = cue.cues and cue.cues <= {"NOTIT", "EXCEPT", "OUTSIDE"} and not any(one.cues & _TURNING for one in clause[:behind])
        denies = cue.cues & {"NOTIT", "EXCEPT"} or re.match(load("names.toml")["denied"]["closes"], cue.text)
        if not only or cue.items or not denies:
            out += clause
        elif not named:
            own = {agency for one in clause if not one.is_place for agency in one.agencies}
            alone = bool(own) and all(set(one.agencies) <= own for one in path)  # 某局本身不算，下面哪家…: it is still whose
            below = load("names.toml")["kind"]["below"]
            told = any(one.cues & {"IN", "UNITS"} and re.search(below, one.text) for one in path[last:])
            out += [one if one.is_mark or (alone and one.agencies) else _denied(one) for one in clause]  # 别的|先不问
            if alone and not told:
                out[-1:] = [Segment(cue.start, cue.end, cue.text, 0.0, stranger=True), *([out[-1]] if out[-1].is_mark else [])]
        else:
            opening = Segment(clause[0].start, clause[0].start, cue.text, 0.0, cues=(cue.cues - {"OUTSIDE"}) or frozenset(("EXCEPT",)))
            out += [opening, *(replace(one, is_filler=True, cues=frozenset()) if one is cue else one for one in clause)]
    return out + path[end:]


def _left_out_of_it(path: list[Segment]) -> list[Segment]:
    """三公多少，不要|公务接待费: what is a part of what is asked is left out of it; other things are only not meant."""
    out = list(path)
    contrast = load("refusals.toml")["narrowing"]["contrast"]
    for start, end in clauses_of(path):
        at = next((place for place in range(start, end) if path[place].cues & {"NOTIT", "EXCEPT"} and not path[place].items), None)
        if at is None or re.search(contrast, path[at].text):
            continue
        beside = path[end + 1 : end + 3]
        if "EXCEPT" in path[at].cues and len(beside) > 1 and {"AND", "LEFT"} <= beside[0].cues and beside[1].items:
            out[at : end + 2] = [replace(one, items=(), term=None, cues=frozenset(), is_filler=True) for one in path[at : end + 2]]
            continue  # 除了财政拨款，还有|事业收入|30万元: nothing is left out
        parts = {item.item for one in path[at + 1 : end] for item in one.items[:1]}
        beside = [one for place, one in enumerate(path) if not start <= place < end]
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
    narrowed_to = 0
    for at, one in enumerate(path):
        if at < narrowed_to:
            continue
        if "NOTIT" in one.cues and not denied and _leaves_out(path, at):
            out.append(replace(one, is_filler=False, cues=frozenset(("EXCEPT",))))
            continue
        if "NOTIT" in one.cues and not denied and (last := _narrows(path, at)) is not None:
            out.append(Segment(one.start, path[last].end, "".join(other.text for other in path[at : last + 1]), 0.0))
            narrowed_to = last + 1
            continue
        clause = takewhile(lambda other: not other.is_mark, path[at + 1 :])
        if denied and one.text == "、" and any("HOWMUCH" in other.cues for other in clause):
            denied = False  # 不是财政拨的、记在其他收入的有多少
            continue
        if (one.is_mark and one.text != "、") or (denied and "IS" in one.cues and one.text not in ("为",)):
            denied = False
        if "NOTIT" in one.cues and not one.items and _names_something(path[at + 1 :]):
            denied = True
            unknown = not _is_contrasted(path[at:])
        out.append(_denied(one, unknown) if denied else one)
    return out


def _denied(one: Segment, unknown: bool = False) -> Segment:
    """A stretch that is not meant. What of it nothing explains may be a part of what is asked, where it is `unknown`."""
    if unknown and one.is_unread and tells(one.text):
        return replace(one, stranger=True)
    return replace(
        one, is_filler=True, cues=frozenset(), items=(), kind=None, period=None, quantity=None, table=None, agencies=(), units=()
    )


def _is_contrasted(behind: Sequence[Segment]) -> bool:
    """Whether what is denied is another thing by its name (不是去年的, 不是联席会议的开销), no part of what is asked (不是夜班的)."""
    clause = list(takewhile(lambda one: not one.is_mark or one.text == "、", behind))
    known = any(one.items or one.kind or one.table or one.period or one.agencies or one.units for one in clause)
    contrast = re.search(load("refusals.toml")["narrowing"]["contrast"], clause[0].text)
    return known or (contrast is not None and not clause[-1].text.endswith("的"))


def _narrows(path: Sequence[Segment], at: int) -> int | None:
    """Where what is denied ends, if it only narrows what is asked for (非|财政拨款|的|差旅费|多少); no rule knows the others of a kind."""
    if path[at].text == "非" and at + 1 < len(path) and path[at + 1].items:
        return at + 1
    end = next((place for place in range(at + 1, len(path)) if path[place].is_mark), len(path))
    for place in range(at + 2, end):
        behind = path[place + 1 : end]
        if path[place].text == "的" and any(one.items for one in behind) and any("HOWMUCH" in one.cues for one in behind):
            return place - 1
    return None


def _leaves_out(path: Sequence[Segment], at: int) -> bool:
    """Whether what is denied is a source of money, and how much there is without it is asked (不是财政给的那部分有多少)."""
    end = next((place for place in range(at + 1, len(path)) if path[place].is_mark), len(path))
    named = [one for one in path[at + 1 : end] if one.items]
    behind = path[end + 1 :] if end < len(path) and path[end].text == "，" else ()
    then = list(takewhile(lambda one: not one.is_mark, behind))  # 不是财政给的那部分，有多少
    asks = any("HOWMUCH" in one.cues for one in (*path[at + 1 : end], *(() if any(one.items for one in then) else then)))
    return asks and len(named) == 1 and is_fund(named[0].items[0]) and not any(one.is_unread for one in path[at + 1 : end])


def _names_something(path: Sequence[Segment]) -> bool:
    """Whether something that can be meant or not stands before the next mark."""
    for one in path:
        if one.is_mark:
            return False
        if one.items or one.kind or one.table or one.period or one.is_unread or one.agencies or one.units:
            return True
    return False


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
    out = list(path)
    for at, one in enumerate(path):
        if not one.is_mark or one.text != "（" or at + 2 >= len(path) or path[at + 2].text != "）":
            continue
        named, before = path[at + 1], at - 1
        while before > 0 and _says_nothing(path[before]):
            before -= 1
        said = path[before]
        if named.items and named.quality >= SURE and said.items and said.items != named.items and said.term is None and said.quality < SURE:
            out[before] = Segment(said.start, said.end, said.text, 0.0, is_filler=True)
    return out


def goods(path: Sequence[Segment]) -> list[Segment]:
    """买服务的比|买东西|的: beside services or works all that is bought by is meant by no word for goods."""
    term, said = general_terms().get(GOODS), re.compile(load("names.toml")["bought"]["goods"])
    if term is None or not any(one.items and one.items[0].item in BOUGHT for one in path):
        return list(path)
    return [replace(one, items=(item_of_term(term),), term=term) if one.items and said.fullmatch(one.text) else one for one in path]


_CHANGES = (_first, _said_of_it, _added_up, _cars_compared, _of_one_year, _signed, _turned_round, _left_out_of_it, _without_denied, _last)


def clauses_of(path: Sequence[Segment]) -> list[tuple[int, int]]:
    """From where to where the clauses go: between marks other than those of lists and quotes."""
    edges = [at for at, one in enumerate(path) if one.is_mark and one.text in "，。？！；：（）—-"]
    starts = [0, *(at + 1 for at in edges)]
    return [(start, end) for start, end in zip(starts, [*edges, len(path)], strict=True) if start < end]

"""The lattice: what each stretch of a question can mean, and the best ways to cut the question into such stretches.

Takes folded text, the agencies and names that a reader knows, and gives segments: a stretch with all its meanings. Which of
them is meant is left to the grammar; here only the cut is chosen, by how much of the text is explained and how well. What no
name and no word explains is a segment of its own, unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from itertools import product
from typing import Any

from retrieval.figures.places import GOAL_TOTALS
from retrieval.names.labels import Label, Labels, Match
from retrieval.names.whom import Whose
from retrieval.question.expression import Item, Quantity
from retrieval.words.cues import cues, doubts, fillers, kind_words, load, longest_word, particles, tokens
from retrieval.words.folding import bare, chinese_number
from retrieval.words.gazetteer import place_at
from retrieval.words.lexicon import Term, general_terms, sounds
from retrieval.words.numbers import find_quantities
from retrieval.words.periods import find_periods
from retrieval.words.pinyin import letters, syllable
from store.text_index import is_word
from store.values import Kind
from store.vocabulary import vocabulary

MOST_PATHS = 3
SHAPES_OF_THINGS = ("table", "day")
SHAPES_OF_NUMBERS = ("top", "ordinal", "unit", "how_many", "those", "number_of", "told_apart")
"""Sections of data/grammar/stretches.toml, by what they are told before: years, or quantities."""
OPERATORS = frozenset(("SUBTRACT", "PLUS", "SHARE"))
"""What stands between two names, whatever a cutter of words makes of it (平台载体专项|减|应用研发专项)."""
BOUGHT = frozenset(("政府采购货物", "政府采购工程", "政府采购服务"))
_MARK = re.compile(r"[，。？！；：、“”（）《》\s.\"]")
LOOSELY = frozenset(("described", "short", "words"))
"""How a name was linked that was not said as it is printed."""
HEADED = 6.0  # weight of what says that a person is meant
_PINYIN = re.compile(r"[a-z][a-z ]{3,}[a-z]")


@dataclass(frozen=True, slots=True)
class Period:
    """A time: a year, or years before the latest; several where a range is said."""

    years: tuple[int, ...] = ()
    earlier: int | None = None
    recent: int | None = None  # the last so many


@dataclass(frozen=True, slots=True)
class Segment:
    """A stretch of the question with all that it may mean. None and () mean: not that."""

    start: int
    end: int
    text: str
    weight: float
    agencies: tuple[str, ...] = ()
    period: Period | None = None
    kind: Kind | None = None
    quantity: Quantity | None = None
    items: tuple[Item, ...] = ()  # best first
    term: Term | None = None
    table: str | None = None
    counter: str | None = None  # 几辆: what is counted by
    unit: str | None = None  # 用元表示: what the answer is wanted in
    units: tuple[tuple[str, str], ...] = ()  # budget units: (agency_id that prints it, bare row label)
    is_place: bool = False  # only a place is named: the agencies are all that are there
    is_each: bool = False  # each of its agencies or units is meant
    cues: frozenset[str] = frozenset()
    is_filler: bool = False
    is_mark: bool = False
    is_light: bool = False  # unread, but no content
    stranger: bool = False  # looks like an agency that is not here
    how: str = "exact"
    quality: float = 1.0

    @property
    def is_unread(self) -> bool:
        """Whether nothing known explains it."""
        names = self.agencies or self.units or self.items or self.table or self.period or self.kind or self.quantity
        return not (names or self.unit or self.counter is not None or self.cues or self.is_filler or self.is_mark)


def item_of_term(term: Term) -> Item:
    """What a general term asks for, by itself."""
    if term.kind == "several":
        name = next(known.word for known in general_terms().values() if known.names == term.names)
        return Item(term.word, name, (name,), parts=tuple(Item(part, part, (part,)) for part in term.names))
    if term.kind == "total":
        return Item(term.word, term.names[0], term.names, flow=term.flow, code=term.code)
    if term.kind == "fund":
        return Item(term.word, term.names[0], term.names, flow="income", fund=term.fund)
    if term.kind == "count":
        return Item(term.word, term.names[0], term.names, counter="")
    return Item(term.word, term.names[0] if term.names else None, term.names, code=term.code)


def item_of_label(label: Label, said: str) -> Item:
    """What a printed label asks for."""
    if label.kind == "affiliate":
        return Item(said, affiliate=label.text)
    if label.table is not None:
        return Item(said, label.item, GOAL_TOTALS, table=label.table)
    entry = vocabulary().item_by_variant.get(label.item)
    if entry is not None and entry.classification == "source" and entry.fund is not None:
        return Item(said, label.item, (label.item,), flow="income", fund=entry.fund)
    return Item(
        said,
        label.item,
        (label.item,),
        classification="project" if label.kind == "project" else None,
        under=label.under,
        counter=label.counter,
    )


@cache
def _share_words() -> re.Pattern[str]:
    words = (word for word, does in cues().items() if "RATIO" in does)
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


@lru_cache(maxsize=1024)
def _inner_boundaries(text: str) -> frozenset[int]:
    """Places between two characters of one word; a particle at its end (涨得) is a word of its own."""
    words = ((start, end) for start, end in tokens(text) if is_word(text[start:end]))  # what the cutter makes up is no word
    return frozenset(place for start, end in words for place in range(start + 1, end - (text[end - 1] in particles())))


@cache
def _shapes() -> dict[str, Any]:
    return load("stretches.toml")


def _told(entry: dict[str, Any], match: re.Match[str]) -> dict[str, Any] | None:
    """What a stretch of such a shape means, as fields of a segment; None where it means nothing."""
    told = match[match.lastindex or 0]
    match entry["is"]:
        case "place":
            number = chinese_number(told)
            cues = frozenset((entry["cue"],))
            return {"quantity": Quantity(number, "位"), "cues": cues} if number is not None and number >= entry["least"] else None
        case "filler":
            return {"is_filler": True}
        case "table":
            return {"table": f"#{_number_of(told)}"}
        case name:
            return {name: entry.get("called", {}).get(told, told)}


def edges(  # noqa: PLR0915  one pass, in the order in which later kinds may overwrite earlier ones
    text: str,
    whose: Sequence[Whose] = (),
    strange: Sequence[tuple[int, int]] = (),
    labels: Sequence[Labels] = (),
    tables: Sequence[str] = (),
) -> list[Segment]:
    """Every stretch of `text` that is known, with its meanings: `whose` are the agencies found in it, `labels` and `tables` what their
    disclosures print."""
    found: dict[tuple[int, int], Segment] = {}
    shapes = _shapes()
    spans = find_periods(text).spans
    quantities = find_quantities(text)
    shares = {match.end() for match in _share_words().finditer(text)}  # 比重|大: 重大 is no word there
    with_unit = tuple((said.start, said.end) for said in quantities if said.quantity.unit)  # 102辆车|里, 翻|了一番
    apart = {place for span in (*((one.start, one.end) for one in whose), *spans, *with_unit) for place in span}
    inside = _inner_boundaries(text) - apart - shares

    def torn(start: int, end: int) -> float:
        """What it costs that a stretch begins or ends inside a word."""
        return 0.9 * ((start in inside) + (end in inside))

    def at(start: int, end: int, weight: float) -> Segment:
        known = found.get((start, end))
        if known is None:
            return Segment(start, end, text[start:end], weight)
        return replace(known, weight=max(known.weight, weight))

    def put(span: tuple[int, int], each: float, *, growing: float = 0.0, more: float = 0.0, **means: Any) -> None:
        """A stretch means this beside what it is known to mean; its weight is told for each character, and grows with their number."""
        length = span[1] - span[0]
        found[span] = replace(at(*span, each * length + growing * length**2 + more), **means)

    def shaped(names: Iterable[str]) -> None:
        for name in names:
            for match in re.finditer(shapes[name]["said"], text):
                if (means := _told(shapes[name], match)) is not None:
                    put(match.span(), shapes[name]["weight"], **means)

    for one in whose:
        agencies = tuple(dict.fromkeys(body.agency_ids[0] for body in one.bodies if body.unit is None))
        units = tuple((agency_id, body.unit) for body in one.bodies if body.unit is not None for agency_id in body.agency_ids)
        means: dict[str, Any] = {"agencies": agencies, "units": units, "is_place": one.is_place, "is_each": one.is_each}
        put((one.start, one.end), 2.2 if one.is_place else 3.0 * one.quality, more=1, quality=one.quality, **means)
    named = any(len(one.bodies) == 1 and not one.is_place for one in whose)
    for start, end in strange:
        here = any(body.place_end and text.startswith(body.name[: body.place_end], start) for one in whose for body in one.bodies)
        if named and not here and place_at(text, start) is None:
            continue  # beside an agency that is here, what looks like a body may be a part of it
        found.setdefault((start, end), Segment(start, end, text[start:end], 2.0 * (end - start), stranger=True))
    for match in re.finditer(shapes["code"]["said"], text):
        code = match.group(1).rstrip("-—")
        known = vocabulary().code_by_number.get(code)
        printed = next((one.codes[code] for one in labels if code in one.codes), None)
        if known or printed or len(code) == 7:
            name = vocabulary().canonical_item(known[0].name) if known else printed
            item = Item(code, name, (name,) if name else (), code=code)
            found[match.span()] = replace(at(*match.span(), 2.6 * len(code)), items=(item,))
    shaped(SHAPES_OF_THINGS)
    for match in (*re.finditer(shapes["title"]["said"], text), *re.finditer(shapes["title"]["form"], text)):
        title = match.group(1)
        if title not in cues() and title not in fillers():
            put(match.span(1), 2.6, growing=0.12, table=title)
    for match in re.finditer(shapes["title"]["short"], text):
        if any(match.group(1) in title for title in tables):  # 三公表: a table by a part of its title
            put(match.span(), 3.2, table=match.group())
    funds = load("funds.toml")
    for how in ("paid", "carried"):
        for match in re.finditer(funds[how]["said"], text):
            if match.span() not in found:
                put(match.span(), 2.3, growing=0.05, items=(_fund_of(how),))
    for match in re.finditer(funds["unpaid"]["said"], text):
        split = match.end("denied")
        put((match.start(), split), 3.0, cues=frozenset(("EXCEPT",)))
        put((split, match.end()), 3.0, items=(_fund_of("unpaid"),))
    for start, end in spans:
        periods = find_periods(text[start:end] + "年" * (end - start == 2 and text[start:end].isdigit()))  # ，26|预算
        if periods.years or periods.relative or periods.recent:
            years = periods.years
            if len(years) == 2 and re.search("[到至]", text[start:end]):  # 2023到2025三年: those between too
                years = tuple(range(min(years), max(years) + 1))
            period = Period(years, -periods.relative[0] if periods.relative else None, periods.recent)
            put((start, end), 2.5, period=period)
            if text[end - 1] == "年" and periods.years and end - start > 2:  # 2024|年初结转: the name may take the character
                put((start, end - 1), 2.5, period=period)
    counted = re.search(shapes["part_of_year"]["counted"], text) is not None
    for match in re.finditer(shapes["part_of_year"]["said"], text):
        if not (counted and re.search(shapes["part_of_year"]["dated"], text[: match.start()])):
            found[match.span()] = Segment(*match.span(), match.group(), 2.6 * len(match.group()), stranger=True)
    terms = general_terms()
    codes = {span for span, segment in found.items() if segment.items}
    behind = {one.end for one in whose}
    for said in quantities:
        taken = (*codes, *(span for span, one in found.items() if one.period is not None or one.table is not None))
        if any(said.start < b and said.end > a for a, b in taken):
            continue
        span, figure, is_bare = (said.start, said.end), text[said.start : said.end], said.quantity.unit == ""
        is_name = is_bare and len(figure) >= 3 and any(one.bears(figure) for one in labels)  # 12345热线: a number in a name
        is_code = is_bare and said.quantity.number >= 100_000 and "," not in figure
        if said.start in behind and is_bare and re.fullmatch(shapes["year_after_name"]["said"], figure):
            put(span, 2.2, period=Period((2000 + int(said.quantity.number),)))
        elif not is_code and not is_name and figure[:-1] not in terms:  # 三公|里
            put(span, 2.2, quantity=said.quantity)
    shaped(SHAPES_OF_NUMBERS)
    for match in re.finditer(shapes["some"]["said"], text):
        many, segment = chinese_number(match.group(1)), at(*match.span(), 0.0)
        said_so = frozenset[str]() if many == 1 else frozenset(("PAIR" if many == 2 else "ALLOF",))
        put(match.span(), 1.9, is_filler=segment.is_filler or many == 1, cues=segment.cues | said_so)
    for match in re.finditer(shapes["devices"]["said"], text):
        printed = [label for one in labels for text_, many in one.by_text.items() if text_ in _printed_devices() for label in many]
        items = tuple(dict.fromkeys(item_of_label(label, match.group()) for label in printed if label.counter is not None))
        put(match.span(), 2.6, items=items or (Item(match.group(), None, _devices()),), cues=frozenset[str]())
    for one in whose:
        if re.match(shapes["head"]["said"], text[one.end :]):
            put((one.end, one.end + 1), HEADED, stranger=True)  # who leads it is asked about
    for word in load("refusals.toml")["narrowing"]["words"]:
        for match in re.finditer(word, text) if len(word) > 1 else ():
            found[match.span()] = at(*match.span(), 1.9 * len(word))  # 追|加 adds nothing up: nobody knows what is meant
    for match in doubts().finditer(text):
        put(match.span(), 1.6, growing=0.1, cues=frozenset(("VERIFY",)))
    for start, end, item in _heard_in(text):
        if not at(start, end, 0.0).items:
            put((start, end), 1.7, growing=0.1, more=-torn(start, end), items=(item,), how="sound", quality=0.9)
    for start in range(len(text)):
        for end in range(start + 1, min(len(text), start + 24) + 1):
            stretch = text[start:end]
            if {"WHICH", "REF"} & cues().get(text[max(0, start - 2) : start], frozenset()) and "BODIES" in cues().get(stretch[:-2], ()):
                continue  # 哪个|单位|预算最高
            term = terms.get(stretch) if end - start >= 2 else None
            if term is not None and not (stretch in fillers() and term.kind != "total"):
                items = (*at(start, end, 0.0).items, item_of_term(term))
                put((start, end), 2.0, growing=0.12, more=-torn(start, end), items=items, term=term)
            is_torn = end - start == 1 and (start in inside or end in inside)
            if end - start > longest_word():
                continue
            if stretch in cues() and not (is_torn and not cues()[stretch] & OPERATORS):  # 城里, 大楼: a character inside a word is no word
                length = end - start
                of_year_before = 2.2 if "PRIOR" in cues()[stretch] else 0.0
                weight = (0.9 if length == 1 else 1.5 * length + 0.1 * length**2 + of_year_before) - torn(start, end)
                found[start, end] = replace(at(start, end, weight), cues=cues()[stretch])
            if stretch in fillers() and not is_torn:
                length = end - start
                weight = (0.7 if length == 1 else 1.2 * length + 0.1 * length**2) - torn(start, end)
                found[start, end] = replace(at(start, end, weight), is_filler=True)
            if stretch in kind_words():
                put((start, end), 1.6, kind=kind_words()[stretch])
    for one in labels:
        printed = list(one.exact(text))
        spans_printed = {(start, end) for start, end, _ in printed}
        for start, end, matched in printed:
            stretch = text[start:end]
            if any(said.start == start and (said.end, end) in spans_printed and said.bodies[0].unit is None for said in whose):
                continue  # the name begins with whose it is: 甲局|甲局2026年运维 is said of 甲局
            if stretch in cues() or (stretch in fillers() and end - start <= 3):
                continue
            meant, known = [item_of_label(label, stretch) for label in matched], at(start, end, 0.0).items
            is_known = any(stretch in item.names for item in known)
            of_project = [item for item in meant if item.under == stretch and item.classification == "project"]
            said_so = of_project or [item for item in meant if item.item == stretch and item.counter is None and not is_known]
            items = tuple(dict.fromkeys((*said_so, *known, *meant)))  # 年终一次性奖金 before 奖金, which it is a part of
            put((start, end), 2.1, growing=0.12, more=-torn(start, end), items=items)
            if text[end : end + 1] in _OF_A_NAME and text[end : end + 1] in fillers():  # 实有人|数: no torn word, the name ends before it
                found.setdefault((end, end + 1), replace(at(end, end + 1, 0.7), is_filler=True))
    for start, end, word in _in_letters(text) if _PINYIN.search(text) else ():
        term = terms.get(word)
        items = (item_of_term(term),) if term is not None else ()
        put((start, end), 2.0, items=items, term=term, cues=cues().get(word, frozenset()), how="sound")
    named_before = {end for (_, end), one in found.items() if one.items and not any(item.item in BOUGHT for item in one.items)}
    for (start, end), one in list(found.items()):
        if start in named_before and end - start == 2 and any(item.item in BOUGHT for item in one.items):
            del found[start, end]  # 水利|工程 is no 政府采购工程
    for place, c in enumerate(text):
        if _MARK.match(c):
            found[place, place + 1] = Segment(place, place + 1, c, 0.0, is_mark=True, cues=cues().get(c, frozenset()))
    return [one if one.kind is not None or one.agencies or one.units else replace(one, kind=kind_said(one.text)) for one in found.values()]


def kind_said(words: str) -> Kind | None:
    """The kind of disclosure that a longer word says beside what else it means (支出决算, 三公经费预算数)."""
    if "算" not in words:
        return None
    plain = re.sub(_shapes()["kind"]["not"], "", words)
    return "final" if "决算" in plain else "budget" if "预算" in plain else None


def _fund_of(how: str) -> Item:
    """What a fund pays, or does not pay."""
    return item_of_term(general_terms()[load("funds.toml")[how]["fund"]])


_OF_A_NAME = frozenset("数额款")
"""What follows a name and says no more than that it is an amount."""


@cache
def _devices() -> tuple[str, ...]:
    """How accounts print the number of costly devices."""
    return tuple(map("".join, product(*_shapes()["devices"]["printed"])))


@cache
def _printed_devices() -> frozenset[str]:
    return frozenset(map(bare, _devices()))


def _heard_in(text: str) -> list[tuple[int, int, Item]]:
    """Stretches that sound like a general term and are none (项目之出)."""
    own = [syllable(c) if "\u4e00" <= c <= "\u9fff" else "" for c in text]
    out: list[tuple[int, int, Item]] = []
    for start in range(len(text)):
        for length in range(4, min(10, len(text) - start) + 1):
            term = sounds().get(tuple(own[start : start + length]))
            if term is not None and text[start : start + length] not in general_terms():
                out.append((start, start + length, item_of_term(term)))
    return out


def heard(said: str) -> Item | None:
    """The general term that a stretch sounds like (工积金, 总预祘), or is written like but for one character of four or more."""
    if len(said) < 3 or any(not "\u4e00" <= c <= "\u9fff" for c in said):
        return None
    if said[1:] in general_terms():
        return None  # 决算里|退休费 is no 离退休费
    term = sounds().get(tuple(syllable(c) for c in said))
    return item_of_term(term) if term is not None else None


@cache
def _spelled() -> dict[str, str]:
    """How general terms and cues are spelled in Latin letters."""
    words = [word for word in general_terms() if len(word) >= 2] + [word for word in cues() if len(word) >= 2]
    found: dict[str, str] = {}
    for word in words:
        if word[0] > "z":
            spelled = letters(word)
            if len(spelled) >= 5 and spelled.isascii():
                found.setdefault(spelled, word)
    return found


def _in_letters(text: str) -> list[tuple[int, int, str]]:
    """Words that runs of Latin letters spell, longest first, none overlapping."""
    out: list[tuple[int, int, str]] = []
    for run in _PINYIN.finditer(text):
        places = [at for at in range(run.start(), run.end()) if text[at] != " "]
        said = "".join(text[at] for at in places)
        at = 0
        while at < len(said):
            end = next((end for end in range(min(len(said), at + 30), at + 4, -1) if said[at:end] in _spelled()), None)
            if end is None:
                at += 1
                continue
            out.append((places[at], places[end - 1] + 1, _spelled()[said[at:end]]))
            at = end
    return out


def _number_of(text: str) -> int:
    number = chinese_number(text)
    return int(number) if number is not None else 0


def table_number(printed: str | None) -> int | None:
    """The number of a table as printed: 公开03表 → 3, 预算公开表1 → 1; None where it has none."""
    digits = re.search(r"(\d+)", printed or "")
    if digits:
        return int(digits.group(1))
    words = re.search(r"表([一二三四五六七八九十]+)", printed or "")
    return _number_of(words.group(1)) if words else None


def paths(text: str, known: Iterable[Segment]) -> list[tuple[float, list[Segment]]]:
    """The best ways to cut `text` with their scores, best first: each covers all of it, in order."""
    by_end: dict[int, list[Segment]] = {}
    for segment in known:
        by_end.setdefault(segment.end, []).append(segment)
    best: list[list[tuple[float, int, tuple[Segment, ...]]]] = [[(0.0, 0, ())]]
    count = 0
    for end in range(1, len(text) + 1):
        options: list[tuple[float, int, tuple[Segment, ...]]] = []
        for segment in by_end.get(end, ()):
            for score, _, path in best[segment.start]:
                count += 1
                options.append((score + segment.weight, -count, (*path, segment)))
        for score, _, path in best[end - 1] if not _MARK.match(text[end - 1]) else ():
            count += 1
            options.append((score - 1.0, -count, _with_unread(path, text, end)))
        options.sort(key=lambda option: (-option[0], -option[1]))
        best.append(options[:MOST_PATHS])
    return [(score, list(path)) for score, _, path in best[len(text)]]


def _with_unread(path: tuple[Segment, ...], text: str, end: int) -> tuple[Segment, ...]:
    """The path with one more character that nothing explains."""
    if path and path[-1].is_unread and not path[-1].stranger:
        last = path[-1]
        return (*path[:-1], Segment(last.start, end, text[last.start : end], 0.0))
    return (*path, Segment(end - 1, end, text[end - 1 : end], 0.0))


def linked(segment: Segment, matches: Sequence[Match]) -> Segment:
    """An unread stretch with the labels that it may mean."""
    best = matches[0].score
    found = (item_of_label(match.label, segment.text) for match in matches if match.score >= best - 0.02)
    items = tuple(sorted(found, key=lambda item: item.item in load("names.toml")["cars"]["bought"]))  # 车辆: those that there are
    return replace(segment, items=items, how=matches[0].how, quality=best)

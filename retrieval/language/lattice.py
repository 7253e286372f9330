"""The lattice: what each stretch of a question can mean, and the best ways to cut the question into such stretches.

Takes folded text, the agencies and names that a reader knows, and gives segments: a stretch with all its meanings. Which of
them is meant is left to the grammar; here only the cut is chosen, by how much of the text is explained and how well. What no
name and no word explains is a segment of its own, unread.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, lru_cache
from itertools import product
from typing import TYPE_CHECKING, Any

from retrieval.figures.things import BOUGHT
from retrieval.language.segments import Period, Segment, item_of_label, item_of_term
from retrieval.question.expression import Item, Quantity
from retrieval.words.cues import cues, doubts, fillers, kind_words, longest_word, particles, tokens
from retrieval.words.folding import bare, chinese_number, is_han
from retrieval.words.gazetteer import place_at
from retrieval.words.grammar import load
from retrieval.words.lexicon import general_terms, sounds
from retrieval.words.numbers import find_quantities
from retrieval.words.periods import find_periods
from retrieval.words.pinyin import letters, syllable
from store.text_index import is_word
from store.values import Kind
from store.vocabulary import vocabulary

if TYPE_CHECKING:
    from retrieval.names.bodies import Whose
    from retrieval.names.labels import Labels

MOST_PATHS = 3
SHAPES_OF_THINGS = ("table", "day")
SHAPES_OF_NUMBERS = ("top", "ordinal", "unit", "how_many", "those", "number_of", "told_apart")
"""Sections of data/grammar/stretches.toml, by what they are told before: years, or quantities."""
OPERATORS = frozenset(("SUBTRACT", "PLUS", "SHARE"))
"""What stands between two names, whatever a cutter of words makes of it (平台载体专项|减|应用研发专项)."""
HEADED = 6.0  # weight of what says that a person is meant
LONGEST = 24  # characters of a general term
_SHAPES = load("stretches.toml")
_MARK = re.compile(r"[，。？！；：、“”（）《》\s.\"]")
_PINYIN = re.compile(r"[a-z][a-z ]{3,}[a-z]")


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
            return {"table": f"#{int(chinese_number(told) or 0)}"}
        case name:
            return {name: entry.get("called", {}).get(told, told)}


@lru_cache(maxsize=1024)
def _inner_boundaries(text: str) -> frozenset[int]:
    """Places between two characters of one word; a particle at its end (涨得) is a word of its own."""
    words = ((start, end) for start, end in tokens(text) if is_word(text[start:end]))  # what the cutter makes up is no word
    return frozenset(place for start, end in words for place in range(start + 1, end - (text[end - 1] in particles())))


@cache
def _share_words() -> re.Pattern[str]:
    words = (word for word, does in cues().items() if "RATIO" in does)
    return re.compile("|".join(map(re.escape, sorted(words, key=len, reverse=True))))


def edges(
    text: str,
    whose: Sequence[Whose] = (),
    strange: Sequence[tuple[int, int]] = (),
    labels: Sequence[Labels] = (),
    tables: Sequence[str] = (),
) -> list[Segment]:
    """Every stretch of `text` that is known, with its meanings: `whose` are the agencies found in it, `labels` and `tables` what their
    disclosures print."""
    known = _Known(text, whose, labels)
    known.bodies(strange)
    known.codes()
    known.shaped(SHAPES_OF_THINGS)
    known.tables(tables)
    known.funds()
    known.periods()
    known.quantities()
    known.shaped(SHAPES_OF_NUMBERS)
    known.counted()
    known.restricting()
    known.words()
    known.printed()
    known.spelled()
    known.marks()
    return [one if one.kind or one.agencies or one.units else replace(one, kind=kind_said(one.text)) for one in known.found.values()]


@dataclass
class _Known:
    """The stretches of a text that are known, gathered kind by kind: what is told later may overwrite what was told before."""

    text: str
    whose: Sequence[Whose]
    labels: Sequence[Labels]
    found: dict[tuple[int, int], Segment] = field(default_factory=dict[tuple[int, int], Segment])

    def __post_init__(self) -> None:
        self.said = find_quantities(self.text)
        self.spans = find_periods(self.text).spans
        shares = {match.end() for match in _share_words().finditer(self.text)}  # 比重|大: 重大 is no word there
        with_unit = ((one.start, one.end) for one in self.said if one.quantity.unit)  # 102辆车|里, 翻|了一番
        apart = {place for span in (*((one.start, one.end) for one in self.whose), *self.spans, *with_unit) for place in span}
        self.inside = _inner_boundaries(self.text) - apart - shares

    def torn(self, start: int, end: int) -> float:
        """What it costs that a stretch begins or ends inside a word."""
        return 0.9 * ((start in self.inside) + (end in self.inside))

    def at(self, start: int, end: int, weight: float) -> Segment:
        """A stretch with what it is known to mean, of that weight at least."""
        known = self.found.get((start, end))
        if known is None:
            return Segment(start, end, self.text[start:end], weight)
        return replace(known, weight=max(known.weight, weight))

    def put(self, span: tuple[int, int], each: float, *, growing: float = 0.0, more: float = 0.0, **means: Any) -> None:
        """A stretch means this beside what it is known to mean; its weight is told for each character, and grows with their number."""
        length = span[1] - span[0]
        self.found[span] = replace(self.at(*span, each * length + growing * length**2 + more), **means)

    def each(self, name: str, part: str = "said") -> Iterator[re.Match[str]]:
        """Where a pattern of stretches.toml stands."""
        return re.finditer(_SHAPES[name][part], self.text)

    def shaped(self, names: Iterable[str]) -> None:
        """Stretches that their shape tells."""
        for name in names:
            for match in self.each(name):
                if (means := _told(_SHAPES[name], match)) is not None:
                    self.put(match.span(), _SHAPES[name]["weight"], **means)

    def bodies(self, strange: Sequence[tuple[int, int]]) -> None:
        """Whose figures are meant, and what looks like a body that is not here."""
        for one in self.whose:
            agencies = tuple(dict.fromkeys(body.agency_ids[0] for body in one.bodies if body.unit is None))
            units = tuple((agency_id, body.unit) for body in one.bodies if body.unit is not None for agency_id in body.agency_ids)
            means: dict[str, Any] = {"agencies": agencies, "units": units, "is_place": one.is_place, "is_each": one.is_each}
            self.put((one.start, one.end), 2.2 if one.is_place else 3.0 * one.quality, more=1, quality=one.quality, **means)
        named = any(len(one.bodies) == 1 and not one.is_place for one in self.whose)
        bodies = [body for one in self.whose for body in one.bodies if body.place_end]
        for start, end in strange:
            here = any(self.text.startswith(body.name[: body.place_end], start) for body in bodies)
            if here or not named or place_at(self.text, start) is not None:  # beside an agency that is here it may be a part of it
                self.found.setdefault((start, end), Segment(start, end, self.text[start:end], 2.0 * (end - start), stranger=True))

    def codes(self) -> None:
        """Codes of the classifications, and those that are printed."""
        for match in self.each("code"):
            code = match.group(1).rstrip("-—")
            known = vocabulary().code_by_number.get(code)
            printed = next((one.codes[code] for one in self.labels if code in one.codes), None)
            if known or printed or len(code) == 7:
                name = vocabulary().canonical_item(known[0].name) if known else printed
                self.put(match.span(), 2.6, items=(Item(code, name, (name,) if name else (), code=code),))

    def tables(self, printed: Sequence[str]) -> None:
        """Titles of tables, in quotes, as forms are called, and by a part of one that is printed (三公表)."""
        for match in (*self.each("title"), *self.each("title", "form")):
            if (title := match.group(1)) not in cues() and title not in fillers():
                self.put(match.span(1), 2.6, growing=0.12, table=title)
        for match in self.each("title", "short"):
            if any(match.group(1) in title for title in printed):
                self.put(match.span(), 3.2, table=match.group())

    def funds(self) -> None:
        """Sources of money by what they pay, or do not pay."""
        for entry in load("funds.toml").values():
            for match in re.finditer(entry["said"], self.text) if "said" in entry else ():
                split = match.end("denied") if "denied" in match.groupdict() else match.start()
                if split > match.start():
                    self.put((match.start(), split), 3.0, cues=frozenset(("EXCEPT",)))
                if (split, match.end()) not in self.found:
                    self.put((split, match.end()), 2.3, growing=0.05, items=(item_of_term(general_terms()[entry["fund"]]),))

    def periods(self) -> None:
        """Years; and parts of a year, of which nothing is published but what is counted then."""
        for start, end in self.spans:
            said = self.text[start:end]
            found = find_periods(said + _SHAPES["year"]["ends"] * (len(said) == 2 and said.isdigit()))  # ，26|预算
            years = found.years
            if len(years) == 2 and re.search(_SHAPES["year"]["to"], said):  # 2023到2025三年: those between too
                years = tuple(range(min(years), max(years) + 1))
            period = Period(years, -found.relative[0] if found.relative else None, found.recent)
            if period != Period():
                self.put((start, end), 2.5, period=period)
            if years and end - start > 2 and said.endswith(_SHAPES["year"]["ends"]):  # 2024|年初结转: the name may take the character
                self.put((start, end - 1), 2.5, period=period)
        shape = _SHAPES["part_of_year"]
        counted = re.search(shape["counted"], self.text) is not None
        for match in self.each("part_of_year"):
            if not (counted and re.search(shape["dated"], self.text[: match.start()])):
                self.found[match.span()] = Segment(*match.span(), match.group(), 2.6 * len(match.group()), stranger=True)

    def quantities(self) -> None:
        """Amounts and numbers of things, where no code, year or table is said and no name holds them."""
        taken = [span for span, one in self.found.items() if one.items or one.period is not None or one.table is not None]
        behind = {one.end for one in self.whose}
        for said in self.said:
            span, figure, is_bare = (said.start, said.end), self.text[said.start : said.end], said.quantity.unit == ""
            is_name = is_bare and len(figure) >= 3 and any(one.bears(figure) for one in self.labels)  # 12345热线: a number in a name
            is_code = is_bare and said.quantity.number >= 100_000 and "," not in figure
            if any(said.start < end and said.end > start for start, end in taken):
                continue
            if said.start in behind and is_bare and re.fullmatch(_SHAPES["year_after_name"]["said"], figure):
                self.put(span, 2.2, period=Period((2000 + int(said.quantity.number),)))
            elif not is_code and not is_name and figure[:-1] not in general_terms():  # 三公|里
                is_signed = re.search(_SHAPES["sign"]["said"], self.text[: said.start + 1]) is not None
                self.put((said.start + is_signed, said.end), 2.2, quantity=said.quantity)

    def counted(self) -> None:
        """How many bodies or things are meant (两家), and things that are counted by what they cost."""
        for match in self.each("some"):
            many, known = chinese_number(match.group(1)), self.at(*match.span(), 0.0)
            said_so = frozenset[str]() if many == 1 else frozenset(("PAIR" if many == 2 else "ALLOF",))
            self.put(match.span(), 1.9, is_filler=known.is_filler or many == 1, cues=known.cues | said_so)
        for match in self.each("devices"):
            names = tuple(map("".join, product(*_SHAPES["devices"]["printed"])))
            texts = dict.fromkeys(map(bare, names))
            printed = [label for one in self.labels for text, many in one.by_text.items() if text in texts for label in many]
            items = tuple(dict.fromkeys(item_of_label(label, match.group()) for label in printed if label.counter is not None))
            self.put(match.span(), 2.6, items=items or (Item(match.group(), None, names),), cues=frozenset[str]())

    def restricting(self) -> None:
        """What changes which figure is meant, or doubts it: who heads a body, words that narrow."""
        for one in self.whose:
            if re.match(_SHAPES["head"]["said"], self.text[one.end :]):
                self.put((one.end, one.end + 1), HEADED, stranger=True)
        for word in load("refusals.toml")["narrowing"]["words"]:
            for match in re.finditer(word, self.text) if len(word) > 1 else ():
                self.found[match.span()] = self.at(*match.span(), 1.9 * len(word))  # 追|加 adds nothing up: nobody knows what is meant
        for match in doubts().finditer(self.text):
            self.put(match.span(), 1.6, growing=0.1, cues=frozenset(("VERIFY",)))

    def words(self) -> None:
        """General terms, as they are written or sound, cues, fillers and words for the kind of disclosure."""
        sounding = tuple(syllable(c) if is_han(c) else "" for c in self.text)
        for start in range(len(self.text)):
            points = cues().get(self.text[max(0, start - 2) : start], frozenset()) & {"WHICH", "REF"}
            for end in range(start + 1, min(len(self.text), start + LONGEST) + 1):
                stretch, length = self.text[start:end], end - start
                if points and "BODIES" in cues().get(stretch[:-2], ()):
                    continue  # 哪个|单位|预算最高
                if length >= 2 and (term := general_terms().get(stretch)) is not None:
                    if stretch not in fillers() or term.kind == "total":
                        items = (*self.at(start, end, 0.0).items, item_of_term(term))
                        self.put((start, end), 2.0, growing=0.12, more=-self.torn(start, end), items=items, term=term)
                elif 4 <= length <= 10 and (term := sounds().get(sounding[start:end])) is not None and not self.at(start, end, 0.0).items:
                    heard = {"items": (item_of_term(term),), "how": "sound", "quality": 0.9}
                    self.put((start, end), 1.7, growing=0.1, more=-self.torn(start, end), **heard)
                if length <= longest_word() and not self.at(start, end, 0.0).units:
                    self._word(start, end, stretch)

    def _word(self, start: int, end: int, stretch: str) -> None:
        """A cue, a filler or a word for the kind of disclosure; a character inside a word (城里, 大楼) is none."""
        length, does = end - start, cues().get(stretch)
        is_torn = length == 1 and (start in self.inside or end in self.inside)
        if does and not (is_torn and not does & OPERATORS):
            weight = 0.9 if length == 1 else 1.5 * length + 0.1 * length**2 + 2.2 * ("PRIOR" in does)
            self.found[start, end] = replace(self.at(start, end, weight - self.torn(start, end)), cues=does)
        if stretch in fillers() and not is_torn:
            weight = 0.7 if length == 1 else 1.2 * length + 0.1 * length**2
            self.found[start, end] = replace(self.at(start, end, weight - self.torn(start, end)), is_filler=True)
        if stretch in kind_words():
            self.put((start, end), 1.6, kind=kind_words()[stretch])

    def printed(self) -> None:
        """Names that the disclosures print."""
        for one in self.labels:
            printed = list(one.exact(self.text))
            spans = {(start, end) for start, end, _ in printed}
            for start, end, labels in printed:
                stretch = self.text[start:end]
                if any(said.start == start and (said.end, end) in spans and said.bodies[0].unit is None for said in self.whose):
                    continue  # the name begins with whose it is: 甲局|甲局2026年运维 is said of 甲局
                if stretch in cues() or (stretch in fillers() and end - start <= 3):
                    continue
                kinds = {label.under: tuple(one.item for one in labels if one.under == label.under) for label in labels if label.under}
                meant, known = [item_of_label(one, stretch, kinds.get(one.under or "")) for one in labels], self.at(start, end, 0.0).items
                is_known = any(stretch in item.names for item in known)
                of_project = [item for item in meant if item.under == stretch and item.classification == "project"]
                said_so = of_project or [item for item in meant if item.item == stretch and item.counter is None and not is_known]
                items = tuple(dict.fromkeys((*said_so, *known, *meant)))  # 年终一次性奖金 before 奖金, which it is a part of
                self.put((start, end), 2.1, growing=0.12, more=-self.torn(start, end), items=items)
                if self.text[end : end + 1] in fillers() and re.match(_SHAPES["of_a_name"]["said"], self.text[end:]):
                    self.found.setdefault((end, end + 1), replace(self.at(end, end + 1, 0.7), is_filler=True))  # 实有人|数: no torn word
        named = {end for (_, end), one in self.found.items() if one.items and not any(item.item in BOUGHT for item in one.items)}
        for (start, end), one in list(self.found.items()):
            if start in named and end - start == 2 and any(item.item in BOUGHT for item in one.items):
                del self.found[start, end]  # 水利|工程 is no 政府采购工程

    def spelled(self) -> None:
        """Words that runs of Latin letters spell, the longest first, none overlapping."""
        for run in _PINYIN.finditer(self.text):
            places = [at for at in range(run.start(), run.end()) if self.text[at] != " "]
            said = "".join(self.text[at] for at in places)
            at = 0
            while at < len(said):
                end = next((end for end in range(min(len(said), at + 30), at + 4, -1) if said[at:end] in _spelled()), at + 1)
                if (word := _spelled().get(said[at:end])) is not None:
                    term = general_terms().get(word)
                    items = (item_of_term(term),) if term is not None else ()
                    span = (places[at], places[end - 1] + 1)
                    self.put(span, 2.0, items=items, term=term, cues=cues().get(word, frozenset()), how="sound")
                at = end

    def marks(self) -> None:
        """Marks, which are nothing else."""
        for place, c in enumerate(self.text):
            if _MARK.match(c):
                self.found[place, place + 1] = Segment(place, place + 1, c, 0.0, is_mark=True, cues=cues().get(c, frozenset()))


def kind_said(words: str) -> Kind | None:
    """The kind of disclosure that a longer word says beside what else it means (支出决算, 三公经费预算数)."""
    said = re.search(_SHAPES["kind"]["said"], re.sub(_SHAPES["kind"]["not"], "", words))
    return None if said is None else "final" if said["final"] else "budget"


@cache
def _spelled() -> dict[str, str]:
    """How general terms and cues are spelled in Latin letters."""
    found: dict[str, str] = {}
    for word in (*general_terms(), *cues()):
        spelled = letters(word) if len(word) >= 2 and word[0] > "z" else ""
        if len(spelled) >= 5 and spelled.isascii():
            found.setdefault(spelled, word)
    return found


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

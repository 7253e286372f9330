"""The names that one disclosure prints: rows, projects, budget units, columns, table titles, subjects of its prose.

A question's words are linked to them exactly, by a shortened form, by words (some of them synonyms), or by sound. Every match has a
score; which one is meant is decided where the question is read as a whole.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache, cached_property, lru_cache
from heapq import nlargest
from typing import Literal

from retrieval.figures.cells import Cell, Stated
from retrieval.figures.places import GOAL_TOTALS, goal_of, is_goal_table
from retrieval.words.folding import bare
from retrieval.words.grammar import load
from retrieval.words.lexicon import general_terms
from retrieval.words.pinyin import syllable
from store.text_index import cut, is_word
from store.vocabulary import read_rows, vocabulary

LabelKind = Literal["item", "project", "affiliate", "subject", "goal", "source"]

MOST_DESCRIBED = 5  # labels that a description is taken for at most
LONGEST = 64  # characters of a label that are matched
REMEMBERED = 128  # stretches of questions whose labels are kept: the cuts of a question share most of them
CANDIDATES = 60  # labels that are compared word by word
UNPRINTED = 0.5  # what a character of a word that no label bears counts
SHORTEST_NAME = 4  # characters of an agency's name that is left out of labels
ENOUGH = 0.5  # score below which a label is not even a candidate
_WORDS = load("labels.toml")
_BRACKET = re.compile(_WORDS["brackets"])
CATEGORY = re.compile(_WORDS["category"])
GENERAL = frozenset[str](_WORDS["general"])
"""Words that so many names bear that they tell none."""
_VARIES = frozenset[str](_WORDS["varies"])
_LISTS: str = _WORDS["lists"]
_WEAK = frozenset[str](_WORDS["weak"])


@dataclass(frozen=True, slots=True)
class Label:
    """One printed name, and the canonical item by which its figures are found."""

    text: str  # bare
    kind: LabelKind
    item: str
    code: str | None = None
    printed: str = ""
    under: str | None = None  # where the row's own label is only a category: the name above it
    counter: str | None = None  # of a number of things: what it is counted by
    table: str | None = None  # of a project that only its 绩效目标表 names: that table's title


@dataclass(frozen=True, slots=True)
class Match:
    """A label with how well words fit it, and how (exact, short, words, sound)."""

    label: Label
    score: float
    how: str


@dataclass
class Labels:
    """The labels of one disclosure."""

    by_text: dict[str, list[Label]] = field(default_factory=dict[str, list[Label]])
    codes: dict[str, str] = field(default_factory=dict[str, str])  # the item that a code is printed with
    counted: frozenset[str] = frozenset()  # items that are numbers of things
    _all: list[Label] = field(default_factory=list[Label])
    _found: dict[tuple[str, int], list[Match]] = field(default_factory=dict[tuple[str, int], list[Match]])
    _weights: dict[str, float] = field(default_factory=dict[str, float])  # how much a form tells of which label is meant

    @classmethod
    def of(cls, cells: Iterable[Cell], stated: Iterable[Stated], agency: str = "") -> Labels:
        """From a disclosure's cells and the figures that its prose states; `agency`: whose name in a label tells nothing."""
        found: dict[tuple[str, str], Label] = {}
        own = bare(agency) if len(bare(agency)) >= SHORTEST_NAME else None

        def add(printed: str, item: str, kind: LabelKind, code: str | None = None, **more: str | None) -> None:
            text = re.sub(_WORDS["numbering"], "", bare(printed))[:LONGEST]
            of_itself = own is not None and text.replace(own, "") in _WORDS["own"]
            if len(text) >= 2 and not of_itself and not re.search(_WORDS["no_label"], text):
                found.setdefault((text, item), Label(text, kind, item, code, printed, **more))

        totals: dict[str, str] = {}
        of_code: dict[str, str] = {}
        codes: dict[str, str] = {}
        counted: set[str] = set()
        for cell in cells:
            label, code = cell.row_label, cell.code
            if cell.item in GOAL_TOTALS and cell.amount is not None and is_goal_table(cell.table_title):
                totals.setdefault(cell.table_title, cell.item)
            if cell.item and cell.measure == "count":
                counted.add(cell.item)
            if code:
                codes.setdefault(code, cell.item or label)
            if cell.classification == "affiliate":
                if label:
                    add(label, label, "affiliate")
                if label and code and len(code) > 4:
                    of_code.setdefault(code, bare(label))
                continue
            kind: LabelKind = "project" if cell.classification == "project" else "item"
            if kind == "project" and len(cell.row_path) > 1 and CATEGORY.match(bare(label)):
                add(cell.row_path[-2], cell.item, kind, code, under=bare(cell.row_path[-2]))
            elif label:
                add(label, cell.item if cell.item and _is_of(cell) else label, kind, code)
            if cell.item:
                add(cell.item, cell.item, kind, code)
        for one in stated:
            if 2 <= len(bare(one.item)) <= 24:
                add(one.item, one.item, "subject", counter=one.unit if one.measure == "count" else None)
        named = {text for text, _ in found}
        goals = [(goal_of(title), title, item) for title, item in totals.items()]
        found |= {(text, title): Label(text, "project", item, None, text, table=title) for text, title, item in goals if text not in named}
        labels = cls(codes=codes, counted=frozenset(counted), _all=list(found.values()))
        for label in labels._all:
            short = label.text.replace(own, "") if own is not None else label.text
            plain = _BRACKET.sub("", short)
            forms = {_BRACKET.sub("", label.text), short, plain, re.sub(_WORDS["trimmed"], "", plain)}
            for form in (label.text, *(form for form in forms if len(form) >= 3 and form != label.text)):
                labels._add(form, label)
        for code, unit in of_code.items():
            for label in labels.by_text.get(unit, ()):
                if label.kind == "affiliate":
                    labels._add(code, label)
        return labels

    def _add(self, text: str, label: Label) -> None:
        known = self.by_text.setdefault(text, [])
        if label not in known:
            known.append(label)

    def exact(self, text: str) -> Iterable[tuple[int, int, list[Label]]]:
        """Every stretch of `text` that is a label, whole, whatever its dashes and quotes (2026-2027年度运维)."""
        kept = [at for at, c in enumerate(text) if c not in _VARIES and c != _LISTS]
        plain = "".join(text[at] for at in kept)
        for start in range(len(plain)):
            for end in range(start + 2, min(len(plain), start + LONGEST) + 1):
                if (labels := self.by_text.get(plain[start:end])) is not None:
                    first, last = kept[start], kept[end - 1] + 1
                    listed = text.count(_LISTS, first, last)  # 水费、电费 is no 水费电费
                    labels = [one for one in labels if (one.printed or one.text).count(_LISTS) == listed] if listed else labels
                    if labels:
                        yield first, last, labels

    def nearest(self, said: str, *, most: int = 5) -> list[Match]:
        """The labels that `said` may mean, best first."""
        if (said, most) not in self._found:
            if len(self._found) >= REMEMBERED:
                self._found.clear()
            self._found[said, most] = self._nearest(bare(said), most)
        return self._found[said, most]

    def _nearest(self, said: str, most: int) -> list[Match]:
        words = content_words(said)
        if not words or set(words) <= GENERAL:
            return []
        votes: dict[int, float] = defaultdict(float)
        for word in words:
            for form, weight in forms_of(word):
                for pair in _pairs_of(form) if len(form) > 1 else [form]:
                    for at in self._pairs.get(pair, ()):
                        votes[at] += weight
        if len(votes) < CANDIDATES:  # few share a pair of characters: those that share single ones, or sound alike
            singles = set(said) - _WEAK
            sounds = {syllable(c) for c in said if "\u4e00" <= c <= "\u9fff"}
            sharing = Counter(at for c in singles for at in self._singles.get(c, ()))
            heard = sounds if len(self._all) < 1500 else set[str]()
            sounding = Counter(at for sound in heard for at in self._sounding.get(sound, ()))
            for at in sorted(sharing.keys() | sounding.keys()):
                shared = sharing[at]
                alike = sounding[at] if shared < len(singles) else 0
                if shared >= 2 or alike >= 2 or (len(said) <= 2 and shared):
                    votes[at] += 0.1 * max(shared, alike)
        near = nlargest(CANDIDATES, votes, key=lambda at: (votes[at], -len(self._all[at].text)))
        found: dict[str, Match] = {}
        for at in near:
            label = self._all[at]
            score, how = likeness(said, tuple(words), label.text)
            if score >= ENOUGH and (label.text not in found or found[label.text].score < score):
                found[label.text] = Match(label, score, how)
        best = max((one.score for one in found.values()), default=0.0)
        alike = sum(1 for match in found.values() if match.score >= best - 0.04)
        if alike > 2 and len(said) <= 3:  # a word that many labels hold tells none of them
            weaker = {text: replace(match, score=match.score * 0.85) for text, match in found.items() if match.label.text != said}
            found |= weaker
        return nlargest(most, found.values(), key=lambda match: (match.score, match.label.kind != "subject", -len(match.label.text)))

    @property
    def units(self) -> list[Label]:
        """The budget units that are printed."""
        return [label for label in self._all if label.kind == "affiliate"]

    @property
    def projects(self) -> list[Label]:
        """The projects that are printed."""
        return [label for label in self._all if label.kind == "project"]

    def described(self, words: Sequence[str]) -> list[Match]:
        """The labels that a description fits (给梅州水库搬出来的老乡补粮食差价的: 梅州水库移民粮差补贴), best first.

        A word counts the more the fewer labels bear it; a word that no label bears counts little. The score is how much of what the
        words can tell here is told by the label, 0 … 1; how much they tell at all is for the caller to ask (`told`).
        """
        scores: dict[int, float] = defaultdict(float)
        covered: dict[int, float] = defaultdict(float)
        total = 0.0
        for word in dict.fromkeys(words):
            best: dict[int, tuple[float, int]] = {}
            rarest = 0.0
            for form, sure in forms_of(word):
                found = self._bearing(form)
                if not found:
                    continue
                weight = sure * self._weight(form)
                rarest = max(rarest, weight)
                for at in found:
                    if best.get(at, (0.0, 0))[0] < weight:
                        best[at] = (weight, len(form))
            total += rarest if best else UNPRINTED * len(word)
            for at, (weight, length) in best.items():
                scores[at] += weight
                covered[at] += length
        if not total:
            return []
        out = [
            Match(self._all[at], score / total * (0.85 + 0.15 * min(1.0, covered[at] / len(self._all[at].text))), "described")
            for at, score in scores.items()
        ]
        unique: dict[str, Match] = {}
        for match in sorted(out, key=lambda match: (-match.score, match.label.kind == "subject", len(match.label.text))):
            unique.setdefault(match.label.item if match.label.under is None else match.label.text, match)
        return list(unique.values())[:MOST_DESCRIBED]

    def told(self, words: Sequence[str], label: Label) -> float:
        """How much words tell of a label, in rarity: the sum over those of them that it bears."""
        borne = ([sure * self._weight(form) for form, sure in forms_of(word) if form in label.text] for word in dict.fromkeys(words))
        return sum(max(weights, default=0.0) for weights in borne)

    def bears(self, word: str) -> bool:
        """Whether a label bears the very word."""
        return bool(self._bearing(word))

    def is_printed(self, word: str) -> bool:
        """Whether a label bears the word or another form of it."""
        return any(self._bearing(form) for form, _ in forms_of(word))

    def _bearing(self, form: str) -> set[int]:
        """The labels that bear a form."""
        if len(form) == 1:
            return self._singles.get(form, set())
        sets = [self._pairs.get(pair) for pair in _pairs_of(form)]
        if any(not one for one in sets):
            return set()
        found = set.intersection(*(one for one in sets if one))
        return found if len(form) == 2 else {at for at in found if form in self._all[at].text}

    def _weight(self, form: str) -> float:
        """How much a form tells: the rarer and the longer, the more."""
        if form not in self._weights:
            many = len(self._bearing(form))
            self._weights[form] = (math.log(1 + len(self._all) / (1 + many)) * (0.7 + 0.3 * min(len(form), 4))) if many else 0.0
        return self._weights[form]

    @cached_property
    def _pairs(self) -> dict[str, set[int]]:
        """The labels with each pair of characters."""
        return _places_of(_pairs_of(label.text) for label in self._all)

    @cached_property
    def _singles(self) -> dict[str, set[int]]:
        """The labels with each character."""
        return _places_of(label.text for label in self._all)

    @cached_property
    def _sounding(self) -> dict[str, list[int]]:
        """The labels with a character of each sound, once for every such character."""
        found: dict[str, list[int]] = defaultdict(list)
        for c, places in self._singles.items():
            found[syllable(c)].extend(places)
        return found


def _places_of(parts: Iterable[Iterable[str]]) -> dict[str, set[int]]:
    """Where each part stands."""
    found: dict[str, set[int]] = {}
    for at, some in enumerate(parts):
        for part in some:
            found.setdefault(part, set()).add(at)
    return found


def _is_of(cell: Cell) -> bool:
    """Whether a cell's item is what its row's label says, not what stands above it or over its column."""
    item, label = bare(cell.item), bare(cell.row_label)
    return cell.code is not None or item in label or label in item or vocabulary().canonical_item(cell.row_label) == cell.item


def _pairs_of(text: str) -> list[str]:
    return [text[at : at + 2] for at in range(len(text) - 1)]


@lru_cache(maxsize=4096)
def content_words(said: str) -> list[str]:
    """The words of `said` that say what it is about."""
    return [word for word in cut(said) if word.strip() and not (len(word) == 1 and word in _WEAK)] or [w for w in cut(said) if w.strip()]


@cache
def synonyms() -> dict[str, tuple[tuple[str, float], ...]]:
    """What disclosures print for a word that people say, with how sure that is; data/vocabulary/synonyms.csv."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for row in read_rows("synonyms.csv", ("said", "printed", "weight", "source"), key=("said", "printed")):
        found[row["said"]].append((row["printed"], float(row["weight"])))
    return {said: tuple(printed) for said, printed in found.items()}


@lru_cache(maxsize=4096)
def forms_of(word: str) -> tuple[tuple[str, float], ...]:
    """The word itself, its synonyms, and the items that it is an everyday word for, each with a weight."""
    term = general_terms().get(word)
    named = tuple((bare(name), 0.9) for name in term.names) if term is not None else ()
    return ((word, 1.0), *synonyms().get(word, ()), *named)


def likeness(said: str, words: Sequence[str], label: str) -> tuple[float, str]:
    """How well words fit a label, 0 … 1, and how.

    What counts most is that every word of the question stands for something in the label; then, how much of the label is said.
    """
    if said == label:
        return 1.0, "exact"
    total, explained, covered, how = sum(map(len, words)), 0.0, 0.0, "short"
    other_number = any(word.isdigit() and len(word) >= 3 and word not in label for word in words)  # 12345热线 is no other one
    other_year = any(one in said and other in label for one, other in _WORDS["other_years"].items())
    if not label or other_year or total < 2 or other_number:
        return 0.0, "none"
    for word in words:
        part, used, way = _explained(word, label)
        explained += part * len(word)
        covered += used
        if way != "short":
            how = way
    share = 1.0 if said in label else explained / total
    return share * (0.78 + 0.22 * min(1.0, covered / len(label))), how


def _explained(word: str, label: str) -> tuple[float, float, str]:
    """How far the label explains a word (0 … 1), with how many of its characters, and how."""
    if word in label:
        return 1.0, len(word), "short"
    best = (0.0, 0.0, "none")
    for form, weight in synonyms().get(word, ()):
        if form in label and weight * 0.95 > best[0]:
            best = (0.95 * weight, len(form), "words")
    if best[0]:
        return best
    if len(word) >= 2:
        if _in_order(word, label):
            return 0.85, len(word), "short"
        if not is_word(word) and (heard := _sounds_in(word, label)) is not None:
            return heard, len(word), "sound"
    shared = sum(1 for c in word if c in label and c not in _WEAK)
    return 0.4 * shared / len(word), shared, "words"


def _in_order(word: str, label: str) -> bool:
    """Whether all characters of the word stand in the label, in order and not far apart (六高 in 第六高级中学)."""
    return re.search(".{0,3}?".join(map(re.escape, word)), label) is not None


@lru_cache(maxsize=65536)
def _syllables(text: str) -> tuple[str, ...]:
    return tuple(syllable(c) for c in text)


def _sounds_in(word: str, label: str) -> float | None:
    """0.9 where a stretch of the label sounds like the word, 0.75 where one character of three or more differs."""
    stretches = [label[at : at + len(word)] for at in range(len(label) - len(word) + 1)]
    shared = [(one, sum(a == b for a, b in zip(word, one, strict=True))) for one in stretches]
    if any((len(word) >= 3 or same) and _syllables(one) == _syllables(word) for one, same in shared):
        return 0.9
    return 0.75 if len(word) >= 3 and any(same == len(word) - 1 for _, same in shared) else None

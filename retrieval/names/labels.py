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
from functools import cached_property
from heapq import nlargest

from retrieval.figures.cells import Cell, Stated
from retrieval.figures.parts import GOAL_TOTALS
from retrieval.figures.things import CATEGORY, Label, LabelKind, Match, goal_of, is_goal_table
from retrieval.words.folding import bare, is_han
from retrieval.words.forms import GENERAL, WEAK, content_words, forms_of, likeness
from retrieval.words.grammar import load
from retrieval.words.pinyin import syllable
from store.vocabulary import vocabulary

MOST_DESCRIBED = 5  # labels that a description is taken for at most
LONGEST = 64  # characters of a label that are matched
REMEMBERED = 128  # stretches of questions whose labels are kept: the cuts of a question share most of them
MOST_HEARD = 1500  # labels that are compared by their sound
CANDIDATES = 60  # labels that are compared word by word
UNPRINTED = 0.5  # what a character of a word that no label bears counts
SHORTEST_NAME = 4  # characters of an agency's name that is left out of labels
SINGLE = 0.45  # what a character of a word counts whose forms no label bears
ENOUGH = 0.5  # score below which a label is not even a candidate
_WORDS = load("labels.toml")
_BRACKET = re.compile(_WORDS["brackets"])
_VARIES = frozenset[str](_WORDS["varies"])
_LISTS: str = _WORDS["lists"]


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
        seen: set[tuple[str | None, ...]] = set()
        for cell in cells:
            label, code = cell.row_label, cell.code
            if cell.item in GOAL_TOTALS and cell.amount is not None and is_goal_table(cell.table_title):
                totals.setdefault(cell.table_title, cell.item)
            if cell.item and cell.measure == "count":
                counted.add(cell.item)
            named = (label, cell.item, code, cell.classification, *cell.row_path[-2:-1])
            if named in seen:  # the other columns of its row
                continue
            seen.add(named)
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
        texts = {text for text, _ in found}
        goals = [(goal_of(title), title, item) for title, item in totals.items()]
        found |= {(text, title): Label(text, "project", item, None, text, table=title) for text, title, item in goals if text not in texts}
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
            lengths = self._lengths.get(plain[start : start + 2], ())
            for end in (start + length for length in lengths if start + length <= len(plain)):
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
        found: dict[str, Match] = {}
        for label in self._candidates(said, words):
            score, how = likeness(said, tuple(words), label.text)
            if score >= ENOUGH and (label.text not in found or found[label.text].score < score):
                found[label.text] = Match(label, score, how)
        best = max((one.score for one in found.values()), default=0.0)
        if len(said) <= 3 and sum(match.score >= best - 0.04 for match in found.values()) > 2:  # a word of many labels tells none of them
            found |= {text: replace(match, score=match.score * 0.85) for text, match in found.items() if match.label.text != said}
        return nlargest(most, found.values(), key=lambda match: (match.score, match.label.kind != "subject", -len(match.label.text)))

    def _candidates(self, said: str, words: Iterable[str]) -> list[Label]:
        """The labels that are compared word by word: those that share pairs of characters with a form of a word, and where few do, those
        that share single ones or sound alike."""
        votes: dict[int, float] = defaultdict(float)
        for form, weight in (pair for word in words for pair in forms_of(word)):
            for at in (at for pair in _pairs_of(form) for at in self._pairs.get(pair, ())):
                votes[at] += weight
        if len(votes) < CANDIDATES:
            singles = set(said) - WEAK
            sounds = {syllable(c) for c in said if len(self._all) < MOST_HEARD and is_han(c)}
            sharing = Counter(at for c in singles for at in self._singles.get(c, ()))
            sounding = Counter(at for sound in sounds for at in self._sounding.get(sound, ()))
            for at in sorted(sharing.keys() | sounding.keys()):
                alike = max(sharing[at], sounding[at] if sharing[at] < len(singles) else 0)
                if alike >= 2 or (len(said) <= 2 and sharing[at]):
                    votes[at] += 0.1 * alike
        return [self._all[at] for at in nlargest(CANDIDATES, votes, key=lambda at: (votes[at], -len(self._all[at].text)))]

    @cached_property
    def _lengths(self) -> dict[str, list[int]]:
        """How long the labels are that begin with two characters."""
        found: dict[str, set[int]] = defaultdict(set)
        for text in self.by_text:
            found[text[:2]].add(len(text))
        return {begins: sorted(lengths) for begins, lengths in found.items()}

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
            borne: dict[int, tuple[float, int]] = {}
            for weight, form in sorted((sure * self._weight(form), form) for form, sure in forms_of(word)):
                borne |= dict.fromkeys(self._bearing(form), (weight, len(form)))  # the form that tells most is the last
            for c in set(word) - WEAK if not borne and len(word) >= 2 else ():  # no form is printed: characters of it may be (粮食: 粮差)
                for at in self._bearing(c):
                    known = borne.get(at, (0.0, 0))
                    borne[at] = (known[0] + SINGLE * self._weight(c), known[1] + 1)
            total += max((weight for weight, _ in borne.values()), default=UNPRINTED * len(word))
            for at, (weight, length) in borne.items():
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
        found = set.intersection(*(self._pairs.get(pair, set[int]()) for pair in _pairs_of(form)))
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

"""Words for what can be asked: canonical items, everyday words, classification codes, and every label in the store.

Three sources, each a plain file or the snapshot itself: the vocabularies that ingest reads forms with, the everyday words
of data/vocabulary/everyday_words.csv, and the items that the open snapshot holds. Longest word wins.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from functools import cache, cached_property
from typing import Literal

from retrieval.pinyin import letters, syllable
from retrieval.reading import HAN, bare
from store.values import Classification, Flow, Fund, Portion
from store.vocabulary import Vocabulary, plain_label, read_rows, vocabulary

TermKind = Literal["item", "total", "fund", "several", "procurement", "count", "label", "denied"]
"""item: one thing · total: all income or spending · fund: a source of money · several: named parts added up · label: as printed ·
denied: what another term is not."""

LONGEST = 40
SHORTEST_PINYIN = 6  # letters: shorter spellings stand in too many words
_CODE = re.compile(r"(?<![\d.])(\d{7}(?![\d.%年元万亿千])|(?:\d{5}|\d{3})(?![\d.%年]|[万亿千]?元|万|亿|个|人|辆|台|.元))")
_NUMBERS_ONLY = re.compile(r"[\d\s.,%年月日第页（）\-—]*")


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it asks for. `names` are canonical items, most likely first."""

    word: str
    names: tuple[str, ...]
    kind: TermKind
    flow: Flow | None = None
    fund: Fund | None = None
    portion: Portion | None = None
    classification: Classification | None = None
    code: str | None = None

    @property
    def is_dimension(self) -> bool:
        """Whether the word can also narrow another item: a fund, or basic against project spending."""
        return self.kind == "fund" or self.fund is not None or self.portion is not None


@dataclass(frozen=True, slots=True)
class Found:
    """A term where it stands in the text."""

    start: int
    end: int
    term: Term


_CONTENT = frozenset(("filler", "pay", "person", "off_subject", "command", "unit", "count", "explain", "plain", "uncut"))


@dataclass(frozen=True)
class Words:
    """The words of data/vocabulary/question_words.csv, by what they say."""

    by_meaning: Mapping[str, tuple[str, ...]]

    def __getitem__(self, meaning: str) -> tuple[str, ...]:
        return self.by_meaning.get(meaning, ())

    def says(self, meaning: str, text: str) -> str | None:
        """The first (longest) word of that meaning in `text`."""
        return next((word for word in self[meaning] if word in text), None)

    @cached_property
    def cues(self) -> re.Pattern[str]:
        """Words that show the kind of question, two characters or more: no content of their own."""
        words = {word for meaning, some in self.by_meaning.items() if meaning not in _CONTENT for word in some if len(word) >= 2}
        return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))))

    @cached_property
    def contentless(self) -> re.Pattern[str]:
        """Every word that is no content by itself, however short."""
        words = {word for meaning, some in self.by_meaning.items() if meaning not in _CONTENT - {"filler", "plain"} for word in some}
        return re.compile("|".join(map(re.escape, sorted(words, key=lambda word: (-len(word), word)))))

    @cached_property
    def fillers(self) -> re.Pattern[str]:
        return re.compile("|".join(self._uncut(word) if len(word) == 1 else re.escape(word) for word in self["filler"]))

    def _uncut(self, filler: str) -> str:
        """A filler of one character where it is no part of a longer word (中, but neither 初中 nor 中介)."""
        whole = [word for word in self["uncut"] if filler in word]
        parted = [word.partition(filler) for word in whole]
        return "".join(f"(?!{f'(?<={before})' if before else ''}{filler}{after})" for before, _, after in parted) + filler


@cache
def question_words() -> Words:
    """Words that show what kind of question it is."""
    found: dict[str, list[str]] = {}
    for row in read_rows("question_words.csv", ("word", "says", "source"), key=("word", "says")):
        found.setdefault(row["says"], []).append(row["word"])
    return Words({meaning: tuple(sorted(words, key=lambda w: (-len(w), w))) for meaning, words in found.items()})


@cache
def general_terms() -> Mapping[str, Term]:
    """Every word that doesn't depend on a store."""
    known = vocabulary()
    terms: dict[str, Term] = {}
    fillers = set(question_words()["filler"])
    for code in known.codes:
        name = known.canonical_item(code.name)
        if _key(code.name) in fillers:
            continue
        terms.setdefault(_key(code.name), _with_item(Term(_key(code.name), (name,), "item"), known))
    for entry in known.items:
        if _key(entry.variant) in fillers:
            continue
        kind: TermKind = "fund" if entry.classification == "source" and entry.fund is not None else "item"
        kind = "total" if entry.classification == "summary" and re.search(r"^(本年|当年)?(收入|支出)", entry.item) else kind
        terms[_key(entry.variant)] = Term(
            _key(entry.variant), (entry.item,), kind, entry.flow, entry.fund, entry.portion, entry.classification
        )
    for row in read_rows("everyday_words.csv", ("word", "means", "kind", "source"), key=("word",)):
        names = tuple(row["means"].split("+" if row["kind"] == "several" else "|"))
        printed = terms.get(_key(row["word"]))  # what is printed under the very word comes before what people mean by it
        own = printed.names if printed is not None and printed.kind == row["kind"] == "item" else ()
        canonical = tuple(dict.fromkeys((*own, *map(known.canonical_item, names))))
        term = Term(_key(row["word"]), canonical, _kind(row["kind"]))
        terms[_key(row["word"])] = term if term.kind == "several" else _with_item(term, known)
    return terms


def _kind(text: str) -> TermKind:
    match text:
        case "item" | "total" | "fund" | "several" | "procurement" | "count":
            return text
        case _:
            raise ValueError(f"everyday_words.csv: unknown kind {text}")


def _key(text: str) -> str:
    return plain_label(text).lower()


def _with_item(term: Term, known: Vocabulary) -> Term:
    """The term with what its first item says by itself."""
    entry = known.item_by_variant.get(term.names[0])
    if entry is None:
        return term
    kind: TermKind = "fund" if term.kind == "item" and entry.classification == "source" and entry.fund else term.kind
    return replace(
        term,
        kind=kind,
        flow=entry.flow,
        fund=entry.fund,
        portion=entry.portion,
        classification=entry.classification if entry.classification != "economic_department" else None,
    )


@dataclass(frozen=True)
class Lexicon:
    """All words that can be asked for in one snapshot."""

    terms: Mapping[str, Term]
    codes: Mapping[str, str]  # code → name, of the store first

    @classmethod
    def of(cls, items: Iterable[tuple[str, str | None]], codes: Iterable[tuple[str, str]] = ()) -> Lexicon:
        """From the snapshot's (item, classification) pairs and (code, item) pairs."""
        known = vocabulary()
        terms: dict[str, Term] = {}
        fillers = set(question_words()["filler"])
        for item, _ in items:
            word = _key(item)
            if 2 <= len(word) <= LONGEST and word not in fillers and not _NUMBERS_ONLY.fullmatch(word):
                terms.setdefault(word, Term(word, (item,), "label"))
        terms.update(general_terms())
        names = {code.code: known.canonical_item(code.name) for code in known.codes}
        names.update({code: item for code, item in codes if code})
        return cls(terms, names)

    def find(self, text: str) -> tuple[Found, ...]:
        """The terms in `text`, left to right, longest first at each place, none overlapping; codes too."""
        found: list[Found] = []
        codes = {match.start(): match for match in _CODE.finditer(text)}
        at = 0
        while at < len(text):
            code = codes.get(at)
            if code is not None and self._is_code(code.group(1), text):
                number = code.group(1)
                name = self.codes.get(number)
                found.append(Found(at, code.end(), Term(number, (name,) if name else (), "item", code=number)))
                at = code.end()
                continue
            term = self._longest(text, at)
            if term is None:
                at += 1
            else:
                found.append(Found(at, at + len(term.word), term))
                at += len(term.word)
        return tuple(found)

    def _longest(self, text: str, at: int) -> Term | None:
        if text[at] == "年" and at and text[at - 1].isdigit() and text[at + 1 : at + 2] not in ("初", "末"):
            return None  # 2023年金额 holds no 年金
        for length in range(min(LONGEST, len(text) - at), 1, -1):
            term = self.terms.get(text[at : at + length])
            if term is not None:
                return term
        return None

    def _is_code(self, number: str, text: str) -> bool:
        if number in self.codes:
            return len(number) > 3 or bool(re.search(rf"{number}(?:类|款|项|（|$|\s|[{HAN}])", text))
        return len(number) == 7 or bool(re.search(rf"(?:科目|编码|代码){number}|{number}(?:科目|$|，|？)", text))

    def by_sound(self, text: str) -> Found | None:
        """A general term that a run of `text` sounds like (工务接待费): for a question in which nothing else was found."""
        sounds = sounds()
        best: Found | None = None
        syllables = [syllable(c) for c in text]
        for start in range(len(text)):
            for end in range(min(len(text), start + 16), start + 2, -1):
                term = sounds.get(tuple(syllables[start:end]))
                if term is not None and (best is None or end - start > best.end - best.start):
                    best = Found(start, end, term)
        return best or in_pinyin(text)


def in_pinyin(text: str) -> Found | None:
    """The longest term whose pinyin `text` spells (gongwu jiedai fei)."""
    letters = re.sub(r"[^a-z]", "", text)
    if len(letters) < SHORTEST_PINYIN:
        return None
    spelled = [(len(word), word) for word in _spelled() if word in letters]
    if not spelled:
        return None
    start = next(i for i, c in enumerate(text) if c.isascii() and c.isalpha())
    end = max(i for i, c in enumerate(text) if c.isascii() and c.isalpha()) + 1
    return Found(start, end, _spelled()[max(spelled)[1]])


@cache
def _spelled() -> Mapping[str, Term]:
    words = {letters(word): term for word, term in general_terms().items() if word[0] > "z"}
    return {spelled: term for spelled, term in words.items() if len(spelled) >= SHORTEST_PINYIN and spelled.isascii()}


@cache
def sounds() -> Mapping[tuple[str, ...], Term]:
    return {tuple(syllable(c) for c in word): term for word, term in general_terms().items() if len(word) >= 3}


def contains(label: str, said: str) -> bool:
    """Whether every character of `said` stands in `label` in order: how people shorten labels (订党报党刊)."""
    rest = iter(bare(label))
    return all(c in rest for c in bare(said))

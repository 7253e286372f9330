"""What the words of a budget mean in general: from data/vocabulary/general_terms.toml, each with the rule it rests on.

These are the project's words, never a document's: an answer made from them is marked as general knowledge.
"""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from functools import cache

from retrieval.prose.passages import plain_text
from retrieval.words.grammar import load
from store.vocabulary import DATA


@dataclass(frozen=True, slots=True)
class GeneralTerm:
    """A term with its names (the first is shown), a short explanation and its source."""

    id: str
    names: tuple[str, ...]
    meaning: str
    source: str

    @property
    def name(self) -> str:
        return self.names[0]


@dataclass(frozen=True, slots=True)
class Difference:
    """How two terms differ."""

    between: tuple[str, ...]
    meaning: str
    source: str


@dataclass(frozen=True)
class GeneralTerms:
    terms: tuple[GeneralTerm, ...]
    differences: tuple[Difference, ...]

    def named(self, text: str) -> tuple[GeneralTerm, ...]:
        """The terms that `text` names, in the order of their mention; a longer name hides a shorter one inside it."""
        rest = plain_text(text)
        found: list[tuple[int, GeneralTerm]] = []
        names = ((plain_text(name), term) for term in self.terms for name in term.names)
        for name, term in sorted(names, key=lambda pair: -len(pair[0])):
            place = rest.find(name)
            if place >= 0 and (len(name) > 1 or _stands_alone(rest, place)):
                found.append((place, term))
                rest = rest.replace(name, "\0" * len(name))
        return tuple(dict.fromkeys(term for _, term in sorted(found, key=lambda pair: pair[0])))

    def exactly(self, name: str) -> GeneralTerm | None:
        """The term of exactly this name."""
        plain = plain_text(name)
        return next((term for term in self.terms if plain in map(plain_text, term.names)), None)

    def difference(self, first: GeneralTerm, second: GeneralTerm) -> Difference | None:
        """How the two differ, where that is written down."""
        return next((one for one in self.differences if {*map(self.exactly, one.between)} == {first, second}), None)


def _stands_alone(text: str, place: int) -> bool:
    """Whether a term of one character (款, 项, 类) is a word of its own there: at an edge, or beside a mark or a question word."""
    around = load("prose.toml")["general"]["around"]
    return all(one in around or one == "\0" for one in (text[place - 1 : place] if place else "", text[place + 1 : place + 2]))


@cache
def general_terms() -> GeneralTerms:
    """The glossary, read once a process."""
    with (DATA / "vocabulary" / "general_terms.toml").open("rb") as file:
        read = tomllib.load(file)
    return GeneralTerms(
        tuple(GeneralTerm(term["id"], tuple(term["names"]), term["meaning"], term["source"]) for term in read["term"]),
        tuple(Difference(tuple(entry["between"]), entry["meaning"], entry["source"]) for entry in read["difference"]),
    )

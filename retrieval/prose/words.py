"""The words that questions about prose are made of, from data/vocabulary/prose_words.csv and synonyms.csv, read once a process.

Gives lookups by role; longest words first, so that the most specific one decides. Holds no rule of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property, lru_cache

from retrieval.words.forms import synonyms
from retrieval.words.grammar import load
from store.vocabulary import read_rows

COLUMNS = ("role", "word", "meaning", "source")


@dataclass(frozen=True)
class ProseWords:
    """Rows of prose_words.csv as (word, meaning), by role, longest word first."""

    by_role: Mapping[str, tuple[tuple[str, str], ...]]

    def of(self, role: str) -> tuple[str, ...]:
        """The words of a role."""
        return tuple(word for word, _ in self.by_role.get(role, ()))

    def found(self, role: str, text: str) -> str | None:
        """The longest word of a role that stands in `text`."""
        return next((word for word in self.of(role) if word in text), None)

    @cached_property
    def synonyms(self) -> Mapping[str, tuple[str, ...]]:
        """What a question says → what disclosures print for it."""
        said = self.by_role.get("synonym", ())
        return {word: tuple(printed for other, printed in said if other == word) for word, _ in said}

    @cached_property
    def counters(self) -> Mapping[str, str]:
        """A word for counting → the word that its kind is known by (名 → 人)."""
        return dict(self.by_role.get("counter", ()))

    @cached_property
    def money_units(self) -> frozenset[str]:
        return frozenset(self.of("money_unit"))


@cache
def prose_words() -> ProseWords:
    """The words, checked for shape and duplicates on loading (store.vocabulary.VocabularyError)."""
    by_role: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows("prose_words.csv", COLUMNS, key=("role", "word", "meaning")):
        by_role.setdefault(row["role"], []).append((row["word"], row["meaning"]))
    return ProseWords({role: tuple(sorted(words, key=lambda pair: (-len(pair[0]), pair))) for role, words in by_role.items()})


@cache
def pattern(role: str) -> re.Pattern[str]:
    """A pattern that matches any word of a role, longest first."""
    return re.compile("|".join(map(re.escape, prose_words().of(role))))


@cache
def printed(section: str, name: str) -> re.Pattern[str]:
    """A pattern of what disclosures print, from data/grammar/prose.toml."""
    return re.compile(load("prose.toml")[section][name])


@lru_cache(maxsize=20_000)
def forms_of(word: str) -> tuple[str, ...]:
    """The word, and what disclosures print for it."""
    return (word, *(form for form, _ in synonyms().get(word, ())), *prose_words().synonyms.get(word, ()))

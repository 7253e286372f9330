"""The words that questions about prose are made of, from data/vocabulary/prose_words.csv and topics.csv, read once a process.

Gives lookups by role; longest words first, so that the most specific one decides. Holds no rule of its own.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache, cached_property

from store.vocabulary import read_rows

COLUMNS = ("role", "word", "meaning", "source")


@dataclass(frozen=True)
class ProseWords:
    """Rows of prose_words.csv as (word, meaning), by role, longest word first."""

    by_role: Mapping[str, tuple[tuple[str, str], ...]]

    def of(self, role: str, meaning: str | None = None) -> tuple[str, ...]:
        """The words of a role (with a meaning, if one is given)."""
        return tuple(word for word, what in self.by_role.get(role, ()) if meaning is None or what == meaning)

    def meaning(self, role: str, text: str) -> str | None:
        """What `text` says in a role: the meaning of its longest word that stands in it."""
        return next((what for word, what in self.by_role.get(role, ()) if word in text), None)

    def found(self, role: str, text: str) -> str | None:
        """The longest word of a role that stands in `text`."""
        return next((word for word, _ in self.by_role.get(role, ()) if word in text), None)

    def pattern(self, role: str, meaning: str | None = None) -> re.Pattern[str]:
        """A pattern that matches any word of a role, longest first."""
        return re.compile("|".join(map(re.escape, self.of(role, meaning))))

    @cached_property
    def synonyms(self) -> Mapping[str, tuple[str, ...]]:
        """What a question says → what disclosures print for it."""
        found: dict[str, list[str]] = {}
        for word, printed in self.by_role.get("synonym", ()):
            found.setdefault(word, []).append(printed)
        return {word: tuple(printed) for word, printed in found.items()}

    @cached_property
    def counters(self) -> Mapping[str, str]:
        """A word for counting → the word that its kind is known by (名 → 人)."""
        return dict(self.by_role.get("counter", ()))

    @cached_property
    def money_units(self) -> frozenset[str]:
        return frozenset(self.of("money_unit"))


@cache
def pattern(role: str) -> re.Pattern[str]:
    """A pattern that matches any word of a role, kept."""
    return prose_words().pattern(role)


@cache
def prose_words() -> ProseWords:
    """The words, checked for shape and duplicates on loading (store.vocabulary.VocabularyError)."""
    by_role: dict[str, list[tuple[str, str]]] = {}
    for row in read_rows("prose_words.csv", COLUMNS, key=("role", "word", "meaning")):
        by_role.setdefault(row["role"], []).append((row["word"], row["meaning"]))
    return ProseWords({role: tuple(sorted(words, key=lambda pair: (-len(pair[0]), pair))) for role, words in by_role.items()})

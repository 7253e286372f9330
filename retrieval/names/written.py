"""Names of places and departments as people write them, written out before a question is read.

A place may be spelled in letters (hangzhou公安局) or said by its one character (穗司法局), a department written with a wrong character
of the same sound (市教欲局). Who is named is looked for in the text with the usual names.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import cached_property
from typing import Any

from retrieval.names.bodies import LEVELS, OFFICES, department_behind, departments
from retrieval.words.gazetteer import cities, place_at
from retrieval.words.grammar import load, pattern
from retrieval.words.pinyin import letters, syllable
from store.text_index import is_word

_RUN = re.compile(r"(?<![a-z])([a-z]{4,}) ?(?=[\u4e00-\u9fff])")
LONGEST = 4  # characters of a department's name that a slip is looked for in


class Written:
    """The places and departments that a store knows, by how they sound."""

    def __init__(self, places: Iterable[str], functions: Iterable[str], names: Iterable[str] = ()) -> None:
        self._names = tuple(names)
        self._places = tuple(dict.fromkeys(places))
        self._functions: dict[tuple[str, ...], list[str]] = {}
        here = tuple(dict.fromkeys(functions))
        other = {word: name for word, name in departments().items() if any(name in one for one in here) and not set(word) <= set(name)}
        self._other = {word: name for word, name in other.items() if not any(word in one for one in here)}
        for name in dict.fromkeys((*departments(), *here)):
            if 2 <= len(name) <= LONGEST:
                self._functions.setdefault(tuple(map(syllable, name)), []).append(name)

    def out(self, text: str) -> str:
        """The folded text with its places and departments written out."""
        text = self._from_letters(text)
        for mended in (self._from_one_character, self._department_slips, self._other_names):
            for start, end, meant in reversed(list(mended(text))):
                text = text[:start] + meant + text[end:]
        return text

    @cached_property
    def _spelled(self) -> dict[str, str]:
        """Places by their letters, with and without a level; those here before others."""
        levels = {"": "", **_short("levels")}
        places = {letters(place): place for place in (*cities(), *self._places)}
        return {**{one + end: place + level for one, place in places.items() for end, level in levels.items()}, **places}

    def _from_letters(self, text: str) -> str:
        """A place in letters before Chinese: hangzhou公安局."""
        return _RUN.sub(lambda run: self._spelled.get(run[1], run.group()), text)

    def _from_one_character(self, text: str) -> Iterator[tuple[int, int, str]]:
        """A place by its one character before a department: 穗司法局."""
        for at, character in enumerate(text[:-2]):
            place = _short("places").get(character)
            if place is None or _is_within_place(text, at) or (at and is_word(text[at - 1 : at + 1])):
                continue
            if department_behind(text, at + 1 + (text[at + 1] in LEVELS)):
                yield at, at + 1, place

    def _department_slips(self, text: str) -> Iterator[tuple[int, int, str]]:
        """A wrong character in what an office is for: 市教欲局."""
        for end in (at for at, character in enumerate(text) if character in OFFICES):
            for length in range(min(LONGEST, end), 1, -1):
                said = text[end - length : end]
                meant = self._functions.get(tuple(map(syllable, said)))
                if meant is None:
                    continue
                if len(meant) == 1 and said != meant[0] and not is_word(said) and any(a == b for a, b in zip(said, meant[0], strict=True)):
                    yield end - length, end, meant[0]
                break

    def _other_names(self, text: str) -> Iterator[tuple[int, int, str]]:
        """What an office is for by a word that its name does not bear: 甲市环保局乙分局, 乙环保分局."""
        for said in pattern("names.toml", "short", "office").finditer(text):
            if said[1] in self._other:
                yield *said.span(), self._other[said[1]]
        for said in pattern("names.toml", "short", "team").finditer(text):
            here = [name for name in self._names if name[:2] in text[: said.start()]]
            forms = [form for form in _short("teams").get(said[1], ()) if any(form + said[2] in name for name in here)]
            if len(forms) == 1 and not any(said.group() in name for name in here):
                yield *said.span(1), forms[0]


def _short(of: str) -> dict[str, Any]:
    """Places by the one character that stands for them, levels by their letters, teams of police; data/grammar/names.toml."""
    return load("names.toml")["short"][of]


def _is_within_place(text: str, at: int) -> bool:
    """Whether a character belongs to the name of a place of the country: 江|苏."""
    return any((place := place_at(text, start)) is not None and at < start + len(place) for start in range(max(0, at - 3), at + 1))

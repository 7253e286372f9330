"""The words of a text line with their places: what `pdftotext -layout` and its like keep of a table's columns.

Takes lines of text; gives runs of text with their first and last character, letterspaced words put together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import Final

from ingest.text_headers import is_code_name, is_header_cell
from ingest.text_words import is_figure, is_total_word

SPACED: Final = 20
"""Characters between the letters of one letterspaced word, at most."""


@dataclass(frozen=True, slots=True)
class Word:
    """A run of text in a line, with its first column and the one behind its last."""

    text: str
    start: int
    end: int

    @property
    def centre(self) -> float:
        return (self.start + self.end) / 2


def keeps_places(lines: Sequence[str]) -> bool:
    """Whether a table's lines show columns by their blanks: most lines with several cells hold wide gaps."""
    full = [line for line in lines if len(line.split()) > 1]
    wide = [line for line in full if re.search(r"\S{2,} {3,}\S{2,}", line)]
    return len(full) >= 2 and len(wide) >= 0.6 * len(full)


def words_of(line: str, header: bool = False) -> list[Word]:
    """The cells of a line: parted at wide gaps, in a header at every gap, in a body also on both sides of a figure."""
    words = [Word(match.group(), match.start(), match.end()) for match in re.finditer(r"\S+", line.replace("\u3000", " "))]
    joined: list[Word] = []
    for word in words:
        last = joined[-1] if joined else None
        apart = (
            last is None
            or word.start - last.end > 1
            or header
            or is_figure(word.text)
            or is_figure(last.text)
            or last.text.isdigit()
            or "*" in word.text
        )
        if last is None or apart:
            joined.append(word)
        else:
            joined[-1] = Word(last.text + " " + word.text, last.start, word.end)
    return joined if header else letterspaced(joined, [])


def letterspaced(words: list[Word], apart: Sequence[Word]) -> list[Word]:
    """Joins `收   入`, `项     目` and `本 年 支 出 合 计`: single characters that make a known header cell, a total, or that
    stand closer together than to their neighbours. `apart` stay alone."""
    joined: list[Word] = []
    at = 0
    while at < len(words):
        end = at + 1
        while (
            end < len(words)
            and is_letter(words[end].text)
            and is_letter(words[at].text)
            and words[end].start - words[end - 1].end < SPACED
        ):
            end += 1
        run = [] if any(word in apart for word in words[at:end]) else words[at:end]
        length = next((size for size in range(len(run), 1, -1) if _is_word(run[:size], words, at)), 1)
        joined.append(Word("".join(word.text for word in words[at : at + length]), words[at].start, words[at + length - 1].end))
        at += length
    return joined


def _is_word(run: Sequence[Word], words: Sequence[Word], at: int) -> bool:
    text = "".join(word.text for word in run)
    if set(text) & set("类款"):
        return False
    if is_header_cell(text) or is_total_word(text) or is_code_name(text):
        return True
    widest = max(second.start - first.end for first, second in pairwise(run))
    before = run[0].start - words[at - 1].end if at else widest
    after = words[at + len(run)].start - run[-1].end if at + len(run) < len(words) else widest
    return widest < min(before, after)


def is_letter(text: str) -> bool:
    """Whether a text is one Chinese character."""
    return len(text) == 1 and "\u4e00" <= text <= "\u9fff"

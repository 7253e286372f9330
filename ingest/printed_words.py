"""Words as a page shows them, from a text layer or recognised in a picture: joined, put into lines, cut, made text.

Takes and gives `Word`s in the displayed frame (points from the top left corner); distances are measured in ems, so that
they hold for type of every size.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import pairwise

GAP = 0.35
"""Ems of empty space that end a word. Proportional digits and full-width punctuation leave up to 0.25."""
BACKSTEP = 0.5
"""Ems that a glyph may start before the end of the one before it (kerning, condensed type)."""
LEVEL = 0.12
"""Ems by which the baselines of one word's glyphs may differ."""
OVER = 0.3
"""Ems by which two words of a line must lie over one another to be of different lines."""
SAME = 0.06
"""Ems by which baselines that are meant to be one differ."""
TWIN = 0.3
"""Ems within which the same glyph printed twice is one glyph printed bold."""


@dataclass(frozen=True, slots=True)
class Word:
    """Glyphs on one baseline with no wide gap between them."""

    text: str
    x0: float
    top: float
    x1: float
    bottom: float
    baseline: float
    size: float                    # of the type, in points
    starts: tuple[float, ...]      # left edge of each character of `text`
    bold: bool = False
    angle: int = 0                 # degrees by which it is turned against the displayed page
    spaced: bool = False           # a blank is printed before it on its line
    sureness: float = 1.0          # below 1 for text recognised from a picture

    @property
    def middle(self) -> float:
        """Height of the middle of the type: tells the row even where the box hangs over a rule."""
        return self.baseline - 0.36 * self.size


def joined(words: Sequence[Word]) -> list[Word]:
    """Words whose parts were printed apart put together, and copies of a word at the same place dropped.

    A page may print one word in several pieces, and print a word twice, a hair apart, to make it look bold.
    The result is in order of baseline, then from left to right.
    """
    result: list[Word] = []
    for line in lines_of([word for word in words if word.angle == 0]):
        last: Word | None = None
        for word in line:
            if last is not None:
                em = min(last.size, word.size)
                if word.text == last.text and abs(word.x0 - last.x0) < TWIN * em:
                    continue
                level = abs(word.baseline - last.baseline) <= LEVEL * em
                if level and not word.spaced and -BACKSTEP * em <= word.x0 - last.x1 <= GAP * em and word.x0 > last.starts[-1]:
                    last = _put_together(last, word)
                    result[-1] = last
                    continue
            result.append(word)
            last = word
    result.extend(word for word in words if word.angle != 0)
    return result


def _put_together(first: Word, second: Word) -> Word:
    return Word(
        first.text + second.text,
        first.x0,
        min(first.top, second.top),
        second.x1,
        max(first.bottom, second.bottom),
        first.baseline,
        max(first.size, second.size),
        first.starts + second.starts,
        first.bold and second.bold,
        0,
        first.spaced,
        min(first.sureness, second.sureness),
    )


def lines_of(words: Iterable[Word], slack: float = 0.35) -> list[list[Word]]:
    """Words grouped by baseline (within `slack` ems of the line's first), each line from left to right, from the top."""
    lines: list[list[Word]] = []
    for word in sorted(words, key=lambda word: word.baseline):
        if lines and word.baseline - lines[-1][0].baseline <= slack * min(word.size, lines[-1][0].size):
            lines[-1].append(word)
        else:
            lines.append([word])
    return [piece for line in lines for piece in _apart(sorted(line, key=lambda word: word.x0))]


def _apart(line: list[Word]) -> Iterable[list[Word]]:
    """A line in parts where words of different baselines lie over one another: printed one into the other, they are several."""
    over = any(
        second.x0 < first.x1 - OVER * second.size and abs(first.baseline - second.baseline) > SAME * second.size
        for first, second in pairwise(line)
    )
    if not over:
        yield line
        return
    parts: list[list[Word]] = []
    for word in sorted(line, key=lambda word: word.baseline):
        if parts and word.baseline - parts[-1][0].baseline <= SAME * word.size:
            parts[-1].append(word)
        else:
            parts.append([word])
    for piece in parts:
        yield sorted(piece, key=lambda word: word.x0)


def text_of(line: Sequence[Word], blank: float = 0.42) -> str:
    """The words of one line joined; a printed blank or a gap wider than `blank` ems becomes one blank."""
    pieces: list[str] = []
    for before, word in zip([None, *line], line, strict=False):
        if before is not None and (word.spaced or word.x0 - before.x1 > blank * min(before.size, word.size)):
            pieces.append(" ")
        pieces.append(word.text)
    return "".join(pieces)


def part(word: Word, first: int, last: int) -> Word:
    """The characters `first` … `last` - 1 of a word as a word of their own."""
    end = word.starts[last] if last < len(word.starts) else word.x1
    return Word(
        word.text[first:last], word.starts[first], word.top, end, word.bottom, word.baseline, word.size, word.starts[first:last],
        word.bold, word.angle, word.spaced if first == 0 else False, word.sureness,
    )

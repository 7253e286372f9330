"""The text layer of a PDF page as words: runs of glyphs on one baseline, with the place of every glyph.

Takes an open pdfium page; gives words in the displayed frame (points from the top left corner, after /Rotate and the
crop box). Words are built on glyph *origins*: the boxes of one line differ (in some fonts the comma, the point and 一
hang lower than the rest), its baseline does not. Nothing is interpreted; blanks only part words.
"""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any

import pypdfium2.raw as pdfium

from ingest.printed_words import BACKSTEP, GAP, LEVEL, TWIN, Word
from store.values import Box

SMALLEST = 0.6
"""Points: type below this cannot be read by anybody and is not on the page."""
ASCENT, DESCENT = 0.88, 0.12
"""The share of an em above and below the baseline, as CJK fonts have it: boxes then do not depend on the font."""
BOLD_WEIGHT = 600
NEARLY_WHITE = 250
HYPHEN_MARK = 2
"""pdfium's sign for a hyphen at the end of a line."""
IGNORED = frozenset((0x08, 0x0B, 0x0C, 0x1B, 0x1F))
NOT_TEXT = frozenset((0, 0xFFFD, 0xFFFE, 0xFFFF))
"""Code points that say that the font does not tell which character a glyph is."""
LETTERS = frozenset((*range(0x391, 0x3CA), *range(0x410, 0x450), 0x2C7, 0x2C9, 0x2CA, 0x2CB))
"""Greek and Russian letters and tone marks: the only ones of the small alphabets that Chinese typesetting prints.

Any other is a glyph number taken for a character, in a font that does not tell its characters.
"""
BLANKS = frozenset((0x09, 0x0A, 0x0D, 0x20, 0xA0, 0x3000, 0x200B, 0xFEFF, *range(0x2000, 0x200B)))


@dataclass(frozen=True, slots=True)
class Frame:
    """The displayed page: its size in points, and how page space is turned into it."""

    width: float
    height: float
    rotation: int                  # degrees, clockwise: 0, 90, 180, 270
    left: float
    bottom: float
    right: float
    top: float

    def place(self, x: float, y: float) -> tuple[float, float]:
        """A point of page space in the displayed frame."""
        if self.rotation == 0:
            return x - self.left, self.top - y
        if self.rotation == 90:
            return y - self.bottom, x - self.left
        if self.rotation == 180:
            return self.right - x, y - self.bottom
        return self.top - y, self.right - x

    def point_of(self, x: float, y: float) -> tuple[float, float]:
        """The point of page space that is shown at a point of the displayed frame."""
        if self.rotation == 0:
            return x + self.left, self.top - y
        if self.rotation == 90:
            return y + self.left, x + self.bottom
        if self.rotation == 180:
            return self.right - x, y + self.bottom
        return self.right - y, self.top - x

    def turned(self, angle: int) -> Frame:
        """The frame in which type that is turned by `angle` (a multiple of 90 degrees) against this one stands upright."""
        width, height = (self.width, self.height) if angle % 180 == 0 else (self.height, self.width)
        return replace(self, width=width, height=height, rotation=(self.rotation + angle) % 360)

    def box_from(self, other: Frame, box: Box) -> Box:
        """A box of another frame of the same page in this one."""
        first = self.place(*other.point_of(box[0], box[1]))
        second = self.place(*other.point_of(box[2], box[3]))
        return min(first[0], second[0]), min(first[1], second[1]), max(first[0], second[0]), max(first[1], second[1])


def frame_of(page: Any) -> Frame:
    """The displayed frame of an open pdfium page."""
    box = pdfium.FS_RECTF()
    pdfium.FPDF_GetPageBoundingBox(page, box)
    rotation = (pdfium.FPDFPage_GetRotation(page) % 4) * 90
    across, up = box.right - box.left, box.top - box.bottom
    width, height = (across, up) if rotation % 180 == 0 else (up, across)
    return Frame(width, height, rotation, box.left, box.bottom, box.right, box.top)


def words_of(text_page: Any, frame: Frame, characters: int) -> TextLayer:
    """The text layer of an open pdfium text page with so many `characters`."""
    return _Reader(text_page, frame).read(characters)


@dataclass(frozen=True, slots=True)
class TextLayer:
    """What a page's text layer says, in the order of its content."""

    words: tuple[Word, ...]
    white: tuple[Word, ...] = ()   # in (nearly) white type: there to be read only on a dark ground
    hidden: tuple[Word, ...] = ()  # not painted at all
    known: int = 0                 # glyphs whose character is known
    unknown: int = 0               # glyphs whose character the font does not tell


@dataclass(slots=True)
class _Run:
    """A word being built."""

    letters: list[str]
    starts: list[float]
    x1: float
    baseline: float
    size: float
    angle: int
    spaced: bool
    mark: int


class WordBuilder:
    """Puts glyphs, given in the order of the page's content, together to words."""

    def __init__(self, close: Callable[[Word, int], None]) -> None:
        self.close = close             # is handed each word, and the mark of its first glyph
        self.run: _Run | None = None
        self.spaced = False

    def add(self, letter: str, x0: float, baseline: float, x1: float, size: float, angle: int, mark: int) -> None:
        """One glyph: its left edge and its end (advance), baseline and type size in points, and its angle in degrees."""
        run = self.run
        if run is not None and angle == run.angle and abs(baseline - run.baseline) <= LEVEL * size:
            if run.letters[-1] == letter and abs(x0 - run.starts[-1]) < TWIN * size:
                return
            gap = x0 - run.x1
            near = -BACKSTEP * size <= gap <= GAP * size and x0 > run.starts[-1] and abs(size - run.size) < 0.5 * size
            if near and (not self.spaced or gap < 0.1 * size):
                run.letters.append(letter)
                run.starts.append(x0)
                run.x1 = x1
                self.spaced = False
                return
        self.finish()
        self.run = _Run([letter], [x0], x1, baseline, size, angle, self.spaced, mark)
        self.spaced = False

    def finish(self) -> None:
        """Closes the last word."""
        run = self.run
        if run is None:
            return
        self.run = None
        x1 = max(run.x1, run.starts[-1] + 0.1 * run.size)
        self.close(
            Word(
                "".join(run.letters), run.starts[0], run.baseline - ASCENT * run.size, x1, run.baseline + DESCENT * run.size,
                run.baseline, run.size, tuple(run.starts), False, run.angle, run.spaced,
            ),
            run.mark,
        )


class _Reader:
    """One pass over the characters of a page. Holds the C buffers, so that a call costs nothing but itself."""

    def __init__(self, text_page: Any, frame: Frame) -> None:
        self.page = text_page
        self.frame = frame
        self.x, self.y = ctypes.c_double(), ctypes.c_double()
        self.loose = pdfium.FS_RECTF()
        self.sides = tuple(ctypes.c_double() for _ in range(4))
        self.colour = tuple(ctypes.c_uint() for _ in range(4))
        self.matrix = pdfium.FS_MATRIX()
        self.words: list[Word] = []
        self.white: list[Word] = []
        self.hidden: list[Word] = []

    def read(self, characters: int) -> TextLayer:
        unicode_of, origin_of, loose_of = pdfium.FPDFText_GetUnicode, pdfium.FPDFText_GetCharOrigin, pdfium.FPDFText_GetLooseCharBox
        page, x, y, loose = self.page.raw, self.x, self.y, self.loose
        is_generated = pdfium.FPDFText_IsGenerated     # blanks that pdfium guesses from gaps
        upright = self.frame.rotation == 0
        left, top = self.frame.left, self.frame.top
        builder = WordBuilder(self._close)
        add = builder.add
        known = unknown = high = 0
        size_of = pdfium.FPDFText_GetFontSize
        ems: dict[tuple[float, float], float] = {}    # by font size and box height: the scale of a glyph is dear to ask for
        for index in range(characters):
            code = unicode_of(page, index)
            if code in BLANKS:
                builder.spaced = builder.spaced or not is_generated(page, index)
                continue
            if code < 0x20:
                if code != HYPHEN_MARK:
                    unknown += code not in IGNORED
                    continue
                code = 0x2D
            if 0xD800 <= code < 0xE000:
                if code < 0xDC00:
                    high = code
                    continue
                code = 0x10000 + ((high - 0xD800) << 10) + (code - 0xDC00) if high else 0xFFFD
                high = 0
            if code in NOT_TEXT or 0xE000 <= code < 0xF900:
                unknown += 1
                if code in NOT_TEXT:
                    continue
            if 0x7F < code < 0xA0 or (0x100 <= code < 0x2000 and code not in LETTERS):
                unknown += 1
            known += 1
            origin_of(page, index, x, y)
            loose_of(page, index, loose)
            look = size_of(page, index), loose.top - loose.bottom
            size = ems.get(look)
            if size is None:
                size = ems[look] = self._em(index, *look)
            if upright and size > SMALLEST:
                add(chr(code), x.value - left, top - y.value, loose.right - left, size, 0, index)
            else:
                x0, baseline, x1, size, angle = self._turned(index, code)
                if size > SMALLEST:
                    add(chr(code), x0, baseline, x1, size, angle, index)
        builder.finish()
        return TextLayer(tuple(self.words), tuple(self.white), tuple(self.hidden), known, unknown)

    def _em(self, index: int, size: float, height: float) -> float:
        """The type size in points of a glyph set level and upright; 0 for any other. Its box is no measure: fonts differ."""
        pdfium.FPDFText_GetMatrix(self.page, index, self.matrix)
        level = self.matrix.a > 0 and abs(self.matrix.b) < 0.01 * self.matrix.a
        return size * abs(self.matrix.d) if level and height > 0 else 0.0

    def _turned(self, index: int, code: int) -> tuple[float, float, float, float, int]:
        """x0, baseline, x1, size and angle of a glyph whose upright box means nothing: turned page or turned type."""
        pdfium.FPDFText_GetMatrix(self.page, index, self.matrix)
        size = pdfium.FPDFText_GetFontSize(self.page, index) * math.hypot(self.matrix.a, self.matrix.b)
        written = math.degrees(math.atan2(self.matrix.b, self.matrix.a))
        angle = round(written - self.frame.rotation) % 360
        x0, base = self.frame.place(self.x.value, self.y.value)
        first, last, low, high = self.sides
        pdfium.FPDFText_GetCharBox(self.page, index, first, last, low, high)
        corners = self.frame.place(first.value, low.value), self.frame.place(last.value, high.value)
        if angle == 0:
            x1 = x0 + size if code >= 0x2E80 else max(max(corners[0][0], corners[1][0]) + 0.06 * size, x0 + 0.25 * size)
        else:
            x0, x1 = sorted((corners[0][0], corners[1][0]))
            base = max(corners[0][1], corners[1][1])
        return x0, base, x1, size, angle

    def _close(self, word: Word, index: int) -> None:
        """Keeps a word with what its first glyph says of its look; what lies outside the page is not on it."""
        if word.x1 < 0 or word.x0 > self.frame.width or word.bottom < 0 or word.top > self.frame.height:
            return
        if word.angle == 0 and len(word.text) <= 2 and self.frame.rotation == 0:
            angle = round(math.degrees(pdfium.FPDFText_GetCharAngle(self.page, index))) % 360
            word = replace(word, angle=angle) if angle else word
        thing = pdfium.FPDFText_GetTextObject(self.page, index)
        mode = pdfium.FPDFTextObj_GetTextRenderMode(thing)
        if mode in (pdfium.FPDF_TEXTRENDERMODE_INVISIBLE, pdfium.FPDF_TEXTRENDERMODE_CLIP):
            self.hidden.append(word)
            return
        if mode == pdfium.FPDF_TEXTRENDERMODE_FILL_STROKE or pdfium.FPDFText_GetFontWeight(self.page, index) >= BOLD_WEIGHT:
            word = replace(word, bold=True)
        painted = mode in (pdfium.FPDF_TEXTRENDERMODE_FILL, pdfium.FPDF_TEXTRENDERMODE_FILL_CLIP)
        if painted and pdfium.FPDFPageObj_GetFillColor(thing, *self.colour):
            red, green, blue, alpha = (part.value for part in self.colour)
            if alpha == 0:
                self.hidden.append(word)
                return
            if min(red, green, blue) >= NEARLY_WHITE:
                self.white.append(word)
                return
        self.words.append(word)

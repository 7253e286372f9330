"""A PDF page read with pdfplumber: the slow way that the fast one (`ingest/readers/pdf.py`) is judged by.

Gives the same kind of value from another parser of PDF (pdfminer.six), so that both can be laid out by the same code
and compared, and so that a page whose fonts one of them cannot make sense of can be read by the other.
"""

from __future__ import annotations

import io
import math
import re
from collections.abc import Iterable
from itertools import pairwise
from typing import Any

from ingest.glyphs import BLANKS, SMALLEST, Frame, WordBuilder
from ingest.printed_words import Word, joined
from ingest.readers.pdf_pages import PrintedPage
from ingest.rules import LARGE, LOWEST_FILL, THIN, Edge, joined_edges
from store.values import Box

UNKNOWN = re.compile(r"\(cid:\d+\)|[\x00-\x08\ufffd\ufffe\uffff\ue000-\uf8ff]")
"""How pdfminer writes a glyph whose character the font does not tell."""


def read_page_with_pdfplumber(data: bytes, index: int) -> PrintedPage | None:
    """The words and rules of the page at 0-based `index`; None if pdfminer cannot read the page at all."""
    import pdfplumber
    from pdfminer.pdfexceptions import PDFException
    from pdfplumber.utils.exceptions import PdfminerException

    try:
        with pdfplumber.open(io.BytesIO(data), pages=[index + 1]) as document:
            return _printed(document.pages[0])
    except (PDFException, PdfminerException, IndexError, KeyError, TypeError, ValueError):
        return None       # pdfminer raises these on what it did not expect; the caller keeps the other reading


def _printed(page: Any) -> PrintedPage:
    left, top, right, bottom = page.bbox
    frame = Frame(right - left, bottom - top, int(page.rotation or 0) % 360, 0.0, 0.0, *_unturned(page, right - left, bottom - top))
    words, known, unknown = _words(page.chars, (left, top, right, bottom), page.mediabox)
    edges = [_moved(edge, left, top) for edge in _edges(page)]
    return PrintedPage(
        tuple(joined(words)), tuple(joined_edges(edges)), frame, frame,
        0, 0.0, 0, unknown / max(1, unknown + known),
    )


def _unturned(page: Any, width: float, height: float) -> tuple[float, float]:
    """Width and height of the page before /Rotate."""
    return (width, height) if int(page.rotation or 0) % 180 == 0 else (height, width)


def _words(glyphs: Iterable[dict[str, Any]], box: Box, media: Box) -> tuple[list[Word], int, int]:
    words: list[Word] = []
    bold: list[bool] = []

    def close(word: Word, mark: int) -> None:
        if word.x1 >= 0 and word.x0 <= box[2] - box[0] and word.bottom >= 0 and word.top <= box[3] - box[1]:
            words.append(word)

    builder = WordBuilder(close)
    known = unknown = 0
    for mark, glyph in enumerate(glyphs):
        text = glyph["text"]
        if all(ord(letter) in BLANKS for letter in text):
            builder.spaced = True
            continue
        if UNKNOWN.search(text):
            unknown += 1
            continue
        known += 1
        bold.append("bold" in glyph["fontname"].lower())
        a, b, _, _, _, up = glyph["matrix"]
        size = glyph["size"]
        if size <= SMALLEST:
            continue
        angle = round(math.degrees(math.atan2(b, a))) % 360
        baseline = glyph["top"] + (glyph["y1"] - up) - box[1] if angle == 0 else glyph["bottom"] - box[1]
        for letter in text:
            builder.add(letter, glyph["x0"] - box[0], baseline, glyph["x1"] - box[0], size, angle, mark)
    builder.finish()
    return words, known, unknown


def _moved(edge: Edge, left: float, top: float) -> Edge:
    across, along = (left, top) if edge.vertical else (top, left)
    return Edge(edge.vertical, edge.at - across, edge.first - along, edge.last - along, edge.soft)


def _edges(page: Any) -> Iterable[Edge]:
    for thing in (*page.lines, *page.rects, *page.images):
        box = thing["x0"], thing["top"], thing["x1"], thing["bottom"]
        thin = min(box[2] - box[0], box[3] - box[1]) <= THIN
        if thin and max(box[2] - box[0], box[3] - box[1]) > 0:
            yield _rule(box)
        elif thing["object_type"] == "rect" and thing.get("stroke"):
            yield from _sides(box, False)
        elif thing["object_type"] == "rect" and thing.get("fill") and not _is_white(thing.get("non_stroking_color")):
            whole = (box[2] - box[0]) * (box[3] - box[1]) > LARGE * page.width * page.height
            if not whole and box[3] - box[1] >= LOWEST_FILL:
                yield from _sides(box, True)
    for curve in page.curves:
        box = curve["x0"], curve["top"], curve["x1"], curve["bottom"]
        if curve.get("fill") and min(box[2] - box[0], box[3] - box[1]) <= THIN < max(box[2] - box[0], box[3] - box[1]):
            yield _rule(box)       # pdfminer calls a path of straight lines a curve where it is no plain rectangle
            continue
        points = curve["pts"]
        for (x0, y0), (x1, y1) in pairwise(points):
            if curve.get("stroke") and min(abs(x0 - x1), abs(y0 - y1)) <= 1.0:
                yield _rule((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))


def _rule(box: Box) -> Edge:
    x0, top, x1, bottom = box
    if x1 - x0 >= bottom - top:
        return Edge(False, (top + bottom) / 2, x0, x1)
    return Edge(True, (x0 + x1) / 2, top, bottom)


def _sides(box: Box, soft: bool) -> Iterable[Edge]:
    x0, top, x1, bottom = box
    for y in (top, bottom):
        yield Edge(False, y, x0, x1, soft)
    for x in (x0, x1):
        yield Edge(True, x, top, bottom, soft)


def _is_white(colour: Any) -> bool:
    """Whether a colour of pdfminer (grey, RGB or CMYK, each part 0 … 1) is nearly white."""
    if isinstance(colour, int | float):
        return colour >= 0.98
    if not isinstance(colour, list | tuple):
        return False
    parts: list[Any] = list(colour)  # pyright: ignore[reportUnknownArgumentType] - pdfminer does not say what is in it
    if not all(isinstance(part, int | float) for part in parts):
        return False
    return all(part <= 0.02 for part in parts) if len(parts) == 4 else bool(parts) and all(part >= 0.98 for part in parts)

"""Scanned PDFs and pictures: text recognition, then the same geometry as for a text layer.

A page's picture is set straight, its rules are found, its words recognised; grids and lines are then made as for any
page. Every cell carries how surely it was read. Boxes are given in the page as displayed, as crooked as it is.
"""

from __future__ import annotations

import io
import math
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from functools import partial
from typing import Any, Final

from ingest import limits
from ingest.page_grids import grids_from
from ingest.page_lines import in_reading_order, lines_from
from ingest.picture_rules import LEAST_TURNED, edges_of, skew, straightened
from ingest.readers.pdf import PdfReader, page_pictures
from ingest.recognised_cells import mended
from ingest.recognition import Recognised, recognise
from ingest.source import Block, Line, Page, Source
from store.errors import DamagedFile, TooLarge
from store.values import Box, Warned

DPI: Final = 200
"""Of a page's picture. At 150 a worn scan gave wrong amounts in 16 of 240 cells, at 200 in none (field notes, OCR)."""

PICTURE_DPI: Final = 200
"""Assumed of a picture that doesn't say; only the scale of its boxes depends on it."""

SCANNED: Final = "scanned_page"
"""The PDF reader's warning for a page without text."""

BLANK: Final = 0.0005
"""Share of dark pixels below which a page is blank."""

_MAGIC: Final = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM")


class ScanReader:
    """PNG, JPEG, TIFF, BMP and WEBP; and any PDF, whose text pages are left to the PDF reader."""

    def recognises(self, head: bytes, name: str) -> bool:
        return PdfReader().recognises(head, name) or head.startswith(_MAGIC) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")

    def read(self, data: bytes, name: str) -> Source:
        """The pages, those without text by recognition. Raises DamagedFile, TooLarge, and as the PDF reader."""
        limits.check_size(data, name)
        return _read_pdf(data, name) if PdfReader().recognises(data, name) else _read_pictures(data, name)


def _read_pdf(data: bytes, name: str) -> Source:
    source = PdfReader().read(data, name)
    scanned = {int(page) for warned in source.warnings if warned.code == SCANNED for key, page in warned.where if key == "page"}
    if not scanned:
        return source
    _allow(len(scanned), name)
    read = {number: read_page(picture, number, (width, height))
            for number, picture, width, height in page_pictures(data, DPI, name, scanned)}
    pages = tuple(read.get(page.number, page) if page.number is not None else page for page in source.pages)
    warnings = tuple(warned for warned in source.warnings if not (warned.code == SCANNED and int(dict(warned.where)["page"]) in read))
    if len(read) == len(pages):
        return Source("scan", "ocr", pages, (*warnings, *_blank_warnings(pages)), source.unread)
    pages = tuple(replace(page, read_by="ocr") if page.number in read else page for page in pages)
    return Source("pdf", "text_layer", pages, (*warnings, *_blank_warnings(read.values())), source.unread)


def _read_pictures(data: bytes, name: str) -> Source:
    pages: list[Page] = []
    for count, number, picture, width, height in _pictures(data, name):
        if number == 1:
            _allow(count, name)
        pages.append(read_page(picture, number, (width, height)))
    return Source("picture", "ocr", tuple(pages), tuple(_blank_warnings(pages)))


def _allow(pictures: int, name: str) -> None:
    if pictures > limits.PICTURED_PAGES:
        raise TooLarge(file=name, what="pages", found=pictures, limit=limits.PICTURED_PAGES)
    limits.tell_pictures.get()(pictures)


def _blank_warnings(pages: Iterable[Page]) -> Iterator[Warned]:
    for page in pages:
        if not page.blocks:
            yield Warned("nothing_recognised", (("page", str(page.number)),))


def read_page(picture: Any, number: int, size: tuple[float, float], may_be_turned: bool = True) -> Page:
    """A page from its PIL picture; `size` is the page's width and height in points. A sheet scanned sideways is turned."""
    import numpy as np
    from PIL import Image

    colours = np.asarray(picture.convert("RGB"))
    grey = _grey(colours)
    if float((grey < 128).mean()) < BLANK:
        return Page(number, size[0], size[1], ())
    scale = colours.shape[1] / size[0]
    angle = skew(grey, scale)
    straight = straightened(colours, angle)
    found = recognise(straight, scale)
    if not found.seems_turned or not may_be_turned:
        page = _laid_out(found, straightened(grey, angle), number, size, scale)
        return replace(page, blocks=tuple(_moved(block, partial(_crooked, angle=angle, size=size)) for block in page.blocks))
    ways = (1, 3) if found.on_its_side else (2,)
    tried = [(turned, recognise(straightened(turned, skew(_grey(turned), scale)), scale), quarter)
             for quarter in ways for turned in (np.ascontiguousarray(np.rot90(colours, quarter)),)]
    best, sureness, quarter = max(((turned, other.sureness, quarter) for turned, other, quarter in tried), key=lambda item: item[1])
    if sureness <= found.sureness:
        return read_page(picture, number, size, may_be_turned=False)
    page = read_page(Image.fromarray(best), number, size if quarter == 2 else (size[1], size[0]), may_be_turned=False)
    return Page(number, size[0], size[1], tuple(_moved(block, partial(_turned_back, quarter=quarter, size=size)) for block in page.blocks))


def _grey(colours: Any) -> Any:
    import cv2

    return cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)


def _laid_out(found: Recognised, grey: Any, number: int, size: tuple[float, float], scale: float) -> Page:
    grids, outside = grids_from(found.words, edges_of(grey, scale), size, number)
    return Page(number, size[0], size[1], in_reading_order(lines_from(outside, number), [mended(grid) for grid in grids]))


def _pictures(data: bytes, name: str) -> Iterator[tuple[int, int, Any, float, float]]:
    """The pictures of a file (a TIFF may hold several): how many there are, number, picture, width and height in points."""
    from PIL import Image, UnidentifiedImageError

    try:
        opened = Image.open(io.BytesIO(data))
        count = getattr(opened, "n_frames", 1)
        for index in range(count):
            limits.check_pages(index + 1, name)
            opened.seek(index)
            limits.check_picture(opened.width, opened.height, name, index + 1)
            dots = opened.info.get("dpi", (PICTURE_DPI,))[0]
            dpi = float(dots) if 60 <= float(dots) <= 1200 else PICTURE_DPI
            yield count, index + 1, opened.convert("RGB"), opened.width * 72 / dpi, opened.height * 72 / dpi
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DamagedFile(file=name, reason=type(error).__name__) from error


def _moved(block: Block, move: Callable[[Box], Box]) -> Block:
    """A block with all its boxes moved."""
    if block.bbox is None:
        return block
    if isinstance(block, Line):
        return replace(block, bbox=move(block.bbox))
    cells = tuple(replace(cell, bbox=move(cell.bbox)) if cell.bbox else cell for cell in block.cells)
    return replace(block, bbox=move(block.bbox), cells=cells)


def _crooked(box: Box, angle: float, size: tuple[float, float]) -> Box:
    """A box of the straightened page in the page as it lies: same size, its middle turned about the page's."""
    if abs(angle) < LEAST_TURNED:
        return box
    turn = math.radians(angle)
    x, y = (box[0] + box[2]) / 2 - size[0] / 2, (box[1] + box[3]) / 2 - size[1] / 2
    across = x * math.cos(turn) - y * math.sin(turn) + size[0] / 2
    down = x * math.sin(turn) + y * math.cos(turn) + size[1] / 2
    half_width, half_height = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    return (across - half_width, down - half_height, across + half_width, down + half_height)


def _turned_back(box: Box, quarter: int, size: tuple[float, float]) -> Box:
    """A box of a page that was turned by quarters anticlockwise, in the page of `size` as it lies."""
    x0, top, x1, bottom = box
    width, height = size
    if quarter == 1:
        return (width - bottom, x0, width - top, x1)
    if quarter == 3:
        return (top, height - x1, bottom, height - x0)
    return (width - x1, height - bottom, width - x0, height - top)

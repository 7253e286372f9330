"""Scanned PDFs and pictures: text recognition, then the same geometry as for a text layer.

A page's picture is set straight, its rules are found, its words recognised; grids and lines are then made as for any
page. Every cell carries how surely it was read. Boxes are given in the page as displayed, as crooked as it is.
"""

from __future__ import annotations

import io
import math
from collections.abc import Iterator
from dataclasses import replace
from typing import Any, Final

from ingest import limits
from ingest.page_grids import grids_from
from ingest.page_lines import in_reading_order, lines_from
from ingest.picture_rules import LEAST_TURNED, edges_of, skew, straightened
from ingest.readers.pdf import has_text_layer, page_pictures
from ingest.recognition import is_on_its_side, recognise
from ingest.source import Block, Grid, Line, Page, Source
from store.errors import DamagedFile, MingzhangError
from store.values import Box, Warned

DPI: Final = 200
"""Of a page's picture. At 150 a worn scan gave wrong amounts in 16 of 240 cells, at 200 in none (field notes, OCR)."""

PICTURE_DPI: Final = 200
"""Assumed of a picture that doesn't say; only the scale of its boxes depends on it."""

BLANK: Final = 0.0005
"""Share of dark pixels below which a page is blank."""

_MAGIC: Final = (b"\x89PNG\r\n", b"\xff\xd8\xff", b"II*\0", b"MM\0*", b"BM")


class ScanReader:
    """PDFs whose pages are all pictures; PNG, JPEG, TIFF, BMP and WEBP."""

    def recognises(self, head: bytes, name: str) -> bool:
        if b"%PDF-" in head[:1024]:
            try:
                texts = has_text_layer(head, name)
            except MingzhangError:
                return False        # the PDF reader says why
            return bool(texts) and not any(texts)
        return head.startswith(_MAGIC) or (head.startswith(b"RIFF") and head[8:12] == b"WEBP")

    def read(self, data: bytes, name: str) -> Source:
        """The pages by text recognition. Raises DamagedFile, TooLarge, and as the PDF reader."""
        limits.check_size(data, name)
        is_pdf = b"%PDF-" in data[:1024]
        pages: list[Page] = []
        warnings: list[Warned] = []
        for number, picture, width, height in page_pictures(data, DPI, name) if is_pdf else _pictures(data, name):
            pages.append(read_page(picture, number, (width, height)))
            if not pages[-1].blocks:
                warnings.append(Warned("nothing_recognised", (("file", name), ("page", str(number)))))
        return Source("scan" if is_pdf else "picture", "ocr", tuple(pages), tuple(warnings))


def read_page(picture: Any, number: int, size: tuple[float, float]) -> Page:
    """A page from its PIL picture; `size` is the page's width and height in points."""
    import cv2
    import numpy as np

    colours = np.asarray(picture.convert("RGB"))
    grey = cv2.cvtColor(colours, cv2.COLOR_RGB2GRAY)
    if float((grey < 128).mean()) < BLANK:
        return Page(number, size[0], size[1], ())
    scale = colours.shape[1] / size[0]
    angle = skew(grey, scale)
    colours, grey = straightened(colours, angle), straightened(grey, angle)
    edges = edges_of(grey, scale)
    words = recognise(colours, scale)
    grids, outside = grids_from(words, edges, size, number)
    blocks = in_reading_order(lines_from(outside, number), grids)
    return Page(number, size[0], size[1], tuple(_turned(block, angle, size) for block in blocks))


def _pictures(data: bytes, name: str) -> Iterator[tuple[int, Any, float, float]]:
    """The pictures of a file (a TIFF may hold several), with their size in points."""
    from PIL import Image, UnidentifiedImageError

    try:
        opened = Image.open(io.BytesIO(data))
        for index in range(getattr(opened, "n_frames", 1)):
            limits.check_pages(index + 1, name)
            opened.seek(index)
            limits.check_picture(opened.width, opened.height, name, index + 1)
            dots = opened.info.get("dpi", (PICTURE_DPI,))[0]
            dpi = float(dots) if 60 <= float(dots) <= 1200 else PICTURE_DPI
            yield index + 1, opened.convert("RGB"), opened.width * 72 / dpi, opened.height * 72 / dpi
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError) as error:
        raise DamagedFile(file=name, reason=type(error).__name__) from error


def _turned(block: Block, angle: float, size: tuple[float, float]) -> Block:
    """A block with its boxes turned back into the page as it lies."""
    if abs(angle) < LEAST_TURNED or block.bbox is None:
        return block
    if isinstance(block, Line):
        return replace(block, bbox=_turn_box(block.bbox, angle, size))
    cells = tuple(replace(cell, bbox=_turn_box(cell.bbox, angle, size)) if cell.bbox else cell for cell in block.cells)
    return Grid(block.page, _turn_box(block.bbox, angle, size), block.rows, block.columns, cells, block.name)


def _turn_box(box: Box, angle: float, size: tuple[float, float]) -> Box:
    """A box of the straight page in the crooked one: same size, its middle turned about the page's."""
    turn = math.radians(angle)
    x, y = (box[0] + box[2]) / 2 - size[0] / 2, (box[1] + box[3]) / 2 - size[1] / 2
    across = x * math.cos(turn) - y * math.sin(turn) + size[0] / 2
    down = x * math.sin(turn) + y * math.cos(turn) + size[1] / 2
    half_width, half_height = (box[2] - box[0]) / 2, (box[3] - box[1]) / 2
    return (across - half_width, down - half_height, across + half_width, down + half_height)

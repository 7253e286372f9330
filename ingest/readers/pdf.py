"""PDF with a text layer: pages as lines and grids.

Takes the bytes of a PDF; gives a `Source` whose boxes are points from the top left corner of the page as displayed.
The text and the rules come from pdfium; a page whose text pdfium cannot make sense of is read with pdfplumber, the
slower judge (`read_page_with_pdfplumber`). Pages without text are named in warnings and left to text recognition.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from ingest import limits
from ingest.glyphs import Frame
from ingest.page_grids import grids_from
from ingest.page_lines import in_reading_order, lines_from
from ingest.readers.pdf_judge import read_page_with_pdfplumber
from ingest.readers.pdf_pages import PrintedPage, opened, printed_on
from ingest.source import Block, Line, Page, Source
from store.values import Warned

if TYPE_CHECKING:
    from PIL.Image import Image

ODD = 0.02
"""Share of glyphs without a known character from which a page is read the other way too."""
FEW = 30
"""Letters: fewer over a picture of the whole page are a page number or a stamp."""
MOST_OF_PAGE = 0.5


class PdfReader:
    """Any PDF with a text layer."""

    def recognises(self, head: bytes, name: str) -> bool:
        return b"%PDF-" in head[:1024]

    def read(self, data: bytes, name: str) -> Source:
        """The pages of a PDF. Raises EmptyFile, EncryptedFile, DamagedFile or TooLarge."""
        pages: list[Page] = []
        warnings: list[Warned] = []
        with opened(data, name) as document:
            for index in range(len(document)):
                page, warned = _read_page(document, index, name, data)
                pages.append(page)
                warnings.extend(warned)
        return Source("pdf", "text_layer", tuple(pages), tuple(warnings))


def _read_page(document: Any, index: int, name: str, data: bytes) -> tuple[Page, list[Warned]]:
    number = index + 1
    printed = printed_on(document, index, name)
    where = (("page", str(number)),)
    warnings: list[Warned] = []
    if printed.unknown > ODD:
        judged = read_page_with_pdfplumber(data, index)
        if judged is not None and judged.unknown < printed.unknown:
            printed = judged
        if printed.unknown > ODD:
            warnings.append(Warned("garbled_text", where))
    if is_scanned(printed):
        warnings.append(Warned("scanned_page" if printed.pixels <= limits.PICTURE_PIXELS else "picture_too_large", where))
    elif printed.hidden:
        warnings.append(Warned("hidden_text", where))
    return laid_out(printed, number), warnings


def is_scanned(printed: PrintedPage) -> bool:
    """Whether a page is a picture: nothing to read, or no more than a page number printed over a picture of a page."""
    letters = sum(len(word.text) for word in printed.words)
    return (letters == 0 and printed.pictured > 0) or (letters < FEW and printed.pictured > MOST_OF_PAGE)


def laid_out(printed: PrintedPage, number: int) -> Page:
    """Lines and grids of what is printed on the 1-based page `number`."""
    frame, reading = printed.frame, printed.read_in
    grids, outside = grids_from(printed.words, printed.edges, (reading.width, reading.height), number)
    blocks = in_reading_order(lines_from(outside, number), grids)
    if reading != frame:
        blocks = tuple(_placed(block, reading, frame) for block in blocks)
    return Page(number, frame.width, frame.height, blocks, frame.rotation)


def _placed(block: Block, reading: Frame, frame: Frame) -> Block:
    """A block that was read on its side, with its boxes on the page as displayed."""
    box = frame.box_from(reading, block.bbox) if block.bbox is not None else None
    if isinstance(block, Line):
        return replace(block, bbox=box)
    cells = tuple(replace(cell, bbox=frame.box_from(reading, cell.bbox) if cell.bbox is not None else None) for cell in block.cells)
    return replace(block, bbox=box, cells=cells)


def has_text_layer(data: bytes, name: str = "") -> list[bool]:
    """For each page, whether it has text to read. Raises as `PdfReader.read`."""
    with opened(data, name) as document:
        return [not is_scanned(printed_on(document, index, name)) for index in range(len(document))]


def page_pictures(
    data: bytes, dpi: float, name: str = "", pages: Collection[int] | None = None
) -> Iterator[tuple[int, Image, float, float]]:
    """Pages as pictures: 1-based number, picture, width and height in points as displayed.

    Without `pages` (1-based) all of them. A page whose picture would unpack to more than `limits.PICTURE_PIXELS` is
    left out: it costs more memory than a small file may ask for. Raises as `PdfReader.read`.
    """
    with opened(data, name) as document:
        for index in range(len(document)):
            if pages is not None and index + 1 not in pages:
                continue
            if printed_on(document, index, name).pixels > limits.PICTURE_PIXELS:
                continue
            page = document[index]
            width, height = page.get_size()
            scale = min(dpi / 72, (limits.PICTURE_PIXELS / max(width * height, 1.0)) ** 0.5)
            yield index + 1, page.render(scale=scale).to_pil(), width, height
            page.close()

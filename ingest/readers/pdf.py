"""PDF with a text layer: pages as lines and grids.

Takes the bytes of a PDF; gives a `Source` whose boxes are points from the top left corner of the page as displayed.
The text and the rules come from pdfium; a page whose text pdfium cannot make sense of is read with pdfplumber, the
slower judge (`read_page_with_pdfplumber`). Pages without text are named in warnings and left to text recognition.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from ingest.page_grids import grids_from
from ingest.page_lines import in_reading_order, lines_from
from ingest.readers.pdf_judge import read_page_with_pdfplumber
from ingest.readers.pdf_pages import Printed, opened, printed_on
from ingest.source import Page, Source
from store.values import Warned

if TYPE_CHECKING:
    from PIL.Image import Image

ODD = 0.02
"""Share of glyphs without a known character from which a page is read the other way too."""


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
    if not printed.words and printed.pictures:
        warnings.append(Warned("scanned_page", where))
    elif printed.hidden:
        warnings.append(Warned("hidden_text", where))
    return laid_out(printed, number), warnings


def laid_out(printed: Printed, number: int) -> Page:
    """Lines and grids of what is printed on the 1-based page `number`."""
    grids, outside = grids_from(printed.words, printed.edges, (printed.width, printed.height), number)
    blocks = in_reading_order(lines_from(outside, number), grids)
    return Page(number, printed.width, printed.height, blocks, printed.rotated)


def has_text_layer(data: bytes, name: str = "") -> list[bool]:
    """For each page, whether it has text to read. Raises as `PdfReader.read`."""
    with opened(data, name) as document:
        return [bool(printed_on(document, index, name).words) for index in range(len(document))]


def page_pictures(data: bytes, dpi: float, name: str = "") -> Iterator[tuple[int, Image, float, float]]:
    """Each page as a picture: 1-based number, picture, width and height in points as displayed."""
    with opened(data, name) as document:
        for index in range(len(document)):
            page = document[index]
            width, height = page.get_size()
            yield index + 1, page.render(scale=dpi / 72).to_pil(), width, height
            page.close()

"""PDF with a text layer: pages as lines and grids.

Takes the bytes of a PDF; gives a `Source` whose boxes are points from the top left corner of the page as displayed.
The text and the rules come from pdfium; a page whose text pdfium cannot make sense of is read with pdfplumber, the
slower judge (`read_page_with_pdfplumber`). Pages without text are named in warnings and left to text recognition.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from ingest.glyphs import Word, frame_of, joined, words_of
from ingest.page_grids import grids_from
from ingest.page_lines import in_reading_order, lines_from
from ingest.rules import Edge, drawn_on
from ingest.source import Page, Source
from store.errors import DamagedFile, EmptyFile, EncryptedFile, TooLarge
from store.values import Warned

if TYPE_CHECKING:
    from PIL.Image import Image

MOST_BYTES = 100 * 1024 * 1024
MOST_PAGES = 2_000
MOST_CHARACTERS = 200_000
"""On one page. The limits are in docs/limits.md."""


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
                page, warned = _read_page(document, index, name)
                pages.append(page)
                warnings.extend(warned)
        return Source("pdf", "text_layer", tuple(pages), tuple(warnings))


@contextmanager
def opened(data: bytes, name: str) -> Iterator[Any]:
    """An open pdfium document within the limits. Raises EmptyFile, EncryptedFile, DamagedFile or TooLarge."""
    import pypdfium2

    if not data:
        raise EmptyFile(file=name)
    if len(data) > MOST_BYTES:
        raise TooLarge(file=name, what="bytes", limit=MOST_BYTES, found=len(data))
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFile(file=name) from error
        raise DamagedFile(file=name, page="") from error
    try:
        if len(document) == 0:
            raise DamagedFile(file=name, page="")
        if len(document) > MOST_PAGES:
            raise TooLarge(file=name, what="pages", limit=MOST_PAGES, found=len(document))
        yield document
    finally:
        document.close()


def _read_page(document: Any, index: int, name: str) -> tuple[Page, list[Warned]]:
    import pypdfium2
    import pypdfium2.raw as pdfium

    try:
        page = document[index]
    except pypdfium2.PdfiumError as error:
        raise DamagedFile(file=name, page=index + 1) from error
    try:
        frame = frame_of(page)
        text_page = page.get_textpage()
        characters = pdfium.FPDFText_CountChars(text_page)
        if characters > MOST_CHARACTERS:
            raise TooLarge(file=name, page=index + 1, what="characters", limit=MOST_CHARACTERS, found=characters)
        words, _ = words_of(text_page, frame, characters)
        drawn = drawn_on(page, frame)
    finally:
        page.close()
    number = index + 1
    made = _laid_out(joined(words), drawn.edges, number, frame.width, frame.height, frame.rotation)
    warnings: list[Warned] = []
    if not words and drawn.pictures:
        warnings.append(Warned("scanned_page", (("page", str(number)),)))
    return made, warnings


def _laid_out(words: list[Word], edges: tuple[Edge, ...], number: int, width: float, height: float, rotated: int) -> Page:
    grids, outside = grids_from(words, edges, (width, height), number)
    return Page(number, width, height, in_reading_order(lines_from(outside, number), grids), rotated)


def has_text_layer(data: bytes, name: str = "") -> list[bool]:
    """For each page, whether it has text to read. Raises as `PdfReader.read`."""
    import pypdfium2.raw as pdfium

    result: list[bool] = []
    with opened(data, name) as document:
        for index in range(len(document)):
            page = document[index]
            text_page = page.get_textpage()
            words, _ = words_of(text_page, frame_of(page), pdfium.FPDFText_CountChars(text_page))
            result.append(bool(words))
            page.close()
    return result


def page_pictures(data: bytes, dpi: float, name: str = "") -> Iterator[tuple[int, Image, float, float]]:
    """Each page as a picture: 1-based number, picture, width and height in points as displayed."""
    with opened(data, name) as document:
        for index in range(len(document)):
            page = document[index]
            width, height = page.get_size()
            yield index + 1, page.render(scale=dpi / 72).to_pil(), width, height
            page.close()

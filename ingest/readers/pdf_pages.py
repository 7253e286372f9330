"""A PDF opened within the limits, and what is printed on one of its pages, by pdfium."""

from __future__ import annotations

from collections import Counter
from collections.abc import Generator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from ingest import limits
from ingest.glyphs import Frame, TextLayer, frame_of, words_of
from ingest.printed_words import Word, joined
from ingest.rules import Drawn, Edge, drawn_on
from store.errors import DamagedFile, EmptyFile, EncryptedFile, TooLarge
from store.values import Box

TURNED = 0.6
"""Share of a page's letters that stand on their side, from which the page is read sideways."""


@dataclass(frozen=True, slots=True)
class PrintedPage:
    """What is printed on one page, before grids are made of it."""

    words: tuple[Word, ...]
    edges: tuple[Edge, ...]
    frame: Frame                   # as displayed
    read_in: Frame                 # in which words and edges are: turned, where most type stands on its side
    hidden: int                    # words that nobody sees: white on white, or not painted
    pictured: float                # share of the page that its largest picture covers
    pixels: int                    # of its largest picture
    unknown: float                 # share of glyphs whose character the font does not tell


@contextmanager
def opened(data: bytes, name: str) -> Generator[Any]:
    """An open pdfium document within the limits. Raises EmptyFile, EncryptedFile, DamagedFile or TooLarge."""
    import pypdfium2

    if not data:
        raise EmptyFile(file=name)
    if len(data) > limits.FILE_BYTES:
        raise TooLarge(file=name, what="bytes", limit=limits.FILE_BYTES, found=len(data))
    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        if "password" in str(error).lower():
            raise EncryptedFile(file=name) from error
        raise DamagedFile(file=name, page="") from error
    try:
        if len(document) == 0:
            raise DamagedFile(file=name, page="")
        if len(document) > limits.PAGES:
            raise TooLarge(file=name, what="pages", limit=limits.PAGES, found=len(document))
        yield document
    finally:
        document.close()


def printed_on(document: Any, index: int, name: str) -> PrintedPage:
    """The words and rules of a page of an open pdfium document. Raises DamagedFile or TooLarge."""
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
        if characters > limits.PAGE_CHARACTERS:
            raise TooLarge(file=name, page=index + 1, what="characters", limit=limits.PAGE_CHARACTERS, found=characters)
        layer = words_of(text_page, frame, characters)
        turn = _turn(layer)
        reading = frame.turned(turn)
        if turn:
            layer = words_of(text_page, reading, characters)
        drawn = drawn_on(page, reading)
    except pypdfium2.PdfiumError as error:
        raise DamagedFile(file=name, page=index + 1) from error
    finally:
        page.close()
    seen = [word for word in layer.white if _on_dark(word, drawn)]
    return PrintedPage(
        tuple(joined([*layer.words, *seen])), drawn.edges, frame, reading,
        len(layer.hidden) + len(layer.white) - len(seen),
        max((_area(box) for box in drawn.pictures), default=0.0) / max(1.0, frame.width * frame.height), drawn.pixels,
        layer.unknown / max(1, layer.unknown + layer.known),
    )


def _turn(layer: TextLayer) -> int:
    """The angle at which most type of a page stands against it, if it is a right one: a wide table printed sideways."""
    letters: Counter[int] = Counter()
    for word in layer.words:
        letters[word.angle] += len(word.text)
    angle, most = letters.most_common(1)[0] if letters else (0, 0)
    return angle if angle in (90, 180, 270) and most > TURNED * letters.total() else 0


def _area(box: Box) -> float:
    return (box[2] - box[0]) * (box[3] - box[1])


def _on_dark(word: Word, drawn: Drawn) -> bool:
    """Whether something coloured is painted behind a word in white type."""
    x, y = (word.x0 + word.x1) / 2, word.middle
    behind = [box for box, white in drawn.fills if not white] + list(drawn.pictures)
    return any(x0 <= x <= x1 and top <= y <= bottom for x0, top, x1, bottom in behind)

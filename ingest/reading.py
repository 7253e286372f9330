"""One file's bytes to one document: the function that every way of running an ingest calls.

`read_file` is pure: the same bytes always give the same document, whatever machine, order or engine reads them. `name` is
the path as ingested; it is kept and shown, never trusted.
"""

from __future__ import annotations

import hashlib
from dataclasses import replace
from decimal import Decimal

from ingest import limits
from ingest.readers import reader_for
from ingest.source import Source
from ingest.understand import understand
from store.errors import NotADisclosure, TooLarge
from store.values import Document, Figure, Table, Unread

LARGEST = Decimal(10) ** 18
"""No printed figure reaches it: the whole country's spending is 10^14 元. The store's decimals end there."""

PLACES = 10
"""Behind the point: what the lake keeps (store/columns.py)."""


def read_file(data: bytes, name: str) -> Document:
    """What a file says. Raises a subclass of UnreadableFile if it cannot be read or is no disclosure."""
    limits.check_size(data, name)
    source = reader_for(data, name).read(data, name)
    try:
        document = understand(source, document_id=hashlib.sha256(data).hexdigest(), file=name, size=len(data))
    except NotADisclosure:
        _refuse_large_picture(source, name)
        raise
    if not _is_disclosure(document):
        _refuse_large_picture(source, name)
        raise NotADisclosure(file=name)
    return _storable(document)


def _refuse_large_picture(source: Source, name: str) -> None:
    """Raises TooLarge if a page is a picture too large to look at: what the file holds cannot be told."""
    unread = next((warned for warned in source.warnings if warned.code == "picture_too_large"), None)
    if unread is not None:
        raise TooLarge(file=name, what="picture", limit=limits.PICTURE_PIXELS, page=dict(unread.where).get("page", ""))


def _is_disclosure(document: Document) -> bool:
    """Whether there is anything of a budget or of final accounts in it.

    A form counts, filled in or blank; so does prose that says which kind and year it is about. A document with warnings about
    pages that could not be read is kept too: those pages may hold its tables.
    """
    if any(table.figures or table.is_empty for table in document.tables):
        return True
    if document.kind is not None and (document.statements or document.year is not None):
        return True
    return bool(document.warnings) and document.kind is not None


def _storable(document: Document) -> Document:
    """The document without numbers that no store can keep; they are listed as unread."""
    if all(_fits(figure) for table in document.tables for figure in table.figures):
        return document
    unread: list[Unread] = []
    tables: list[Table] = []
    for table in document.tables:
        unread += [Unread(figure.printed.text, figure.printed.page, figure.printed.bbox, "number_too_long")
                   for figure in table.figures if not _fits(figure)]
        tables.append(replace(table, figures=tuple(figure for figure in table.figures if _fits(figure))))
    return replace(document, tables=tuple(tables), unread=(*document.unread, *unread))


def _fits(figure: Figure) -> bool:
    return all(
        number is None or (number.is_finite() and abs(number) < LARGEST and _places(number) <= PLACES)
        for number in (figure.amount, figure.number))


def _places(number: Decimal) -> int:
    exponent = number.normalize().as_tuple().exponent
    return -exponent if isinstance(exponent, int) else PLACES + 1

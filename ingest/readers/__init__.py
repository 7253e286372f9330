"""Readers, one module a format, and the choice between them by content.

`reader_for` looks at the bytes; a file's name is never asked, because names lie. Each reader imports its format's
library only when it reads.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from importlib import import_module
from typing import Final, cast

from ingest.source import Reader
from store.errors import EmptyFile, UnsupportedFormat

READERS: Final[tuple[tuple[str, str], ...]] = (
    ("ingest.readers.scan", "ScanReader"),          # pictures, and PDFs: their text pages by ingest/readers/pdf.py
    ("ingest.readers.workbook", "WorkbookReader"),
    ("ingest.readers.word", "WordReader"),
    ("ingest.readers.word_97", "Word97Reader"),
    ("ingest.readers.web", "WebPageReader"),
    ("ingest.readers.sheets_text", "CsvReader"),
    ("ingest.readers.text", "TextReader"),          # last: any readable characters
)
"""Module and class, in the order in which they are asked: the narrower format first."""


def reader_for(data: bytes, name: str) -> Reader:
    """The reader for a file with these bytes. `name` only serves the error message.

    Raises EmptyFile if there are none, UnsupportedFormat if no reader knows them.
    """
    if not data.strip(b"\0 \t\r\n"):
        raise EmptyFile(file=name)
    for module, kind in READERS:
        reader = _reader(module, kind)
        if reader.recognises(data, name):
            return reader
    raise UnsupportedFormat(file=name)


@cache
def _reader(module: str, kind: str) -> Reader:
    construct = cast(Callable[[], Reader], getattr(import_module(module), kind))
    return construct()

"""How much a file may ask of the machine, and the checks that readers share.

A reader works on files that anybody may have made, so each limit here bounds something that a small file can make large:
bytes, pages, parts of an archive, elements of XML, pixels of a picture, seconds. Every refusal is a typed error that
names the file, the limit and the remedy. Reasons and figures: docs/limits.md (a test holds the two together).
The pipeline runs each file in a child process with MEMORY and SECONDS as hard walls behind these checks.
"""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Callable
from contextvars import ContextVar
from typing import Final

from store.errors import DamagedFile, TooLarge

MEGABYTE: Final = 1024 * 1024

FILE_BYTES: Final = 100 * MEGABYTE
"""Of one file. The largest disclosure met is 9 MB; a scan of 300 pages has about 60 MB."""

PAGES: Final = 2_000
"""Of one file. The longest disclosure met has 140 pages; a bound book of a whole city's departments about 1,500."""

PAGE_CHARACTERS: Final = 200_000
"""Of one page or sheet's text. The densest A3 page met has 9,000."""

ARCHIVE_PARTS: Final = 10_000
"""Files in a ZIP, DOCX or XLSX. A workbook with 500 sheets and pictures has about 1,600."""

ARCHIVE_RATIO: Final = 100
"""Unpacked over packed bytes of one part, for parts past 10 MB. Sheets of real figures pack 8 to 25 times."""

ARCHIVE_BYTES: Final = 400 * MEGABYTE
"""Unpacked bytes of one archive in all."""

ARCHIVE_DEPTH: Final = 3
"""ZIPs within ZIPs."""

TABLE_CELLS: Final = 2_000_000
"""Cells of one table or sheet that hold something. The largest sheet met has 60,000."""

PICTURE_PIXELS: Final = 50_000_000
"""Of one picture: an A3 page at 400 dots an inch has 31 million."""

SECONDS: Final = 60
"""Of wall clock for one file whose text can be read directly."""

SECONDS_A_PICTURE: Final = 60
"""Added for each page that goes to text recognition: 3 s on an idle machine, but 25 s were met where six other jobs ran."""

MEMORY: Final = 1_000 * MEGABYTE
"""Of one reading process, beside the address space that its libraries map before they start."""

PICTURE_MEMORY: Final = 2_500 * MEGABYTE
"""The same, once text recognition begins: an A4 page at 200 dots an inch takes 1,350 MB, an A3 page about twice as much."""

PICTURED_PAGES: Final = 300
"""Pages of one file that go to text recognition: a quarter of an hour on an idle core."""

CONVERTER_SECONDS: Final = 60
"""For a program that turns one format into another (DOC)."""


def check_size(data: bytes, name: str) -> None:
    """Raises TooLarge if the file has more than FILE_BYTES."""
    if len(data) > FILE_BYTES:
        raise TooLarge(file=name, what="bytes", found=len(data), limit=FILE_BYTES)


def check_pages(pages: int, name: str) -> None:
    """Raises TooLarge if the file has more than PAGES pages."""
    if pages > PAGES:
        raise TooLarge(file=name, what="pages", found=pages, limit=PAGES)


def check_picture(width: int, height: int, name: str, page: int | None = None) -> None:
    """Raises TooLarge if a picture of `width` × `height` pixels is over PICTURE_PIXELS: ask before unpacking it."""
    if width * height > PICTURE_PIXELS:
        raise TooLarge(file=name, what="pixels", found=width * height, limit=PICTURE_PIXELS, page=page or 1)


def open_archive(data: bytes, name: str) -> zipfile.ZipFile:
    """A ZIP container (ZIP, DOCX, XLSX) whose declared sizes are within the limits; nothing is unpacked.

    Raises TooLarge for a bomb, DamagedFile if it is not a whole ZIP.
    """
    try:
        archive = zipfile.ZipFile(io.BytesIO(data))
    except (zipfile.BadZipFile, OSError, ValueError, NotImplementedError) as error:
        raise DamagedFile(file=name, reason=type(error).__name__) from error
    parts = archive.infolist()
    if len(parts) > ARCHIVE_PARTS:
        raise TooLarge(file=name, what="parts", found=len(parts), limit=ARCHIVE_PARTS)
    total = sum(part.file_size for part in parts)
    if total > ARCHIVE_BYTES:
        raise TooLarge(file=name, what="unpacked", found=total, limit=ARCHIVE_BYTES)
    for part in parts:
        if part.file_size > 10 * MEGABYTE and part.file_size > ARCHIVE_RATIO * max(1, part.compress_size):
            raise TooLarge(file=name, what="ratio", found=part.file_size // max(1, part.compress_size), limit=ARCHIVE_RATIO)
    return archive


def read_part(archive: zipfile.ZipFile, part: str, name: str) -> bytes:
    """One part of an archive, unpacked. Reads no more than the archive declares, as declared sizes may lie.

    Raises DamagedFile if the part is missing, encrypted or broken, TooLarge if it holds more than it declares.
    """
    try:
        info = archive.getinfo(part)
        with archive.open(info) as stream:
            data = stream.read(info.file_size + 1)
    except (KeyError, RuntimeError, NotImplementedError, zipfile.BadZipFile, zlib.error, OSError, EOFError) as error:
        raise DamagedFile(file=name, reason=f"{part}: {type(error).__name__}") from error
    if len(data) > info.file_size:
        raise TooLarge(file=name, what="unpacked", found=len(data), limit=info.file_size)
    return data


def ignore_pictures(pictures: int) -> None:
    """Nobody wants to know."""


tell_pictures: ContextVar[Callable[[int], None]] = ContextVar("tell_pictures", default=ignore_pictures)
"""Called by a reader before it recognises text in so many pictures, so that whoever watches the clock can allow for it."""


def seconds_for(pictures: int = 0) -> int:
    """Wall-clock seconds that a file with this many pictures of pages may take."""
    return SECONDS + SECONDS_A_PICTURE * pictures

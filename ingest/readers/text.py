"""Plain text, as pdftotext and its like leave it.

Takes bytes of any common encoding; form feeds divide pages. Bytes that fit no encoding are reported, not guessed. The
tables in it are found by ingest/text_tables.py; everything else is lines.
"""

from __future__ import annotations

import codecs
from collections.abc import Sequence
from dataclasses import dataclass

from ingest import limits
from ingest.source import Grid, Page, Source
from ingest.text_headers import plain_header
from ingest.text_tables import TextTables
from ingest.text_twins import Twins, twins_of
from store.values import Warned

BOMS = ((codecs.BOM_UTF8, "utf-8"), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
ENCODINGS = ("utf-8", "gb18030", "big5")
"""Tried in this order: UTF-8 refuses nearly every text that is not UTF-8, so the order is safe."""

CONTROL = {code: None for code in range(32) if chr(code) not in "\t\n\f\r"}
SAMPLE = 65_536
MOST_ODD = 4
"""Characters that a short text may hold which nobody writes: what two encodings in one file leave."""

MOST_CONTROL = 0.05
"""More control characters than this share, and it is no text."""


@dataclass(frozen=True, slots=True)
class Decoded:
    """A text, the encoding that it was read in, and how many bytes or characters could not be read."""

    text: str
    encoding: str
    unread: int


class TextReader:
    """TXT. Asked last: it takes any bytes that are readable characters."""

    def recognises(self, head: bytes, name: str) -> bool:
        return looks_like_text(head)

    def read(self, data: bytes, name: str) -> Source:
        """Pages as form feeds divide them; one Page without number where there are none. Raises TooLarge."""
        limits.check_size(data, name)
        decoded = decode(data)
        parts = decoded.text.replace("\r\n", "\n").replace("\r", "\n").split("\f")
        limits.check_pages(len(parts), name)
        paged = len(parts) > 1
        if paged and not parts[-1].strip():
            parts.pop()
        pages = _pages(parts, paged, plain_header(decoded.text))
        return Source(format="text", read_by="plain_text", pages=pages, warnings=encoding_warnings(decoded, name))


def _pages(parts: Sequence[str], paged: bool, document: str) -> tuple[Page, ...]:
    """The pages; read again as long as the tables settled so far may settle others."""
    twins = Twins(document)
    settled = -1
    while True:
        tables = TextTables(document, twins)
        pages = tuple(
            Page(index if paged else None, None, None, tuple(tables.page_blocks(part.split("\n"), index if paged else None)))
            for index, part in enumerate(parts, start=1)
        )
        grids = [block for page in pages for block in page.blocks if isinstance(block, Grid)]
        if not tables.left or len(grids) == settled:
            return pages
        settled = len(grids)
        twins = twins_of(grids, document)


def decode(data: bytes) -> Decoded:
    """The text of some bytes: by byte order mark, else the first encoding that fits, else the one that loses least."""
    for mark, encoding in BOMS:
        if data.startswith(mark):
            return _lossy(data[len(mark):], encoding)
    if (encoding := _wide(data)) is not None:
        return _lossy(data, encoding)
    for encoding in ENCODINGS:
        try:
            return Decoded(data.decode(encoding), encoding, 0) if b"\0" not in data else min(
                (_lossy(data, encoding) for encoding in ENCODINGS), key=lambda found: found.unread)
        except UnicodeDecodeError:
            continue
    return min((_lossy(data, encoding) for encoding in ENCODINGS), key=lambda found: found.unread)


def encoding_warnings(decoded: Decoded, name: str) -> tuple[Warned, ...]:
    """What to say when some bytes could not be read."""
    if not decoded.unread:
        return ()
    return (Warned("bytes_unread", (("file", name), ("encoding", decoded.encoding.upper()), ("count", str(decoded.unread)))),)


def looks_like_text(data: bytes) -> bool:
    """Whether bytes decode to characters that people write."""
    decoded = decode(data[:SAMPLE])
    odd = decoded.unread + sum(1 for character in decoded.text if ord(character) in CONTROL)
    return bool(decoded.text.strip()) and odd <= max(MOST_ODD, MOST_CONTROL * len(decoded.text))


def _lossy(data: bytes, encoding: str) -> Decoded:
    text = data.decode(encoding, errors="replace")
    kept = text.translate(CONTROL)
    return Decoded(kept, encoding, text.count("\ufffd") + len(text) - len(kept))


def _wide(data: bytes) -> str | None:
    """UTF-16 without a mark: half of the bytes of its Latin characters are zero, always on the same side."""
    sample = data[:SAMPLE]
    even, odd = sample[::2].count(0), sample[1::2].count(0)
    if len(sample) < 8 or even + odd < 0.02 * len(sample) or min(even, odd) > 0.1 * max(even, odd):
        return None
    try:
        encoding = "utf-16-be" if even > odd else "utf-16-le"
        sample[: len(sample) // 2 * 2].decode(encoding)
    except UnicodeDecodeError:
        return None
    return encoding

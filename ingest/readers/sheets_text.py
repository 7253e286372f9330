"""CSV and its like (semicolons, tabs): one sheet as one grid.

Takes bytes of any common encoding. A text is a CSV when most of its lines part into the same number of fields; commas
inside amounts (1,234.50 without quotes) don't count, so a report with figures in it is no CSV.
"""

from __future__ import annotations

import csv
import io
import re
from collections import Counter
from typing import Final

from ingest import limits
from ingest.readers.text import decode, encoding_warnings, looks_like_text
from ingest.source import Grid, GridCell, Page, Source
from store.errors import DamagedFile, TooLarge

DELIMITERS: Final = (",", "\t", ";", "|")
SAMPLE_LINES: Final = 200
ALIKE: Final = 0.6
"""Share of the lines that must have the same number of fields; titles and notes may have fewer."""

LONG_FIELD: Final = 60
"""Characters: text with fields longer than this on most lines is prose."""

_GROUPED: Final = re.compile(r"\d,\d{3}(?!\d)")


class CsvReader:
    """CSV, TSV. Raises DamagedFile, TooLarge."""

    def recognises(self, head: bytes, name: str) -> bool:
        return looks_like_text(head) and delimiter_of(decode(head[:65_536]).text) is not None

    def read(self, data: bytes, name: str) -> Source:
        """One Page without number that holds one grid."""
        limits.check_size(data, name)
        decoded = decode(data)
        delimiter = delimiter_of(decoded.text) or ","
        try:
            rows = list(csv.reader(io.StringIO(decoded.text, newline=""), delimiter=delimiter))
        except csv.Error as error:
            raise DamagedFile(file=name, reason=str(error)) from error
        cells = tuple(
            GridCell(row, column, 1, 1, text.rstrip(), None)
            for row, fields in enumerate(rows) for column, text in enumerate(fields) if text.strip()
        )
        if len(cells) > limits.TABLE_CELLS:
            raise TooLarge(file=name, what="cells", found=len(cells), limit=limits.TABLE_CELLS)
        width = 1 + max((cell.column for cell in cells), default=0)
        grid = Grid(None, None, len(rows), width, cells)
        return Source("csv", "workbook_cell", (Page(None, None, None, (grid,)),), encoding_warnings(decoded, name))


def delimiter_of(text: str) -> str | None:
    """The delimiter of a text that is a CSV, None if it is none."""
    lines = [line for line in text.splitlines()[:SAMPLE_LINES] if line.strip()]
    for delimiter in DELIMITERS:
        sample = [_GROUPED.sub("0", line) if delimiter == "," and '"' not in line else line for line in lines]
        widths = Counter(len(fields) for fields in csv.reader(sample, delimiter=delimiter))
        if not widths:
            return None
        width, alike = widths.most_common(1)[0]
        long = sum(1 for line in lines if len(line) > LONG_FIELD * max(1, width))
        if width >= 2 and alike >= max(2, ALIKE * len(lines)) and long < 0.3 * len(lines):
            return delimiter
    return None

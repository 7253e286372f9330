"""A table as read, in Markdown: for models and programs that cannot look at a page.

Everything is as printed, with the marks of Markdown and HTML escaped: what a document prints is shown, never rendered (a
picture's address in a cell would be fetched by whoever renders it).
"""

from __future__ import annotations

import re

from retrieval.browse import ReadCell, ReadTable

HEADS = ("row", "code")
_MARKS = re.compile(r"[\\|<>\[\]`*]|^#", re.MULTILINE)


def table_text(table: ReadTable, marked: str | None = None) -> str:
    """The table's title, unit, rows and notes; the cell whose figure_id is `marked` in bold."""
    entry = table.entry
    title = " · ".join(escaped(part) for part in (entry.number, entry.title, entry.unit) if part)
    heads = [*HEADS, *(escaped(" / ".join(path)) for path in table.columns)]
    lines = [_line(heads), "|" + "---|" * len(heads)]
    for row in table.rows:
        lines.append(_line(["　" * row.depth + escaped(row.label), row.code or "", *(_cell(cell, marked) for cell in row.cells)]))
    return "\n".join([f"### {title}", "", *lines, *(f"\n{escaped(note)}" for note in entry.notes)])


def escaped(text: str) -> str:
    """Printed words as Markdown that shows them as they are."""
    return _MARKS.sub(r"\\\g<0>", text)


def _cell(cell: ReadCell | None, marked: str | None) -> str:
    if cell is None:
        return ""
    printed = escaped(cell.cell)
    return f"**{printed}**" if cell.figure_id == marked else printed


def _line(parts: list[str]) -> str:
    return "| " + " | ".join(part.replace("\n", " ") for part in parts) + " |"

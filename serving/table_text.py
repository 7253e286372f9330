"""A table as read, in Markdown: for models and programs that cannot look at a page. Everything is as printed."""

from __future__ import annotations

from retrieval.browse import ReadCell, ReadTable

HEADS = ("row", "code")


def table_text(table: ReadTable, marked: str | None = None) -> str:
    """The table's title, unit, rows and notes; the cell whose figure_id is `marked` in bold."""
    entry = table.entry
    title = " · ".join(part for part in (entry.number, entry.title, entry.unit) if part)
    heads = [*HEADS, *(" / ".join(path) for path in table.columns)]
    lines = [_line(heads), "|" + "---|" * len(heads)]
    for row in table.rows:
        lines.append(_line(["　" * row.depth + row.label, row.code or "", *(_cell(cell, marked) for cell in row.cells)]))
    return "\n".join([f"### {title}", "", *lines, *(f"\n{note}" for note in entry.notes)])


def _cell(cell: ReadCell | None, marked: str | None) -> str:
    if cell is None:
        return ""
    return f"**{cell.cell}**" if cell.figure_id == marked else cell.cell


def _line(parts: list[str]) -> str:
    return "| " + " | ".join(part.replace("\\", "\\\\").replace("|", "\\|").replace("\n", " ") for part in parts) + " |"

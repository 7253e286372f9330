"""Tables for tests, written as they are printed: a title, headers, and rows of labels and amounts."""

from __future__ import annotations

from store.money import read_number, to_yuan
from store.values import Document, Figure, Kind, Level, Meaning, Printed, ReadBy, Table

LEVELS: dict[int, Level] = {3: "class", 5: "section", 7: "item"}


def printed_table(
    title: str,
    headers: list[str],
    rows: list[tuple[str, list[str]]],
    *,
    unit: str = "万元",
    read_by: ReadBy = "text_layer",
    name: str = "t",
) -> Table:
    """A table. A header path is written "支出>合计"; a row "208 社会保障和就业支出" or "一、本年收入>（一）教育支出".

    A blank cell is "".
    """
    figures: list[Figure] = []
    for row, (label, cells) in enumerate(rows):
        code, _, rest = label.partition(" ")
        code, path = (code, rest) if code.isdigit() and rest else (None, label)
        for column, text in enumerate(cells):
            number = read_number(text)
            if number is None:
                continue
            own = "%" if text.endswith("%") else unit
            figures.append(
                Figure(
                    f"{name}-{row:03d}-{column:02d}",
                    row,
                    column,
                    tuple(part for part in path.split(">") if part),
                    code,
                    LEVELS.get(len(code or "")),
                    tuple(headers[column].split(">")),
                    own,
                    to_yuan(number, own),
                    number,
                    Printed(text, 1, None, read_by),
                    Meaning(path),
                )
            )
    return Table(name, None, title, None, unit, (1,), tuple(figures), (), (), not figures)


def printed_document(*tables: Table, kind: Kind = "budget", year: int = 2024) -> Document:
    """A document of these tables."""
    return Document("d" * 64, "published.pdf", "pdf", 1, 1, "某局", None, None, year, kind, None, "department", tables, (), ())


def figure_at(table: Table, label: str, header: str) -> Figure:
    """The one figure in the row whose last label is `label`, under the header path `header`."""
    found = [figure for figure in table.figures if (figure.row_label or "") == label and ">".join(figure.column_path) == header]
    assert len(found) == 1, [(figure.row_label, figure.column_path) for figure in table.figures]
    return found[0]

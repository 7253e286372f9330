"""Writes a disclosure as a PDF: cover, prose, and a form a page, the wide ones in landscape.

The font (WenQuanYi Micro Hei, Apache licence, Debian package fonts-wqy-microhei) is embedded as a subset.
"""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from xml.sax.saxutils import escape

from reportlab.lib import colors
from reportlab.lib.enums import TA_CENTER, TA_RIGHT
from reportlab.lib.pagesizes import A4, landscape
from reportlab.lib.styles import ParagraphStyle
from reportlab.pdfbase import pdfmetrics
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.platypus import (
    BaseDocTemplate,
    Flowable,
    Frame,
    NextPageTemplate,
    PageBreak,
    PageTemplate,
    Paragraph,
    Spacer,
    Table,
    TableStyle,
)

from samples.forms import Form
from samples.prose import Section

FONT_FILE = Path("/usr/share/fonts/truetype/wqy/wqy-microhei.ttc")
MARGIN = 48
WIDE = 7  # columns from which a form is printed in landscape

BODY = ParagraphStyle("body", fontName="CJK", fontSize=11, leading=19, firstLineIndent=22, wordWrap="CJK")
HEADING = ParagraphStyle("heading", parent=BODY, fontSize=12, firstLineIndent=0, spaceBefore=8)
PART = ParagraphStyle("part", parent=HEADING, fontSize=15, leading=26, alignment=TA_CENTER)
TITLE = ParagraphStyle("title", parent=PART, fontSize=16)
SMALL = ParagraphStyle("small", parent=BODY, fontSize=8.5, leading=12, firstLineIndent=0)
CELL = ParagraphStyle("cell", parent=SMALL, leading=10.5)
HEAD = ParagraphStyle("head", parent=CELL, alignment=TA_CENTER)
NUMBER = ParagraphStyle("number", parent=CELL, alignment=TA_RIGHT)


def write_pdf(
    path: Path, title: str, notice: str, agency_line: str, unit_line: str, sections: Sequence[Section], forms: Sequence[Form]
) -> None:
    """Cover, prose, tables. Raises FileNotFoundError if the font is not installed."""
    if "CJK" not in pdfmetrics.getRegisteredFontNames():
        pdfmetrics.registerFont(TTFont("CJK", FONT_FILE))
    wide = landscape(A4)
    document = BaseDocTemplate(
        str(path), title=title, invariant=1, pageTemplates=[_template("tall", A4, notice), _template("wide", wide, notice)]
    )
    story: list[Flowable] = [
        Spacer(1, 200),
        Paragraph(escape(title), ParagraphStyle("cover", parent=TITLE, fontSize=22, leading=34)),
        Spacer(1, 20),
        Paragraph(escape(notice), ParagraphStyle("notice", parent=SMALL, alignment=TA_CENTER)),
        PageBreak(),
    ]
    for section in sections:
        story.append(Paragraph(escape(section.heading), HEADING if section.paragraphs else PART))
        story += [Paragraph(escape(text), BODY) for text in section.paragraphs]
    for form in forms:
        is_wide = form.columns >= WIDE
        width = (wide if is_wide else A4)[0] - 2 * MARGIN
        story += [
            NextPageTemplate("wide" if is_wide else "tall"),
            PageBreak(),
            Paragraph(escape(form.number), SMALL),
            Paragraph(escape(form.title), TITLE),
            Table(
                [
                    [
                        Paragraph(escape(agency_line), SMALL),
                        Paragraph(escape(unit_line), ParagraphStyle("unit", parent=SMALL, alignment=TA_RIGHT)),
                    ]
                ],
                colWidths=[width * 0.6, width * 0.4],
            ),
            _table(form, width),
        ]
        if form.note:
            story.append(Paragraph(escape(form.note), SMALL))
    document.build(story)


def _template(name: str, size: tuple[float, float], notice: str) -> PageTemplate:
    width, height = size

    def furniture(canvas: object, document: object) -> None:
        canvas.setFont("CJK", 8)  # type: ignore[attr-defined]
        canvas.drawCentredString(width / 2, 24, f"— {document.page} —")  # type: ignore[attr-defined]
        canvas.drawString(MARGIN, height - 28, notice)  # type: ignore[attr-defined]

    return PageTemplate(name, [Frame(MARGIN, 40, width - 2 * MARGIN, height - 84, id=name)], onPage=furniture, pagesize=size)


def _table(form: Form, width: float) -> Table:
    cells: list[list[object]] = []
    spans: list[tuple[object, ...]] = []
    taken: set[tuple[int, int]] = set()
    for down, row in enumerate(form.header):
        line: list[object] = [""] * form.columns
        column = 0
        for text, rows, columns in row:
            while (down, column) in taken:
                column += 1
            line[column] = Paragraph(escape(text), HEAD)
            spans.append(("SPAN", (column, down), (column + columns - 1, down + rows - 1)))
            taken |= {(down + r, column + c) for r in range(rows) for c in range(columns)}
            column += columns
        cells.append(line)
    cells += [[Paragraph(escape(text), NUMBER if text[-1:].isdigit() or text.endswith("%") else CELL) for text in row] for row in form.rows]
    style = TableStyle(
        [
            ("GRID", (0, 0), (-1, -1), 0.5, colors.black),
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("TOPPADDING", (0, 0), (-1, -1), 2),
            ("BOTTOMPADDING", (0, 0), (-1, -1), 3),
            *spans,
        ]
    )
    return Table(cells, colWidths=_widths(form, width), style=style, repeatRows=len(form.header))


def _widths(form: Form, width: float) -> list[float]:
    """Column widths in proportion to the longest printed text, within bounds."""
    longest = [
        max(4.0, *(len(row[column].strip()) * (0.55 if row[column][-1:].isdigit() else 1.0) for row in form.rows))
        for column in range(form.columns)
    ]
    longest = [min(size, 16.0) for size in longest]
    return [width * size / sum(longest) for size in longest]

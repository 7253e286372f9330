"""Writes a disclosure as the web page of a (fictional) government site: headings, paragraphs, spanned tables."""

from __future__ import annotations

from collections.abc import Sequence
from html import escape
from pathlib import Path

from samples.forms import Form
from samples.prose import Section

STYLE = (
    "body{font-family:serif;width:960px;margin:auto} table{border-collapse:collapse;width:100%} "
    "td,th{border:1px solid #444;padding:2px 6px} td.n{text-align:right}"
)


def write_page(
    path: Path, title: str, notice: str, agency_line: str, unit_line: str, sections: Sequence[Section], forms: Sequence[Form]
) -> None:
    """One self-contained page: prose first, then the tables."""
    body = [f"<h1>{escape(title)}</h1>", f"<p class=notice>{escape(notice)}</p>"]
    for section in sections:
        body.append(f"<h2>{escape(section.heading)}</h2>")
        body += [f"<p>{escape(paragraph)}</p>" for paragraph in section.paragraphs]
    for form in forms:
        body += [
            f"<p>{escape(form.number)}</p>",
            f"<h3>{escape(form.title)}</h3>",
            f"<p>{escape(agency_line)}　　{escape(unit_line)}</p>",
            _table(form),
        ]
        if form.note:
            body.append(f"<p>{escape(form.note)}</p>")
    path.write_text(
        f'<!doctype html><html lang="zh-CN"><head><meta charset="utf-8"><title>{escape(title)}</title><style>{STYLE}</style></head><body>'
        + "\n".join(body)
        + "</body></html>\n",
        "utf-8",
    )


def _table(form: Form) -> str:
    lines = ["<table>"]
    for row in form.header:
        lines.append(
            "<tr>" + "".join(f'<th rowspan="{rows}" colspan="{columns}">{escape(text)}</th>' for text, rows, columns in row) + "</tr>"
        )
    for cells in form.rows:
        lines.append("<tr>" + "".join(f"<td{' class=n' if cell[-1:].isdigit() else ''}>{escape(cell)}</td>" for cell in cells) + "</tr>")
    return "\n".join([*lines, "</table>"])

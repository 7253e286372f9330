"""Values as HTML text: everything that comes from a document or a person is escaped here, once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from html import escape

from retrieval.answer.answer import Point, Step, Value
from retrieval.browse import ReadTable

STYLE = """<style>
.mz-answer{font-size:1.15rem;line-height:1.75;overflow-wrap:anywhere}
.mz-answer b{font-variant-numeric:tabular-nums}
.mz-small{color:#595959;font-size:.9rem;line-height:1.6;overflow-wrap:anywhere}
.mz-doubt{border-left:4px solid #b45f06;padding:.3rem .7rem;background:#fff6e9;color:#5c3000}
.mz-quote{border-left:4px solid #999;padding:.2rem .8rem;margin:.3rem 0;line-height:1.75;overflow-wrap:anywhere}
.mz-stacked{display:grid;gap:1rem;justify-items:start}.mz-bars{width:100%}
.mz-sum{border-collapse:collapse;font-variant-numeric:tabular-nums}
.mz-sum td{padding:.15rem .8rem}.mz-sum td:last-child{text-align:right}
.mz-sum tr.result td{border-top:2px solid #333;font-weight:600}
.mz-scroll{overflow-x:auto;max-height:70vh}
.mz-table{border-collapse:collapse;font-size:.88rem;font-variant-numeric:tabular-nums}
.mz-table th,.mz-table td{border:1px solid #bbb;padding:.2rem .5rem}
.mz-table th{background:#f3f1ec;font-weight:600}
.mz-table td.n{text-align:right;white-space:nowrap}
.mz-table .cited{outline:3px solid #b3261e;outline-offset:-3px;background:#fdeceb;font-weight:700}
.mz-table .head{outline:2px dashed #1f5fa8;outline-offset:-2px;background:#e9f1fb}
.mz-bars{display:grid;grid-template-columns:max-content 1fr max-content;gap:.35rem .7rem;align-items:center;font-size:.95rem}
.mz-bars i{display:block;height:1.1rem;background:#8c1d18;min-width:1px}
[data-testid=stMainBlockContainer]{padding-top:4.2rem}
[data-testid=stMain] button,[data-testid=stExpander] summary{min-height:44px}
</style>"""

_NUMBER = re.compile(r"[+-]?\d[\d,]*(?:\.\d+)?(?:万亿元|亿元|万元|千元|元|个百分点|%)")
_OPERATORS = {"sum": "+", "difference": "−", "share": "÷", "growth": "÷", "per_head": "÷", "conversion": "="}


def answer(text: str) -> str:
    """The answer with its amounts in bold."""
    marked = _NUMBER.sub(lambda found: f"<b>{found.group()}</b>", escape(text))
    return f'<div class="mz-answer">{marked.replace(chr(10), "<br>")}</div>'


def small(text: str) -> str:
    """A side remark."""
    return f'<div class="mz-small">{escape(text)}</div>'


def stacked(parts: Sequence[str]) -> str:
    """Pieces of HTML one below the other; "" if there are none."""
    return f'<div class="mz-stacked">{"".join(parts)}</div>' if parts else ""


def doubt(text: str) -> str:
    """A warning that a reading is doubtful: never by colour alone."""
    return f'<div class="mz-doubt" role="note">⚠ {escape(text)}</div>'


def quote(text: str) -> str:
    """Words of a document, exactly as printed."""
    return f'<blockquote class="mz-quote">{escape(text)}</blockquote>'


def money(value: Value) -> str:
    """A value with thousands separators and its unit."""
    return f"{value.amount:,f} {value.unit}"


def step(step: Step) -> str:
    """A computed value as a sum that can be followed, part by part."""
    sign = _OPERATORS[step.operation]
    rows = [
        f"<tr><td>{'' if place == 0 else sign}</td><td>{escape(label)}</td><td>{escape(money(value))}</td></tr>"
        for place, (label, value) in enumerate(step.parts)
    ]
    if step.operation == "growth":
        rows.append("<tr><td>−</td><td></td><td>100 %</td></tr>")
    rows.append(f'<tr class="result"><td>=</td><td>{escape(step.label)}</td><td>{escape(money(step.result))}</td></tr>')
    return f'<table class="mz-sum">{"".join(rows)}</table>'


def bars(points: Sequence[Point]) -> str:
    """A bar for each cited value, drawn from zero."""
    most = max((abs(point.value.amount) for point in points), default=0) or 1
    lines: list[str] = []
    for point in points:
        width = float(abs(point.value.amount) / most) * 100
        lines.append(f'<span>{escape(point.label)}</span><i style="width:{width:.1f}%"></i><span>{escape(money(point.value))}</span>')
    spoken = escape("; ".join(f"{point.label} {money(point.value)}" for point in points))
    return f'<div class="mz-bars" role="img" aria-label="{spoken}">{"".join(lines)}</div>'


def table(read: ReadTable, cited: str | None = None) -> str:
    """A table as it was read; the figure `cited` and its headers are outlined."""
    at = next(((row, place) for row in read.rows for place, cell in enumerate(row.cells) if cell and cell.figure_id == cited), None)
    depth = max((len(path) for path in read.columns), default=1)
    coded = any(row.code for row in read.rows)
    lines = [_header_row(read, level, depth, coded, at[1] if at else None) for level in range(depth)]
    for row in read.rows:
        here = at is not None and at[0] is row
        head = ' class="head"' if here else ""
        cells = [f"<th{head} scope=row style='text-align:left;padding-left:{0.5 + row.depth}rem'>{escape(row.label)}</th>"]
        if coded:
            cells.insert(0, f"<td>{escape(row.code or '')}</td>")
        for cell in row.cells:
            mark = " cited" if cell and cell.figure_id == cited else ""
            cells.append(f'<td class="n{mark}">{escape(cell.cell) if cell else ""}</td>')
        lines.append(f"<tr>{''.join(cells)}</tr>")
    return f'<div class="mz-scroll" tabindex="0"><table class="mz-table">{"".join(lines)}</table></div>'


def _header_row(read: ReadTable, level: int, depth: int, coded: bool, cited_column: int | None) -> str:
    cells = [f"<th rowspan={depth}{' colspan=2' if coded else ''}></th>"] if level == 0 else []
    place = 0
    while place < len(read.columns):
        path = read.columns[place]
        width = 1
        while place + width < len(read.columns) and read.columns[place + width][: level + 1] == path[: level + 1] and level < len(path):
            width += 1
        if level < len(path):
            down = depth - level if level == len(path) - 1 else 1
            mark = ' class="head"' if cited_column is not None and place <= cited_column < place + width else ""
            cells.append(f"<th{mark} scope=col colspan={width} rowspan={down}>{escape(path[level])}</th>")
        elif level == 0:
            cells.append(f"<th rowspan={depth}></th>")
        place += width
    return f"<tr>{''.join(cells)}</tr>"

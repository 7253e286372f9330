"""Saved web pages (HTML) through lxml: the article's headings, paragraphs and tables in reading order.

Navigation, scripts, hidden parts and link lists are left out by structure, not by name: the article is the innermost
element that holds most of the text that is not a link. Tables that only lay out the page (they hold other tables, or one
row) are walked through; a table of data becomes a `Grid` with its spans. Nothing is fetched or run.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, Final

from ingest.limits import TABLE_CELLS, check_size
from ingest.source import Block, Grid, GridCell, Line, Page, Source
from store.errors import DamagedFile, TooLarge

_SKIPPED: Final = frozenset(
    {"script", "style", "noscript", "template", "head", "iframe", "object", "svg", "select", "button", "input", "textarea", "nav", "footer"}
)
_BLOCKS: Final = frozenset(
    {
        "p",
        "div",
        "h1",
        "h2",
        "h3",
        "h4",
        "h5",
        "h6",
        "li",
        "ul",
        "ol",
        "dl",
        "dt",
        "dd",
        "section",
        "article",
        "main",
        "header",
        "aside",
        "table",
        "tbody",
        "thead",
        "tfoot",
        "tr",
        "td",
        "th",
        "caption",
        "blockquote",
        "pre",
        "center",
        "form",
        "body",
        "html",
        "hr",
        "figure",
    }
)
_HEADINGS: Final = {"h1": 1, "h2": 2, "h3": 3, "h4": 4, "h5": 5, "h6": 6}
_HIDDEN: Final = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden|font-size\s*:\s*0(?:px|pt)?\s*(?:;|$)", re.IGNORECASE)
_CENTRED: Final = re.compile(r"text-align\s*:\s*center", re.IGNORECASE)
_BOLD: Final = frozenset({"b", "strong", "th"})
_ARTICLE_SHARE: Final = 0.8
"""Of the page's text outside links that the article must hold; the rest is furniture."""

_MARKUP: Final = re.compile(rb"<\s*(?:!doctype\s+html|html|head|body|table|div|p|meta|title)\b", re.IGNORECASE)
_CHARSET: Final = re.compile(rb"charset\s*=\s*[\"']?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_SPAN_LIMIT: Final = 1_000


class WebPageReader:
    """Reads HTML. Raises DamagedFile or TooLarge."""

    def recognises(self, head: bytes, name: str) -> bool:
        start = head[:8192].lstrip(b"\xef\xbb\xbf \t\r\n")
        return start.startswith(b"<") and bool(_MARKUP.search(start))

    def read(self, data: bytes, name: str) -> Source:
        from importlib import import_module

        html: Any = import_module("lxml.html")     # lxml has no type stubs
        etree: Any = import_module("lxml.etree")

        check_size(data, name)
        try:
            root: Any = html.document_fromstring(
                _decoded(data), parser=html.HTMLParser(remove_comments=True, remove_pis=True, huge_tree=False)
            )
        except (etree.LxmlError, ValueError, RecursionError) as error:
            raise DamagedFile(file=name, reason=type(error).__name__) from error
        _drop_furniture(root)
        body = root.find("body")
        article = _article(body if body is not None else root)
        walk = _Walk(name)
        for heading in _headings_outside(root, article):
            walk.flush_text(_text(heading), heading=_HEADINGS.get(heading.tag, 1))
        walk.element(article)
        walk.flush()
        return Source("html", "web_cell", (Page(None, None, None, tuple(walk.blocks)),))


def _decoded(data: bytes) -> str:
    """The page's text: by its byte order mark or declared charset, else UTF-8, else GB18030 (which any GB2312 page is)."""
    if data.startswith(b"\xef\xbb\xbf"):
        return data.decode("utf-8-sig", "replace")
    declared = _CHARSET.search(data[:4096])
    encoding = declared.group(1).decode("ascii").lower() if declared else "utf-8"
    encoding = "gb18030" if encoding in ("gb2312", "gbk", "gb_2312-80", "x-gbk", "gb18030") else encoding
    for attempt in (encoding, "utf-8", "gb18030"):
        try:
            return _without_declaration(data.decode(attempt))
        except (UnicodeDecodeError, LookupError):
            continue
    return _without_declaration(data.decode("gb18030", "replace"))


def _without_declaration(text: str) -> str:
    """lxml refuses a str with an XML encoding declaration."""
    return re.sub(r"^\s*<\?xml[^>]*\?>", "", text).replace("\0", "")


def _drop_furniture(root: Any) -> None:
    """Takes out what is never part of the text; a removed element's tail stays."""
    for element in list(root.iter()):
        if not isinstance(element.tag, str):
            continue
        hidden = _HIDDEN.search(element.get("style") or "") is not None or element.get("hidden") is not None
        if (hidden or element.tag in _SKIPPED - {"head"}) and element.getparent() is not None:
            element.drop_tree()


def _weights(element: Any) -> dict[Any, int]:
    """Characters outside links below each element."""
    weights: dict[Any, int] = {}
    for node in element.iter():
        if not isinstance(node.tag, str):
            continue
        weights[node] = 0
    for node in reversed(list(weights)):
        own = 0 if _in_link(node) else len((node.text or "").strip())
        tails = sum(len((child.tail or "").strip()) for child in node if not _in_link(node))
        weights[node] += own + tails + sum(weights.get(child, 0) for child in node)
    return weights


def _in_link(node: Any) -> bool:
    return node.tag == "a" or next(node.iterancestors("a"), None) is not None


def _article(body: Any) -> Any:
    """The innermost element that still holds most of the text; a table of data is not entered."""
    weights = _weights(body)
    whole = weights[body]
    article = body
    while True:
        heavy = max((child for child in article if isinstance(child.tag, str)), key=lambda child: weights.get(child, 0), default=None)
        if (
            heavy is None
            or weights[heavy] < _ARTICLE_SHARE * whole
            or heavy.tag in ("p", "span", "a")
            or (heavy.tag == "table" and _is_data(heavy))
        ):
            return article
        article = heavy


def _headings_outside(root: Any, article: Any) -> list[Any]:
    """The page's title stands outside the article on many sites: its h1, else the title element."""
    inside = set(article.iter())
    if article.tag == "h1" or next(article.iter("h1"), None) is not None:
        return []
    first = [heading for heading in root.iter("h1", "h2") if heading not in inside and _text(heading)]
    return first[:1] or [title for title in root.iter("title") if _text(title)][:1]


def _text(element: Any) -> str:
    return re.sub(r"\s+", " ", "".join(element.itertext())).strip()


def _is_data(table: Any) -> bool:
    """Whether a table holds data: no table within, at least two rows, and at least two cells in some row."""
    if next((inner for inner in table.iter("table") if inner is not table), None) is not None:
        return False
    rows = list(table.iter("tr"))
    return len(rows) >= 2 and max((len(row.findall("td")) + len(row.findall("th")) for row in rows), default=0) >= 2


@dataclass(slots=True)
class _Walk:
    """Walks the article in reading order and collects blocks."""

    name: str
    blocks: list[Block] = field(default_factory=list[Block])
    pending: list[str] = field(default_factory=list[str])

    def element(self, element: Any) -> None:
        if element.tag == "table" and _is_data(element):
            self.flush()
            for caption in element.findall("caption"):
                self.flush_text(_text(caption))
            self.blocks.append(_grid(element, self.name))
            return
        block = element.tag in _BLOCKS
        if block:
            self.flush()
        if element.tag == "br":
            self.flush()
        if element.text:
            self.pending.append(element.text)
        for child in element:
            if isinstance(child.tag, str) and not _is_link_list(child):
                self.element(child)
            if child.tail:
                self.pending.append(child.tail)
        if block:
            self.flush(heading=_HEADINGS.get(element.tag))

    def flush(self, heading: int | None = None) -> None:
        raw, self.pending = "".join(self.pending), []
        self.flush_text(raw, heading)

    def flush_text(self, raw: str, heading: int | None = None) -> None:
        blanks = re.match(r"\s*", raw)
        indent = sum(
            1.0 if character in "\u3000\u2003" else 0.5
            for character in (blanks.group(0) if blanks else "")
            if character in "\u3000\u2003\xa0"
        )
        text = re.sub(r"\s+", " ", raw).strip()
        if text:
            self.blocks.append(Line(text, None, None, heading=heading, indent=indent, ends_paragraph=True))


def _is_link_list(element: Any) -> bool:
    """Menus and crumbs: a block whose text is mostly links, with more than one of them."""
    if element.tag not in _BLOCKS or (element.tag == "table" and _is_data(element)):
        return False
    links = list(element.iter("a"))
    if len(links) < 2:
        return False
    linked = sum(len(_text(link)) for link in links)
    return linked >= 0.6 * max(1, len(_text(element)))


def _grid(table: Any, name: str) -> Grid:
    taken: set[tuple[int, int]] = set()
    cells: list[GridCell] = []
    rows = list(table.iter("tr"))
    for r, row in enumerate(rows):
        column = 0
        for cell in row:
            if cell.tag not in ("td", "th"):
                continue
            while (r, column) in taken:
                column += 1
            row_span = min(_span(cell, "rowspan"), len(rows) - r)
            column_span = _span(cell, "colspan")
            if len(taken) + row_span * column_span > TABLE_CELLS:
                raise TooLarge(file=name, what="cells", found=len(taken) + row_span * column_span, limit=TABLE_CELLS)
            taken.update((r + down, column + right) for down in range(row_span) for right in range(column_span))
            made = _cell(cell, r, column, row_span, column_span)
            if made.text.strip() or row_span > 1 or column_span > 1:
                cells.append(made)
            column += column_span
    width = max((column for _, column in taken), default=-1) + 1
    return Grid(None, None, len(rows), width, tuple(cells))


def _span(cell: Any, attribute: str) -> int:
    digits = re.match(r"\d{1,6}", (cell.get(attribute) or "").strip())
    return min(_SPAN_LIMIT, max(1, int(digits.group(0)))) if digits else 1


def _cell(cell: Any, row: int, column: int, row_span: int, column_span: int) -> GridCell:
    text = "\n".join(part for part in _cell_lines(cell) if part.strip())
    centred = (
        cell.get("align") == "center"
        or bool(_CENTRED.search(cell.get("style") or ""))
        or any(child.get("align") == "center" for child in cell.iter("p", "div"))
    )
    bold = cell.tag == "th" or any(True for _ in cell.iter("b", "strong"))
    return GridCell(row, column, row_span, column_span, text, None, 0.0, centred, bold)


def _cell_lines(cell: Any) -> Iterator[str]:
    """The cell's lines: blanks of the source are folded, hard spaces stay (they show hierarchy)."""
    parts: list[str] = []

    def walk(element: Any) -> None:
        if element.tag in ("p", "div", "br", "li"):
            parts.append("\n")
        parts.append(re.sub(r"[ \t\r\n]+", " ", element.text or ""))
        for child in element:
            if isinstance(child.tag, str):
                walk(child)
            parts.append(re.sub(r"[ \t\r\n]+", " ", child.tail or ""))
        if element.tag in ("p", "div", "li"):
            parts.append("\n")

    walk(cell)
    for line in "".join(parts).split("\n"):
        yield line.strip(" ").rstrip()

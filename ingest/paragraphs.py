"""Printed lines to paragraphs.

Takes the lines of the prose in reading order, gives paragraphs: running heads, page numbers, contents pages and the
furniture of tables (number, title and unit lines) taken out, wrapped lines joined. Where a format knows its paragraph
ends (`Line.ends_paragraph`) they hold; elsewhere a paragraph ends where a line stays short or the next one is indented
or numbered.
"""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace

from ingest.numbering import RANK, read_numbering, read_outline
from ingest.source import Line
from store.values import Box

SENTENCE_END = tuple("。；！？;!?")
_CLOSED = (*SENTENCE_END, "：", ":", "”", "）", ")")
_PAGE_NUMBER = re.compile(r"[-—–－·\s]*(?:第\s*)?\d{1,4}(?:\s*页)?(?:\s*[/／]\s*\d{1,4}|[,，\s]*共\s*\d{1,4}\s*页)?[-—–－·\s]*")
_LEADER = re.compile(r"(?:[.．·…•。]{4,}|(?:[.．·]\s){4,}|…{2,})[\s\d\-—]*$")
_CONTENTS = re.compile(r"[^，。；]{0,40}目\s*[录次錄]")
_COUNTED = r"\s?(?:\d{1,2}|[一二三四五六七八九十]{1,3})(?:[-—]\d+)?\s?"
_TABLE_NUMBER = re.compile(rf"(?:附件?\d*[:：]?)?[一-鿿]{{0,6}}\s?表{_COUNTED}[:：.]?|[一-鿿]{{0,6}}{_COUNTED}表[:：.]?")
_UNIT_LINE = re.compile(r"(?:.*\s)?(?:金额)?单位\s?[:：]\s?(?:人民币)?[百千万亿]*元(?:.*)?")
_AGENCY_LINE = re.compile(
    r"(?:预算|填报|编制|公开|填表)?(?:部门|单位)(?:名称|编码)?(?:[（(]公章[）)])?\s?[:：]\s?\S{2,40}(?:\s\S{0,12})?"
)
_TABLE_TITLE = re.compile(r"[^。；，,]{2,60}表(?:\s?[（(][^（）()]{1,20}[）)])?")

_SHORT_BY = 2.6          # characters: a line that ends further left of the column's edge than this ends its paragraph
_MOST_OF_A_LINE = 0.75   # of a full line: one so long that doesn't end a sentence goes on, where no geometry is known
_INDENTED = (1.2, 4.6)   # characters: the first line of a paragraph is indented by two; further in is centred
_INDENTING = 0.08        # share of lines that begin a paragraph by their indent, if the document indents at all
_LARGER = 1.22           # a heading's line height against the body's: lines of one style differ by their tallest glyph
_LONGEST_PART = 45       # characters of the words that belong to a 第一部分 on the line before
_FIRST_ENTRIES = 2       # of a contents list: where one of them is printed again, the list is over
_MOST_PAGES = 0.4        # share of pages on which a line must recur, at the same end of the page, to be a running head


@dataclass(frozen=True, slots=True)
class Piece:
    """One printed line and the page it was met on (a line without geometry knows none itself)."""

    page: int | None
    line: Line

    @property
    def text(self) -> str:
        return self.line.text.strip()


@dataclass(frozen=True, slots=True)
class Paragraph:
    """Joined lines; `starts` says where each line begins in `text`."""

    text: str
    pieces: tuple[Piece, ...]
    starts: tuple[int, ...]

    @property
    def size(self) -> float | None:
        return self.pieces[0].line.size

    @property
    def heading(self) -> int | None:
        return self.pieces[0].line.heading


def read_paragraphs(prose: Sequence[tuple[int | None, Line]]) -> tuple[Paragraph, ...]:
    """The paragraphs of the prose, in reading order; a heading on a line of its own is a paragraph too."""
    pieces = [Piece(page, line) for page, line in prose if line.text.strip()]
    pieces = list(_without_running_heads(pieces))
    pieces = list(_without_contents(pieces))
    pieces = [piece for piece in pieces if not is_table_furniture(piece.text)]
    return tuple(_joined(pieces, _Column.of(pieces)))


def is_table_furniture(text: str) -> bool:
    """Whether a line is the number, title, unit or agency line above a table."""
    plain = re.sub(r"\s+", " ", text.strip())
    if _TABLE_NUMBER.fullmatch(plain) or (len(plain) <= 80 and _UNIT_LINE.fullmatch(plain)):
        return True
    if len(plain) <= 60 and _AGENCY_LINE.fullmatch(plain):
        return True
    return read_numbering(plain) is None and read_outline(plain) is None and bool(_TABLE_TITLE.fullmatch(plain))


def width(text: str) -> float:
    """How wide a text is printed, in Chinese characters: a Latin letter or digit takes half."""
    return sum(0.5 if character.isascii() else 1.0 for character in text)


def _without_running_heads(pieces: Sequence[Piece]) -> Iterator[Piece]:
    pages: dict[int | None, list[int]] = defaultdict(list)
    for index, piece in enumerate(pieces):
        pages[piece.page].append(index)
    edge = {index for rows in pages.values() for index in (*rows[:2], *rows[-2:])} if None not in pages else set[int]()
    often = Counter(key for rows in pages.values() for key in {_masked(pieces[i].text) for i in (*rows[:2], *rows[-2:])})
    bound = max(3.0, _MOST_PAGES * len(pages))
    for index, piece in enumerate(pieces):
        if _PAGE_NUMBER.fullmatch(piece.text) and (index in edge or piece.page is None):
            continue
        if index in edge and often[_masked(piece.text)] >= bound:
            continue
        yield piece


def _masked(text: str) -> str:
    return re.sub(r"\d+", "#", re.sub(r"\s", "", text))


def _without_contents(pieces: Sequence[Piece]) -> Iterator[Piece]:
    """The lines that don't belong to a contents page.

    A contents list begins under 目录 and ends where its first entry is printed again as the heading itself, or where a
    line is a sentence. Lines with dot leaders belong to it anywhere.
    """
    first: tuple[str, int] | None = None
    entries = list[str]()
    inside = False
    for piece in pieces:
        text = piece.text
        if _CONTENTS.fullmatch(text):
            inside, first = True, None
            entries.clear()
            continue
        if _LEADER.search(text):
            continue
        if not inside:
            yield piece
            continue
        numbering = read_numbering(text)
        key = (numbering.style, numbering.number) if numbering else None
        words = re.sub(r"\s", "", text[numbering.end:] if numbering else text)
        if (first is not None and key == first) or words in entries or _is_sentence(text):
            inside = False
            yield piece
            continue
        if words and len(entries) < _FIRST_ENTRIES:
            entries.append(words)
        first = first or key


def _is_sentence(text: str) -> bool:
    return width(text) >= 12 and (text.endswith("。") or "，" in text)


_USUAL_LINE = 28.0
"""Characters of a full line, where a text has no sentence to tell."""


@dataclass(frozen=True, slots=True)
class _Column:
    """The text column: left and right edge in points by page, or the width of a full line in characters."""

    edges: dict[int | None, tuple[float, float]]
    whole: tuple[float, float] | None
    characters: float
    indents: bool                  # whether the document indents the first line of its paragraphs

    @classmethod
    def of(cls, pieces: Sequence[Piece]) -> _Column:
        long: dict[int | None, list[Box]] = defaultdict(list)
        for piece in pieces:
            if piece.line.bbox is not None and width(piece.text) >= 14:
                long[piece.page].append(piece.line.bbox)
        edges = {page: (min(b[0] for b in boxes), max(b[2] for b in boxes)) for page, boxes in long.items() if len(boxes) >= 4}
        whole = (_middle(e[0] for e in edges.values()), _middle(e[1] for e in edges.values())) if edges else None
        widths = sorted(width(piece.text) for piece in pieces if any(mark in piece.text for mark in "，。；、"))
        column = cls(edges, whole, _fullest(widths) if widths else _USUAL_LINE, False)
        firsts = sum(column.is_first(piece) for piece in pieces)
        return replace(column, indents=firsts >= max(4, len(pieces) * _INDENTING))

    def of_page(self, page: int | None) -> tuple[float, float] | None:
        return self.edges.get(page, self.whole)

    def indent(self, piece: Piece) -> float:
        """How far in a line begins, in characters."""
        edges, box = self.of_page(piece.page), piece.line.bbox
        if edges is None or box is None or not piece.line.size:
            return piece.line.indent
        return (box[0] - edges[0]) / piece.line.size

    def is_full(self, piece: Piece) -> bool:
        """Whether a line runs to the right edge, so that it may be wrapped."""
        edges, box = self.of_page(piece.page), piece.line.bbox
        if edges is None or box is None or not piece.line.size:
            return width(piece.text) >= self.characters - _SHORT_BY
        return box[2] >= edges[1] - _SHORT_BY * piece.line.size

    def is_first(self, piece: Piece) -> bool:
        return piece.line.bbox is not None and _INDENTED[0] <= self.indent(piece) <= _INDENTED[1]

    def is_centred(self, piece: Piece) -> bool:
        return piece.line.bbox is not None and self.indent(piece) > _INDENTED[1]


def _fullest(widths: Sequence[float]) -> float:
    """The width of a full line where only characters are known: the commonest among the longer half."""
    longer = widths[len(widths) // 2:]
    return float(Counter(round(one) for one in longer).most_common(1)[0][0]) if longer else 0.0


def _middle(values: Iterable[float]) -> float:
    ordered = sorted(values)
    return ordered[len(ordered) // 2]


def _joined(pieces: Sequence[Piece], column: _Column) -> Iterator[Paragraph]:
    run: list[Piece] = []
    for piece in pieces:
        if run and not _continues(run, piece, column):
            yield _paragraph(run)
            run = []
        run.append(piece)
    if run:
        yield _paragraph(run)


def _continues(run: Sequence[Piece], after: Piece, column: _Column) -> bool:
    """Whether `after` is the next line of the paragraph whose lines so far are `run`."""
    before = run[-1]
    numbering = read_numbering(after.text)
    if _is_bare_part(run):
        return numbering is None and not after.text.endswith(SENTENCE_END) and width(after.text) <= _LONGEST_PART
    if before.line.ends_paragraph is not None:
        return not before.line.ends_paragraph
    if before.line.heading != after.line.heading:
        return False
    if column.indents and after.line.bbox is not None and column.is_full(before) and abs(column.indent(after)) < _INDENTED[0]:
        return numbering is None or numbering.rank > RANK["section"]
    if numbering and (numbering.rank <= RANK["section"] or before.text.endswith(_CLOSED) or not column.is_full(before)):
        return False
    if _differ_in_size(before.line, after.line) or column.is_first(after):
        return False
    if column.is_centred(after):
        return _is_wrapped_title(run, after, column)
    if numbering and after.line.bbox is None and numbering.is_upper:
        return False
    if after.line.bbox is None and numbering is None and not before.text.endswith(_CLOSED) and read_numbering(before.text) is None:
        return width(before.text) >= column.characters * _MOST_OF_A_LINE
    return column.is_full(before) or (_hangs(before.text) and not column.is_centred(before))


def _is_bare_part(run: Sequence[Piece]) -> bool:
    """Whether all there is of a heading yet is its number: 第一部分 with its words on the next line."""
    text = "".join(piece.text for piece in run)
    numbering = read_numbering(text)
    return numbering is not None and numbering.rank <= RANK["section"] and numbering.end == len(text)


def _differ_in_size(one: Line, other: Line) -> bool:
    if not one.size or not other.size:
        return False
    return max(one.size, other.size) / min(one.size, other.size) > _LARGER


def _is_wrapped_title(run: Sequence[Piece], after: Piece, column: _Column) -> bool:
    """Whether a centred line goes on with a centred heading: 第三部分 … / 2017年度部门预算情况说明."""
    numbering = read_numbering(run[0].text)
    return numbering is not None and numbering.rank <= RANK["section"] and not after.text.endswith(SENTENCE_END)


def _hangs(text: str) -> bool:
    """Whether a line can't be the end of a paragraph, however short: it ends in a comma or an open bracket."""
    return text.endswith(("，", "、", "（", "“", ","))


def _paragraph(run: Sequence[Piece]) -> Paragraph:
    text, starts = "", list[int]()
    for position, piece in enumerate(run):
        if text and (_needs_blank(text, piece.text) or (position and _is_bare_part(run[:position]))):
            text += " "
        starts.append(len(text))
        text += piece.text
    return Paragraph(text, tuple(run), tuple(starts))


def _needs_blank(before: str, after: str) -> bool:
    """Latin words keep their blank over a line break; numbers and Chinese have none."""
    return before[-1].isascii() and before[-1].isalpha() and after[0].isascii() and after[0].isalpha()

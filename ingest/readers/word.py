"""DOCX: the paragraphs and tables of word/document.xml in reading order.

Takes the bytes of an Office Open XML text document, gives one Page without number: Word decides on pages only when it
prints. Merged cells (gridSpan, vMerge) become one GridCell with spans; deleted and hidden runs are left out, because a
reader of the published file does not see them. The format forbids a document type declaration (ECMA-376 part 2, 9.1),
so a file with one is refused before anything is expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from xml.etree.ElementTree import Element, ParseError

from ingest import limits
from ingest.readers.word_objects import Objects, read_objects
from ingest.readers.word_styles import WORD, Styles, number_attribute
from ingest.source import Block, Grid, GridCell, Line, Page, Source
from store.errors import DamagedFile, TooLarge
from store.values import Warned

if TYPE_CHECKING:
    import zipfile

MAIN_PART = "word/document.xml"
BESIDE = ("word/styles.xml", "word/numbering.xml", "word/_rels/document.xml.rels")
WRAPPERS = {WORD + name for name in ("sdt", "sdtContent", "smartTag", "customXml", "ins", "moveTo")}
"""Elements that only enclose paragraphs, tables, rows or cells."""

FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
UNSEEN = {WORD + "del", WORD + "moveFrom", WORD + "tbl", WORD + "txbxContent", FALLBACK}
"""Elements whose text is not part of the paragraph around them: removed, or read on their own."""


class WordReader:
    """DOCX (and DOTX, DOCM, whose macros are never looked at)."""

    def recognises(self, head: bytes, name: str) -> bool:
        return head.startswith(b"PK\x03\x04") and (b"word/document.xml" in head or b"word/_rels/document.xml.rels" in head)

    def read(self, data: bytes, name: str) -> Source:
        """The document as one Page. Raises DamagedFile, TooLarge."""
        limits.check_size(data, name)
        with limits.open_archive(data, name) as archive:
            body = parse_part(archive, MAIN_PART, name)
            present = set(archive.namelist())
            styles, numbering, relations = (parse_part(archive, part, name) if part in present else None for part in BESIDE)
            objects = read_objects(archive, relations, name)
        try:
            blocks = tuple(_blocks(body[0] if len(body) else body, _Reading(name, Styles.of(styles, numbering), objects)))
        except RecursionError as error:
            raise DamagedFile(file=name, reason="elements nested too deep") from error
        warnings = (Warned("objects_unread", (("file", name), ("count", str(objects.unread)))),) if objects.unread else ()
        pages = (Page(number=None, width=None, height=None, blocks=blocks),)
        return Source(format="docx", read_by="word_cell", pages=pages, warnings=warnings)


@dataclass(frozen=True, slots=True)
class _Reading:
    """What is needed all the way down."""

    name: str
    styles: Styles
    objects: Objects


def parse_part(archive: zipfile.ZipFile, part: str, name: str) -> Element:
    """The root of an XML part, no entity expanded. Raises DamagedFile, also where the part declares entities."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import fromstring

    data = limits.read_part(archive, part, name)
    try:
        root: Element = fromstring(data, forbid_dtd=True, forbid_entities=True, forbid_external=True)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise DamagedFile(file=name, reason=f"{part}: {type(error).__name__}") from error
    return root


def _blocks(parent: Element, reading: _Reading) -> Iterator[Block]:
    for element in parent:
        if element.tag == WORD + "p":
            yield from _lines(element, reading.styles)
            yield from reading.objects.within(element)
            for box in _boxes(element):
                yield from _blocks(box, reading)
        elif element.tag == WORD + "tbl":
            yield from _grids(element, reading.styles, reading.name)
        elif element.tag in WRAPPERS:
            yield from _blocks(element, reading)


def _boxes(element: Element) -> Iterator[Element]:
    """The text boxes anchored in a paragraph; a box's fallback repeats it for older programs."""
    for child in element:
        if child.tag == WORD + "txbxContent":
            yield child
        elif child.tag != FALLBACK:
            yield from _boxes(child)


def _lines(paragraph: Element, styles: Styles) -> Iterator[Line]:
    """A paragraph as a Line, or several where it holds line breaks; none where it holds no text."""
    look = styles.look(paragraph)
    texts = [text for text in (look.number + _text(paragraph, styles)).split("\n") if text.strip()]
    for index, text in enumerate(texts):
        yield Line(text=" ".join(text.replace("\t", " ").split(" ")).strip(), page=None, bbox=None, size=look.size, heading=look.heading,
                   indent=look.indent + leading_blanks(text), ends_paragraph=index == len(texts) - 1)


def _text(element: Element, styles: Styles) -> str:
    """The seen text of a paragraph: tabs as "\\t", line breaks as "\\n"."""
    parts: list[str] = []
    for child in element:
        if child.tag in UNSEEN or (child.tag == WORD + "r" and styles.is_hidden(child)):
            continue
        if child.tag == WORD + "t":
            parts.append(child.text or "")
        elif child.tag in (WORD + "tab", WORD + "ptab"):
            parts.append("\t")
        elif child.tag in (WORD + "br", WORD + "cr"):
            parts.append("\n" if child.get(WORD + "type") in (None, "textWrapping") else "")
        elif child.tag == WORD + "noBreakHyphen":
            parts.append("-")
        elif child.tag != WORD + "pPr":
            parts.append(_text(child, styles))
    return "".join(parts)


def leading_blanks(text: str) -> float:
    """How far a text is indented by its own blanks, in characters: a full-width blank is one, others half of one."""
    blanks = text[: len(text) - len(text.lstrip())]
    return sum(1.0 if blank == "\u3000" else 2.0 if blank == "\t" else 0.5 for blank in blanks)


def _children(parent: Element, tag: str) -> Iterator[Element]:
    for child in parent:
        if child.tag == WORD + tag:
            yield child
        elif child.tag in WRAPPERS:
            yield from _children(child, tag)


def _grids(table: Element, styles: Styles, name: str) -> Iterator[Grid]:
    """A table, then the tables inside its cells."""
    cells: list[GridCell] = []
    open_above: dict[int, int] = {}      # column → index of the cell that a vMerge continues
    nested: list[Element] = []
    rows = columns = 0
    for rows, row in enumerate(_children(table, "tr"), start=1):
        column = number_attribute(row, "trPr/gridBefore", 0)
        for cell in _children(row, "tc"):
            span = max(1, number_attribute(cell, "tcPr/gridSpan", 1))
            above = open_above.get(column)
            merge = cell.find(f"{WORD}tcPr/{WORD}vMerge")
            if merge is not None and merge.get(WORD + "val") != "restart" and above is not None:
                cells[above] = replace(cells[above], row_span=rows - cells[above].row)
            else:
                open_above[column] = len(cells)
                cells.append(_cell(cell, rows - 1, column, span, styles))
                nested += _children(cell, "tbl")
            column += span
        columns = max(columns, column)
        if len(cells) > limits.TABLE_CELLS:
            raise TooLarge(file=name, what="cells", found=len(cells), limit=limits.TABLE_CELLS)
    kept = tuple(cell for cell in cells if cell.text.strip() or cell.row_span > 1 or cell.column_span > 1)
    if kept:
        yield Grid(page=None, bbox=None, rows=rows, columns=columns, cells=kept)
    for inner in nested:
        yield from _grids(inner, styles, name)


def _cell(cell: Element, row: int, column: int, span: int, styles: Styles) -> GridCell:
    paragraphs = list(_children(cell, "p"))
    looks = [styles.look(paragraph) for paragraph in paragraphs]
    texts = [look.number + _text(paragraph, styles).replace("\t", " ") for paragraph, look in zip(paragraphs, looks, strict=True)]
    seen = [index for index, text in enumerate(texts) if text.strip()]
    first = looks[seen[0]] if seen else None
    text = "\n".join(texts[index].rstrip() for index in seen)
    return GridCell(row=row, column=column, row_span=1, column_span=span, text=text, bbox=None, centred=bool(first and first.centred),
                    bold=bool(first and first.bold), indent=(first.indent if first else 0.0) + leading_blanks(text))

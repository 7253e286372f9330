"""XML spreadsheets (SpreadsheetML 2003), as Excel, WPS and reporting systems export them under the name .xls.

Takes the bytes; gives the sheets' cells as the workbook reader knows them. Entities are not expanded.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

from ingest.limits import TABLE_CELLS
from ingest.readers.number_formats import shown
from store.errors import DamagedFile, TooLarge

NAMESPACE: Final = "urn:schemas-microsoft-com:office:spreadsheet"
_SS: Final = f"{{{NAMESPACE}}}"
_NAMED_FORMATS: Final = {"Standard": "#,##0.00", "Fixed": "0.00", "Percent": "0.00%", "General": "General", "": "General"}

XmlCell = tuple[int, int, int, int, str, float, bool, bool]
"""row, column, last row, last column, text, indent, centred, bold."""


def is_spreadsheet_xml(head: bytes) -> bool:
    """Whether a file that begins with `head` is an XML spreadsheet."""
    start = head[:8192].lstrip(b"\xef\xbb\xbf \t\r\n")
    return start.startswith(b"<?xml") and NAMESPACE.encode() in start and b"Workbook" in start


def xml_sheets(data: bytes, name: str) -> Iterator[tuple[str, list[XmlCell]]]:
    """Name and cells of each sheet. Raises DamagedFile or TooLarge."""
    from defusedxml.common import DefusedXmlException
    from defusedxml.ElementTree import ParseError, fromstring

    try:
        root: Any = fromstring(data)
    except (ParseError, DefusedXmlException, ValueError, LookupError) as error:
        raise DamagedFile(file=name, reason=type(error).__name__) from error
    styles = {style.get(f"{_SS}ID"): style for style in root.iter(f"{_SS}Style")}
    for sheet in root.iter(f"{_SS}Worksheet"):
        cells = list(_cells(sheet, styles))
        if len(cells) > TABLE_CELLS:
            raise TooLarge(file=name, what="cells", found=len(cells), limit=TABLE_CELLS)
        yield sheet.get(f"{_SS}Name") or "", cells


def _cells(sheet: Any, styles: dict[str | None, Any]) -> Iterator[XmlCell]:
    row = -1
    for line in sheet.iter(f"{_SS}Row"):
        row = _position(line, row)
        column = -1
        for cell in line.iter(f"{_SS}Cell"):
            column = _position(cell, column)
            across, down = _count(cell, "MergeAcross"), _count(cell, "MergeDown")
            data = cell.find(f"{_SS}Data")
            style = styles.get(cell.get(f"{_SS}StyleID"))
            text = "" if data is None else _text(data, style)
            if text or across or down:
                alignment = None if style is None else style.find(f"{_SS}Alignment")
                centred = alignment is not None and alignment.get(f"{_SS}Horizontal") in ("Center", "CenterAcrossSelection", "Distributed")
                indent = 0.0 if alignment is None else float(_count(alignment, "Indent"))
                font = None if style is None else style.find(f"{_SS}Font")
                yield row, column, row + down, column + across, text, indent, centred, font is not None and font.get(f"{_SS}Bold") == "1"
            column += across


def _position(element: Any, before: int) -> int:
    index = element.get(f"{_SS}Index") or ""
    return int(index) - 1 if index.isdigit() and len(index) < 8 else before + 1


def _count(element: Any, attribute: str) -> int:
    value = element.get(f"{_SS}{attribute}") or ""
    return int(value) if value.isdigit() and len(value) < 6 else 0


def _text(data: Any, style: Any) -> str:
    text = "".join(data.itertext())
    if data.get(f"{_SS}Type") != "Number":
        return text
    form = None if style is None else style.find(f"{_SS}NumberFormat")
    pattern = "General" if form is None else form.get(f"{_SS}Format") or ""
    try:
        return shown(float(text), _NAMED_FORMATS.get(pattern, pattern))
    except ValueError:
        return text

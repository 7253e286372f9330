"""Workbooks embedded in a Word document, at the place where they are shown.

A Word document shows one sheet of an embedded workbook: the selected one. The others are not printed, so they are not read.
"""

from __future__ import annotations

import posixpath
import zipfile
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any
from xml.etree.ElementTree import Element

from ingest import limits
from ingest.readers.workbook import WorkbookReader
from ingest.source import Grid
from store.errors import DamagedFile, EncryptedFile

_OLE_OBJECT = "{urn:schemas-microsoft-com:office:office}OLEObject"
_RELATION = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
_RELATIONSHIP = "{http://schemas.openxmlformats.org/package/2006/relationships}Relationship"


@dataclass(frozen=True, slots=True)
class Objects:
    """The grids of a document's embedded workbooks, by relationship id, and how many objects could not be read."""

    grids: Mapping[str, Grid]
    unread: int = 0

    def within(self, paragraph: Element) -> Iterator[Grid]:
        """The grids that a paragraph shows."""
        for shown in paragraph.iter(_OLE_OBJECT):
            if (grid := self.grids.get(shown.get(_RELATION, ""))) is not None:
                yield grid


def read_objects(archive: zipfile.ZipFile, relations: Element | None, name: str) -> Objects:
    """The embedded workbooks that the document part's relations name. Objects of other programs are counted as unread."""
    grids: dict[str, Grid] = {}
    unread = 0
    parts = set(archive.namelist())
    for relation in [] if relations is None else relations.iter(_RELATIONSHIP):
        if not relation.get("Type", "").endswith(("/oleObject", "/package")):
            continue
        part = posixpath.normpath(posixpath.join("word", relation.get("Target", "")))
        grid = _shown_grid(limits.read_part(archive, part, name), name) if part in parts else None
        if grid is None:
            unread += 1
        else:
            grids[relation.get("Id", "")] = grid
    return Objects(grids, unread)


def _shown_grid(data: bytes, name: str) -> Grid | None:
    reader = WorkbookReader()
    if not reader.recognises(data, name):
        return None
    try:
        source = reader.read(data, name)
        shown = _selected_sheet(data)
    except (DamagedFile, EncryptedFile):
        return None
    grids = [block for page in source.pages for block in page.blocks if isinstance(block, Grid)]
    grid = next((grid for grid in grids if grid.name == shown), None)
    return None if grid is None else replace(grid, page=None)


def _selected_sheet(data: bytes) -> str:
    """The name of the sheet that was on top when the workbook was saved."""
    if data.startswith(b"PK"):
        import io

        from openpyxl import load_workbook

        book: Any = load_workbook(io.BytesIO(data), read_only=True)
        return str(book.active.title)
    import xlrd

    old: Any = xlrd.open_workbook(file_contents=data, on_demand=True)
    names: list[str] = [sheet.name for sheet in old.sheets() if sheet.sheet_selected]
    return names[0] if names else str(old.sheet_names()[0])

"""Which documents are the same disclosure, and which edition of it sums and ranks use.

The same agency, year, kind and scope published as several files is one disclosure. Takes what is known of each document,
gives an `agency_id`, a `disclosure_id` and a rank. The rule, in this order (docs/editions.md):

1. an edition with tables goes before one without: prose published as a file of its own never stands for the tables;
2. read more surely first: text layer, workbook, web or Word cells, then plain text, then OCR;
3. fewer figures in doubt, as a share of all; 4. more figures; 5. the paged format (a citation can show the page);
6. the document id, so that the rank never depends on the order of ingestion.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

SURENESS: Mapping[str, int] = {
    "pdf": 0, "xlsx": 0, "xls": 0, "csv": 0, "html": 0, "docx": 0, "doc": 0, "text": 1, "scan": 2, "picture": 2}
"""Format → how surely its cells are read; lower is surer."""

PAGED = ("pdf", "scan")


@dataclass(frozen=True, slots=True)
class Known:
    """What the rank needs to know of a document."""

    document_id: str
    format: str
    agency: str | None
    region: str | None
    year: int | None
    kind: str | None
    scope: str | None
    tables: int
    figures: int
    doubtful: int


@dataclass(frozen=True, slots=True)
class Placed:
    """A document's place among the disclosures. `agency_id` is None where the agency is not known."""

    document_id: str
    agency_id: str | None
    disclosure_id: str
    edition_rank: int


def place(documents: Iterable[Known], renames: Mapping[str, str]) -> list[Placed]:
    """The place of every document. `renames` maps a former normalised agency name to the present one."""
    disclosures: dict[tuple[object, ...], list[tuple[Known, str | None]]] = {}
    for known in documents:
        agency_id = agency_id_of(known.agency, renames)
        # What is not known to be the same is not: a document without agency, year or kind stands alone.
        apart = known.document_id if None in (agency_id, known.year, known.kind) else None
        key = (agency_id, known.year, known.kind, known.scope or "department", apart)
        disclosures.setdefault(key, []).append((known, agency_id))
    return [
        Placed(known.document_id, agency_id, _id(key), rank)
        for key, editions in disclosures.items()
        for rank, (known, agency_id) in enumerate(sorted(editions, key=lambda edition: _order(edition[0])), start=1)
    ]


def agency_id_of(agency: str | None, renames: Mapping[str, str]) -> str | None:
    """The same for one agency under its former and present name: its present normalised name."""
    if not agency:
        return None
    name = normal_name(agency)
    seen: set[str] = set()
    while name in renames and name not in seen:
        seen.add(name)
        name = renames[name]
    return name


def normal_name(agency: str) -> str:
    """An agency's name without blanks and with half-width signs."""
    return re.sub(r"\s", "", unicodedata.normalize("NFKC", agency))


def _order(known: Known) -> tuple[bool, int, float, int, bool, str]:
    doubt = round(known.doubtful / known.figures, 3) if known.figures else 0.0
    return (
        known.figures == 0, SURENESS.get(known.format, 3), doubt, -known.figures, known.format not in PAGED, known.document_id)


def _id(key: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(key).encode()).hexdigest()[:16]

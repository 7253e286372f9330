"""Which documents are the same disclosure, and which edition of it sums and ranks use.

The same agency, year, kind and scope published as several files is one disclosure. Takes what is known of each document,
gives an `agency_id`, a `disclosure_id` and a rank: 1 = sums and ranks use it. The rule (docs/editions.md), in this order:

1. an edition with figures goes before one without: prose published as a file of its own never stands for the tables;
2. read more surely first: text layer, workbook, web or Word cells, then plain text, then OCR;
3. fewer figures in doubt, as a share of all; 4. more figures; 5. the paged format (a citation can show the page);
6. the document id, so that the rank never depends on the order of ingestion.

An edition that prints other tables than those ranked 1 is no other edition of them but a further part of the disclosure
(one file for the department's forms, one for its projects): it is ranked 1 too.
"""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

SURENESS: Mapping[str, int] = {
    "pdf": 0, "xlsx": 0, "xls": 0, "csv": 0, "html": 0, "docx": 0, "doc": 0, "text": 1, "scan": 2, "picture": 2}
"""Format → how surely its cells are read; lower is surer."""

PAGED = ("pdf", "scan")

SHARED_AMOUNTS = 0.5
"""A further part repeats at most this share of the amounts already there; another edition repeats nearly all of them."""


@dataclass(frozen=True, slots=True)
class Known:
    """What the rank needs to know of a document, and where it was placed before."""

    document_id: str
    format: str
    agency: str | None
    year: int | None
    kind: str | None
    scope: str | None
    figures: int
    doubtful: int
    placed: Placed


@dataclass(frozen=True, slots=True)
class Placed:
    """A document's place among the disclosures. `agency_id` is None where the agency is not known."""

    agency_id: str | None
    disclosure_id: str
    edition_rank: int


@dataclass(frozen=True, slots=True)
class Contents:
    """What tells another edition from a further part."""

    tables: frozenset[str]             # form ids, or titles where the form is not known, of tables with figures
    amounts: frozenset[Decimal]        # distinct amounts other than zero


def place(documents: Iterable[Known], renames: Mapping[str, str], contents: Callable[[str], Contents]) -> dict[str, Placed]:
    """The place of every document, by id.

    `renames` maps a former normalised agency name to the present one; `contents` is asked for documents that share a
    disclosure only.
    """
    disclosures: dict[tuple[object, ...], list[Known]] = {}
    agencies: dict[str, str | None] = {}
    for known in documents:
        agency_id = agencies[known.document_id] = agency_id_of(known.agency, renames)
        # What is not known to be the same is not: a document without agency, year or kind stands alone.
        apart = known.document_id if None in (agency_id, known.year, known.kind) else None
        disclosures.setdefault((agency_id, known.year, known.kind, known.scope or "department", apart), []).append(known)
    return {
        known.document_id: Placed(agencies[known.document_id], _id(key), rank)
        for key, editions in disclosures.items()
        for known, rank in _ranked(sorted(editions, key=_order), contents)
    }


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


def _ranked(editions: list[Known], contents: Callable[[str], Contents]) -> list[tuple[Known, int]]:
    """Best first: rank 1 for the best and for the further parts, then the other editions in order."""
    ranked, rank = [(editions[0], 1)], 1
    if len(editions) == 1:
        return ranked
    first = contents(editions[0].document_id)
    for known in editions[1:]:
        its = contents(known.document_id)
        if known.figures and not its.tables & first.tables and len(its.amounts & first.amounts) <= SHARED_AMOUNTS * len(its.amounts):
            first = Contents(first.tables | its.tables, first.amounts | its.amounts)
            ranked.append((known, 1))
        else:
            rank += 1
            ranked.append((known, rank))
    return ranked


def _order(known: Known) -> tuple[bool, int, float, int, bool, str]:
    doubt = round(known.doubtful / known.figures, 3) if known.figures else 0.0
    return known.figures == 0, SURENESS.get(known.format, 3), doubt, -known.figures, known.format not in PAGED, known.document_id


def _id(key: tuple[object, ...]) -> str:
    return hashlib.sha256(repr(key).encode()).hexdigest()[:16]

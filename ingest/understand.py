"""The stages from what a reader saw to what a disclosure says, in order.

`understand` is a pure function: the same `Source` always gives the same `Document`. Each stage takes values and gives
new ones: pieces (tables and prose) → tables with figures → forms and meanings → narrative and statements → who, when,
what → the arithmetic that proves the reading.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import replace

from ingest.cross_checks import check_document
from ingest.forms import name_form
from ingest.goals import read_goals
from ingest.identity import identify
from ingest.meaning import give_meaning
from ingest.narrative import read_passages
from ingest.page_joins import join_pages
from ingest.pieces import split_pages
from ingest.source import Line, Source
from ingest.statements import read_statements
from ingest.tables import Naming, build_table, document_unit
from ingest.unit_tables import under_unit, units_of
from store.errors import NotADisclosure
from store.values import Document, ReadBy, Table, Unread, Warned


def understand(source: Source, *, document_id: str, file: str, size: int) -> Document:
    """All that can be told of one file. `document_id` is its SHA-256, `size` its bytes.

    Raises NotADisclosure if the file is neither a budget nor final accounts.
    """
    parts, prose = split_pages(source)
    pieces = join_pages(parts)
    apart: dict[int | None, ReadBy] = {page.number: page.read_by for page in source.pages if page.read_by is not None}
    naming = Naming(document_id, source.read_by, document_unit((line.text for _, line in prose), _printed_lines(source)), apart)
    tables: list[Table] = []
    unread: list[Unread] = list(source.unread)
    warnings: list[Warned] = list(source.warnings)
    figures = 0
    for piece in pieces:
        built = build_table(piece, len(tables), figures, naming)
        figures += len(built.table.figures)
        tables.append(replace(built.table, form=name_form(built.table, None)))
        unread += built.unread
        warnings += built.warnings
    passages = read_passages(document_id, prose)
    identity = identify(source, tables, passages, file)
    if not identity.is_disclosure:
        raise NotADisclosure(file=file)
    document = Document(
        document_id=document_id,
        file=file,
        format=source.format,
        size=size,
        page_count=len(source.pages) if any(page.number is not None for page in source.pages) else None,
        agency=identity.agency,
        affiliate_of=identity.affiliate_of,
        region=identity.region,
        year=identity.year,
        kind=identity.kind,
        title=identity.title,
        scope=identity.scope,
        tables=tuple(give_meaning(table, kind=identity.kind, year=identity.year) for table in tables),
        passages=(*passages, *read_goals(document_id, pieces, len(passages))),
        statements=read_statements(document_id, passages, year=identity.year, kind=identity.kind),
        warnings=(*warnings, *identity.warnings),
        unread=tuple(unread),
        page_sizes=tuple((page.width, page.height) for page in source.pages if page.width is not None and page.height is not None),
    )
    return _checked(document, units_of(pieces, identity.agency))


def _checked(document: Document, units: Sequence[str | None]) -> Document:
    """The document with its sums checked: of each unit that has tables of its own apart, as one unit's need not agree with another's."""
    tables: dict[str, Table] = {}
    warnings = document.warnings
    for unit in dict.fromkeys(units):
        own = tuple(table for table, of in zip(document.tables, units, strict=True) if of == unit)
        checked = check_document(replace(document, tables=own, warnings=()))
        tables |= {table.table_id: under_unit(table, unit) for table in checked.tables}
        warnings = (*warnings, *checked.warnings)
    return replace(document, tables=tuple(tables[table.table_id] for table in document.tables), warnings=warnings)


def _printed_lines(source: Source) -> Iterator[str]:
    return (block.text for page in source.pages for block in page.blocks if isinstance(block, Line))

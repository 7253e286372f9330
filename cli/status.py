"""`mingzhang status`: what is in the store, and whether it is whole."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from cli.options import json_option, print_json, store_option
from store.messages import describe_warning

if TYPE_CHECKING:
    from store.snapshot import Snapshot

DOCUMENTS = """
SELECT d.document_id AS id, d.file, d.format, d.agency, d.year, d.kind, d.scope, d.region, d.page_count AS pages,
       d.disclosure_id AS disclosure, d.edition_rank AS edition,
       (SELECT count(*) FROM tables t WHERE t.document_id = d.document_id) AS tables,
       (SELECT count(*) FROM figures f WHERE f.document_id = d.document_id) AS figures,
       (SELECT count(f.doubt) FROM figures f WHERE f.document_id = d.document_id) AS doubtful,
       (SELECT count(*) FROM passages p WHERE p.document_id = d.document_id) AS passages,
       (SELECT count(*) FROM statements s WHERE s.document_id = d.document_id) AS statements,
       (SELECT count(*) FROM warnings w WHERE w.document_id = d.document_id) AS warnings,
       (SELECT count(*) FROM unread u WHERE u.document_id = d.document_id) AS unread
FROM documents d
WHERE $wanted IS NULL OR starts_with(d.document_id, $wanted) OR d.file = $wanted
ORDER BY d.agency NULLS LAST, d.year, d.kind, d.edition_rank, d.file
"""
TABLES = """
SELECT t.table_id AS id, t.number, t.title, t.form, t.unit, t.pages, t.is_empty,
       (SELECT count(*) FROM figures f WHERE f.table_id = t.table_id) AS figures
FROM tables t WHERE t.document_id = ? ORDER BY t.position
"""
WARNINGS = "SELECT code, details FROM warnings WHERE document_id = ?"
UNREAD = "SELECT text, page, why FROM unread WHERE document_id = ? ORDER BY page, top"


@click.command()
@store_option
@json_option
@click.option("--document", metavar="ID", help="One document in detail: its id (or the beginning of it), or its file.")
@click.option("--verify", is_flag=True, help="Read every byte of the store again and compare it with its hash.")
@click.pass_obj
def command(language: str, store: Path, as_json: bool, document: str | None, verify: bool) -> int:
    """Show what is in the store: documents, tables, warnings, numbers that were not read."""
    from store import lake
    from store.snapshot import open_snapshot

    broken = list(lake.verify(store)) if verify else []
    with open_snapshot(store) as snapshot:
        documents = _records(snapshot, DOCUMENTS, {"wanted": document})
        if document and not documents:
            raise click.UsageError(f"no document {document} in {store}")
        result: dict[str, Any] = {"store": str(store), "snapshot": snapshot.id, "documents": documents}
        if document:
            result |= _details(snapshot, documents[0]["id"], language)
        if verify:
            result["broken"] = [{"document": each.document_id, "name": each.name, "problem": each.problem} for each in broken]
    if as_json:
        print_json(result)
    else:
        _print(result)
    return 1 if broken else 0


def _records(snapshot: Snapshot, sql: str, parameters: Any) -> list[dict[str, Any]]:
    names, rows = snapshot.table(sql, parameters)
    return [dict(zip(names, row, strict=True)) for row in rows]


def _details(snapshot: Snapshot, document_id: str, language: str) -> dict[str, Any]:
    return {
        "tables": _records(snapshot, TABLES, [document_id]),
        "warnings": [
            {"code": code, "message": describe_warning(code, details, language)}
            for code, details in snapshot.rows(WARNINGS, [document_id])],
        "unread": [
            {"text": text, "page": page, "why": why, "message": describe_warning(why, {}, language)}
            for text, page, why in snapshot.rows(UNREAD, [document_id])]}


def _print(result: dict[str, Any]) -> None:
    click.echo(f"{result['store']}: snapshot {result['snapshot']}, {len(result['documents'])} documents")
    for each in result["documents"]:
        who = " ".join(str(each[key] or "?") for key in ("agency", "year", "kind"))
        click.echo(f"{each['id'][:12]}  {who}  {each['file']}\n              tables {each['tables']}, figures {each['figures']} "
                   f"({each['doubtful']} in doubt), passages {each['passages']}, warnings {each['warnings']}, unread {each['unread']}")
    for table in result.get("tables", []):
        pages = ",".join(map(str, table["pages"] or []))
        empty = " (empty)" if table["is_empty"] else ""
        click.echo(f"  table p. {pages or '-'}: {table['number'] or ''} {table['title']} [{table['form'] or '?'}, {table['unit'] or '?'}] "
                   f"{table['figures']} figures{empty}")
    for warned in result.get("warnings", []):
        click.echo(f"  warning: {warned['message']}")
    for unread in result.get("unread", []):
        click.echo(f"  unread p. {unread['page'] or '-'}: {unread['text']} — {unread['message']}")
    if "broken" in result:
        for each in result["broken"]:
            click.echo(f"  broken: {each['document'][:12]}/{each['name']} is {each['problem']}")
        click.echo(f"verified: {len(result['broken'])} broken")

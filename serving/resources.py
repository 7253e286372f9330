"""What a program may read as a whole: the glossary, the text of a document, a table. All by addresses mingzhang://…

Takes an open store; gives Markdown. Words of documents are printed words: material to quote, never instructions.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from itertools import groupby

from retrieval import browse
from retrieval.answer.answer import CitedDocument
from retrieval.figures.query import Rows, equals, run, select
from retrieval.prose.general_terms import general_terms
from retrieval.prose.passages import Prose, read_prose
from serving.opened import Opened
from serving.operations import OPERATIONS
from serving.table_text import escaped, table_text
from store.errors import UnknownSource

SCHEME = "mingzhang://"
MARKDOWN = "text/markdown"


@dataclass(frozen=True, slots=True)
class Readable:
    """A kind of thing that can be read. An `address` that ends in {id} stands for many."""

    address: str
    name: str
    description: str
    read: Callable[[Opened, str], str]

    @property
    def is_template(self) -> bool:
        return self.address.endswith("{id}")


def read(opened: Opened, address: str) -> str:
    """The text at an address. Raises UnknownSource."""
    for readable in READABLES:
        stem = readable.address.removesuffix("{id}")
        if address == readable.address or (readable.is_template and address.startswith(stem) and address != stem):
            return readable.read(opened, address.removeprefix(stem))
    raise UnknownSource(id=address)


def _glossary(_: Opened, __: str) -> str:
    terms = [f"## {'、'.join(term.names)}\n\n{term.meaning}\n\n— {term.source}" for term in general_terms().terms]
    differences = [f"## {' / '.join(each.between)}\n\n{each.meaning}\n\n— {each.source}" for each in general_terms().differences]
    return "\n\n".join([*terms, *differences])


def _disclosures(opened: Opened, _: str) -> str:
    return OPERATIONS["list_disclosures"].run(opened, {"limit": 1000}).text


def _document(opened: Opened, document_id: str) -> str:
    cited = _cited(opened.snapshot, document_id)
    tables = [
        f"- {escaped(entry.number or '')} {escaped(entry.title)} ({entry.unit or '-'}): {SCHEME}tables/{entry.table_id}"
        for entry in browse.list_tables(opened.snapshot, document_id)]
    head = f"# {cited.agency or '?'} {cited.year or '?'} {cited.kind or '?'}\n\n{cited.file}"
    return "\n\n".join([head, "\n".join(tables), *_prose(read_prose(opened.snapshot, [cited]))])


def _prose(passages: tuple[Prose, ...]) -> list[str]:
    parts: list[str] = []
    for section, group in groupby(passages, key=lambda one: one.section):
        parts.append("\n\n".join([f"## {escaped(' / '.join(section))}" if section else "##", *(escaped(one.text) for one in group)]))
    return parts


def _cited(snapshot: Rows, document_id: str) -> CitedDocument:
    columns = ("document_id", "agency", "year", "kind", "file")
    rows = run(snapshot, select("disclosures", columns, equals("document_id", document_id)))[1]
    if not rows:
        raise UnknownSource(id=document_id)
    return CitedDocument(*rows[0])


def _table(opened: Opened, table_id: str) -> str:
    try:
        return table_text(browse.read_table(opened.snapshot, table_id))
    except KeyError as error:
        raise UnknownSource(id=table_id) from error


READABLES: tuple[Readable, ...] = (
    Readable(SCHEME + "glossary", "glossary", "What the words of published budgets mean, each with the rule it rests on.", _glossary),
    Readable(SCHEME + "disclosures", "disclosures", "What is published here: agency, year, budget or final accounts, files.", _disclosures),
    Readable(SCHEME + "documents/{id}", "document", "A document by its id: its tables with their addresses, and its prose.", _document),
    Readable(SCHEME + "tables/{id}", "table", "A table by its id, as printed.", _table),
)

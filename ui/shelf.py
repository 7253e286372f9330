"""The list of what is in the store, with each table to look at beside the page that it was read from."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from retrieval import browse
from retrieval.browse import DocumentEntry, TableEntry
from ui import markup
from ui.frame import language, language_switch
from ui.opened import Opened, opened
from ui.sources import page_with_boxes
from ui.words import say


def draw() -> None:
    """Files, then the tables of the chosen file, then one table."""
    tongue = language()
    head, switch = st.columns([3, 1], vertical_alignment="bottom")
    with head:
        st.title(say("browse_page", tongue), anchor=False)
    with switch:
        language_switch()
    here = opened()
    entries = browse.list_documents(here.snapshot)
    if not entries:
        st.info(say("no_documents", tongue, store=here.store))
        return
    agencies, figures = len({entry.agency for entry in entries}), sum(entry.figures for entry in entries)
    st.html(markup.small(say("browse_intro", tongue, documents=len(entries), agencies=agencies, figures=figures)))
    words = st.text_input(say("filter", tongue), key="filter")
    shown = [entry for entry in entries if all(word in _searchable(entry) for word in words.lower().split())]
    if not shown:
        st.info(say("nothing_found", tongue, words=words))
        return
    _draw_list(shown)
    chosen = st.selectbox(say("choose_document", tongue), shown, format_func=_name)
    if chosen:
        _draw_document(here, chosen)


def _searchable(entry: DocumentEntry) -> str:
    return f"{_name(entry)} {entry.file} {entry.format}".lower()


def _name(entry: DocumentEntry) -> str:
    kind = say(entry.kind, language()) if entry.kind in ("budget", "final") else ""
    return (
        " ".join(part for part in (entry.agency, str(entry.year or ""), kind) if part) + f" · {entry.format.upper()} · {_short(entry.file)}"
    )


def _short(file: str) -> str:
    """The file with its folder: many are called published.pdf."""
    return "/".join(Path(file).parts[-2:])


def _draw_list(entries: list[DocumentEntry]) -> None:
    tongue = language()
    st.dataframe(
        [
            {
                say("agency", tongue): entry.agency or "",
                say("year", tongue): str(entry.year or ""),
                say("kind", tongue): say(entry.kind, tongue) if entry.kind in ("budget", "final") else "",
                say("format", tongue): entry.format.upper(),
                say("tables", tongue): entry.tables,
                say("figures", tongue): entry.figures,
                say("passages", tongue): entry.passages,
                say("document", tongue): _short(entry.file),
            }
            for entry in entries
        ],
        hide_index=True,
        height=min(38 + 35 * len(entries), 320),
    )


def _draw_document(here: Opened, entry: DocumentEntry) -> None:
    tongue = language()
    tables = browse.list_tables(here.snapshot, entry.document_id)
    if tables:
        chosen = st.selectbox(say("choose_table", tongue), tables, format_func=_table_name, key=f"tables-{entry.document_id}")
        if chosen:
            _draw_table(here, entry, chosen)
    _draw_notes(here, entry)


def _table_name(table: TableEntry) -> str:
    pages = "、".join(say("page", language(), page=page) for page in table.pages[:3])
    return " · ".join(part for part in (table.number, table.title, pages) if part)


def _draw_table(here: Opened, entry: DocumentEntry, table: TableEntry) -> None:
    tongue = language()
    if table.unit:
        st.html(markup.small(say("unit", tongue, unit=table.unit)))
    read = browse.read_table(here.snapshot, table.table_id)
    if read.rows:
        st.html(markup.table(read))
    else:
        st.info(say("empty_table", tongue))
    for note in table.notes:
        st.html(markup.small(note))
    if table.pages and entry.format in ("pdf", "scan"):
        fold = st.expander(say("original_page", tongue), key=f"original-{table.table_id}", on_change="rerun")
        if fold.open:
            for page in table.pages:
                picture = page_with_boxes(str(here.store), entry.document_id, page, ())
                if picture:
                    fold.image(picture, width="stretch", alt=say("page", tongue, page=page))


def _draw_notes(here: Opened, entry: DocumentEntry) -> None:
    from store.messages import describe_warning

    tongue = language()
    warnings = browse.list_warnings(here.snapshot, entry.document_id)
    unread = browse.list_unread(here.snapshot, entry.document_id)
    with st.expander(say("warnings", tongue, count=len(warnings))):
        for code, details in warnings:
            st.html(markup.small(describe_warning(code, details, tongue)))
        if not warnings:
            st.html(markup.small(say("none", tongue)))
    with st.expander(say("unread", tongue, count=len(unread))):
        for text, page, why in unread:
            place = say("page", tongue, page=page) if page else ""
            st.html(markup.small(" · ".join(part for part in (text, place, describe_warning(why, {}, tongue)) if part)))
        if not unread:
            st.html(markup.small(say("none", tongue)))

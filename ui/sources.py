"""The proof of an answer: numbered sources that open to the page's picture, or to the table as read, with the cell outlined."""

from __future__ import annotations

from pathlib import Path

import streamlit as st

from retrieval import browse
from retrieval.answer.answer import Answer, Citation
from ui import markup
from ui.frame import language
from ui.opened import Opened, opened
from ui.words import say

MOST_SHOWN = 6  # sources of an answer, before the rest is asked for
CONTEXT = 110.0  # points of the page kept under the lowest outlined box


@st.fragment
def draw_sources(answer: Answer, key: str) -> None:
    """The sources of one answer. Only what is opened is drawn, and only this part of the page runs again."""
    here = opened()
    is_whole = len(answer.citations) <= MOST_SHOWN + 1 or st.session_state.get(f"{key}-all", False)
    shown = answer.citations if is_whole else answer.citations[:MOST_SHOWN]
    for number, citation in enumerate(shown, start=1):
        card = st.expander(_label(number, citation), key=f"{key}-{number}", on_change="rerun")
        if card.open:
            with card:
                _draw_source(here, citation)
    if not is_whole:
        more = say("more_sources", language(), count=len(answer.citations) - MOST_SHOWN)
        st.button(more, key=f"{key}-more", on_click=_show_all, args=(f"{key}-all",), type="tertiary")


def _show_all(key: str) -> None:
    st.session_state[key] = True


def _label(number: int, citation: Citation) -> str:
    parts = [say("source", language(), number=number), citation.table or citation.section or ""]
    if citation.row or citation.column:
        parts.append(" × ".join(part for part in (citation.row, citation.column) if part))
    parts.append(_place(citation))
    if citation.cell:
        parts.append(f"{citation.cell} {citation.unit or ''}".strip())
    return _plain(" · ".join(part for part in parts if part))


def _place(citation: Citation) -> str:
    document = citation.document
    kind = say(document.kind, language()) if document.kind in ("budget", "final") else ""
    where = f"{document.agency or Path(document.file).name} {document.year or ''} {kind}".strip()
    if citation.page is None:
        return where
    word = "sheet" if document.file.lower().endswith((".xlsx", ".xls")) else "page"
    return f"{where} · {say(word, language(), page=citation.page)}"


def _plain(text: str) -> str:
    """A label that Streamlit shows as it is: labels are Markdown, and printed words are not."""
    return "".join(f"\\{letter}" if letter in "\\`*_{}[]()<>#+-.!|~:$" else letter for letter in text)


def _draw_source(here: Opened, citation: Citation) -> None:
    tongue = language()
    if citation.quote:
        st.html(markup.quote(citation.quote))
    if citation.cell:
        st.html(markup.small(say("printed", tongue, cell=citation.cell, unit=citation.unit or "")))
    if citation.doubt:
        st.html(markup.doubt(say("doubtful", tongue)))
    if not _draw_picture(here, citation):
        _draw_table(here, citation)
    if citation.also_in:
        st.html(markup.small(say("also_in", tongue, places="；".join(citation.also_in))))
    st.html(markup.small(Path(citation.document.file).name))


def _draw_picture(here: Opened, citation: Citation) -> bool:
    """The page with its outlines; False if this format has no pages to draw."""
    from retrieval.sources import boxes_of

    page, boxes = boxes_of(here.snapshot, citation)
    picture = None if page is None else page_with_boxes(str(here.store), citation.document.id, page, boxes)
    if picture is None:
        return False
    st.image(picture, width="stretch", alt=f"{_place(citation)}: {citation.cell or citation.quote or ''}")
    legend = "legend" if any(style == "cell" for _, style in boxes) else "legend_quote"
    st.html(markup.small(say(legend, language())))
    return True


def _draw_table(here: Opened, citation: Citation) -> None:
    if not (citation.cell and citation.table_id):
        return
    st.html(markup.small(say("no_picture", language())))
    st.html(markup.table(browse.read_table(here.snapshot, citation.table_id), citation.figure_id))


@st.cache_data(max_entries=64, show_spinner=False)
def page_with_boxes(
    store: str, document_id: str, page: int, boxes: tuple[tuple[tuple[float, float, float, float], str], ...]
) -> bytes | None:
    """PNG of a page of a stored document with boxes outlined; None if the document has no page pictures."""
    from store.pictures import picture_of

    return picture_of(Path(store), document_id, page, boxes, below=CONTEXT)

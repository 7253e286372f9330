"""An answer and its sources in plain text: for the terminal, and for models that read a tool's reply.

Takes answers and citations; gives text in which every source is numbered and carries the id that opens it.
"""

from __future__ import annotations

from retrieval.answer import Answer, Citation


def place_text(citation: Citation) -> str:
    """Where a source is printed, and what stands there: file, page, table or section, row, column, cell or quote."""
    page = None if citation.page is None else f"p. {citation.page}"
    what = citation.quote if citation.cell is None else f"{citation.cell}{citation.unit or ''}"
    parts = (citation.document.file, page, citation.table or citation.section, citation.row, citation.column, what)
    return " · ".join(part for part in parts if part)


def answer_text(answer: Answer) -> str:
    """The sentence, the offers of a question asked back, what was assumed or noted, and the numbered sources with their ids."""
    lines = [answer.text, *(f"- {option}" for option in answer.options), *(f"({aside})" for aside in (*answer.assumptions, *answer.notes))]
    for number, citation in enumerate(answer.citations, start=1):
        opens = citation.figure_id or citation.table_id
        lines.append(f"[{number}] {place_text(citation)}" + (f" (id {opens})" if opens else ""))
    return "\n".join(lines)

"""An answer and its sources in plain text: for the terminal, and for models that read a tool's reply.

Takes answers and citations; gives text in which every source is numbered and carries the id that opens it.
"""

from __future__ import annotations

from retrieval.answer.answer import Answer, Citation, Understanding
from retrieval.answer.wording import say


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


def explained_text(understood: Understanding | None) -> str:
    """How a question was understood, a line each: the restatement, the stretches, what was not read, the next readings."""
    if understood is None or not (understood.words or understood.spans):
        return say("explain", "none")
    rules = "、".join(dict.fromkeys(understood.rules)) or say("explain", "no_rules")
    lines = [say("explain", "words", words=understood.words) if understood.words else say("explain", "none")]
    lines += [say("explain", "reading", cost=f"{understood.cost:.2f}", rules=rules), say("explain", "spans")]
    for one in understood.spans:
        does = say("explain", "does_unread" if one.does == "unread" else one.does)
        lines.append(say("explain", "span_means" if one.means else "span", text=one.text, does=does, means=one.means))
    if understood.unread:
        lines.append(say("explain", "unread", words="、".join(understood.unread)))
    for one in understood.readings:
        rules = "、".join(dict.fromkeys(one.rules)) or say("explain", "no_rules")
        lines.append(say("explain", "other", cost=f"{one.cost:.2f}", words=one.words, rules=rules))
    return "\n".join(lines)

"""An answer made of quotes, and the sentences around them (data/vocabulary/prose_answers.toml).

Takes exact spans of passages; gives `Words`. Nothing but the templates is added to the document's words.
"""

from __future__ import annotations

from collections.abc import Sequence

from retrieval.answer.answer import Value
from retrieval.answer.values import Words
from retrieval.prose.passages import Prose, Span, citations
from retrieval.question.as_words import words


def quoted(
    template: str, spans: Sequence[Span], score: float = 1.0, *, values: tuple[Value, ...] = (), **fields: str
) -> Words | None:
    """The answer that these spans make, in the words of a template (score: 0 … 1, how sure); None without spans."""
    if not spans:
        return None
    quotes = table("quoted")["join"].join(_in_marks(span.quote) for span in spans)
    cited = tuple(one for span in spans for one in citations(span))
    text = say("quoted", template, who=_who(spans[0].prose), quotes=quotes, **fields)
    return Words(text, cited, values, max(0.0, min(1.0, score)))


def _in_marks(said: str) -> str:
    """Words in quotation marks, of another shape where they hold such marks themselves."""
    return say("quoted", "quote_with_marks" if "“" in said else "quote", words=said)


def _who(prose: Prose) -> str:
    document = prose.document
    if document.year is None or document.kind is None:
        return say("quoted", "who_without_year", agency=document.agency or "")
    return say("quoted", "who", agency=document.agency or "", year=document.year, kind=words()["kind"][document.kind])


def say(section: str, name: str, /, **fields: object) -> str:
    """One of the sentences with its placeholders filled."""
    return table(section)[name].format(**fields)


def table(name: str) -> dict[str, str]:
    """A section of the sentences and words."""
    return words("prose_answers.toml")[name]

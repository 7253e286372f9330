"""An answer made of quotes, and the sentences around them (data/prose_answers.toml).

Takes exact spans of passages; gives `ProseEvidence`. Nothing but the templates is added to the document's words.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

from retrieval.answer.answer import Citation, Value, Verdict
from retrieval.prose.passages import Prose, Span, citations
from store.vocabulary import DATA


@dataclass(frozen=True, slots=True)
class ProseEvidence:
    """An answer made of quotes."""

    text: str                      # the sentences to show; every number of an answer in it stands in a citation's quote
    values: tuple[Value, ...] = ()
    citations: tuple[Citation, ...] = ()
    general_knowledge: bool = False   # the words are the project's glossary's, not a document's
    score: float = 1.0             # 0 … 1, how sure
    verdict: Verdict | None = None


def quoted(
    template: str,
    spans: Sequence[Span],
    score: float = 1.0,
    *,
    values: tuple[Value, ...] = (),
    verdict: Verdict | None = None,
    **words: str,
) -> ProseEvidence | None:
    """The evidence that these spans make, in the words of a template; None without spans."""
    if not spans:
        return None
    said = phrases()
    quotes = said["join"].join(_in_marks(span.quote) for span in spans)
    text = said[template].format(who=_who(spans[0].prose), quotes=quotes, **words)
    cited = tuple(one for span in spans for one in citations(span))
    return ProseEvidence(text, values, cited, score=max(0.0, min(1.0, score)), verdict=verdict)


def _in_marks(words: str) -> str:
    """Words in quotation marks, of another shape where they hold such marks themselves."""
    return phrases()["quote_with_marks" if "“" in words else "quote"].format(words=words)


def _who(prose: Prose) -> str:
    document = prose.document
    said = phrases()
    if document.year is None or document.kind is None:
        return said["who_without_year"].format(agency=document.agency or "")
    return said["who"].format(agency=document.agency or "", year=document.year, kind=table("kinds")[document.kind])


@cache
def _sentences() -> dict[str, object]:
    with (DATA / "prose_answers.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def phrases() -> dict[str, str]:
    """The sentences by name."""
    return {key: value for key, value in _sentences().items() if isinstance(value, str)}


@cache
def table(name: str) -> dict[str, str]:
    """A table of words, such as those for kinds and directions."""
    found = _sentences()[name]
    if not isinstance(found, dict):
        raise TypeError(f"data/prose_answers.toml: {name} is not a table")
    return {str(key): str(value) for key, value in found.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]

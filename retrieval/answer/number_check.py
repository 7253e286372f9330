"""The last gate: every number in an answer's text is a cited figure, a computed value, a quote's, or part of a name.

A number that matches nothing is not shown: the sentence that holds it is dropped, and an answer without sentences is none.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal
from typing import TYPE_CHECKING

from retrieval.words.folding import fold

if TYPE_CHECKING:
    from retrieval.answer.answer import Citation, Step, Value

_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SENTENCE = re.compile(r"[^。！？\n]*[。！？\n]?")


def numbers(text: str) -> set[Decimal]:
    """The numbers that stand in `text`, without thousands commas or trailing zeros."""
    return {Decimal(match.replace(",", "")).normalize() for match in _NUMBER.findall(text)}


def allowed(values: Iterable[Value], steps: Iterable[Step], citations: Iterable[Citation], names: Iterable[str]) -> set[Decimal]:
    """The numbers that an answer may say: its values and their parts, what is printed where it cites, and names."""
    found: set[Decimal] = {value.amount.normalize() for value in values}
    for step in steps:
        found.add(step.result.amount.normalize())
        found |= {part.amount.normalize() for _, part in step.parts}
    for citation in citations:
        place = (citation.table, citation.row, citation.column, citation.section, citation.document.agency)
        for text in (citation.cell, citation.quote, *place):
            if text:
                found |= numbers(fold(text)) | numbers(text)
        if citation.document.year is not None:
            found |= {Decimal(citation.document.year), Decimal(citation.document.year - 1)}
    for name in names:
        found |= numbers(name)
    return found | {abs(number) for number in found}


def without_unproved(text: str, proved: set[Decimal]) -> str:
    """`text` without the sentences that hold a number which nothing proves."""
    proved = {number.normalize() for number in proved}
    kept = [sentence for sentence in _SENTENCE.findall(text) if sentence and numbers(sentence) <= proved]
    return "".join(kept)

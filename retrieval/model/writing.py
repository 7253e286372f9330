"""An answer in a model's words, clause by clause as they come: nothing of it is given out before it is held against the answer.

What the composed answer does not bear out ends its sentence (retrieval/model/proof.py). A text that does not say all that the
composed answer says is not kept: the composed one is. The program, not the model, puts the numbers of the sources behind
each sentence.
"""

from __future__ import annotations

import re
from collections.abc import Generator, Iterable, Iterator
from dataclasses import dataclass, field, replace

from prompts import load
from retrieval.answer import Answer
from retrieval.model.proof import Measured, Part, Proof, measured_in, worth
from retrieval.model.session import Session
from retrieval.model.understanding import LONGEST_QUESTION, quoted
from retrieval.planner import Planner

MOST_CITED = 6  # sources named behind one sentence

_MARKS = "，。；：\n"
_CITES = re.compile(r"\s*\[\d{1,3}\]")
_CLOSED = ("。", "\n")


@dataclass(slots=True)
class Checked:
    """Clauses held against a proof in their order. `said` are the facts that they have said so far, by their places."""

    proof: Proof
    sources: tuple[frozenset[Measured], ...] = ()  # the numbers of each citation
    said: set[int] = field(default_factory=set[int])
    is_torn: bool = False  # whether a sentence was cut that had begun to be shown
    _before: Part | None = None  # what the last clause named
    _is_cut: bool = False  # the rest of this sentence is dropped
    _has_begun: bool = False  # this sentence has said something
    _numbers: set[Measured] = field(default_factory=set[Measured])  # of this sentence

    def take(self, clause: str) -> str:
        """The clause as it may be shown; "" where it may not."""
        plain = _CITES.sub("", clause)
        if not plain.strip():
            return ""
        ends = plain.endswith(_CLOSED)
        shown = plain if not self._is_cut and self._bears_out(plain) else ""
        self._is_cut = not shown
        self.is_torn |= self._is_cut and self._has_begun
        if not ends:
            return shown
        numbers = self._numbers
        self._numbers, self._is_cut, self._has_begun = set(), False, False
        return f"{shown.rstrip()}{self._cited(numbers)}" if shown else ""

    def _bears_out(self, clause: str) -> bool:
        parts = self.proof.read(clause)
        if parts is None:
            return False
        before, said, numbers = self._before, set[int](), set[Measured]()
        for own in parts:
            whole = own.after(before)
            place = self.proof.bearing_out(own, whole)
            leads = self.proof.leads_up(own) or (not self._has_begun and own == parts[0] and self.proof.is_name(own))
            if place is None and not leads:
                return False
            before = whole
            said |= {place} if place is not None else set()
            numbers |= set(map(worth, own.numbers))
        self._before, self._has_begun = before, True
        self.said |= said
        self._numbers |= numbers
        return True

    def _cited(self, numbers: set[Measured]) -> str:
        """The sources of a sentence: those that print a number of it; all where it only has computed ones."""
        if not numbers:
            return ""
        places = [place for place, held in enumerate(self.sources, start=1) if held & numbers] or range(1, len(self.sources) + 1)
        return "".join(f"[{place}]" for place in list(places)[:MOST_CITED])


def write(session: Session, answer: Answer, planner: Planner) -> Generator[str, None, Answer | None]:
    """Gives out the answer in the model's words as it grows; returns it whole, or None where the composed one is to stay."""
    prompt = load("write")
    values = {"question": quoted(answer.plan.question[:LONGEST_QUESTION]), "answer": quoted(answer.text)}
    checked = Checked(
        Proof.of(answer, planner),
        tuple(frozenset(map(worth, measured_in(f"{one.cell or ''}{one.unit or ''} {one.quote or ''}"))) for one in answer.citations))
    text = ""
    for clause in clauses(session.stream(prompt, values)):
        shown = checked.take(clause)
        if shown:
            text += shown
            yield text
    if session.failure is not None:
        return None
    kept = text.strip()
    if not is_whole(kept, checked):
        session.note("writing", prompt, "refused", "what evidence bears out is not the whole answer")
        return None
    session.note("writing", prompt, "used")
    return replace(answer, text=kept)


def checked_clauses(pieces: Iterable[str], proof: Proof) -> Iterator[str]:
    """The clauses of a text that arrives in pieces, each only once it is whole and borne out."""
    checked = Checked(proof)
    yield from filter(None, map(checked.take, clauses(pieces)))


def clauses(pieces: Iterable[str]) -> Iterator[str]:
    """The clauses of a text that arrives in pieces, each once it is whole: up to a mark outside brackets, or the end of a sentence."""
    waiting, depth = "", 0
    for character in (one for piece in pieces for one in piece):
        waiting += character
        depth = 0 if character in _CLOSED else depth + (character in "（(") - (character in "）)")
        if character in _CLOSED or (character in _MARKS and depth <= 0):
            yield waiting
            waiting = ""
    if waiting:
        yield waiting


def is_whole(text: str, checked: Checked) -> bool:
    """Whether a text says all that the composed answer says, and ends as a sentence does."""
    needed = checked.proof.needed
    if any(text.count(opening) != text.count(closing) for opening, closing in ("（）", "()", "“”", "《》")):
        return False
    return bool(needed) and needed <= checked.said and not checked.is_torn and re.search(r"。(?:\[\d+\])*\Z", text) is not None

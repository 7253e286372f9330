"""What a model makes of a question: an answer by its reading, a choice to ask back about, or nothing.

It is shown the question, the turns before it and the candidates; its reading is evaluated like the grammar's own. A reading that
can't be resolved goes back to it once, with what was wrong.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from prompts import load
from retrieval.answer.answer import Answer
from retrieval.answering.asker import Asker, Turn
from retrieval.finding import Near
from retrieval.model.candidates import Candidates, candidates
from retrieval.model.proposal import Proposal
from retrieval.model.replies import ReadingReply
from retrieval.model.session import Refused, Session
from retrieval.question.as_words import words
from store.errors import SqlRefused

MOST_SEARCHES = 2
LONGEST_QUESTION = 900  # characters that a model is sent
MOST_OFFERED = 4
_BROKEN = (ArithmeticError, AttributeError, AssertionError, LookupError, TypeError, ValueError, TimeoutError, SqlRefused)


@dataclass(frozen=True, slots=True)
class Proposed:
    """What a model proposes: an answer, or whom or what to ask back about, or that nothing printed answers."""

    answer: Answer | None = None
    expression: Any = None
    options: tuple[str, ...] = ()
    unread: tuple[str, ...] = ()
    search: str = ""
    why: str = ""


@dataclass(frozen=True, slots=True)
class Asking:
    """A question in its talk: as typed, and as the grammar reads it."""

    question: str
    turn: Turn
    said: tuple[str, ...] = ()  # the earlier turns, oldest first
    dialog: tuple[Turn, ...] = ()


def understand(session: Session, asker: Asker, asking: Asking, near: Near | None = None) -> Proposed | None:
    """What the model proposes; None where no usable reply came."""
    searched: list[str] = []
    while True:
        found = candidates(asker, asking.question, asking.dialog, asking.turn, searched, near)
        shown = found.text + "".join(f"\n(found for your search: {words})" for words in searched)
        values = {
            "question": quoted(asking.question[:LONGEST_QUESTION]),
            "earlier": quoted("\n".join(asking.said)[-LONGEST_QUESTION:]) or "(none)",
            "candidates": quoted(shown),
        }
        made = session.ask(load("read"), values, ReadingReply, partial(_proposed, found, asker, asking))
        if made is None or not made.search:
            return made
        if len(searched) == MOST_SEARCHES:
            return Proposed(why="searched in vain")
        session.note("searched", made.search)
        searched.append(made.search)


def quoted(text: str) -> str:
    """Text of strangers as data: nothing in it closes the tag that it stands in."""
    return text.replace("<", "＜").replace(">", "＞")


def _proposed(found: Candidates, asker: Asker, asking: Asking, reply: ReadingReply) -> Proposed:
    """The reply as what it proposes. Raises Refused."""
    if reply.do == "search":
        if not reply.text.strip():
            raise Refused("search for which words?")
        return Proposed(search=reply.text.strip()[:80])
    if reply.do == "none":
        return Proposed(why=reply.text[:200])
    if reply.do == "ask":
        return Proposed(options=_options(reply.text, found, asking.turn))
    expression = Proposal(found, asker.reader.names, " ".join((*asking.said, asking.question))).read(reply.text)
    try:
        answer = asker.answer_to(asking.question, replace(asking.turn.understood, unread=(), verify=False), expression)
    except _BROKEN as error:
        raise Refused(f"this reading can't be evaluated: {str(error)[:120]}") from error
    if answer.route in ("decline", "clarify"):
        raise Refused(f"nothing is printed for this reading: {answer.text[:120]}")
    return Proposed(answer, expression, unread=tuple(reply.unread))


def _options(ids: str, found: Candidates, turn: Turn) -> tuple[str, ...]:
    """The questions that ask for each of several candidates. Raises Refused for anything but their ids."""
    understood = turn.understood
    offer = words("model_answers.toml")["notes"]["offer"]
    options: list[str] = []
    for one in ids.replace(",", " ").split():
        if one in found.agencies:
            spans = [whose for whose in understood.whose if whose.bodies]
            rest = understood.text[: spans[0].start] + understood.text[spans[0].end :] if spans else understood.text
            options.append(found.agencies[one].name + rest)
        elif one in found.cells:
            cell = found.cells[one]
            options.append(offer.format(agency=cell.agency, year=cell.about_year or cell.year, label=cell.row_label))
        else:
            raise Refused(f"ask takes ids of agencies or figures, not {one[:20]}")
    if len(options) < 2:
        raise Refused("to ask back, name two candidates or more")
    return tuple(dict.fromkeys(options))[:MOST_OFFERED]

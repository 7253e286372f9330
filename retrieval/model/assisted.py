"""Answers with a model's reading beside the grammar's: each is evaluated by the program, and the better one is kept.

The model is shown the question, the turns before it and the candidates; its reading is evaluated like the grammar's own, and goes back
to it once where it can't be resolved. Readings with the same denotation are one. Where they differ, the model's is kept unless the
grammar is sure: it read every word, at little cost. Whatever goes wrong with a model, the grammar's answer comes, within the time
limit, with a small note.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from prompts import load
from retrieval.answer.answer import Answer, Stage
from retrieval.ask import FAILURES, Asker
from retrieval.model.breaker import Breaker
from retrieval.model.candidates import Candidates, candidates
from retrieval.model.endpoint import LangChainEndpoint
from retrieval.model.proposal import Proposal, worth
from retrieval.model.replies import ReadingReply
from retrieval.model.session import Means, Refused, Session
from retrieval.model.settings import ModelSettings
from retrieval.model.vectors import PassageVectors
from retrieval.question.as_words import words
from retrieval.question.expression import COMPOSED, Both, Pick, as_json, walk
from retrieval.reply.turns import Turn
from store.errors import SqlRefused

LOG = logging.getLogger(__name__)
SURE = 0.6  # cost of the grammar's reading up to which it is sure: a rule word or two passed over costs more; not fitted yet
MOST_SEARCHES = 2
LONGEST_QUESTION = 900  # characters that a model is sent
MOST_OFFERED = 4
OPEN = frozenset(("decline", "clarify"))
_SAID = words("model_answers.toml")
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


@dataclass(slots=True)
class AssistedAsker:
    """An asker whose questions a model reads too."""

    rules: Asker
    means: Means
    vectors: PassageVectors | None = None  # passages near in meaning, where an embedding model is named

    @classmethod
    def of(cls, rules: Asker, settings: ModelSettings, *, vectors: PassageVectors | None = None) -> AssistedAsker:
        means = Means(settings, LangChainEndpoint(settings), Breaker(settings))
        threading.Thread(target=means.endpoint.make_ready, name="model-ready", daemon=True).start()
        return cls(rules, means, vectors)

    def ask(self, question: str, dialog: Sequence[str] = ()) -> Answer:
        """The answer to `question`; `dialog` holds the earlier user turns, oldest first."""
        *_, last = self.unfold(question, dialog)
        return last.answer

    def unfold(self, question: str, dialog: Sequence[str] = ()) -> Iterator[Stage]:
        """The answer by stages: the grammar's own at once, the one to keep at last."""
        started = time.perf_counter()
        answer = self.rules.ask(question, dialog)
        yield Stage(answer)
        try:
            answer = self._bettered(answer, (*dialog, question))
        except FAILURES:
            LOG.exception("a model's part in an answer failed")
            answer = _failed(answer, "other")
        yield Stage(replace(answer, milliseconds=(time.perf_counter() - started) * 1000), is_last=True)

    def _bettered(self, answer: Answer, said: Sequence[str]) -> Answer:
        """The grammar's answer, or the model's where that is better. `said`: the earlier turns, then the question."""
        turns: list[Turn] = []
        for one in said:
            turns.append(self.rules.turn(one, turns)[0])
        if not is_readable(said[-1]) or (self.means.settings.ask == "unsure" and is_sure(answer, turns[-1])):
            return answer
        session = Session.begin(self.means)
        proposed = self._understood(session, said, turns)
        if proposed is not None:
            answer = chosen(session, self.rules, answer, turns[-1], proposed)
        elif session.failure is not None:
            answer = _failed(answer, session.failure)
        return replace(answer, model=tuple(session.steps))

    def _understood(self, session: Session, said: Sequence[str], turns: Sequence[Turn]) -> Proposed | None:
        """What the model proposes; None where no usable reply came."""
        vectors, question = self.vectors, said[-1]

        def near(words: str, documents: Sequence[str], limit: int) -> Sequence[str]:
            return vectors.near(words, documents, limit, session.seconds_left) if vectors is not None else ()

        searched: list[str] = []
        while True:
            found = candidates(self.rules, question, turns[:-1], turns[-1], searched, near)
            shown = found.text + "".join(f"\n(found for your search: {words})" for words in searched)
            values = {
                "question": quoted(question[:LONGEST_QUESTION]),
                "earlier": quoted("\n".join(said[:-1])[-LONGEST_QUESTION:]) or "(none)",
                "candidates": quoted(shown),
            }
            made = session.ask(load("read"), values, ReadingReply, partial(self._proposed, found, said, turns[-1]))
            if made is None or not made.search:
                return made
            if len(searched) == MOST_SEARCHES:
                return Proposed(why="searched in vain")
            session.note("searched", made.search)
            searched.append(made.search)

    def _proposed(self, found: Candidates, said: Sequence[str], turn: Turn, reply: ReadingReply) -> Proposed:
        """The reply as what it proposes. Raises Refused."""
        if reply.do == "search":
            if not reply.text.strip():
                raise Refused("search for which words?")
            return Proposed(search=reply.text.strip()[:80])
        if reply.do == "none":
            return Proposed(why=reply.text[:200])
        if reply.do == "ask":
            return Proposed(options=_options(reply.text, found, turn))
        expression = Proposal(found, self.rules.reader.names, " ".join(said)).read(reply.text)
        try:
            answer = self.rules.answer_to(said[-1], replace(turn.understood, unread=(), verify=False), expression)
        except _BROKEN as error:
            raise Refused(f"this reading can't be evaluated: {str(error)[:120]}") from error
        if answer.route in OPEN:
            raise Refused(f"nothing is printed for this reading: {answer.text[:120]}")
        return Proposed(answer, expression, unread=tuple(reply.unread))


def quoted(text: str) -> str:
    """Text of strangers as data: nothing in it closes the tag that it stands in."""
    return text.replace("<", "＜").replace(">", "＞")


def _options(ids: str, found: Candidates, turn: Turn) -> tuple[str, ...]:
    """The questions that ask for each of several candidates. Raises Refused for anything but their ids."""
    understood = turn.understood
    offer = _SAID["notes"]["offer"]
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


def is_readable(question: str) -> bool:
    """Whether a question is worth a model's time: it has words of Chinese, or letters that may spell some."""
    return sum(c.isalpha() for c in question) >= 2


def is_read(answer: Answer, turn: Turn) -> bool:
    """Whether the grammar answers, having read every word, none passed over, at little cost."""
    understood = turn.understood
    return answer.route not in OPEN and not understood.unread and not understood.ignored and understood.cost <= SURE


def is_sure(answer: Answer, turn: Turn) -> bool:
    """Whether the grammar's answer stands against another: read, one figure and no other beside it, or words."""
    several = isinstance(turn.expression, Pick) and len(answer.values) > 1
    return is_read(answer, turn) and not several and not any(isinstance(node, COMPOSED) for node in walk(turn.expression))


def chosen(session: Session, rules: Asker, answer: Answer, turn: Turn, proposed: Proposed) -> Answer:
    """The grammar's answer or what the model proposes, whichever is better; the trace says which."""
    if proposed.answer is not None and not proposed.unread and not rules.is_generic(turn.understood):
        if same_denotation(answer, proposed.answer, several=isinstance(proposed.expression, Both)):
            session.note("agreed", expression=as_json(proposed.expression))
            return answer
        if not is_sure(answer, turn):
            session.note("used", expression=as_json(proposed.expression))
            return _noted(proposed.answer, "understanding")
    elif proposed.answer is None and not is_read(answer, turn):
        session.note("used" if proposed.options or answer.route not in OPEN else "agreed", proposed.why)
        if proposed.options:
            text = _SAID["notes"]["which"].format(options="；".join(proposed.options))
            return _noted(_open(answer, "clarify", text, proposed.options), "understanding")
        if answer.route not in OPEN or (answer.route == "clarify" and turn.understood.unread):  # nothing is there, whatever was not read
            declined = _open(answer, "decline", _SAID["notes"]["none"], answer.options)
            return replace(declined, verdict="not_found") if turn.understood.verify else declined
        return answer
    session.note("differed", "、".join(proposed.unread) or proposed.why, as_json(proposed.expression))
    return answer if answer.route in OPEN else _noted(answer, "differed")


def same_denotation(one: Answer, other: Answer, *, several: bool = False) -> bool:
    """Whether two answers put the same forward: the same verdict and first value, or words of the same place.

    `several`: `other` answers several questions, so that all its values have to be there.
    """
    if one.route in OPEN or one.verdict != other.verdict:
        return False
    if one.verdict is not None:
        return True
    if one.values and other.values:
        known, others = ([worth(value.amount, value.unit) for value in answer.values] for answer in (one, other))
        return known[0] == others[0] and (not several or set(others) <= set(known))
    if one.values or other.values:
        return False
    quotes = {cited.quote for cited in one.citations if cited.quote}
    return any(cited.quote and any(cited.quote in known or known in cited.quote for known in quotes) for cited in other.citations)


def _open(answer: Answer, route: str, text: str, options: tuple[str, ...]) -> Answer:
    """The answer without anything put forward."""
    return replace(answer, route=route, text=text, options=options, values=(), citations=(), steps=(), chart=(), sql=None, verdict=None)  # type: ignore[arg-type]


def _noted(answer: Answer, name: str, **said: str) -> Answer:
    return replace(answer, notes=(*answer.notes, _SAID["notes"][name].format(**said)))


def _failed(answer: Answer, reason: str) -> Answer:
    return _noted(answer, "failed", reason=_SAID["reasons"].get(reason, _SAID["reasons"]["other"]))

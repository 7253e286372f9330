"""Answers with a model's reading beside the grammar's: each is evaluated by the program, and the better one is kept.

Readings with the same denotation are one. Where they differ, the model's is kept unless the grammar is sure: it read every word, at
little cost. Whatever goes wrong with a model, the grammar's answer comes, within the time limit, with a small note.
"""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from retrieval.answer.answer import Answer
from retrieval.answering.asker import FAILURES, Asker, Turn
from retrieval.asking import Stage
from retrieval.finding import Near
from retrieval.model.breaker import Breaker
from retrieval.model.endpoint import LangChainEndpoint
from retrieval.model.proposal import worth
from retrieval.model.session import Means, Session
from retrieval.model.settings import ModelSettings
from retrieval.model.understanding import Asking, Proposed, understand
from retrieval.model.vectors import PassageVectors
from retrieval.question.as_json import as_json
from retrieval.question.as_words import words
from retrieval.question.expression import COMPOSED, Both, Pick, walk

LOG = logging.getLogger(__name__)
SURE = 0.6  # cost of the grammar's reading up to which it is sure: a rule word or two passed over costs more; not fitted yet
_SAID = words("model_answers.toml")
OPEN = frozenset(("decline", "clarify"))


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
            answer = self._bettered(answer, question, dialog)
        except FAILURES:
            LOG.exception("a model's part in an answer failed")
            answer = _failed(answer, "other")
        yield Stage(replace(answer, milliseconds=(time.perf_counter() - started) * 1000), is_last=True)

    def _bettered(self, answer: Answer, question: str, dialog: Sequence[str]) -> Answer:
        """The grammar's answer, or the model's where that is better."""
        turns: list[Turn] = []
        for said in dialog:
            turns.append(self.rules.turn(said, turns)[0])
        turn = self.rules.turn(question, turns)[0]
        if not is_readable(question) or (self.means.settings.ask == "unsure" and is_sure(answer, turn)):
            return answer
        session = Session.begin(self.means)
        proposed = understand(session, self.rules, Asking(question, turn, tuple(dialog), tuple(turns)), self._near(session))
        if proposed is not None:
            answer = chosen(session, self.rules, answer, turn, proposed)
        elif session.failure is not None:
            answer = _failed(answer, session.failure)
        return replace(answer, model=tuple(session.steps))

    def _near(self, session: Session) -> Near | None:
        vectors = self.vectors
        return None if vectors is None else lambda words, documents, limit: vectors.near(words, documents, limit, session.seconds_left)


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

"""Answers with a model's help where the rules are unsure; the rules' own answer wherever the help is none.

Rules first. Where they decline or ask back for want of understanding, a model may arrange the question's own words into a plan,
choose figures by a query, or choose sentences of the prose; where it only guesses, its guess is offered as a question to click.
Whatever goes wrong with a model, the rules' answer comes, within the time limit, with a small note.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Generator, Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from prompts import load
from retrieval.answer import Answer
from retrieval.ask import Asker
from retrieval.asking import Stage
from retrieval.finding import Near
from retrieval.model.breaker import Breaker
from retrieval.model.endpoint import Endpoint, LangChainEndpoint
from retrieval.model.excerpts import asks_for_words, find_words, is_long, sum_up
from retrieval.model.free_query import choose, sentences
from retrieval.model.grounds import Grounds
from retrieval.model.session import Means, Session
from retrieval.model.settings import ModelSettings
from retrieval.model.understanding import Understood, understand
from retrieval.model.vectors import PassageVectors
from retrieval.model.writing import write
from retrieval.plan import Plan
from retrieval.wording import KIND_NAMES

HELPED = frozenset((None, "not_understood", "unknown_item", "which_agency", "which_item"))
"""Reasons for which the rules decline or ask back that another reading of the question may lift."""

MOST_OFFERED = 3


@dataclass(slots=True)
class AssistedAsker:
    """An asker whose unsure answers a model may help with."""

    rules: Asker
    means: Means
    database: Path
    vectors: PassageVectors | None = None  # passages near in meaning, where an embedding model is named

    @classmethod
    def of(
        cls, rules: Asker, settings: ModelSettings, database: Path, endpoint: Endpoint | None = None, vectors: PassageVectors | None = None,
    ) -> AssistedAsker:
        """`database` is the snapshot's file of figures: queries of a model run in a process of their own."""
        means = Means(settings, endpoint or LangChainEndpoint(settings), Breaker(settings))
        threading.Thread(target=means.endpoint.make_ready, name="model-ready", daemon=True).start()
        return cls(rules, means, database, vectors)

    def ask(self, question: str, dialog: Sequence[str] = ()) -> Answer:
        """The answer to `question`; `dialog` holds the earlier user turns, oldest first."""
        *_, last = self.unfold(question, dialog)
        return last.answer

    def unfold(self, question: str, dialog: Sequence[str] = ()) -> Iterator[Stage]:
        """The answer by stages: the rules' own at once, then as the model helps, the one to keep at last."""
        started = time.perf_counter()
        answer = self.rules.ask(question, dialog)
        yield Stage(answer)
        settings = self.means.settings
        is_unsure = unsure(answer)
        if is_unsure or settings.ask == "always" or settings.writing:
            session = Session.begin(self.means, answer.snapshot)
            if is_unsure:
                answer = self._helped(session, answer, dialog)
            elif settings.ask == "always" and is_about_figures(answer):
                self._compared(session, answer, dialog)
            if settings.writing and is_phrasable(answer):
                yield Stage(answer)
                answer = yield from self._phrased(session, answer)
            elif settings.writing and is_long(answer):
                yield Stage(answer)
                shorter = sum_up(session, self.rules, answer)
                answer = answer if shorter is None else _noted(shorter, "key_points")
            answer = replace(answer, model=tuple(session.steps))
            if session.failure is not None:
                answer = _failed(answer, session.failure)
        yield Stage(replace(answer, milliseconds=(time.perf_counter() - started) * 1000), is_last=True)

    def _phrased(self, session: Session, answer: Answer) -> Generator[Stage, None, Answer]:
        """The answer with the model's words as they come; returns it in them, or as it was."""
        growing = write(session, answer, self.rules.planner)
        while True:
            try:
                yield Stage(answer, next(growing))
            except StopIteration as end:
                return answer if end.value is None else _noted(end.value, "writing")

    def _helped(self, session: Session, answer: Answer, dialog: Sequence[str]) -> Answer:
        """The rules' unsure answer, or a better one."""
        planner = self.rules.planner
        grounds = Grounds.of(answer.plan, planner)
        understood = understand(session, planner, answer.plan, grounds, dialog)
        plan = understood.plan if understood is not None else None
        if plan is not None:
            found = self.rules.answer_to(plan)
            if found.route not in ("decline", "clarify"):
                session.note("understanding", load("plan"), "used", plan=plan)
                return _noted(found, "understanding")
            session.note("understanding", load("plan"), "refused", "nothing is printed for this plan", plan)
        elif understood is not None and not understood.guessed:
            session.note("understanding", load("plan"), "refused", "the model makes no plan of it")
        if self.means.settings.excerpts and session.failure is None and asks_for_words(grounds):
            found = find_words(session, self.rules, answer, grounds, self._near(session))
            if found is not None:
                return _noted(found, "excerpt")
        elif self.means.settings.queries and session.failure is None and not grounds.unread:
            chosen = choose(session, self.rules.desk, planner, self.database, answer.plan, grounds)
            if chosen is not None:
                found = self.rules.dressed(answer.plan, chosen.draft)
                if found.route not in ("decline", "clarify"):
                    session.note("query", load("sql"), "used")
                    return _noted(replace(found, sql=chosen.sql), "query")
        return _offered(session, answer, understood, planner.directory[answer.plan.agencies[0]].name if answer.plan.agencies else "")

    def _near(self, session: Session) -> Near | None:
        vectors = self.vectors
        return None if vectors is None else lambda words, documents, limit: vectors.near(words, documents, limit, session.seconds_left)

    def _compared(self, session: Session, answer: Answer, dialog: Sequence[str]) -> None:
        """The model's plan beside the rules', for whoever evaluates: the answer stays."""
        grounds = Grounds.of(answer.plan, self.rules.planner)
        understood = understand(session, self.rules.planner, answer.plan, grounds, dialog)
        if understood is not None:
            differs = differences(answer.plan, understood.plan)
            session.note("understanding", load("plan"), "differed" if differs else "agreed", ", ".join(differs), understood.plan)


def unsure(answer: Answer) -> bool:
    """Whether another reading of the question may help: the rules decline, ask back or show figures of which none is the answer."""
    plan = answer.plan
    is_open = answer.route in ("decline", "clarify") or (answer.route in ("tables", "both") and not answer.values)
    if not is_open or plan.reason not in HELPED or plan.operation == "verify":
        return False
    return any("\u4e00" <= c <= "\u9fff" for c in plan.text)


def is_about_figures(answer: Answer) -> bool:
    """Whether there is a plan to compare with."""
    return answer.route not in ("decline", "clarify") and answer.plan.operation != "verify"


def is_phrasable(answer: Answer) -> bool:
    """Whether an answer may be put in other words: it has printed figures."""
    return bool(answer.values and answer.citations) and answer.route not in ("decline", "clarify") and not answer.general_knowledge


def differences(rules: Plan, model: Plan | None) -> tuple[str, ...]:
    """The fields in which two plans differ."""
    if model is None:
        return ("declined",)
    fields = ("operation", "agencies", "years", "kind", "over", "order")
    found = [name for name in fields if getattr(rules, name) != getattr(model, name)]
    named = [{asked.item for asked in plan.items} for plan in (rules, model)]
    return (*found, *(("items",) if named[0] != named[1] else ()))


def _offered(session: Session, answer: Answer, understood: Understood | None, agency: str) -> Answer:
    """The rules' answer, or the question whether the model guessed right: names only, no figure."""
    if understood is None or not understood.guessed or answer.options:
        return answer
    plan = answer.plan
    year = f"{plan.years[-1]}年" if plan.years else ""
    kind = KIND_NAMES[plan.kind] if plan.kind else ""
    words = sentences()["offered"]
    options = tuple(
        words["question"].format(agency=agency, year=year, kind=kind, items=name) for name in understood.guessed[:MOST_OFFERED])
    session.note("understanding", load("plan"), "offered", "、".join(understood.guessed))
    text = words["text"].format(options="；".join(understood.guessed[:MOST_OFFERED]))
    return _noted(replace(answer, route="clarify", text=text, options=options, values=(), citations=()), "offered")


def _noted(answer: Answer, name: str) -> Answer:
    return replace(answer, notes=(*answer.notes, sentences()["notes"][name]))


def _failed(answer: Answer, reason: str) -> Answer:
    reasons = sentences()["reasons"]
    return replace(answer, notes=(*answer.notes, sentences()["notes"]["failed"].format(reason=reasons.get(reason, reasons["other"]))))

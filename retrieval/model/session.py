"""One answer's dealings with a model: time, tokens, replies, repairs, and the trace of it all."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, Literal, TypeVar

from pydantic import BaseModel

from prompts import Prompt, Rendered
from retrieval.answer.answer import ModelStep
from retrieval.model.breaker import Breaker
from retrieval.model.endpoint import LangChainEndpoint, ModelFailed
from retrieval.model.replies import BadReply, read_reply
from retrieval.model.settings import ModelSettings
from store.errors import ExtraMissing

LOG = logging.getLogger(__name__)
Shape = TypeVar("Shape", bound=BaseModel)
Made = TypeVar("Made")
SHOWN = 400  # characters of a refused reply that are shown again
LEAST_SECONDS = 0.2  # with less time left nothing is asked

Outcome = Literal["used", "agreed", "differed", "searched", "refused", "failed"]


class Refused(Exception):
    """A well-formed reply that may not be used: `str` tells the model why."""


@dataclass(slots=True)
class Means:
    """What all answers of a process share."""

    settings: ModelSettings
    endpoint: LangChainEndpoint
    breaker: Breaker


@dataclass(slots=True)
class Session:
    """One answer's use of a model. `steps` is the trace, `failure` why no usable reply came, if none came."""

    means: Means
    until: float  # of time.monotonic
    steps: list[ModelStep] = field(default_factory=list[ModelStep])
    failure: str | None = None
    _tokens: int = 0  # of this answer
    _step_tokens: int = 0
    _began: float = 0.0
    _prompt: str = ""
    _cached: bool = False

    @classmethod
    def begin(cls, means: Means) -> Session:
        """A session whose time runs from now."""
        return cls(means, time.monotonic() + float(means.settings.seconds))

    @property
    def seconds_left(self) -> float:
        return self.until - time.monotonic()

    def ask(self, prompt: Prompt, values: dict[str, str], shape: type[Shape], use: Callable[[Shape], Made]) -> Made | None:
        """What `use` makes of the model's reply; None where no usable one came, which the trace then says.

        `values` are the prompt's variables but `problem`, which tells what was wrong with the reply before. `use` raises
        Refused for a reply that may not be used.
        """
        problem = ""
        for _ in range(max(1, self.means.settings.attempts)):
            text = self._reply(prompt.render(**values, problem=problem))
            if text is None:
                return None
            try:
                read = read_reply(shape, text)
                self._could_be_read(is_so=True)
                made, self.failure = use(read), None
                return made
            except BadReply as error:
                self._could_be_read(is_so=False)
                self.failure, problem = "unreadable", str(error)
            except Refused as error:
                self.failure, problem = None, str(error)
            self.note("refused", problem)
            problem = f"Your last reply was: {text[:SHOWN]}\nIt could not be used: {problem}. Reply again in the promised form."
        return None

    def note(self, outcome: Outcome, detail: str = "", expression: Any = None) -> None:
        """Puts what became of the last reply into the trace."""
        seconds, model = round(time.monotonic() - self._began, 3), self.means.settings.name
        step = ModelStep("understanding", model, self._prompt, outcome, detail[:300], seconds, self._step_tokens, self._cached, expression)
        self.steps.append(step)

    def _reply(self, rendered: Rendered) -> str | None:
        """The model's reply; None where there is none, which the trace then says."""
        self._prompt, self._began, self._step_tokens, self._cached = rendered.prompt, time.monotonic(), 0, False
        self.failure = self._why_not()
        if self.failure is None:
            try:
                reply = self.means.endpoint.reply(rendered, self.seconds_left)
                self._count(reply.read, reply.written)
                self._cached = reply.cached
                return reply.text
            except ExtraMissing as error:
                LOG.warning("a model is set, but not what reaches it", extra=error.where)
                self.failure = "missing"
            except ModelFailed as error:
                self._count(error.read, error.written)
                self.means.breaker.failed()
                self.failure = str(error)
        self.note("failed", self.failure)
        return None

    def _count(self, read: int, written: int) -> None:
        self._step_tokens = read + written
        self._tokens += self._step_tokens
        self.means.breaker.spent(read, written)

    def _could_be_read(self, *, is_so: bool) -> None:
        if not self._cached:
            (self.means.breaker.succeeded if is_so else self.means.breaker.failed)()

    def _why_not(self) -> str | None:
        if self.seconds_left < LEAST_SECONDS:
            return "timeout"
        return "tokens" if self._tokens >= self.means.settings.answer_tokens else self.means.breaker.why_not()

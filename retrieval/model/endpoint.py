"""One reply from a model through LangChain, within a time limit whatever its server does.

The provider's package is imported at the first call only. A server may drip one byte a second, send gigabytes, redirect or
hang: the call runs in a thread that is abandoned at the deadline, what it may read is bounded, redirects are not followed.
Replies that were once given are LangChain's to keep: the same text sent to the same model costs nothing.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any, TypeVar, cast

from prompts import Rendered
from retrieval.model.settings import ModelSettings
from store.errors import ExtraMissing

T = TypeVar("T")
LOG = logging.getLogger(__name__)
MOST_BYTES = 2_000_000  # of one HTTP reply
MOST_SECONDS = 60.0  # that one HTTP reply may take
MOST_WAITING = 4  # calls that may be under way, abandoned ones included
MOST_KEPT = 512  # replies
_BOUNDS = frozenset(("$schema", "title", "maxLength", "minLength", "minimum", "maximum"))
_WORDS = {"lengthfinish": "cut_off", "contentfilter": "refused", "timeout": "timeout", "connect": "unreachable"}
"""One word for what went wrong, by what the error is called: the libraries share no base class."""


class ModelFailed(Exception):
    """No reply: `str` is one word for it (timeout, unreachable, refused, rate_limited, cut_off, empty, busy …).

    `read` and `written` are the tokens that it cost all the same, where they are told.
    """

    def __init__(self, word: str, read: int = 0, written: int = 0) -> None:
        super().__init__(word)
        self.read, self.written = read, written


@dataclass(frozen=True, slots=True)
class Reply:
    """What a model wrote, and the tokens it read and wrote."""

    text: str
    read: int = 0
    written: int = 0
    cached: bool = False  # it was given before


@dataclass
class LangChainModel(ABC):
    """A model of LangChain: made at its first use, and called in threads that are abandoned at the deadline."""

    settings: ModelSettings
    under_way: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_WAITING))

    @cached_property
    def made(self) -> Any:
        """LangChain's model. Raises ExtraMissing where the provider's package is not installed."""
        try:
            return self.make()
        except ImportError as error:
            raise ExtraMissing(extra="models") from error

    @abstractmethod
    def make(self) -> Any:
        """The model, of the provider that is set."""

    def in_time(self, work: Callable[[], T], seconds: float) -> T:
        """What `work` gives. Raises ModelFailed, at the latest after `seconds`, or ExtraMissing."""
        if not self.under_way.acquire(blocking=False):
            raise ModelFailed("busy")
        outcome: list[T | Exception] = []

        def run() -> None:
            # A client library, its HTTP client and a server of unknown quality: whatever they raise means that there is no reply.
            try:
                outcome.append(work())
            except (ModelFailed, ExtraMissing) as error:
                outcome.append(error)
            except Exception as error:
                LOG.info("no reply from the model", exc_info=error)
                outcome.append(_failure(error))
            finally:
                self.under_way.release()

        thread = threading.Thread(target=run, name="model", daemon=True)
        thread.start()
        thread.join(seconds)
        if not outcome:
            raise ModelFailed("timeout" if thread.is_alive() else "empty")
        if isinstance(outcome[0], Exception):
            raise outcome[0]
        return outcome[0]


class LangChainEndpoint(LangChainModel):
    """A chat model of LangChain."""

    def reply(self, rendered: Rendered, seconds: float) -> Reply:
        """The reply. Raises ModelFailed, at the latest after `seconds`, or ExtraMissing where the provider's package is not installed."""
        messages = [("system", escaped(rendered.system)), ("human", escaped(rendered.user))]
        return self.in_time(lambda: _read(self._model(rendered).invoke(messages)), seconds)

    def make_ready(self) -> None:
        """Imports the provider's package: a second or two that the first answer need not wait for."""
        with contextlib.suppress(ExtraMissing):
            _ = self.made

    def _model(self, rendered: Rendered) -> Any:
        """The chat model, asked to keep to the reply's schema."""
        schema = _without_bounds(rendered.schema)
        if self.settings.provider == "ollama":
            return self.made.bind(format=schema)
        shape = {"name": "reply", "strict": True, "schema": schema}
        return self.made.bind(response_format={"type": "json_schema", "json_schema": shape})

    def make(self) -> Any:
        """LangChain's chat model."""
        from langchain_core.caches import InMemoryCache

        settings = self.settings
        kept = InMemoryCache(maxsize=MOST_KEPT)
        given: dict[str, Any] = {"model": settings.name, "base_url": settings.url, "temperature": 0, "cache": kept}
        if settings.provider == "ollama":
            from langchain_ollama import ChatOllama

            return ChatOllama(**given, num_predict=settings.reply_tokens, client_kwargs=client_settings(settings))
        from langchain_openai import ChatOpenAI

        return ChatOpenAI(
            **given, **openai_settings(settings), max_completion_tokens=settings.reply_tokens, stream_usage=False,
            extra_body={"max_tokens": settings.reply_tokens} if settings.url else None)


def _without_bounds(schema: Any) -> Any:
    """A schema without lengths and ranges of values: some servers refuse them, others make slow grammars of them; `read_reply` holds them.

    How many things a list has stays: small models write lists without end.
    """
    if isinstance(schema, Mapping):
        return {key: _without_bounds(value) for key, value in cast(Mapping[str, Any], schema).items() if key not in _BOUNDS}
    return [_without_bounds(one) for one in cast(list[Any], schema)] if isinstance(schema, list) else schema


def escaped(text: str) -> str:
    """Text that JSON can carry: lone surrogates, as pasted text may hold them, replaced."""
    return text.encode("utf-8", "replace").decode("utf-8")


def _read(message: Any) -> Reply:
    """The reply of a message. Raises ModelFailed where it is cut off, refused or empty."""
    usage: dict[str, Any] = message.usage_metadata or {}
    told: dict[str, Any] = message.response_metadata or {}
    cached = "total_cost" in usage  # LangChain's mark of a reply that it kept
    used = (0, 0) if cached else (_count(usage.get("input_tokens")), _count(usage.get("output_tokens")))
    reason = told.get("finish_reason") or told.get("done_reason")
    if reason == "length":
        raise ModelFailed("cut_off", *used)
    if reason == "content_filter" or message.additional_kwargs.get("refusal"):
        raise ModelFailed("refused", *used)
    if not isinstance(message.content, str) or not message.content.strip():
        raise ModelFailed("empty", *used)
    return Reply(message.content, *used, cached)


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0


def _failure(error: Exception) -> ModelFailed:
    """Why there is no reply, from an error's name and status, with what openai's error of a reply that is cut off tells of tokens."""
    status, name = getattr(error, "status_code", None), type(error).__name__.lower()
    word = next((word for part, word in _WORDS.items() if part in name), "unreadable")
    if isinstance(status, int):
        word = "rate_limited" if status == 429 else f"http_{status}"
    usage = getattr(getattr(error, "completion", None), "usage", None)
    return ModelFailed(word, _count(getattr(usage, "prompt_tokens", None)), _count(getattr(usage, "completion_tokens", None)))


def openai_settings(settings: ModelSettings) -> dict[str, Any]:
    """What LangChain's models of OpenAI have in common: errors are not waited out, since an answer has little time."""
    import httpx
    from pydantic import SecretStr

    client = httpx.Client(**client_settings(settings))
    return {"api_key": SecretStr(settings.key or "none"), "max_retries": 0, "timeout": float(settings.seconds), "http_client": client}


def client_settings(settings: ModelSettings) -> dict[str, Any]:
    """An HTTP client that follows no redirect, uses no proxy of the environment, keeps no connection (which a server may close just as it
    is used again), and reads MOST_BYTES of a reply at most."""
    import httpx

    class Bounded(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream) -> None:
            self._stream, self._until = stream, time.monotonic() + MOST_SECONDS

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for piece in self._stream:
                size += len(piece)
                if size > MOST_BYTES or time.monotonic() > self._until:
                    raise httpx.ReadTimeout("the reply is too long")
                yield piece

        def close(self) -> None:
            self._stream.close()

    def bound(response: httpx.Response) -> None:
        response.stream = Bounded(cast(httpx.SyncByteStream, response.stream))

    return {
        "transport": httpx.HTTPTransport(limits=httpx.Limits(max_keepalive_connections=0)), "event_hooks": {"response": [bound]},
        "timeout": float(settings.seconds), "follow_redirects": False}

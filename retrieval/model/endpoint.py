"""One reply from a model through LangChain, within a time limit whatever its server does.

The provider's package is imported at the first call only. A server may drip one byte a second, send gigabytes, redirect or
hang: the call runs in a thread that is abandoned at the deadline, what it may read is bounded, redirects are not followed.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from abc import ABC, abstractmethod
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, TypeVar, cast

from prompts import Rendered
from retrieval.model.settings import ModelSettings
from store.errors import ExtraMissing

if TYPE_CHECKING:
    import httpx

T = TypeVar("T")
LOG = logging.getLogger(__name__)
MOST_BYTES = 2_000_000  # of one HTTP reply
_BOUNDS = frozenset(("$schema", "title", "maxLength", "minLength", "minimum", "maximum"))
MOST_WAITING = 4  # calls that may be under way, abandoned ones included


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


class Endpoint(Protocol):
    """Whatever gives replies."""

    def make_ready(self) -> None:
        """Does what the first reply would have to wait for. Never raises."""
        ...

    def reply(self, rendered: Rendered, seconds: float) -> Reply:
        """The reply. Raises ModelFailed, at the latest after `seconds`."""
        ...


@dataclass(slots=True)
class LangChainModel(ABC):
    """A model of LangChain: made at its first use, and called in threads that are abandoned at the deadline."""

    settings: ModelSettings
    _made: Any = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    under_way: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_WAITING))

    def made(self) -> Any:
        """LangChain's model. Raises ExtraMissing where the provider's package is not installed."""
        with self.lock:
            if self._made is None:
                try:
                    self._made = self.make()
                except ImportError as error:
                    raise ExtraMissing(extra="models") from error
            return self._made

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
                usage = getattr(getattr(error, "completion", None), "usage", None)  # openai's error of a reply that is cut off
                used = _count(getattr(usage, "prompt_tokens", None)), _count(getattr(usage, "completion_tokens", None))
                outcome.append(ModelFailed(word_for(error), *used))
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
        """The reply. Raises ModelFailed, or ExtraMissing where the provider's package is not installed."""
        return self.in_time(lambda: _read(self.model(rendered).invoke(_messages(rendered))), seconds)

    def make_ready(self) -> None:
        """Imports the provider's package: a second or two that the first answer need not wait for."""
        with contextlib.suppress(ExtraMissing):
            self.made()

    def model(self, rendered: Rendered) -> Any:
        """The chat model, asked to keep to the reply's schema."""
        model = self.made()
        if rendered.schema is None:
            return model
        schema = _without_bounds(rendered.schema)
        if self.settings.provider == "ollama":
            return model.bind(format=schema)
        shape = {"name": "reply", "strict": True, "schema": schema}
        return model.bind(response_format={"type": "json_schema", "json_schema": shape})

    def make(self) -> Any:
        """LangChain's chat model."""
        settings = self.settings
        if settings.provider == "ollama":
            from langchain_ollama import ChatOllama

            return ChatOllama(
                model=settings.name, base_url=settings.url, temperature=0, num_predict=settings.reply_tokens,
                client_kwargs=client_settings(settings))
        from langchain_openai import ChatOpenAI
        from pydantic import SecretStr

        return ChatOpenAI(
            model=settings.name, base_url=settings.url, api_key=SecretStr(settings.key or "none"), temperature=0, max_retries=0,
            timeout=float(settings.seconds), max_completion_tokens=settings.reply_tokens, http_client=http_client(settings),
            extra_body={"max_tokens": settings.reply_tokens} if settings.url else None, stream_usage=False)


def _messages(rendered: Rendered) -> list[tuple[str, str]]:
    return [("system", escaped(rendered.system)), ("human", escaped(rendered.user))]


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
    used = _count(usage.get("input_tokens")), _count(usage.get("output_tokens"))
    told: dict[str, Any] = message.response_metadata or {}
    reason = told.get("finish_reason") or told.get("done_reason")
    if reason == "length":
        raise ModelFailed("cut_off", *used)
    if reason == "content_filter" or message.additional_kwargs.get("refusal"):
        raise ModelFailed("refused", *used)
    text = message.content if isinstance(message.content, str) else ""
    if not text.strip():
        raise ModelFailed("empty", *used)
    return Reply(text, *used)


def _count(value: object) -> int:
    return value if isinstance(value, int) and 0 <= value < 10**9 else 0


def word_for(error: BaseException) -> str:
    """One word for what went wrong, from the error's name and status: the libraries share no base class."""
    status = getattr(error, "status_code", None)
    if status == 429:
        return "rate_limited"
    if isinstance(status, int):
        return f"http_{status}"
    name = type(error).__name__.lower()
    if "lengthfinish" in name:
        return "cut_off"
    if "contentfilter" in name:
        return "refused"
    if "timeout" in name:
        return "timeout"
    return "unreachable" if "connect" in name else "unreadable"


def http_client(settings: ModelSettings) -> httpx.Client:
    """A client that follows no redirect, uses no proxy of the environment, and reads MOST_BYTES of a reply at most."""
    import httpx

    return httpx.Client(**client_settings(settings))


def client_settings(settings: ModelSettings) -> dict[str, Any]:
    """What makes such a client."""
    return {"transport": transport(), "timeout": float(settings.seconds), "follow_redirects": False}


def transport() -> httpx.BaseTransport:
    """A transport that reads MOST_BYTES of a reply at most, and sends a request again that met a connection just being closed."""
    import httpx

    class Stream(httpx.SyncByteStream):
        def __init__(self, stream: httpx.SyncByteStream, seconds: float) -> None:
            self._stream, self._until = stream, time.monotonic() + seconds

        def __iter__(self) -> Iterator[bytes]:
            size = 0
            for piece in self._stream:
                size += len(piece)
                if size > MOST_BYTES or time.monotonic() > self._until:
                    raise httpx.ReadTimeout("the reply is too long")
                yield piece

        def close(self) -> None:
            self._stream.close()

    class Bounded(httpx.HTTPTransport):
        def handle_request(self, request: httpx.Request) -> httpx.Response:
            try:
                response = super().handle_request(request)
            except (httpx.RemoteProtocolError, httpx.ReadError, httpx.WriteError):
                # A connection that was kept open and that the server closes just as it is used again: no reply has begun.
                response = super().handle_request(request)
            stream = response.stream
            if isinstance(stream, httpx.SyncByteStream):
                response.stream = Stream(stream, 60.0)
            return response

    return Bounded()

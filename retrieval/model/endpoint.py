"""One reply from a model through LangChain, within a time limit whatever its server does.

The provider's package is imported at the first call only. A server may drip one byte a second, send gigabytes, redirect or
hang: the call runs in a thread that is abandoned at the deadline, what it may read is bounded, redirects are not followed.
"""

from __future__ import annotations

import contextlib
import logging
import threading
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Protocol, cast

from prompts import Rendered
from retrieval.model.settings import ModelSettings
from store.errors import ExtraMissing

if TYPE_CHECKING:
    import httpx
    from langchain_core.language_models import BaseChatModel

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
class LangChainEndpoint:
    """A chat model of LangChain."""

    settings: ModelSettings
    _made: BaseChatModel | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    under_way: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_WAITING))

    def reply(self, rendered: Rendered, seconds: float) -> Reply:
        """The reply. Raises ModelFailed, or ExtraMissing where the provider's package is not installed."""
        if not self.under_way.acquire(blocking=False):
            raise ModelFailed("busy")
        call = _Call(self, rendered)
        thread = threading.Thread(target=call.run, name="model", daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            raise ModelFailed("timeout")
        if call.error is not None:
            raise call.error
        if call.reply is None:
            raise ModelFailed("empty")
        return call.reply

    def make_ready(self) -> None:
        """Imports the provider's package: a second or two that the first answer need not wait for."""
        with contextlib.suppress(ExtraMissing):
            self.chat_model()

    def model(self, rendered: Rendered) -> Any:
        """The chat model, asked to keep to the reply's schema."""
        model = self.chat_model()
        if rendered.schema is None:
            return model
        schema = _without_bounds(rendered.schema)
        if self.settings.provider == "ollama":
            return model.bind(format=schema)
        shape = {"name": "reply", "strict": True, "schema": schema}
        return model.bind(response_format={"type": "json_schema", "json_schema": shape})

    def chat_model(self) -> BaseChatModel:
        """LangChain's model, made once. Raises ExtraMissing."""
        with self.lock:
            if self._made is None:
                self._made = _ollama(self.settings) if self.settings.provider == "ollama" else _openai(self.settings)
            return self._made


@dataclass(slots=True)
class _Call:
    """One call in its thread, and what became of it."""

    endpoint: LangChainEndpoint
    rendered: Rendered
    reply: Reply | None = None
    error: Exception | None = None

    def run(self) -> None:
        # A client library, its HTTP client and a server of unknown quality: whatever they raise means that there is no reply.
        try:
            self.reply = _read(self.endpoint.model(self.rendered).invoke(_messages(self.rendered)))
        except (ModelFailed, ExtraMissing) as error:
            self.error = error
        except Exception as error:
            LOG.info("no reply from the model", exc_info=error)
            usage = getattr(getattr(error, "completion", None), "usage", None)  # openai's error of a reply that is cut off
            used = _count(getattr(usage, "prompt_tokens", None)), _count(getattr(usage, "completion_tokens", None))
            self.error = ModelFailed(word_for(error), *used)
        finally:
            self.endpoint.under_way.release()


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
    try:
        _check_end(message)
    except ModelFailed as error:
        raise ModelFailed(str(error), *used) from error
    text = message.content if isinstance(message.content, str) else ""
    if not text.strip():
        raise ModelFailed("empty", *used)
    return Reply(text, *used)


def _check_end(message: Any) -> None:
    """Raises ModelFailed where a message says that it was cut off or refused."""
    reason = (message.response_metadata or {}).get("finish_reason") or (message.response_metadata or {}).get("done_reason")
    if reason == "length":
        raise ModelFailed("cut_off")
    if reason == "content_filter" or message.additional_kwargs.get("refusal"):
        raise ModelFailed("refused")


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


def _openai(settings: ModelSettings) -> BaseChatModel:
    try:
        from langchain_openai import ChatOpenAI
    except ImportError as error:
        raise ExtraMissing(extra="models") from error
    from pydantic import SecretStr

    return ChatOpenAI(
        model=settings.name, base_url=settings.url, api_key=SecretStr(settings.key or "none"), temperature=0, max_retries=0,
        timeout=float(settings.seconds), max_completion_tokens=settings.reply_tokens, http_client=http_client(settings),
        extra_body={"max_tokens": settings.reply_tokens} if settings.url else None, stream_usage=False)


def _ollama(settings: ModelSettings) -> BaseChatModel:
    try:
        from langchain_ollama import ChatOllama
    except ImportError as error:
        raise ExtraMissing(extra="models") from error

    return ChatOllama(
        model=settings.name, base_url=settings.url, temperature=0, num_predict=settings.reply_tokens,
        client_kwargs={"transport": transport(), "timeout": float(settings.seconds), "follow_redirects": False})


def http_client(settings: ModelSettings) -> httpx.Client:
    """A client that follows no redirect, uses no proxy of the environment, and reads MOST_BYTES of a reply at most."""
    import httpx

    return httpx.Client(transport=transport(), timeout=float(settings.seconds), follow_redirects=False)


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

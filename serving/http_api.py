"""The operations as an HTTP API: the same JSON as the command line, described by /openapi.json.

    GET, POST /ask   /check   /figures   /disclosures        arguments in the query, or as a JSON body
    GET       /sources/{figure_id}   /sources/{figure_id}/picture
    GET       /openapi.json   /health

Errors are JSON with a code of data/messages.toml and its sentences in both languages. It reads only, and it is open to
whoever reaches it: it listens on this machine alone unless told otherwise, and then refuses foreign host names (DNS
rebinding). Questions are not logged.
"""

from __future__ import annotations

import asyncio
import json
import logging
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from retrieval.sources import source_of
from serving.gate import Gate, Limits
from serving.openapi import description
from serving.opened import Opened, OpenStore
from serving.operations import OPERATIONS, Arguments, Name, checked
from store.errors import (
    AnswerTookTooLong,
    BadRequest,
    MingzhangError,
    RequestTooLarge,
    TooBusy,
    UnknownPath,
    UnknownSource,
)
from store.messages import describe
from store.pictures import picture_of

LOG = logging.getLogger(__name__)
LOOPBACK = frozenset(("127.0.0.1", "localhost", "::1"))
PATHS: dict[str, Name] = {"/ask": "ask", "/check": "check", "/figures": "find_figures", "/disclosures": "list_disclosures"}
STATUS: dict[type[MingzhangError], int] = {
    BadRequest: 400, UnknownPath: 404, UnknownSource: 404, RequestTooLarge: 413, TooBusy: 503, AnswerTookTooLong: 504}
HEADERS = {"x-content-type-options": "nosniff", "cache-control": "no-store"}
RETRY_SECONDS = 2

Handler = Callable[[Request], Awaitable[Response]]


def app(store: OpenStore, limits: Limits | None = None, *, host: str = "127.0.0.1") -> Starlette:
    """The API over the store; `host` is the address that it will listen on."""
    api = _Api(store, limits or Limits(), host)
    routes = [Route(path, api.handled(api.operation(name)), methods=["GET", "POST"]) for path, name in PATHS.items()]
    routes += [
        Route("/sources/{figure_id}", api.handled(api.source), methods=["GET"]),
        Route("/sources/{figure_id}/picture", api.handled(api.picture), methods=["GET"]),
        Route("/openapi.json", api.handled(api.describe), methods=["GET"]),
        Route("/health", api.handled(api.health), methods=["GET"]),
    ]
    return Starlette(routes=routes, exception_handlers={HTTPException: _not_served})


class _Api:
    def __init__(self, store: OpenStore, limits: Limits, host: str) -> None:
        self._store = store
        self._limits = limits
        self._gate = Gate(limits)
        self._hosts = LOOPBACK if host in LOOPBACK else None

    def handled(self, handler: Handler) -> Handler:
        """The handler with its errors told as JSON, and nothing but the host names that belong here let in."""
        async def handle(request: Request) -> Response:
            try:
                if self._hosts is not None and request.url.hostname not in self._hosts:
                    raise BadRequest(what="Host", problem=f"not one of {', '.join(sorted(self._hosts))}")
                return await handler(request)
            except MingzhangError as error:
                return _refused(error, next((code for kind, code in STATUS.items() if isinstance(error, kind)), 500))
            except Exception:
                LOG.exception("a request failed")
                return _refused(MingzhangError(), 500)

        return handle

    def operation(self, name: Name) -> Handler:
        async def handle(request: Request) -> Response:
            operation = OPERATIONS[name]
            sent = _from_query(request, operation.takes) if request.method in ("GET", "HEAD") else await self._body(request)
            return await self._run(name, checked(operation, sent))

        return handle

    async def source(self, request: Request) -> Response:
        return await self._run("open_source", _source_id(request))

    async def picture(self, request: Request) -> Response:
        source_id = _source_id(request)["figure_id"]
        drawn = await self._gate.run(lambda: _page(self._store.now(), source_id))
        if drawn is None:
            raise UnknownSource(id=f"{source_id}/picture")
        return Response(drawn, media_type="image/png", headers=HEADERS)

    async def describe(self, _: Request) -> Response:
        return _json(description(PATHS))

    async def health(self, _: Request) -> Response:
        return _json({"snapshot": (await self._gate.run(self._store.now)).snapshot.id})

    async def _run(self, name: Name, arguments: Arguments) -> Response:
        given = await self._gate.run(lambda: OPERATIONS[name].run(self._store.now(), arguments))
        return _json(given.value)

    async def _body(self, request: Request) -> object:
        if request.headers.get("content-type", "").partition(";")[0].strip().lower() != "application/json":
            raise BadRequest(what="Content-Type", problem="not application/json")
        try:
            return json.loads(await asyncio.wait_for(self._bytes(request), self._limits.body_seconds))
        except TimeoutError as error:
            raise BadRequest(what="body", problem=f"did not arrive in {self._limits.body_seconds:g} s") from error
        except (ValueError, RecursionError) as error:
            raise BadRequest(what="body", problem="not JSON in UTF-8") from error

    async def _bytes(self, request: Request) -> bytes:
        received = bytearray()
        async for chunk in request.stream():
            received += chunk
            if len(received) > self._limits.body_bytes:
                raise RequestTooLarge(limit=self._limits.body_bytes)
        return bytes(received)


def _from_query(request: Request, schema: Mapping[str, Any]) -> dict[str, Any]:
    """The arguments of a query string: lists may repeat, numbers are read as numbers where the schema wants one."""
    sent: dict[str, Any] = {}
    for key in request.query_params:
        kind = _type_of(schema, key)
        values = request.query_params.getlist(key)
        if kind != "array" and len(values) > 1:
            raise BadRequest(what=key, problem="given more than once")
        plain = values[0]
        is_number = kind == "integer" and plain.isascii() and plain.removeprefix("-").isdigit() and len(plain) < 10
        sent[key] = values if kind == "array" else int(plain) if is_number else plain
    return sent


def _type_of(schema: Mapping[str, Any], key: str) -> str | None:
    asked: Mapping[str, Any] = schema["properties"].get(key, {})
    reference = asked.get("$ref")
    return (schema["$defs"][reference.rpartition("/")[2]] if reference else asked).get("type")


def _source_id(request: Request) -> Arguments:
    return checked(OPERATIONS["open_source"], {"figure_id": request.path_params["figure_id"]})


def _page(opened: Opened, source_id: str) -> bytes | None:
    source = source_of(opened.snapshot, source_id)
    return None if source.page is None else picture_of(opened.store, source.citation.document.id, source.page, source.boxes)


def _json(value: object) -> Response:
    return JSONResponse(value, headers=HEADERS)


def _refused(error: MingzhangError, status: int) -> Response:
    sentences = {language: describe(error.code, error.where, language) for language in ("zh", "en")}
    told = {"code": error.code, **{
        part: {language: both[at] for language, both in sentences.items()} for at, part in enumerate(("message", "hint"))}}
    headers = HEADERS | ({"retry-after": str(RETRY_SECONDS)} if status == STATUS[TooBusy] else {})
    return JSONResponse({"error": told}, status, headers=headers)


async def _not_served(request: Request, error: Exception) -> Response:
    status = error.status_code if isinstance(error, HTTPException) else 404
    refused = _refused(UnknownPath(path=request.url.path[:200], method=request.method), status)
    refused.headers.update((error.headers or {}) if isinstance(error, HTTPException) else {})  # what is allowed (RFC 9110, 15.5.6)
    return refused

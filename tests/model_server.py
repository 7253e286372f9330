"""An OpenAI-compatible endpoint that replies as a test tells it to: on a free port, in a thread."""

from __future__ import annotations

import json
import re
import threading
from collections.abc import Callable, Generator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Request = dict[str, Any]
Behaviour = Callable[[Request, BaseHTTPRequestHandler], None]


def completion(text: str | None, *, finish: str = "stop", **message: Any) -> dict[str, Any]:
    """The body of a chat completion."""
    return {
        "id": "1", "object": "chat.completion", "created": 1, "model": "scripted",
        "choices": [{"index": 0, "finish_reason": finish, "message": {"role": "assistant", "content": text, **message}}],
        "usage": {"prompt_tokens": 100, "completion_tokens": 20, "total_tokens": 120}}


def send(handler: BaseHTTPRequestHandler, body: bytes, status: int = 200, kind: str = "application/json", **headers: str) -> None:
    handler.send_response(status)
    handler.send_header("Content-Type", kind)
    handler.send_header("Content-Length", str(len(body)))
    handler.send_header("Connection", "close" if handler.close_connection else "keep-alive")
    for name, value in headers.items():
        handler.send_header(name.replace("_", "-"), value)
    handler.end_headers()
    handler.wfile.write(body)


def replies(text: str | Callable[[Request], str | None]) -> Behaviour:
    """Replies with a text, or with what a function makes of the request."""
    def behave(request: Request, handler: BaseHTTPRequestHandler) -> None:
        made = text if isinstance(text, str) else text(request)
        send(handler, json.dumps(completion(made)).encode())
    return behave


def question_of(request: Request) -> str:
    """The question that a request holds."""
    return request["messages"][-1]["content"].split("<question>\n")[1].split("\n</question>")[0]


@dataclass(frozen=True, slots=True)
class Listed:
    """A row that a request lists: its id with the letter of each of its columns, and where it stands."""

    id: str
    label: str
    columns: tuple[str, ...]
    header: str  # its table
    disclosure: str  # agency, year, kind


def rows_of(request: Request) -> list[Listed]:
    """The rows that a request lists."""
    found: list[Listed] = []
    disclosure = header = ""
    for line in request["messages"][-1]["content"].splitlines():
        if line.startswith("ROWS of "):
            disclosure = line
        elif line.startswith("T "):
            header = line
        elif (row := re.match(r"(r\d+) (.*) \[([a-z]+)\]$", line)) is not None:
            found.append(Listed(row[1], row[2], tuple(row[3]), header, disclosure))
    return found


def sentences_of(request: Request) -> list[str]:
    """The ids of the sentences that a request lists."""
    return re.findall(r"^(s\d+) ", request["messages"][-1]["content"], re.MULTILINE)


def ollama(reply: Callable[[Request], str], vector: Callable[[str], list[float]] | None = None, done: str | None = "stop") -> Behaviour:
    """Ollama's own protocol: /api/chat in lines of JSON, /api/embed, /api/tags; without `done` its stream breaks off."""
    def behave(request: Request, handler: BaseHTTPRequestHandler) -> None:
        if handler.path == "/api/tags":
            send(handler, json.dumps({"models": [{"name": "scripted:latest", "model": "scripted:latest"}]}).encode())
        elif handler.path == "/api/embed" and vector is not None:
            texts = request["input"] if isinstance(request["input"], list) else [request["input"]]
            send(handler, json.dumps({"model": "scripted", "embeddings": [vector(text) for text in texts]}).encode())
        elif handler.path == "/api/chat":
            text = reply(request)
            lines = [text[at : at + 5] for at in range(0, len(text), 5)] if request.get("stream", True) else [text]
            start = {"model": "scripted", "created_at": "2026-01-01T00:00:00Z"}
            made = [start | {"message": {"role": "assistant", "content": piece}, "done": False} for piece in lines]
            if done is not None:
                made.append(start | {
                    "message": {"role": "assistant", "content": ""}, "done": True, "done_reason": done, "prompt_eval_count": 100,
                    "eval_count": 20})
            if not request.get("stream", True):
                made = [made[-1] | {"message": {"role": "assistant", "content": text}}]
            body = "".join(json.dumps(line) + "\n" for line in made).encode()
            send(handler, body, kind="application/x-ndjson")
        else:
            send(handler, b'{"error": "model not found"}', 404)
    return behave


def openai_vectors(vector: Callable[[str], list[float]]) -> Behaviour:
    """An OpenAI-compatible endpoint of an embedding model: a vector for each text."""
    def behave(request: Request, handler: BaseHTTPRequestHandler) -> None:
        if not handler.path.endswith("/embeddings"):
            send(handler, b"{}", 404)
            return
        data = [{"object": "embedding", "index": at, "embedding": vector(text)} for at, text in enumerate(request["input"])]
        usage = {"prompt_tokens": 1, "total_tokens": 1}
        send(handler, json.dumps({"object": "list", "model": "scripted", "data": data, "usage": usage}).encode())
    return behave


@dataclass(slots=True)
class Server:
    """A running endpoint. `requests` are those that came."""

    url: str
    behaviour: Behaviour
    requests: list[Request] = field(default_factory=list)


@contextmanager
def serving(behaviour: Behaviour) -> Generator[Server]:
    """An endpoint that behaves so; its behaviour may be exchanged while it runs."""
    class Handler(BaseHTTPRequestHandler):
        protocol_version = "HTTP/1.1"
        timeout = 20

        def do_POST(self) -> None:
            request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))
            server.requests.append(request)
            self.close_connection = True
            try:
                server.behaviour(request, self)
            except OSError:
                return

        def do_GET(self) -> None:
            server.behaviour({}, self)

        def log_message(self, format: str, *args: Any) -> None:
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        http.daemon_threads = True
        http.block_on_close = False
        server = Server(f"http://127.0.0.1:{http.server_port}/v1", behaviour)
        threading.Thread(target=http.serve_forever, args=(0.05,), daemon=True).start()
        try:
            yield server
        finally:
            http.shutdown()

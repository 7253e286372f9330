"""An ASGI application on a port, until Ctrl-C or SIGTERM. Requests are not logged: addresses hold people's questions."""

from __future__ import annotations

import uvicorn
from starlette.applications import Starlette

MOST_CONNECTIONS = 128
"""Beyond those that serving/gate.py lets wait: a bare 503."""

KEEP_ALIVE = 5                 # seconds that an idle connection stays open
LAST_WORDS = 10                # seconds for running answers to end
LONGEST_HEAD = 524_288         # bytes of a request's first line and headers: a query may hold what a body may (serving/gate.py)


def listen(application: Starlette, host: str, port: int) -> None:
    """Serves `application` until the process is told to stop."""
    uvicorn.run(
        application, host=host, port=port, access_log=False, log_level="warning", limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=KEEP_ALIVE, timeout_graceful_shutdown=LAST_WORDS, server_header=False, http="h11",
        h11_max_incomplete_event_size=LONGEST_HEAD)

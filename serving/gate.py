"""How much a server works at once: so many answers at a time, so many waiting, none longer than its time.

An answer that takes too long is told to the caller as such; its thread keeps its place until it ends (queries end after
their own limit, store/snapshot.py), so that slow questions cannot pile up behind the door.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from typing import TypeVar

from store.errors import AnswerTookTooLong, TooBusy

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Limits:
    """What a server allows."""

    at_once: int = 4               # answers made at the same time
    waiting: int = 32              # requests that may wait for one of those places
    seconds: float = 20.0          # for one answer, waiting included
    body_bytes: int = 524_288      # of a request: twenty earlier questions and one more fit, each of 2000 characters of 12 escaped bytes
    body_seconds: float = 10.0     # for a request to arrive


class Gate:
    """Runs functions in threads within limits."""

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._pool = ThreadPoolExecutor(limits.at_once, thread_name_prefix="answer")
        self._inside = 0

    async def run(self, function: Callable[[], T]) -> T:
        """The result of `function`. Raises TooBusy, AnswerTookTooLong, and what it raises."""
        if self._inside >= self._limits.at_once + self._limits.waiting:
            raise TooBusy(limit=self._limits.at_once)
        self._inside += 1
        future = asyncio.get_running_loop().run_in_executor(self._pool, function)
        future.add_done_callback(self._leave)
        try:
            return await asyncio.wait_for(asyncio.shield(future), self._limits.seconds)
        except TimeoutError as error:
            raise AnswerTookTooLong(seconds=f"{self._limits.seconds:g}") from error

    def _leave(self, future: asyncio.Future[T]) -> None:
        self._inside -= 1
        if not future.cancelled():
            future.exception()         # looked at, so that an abandoned failure is not reported as never retrieved

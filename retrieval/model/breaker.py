"""When a model is left alone: after failures in a row, or when the process has used up its tokens or money.

Shared by the threads that ask. While it rests nothing is sent; after that one question tries it again.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from decimal import Decimal

from retrieval.model.settings import ModelSettings

MILLION = Decimal(1_000_000)


@dataclass(slots=True)
class Breaker:
    """Counts failures, tokens and cost of one process."""

    settings: ModelSettings
    clock: Callable[[], float] = time.monotonic
    tokens: int = 0
    cost: Decimal = Decimal(0)
    _failures: int = 0
    _rests_until: float = 0.0
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def why_not(self) -> str | None:
        """Why nothing may be sent now: "resting", "tokens" or "cost"; None where it may."""
        with self._lock:
            if self.tokens >= self.settings.process_tokens:
                return "tokens"
            if self.cost >= self.settings.process_cost:
                return "cost"
            if self._failures >= self.settings.failures:
                if self.clock() < self._rests_until:
                    return "resting"
                self._rests_until = self.clock() + self.settings.rest  # this one tries; the others wait for what becomes of it
            return None

    def succeeded(self) -> None:
        """A reply came that could be read."""
        with self._lock:
            self._failures = 0

    def failed(self) -> None:
        """No reply came, or none that could be read."""
        with self._lock:
            self._failures += 1
            if self._failures >= self.settings.failures:
                self._rests_until = self.clock() + self.settings.rest

    def spent(self, read: int, written: int) -> None:
        """So many tokens were used, whatever came of it."""
        with self._lock:
            self.tokens += read + written
            self.cost += (self.settings.price_read * read + self.settings.price_written * written) / MILLION

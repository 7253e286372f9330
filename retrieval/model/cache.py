"""Replies that were once given, for as long as the process runs: the same question in the same snapshot costs nothing.

A key names everything that a reply depends on: snapshot, prompt with its version and digest, model, address, and the text
that was sent.
"""

from __future__ import annotations

import hashlib
import threading
from collections import OrderedDict
from dataclasses import dataclass, field

from prompts import Rendered
from retrieval.model.settings import ModelSettings

MOST = 512


def key_of(snapshot: str, settings: ModelSettings, rendered: Rendered) -> str:
    """The key of a reply."""
    parts = (snapshot, settings.provider, settings.url or "", settings.name, rendered.prompt, rendered.system, rendered.user)
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


@dataclass(slots=True)
class Cache:
    """The last replies by key, the least recently used forgotten first."""

    _replies: OrderedDict[str, str] = field(default_factory=OrderedDict[str, str])
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def get(self, key: str) -> str | None:
        with self._lock:
            if key not in self._replies:
                return None
            self._replies.move_to_end(key)
            return self._replies[key]

    def put(self, key: str, reply: str) -> None:
        with self._lock:
            self._replies[key] = reply
            self._replies.move_to_end(key)
            while len(self._replies) > MOST:
                self._replies.popitem(last=False)

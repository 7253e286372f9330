"""The files of data/grammar: words, and patterns over folded text that are put together of named parts."""

from __future__ import annotations

import re
import tomllib
from functools import cache
from pathlib import Path
from typing import Any

GRAMMAR = Path(__file__).parent.parent.parent / "data" / "grammar"
_PART = re.compile(r"\{([a-z_]+)\}")


@cache
def load(name: str) -> dict[str, Any]:
    """One file of data/grammar."""
    return tomllib.loads((GRAMMAR / name).read_text("utf-8"))


@cache
def pattern(name: str, *keys: str) -> re.Pattern[str]:
    """A pattern of a file of data/grammar, where {place} stands for what the file's [parts] say that a place is."""
    found: Any = load(name)
    for key in keys:
        found = found[key]
    return re.compile(_written_out(found, load(name).get("parts", {})))


def _written_out(text: str, parts: dict[str, str]) -> str:
    return _PART.sub(lambda part: f"(?:{_written_out(parts[part[1]], parts)})", text)

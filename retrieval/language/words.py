"""The words of data/grammar: cues by what they do, fillers, and the terms that need no store."""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from retrieval.reading import fold

GRAMMAR = Path(__file__).parent.parent.parent / "data" / "grammar"


@cache
def load(name: str) -> dict[str, Any]:
    """One file of data/grammar."""
    return tomllib.loads((GRAMMAR / name).read_text("utf-8"))


@cache
def cues() -> Mapping[str, frozenset[str]]:
    """Every cue word with all that it may do."""
    found: dict[str, set[str]] = {}
    for name, entry in load("cues.toml").items():
        for word in entry["words"]:
            found.setdefault(fold(word), set()).add(name)
    return {word: frozenset(names) for word, names in found.items()}


@cache
def fillers() -> frozenset[str]:
    """Words that are read and do nothing."""
    return frozenset(fold(word) for words in load("fillers.toml").values() for word in words)


@cache
def particles() -> frozenset[str]:
    """Fillers that are taken for the end of a word: 涨得 is 涨 and 得."""
    return frozenset(load("fillers.toml")["particles"])


@cache
def longest_word() -> int:
    return max(map(len, (*cues(), *fillers())))

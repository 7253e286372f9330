"""The words of the page in the reader's language, from data/interface.toml."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Literal

Language = Literal["zh", "en"]

_FILE = Path(__file__).parent.parent / "data" / "interface.toml"


@cache
def _all() -> dict[str, dict[Language, str | list[str]]]:
    return tomllib.loads(_FILE.read_text("utf-8"))


def say(key: str, language: Language, **facts: object) -> str:
    """The sentence under `key` with its placeholders filled. Raises KeyError for an unknown key or a missing fact."""
    sentence = _all()[key][language]
    if not isinstance(sentence, str):
        raise KeyError(key)
    return sentence.format(**facts)


def patterns(key: str, language: Language) -> list[str]:
    """The list of sentences under `key`, placeholders unfilled."""
    sentences = _all()[key][language]
    if not isinstance(sentences, list):
        raise KeyError(key)
    return sentences

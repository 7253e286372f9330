"""The sentences of data/messages.toml: what happened and where, and what to do next, in Chinese or English.

Takes a code and the facts that came with it; gives text to show. A fact that is missing leaves its place blank: showing an
error must never fail.
"""

from __future__ import annotations

import json
import os
import re
import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any, Literal

Language = Literal["zh", "en"]

FILE = Path(__file__).resolve().parent.parent / "data" / "messages.toml"
BLANKS = re.compile(r"[ ]{2,}")


class _Facts(dict[str, str]):
    def __missing__(self, key: str) -> str:
        return ""


def describe(code: str, where: Mapping[str, str], language: str = "zh") -> tuple[str, str]:
    """What happened, and what to do next, for the code of an error.

    >>> describe("empty_file", {"file": "a.pdf"}, "en")[0]
    'a.pdf is empty: it has no content.'
    """
    entry = _messages().get(code) or _messages()["mingzhang_error"]
    sentences = entry[_language(language)]
    if isinstance(sentences, str):     # a warning: nothing to do but to look
        sentences = [sentences, _messages()["unreadable_file"][_language(language)][1]]
    facts = _facts(where, language)
    return _filled(sentences[0], facts), _filled(sentences[1], facts)


def describe_warning(code: str, where: Mapping[str, str] | str, language: str = "zh") -> str:
    """One sentence for the code of a warning, a doubt or an unread number. `where` may be the JSON object kept in the store."""
    entry = _messages().get(code)
    if entry is None:
        return code
    facts: Mapping[str, str] = json.loads(where) if isinstance(where, str) else where
    sentence = entry[_language(language)]
    return _filled(sentence if isinstance(sentence, str) else sentence[0], _facts(facts, language))


def caller_language(environment: Mapping[str, str] = os.environ) -> Language:
    """The language of a terminal: English where the locale names another language than Chinese, else Chinese."""
    locale = environment.get("LC_ALL") or environment.get("LC_MESSAGES") or environment.get("LANG") or ""
    plain = locale.split(".")[0].lower()
    return "zh" if plain in ("", "c", "posix") or plain.startswith("zh") else "en"


def codes() -> frozenset[str]:
    """Every code that has sentences."""
    return frozenset(_messages()) - {"words"}


def templates(code: str) -> dict[str, list[str]]:
    """The sentences of a code, by language, with their placeholders. Raises KeyError."""
    return {language: [text] if isinstance(text, str) else list(text) for language, text in _messages()[code].items()}


@cache
def _messages() -> dict[str, Any]:
    return tomllib.loads(FILE.read_text("utf-8"))


def _language(language: str) -> Language:
    return "en" if language.lower().startswith("en") else "zh"


def _facts(where: Mapping[str, str], language: str) -> _Facts:
    words: Mapping[str, Mapping[str, str]] = _messages()["words"]
    tongue = _language(language)
    facts = _Facts(where)
    facts["place"] = words["page"][tongue].format_map(facts) if facts["page"] else ""
    facts["detail"] = words["detail"][tongue].format_map(facts) if facts["reason"] else ""
    if facts["what"] in words:
        facts["what"] = words[facts["what"]][tongue].format_map(facts)
    return facts


def _filled(template: str, facts: _Facts) -> str:
    text = BLANKS.sub(" ", template.format_map(facts)).replace("（）", "").replace(" ()", "")
    return text[:1].upper() + text[1:] if text[:1].islower() and "{place}" in template[:8] else text

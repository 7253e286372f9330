"""Texts as vectors by the embedding model of the same endpoint, through LangChain, within a time limit."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from retrieval.model.endpoint import LangChainModel, ModelFailed, client_settings, escaped, openai_settings

LONGEST_TEXT = 1000  # characters of a text that are embedded: what a small model reads at all


class LangChainEmbedder(LangChainModel):
    """An embedding model of LangChain."""

    def embed(self, texts: Sequence[str], seconds: float) -> list[list[float]]:
        """A finite vector for each text, all of one length. Raises ModelFailed, at the latest after `seconds`, or ExtraMissing."""
        cut = [escaped(text)[:LONGEST_TEXT] for text in texts]
        vectors = self.in_time(lambda: self.made.embed_documents(cut), seconds)
        lengths = {len(vector) for vector in vectors}
        is_whole = len(vectors) == len(texts) and len(lengths) == 1 and 0 not in lengths
        if not is_whole or not all(math.isfinite(x) for vector in vectors for x in vector):
            raise ModelFailed("unreadable")
        return [list(map(float, vector)) for vector in vectors]

    def make(self) -> Any:
        """LangChain's embedding model."""
        settings, model = self.settings, self.settings.embeddings or ""
        if settings.provider == "ollama":
            from langchain_ollama import OllamaEmbeddings

            return OllamaEmbeddings(model=model, base_url=settings.url, sync_client_kwargs=client_settings(settings))
        from langchain_openai import OpenAIEmbeddings

        return OpenAIEmbeddings(
            model=model, base_url=settings.url, **openai_settings(settings),
            check_embedding_ctx_length=False)  # else it would count tokens with a vocabulary that it fetches

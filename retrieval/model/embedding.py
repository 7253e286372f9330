"""Texts as vectors by the embedding model of the same endpoint, through LangChain, within a time limit."""

from __future__ import annotations

import logging
import math
import threading
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from retrieval.model.endpoint import MOST_WAITING, ModelFailed, escaped, http_client, transport, word_for
from retrieval.model.settings import ModelSettings
from store.errors import ExtraMissing

if TYPE_CHECKING:
    from langchain_core.embeddings import Embeddings

LOG = logging.getLogger(__name__)
LONGEST_TEXT = 1000  # characters of a text that are embedded: what a small model reads at all


class Embedder(Protocol):
    """Whatever turns texts into vectors."""

    def embed(self, texts: Sequence[str], seconds: float) -> list[list[float]]:
        """A vector for each text, all of one length. Raises ModelFailed, at the latest after `seconds`."""
        ...


@dataclass(slots=True)
class LangChainEmbedder:
    """An embedding model of LangChain."""

    settings: ModelSettings
    _made: Embeddings | None = None
    lock: threading.Lock = field(default_factory=threading.Lock)
    under_way: threading.BoundedSemaphore = field(default_factory=lambda: threading.BoundedSemaphore(MOST_WAITING))

    def embed(self, texts: Sequence[str], seconds: float) -> list[list[float]]:
        """The vectors. Raises ModelFailed, or ExtraMissing where the provider's package is not installed."""
        if not self.under_way.acquire(blocking=False):
            raise ModelFailed("busy")
        found: list[list[float] | Exception] = []
        cut = [escaped(text)[:LONGEST_TEXT] for text in texts]

        def run() -> None:
            # As with replies: whatever the libraries and the server raise means that there are no vectors.
            try:
                found.extend(self._embeddings().embed_documents(cut))
            except Exception as error:
                LOG.info("no vectors from the model", exc_info=error)
                found[:] = [error if isinstance(error, ExtraMissing) else ModelFailed(word_for(error))]
            finally:
                self.under_way.release()

        thread = threading.Thread(target=run, name="embedding", daemon=True)
        thread.start()
        thread.join(seconds)
        if thread.is_alive():
            raise ModelFailed("timeout")
        vectors: list[list[float]] = []
        for one in found:
            if isinstance(one, Exception):
                raise one
            vectors.append(one)
        return checked(vectors, len(texts))

    def _embeddings(self) -> Embeddings:
        with self.lock:
            if self._made is None:
                self._made = _ollama(self.settings) if self.settings.provider == "ollama" else _openai(self.settings)
            return self._made


def checked(vectors: Sequence[Sequence[float]], count: int) -> list[list[float]]:
    """As many finite vectors of one length as there were texts. Raises ModelFailed."""
    lengths = {len(vector) for vector in vectors}
    if len(vectors) != count or len(lengths) != 1 or 0 in lengths or not all(math.isfinite(x) for vector in vectors for x in vector):
        raise ModelFailed("unreadable")
    return [list(map(float, vector)) for vector in vectors]


def _openai(settings: ModelSettings) -> Embeddings:
    try:
        from langchain_openai import OpenAIEmbeddings
    except ImportError as error:
        raise ExtraMissing(extra="models") from error
    from pydantic import SecretStr

    return OpenAIEmbeddings(
        model=settings.embeddings or "", base_url=settings.url, api_key=SecretStr(settings.key or "none"), max_retries=0,
        timeout=float(settings.seconds), http_client=http_client(settings),
        check_embedding_ctx_length=False)  # else it would count tokens with a vocabulary that it fetches


def _ollama(settings: ModelSettings) -> Embeddings:
    try:
        from langchain_ollama import OllamaEmbeddings
    except ImportError as error:
        raise ExtraMissing(extra="models") from error

    return OllamaEmbeddings(
        model=settings.embeddings or "", base_url=settings.url,
        sync_client_kwargs={"transport": transport(), "timeout": float(settings.seconds), "follow_redirects": False})

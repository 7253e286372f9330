"""One question in, one answer out."""

from retrieval.answering.asker import Asker

__all__ = ["Asker"]

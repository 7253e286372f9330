"""An answer that a model may still better, worked out beside the page: the page asks how far it has come and never waits."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from contextlib import closing
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from collections.abc import Generator

    from retrieval.answer.answer import Stage
    from retrieval.asking import Answers


class Unfolding:
    """One question's answer by stages. Its thread ends by itself, at the latest at the model's time limit."""

    def __init__(self, asker: Answers, question: str, dialog: Sequence[str]) -> None:
        """Asks; returns when the rules have answered. Raises what they raise."""
        from retrieval.asking import unfold  # brings all rules along: the page is painted before it needs them

        stages = unfold(asker, question, dialog)
        self._stage = next(stages)
        self._error: Exception | None = None
        self._is_left = threading.Event()
        if not self._stage.is_last:
            threading.Thread(target=self._run, args=(stages,), name="unfolding", daemon=True).start()

    @property
    def stage(self) -> Stage:
        """How far it has come. Raises what went wrong."""
        if self._error is not None:
            raise self._error
        return self._stage

    def leave(self) -> None:
        """Nobody waits for the rest: the model is let go at its next word."""
        self._is_left.set()

    def _run(self, stages: Iterator[Stage]) -> None:
        with closing(cast("Generator[Stage]", stages)):
            try:
                for stage in stages:
                    self._stage = stage
                    if self._is_left.is_set():
                        return
            except Exception as error:  # noqa: BLE001  raised where the page is drawn, which says so in words
                self._error = error

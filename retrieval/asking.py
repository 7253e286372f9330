"""What answers questions about a snapshot, as this run is set up: the rules alone, or with a model where one is configured."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from retrieval.answer.answer import Stage
from retrieval.ask import Asker
from retrieval.words.gazetteer import begins_with_place
from retrieval.words.lexicon import sounds

if TYPE_CHECKING:
    from retrieval.answer.answer import Answer
    from retrieval.model.settings import ModelSettings
    from retrieval.model.vectors import PassageVectors
    from store.snapshot import Snapshot


class Answers(Protocol):
    """Whatever answers questions."""

    def ask(self, question: str, dialog: Sequence[str] = ()) -> Answer:
        """The answer to `question`; `dialog` holds the earlier user turns, oldest first."""
        ...


@runtime_checkable
class Unfolds(Protocol):
    """Whatever has an answer at once and may better it."""

    def unfold(self, question: str, dialog: Sequence[str] = ()) -> Iterator[Stage]:
        """The answer by stages: the rules' own at once, the one to keep at last."""
        ...


def unfold(asker: Answers, question: str, dialog: Sequence[str] = ()) -> Iterator[Stage]:
    """The answer of any asker by stages."""
    if isinstance(asker, Unfolds):
        yield from asker.unfold(question, dialog)
    else:
        yield Stage(asker.ask(question, dialog), is_last=True)


def asker_of(snapshot: Snapshot, settings: ModelSettings | None = None, rules: Asker | None = None) -> Answers:
    """The asker of this run: with the model of `settings`, or the one that environment and mingzhang.toml name, if any.

    `rules` is an asker of the same snapshot, where there is one already. Nothing of a model is imported where none is named.
    Raises BadSetting.
    """
    from retrieval.model.settings import model_settings

    rules = rules or Asker.of(snapshot)
    chosen = settings or model_settings()
    if chosen is None:
        return rules
    from retrieval.model.assisted import AssistedAsker

    return AssistedAsker.of(rules, chosen, vectors=vectors_of(snapshot, chosen))


def vectors_of(snapshot: Snapshot, settings: ModelSettings | None = None) -> PassageVectors | None:
    """The vectors of the snapshot's passages, being made ready in the background; None where no embedding model is named.

    Raises BadSetting.
    """
    from retrieval.model.settings import model_settings

    chosen = settings or model_settings()
    if chosen is None or chosen.embeddings is None:
        return None
    from retrieval.model.vectors import PassageVectors

    return PassageVectors.of(snapshot, chosen)


def warm_up(rules: Asker, questions: Sequence[str]) -> threading.Thread:
    """Asks `questions` beside whatever is going on; gives the thread, which ends by itself.

    What is read or worked out at the first question that needs it (sounds, places, words of questions about prose: up to a second) is
    ready then before anybody asks.
    """

    def work() -> None:
        begins_with_place("")
        sounds()
        for question in questions:
            rules.ask(question)

    thread = threading.Thread(target=work, name="warming", daemon=True)
    thread.start()
    return thread

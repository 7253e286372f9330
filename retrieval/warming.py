"""What is read or worked out at the first question that needs it, made ready before anybody asks.

The sounds of words, the country's places and the words of questions about prose take up to a second together. Answers are
right without it; with it the first ones come as fast as the others.
"""

from __future__ import annotations

import threading
from collections.abc import Sequence

from retrieval.ask import Asker
from retrieval.words.gazetteer import begins_with_place
from retrieval.words.lexicon import sounds


def warm_up(rules: Asker, questions: Sequence[str]) -> threading.Thread:
    """Asks `questions` beside whatever is going on; gives the thread, which ends by itself."""

    def work() -> None:
        begins_with_place("")
        sounds()
        for question in questions:
            rules.ask(question)

    thread = threading.Thread(target=work, name="warming", daemon=True)
    thread.start()
    return thread

"""With a model that plans well, questions that the rules can't plan are answered right."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from retrieval.ask import Asker
from retrieval.model.assisted import AssistedAsker, unsure
from retrieval.model.settings import ModelSettings
from store.snapshot import DATABASE, Snapshot, open_snapshot
from tests.model_cases import Case, cases, plan
from tests.model_server import Request, prompt_of, question_of, replies, serving


@pytest.fixture(scope="module")
def snapshot(sample_store: Path) -> Iterator[Snapshot]:
    with open_snapshot(sample_store) as opened:
        yield opened


@pytest.fixture(scope="module")
def rules(snapshot: Snapshot) -> Asker:
    return Asker.of(snapshot)


@pytest.fixture(scope="module")
def hard(rules: Asker) -> list[Case]:
    """Questions that the rules can't plan: those of tests/model_cases.py that they have not learnt since."""
    return [case for case in cases(rules) if unsure(rules.ask(case.question))]


def test_a_good_model_gets_questions_right_that_the_rules_cannot_plan(rules: Asker, snapshot: Snapshot, hard: list[Case]) -> None:
    by_question = {case.question: case for case in hard}

    def reply(request: Request) -> str:
        case = by_question[question_of(request)]
        return case.reply if case.prompt == prompt_of(request) else plan("decline")

    assert len(hard) >= 80
    failed: list[str] = []
    with serving(replies(reply)) as server:
        asker = AssistedAsker.of(rules, ModelSettings("scripted", server.url, seconds=20), snapshot.folder / DATABASE)
        for case in hard:
            answer = asker.ask(case.question)
            values = [value.amount for value in answer.values]
            right = bool(values) and values[0] == case.right[0] and set(case.right) <= set(values) and bool(answer.citations)
            if not right:
                failed.append(f"{case.question} → {answer.text} {[step.detail for step in answer.model]}, not {case.right}")
            assert all(step.model == "scripted" for step in answer.model)
    assert len(failed) <= len(hard) * 0.05, "\n".join(failed)

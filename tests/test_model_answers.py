"""A good model helps where the grammar is unsure; whatever a bad one does: nothing is shown that is not printed, in time."""

from __future__ import annotations

import json
import os
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from retrieval.answer.answer import Answer
from retrieval.ask import Asker
from retrieval.model.assisted import AssistedAsker, is_sure
from retrieval.model.endpoint import LangChainEndpoint
from retrieval.model.settings import ModelSettings
from retrieval.scoring import judge
from retrieval.sources import cells_of
from store.snapshot import Snapshot
from tests.model_adversary import BEHAVIOURS, MARK, MISLEADING, READINGS, SLOW
from tests.model_cases import Case, cases, reply
from tests.model_server import Behaviour, Request, question_of, replies, rows_of, sentences_of, serving

ROOT = Path(__file__).resolve().parent.parent
CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "questions" / "samples.jsonl").read_text("utf-8").splitlines()]
EVERYTHING = bool(os.environ.get("MINGZHANG_TEST_ALL"))  # each behaviour with each question: half an hour and more
SECONDS = 1.2  # that a model has for one answer
SLACK = 6.0  # seconds more that a busy machine may take


@pytest.fixture(scope="module")
def rules(snapshot: Snapshot) -> Asker:
    LangChainEndpoint(ModelSettings("scripted", "http://127.0.0.1:9/v1")).make_ready()  # imports may outlast a first answer's time
    return Asker.of(snapshot)


@pytest.fixture(scope="module")
def known(rules: Asker) -> list[tuple[dict[str, Any], Answer, bool]]:
    """Cases with the grammar's own answers, and whether it is sure of them."""
    by_skill = sorted(CASES, key=lambda case: str(case["skill"]))
    some = CASES if EVERYTHING else by_skill[::29]
    return [(case, answer, sure) for case in some for answer, sure in [by_grammar(rules, case["question"], case.get("dialog", ()))]]


@pytest.fixture(scope="module")
def hard(rules: Asker) -> list[Case]:
    """Questions that the grammar does not read: those of tests/model_cases.py that it has not learnt since."""
    return [case for case in cases(rules) if not by_grammar(rules, case.question, ())[1]]


def by_grammar(rules: Asker, question: str, dialog: Any) -> tuple[Answer, bool]:
    turns: list[Any] = []
    for said in dialog:
        turns.append(rules.turn(said, turns)[0])
    answer = rules.ask(question, dialog)
    return answer, is_sure(answer, rules.turn(question, turns)[0])


def assisted(rules: Asker, snapshot: Snapshot, url: str, **more: Any) -> AssistedAsker:
    settings = ModelSettings("scripted", url, seconds=more.pop("seconds", SECONDS), failures=10**6, **more)
    return AssistedAsker.of(rules, settings)


def test_a_good_model_gets_questions_right_that_the_grammar_does_not_read(rules: Asker, snapshot: Snapshot, hard: list[Case]) -> None:
    by_question = {case.question: case for case in hard}
    assert len(hard) >= 30
    failed: list[str] = []
    with serving(replies(lambda request: by_question[question_of(request)].reply(request))) as server:
        asker = assisted(rules, snapshot, server.url, seconds=20)
        for case in hard:
            answer = asker.ask(case.question)
            if not (answer.values and answer.values[0].amount == case.right and answer.citations):
                failed.append(f"{case.question} → {answer.text} {[step.detail for step in answer.model]}, not {case.right}")
            assert all(step.model == "scripted" for step in answer.model)
    assert len(failed) <= len(hard) * 0.05, "\n".join(failed)


def test_a_model_is_asked_for_every_question_unless_it_is_set_to_unsure_ones(rules: Asker, snapshot: Snapshot) -> None:
    question = "示例市教育局2024年预算差旅费多少"
    assert by_grammar(rules, question, ())[1]
    with serving(replies(reply("none"))) as server:
        assert assisted(rules, snapshot, server.url, seconds=10).ask(question).model
        assert not assisted(rules, snapshot, server.url, seconds=10, ask="unsure").ask(question).model


def test_a_request_shows_rows_and_sentences_but_no_amount(rules: Asker, snapshot: Snapshot) -> None:
    with serving(replies(reply("none"))) as server:
        asker = assisted(rules, snapshot, server.url, seconds=10)
        answer = asker.ask("示例市教育局2024年预算差旅费比上年增加多少，为什么")
        request = server.requests[0]
        text = request["messages"][-1]["content"]
        assert any("差旅费" in row.label for row in rows_of(request)) and sentences_of(request)
        assert len(text) < 14_000
        for cited in rules.ask("示例市教育局2024年预算差旅费多少").citations:
            assert cited.cell and cited.cell not in text
        assert answer.model[0].tokens == 120


def test_a_refused_reading_comes_back_with_what_would_be_accepted(rules: Asker, snapshot: Snapshot) -> None:
    with serving(replies(reply("read", "figure('外星接待费')"))) as server:
        answer = assisted(rules, snapshot, server.url, seconds=10).ask("示例市教育局2024年预算外星人接待费用几何")
        assert [step.outcome for step in answer.model][:2] == ["refused", "refused"]
        again = server.requests[1]["messages"][-1]["content"]
        assert "外星接待费" in again.split("Your last reply was:")[1] and "near are" in again


def test_a_model_may_search_twice_and_no_more(rules: Asker, snapshot: Snapshot) -> None:
    with serving(replies(reply("search", "示例市水务局 印刷费"))) as server:
        answer = assisted(rules, snapshot, server.url, seconds=10).ask("示例市教育局2024年预算里印本子的开支几何")
        assert [step.outcome for step in answer.model].count("searched") == 2
        assert len(server.requests) == 3
        assert "示例市水务局 印刷费" in server.requests[1]["messages"][-1]["content"]


def test_a_claimed_amount_that_is_not_in_the_question_is_not_judged(rules: Asker, snapshot: Snapshot) -> None:
    with serving(replies(lambda request: reply("read", f'claim({rows_of(request)[0].id}a, "8765.43万元")'))) as server:
        answer = assisted(rules, snapshot, server.url, seconds=10).ask("有人讲示例市教育局2024年预算里跑外差的开销是1万元，靠谱不")
        assert any("does not stand in the question" in step.detail for step in answer.model)
        assert "8765" not in answer.text


def test_an_answer_with_a_model_keeps_to_the_documented_schema(rules: Asker, snapshot: Snapshot, hard: list[Case]) -> None:
    """Whatever the model's part in it was: used, agreed, differed, searched, refused, failed."""
    from jsonschema import Draft202012Validator

    by_question = {case.question: case for case in hard}
    plain = {"示例市教育局2024年预算差旅费多少": "差旅费", "示例市教育局2024年预算培训费多少": "印刷费"}

    def scripted(request: Request) -> str:
        question = question_of(request)
        if question in plain:
            return reply("read", next(one.id + one.columns[0] for one in rows_of(request) if plain[question] in one.label))
        return by_question[question].reply(request) if question in by_question else reply("search", "差旅费")

    valid = Draft202012Validator(json.loads((ROOT / "docs" / "schemas" / "answer.json").read_text("utf-8")))
    seen: set[str] = set()
    for behaviour in (replies(scripted), replies("nonsense"), BEHAVIOURS["status 500"]):
        with serving(behaviour) as server:
            asker = assisted(rules, snapshot, server.url, seconds=Decimal(10))
            for question in (*plain, hard[0].question, "示例市教育局2024年预算里外星人花了几何"):
                answer = json.loads(json.dumps(asker.ask(question).to_json()))
                valid.validate(answer)
                seen |= {step["outcome"] for step in answer["model"]}
    assert seen == {"used", "agreed", "differed", "searched", "failed", "refused"}
    valid.validate(json.loads(json.dumps(rules.ask("示例市教育局2024年预算差旅费多少").to_json())))


def test_there_are_enough_ways_to_be_wrong() -> None:
    assert len(BEHAVIOURS) + len(SLOW) + len(READINGS) >= 100


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_wrong_model_shows_nothing_but_what_is_printed(
    name: str, rules: Asker, snapshot: Snapshot, known: list[tuple[dict[str, Any], Answer, bool]], hard: list[Case],
) -> None:
    """What the grammar is sure of stays; else at worst another printed figure is named, whole, with its source; no word is the model's."""
    with serving(BEHAVIOURS[name]) as server:
        asker = assisted(rules, snapshot, server.url)
        for case, before, sure in known if name in MISLEADING else known[::5]:
            answer = timed(asker, case["question"], case.get("dialog", ()))
            is_honest(snapshot, answer, before)
            if sure or (name not in MISLEADING and "nothing" not in name):
                assert (answer.values, answer.verdict) == (before.values, before.verdict), (case["question"], answer.text)
                assert judge(case, answer.to_json()).outcome == judge(case, before.to_json()).outcome
        for case in hard[:: 8 if name in MISLEADING else 30]:
            is_honest(snapshot, timed(asker, case.question, ()), rules.ask(case.question))
        assert server.requests or name == "closed at once"


def is_honest(snapshot: Snapshot, answer: Answer, before: Answer) -> None:
    """Whether an answer shows what is printed, says whose it is, and holds no word of a model."""
    assert not any(words in answer.text + "".join((*answer.options, *answer.notes)) for words in (MARK, "8765", "<script", "example.org"))
    if answer.text == before.text:
        return
    for cited in answer.citations:
        if cited.cell and cited.figure_id:
            printed = cells_of(snapshot, [cited.figure_id])
            assert not printed or printed[0].cell == cited.cell
    if answer.values:
        assert answer.citations, answer.text
        assert any(cited.document.agency and cited.document.agency in answer.text for cited in answer.citations), answer.text


def test_what_a_reply_cost_that_was_cut_off_is_counted(rules: Asker, snapshot: Snapshot) -> None:
    with serving(BEHAVIOURS["cut off"]) as server:
        answer = assisted(rules, snapshot, server.url, seconds=Decimal(10)).ask("示例市教育局2024年预算差旅费多少")
        assert [(step.outcome, step.tokens) for step in answer.model] == [("failed", 120)]


def test_a_reply_is_asked_for_once(rules: Asker, snapshot: Snapshot) -> None:
    with serving(replies(reply("none"))) as server:
        asker = assisted(rules, snapshot, server.url, seconds=Decimal(10))
        steps = [asker.ask("示例市教育局2024年预算差旅费多少").model[0] for _ in range(2)]
        assert [(step.cached, step.tokens) for step in steps] == [(False, 120), (True, 0)]
        assert len(server.requests) == 1
        assert not asker.ask("示例市教育局2024年预算印刷费多少").model[0].cached


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_server_delays_an_answer_by_its_time_limit_at_most(
    name: str, rules: Asker, snapshot: Snapshot, known: list[tuple[dict[str, Any], Answer, bool]],
) -> None:
    behaviour: Behaviour = SLOW[name]
    with serving(behaviour) as server:
        asker = assisted(rules, snapshot, server.url)
        for case, before, _ in known[:2]:
            answer = timed(asker, case["question"], case.get("dialog", ()))
            assert (answer.route, answer.text, answer.values) == (before.route, before.text, before.values)
            assert answer.notes


def timed(asker: AssistedAsker, question: str, dialog: Any) -> Answer:
    started = time.monotonic()
    answer = asker.ask(question, dialog)
    assert time.monotonic() - started < SECONDS + SLACK, question
    return answer

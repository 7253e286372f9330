"""A good model helps where the rules are unsure; whatever a bad one does: no wrong figure, no forbidden statement, in time."""

from __future__ import annotations

import json
import os
import time
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from retrieval import foreign_sql
from retrieval.answer import Answer
from retrieval.ask import Asker
from retrieval.evaluate import judge
from retrieval.model import free_query
from retrieval.model.assisted import AssistedAsker, is_phrasable, unsure
from retrieval.model.endpoint import LangChainEndpoint
from retrieval.model.proof import Proof
from retrieval.model.settings import ModelSettings
from retrieval.model.writing import Checked, clauses, is_whole
from store.snapshot import DATABASE, Snapshot
from tests.model_adversary import BEHAVIOURS, MISLEADING, NUMBER, SLOW, TWISTS
from tests.model_cases import Case, cases, plan
from tests.model_server import Behaviour, Request, answer_of, prompt_of, question_of, replies, serving

ROOT = Path(__file__).resolve().parent.parent
CASES: list[dict[str, Any]] = [
    json.loads(line) for line in (Path(__file__).parent / "questions" / "samples.jsonl").read_text("utf-8").splitlines()]
EVERYTHING = bool(os.environ.get("MINGZHANG_TEST_ALL"))  # each behaviour with each question: half an hour and more
SECONDS = 1.2  # that a model has for one answer
SLACK = 6.0  # seconds more that a busy machine may take: a query's process has its own limit


@pytest.fixture(scope="module")
def rules(snapshot: Snapshot) -> Asker:
    LangChainEndpoint(ModelSettings("scripted", "http://127.0.0.1:9/v1")).make_ready()  # imports may outlast a first answer's time
    return Asker.of(snapshot)


@pytest.fixture(scope="module")
def known(rules: Asker) -> list[tuple[dict[str, Any], Answer]]:
    """Cases with the rules' own answers: all that the rules are unsure of, and some of each skill."""
    answered = [(case, rules.ask(case["question"], case.get("dialog", ()))) for case in CASES]
    doubtful = [pair for pair in answered if unsure(pair[1])]
    some = [pair for skill in sorted({case["skill"] for case in CASES}) for pair in answered if pair[0]["skill"] == skill][::23]
    return answered if EVERYTHING else doubtful[:8] + some[:8]


@pytest.fixture(scope="module")
def hard(rules: Asker) -> list[Case]:
    """Questions that the rules can't plan: those of tests/model_cases.py that they have not learnt since."""
    return [case for case in cases(rules) if unsure(rules.ask(case.question))]


def assisted(rules: Asker, snapshot: Snapshot, url: str) -> AssistedAsker:
    settings = ModelSettings("scripted", url, ask="always", writing=True, seconds=SECONDS, failures=10**6)
    return AssistedAsker.of(rules, settings, snapshot.folder / DATABASE)


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


def test_an_answer_with_a_model_keeps_to_the_documented_schema(rules: Asker, snapshot: Snapshot) -> None:
    """Whatever the model's part in it was: used, refused, failed, offered, beside the rules."""
    from jsonschema import Draft202012Validator

    def reply(request: Request) -> str:
        if prompt_of(request) == "write":
            return answer_of(request)
        guess = "三餐" in question_of(request)
        return plan("lookup", "公务接待费" if guess else "差旅费") if prompt_of(request) == "plan" else "{}"

    valid = Draft202012Validator(json.loads((ROOT / "docs" / "schemas" / "answer.json").read_text("utf-8")))
    seen: set[tuple[str, str]] = set()
    for behaviour in (replies(reply), replies("nonsense"), BEHAVIOURS["status 500"]):
        with serving(behaviour) as server:
            settings = ModelSettings("scripted", server.url, ask="always", writing=True, seconds=Decimal(10))
            asker = AssistedAsker.of(rules, settings, snapshot.folder / DATABASE)
            for asked in ("差旅费花了几个钱", "差旅费多少", "培训费多少", "三餐费多少"):
                answer = json.loads(json.dumps(asker.ask(f"示例市教育局2024年预算{asked}").to_json()))
                valid.validate(answer)
                seen |= {(step["step"], step["outcome"]) for step in answer["model"]}
                assert bool(answer["notes"]) >= any(step["outcome"] in ("used", "offered") for step in answer["model"])
    assert {outcome for _, outcome in seen} >= {"used", "agreed", "differed", "failed", "refused"}, seen
    valid.validate(json.loads(json.dumps(rules.ask("示例市教育局2024年预算差旅费多少").to_json())))


def test_there_are_enough_ways_to_be_wrong() -> None:
    assert len(BEHAVIOURS) + len(SLOW) + len(TWISTS) >= 100


@pytest.mark.parametrize("name", BEHAVIOURS)
def test_a_wrong_model_shows_no_wrong_figure(
    name: str, rules: Asker, snapshot: Snapshot, known: list[tuple[dict[str, Any], Answer]], hard: list[Case],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(free_query, "run_limited", guarded(free_query.run_limited))
    with serving(BEHAVIOURS[name]) as server:
        asker = assisted(rules, snapshot, server.url)
        for case, before in known if name in MISLEADING else known[::9]:
            answer = timed(asker, case["question"], case.get("dialog", ()))
            outcome, was = judge(case, answer.to_json()), judge(case, before.to_json())
            assert outcome.outcome != "wrong" or was.outcome == "wrong", (case["question"], answer.text, outcome.why)
            assert outcome.outcome == was.outcome or was.outcome != "right" or name in MISLEADING, (case["question"], answer.text)
        for case in hard[:: 16 if name in MISLEADING else 60]:
            answer = timed(asker, case.question, ())
            assert not answer.values or answer.values[0].amount in case.right, (case.question, answer.text)
        assert server.requests or name == "closed at once"


def test_words_twisted_in_whatever_way_are_not_shown(rules: Asker) -> None:
    """Every twist of every answer (of some, unless MINGZHANG_TEST_ALL is set)."""
    asked = CASES if EVERYTHING else CASES[::9]
    answers = [answer for case in asked if is_phrasable(answer := rules.ask(case["question"], case.get("dialog", ())))]
    assert len(answers) > 30
    for answer in answers:
        proof = Proof.of(answer, rules.planner)
        for name, twist in TWISTS.items():
            twisted = twist(answer.text)
            checked = Checked(proof)
            shown = "".join(map(checked.take, clauses([twisted])))
            assert shown == answer.text or not is_whole(shown, checked), (name, twisted, shown)
            assert set(NUMBER.findall(shown)) <= set(NUMBER.findall(answer.text)), (name, twisted, shown)


def test_what_a_reply_cost_that_was_cut_off_is_counted(rules: Asker, snapshot: Snapshot) -> None:
    with serving(BEHAVIOURS["cut off"]) as server:
        settings = ModelSettings("scripted", server.url, ask="always", seconds=Decimal(10))
        answer = AssistedAsker.of(rules, settings, snapshot.folder / DATABASE).ask("示例市教育局2024年预算差旅费多少")
        assert [(step.outcome, step.tokens) for step in answer.model] == [("failed", 120)]


@pytest.mark.parametrize("name", SLOW)
def test_a_slow_server_delays_an_answer_by_its_time_limit_at_most(
    name: str, rules: Asker, snapshot: Snapshot, known: list[tuple[dict[str, Any], Answer]],
) -> None:
    behaviour: Behaviour = SLOW[name]
    with serving(behaviour) as server:
        asker = assisted(rules, snapshot, server.url)
        for case, before in known[:2]:
            answer = timed(asker, case["question"], case.get("dialog", ()))
            assert (answer.route, answer.text, answer.values) == (before.route, before.text, before.values)
            assert answer.notes


def guarded(run: Any) -> Any:
    """Runs a query only if it passes the check as it stands: what reaches the database has been checked."""
    def checked(database: Path, sql: str, seconds: float, patience: float) -> Any:
        assert foreign_sql.read(sql).sql(dialect="duckdb") == sql
        return run(database, sql, seconds, patience)
    return checked


def timed(asker: AssistedAsker, question: str, dialog: Any) -> Answer:
    started = time.monotonic()
    answer = asker.ask(question, dialog)
    assert time.monotonic() - started < SECONDS + SLACK, question
    return answer

"""The page with a model that writes slowly, in a real browser: the rules' answer at once, checked clauses as they come."""

from __future__ import annotations

import os
import re
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any
from unittest import mock

import pytest

from tests.browser import ask, chromium, free_port, ready, serve_command, served
from tests.model_server import Server, serving, streams

QUESTION = "示例市教育局2024年预算差旅费和培训费各多少"
COMPOSED = "示例市教育局2024年预算：差旅费19.16万元，培训费9.58万元。"
PHRASED = "2024年，示例市教育局的差旅费预算为19.16万元，培训费预算为9.58万元。"
WAITING = re.compile("语言模型正在看")
NO_HELP = re.compile("没有帮上忙")
SEEN = """() => {
    window.seen = new Set();
    new MutationObserver(() => window.seen.add(document.body.innerText)).observe(
        document.body, {subtree: true, childList: true, characterData: true});
}"""


@pytest.fixture(scope="module")
def model() -> Iterator[Server]:
    with serving(streams(PHRASED)) as server:
        yield server


@pytest.fixture(scope="module")
def address(sample_store: Path, model: Server) -> Iterator[str]:
    settings = {
        "MINGZHANG_MODEL": "scripted", "MINGZHANG_MODEL_URL": model.url, "MINGZHANG_MODEL_WRITING": "true",
        "MINGZHANG_MODEL_SECONDS": "25", "MINGZHANG_MODEL_FAILURES": "1000"}
    with mock.patch.dict(os.environ, settings):
        port = free_port()
        with served(serve_command(sample_store, port), port) as url:
            yield url


@pytest.fixture(scope="module")
def context(address: str) -> Iterator[Any]:
    """A browser, once the server has asked its model for the first time: what it imports for that may take a busy machine long."""
    with chromium() as opened:
        page = opened.new_page()
        page.goto(address)
        ready(page)
        ask(page, "示例市教育局2023年预算差旅费和培训费各多少")
        page.get_by_text(WAITING).wait_for(state="detached", timeout=60_000)
        page.close()
        yield opened


@pytest.fixture
def page(context: Any, address: str) -> Iterator[Any]:
    page = context.new_page()
    page.goto(address)
    ready(page)
    page.evaluate(SEEN)
    yield page
    page.close()


def seen(page: Any) -> str:
    """All that the page has shown since it was opened."""
    return "\n".join(page.evaluate("() => [...window.seen]"))


def test_the_rules_answer_stands_at_once_and_the_models_words_grow_below_it(page: Any, model: Server) -> None:
    model.behaviour = streams(PHRASED, seconds=0.15)
    answer = ask(page, QUESTION)
    assert answer.inner_text() == COMPOSED
    page.get_by_text(re.compile("来源 1")).first.wait_for()
    page.get_by_text(re.compile("逐句核对后显示：2024年，(示例市教育局的差旅费预算为19.16万元，)?$")).wait_for()
    page.get_by_text(re.compile("语言模型参与了措辞")).wait_for()
    assert page.locator(".mz-answer").inner_text() == PHRASED + "[1][2]"
    assert page.get_by_text(re.compile("逐句核对后显示")).count() == 0
    assert not re.search("差旅费预算为19.16万元，培", seen(page).replace(PHRASED, "")), "a clause was shown before it was whole"


@pytest.mark.parametrize(("text", "finish"), [
    ("示例市教育局2024年差旅费为19.16万元，培训费为99.99万元。", "stop"),
    ("差旅费为19.16万元，更正：应为99.99万元。培训费为9.58万元。", "stop"),
    ("示例市教育局2024年差旅费为19.16万元，培训费", None), ("差旅费为19.16万元，<b>99.99万元</b>。", "length")])
def test_a_stream_that_goes_wrong_ends_in_the_rules_answer(page: Any, model: Server, text: str, finish: str | None) -> None:
    model.behaviour = streams(text, seconds=0.02, finish=finish)
    ask(page, f"请问{'，' * len(text)}{QUESTION}")  # another question each time: a reply that came whole is kept
    page.get_by_text(WAITING).or_(page.get_by_text(re.compile("逐句核对后显示"))).wait_for(state="detached")
    page.wait_for_timeout(300)
    assert page.locator(".mz-answer").inner_text() == COMPOSED
    assert "99.99" not in seen(page)


def test_the_next_question_need_not_wait_for_a_model_that_hangs(page: Any, model: Server) -> None:
    model.behaviour = lambda _request, _handler: time.sleep(7)
    ask(page, "示例市教育局2024年预算差旅费多少")
    page.get_by_text(WAITING).wait_for()
    started = time.monotonic()
    answer = ask(page, "示例市教育局2024年预算培训费多少")
    assert "9.58万元" in answer.inner_text()
    assert time.monotonic() - started < 5
    page.get_by_text(NO_HELP).wait_for(timeout=20_000)
    assert "9.58万元" in page.locator(".mz-answer").nth(1).inner_text()

"""The page with a model that takes its time, in a real browser: the grammar's answer at once, the model's reading when it comes."""

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
from tests.model_cases import cell, reading, reply
from tests.model_server import Request, Server, question_of, replies, serving

QUESTION = "示例市教育局2024年预算里跑外差的开销有几何"
WAITING = re.compile("语言模型正在看")
HELPED = re.compile("语言模型参与了理解问题")
NO_HELP = re.compile("没有帮上忙")


def slowly(request: Request) -> str:
    time.sleep(1.5)
    return reading(cell(request, "差旅费", "2024 预算")) if question_of(request) == QUESTION else reply("none")


@pytest.fixture(scope="module")
def model() -> Iterator[Server]:
    with serving(replies(reply("none"))) as server:
        yield server


@pytest.fixture(scope="module")
def address(sample_store: Path, model: Server) -> Iterator[str]:
    settings = {
        "MINGZHANG_MODEL": "scripted", "MINGZHANG_MODEL_URL": model.url,
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
    yield page
    page.close()


def test_the_grammars_answer_stands_at_once_and_the_models_reading_takes_its_place(page: Any, model: Server) -> None:
    model.behaviour = replies(slowly)
    answer = ask(page, QUESTION)
    assert "19.16万元" not in answer.inner_text()
    page.get_by_text(WAITING).wait_for()
    page.get_by_text(HELPED).wait_for()
    assert "差旅费" in page.locator(".mz-answer").inner_text() and "19.16万元" in page.locator(".mz-answer").inner_text()


def test_a_model_that_replies_nonsense_leaves_the_grammars_answer(page: Any, model: Server) -> None:
    model.behaviour = replies("三公经费为99.99万元。")
    ask(page, "示例市教育局2024年预算差旅费和培训费各多少")
    page.get_by_text(NO_HELP).wait_for()
    assert "19.16万元" in page.locator(".mz-answer").inner_text()
    assert "99.99" not in page.locator("body").inner_text()


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

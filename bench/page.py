"""From start to a chat box that can be typed into, and from Enter to the painted answer, beside an empty Streamlit chat."""

from __future__ import annotations

import statistics
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from tests.browser import ROOT, chromium, free_port, ready, serve_command, wait_until_healthy

EMPTY = "import streamlit as st\nst.title('empty')\nif question := st.chat_input('ask'):\n    st.chat_message('user').write(question)\n"
ROUNDS = 5
QUESTIONS = ["三公经费多少", "招待费呢", "那去年呢", "工资福利占基本支出的比例", "项目支出是什么意思"]


def measure(store: Path, first_question: str) -> list[str]:
    """Lines of a Markdown table: medians in seconds, and ratios."""
    with tempfile.TemporaryDirectory() as folder, chromium() as context:
        empty_app = Path(folder) / "empty.py"
        empty_app.write_text(EMPTY, "utf-8")
        ours: list[float] = []
        empty: list[float] = []
        for _ in range(ROUNDS):  # in turns, so that both meet the same noise
            empty.append(_until_ready(context, lambda port: _streamlit(empty_app, port)))
            ours.append(_until_ready(context, lambda port: serve_command(store, port)))
        painted = _enter_to_answer(context, store, first_question)
    own, other, paint = statistics.median(ours), statistics.median(empty), statistics.median(painted) * 1000
    return [
        "| what | ours, median | empty Streamlit chat, median | ratio | bound |",
        "|---|---|---|---|---|",
        f"| start → chat box ready (s, {ROUNDS} runs each, in turns) | {own:.2f} | {other:.2f} | {own / other:.2f} | ≤ 1.3 |",
        f"| Enter → painted answer (ms, {len(painted)} questions) | {paint:.0f} (max {max(painted) * 1000:.0f}) | – | – | ≤ 300 |",
    ]


def _streamlit(app: Path, port: int) -> list[str]:
    options = [
        "--server.headless=true",
        f"--server.port={port}",
        "--server.address=127.0.0.1",
        "--browser.gatherUsageStats=false",
        "--server.fileWatcherType=none",
    ]
    return [sys.executable, "-m", "streamlit", "run", str(app), *options]


def _until_ready(context: object, command) -> float:
    port = free_port()
    start = time.perf_counter()
    process = subprocess.Popen(command(port), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}")
        ready(page)
        seconds = time.perf_counter() - start
        page.close()
        return seconds
    finally:
        process.terminate()
        process.wait(10)


def _enter_to_answer(context: object, store: Path, first_question: str) -> list[float]:
    port = free_port()
    process = subprocess.Popen(serve_command(store, port), cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    try:
        wait_until_healthy(f"http://127.0.0.1:{port}", process)
        page = context.new_page()
        page.goto(f"http://127.0.0.1:{port}")
        ready(page)
        seconds: list[float] = []
        for question in [first_question, *QUESTIONS]:
            box = page.get_by_test_id("stChatInputTextArea")
            answers = page.locator(".mz-answer")
            before = answers.count()
            box.fill(question)
            start = time.perf_counter()
            box.press("Enter")
            answers.nth(before).wait_for(state="visible")
            seconds.append(time.perf_counter() - start)
        return seconds
    finally:
        process.terminate()
        process.wait(10)

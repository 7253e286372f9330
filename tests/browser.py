"""A real browser and a real server for the tests, the benchmark and the screenshots."""

from __future__ import annotations

import os
import shutil
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

ROOT = Path(__file__).parent.parent
# Without these, Chromium looks up hosts of its own at start; the tests must not reach outside the machine.
QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking", "--disable-component-update",
    "--disable-sync", "--font-render-hinting=none",
]  # fmt: skip


def executable() -> str | None:
    """The system's Chromium; None lets Playwright use its own."""
    return next(filter(None, map(shutil.which, ("chromium", "chromium-browser", "google-chrome"))), None)


def free_port() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextmanager
def chromium(**context: object) -> Iterator[object]:
    """A browser context of a headless Chromium."""
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable(), args=QUIET)
        try:
            yield browser.new_context(**{"viewport": {"width": 1180, "height": 900}, "locale": "zh-CN", **context})
        finally:
            browser.close()


@contextmanager
def served(command: list[str], port: int) -> Iterator[str]:
    """A server started by `command`, stopped afterwards; gives its address once it answers."""
    process = subprocess.Popen(
        command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, env={**os.environ, "PYTHONUNBUFFERED": "1"}
    )
    address = f"http://127.0.0.1:{port}"
    try:
        wait_until_healthy(address, process)
        yield address
    finally:
        process.terminate()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


def wait_until_healthy(address: str, process: subprocess.Popen[bytes], seconds: float = 60) -> None:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if process.poll() is not None:
            raise RuntimeError(f"the server stopped: {process.stderr.read().decode() if process.stderr else ''}")
        try:
            with urllib.request.urlopen(f"{address}/_stcore/health", timeout=1):
                return
        except OSError:
            time.sleep(0.02)
    raise TimeoutError(address)


def serve_command(store: Path, port: int) -> list[str]:
    """What `make run` runs."""
    return [str(Path(sys.executable).parent / "mingzhang"), "serve", "--store", str(store), "--port", str(port)]


def ready(page: object) -> None:
    """Waits until the chat box can be typed into."""
    page.get_by_test_id("stChatInputTextArea").wait_for(state="visible", timeout=30_000)


def ask(page: object, question: str) -> object:
    """Types a question, presses Enter, gives the last answer once it is painted."""
    answers = page.locator(".mz-answer")
    before = answers.count()
    box = page.get_by_test_id("stChatInputTextArea")
    box.fill(question)
    box.press("Enter")
    answers.nth(before).wait_for(state="visible", timeout=30_000)
    return answers.nth(before)

"""Time to an answer with no language model: the samples, then stores of 100 and 10,000 disclosures, one and eight askers."""

from __future__ import annotations

import itertools
import json
import statistics
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from bench import crowd
from serving.asker_pool import AskerPool

ROOT = Path(__file__).parent.parent
SIZES = (100, 10_000)
QUESTIONS = 200
THREADS = 8


def measure(samples: Path) -> list[str]:
    """Lines of a Markdown table."""
    lines = ["| store | figures | cold first answer (ms) | median (ms) | p95 (ms) | 8 threads ÷ one |", "|---|---|---|---|---|---|"]
    medians = []
    with tempfile.TemporaryDirectory() as folder:
        lines.append(_row("bundled samples", samples, copies=0)[0])
        for size in SIZES:
            store = Path(folder) / str(size)
            documents = crowd.build(samples, store, max(1, size // 16))
            line, median = _row(f"{documents:,} disclosures", store, copies=max(1, size // 16))
            lines.append(line)
            medians.append(median)
            crowd.clear(store)
    return [*lines, "", f"From {SIZES[0]} to {SIZES[1]:,} disclosures the median grows {medians[1] / medians[0]:.2f} × (bound ≤ 3)."]


def _row(name: str, store: Path, copies: int) -> tuple[str, float]:
    from retrieval.ask import Asker
    from store.snapshot import open_snapshot

    start = time.perf_counter()
    snapshot = open_snapshot(store)
    asker = Asker.of(snapshot)
    questions = _questions(copies)
    asker.ask(questions[0])
    cold = time.perf_counter() - start
    figures = snapshot.rows("SELECT count(*) FROM figures")[0][0]
    times = []
    for question in questions:
        start = time.perf_counter()
        asker.ask(question)
        times.append(time.perf_counter() - start)
    times.sort()
    alone = len(times) / sum(times)
    ratio = _together(AskerPool(asker, store), questions) / alone
    median, p95 = statistics.median(times) * 1000, times[int(len(times) * 0.95)] * 1000
    snapshot.close()
    return f"| {name} | {figures:,} | {cold * 1000:.0f} | {median:.1f} | {p95:.1f} | {ratio:.2f} |", median


def _together(pool: AskerPool, questions: list[str]) -> float:
    """Questions a second with THREADS asking at once, as a server answers them. Raises what any of them raised."""
    with ThreadPoolExecutor(THREADS) as threads:
        list(threads.map(pool.ask, questions[:THREADS]))   # the processes beside have started
        start = time.perf_counter()
        list(threads.map(pool.ask, questions))
        seconds = time.perf_counter() - start
    pool.close()
    return len(questions) / seconds


def _questions(copies: int) -> list[str]:
    """The project's own cases, spread over the cities of the store."""
    cases = [json.loads(line) for line in (ROOT / "tests" / "questions" / "samples.jsonl").read_text("utf-8").splitlines()]
    plain = [case["question"] for case in cases if not case.get("dialog") and case["skill"] != "decline"]
    chosen = list(itertools.islice(itertools.cycle(plain[:: max(1, len(plain) // QUESTIONS)]), QUESTIONS))
    if not copies:
        return chosen
    return [question.replace(crowd.CITY, crowd.city(number * 7 % copies)) for number, question in enumerate(chosen)]

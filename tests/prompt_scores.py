"""Asks a model the cases of each prompt and says how many replies could be read, and how many were right.

`MINGZHANG_MODEL=… MINGZHANG_MODEL_URL=… python -m tests.prompt_scores STORE` (a store of the bundled samples) prints a line for
each prompt, as they stand in prompts/scores.jsonl. Without an address it serves SmolLM2-135M itself.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Callable
from contextlib import nullcontext
from dataclasses import replace
from decimal import Decimal
from pathlib import Path
from typing import Any

from prompts import Rendered, load
from retrieval.ask import Asker
from retrieval.foreign_sql import read
from retrieval.model.endpoint import Endpoint, LangChainEndpoint, ModelFailed
from retrieval.model.grounds import Grounds
from retrieval.model.proof import Proof
from retrieval.model.replies import BadReply, ExcerptReply, PlanReply, QueryReply, read_reply
from retrieval.model.settings import ModelSettings, model_settings
from retrieval.model.understanding import OPERATIONS, about
from retrieval.model.writing import Checked, clauses, is_whole
from store.errors import SqlRefused
from store.snapshot import open_snapshot
from tests import small_model

PROMPTS = Path(__file__).resolve().parent.parent / "prompts"
SECONDS = 120.0
Case = dict[str, Any]
Judge = Callable[[str, Case], bool]


def rendered(name: str, case: Case, rules: Asker) -> Rendered:
    """The prompt as a case's question would be sent."""
    plan = rules.planner.plan(case["question"])
    told = about(plan, rules.planner, Grounds.of(plan, rules.planner))
    match name:
        case "plan":
            return load("plan").render(**told, earlier="", operations=OPERATIONS, problem="")
        case "sql":
            return load("sql").render(**told, problem="")
        case "quote":
            return load("quote").render(question=case["question"], sentences=case["sentences"], problem="")
        case _:
            return load("write").render(question=case["question"], answer=case["answer"])


def plan_is_right(text: str, case: Case) -> bool:
    """Raises BadReply."""
    reply = read_reply(PlanReply, text).model_dump()
    fields = ("operation", "over", "order", "kind")
    return all(reply[name] == case["reply"][name] for name in fields) and [one["name"] for one in reply["items"]] == [
        one["name"] for one in case["reply"]["items"]]


def query_is_right(text: str, case: Case) -> bool:
    """Raises BadReply, SqlRefused. Whether it computes the same from a query that reads the same."""
    reply = read_reply(QueryReply, text)
    return reply.compute == case["reply"]["compute"] and read(reply.sql).sql() == read(case["reply"]["sql"]).sql()


def choice_is_right(text: str, case: Case) -> bool:
    """Raises BadReply."""
    return sorted(read_reply(ExcerptReply, text).sentences) == case["reply"]["sentences"]


def score(name: str, endpoint: Endpoint, model: str, rules: Asker) -> dict[str, Any]:
    """What one prompt's cases come to."""

    def is_phrased(text: str, case: Case) -> bool:
        checked = Checked(Proof.of(rules.ask(case["question"]), rules.planner))
        return is_whole("".join(map(checked.take, clauses([text]))).strip(), checked)

    judges: dict[str, Judge] = {"plan": plan_is_right, "sql": query_is_right, "quote": choice_is_right, "write": is_phrased}
    cases = [json.loads(line) for line in (PROMPTS / f"{name}.cases.jsonl").read_text("utf-8").splitlines()]
    readable = right = 0
    for case in cases:
        try:
            is_right = judges[name](endpoint.reply(rendered(name, case, rules), SECONDS).text, case)
        except (ModelFailed, BadReply, SqlRefused):
            continue
        readable, right = readable + 1, right + is_right
    return {"prompt": load(name).id, "model": model, "cases": len(cases), "readable": readable, "right": right}


def main(store: Path) -> None:
    """Prints the scores."""
    given = model_settings()
    with small_model.serving() if given is None else nullcontext(given.url or "") as url, open_snapshot(store) as snapshot:
        own = ModelSettings("SmolLM2-135M-Instruct.Q4_1", reply_tokens=300)
        settings = replace(given or own, url=url or None, seconds=Decimal(SECONDS))
        endpoint, rules = LangChainEndpoint(settings), Asker.of(snapshot)
        for name in ("plan", "sql", "quote", "write"):
            sys.stdout.write(json.dumps(score(name, endpoint, settings.name, rules)) + "\n")
            sys.stdout.flush()


if __name__ == "__main__":
    main(Path(sys.argv[1]))

"""`mingzhang batch`: many questions, one answer a line, in order."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli.options import print_json, store_option
from store.messages import describe

if TYPE_CHECKING:
    from retrieval.asking import Answers


@click.command()
@click.argument("cases", type=click.File(encoding="utf-8-sig"), metavar="CASES.jsonl")
@store_option
@click.option("--json", "as_json", is_flag=True, default=True, hidden=True)
@click.pass_obj
def command(language: str, cases: TextIO, store: Path, as_json: bool) -> int:
    """Answer the questions of a file, one JSON object a line ("-" is stdin).

    Each line has `question`, and may have `id` and `dialog` (the earlier questions of the talk). The answers are those of
    `ask --json`, one a line. A line that is no such object is answered by an `error`, and the others go on.
    """
    from retrieval.asking import asker_of
    from store.snapshot import open_snapshot

    failed = False
    with open_snapshot(store) as snapshot:
        asker = asker_of(snapshot)
        for number, line in enumerate(cases, start=1):
            if line.strip():
                answer = _answer(asker, line, number, language)
                failed |= "error" in answer
                print_json(answer, indent=None)
    return 1 if failed else 0


def _answer(asker: Answers, line: str, number: int, language: str) -> dict[str, Any]:
    try:
        case = json.loads(line)
        question, dialog, case_id = case["question"], case.get("dialog") or [], case.get("id")
    except (ValueError, KeyError, TypeError, AttributeError):
        return _refused(None, number, language)
    if not isinstance(question, str) or not isinstance(dialog, list) or not all(isinstance(turn, str) for turn in dialog):
        return _refused(case_id, number, language)
    return asker.ask(question, dialog).to_json() | {"id": case_id}


def _refused(case_id: object, number: int, language: str) -> dict[str, Any]:
    message, hint = describe("bad_case", {"line": str(number)}, language)
    return {"id": case_id, "error": {"code": "bad_case", "message": message, "hint": hint}}

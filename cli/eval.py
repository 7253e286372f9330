"""`mingzhang eval`: how well questions with known answers are answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli.options import json_option, print_json, store_option

if TYPE_CHECKING:
    from retrieval.evaluate import Score


@click.command()
@click.argument("cases", nargs=-1, required=True, type=click.File(encoding="utf-8-sig"), metavar="CASES.jsonl…")
@store_option
@json_option
@click.option("--details", is_flag=True, help="Name every case that is not right, and why.")
def command(cases: tuple[TextIO, ...], store: Path, as_json: bool, details: bool) -> int:
    """Ask questions with known answers and count right, wrong and missed ones, by skill.

    Exit code 1 if any is not right. The form of a case: docs/schemas/case.json.
    """
    from retrieval.ask import Asker
    from retrieval.evaluate import Score, judge
    from store.snapshot import open_snapshot

    with open_snapshot(store) as snapshot:
        asker = Asker.of(snapshot)
        score = Score(tuple(
            judge(case, asker.ask(case["question"], case.get("dialog", ())).to_json()) for file in cases for case in _read(file)))
    if as_json:
        print_json(score.to_json())
    else:
        _print(score, details)
    return 0 if score.count("right") == len(score.judged) else 1


def _read(file: TextIO) -> list[dict[str, Any]]:
    cases: list[dict[str, Any]] = []
    for number, line in enumerate(file, start=1):
        if line.strip():
            try:
                case = json.loads(line)
            except ValueError as error:
                raise click.UsageError(f"{file.name}, line {number} is not JSON") from error
            if not isinstance(case, dict) or not {"question", "expect"} <= case.keys():
                raise click.UsageError(f"{file.name}, line {number} has no question and expect")
            cases.append(case)
    return cases


def _print(score: Score, details: bool) -> None:
    if details:
        for each in score.judged:
            if each.outcome != "right":
                click.echo(f"{each.outcome:7}{each.case_id}: {each.why}")
    click.echo(f"{'skill':12}{'cases':>7}{'right':>7}{'wrong':>7}{'missed':>7}")
    for skill in [*score.skills, None]:
        counts = [score.count(outcome, skill) for outcome in ("right", "wrong", "missed")]
        click.echo(f"{skill or 'all':12}" + "".join(f"{count:7}" for count in (sum(counts), *counts)))
    click.echo(f"median {score.percentile(0.5):.1f} ms, p95 {score.percentile(0.95):.1f} ms")

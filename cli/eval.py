"""`mingzhang eval`: how well questions with known answers are answered."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any, TextIO

import click

from cli.options import json_option, print_json, store_option

if TYPE_CHECKING:
    from retrieval.compare_models import Comparison
    from retrieval.scoring import Score
    from store.snapshot import Snapshot


@click.command()
@click.argument("cases", nargs=-1, required=True, type=click.File(encoding="utf-8-sig"), metavar="CASES.jsonl…")
@store_option
@json_option
@click.option("--details", is_flag=True, help="Name every case that is not right, and why.")
@click.option("--with-model", is_flag=True, help="Answer each case without and with the model that is set up, side by side.")
@click.option(
    "--report", type=click.Path(dir_okay=False, path_type=Path), metavar="FILE.html",
    help="With --with-model: write plan, SQL and evidence of each case there.")
def command(cases: tuple[TextIO, ...], store: Path, as_json: bool, details: bool, with_model: bool, report: Path | None) -> int:
    """Ask questions with known answers and count right, wrong and missed ones, by skill.

    Exit code 1 if any is not right. The form of a case: docs/schemas/case.json. Which model: docs/models.md.
    """
    from retrieval.ask import Asker
    from retrieval.scoring import Score, judge
    from store.snapshot import open_snapshot

    if report is not None and not with_model:
        raise click.UsageError("--report needs --with-model")
    with open_snapshot(store) as snapshot:
        asked = [case for file in cases for case in _read(file)]
        if with_model:
            return _compare(asked, snapshot, as_json, report)
        asker = Asker.of(snapshot)
        score = Score(tuple(judge(case, asker.ask(case["question"], case.get("dialog", ())).to_json()) for case in asked))
    if as_json:
        print_json(score.to_json())
    else:
        _print(score, details)
    return 0 if score.count("right") == len(score.judged) else 1


def _compare(cases: list[dict[str, Any]], snapshot: Snapshot, as_json: bool, report: Path | None) -> int:
    """Both ways, side by side. Exit code 1 if anything is wrong, or fewer are right, with the model."""
    from retrieval.ask import Asker
    from retrieval.asking import asker_of
    from retrieval.compare_models import Comparison, Pair
    from retrieval.model.settings import model_settings

    settings = model_settings()
    if settings is None:
        raise click.UsageError("no model is set up: set MINGZHANG_MODEL (see docs/models.md)")
    rules, assisted = Asker.of(snapshot), asker_of(snapshot, settings)
    pairs: list[Pair] = []
    for number, case in enumerate(cases, start=1):
        question, dialog = case["question"], case.get("dialog", ())
        pairs.append(Pair(case, rules.ask(question, dialog).to_json(), assisted.ask(question, dialog).to_json()))
        click.echo(f"\r{number}/{len(cases)}", err=True, nl=number == len(cases))
    compared = Comparison(tuple(pairs), settings.name)
    if report is not None:
        report.write_text(compared.to_html(), "utf-8")
    if as_json:
        print_json(compared.to_json())
    else:
        _print_both(compared)
    before, after = compared.without, compared.with_model
    return 0 if after.count("wrong") <= before.count("wrong") and after.count("right") >= before.count("right") else 1


def _print_both(compared: Comparison) -> None:
    click.echo(f"{'':24}{'right':>7}{'wrong':>7}{'missed':>7}{'median s':>10}{'tokens':>9}")
    tokens = sum(pair.tokens for pair in compared.pairs)
    for name, score, used in (("without", compared.without, 0), (compared.model[:23], compared.with_model, tokens)):
        counts = "".join(f"{score.count(outcome):7}" for outcome in ("right", "wrong", "missed"))
        click.echo(f"{name:24}{counts}{score.median / 1000:10.2f}{used:9}")


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
    click.echo(f"median {score.median:.1f} ms, p95 {score.percentile(0.95):.1f} ms")

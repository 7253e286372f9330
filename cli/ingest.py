"""`mingzhang ingest`: disclosures into the store."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import json_option, print_json, store_option
from store.messages import describe, describe_warning

if TYPE_CHECKING:
    from ingest.pipeline import IngestReport, Outcome
    from ingest.progress import Progress


@click.command()
@click.argument("paths", nargs=-1, type=click.Path(path_type=Path), metavar="PATH…")
@store_option
@json_option
@click.option("--jobs", "-j", type=click.IntRange(min=1), help="Files read at the same time (default: one a processor).")
@click.option("--quiet", "-q", is_flag=True, help="No progress on stderr.")
@click.pass_obj
def command(language: str, paths: tuple[Path, ...], store: Path, as_json: bool, jobs: int | None, quiet: bool) -> int:
    """Take files, folders and ZIP archives into the store.

    Files already in the store are not read again. A file that cannot be read is named with the reason and the remedy; the
    others go on. Without PATH, the store is compiled anew from what was read before.
    """
    from ingest.pipeline import ingest

    line = _ProgressLine(language, enabled=not quiet)
    report = ingest(paths, store, jobs=jobs, progress=line.show)
    line.end()
    if paths and not report.documents:
        for sentence in describe("nothing_to_ingest", {"file": ", ".join(map(str, paths))}, language):
            click.echo(sentence, err=True)
        return 2
    if as_json:
        print_json(to_json(report, language))
    else:
        _print(report, language)
    return 1 if report.failed else 0


def to_json(report: IngestReport, language: str) -> dict[str, object]:
    """The report as scripts read it: docs/schemas/ingest.json."""
    return {"documents": [_entry(outcome, language) for outcome in report.documents], "snapshot": report.snapshot}


def _entry(outcome: Outcome, language: str) -> dict[str, object]:
    error = None
    if outcome.error is not None:
        message, hint = describe(outcome.error.code, outcome.error.where, language)
        error = {"code": outcome.error.code, "message": message, "hint": hint}
    return {
        "file": outcome.file, "status": outcome.status, "id": outcome.document_id, "agency": outcome.agency, "year": outcome.year,
        "kind": outcome.kind, "format": outcome.format, "pages": outcome.pages, "tables": outcome.tables, "figures": outcome.figures,
        "passages": outcome.passages,
        "warnings": [
            {"code": warned.code, "message": describe_warning(warned.code, dict(warned.where), language), "where": dict(warned.where)}
            for warned in outcome.warnings],
        "error": error, "seconds": round(outcome.seconds, 3)}


def _print(report: IngestReport, language: str) -> None:
    for outcome in report.documents:
        if outcome.error is not None:
            message, hint = describe(outcome.error.code, outcome.error.where, language)
            click.echo(f"{outcome.status:10} {message}{'' if language == 'zh' else ' '}{hint}")
        else:
            who = " ".join(str(part) for part in (outcome.agency, outcome.year, outcome.kind) if part)
            click.echo(f"{outcome.status:10} {outcome.file}: {who or '?'}; tables {outcome.tables}, figures {outcome.figures}, "
                       f"passages {outcome.passages}, warnings {len(outcome.warnings)}")
    counts = {status: sum(outcome.status == status for outcome in report.documents) for status in ("ingested", "unchanged", "failed")}
    click.echo(", ".join(f"{status} {count}" for status, count in counts.items()) + f"; snapshot {report.snapshot}")


class _ProgressLine:
    """One line on stderr that is written over; on something else than a terminal, a line a file in twenty."""

    def __init__(self, language: str, *, enabled: bool) -> None:
        self.enabled, self.is_terminal, self.language = enabled, sys.stderr.isatty(), language
        self.shown = False

    def show(self, progress: Progress) -> None:
        if not self.enabled or not (self.is_terminal or progress.done % 20 == 0 or progress.done == progress.total):
            return
        left = "" if progress.seconds_left is None else f", {_minutes(progress.seconds_left)} left"
        text = f"{progress.done}/{progress.total} files, {progress.failed} failed, {progress.files_a_minute:.0f} a minute{left}"
        if self.is_terminal:
            click.echo(f"\r\033[K{text}", nl=False, err=True)
        else:
            click.echo(text, err=True)
        self.shown = True

    def end(self) -> None:
        if self.shown and self.is_terminal:
            click.echo(err=True)


def _minutes(seconds: float) -> str:
    return f"{int(seconds // 60)}:{int(seconds % 60):02d}"

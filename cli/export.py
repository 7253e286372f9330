"""`mingzhang export`: all figures as a file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import json_option, print_json, store_option

if TYPE_CHECKING:
    from store.export import ExportFormat


@click.command()
@click.option(
    "--to", "folder", required=True, type=click.Path(file_okay=False, path_type=Path), metavar="DIR", help="The folder to write into.")
@click.option(
    "--format", "form", default="csv", show_default=True, type=click.Choice(["parquet", "csv", "xlsx"]), help="The kind of file.")
@store_option
@json_option
def command(folder: Path, form: ExportFormat, store: Path, as_json: bool) -> None:
    """Write every figure with its place, a row each, to DIR/figures.<format>."""
    from store.export import export
    from store.snapshot import open_snapshot

    with open_snapshot(store) as snapshot:
        target, count = export(snapshot, folder, form)
        if as_json:
            print_json({"file": str(target), "figures": count, "snapshot": snapshot.id})
        else:
            click.echo(f"{target}: {count} figures")

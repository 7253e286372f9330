"""`mingzhang draw`: what was understood of pages, drawn over them (a developer's view)."""

from __future__ import annotations

from pathlib import Path

import click


@click.command()
@click.argument("file", type=click.Path(dir_okay=False, path_type=Path))
@click.option("--page", "pages", type=click.IntRange(1), multiple=True, help="1-based; may be repeated (default: every page with a table).")
@click.option("--to", type=click.Path(file_okay=False, path_type=Path), default=Path(), metavar="DIR", help="Where the PNG files go.")
@click.option("--dpi", type=click.IntRange(36, 400), default=130, show_default=True)
@click.pass_obj
def command(language: str, file: Path, pages: tuple[int, ...], to: Path, dpi: int) -> int:
    """Read the PDF FILE anew and draw over its pages what was understood: figures, headers, row labels, prose, and
    numbers that were not read."""
    from ingest.draw import draw_understanding, legend
    from ingest.reading import read_file
    from store.errors import FileMissing

    del language
    if not file.is_file():
        raise FileMissing(file=str(file))
    data = file.read_bytes()
    document = read_file(data, str(file))
    wanted = pages or sorted({page for table in document.tables for page in table.pages})
    to.mkdir(parents=True, exist_ok=True)
    for page in wanted:
        target = to / f"{file.stem}-{page:03}.png"
        target.write_bytes(draw_understanding(document, data, page, dpi=dpi))
        click.echo(str(target))
    for style, meaning in legend():
        click.echo(f"{style}: {meaning}", err=True)
    return 0

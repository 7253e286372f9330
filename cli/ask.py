"""`mingzhang ask`: one question, one answer."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from cli.options import json_option, print_json, store_option

if TYPE_CHECKING:
    from retrieval.answer.answer import Answer


@click.command()
@click.argument("question")
@store_option
@json_option
@click.option("--after", "dialog", multiple=True, metavar="QUESTION", help="An earlier question of the same talk (repeat it for more).")
@click.option("--explain", is_flag=True, help="Also say how the question was understood, and what each stretch of it did.")
def command(question: str, store: Path, as_json: bool, dialog: tuple[str, ...], explain: bool) -> int:
    """Answer a question from what is in the store.

    \b
    mingzhang ask "2024年三公经费多少"
    mingzhang ask "那去年呢" --after "2024年三公经费多少"
    mingzhang ask "公务接待费占三公几成" --explain
    """
    from retrieval.asking import asker_of
    from store.snapshot import open_snapshot

    with open_snapshot(store) as snapshot:
        answer = asker_of(snapshot).ask(question, dialog)
    if as_json:
        print_json(answer.to_json())
    else:
        _print(answer)
        if explain:
            from retrieval.answer.as_text import explained_text

            click.echo("\n" + explained_text(answer.understood))
        for note in answer.notes:
            click.echo(note, err=True)
    return 0


def _print(answer: Answer) -> None:
    from retrieval.answer.as_text import place_text

    click.echo(answer.text)
    for option in answer.options:
        click.echo(f"  · {option}")
    for number, citation in enumerate(answer.citations, start=1):
        click.echo(f"[{number}] {place_text(citation)}")

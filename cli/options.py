"""What the commands share: the options --store and --json, and how a value is printed as JSON."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any, TypeVar

import click

Command = TypeVar("Command", bound=Callable[..., Any])


def store_option(command: Command) -> Command:
    """--store DIR, passed on as `store: Path`."""
    return click.option(
        "--store", type=click.Path(file_okay=False, path_type=Path), callback=_resolved, metavar="DIR",
        help="The store (default: MINGZHANG_STORE, then ./mingzhang.toml, then your data folder).")(command)


def json_option(command: Command) -> Command:
    """--json, passed on as `as_json: bool`."""
    return click.option("--json", "as_json", is_flag=True, help="Print the result as JSON (docs/schemas).")(command)


def print_json(value: object, *, indent: int | None = 1) -> None:
    """A value on stdout as JSON, Chinese as it is."""
    click.echo(json.dumps(value, ensure_ascii=False, indent=indent))


def _resolved(_: click.Context, __: click.Parameter, value: Path | None) -> Path:
    from store.settings import settings

    return settings(value).store

"""docs/commands.md, made from the program: `python -m cli.reference > docs/commands.md`. A test holds the two together."""

from __future__ import annotations

import re

import click

from cli.main import Commands, group

INTRODUCTION = """\
# The command line

Made from the program by `python -m cli.reference`; do not edit. What `--json` prints is described in `docs/schemas/`: keys are
added, never renamed. Results go to stdout, progress and messages to stderr.

| exit code | means |
|---|---|
| 0 | success |
| 1 | some inputs failed (each is named), a file of the store is not what was written, or a case was not answered right |
| 2 | wrong use: an option, a file or a store that isn't there |

The store is the folder named by `--store`, else by `MINGZHANG_STORE`, else by `store = "…"` in `./mingzhang.toml`, else in the
user's data folder. Messages are in Chinese; `mingzhang --lang en …`, or a locale of another language, makes them English.
"""


def reference() -> str:
    """The whole page as Markdown."""
    context = click.Context(group, info_name="mingzhang", **group.context_settings)
    assert isinstance(group, Commands)
    sections = [_section(context, name) for name in group.list_commands(context)]
    return "\n".join([INTRODUCTION, *sections])


def _section(context: click.Context, name: str) -> str:
    command = group.get_command(context, name)
    assert command is not None
    inner = click.Context(command, info_name=name, parent=context, terminal_width=100)
    return f"## mingzhang {name}\n\n```\n{re.sub(r'[ ]+$', '', command.get_help(inner), flags=re.MULTILINE)}\n```\n"


if __name__ == "__main__":
    click.echo(reference(), nl=False)

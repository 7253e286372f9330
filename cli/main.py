"""`mingzhang`: the group of commands, and the one place where an error becomes a sentence and an exit code.

Each command is a module of this room, imported when it is called, so that `mingzhang --help` starts at once. Exit codes:
0 success, 1 some inputs failed (each is named), 2 wrong use. Results go to stdout, everything else to stderr.
"""

from __future__ import annotations

import logging
import os
import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import find_spec

import click

from store.errors import ExtraMissing, MingzhangError, StoreError
from store.messages import caller_language, describe

COMMANDS = ("ingest", "ask", "batch", "export", "eval", "status", "serve", "api", "mcp", "draw")
"""In the order of a newcomer's way."""


class Commands(click.Group):
    """The commands whose module is there."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return [name for name in COMMANDS if find_spec(f"cli.{name}")]

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in self.list_commands(ctx):
            return None
        command = import_module(f"cli.{cmd_name}").command
        assert isinstance(command, click.Command)
        return command


@click.group(cls=Commands, context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 110})
@click.option("--lang", type=click.Choice(["zh", "en"]), help="Language of messages (default: from LANG; Chinese if it names none).")
@click.option("--verbose", "-v", is_flag=True, help="Say on stderr what is being done.")
@click.version_option(package_name="mingzhang", prog_name="mingzhang")
@click.pass_context
def group(ctx: click.Context, lang: str | None, verbose: bool) -> None:
    """明账 answers plain questions from published budgets and final accounts of Chinese government departments, and
    shows the printed cell behind every figure.

    \b
    Begin with:  mingzhang ingest FOLDER      take disclosures in (PDF, scans, HTML, XLSX, DOCX, text, ZIP)
                 mingzhang ask "三公经费多少"   ask about them
                 mingzhang serve              ask in the browser
    """
    level = logging.INFO if verbose else logging.CRITICAL
    logging.basicConfig(stream=sys.stderr, level=level, format="%(levelname)s %(name)s: %(message)s")
    ctx.obj = lang or caller_language()


def main(arguments: Sequence[str] | None = None) -> None:
    """Runs a command and ends the process with its exit code."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """The exit code of a command; what goes wrong is said on stderr in one sentence and its remedy."""
    try:
        code = group.main(args=None if arguments is None else list(arguments), prog_name="mingzhang", standalone_mode=False)
        sys.stdout.flush()
    except click.exceptions.Exit as end:
        return end.exit_code
    except click.ClickException as error:
        error.show()
        return 2
    except (click.Abort, KeyboardInterrupt):
        return 130
    except BrokenPipeError:
        # The reader of a pipe has gone, which is its right. Python would complain when it flushes stdout at the end.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except MingzhangError as error:
        for sentence in describe(error.code, error.where, _language(arguments)):
            click.echo(sentence, err=True)
        return 2 if isinstance(error, StoreError | ExtraMissing) else 1
    return code if isinstance(code, int) else 0


def _language(arguments: Sequence[str] | None) -> str:
    """What --lang says, for errors that end the command; click's context is gone by then."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    for at, argument in enumerate(given):
        if argument.startswith("--lang="):
            return argument.removeprefix("--lang=")
        if argument == "--lang" and at + 1 < len(given):
            return given[at + 1]
    return caller_language()

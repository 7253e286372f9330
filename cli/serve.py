"""`mingzhang serve`: the page."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import click

from cli.options import store_option

ROOT = Path(__file__).resolve().parent.parent


@click.command()
@store_option
@click.option("--port", default=8501, type=click.IntRange(1, 65535), show_default=True, help="The port to listen on.")
@click.option("--address", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 lets other machines in.")
def command(store: Path, port: int, address: str) -> None:
    """Open the page on which questions are asked, at http://ADDRESS:PORT. Ctrl-C ends it."""
    from store.settings import VARIABLE
    from store.snapshot import current_snapshot

    current_snapshot(store)
    environment = {**os.environ, VARIABLE: str(store.resolve())}
    options = {
        "server.port": str(port), "server.address": address, "server.headless": "true", "server.fileWatcherType": "none",
        "browser.gatherUsageStats": "false"}
    arguments = [part for name, value in options.items() for part in (f"--{name}", value)]
    click.echo(f"http://{address}:{port}", err=True)
    os.chdir(ROOT)                     # where .streamlit/config.toml is looked for
    # The server takes this process's place: signals reach it directly, and nothing is imported twice.
    os.execve(sys.executable, [sys.executable, "-m", "streamlit", "run", str(ROOT / "app.py"), *arguments], environment)  # noqa: S606  fixed program, no shell

"""`mingzhang api`: answers, figures and sources over HTTP."""

from __future__ import annotations

from pathlib import Path

import click

from cli.options import store_option


@click.command()
@store_option
@click.option("--port", default=8502, type=click.IntRange(1, 65535), show_default=True, help="The port to listen on.")
@click.option("--address", default="127.0.0.1", show_default=True, help="The address to listen on; 0.0.0.0 lets other machines in.")
def command(store: Path, port: int, address: str) -> None:
    """Serve answers, figures and sources as JSON at http://ADDRESS:PORT, described by /openapi.json. Ctrl-C ends it."""
    from serving.http_api import app
    from serving.listen import listen
    from serving.opened import OpenStore

    api = app(OpenStore(store), host=address)
    click.echo(f"http://{address}:{port}", err=True)
    listen(api, address, port)

"""`mingzhang mcp`: the tools for other programs' models, by the Model Context Protocol."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

import click

from cli.options import store_option


@click.command()
@store_option
@click.option("--http", is_flag=True, help="Listen at http://ADDRESS:PORT/mcp (streamable HTTP) and not on stdin.")
@click.option("--port", default=8503, type=click.IntRange(1, 65535), show_default=True, help="With --http: the port to listen on.")
@click.option(
    "--address", default="127.0.0.1", show_default=True, help="With --http: the address to listen on; 0.0.0.0 lets other machines in.")
def command(store: Path, http: bool, port: int, address: str) -> None:
    """Serve the tools ask, check, find_figures, list_disclosures and open_source to models (MCP).

    Without --http, the program that starts this command talks to it on stdin and stdout. See docs/building-on.md.
    """
    from serving.opened import OpenStore
    from store.errors import ExtraMissing

    if find_spec("mcp") is None:
        raise ExtraMissing(extra="mcp")
    from serving import mcp_server

    opened = OpenStore(store)
    if not http:
        mcp_server.serve_stdio(opened)
        return
    from serving.listen import listen

    click.echo(f"http://{address}:{port}{mcp_server.PATH}", err=True)
    listen(mcp_server.http_app(opened, address), address, port)

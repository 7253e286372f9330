"""Fixed statements kept in `store/*.sql`: one file holds several, each under a comment `-- name: …`."""

from __future__ import annotations

from functools import cache
from pathlib import Path


@cache
def sql_blocks(file: str) -> dict[str, str]:
    """The statements of a file beside this module, by name, in their order."""
    blocks = (Path(__file__).parent / file).read_text("utf-8").split("-- name: ")[1:]
    return {name.strip(): sql.strip() for name, _, sql in (block.partition("\n") for block in blocks)}

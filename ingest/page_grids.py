"""All grids of a page: by rules where they are drawn, by alignment where they are not.

`grids_from` needs only words and edges, so that recognised text (OCR) takes the same way as a text layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.glyphs import Word
from ingest.ruled_grids import filled, lattices_of
from ingest.rules import Edge
from ingest.source import Grid


def grids_from(
    words: Sequence[Word], edges: Iterable[Edge], page_size: tuple[float, float], page: int | None = None
) -> tuple[list[Grid], list[Word]]:
    """The grids of a page from the top, and the words outside them. `page_size` is in points, as displayed."""
    rest = list(words)
    grids: list[Grid] = []
    for lattice in lattices_of(edges):
        if len(lattice.regions) < 2:
            continue
        grid, rest = filled(lattice, rest, page)
        if grid.cells:
            grids.append(grid)
    return grids, rest

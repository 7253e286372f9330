"""All grids of a page: by rules where they are drawn, by alignment where they are not.

`grids_from` needs only words and edges, so that recognised text (OCR) takes the same way as a text layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.aligned_grids import edges_for
from ingest.glyphs import Word
from ingest.ruled_grids import Lattice, filled, lattice_of, lattices_of
from ingest.rules import Edge
from ingest.source import Grid
from ingest.table_areas import Area, area_within, areas_of


def grids_from(
    words: Sequence[Word], edges: Iterable[Edge], page_size: tuple[float, float], page: int | None = None
) -> tuple[list[Grid], list[Word]]:
    """The grids of a page from the top, and the words outside them. `page_size` is in points, as displayed."""
    drawn = list(edges)
    rest = list(words)
    grids: list[Grid] = []
    for lattice in lattices_of(drawn):
        grid, outside = _grid_of(lattice, rest, drawn, page)
        if grid is not None:
            grids.append(grid)
            rest = outside
    loose = [edge for edge in drawn if not any(_is_in(edge, grid) for grid in grids)]
    for area in areas_of(rest, loose, page_size[0]):
        grid, outside = _aligned(area, rest, page)
        if grid is not None:
            grids.append(grid)
            rest = outside
    return sorted(grids, key=lambda grid: (grid.bbox or (0.0, 0.0))[1]), rest


def _grid_of(lattice: Lattice, words: Sequence[Word], drawn: Sequence[Edge], page: int | None) -> tuple[Grid | None, list[Word]]:
    """The grid of drawn rules; where they leave rows or columns out, alignment adds them. None if it holds no table."""
    area = area_within(lattice, words, drawn)
    if area is not None:
        grid, outside = _aligned(area, words, page)
        if grid is not None:
            return grid, outside
    if len(lattice.regions) < 2:
        return None, list(words)
    grid, outside = filled(lattice, words, page)
    return (grid, outside) if grid.cells else (None, list(words))


def _aligned(area: Area, words: Sequence[Word], page: int | None) -> tuple[Grid | None, list[Word]]:
    lattice = lattice_of(edges_for(area))
    if lattice is None or len(lattice.regions) < 4:
        return None, list(words)
    grid, outside = filled(lattice, words, page)
    return (grid, outside) if len(grid.cells) >= 4 else (None, list(words))


def _is_in(edge: Edge, grid: Grid) -> bool:
    assert grid.bbox is not None
    x0, top, x1, bottom = grid.bbox
    if edge.vertical:
        return x0 - 3 <= edge.at <= x1 + 3 and edge.first >= top - 3 and edge.last <= bottom + 3
    return top - 3 <= edge.at <= bottom + 3 and edge.first >= x0 - 3 and edge.last <= x1 + 3

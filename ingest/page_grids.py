"""All grids of a page: by rules where they are drawn, by alignment where they are not.

`grids_from` needs only words and edges, so that recognised text (OCR) takes the same way as a text layer.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from ingest.aligned_grids import edges_for
from ingest.printed_words import Word
from ingest.ruled_grids import Lattice, filled, lattice_of, lattices_of
from ingest.rules import Edge
from ingest.source import Grid
from ingest.table_areas import AMOUNT, Area, area_within, areas_of
from store.values import Box

SAME_SIDE = 6.0
"""Points by which the sides of bands of one table differ."""
BELOW = 3.5
"""Ems below a ruled header within which its first figures stand."""


def grids_from(
    words: Sequence[Word], edges: Iterable[Edge], page_size: tuple[float, float], page: int | None = None
) -> tuple[list[Grid], list[Word]]:
    """The grids of a page from the top, and the words outside them. `page_size` is in points, as displayed."""
    drawn = without_bands(edges)
    rest = list(words)
    grids: list[Grid] = []
    lattices = lattices_of(drawn)
    for lattice in lattices:
        if _is_header_only(lattice, words, lattices):
            continue
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


def without_bands(edges: Iterable[Edge]) -> list[Edge]:
    """The edges without the sides of coloured bands: every other row on a ground of its own is no table of one row."""
    drawn = list(edges)
    painted = lattices_of(edge for edge in drawn if edge.soft)
    bands = [lattice.box for lattice in painted if len(lattice.ys) == 2]
    dropped: list[Box] = []
    for lattice in painted:
        x0, top, x1, bottom = lattice.box
        beside = [box for box in bands if abs(box[0] - x0) < SAME_SIDE and abs(box[2] - x1) < SAME_SIDE and box != lattice.box]
        if any(box[1] > bottom + 1 or box[3] < top - 1 for box in beside) and (len(beside) > 1 or lattice.box in bands):
            dropped.append(lattice.box)
    return [edge for edge in drawn if not (edge.soft and any(_lies_in(edge, box) for box in dropped))]


def _is_header_only(lattice: Lattice, words: Sequence[Word], lattices: Sequence[Lattice]) -> bool:
    """Whether rules are drawn round the header of a table and not round its figures: these follow close below, in no rules."""
    x0, top, x1, bottom = lattice.box
    inside = [word for word in words if x0 <= (word.x0 + word.x1) / 2 <= x1 and top <= word.baseline <= bottom]
    if not inside or any(AMOUNT.fullmatch(word.text) for word in inside):
        return False
    reach = bottom + BELOW * max(word.size for word in inside)
    below = [word for word in words if bottom < word.baseline <= reach and x0 - 2 <= word.x0 and word.x1 <= x1 + 2]
    return any(AMOUNT.fullmatch(word.text) for word in below) and not any(
        other is not lattice and other.ys[0] < word.baseline < other.ys[-1] and other.xs[0] < word.x1 < other.xs[-1]
        for other in lattices for word in below
    )


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
    return _lies_in(edge, grid.bbox)


def _lies_in(edge: Edge, box: Box) -> bool:
    x0, top, x1, bottom = box
    if edge.vertical:
        return x0 - 3 <= edge.at <= x1 + 3 and edge.first >= top - 3 and edge.last <= bottom + 3
    return top - 3 <= edge.at <= bottom + 3 and edge.first >= x0 - 3 and edge.last <= x1 + 3

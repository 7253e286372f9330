"""The ruling lines of a PDF page: drawn lines, thin rectangles and the sides of filled ones, as edges.

Takes an open pdfium page; gives horizontal and vertical edges in the displayed frame. What is drawn in many small
pieces (dashes, a border for each cell) is joined, and pieces that lie within `SNAP` of one another become one rule.
"""

from __future__ import annotations

import ctypes
from collections.abc import Iterable
from dataclasses import dataclass
from itertools import pairwise
from typing import Any

import pypdfium2.raw as pdfium

from ingest.glyphs import Frame
from store.values import Box

THIN = 3.0
"""Points: a filled rectangle up to this thick is a rule."""
SNAP = 2.5
"""Points: rules that belong together are drawn up to 2.4 apart in the samples."""
JOIN = 3.0
"""Points of gap between the pieces of one rule: dashes and cell borders."""
SHORTEST = 4.0
"""Points: what is shorter after joining is ink, not a rule."""
MOST_OBJECTS = 200_000
"""Drawn objects looked at on one page; drawings, not tables, have more."""
MOST_SEGMENTS = 20_000
"""Of one drawn path."""
DEEPEST_FORM = 8
LARGE = 0.8
"""Share of the page from which a filled area is its background."""
LOWEST_FILL = 5.0
"""Points: a filled area less high than this marks words, it is no band of a table."""
NEARLY_WHITE = 250


@dataclass(frozen=True, slots=True)
class Edge:
    """A horizontal or vertical rule: at `at`, from `first` to `last`. `soft` ones are sides of filled areas."""

    vertical: bool
    at: float
    first: float
    last: float
    soft: bool = False


@dataclass(frozen=True, slots=True)
class Drawn:
    """What is drawn on a page beside its text."""

    edges: tuple[Edge, ...]        # joined, those at the same place in one
    fills: tuple[tuple[Box, bool], ...]   # areas painted, and whether (nearly) white
    pictures: tuple[Box, ...]
    pixels: int = 0                # of the largest picture, as declared: not yet unpacked
    unfinished: bool = False       # more objects than `MOST_OBJECTS`

    @property
    def is_bare(self) -> bool:
        return not self.edges and not self.pictures


def drawn_on(page: Any, frame: Frame) -> Drawn:
    """The rules, painted areas and pictures of an open pdfium page."""
    reader = _Reader(frame)
    reader.walk(page, pdfium.FPDFPage_CountObjects, pdfium.FPDFPage_GetObject, (1.0, 0.0, 0.0, 1.0, 0.0, 0.0), 0)
    return Drawn(tuple(joined_edges(reader.edges)), tuple(reader.fills), tuple(reader.pictures), reader.pixels, reader.seen > MOST_OBJECTS)


Matrix = tuple[float, float, float, float, float, float]


class _Reader:
    """Walks the objects of a page, forms within forms included."""

    def __init__(self, frame: Frame) -> None:
        self.frame = frame
        self.edges: list[Edge] = []
        self.fills: list[tuple[Box, bool]] = []
        self.pictures: list[Box] = []
        self.pixels = 0
        self.seen = 0
        self.matrix = pdfium.FS_MATRIX()
        self.sides = tuple(ctypes.c_float() for _ in range(4))
        self.mode, self.stroked = ctypes.c_int(), pdfium.FPDF_BOOL()
        self.colour = tuple(ctypes.c_uint() for _ in range(4))
        self.pixel_size = (ctypes.c_uint(), ctypes.c_uint())
        self.point = (ctypes.c_float(), ctypes.c_float())

    def walk(self, holder: Any, count: Any, get: Any, outer: Matrix, depth: int) -> None:
        for index in range(count(holder)):
            self.seen += 1
            if self.seen > MOST_OBJECTS:
                return
            item = get(holder, index)
            kind = pdfium.FPDFPageObj_GetType(item)
            if kind == pdfium.FPDF_PAGEOBJ_PATH:
                self._path(item, outer)
            elif kind in (pdfium.FPDF_PAGEOBJ_IMAGE, pdfium.FPDF_PAGEOBJ_SHADING):
                self._picture(item, outer)
            elif kind == pdfium.FPDF_PAGEOBJ_FORM and depth < DEEPEST_FORM:
                inner = _times(self._matrix_of(item), outer)
                self.walk(item, pdfium.FPDFFormObj_CountObjects, pdfium.FPDFFormObj_GetObject, inner, depth + 1)

    def _matrix_of(self, item: Any) -> Matrix:
        matrix = self.matrix
        pdfium.FPDFPageObj_GetMatrix(item, matrix)
        return matrix.a, matrix.b, matrix.c, matrix.d, matrix.e, matrix.f

    def _box(self, item: Any, outer: Matrix) -> Box:
        left, bottom, right, top = self.sides
        pdfium.FPDFPageObj_GetBounds(item, left, bottom, right, top)
        return self._placed([_apply(outer, x, y) for x in (left.value, right.value) for y in (bottom.value, top.value)])

    def _placed(self, points: Iterable[tuple[float, float]]) -> Box:
        placed = [self.frame.place(x, y) for x, y in points]
        xs, ys = [x for x, _ in placed], [y for _, y in placed]
        return min(xs), min(ys), max(xs), max(ys)

    def _picture(self, item: Any, outer: Matrix) -> None:
        box = self._box(item, outer)
        thin = min(box[2] - box[0], box[3] - box[1]) <= THIN
        if thin and max(box[2] - box[0], box[3] - box[1]) > SHORTEST:
            self._thin(box)        # some exporters draw rules as stretched pictures
            return
        self.pictures.append(box)
        width, height = self.pixel_size
        if pdfium.FPDFImageObj_GetImagePixelSize(item, width, height):
            self.pixels = max(self.pixels, width.value * height.value)

    def _path(self, item: Any, outer: Matrix) -> None:
        pdfium.FPDFPath_GetDrawMode(item, self.mode, self.stroked)
        filled, stroked = self.mode.value != 0, bool(self.stroked.value)
        if not filled and not stroked:
            return
        segments = pdfium.FPDFPath_CountSegments(item)
        if segments <= 6:
            box = self._box(item, outer)
            if box[2] - box[0] <= THIN or box[3] - box[1] <= THIN:
                if self._visible(item, stroked):
                    self._thin(box)
                return
        for points, closed in self._outlines(item, segments, outer):
            self._outline(item, points, closed or filled, stroked)

    def _outlines(self, item: Any, segments: int, outer: Matrix) -> Iterable[tuple[list[tuple[float, float]], bool]]:
        """The pieces of a path without curves, placed."""
        matrix = _times(self._matrix_of(item), outer)
        x, y = self.point
        a, b, c, d, e, f = matrix
        segment_at, kind_of, point_of = pdfium.FPDFPath_GetPathSegment, pdfium.FPDFPathSegment_GetType, pdfium.FPDFPathSegment_GetPoint
        place = self.frame.place
        points: list[tuple[float, float]] = []
        curved = False
        last: Any = None
        for index in range(min(segments, MOST_SEGMENTS)):
            segment = segment_at(item, index)
            kind = kind_of(segment)
            point_of(segment, x, y)
            if kind == pdfium.FPDF_SEGMENT_MOVETO:
                if len(points) > 1 and not curved:
                    yield points, bool(pdfium.FPDFPathSegment_GetClose(last))
                points, curved = [], False
            curved = curved or kind == pdfium.FPDF_SEGMENT_BEZIERTO
            points.append(place(a * x.value + c * y.value + e, b * x.value + d * y.value + f))
            last = segment
        if len(points) > 1 and not curved:
            yield points, bool(pdfium.FPDFPathSegment_GetClose(last))

    def _outline(self, item: Any, points: list[tuple[float, float]], closed: bool, stroked: bool) -> None:
        xs, ys = [x for x, _ in points], [y for _, y in points]
        box = min(xs), min(ys), max(xs), max(ys)
        if box[2] - box[0] <= THIN or box[3] - box[1] <= THIN:
            if self._visible(item, stroked):
                self._thin(box)
            return
        if not stroked:
            self._fill(item, box, points)
            return
        if closed and points[0] != points[-1]:
            points = [*points, points[0]]
        for (x0, y0), (x1, y1) in pairwise(points):
            if abs(x0 - x1) <= 1.0 or abs(y0 - y1) <= 1.0:
                self._thin((min(x0, x1), min(y0, y1), max(x0, x1), max(y0, y1)))

    def _fill(self, item: Any, box: Box, points: list[tuple[float, float]]) -> None:
        corners = {(x, y) for x, y in points}
        if len(corners) > 4 or any(abs(x - box[0]) > 1 and abs(x - box[2]) > 1 for x, _ in corners):
            return                 # not a rectangle
        white = self._is_white(item)
        self.fills.append((box, white))
        large = (box[2] - box[0]) * (box[3] - box[1]) > LARGE * self.frame.width * self.frame.height
        if white or large or box[3] - box[1] < LOWEST_FILL:
            return
        x0, top, x1, bottom = box
        self.edges.extend(Edge(False, y, x0, x1, True) for y in (top, bottom))
        self.edges.extend(Edge(True, x, top, bottom, True) for x in (x0, x1))

    def _is_white(self, item: Any) -> bool:
        if not pdfium.FPDFPageObj_GetFillColor(item, *self.colour):
            return False
        red, green, blue, alpha = (part.value for part in self.colour)
        return min(red, green, blue) >= NEARLY_WHITE or alpha == 0

    def _visible(self, item: Any, stroked: bool) -> bool:
        """Whether a rule is painted at all. A white one is: on a coloured band it parts columns."""
        colour_of = pdfium.FPDFPageObj_GetStrokeColor if stroked else pdfium.FPDFPageObj_GetFillColor
        return not colour_of(item, *self.colour) or self.colour[3].value > 0

    def _thin(self, box: Box) -> None:
        x0, top, x1, bottom = box
        if x1 < 0 or bottom < 0 or x0 > self.frame.width or top > self.frame.height:
            return
        if x1 - x0 >= bottom - top:
            self.edges.append(Edge(False, (top + bottom) / 2, x0, x1))
        else:
            self.edges.append(Edge(True, (x0 + x1) / 2, top, bottom))


def _apply(matrix: Matrix, x: float, y: float) -> tuple[float, float]:
    a, b, c, d, e, f = matrix
    return a * x + c * y + e, b * x + d * y + f


def _times(first: Matrix, then: Matrix) -> Matrix:
    """The matrix that applies `first`, then `then`."""
    a, b, c, d, e, f = first
    g, h, i, j, k, m = then
    return a * g + b * i, a * h + b * j, c * g + d * i, c * h + d * j, e * g + f * i + k, e * h + f * j + m


def joined_edges(edges: Iterable[Edge]) -> list[Edge]:
    """Edges with the pieces of one rule joined and rules at the same place in one; short remains dropped."""
    result: list[Edge] = []
    for vertical in (False, True):
        same = sorted((edge for edge in edges if edge.vertical is vertical), key=lambda edge: edge.at)
        for group in _clusters(same):
            result.extend(_joined(vertical, group))
    return result


def _clusters(edges: list[Edge]) -> Iterable[list[Edge]]:
    """Edges, sorted by place, in groups no wider than `SNAP`."""
    group: list[Edge] = []
    for edge in edges:
        if group and edge.at - group[0].at > SNAP:
            yield group
            group = []
        group.append(edge)
    if group:
        yield group


def _joined(vertical: bool, group: list[Edge]) -> Iterable[Edge]:
    weight = sum(edge.last - edge.first + 0.01 for edge in group)
    at = sum(edge.at * (edge.last - edge.first + 0.01) for edge in group) / weight
    first = last = 0.0
    soft = True
    started = False
    for edge in sorted(group, key=lambda edge: edge.first):
        if started and edge.first - last <= JOIN:
            last, soft = max(last, edge.last), soft and edge.soft
            continue
        if started and last - first >= SHORTEST:
            yield Edge(vertical, at, first, last, soft)
        first, last, soft, started = edge.first, edge.last, edge.soft, True
    if started and last - first >= SHORTEST:
        yield Edge(vertical, at, first, last, soft)

"""The geometry of a page's picture: how far it is turned, and the rules drawn on it.

Takes a grey picture (height × width bytes); gives angles in degrees and edges in points. Rules are what is left after an
opening with long thin shapes: longer than any stroke of a character, thin enough not to be a picture or a stamp.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any, Final

from ingest.rules import Edge, joined_edges

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    Grey = NDArray[np.uint8]

LONG: Final = 30.0
"""Points: the least length of a horizontal rule. The widest character met in a table has 16."""

HIGH: Final = 9.0
"""Points: the least length of a vertical rule, below the height of the lowest rows."""

THICK: Final = 4.0
"""Points: wider than this it is no rule."""

MOST_TURNED: Final = 5.0
"""Degrees that a sheet may lie askew; more is no slip of the scanner."""

LEAST_TURNED: Final = 0.05
"""Degrees below which straightening is not worth the blur: 0.7 points across an A4 page."""

GAP: Final = 0.8
"""Points by which a rule may be worn away and still be one; wider, and the strokes of characters would join to rules."""

SHORT: Final = 28.0
"""Points: a vertical rule shorter than this counts only if it stands between two horizontal ones; strokes of characters don't."""

MEETS: Final = 3.0
"""Points between a rule's end and the rule that it runs up to."""

SHARPER: Final = 1.02
"""The rows of a turned picture must be this much sharper than those of the untouched one."""


def ink(grey: Grey) -> Any:
    """The picture's dark pixels as 255, the rest 0; light shading of cells is no ink."""
    import cv2

    blurred = cv2.GaussianBlur(grey, (3, 3), 0)
    return cv2.adaptiveThreshold(blurred, 255, cv2.ADAPTIVE_THRESH_MEAN_C, cv2.THRESH_BINARY_INV, 31, 12)


def skew(grey: Grey, scale: float) -> float:
    """Degrees by which the picture's lines fall to the right: the turn at which its rows are most sharply apart.

    First to half a degree on a small copy, then to a twentieth. `scale`: pixels a point.
    """
    import cv2

    dark = ink(grey)
    rough, fine = (cv2.resize(dark, None, fx=factor, fy=factor, interpolation=cv2.INTER_AREA) for factor in (0.6 / scale, 1.2 / scale))
    steps = int(MOST_TURNED * 2)
    near = max((step / 2 for step in range(-steps, steps + 1)), key=lambda angle: _sharpness(rough, angle))
    best = max((near + step / 20 for step in range(-9, 10)), key=lambda angle: _sharpness(fine, angle))
    return best if _sharpness(fine, best) > SHARPER * _sharpness(fine, 0.0) else 0.0


def _sharpness(dark: Any, angle: float) -> float:
    """How much neighbouring rows of a turned picture differ in ink."""
    import cv2
    import numpy as np

    height, width = dark.shape
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    rows = cv2.warpAffine(dark, turn, (width, height)).sum(axis=1, dtype=np.float64)
    return float(np.square(np.diff(rows)).sum())


def straightened(picture: Any, angle: float) -> Any:
    """The picture turned back by `angle` degrees about its middle, the corners filled white."""
    import cv2

    if abs(angle) < LEAST_TURNED:
        return picture
    height, width = picture.shape[:2]
    turn = cv2.getRotationMatrix2D((width / 2, height / 2), angle, 1.0)
    white = 255 if picture.ndim == 2 else (255, 255, 255)
    return cv2.warpAffine(picture, turn, (width, height), flags=cv2.INTER_CUBIC, borderMode=cv2.BORDER_CONSTANT, borderValue=white)


def edges_of(grey: Grey, scale: float) -> list[Edge]:
    """The rules of a straight picture, in points."""
    dark = ink(grey)
    across = joined_edges(list(_rules(dark, scale, vertical=False)))
    down = joined_edges(list(_rules(dark, scale, vertical=True)))
    down = [edge for edge in down if edge.last - edge.first >= SHORT or _is_held(edge, across)]
    return [*across, *down]


def _is_held(edge: Edge, across: list[Edge]) -> bool:
    """Whether both ends of a vertical rule are at horizontal ones."""
    meeting = [other.at for other in across if other.first - MEETS <= edge.at <= other.last + MEETS]
    return all(any(abs(end - at) <= MEETS for at in meeting) for end in (edge.first, edge.last))


def _rules(dark: Any, scale: float, vertical: bool) -> Iterator[Edge]:
    import cv2

    length, gap = max(3, int((HIGH if vertical else LONG) * scale)), max(1, int(GAP * scale))
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, cv2.getStructuringElement(cv2.MORPH_RECT, (1, gap) if vertical else (gap, 1)))
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_RECT, (1, length) if vertical else (length, 1)))
    count, _, boxes, _ = cv2.connectedComponentsWithStats(opened, connectivity=8)
    for x, y, width, height, _ in (map(int, boxes[index]) for index in range(1, count)):
        thickness, reach = (width, height) if vertical else (height, width)
        if thickness <= THICK * scale + reach * 0.01:
            first = (y if vertical else x) / scale
            at = (x + width / 2 if vertical else y + height / 2) / scale
            yield Edge(vertical, at, first, first + reach / scale)

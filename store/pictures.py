"""The picture of a PDF page with boxes drawn on it: how a source is shown.

Takes the bytes of the file as kept in the lake; gives PNG bytes. Needs pdfium and Pillow only. Boxes are in points from
the top left corner of the page as displayed, as everywhere else; the styles differ in line as well as in colour.
"""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

from store.errors import DamagedFile
from store.values import Box

if TYPE_CHECKING:
    from PIL.Image import Image
    from PIL.ImageDraw import ImageDraw

Style = Literal["cell", "doubtful", "row_header", "column_header", "line", "unread"]


@dataclass(frozen=True, slots=True)
class Pen:
    """How one kind of box is outlined. Colours are of the Okabe-Ito set, which colour-blind people can tell apart."""

    colour: tuple[int, int, int]
    width: float                   # points
    dash: tuple[float, float] | None   # points drawn, points left out; None = unbroken
    tint: int = 0                  # opacity of the inside, 0 … 255


PENS: dict[str, Pen] = {
    "cell": Pen((213, 94, 0), 2.0, None, 40),
    "doubtful": Pen((230, 159, 0), 2.0, (8.0, 3.0), 70),
    "row_header": Pen((0, 114, 178), 1.4, (6.0, 3.0)),
    "column_header": Pen((0, 158, 115), 1.4, (1.6, 2.2)),
    "line": Pen((204, 121, 167), 1.4, (9.0, 2.5), 24),
    "unread": Pen((200, 0, 0), 1.0, (2.5, 1.5), 60),
}
MOST_PIXELS = 24_000_000
"""Pixels of one picture; a page larger than that is drawn smaller."""


def page_picture(
    data: bytes, page: int, boxes: Sequence[tuple[Box, str]], *, dpi: float = 110.0, crop: float | None = None,
    below: float | None = None, name: str = "",
) -> bytes:
    """The 1-based `page` as PNG with `boxes` outlined in their style (a key of `PENS`), drawn in the order given.

    With `crop`, only the part of the page within so many points of the boxes, over the whole width that they need. With
    `below`, the page from its top to so many points under the lowest box: title and headers stay, an empty rest does not.
    Raises DamagedFile if the page cannot be drawn, KeyError for an unknown style.
    """
    picture, scale = rendered(data, page, dpi, name)
    drawn = outlined(picture, boxes, scale)
    if crop is not None and boxes:
        drawn = drawn.crop(_around(boxes, crop, scale, drawn.size))
    elif below is not None and boxes:
        lowest = max(box[3] for box, _ in boxes) + below
        drawn = drawn.crop((0, 0, drawn.width, min(drawn.height, int(lowest * scale) + 1)))
    kept = io.BytesIO()
    drawn.save(kept, "PNG", compress_level=1)     # level 6 takes four times as long for a fifth fewer bytes
    return kept.getvalue()


def rendered(data: bytes, page: int, dpi: float, name: str = "") -> tuple[Image, float]:
    """The 1-based page as a picture, and its pixels a point. Raises DamagedFile."""
    import pypdfium2

    try:
        document = pypdfium2.PdfDocument(data)
    except pypdfium2.PdfiumError as error:
        raise DamagedFile(file=name, page=page) from error
    try:
        if not 1 <= page <= len(document):
            raise DamagedFile(file=name, page=page)
        try:
            sheet: Any = document[page - 1]
        except pypdfium2.PdfiumError as error:
            raise DamagedFile(file=name, page=page) from error
        width, height = sheet.get_size()
        scale = min(dpi / 72, (MOST_PIXELS / max(width * height, 1.0)) ** 0.5)
        picture = sheet.render(scale=scale).to_pil().convert("RGB")
        sheet.close()
        return picture, scale
    finally:
        document.close()


def outlined(picture: Image, boxes: Sequence[tuple[Box, str]], scale: float) -> Image:
    """A copy of a picture with boxes outlined; `scale` is pixels a point."""
    from PIL import Image as images
    from PIL import ImageDraw

    drawn = picture.copy()
    for box, style in boxes:
        pen = PENS[style]
        x0, top, x1, bottom = (side * scale for side in box)
        if pen.tint:
            area = int(max(x0, 0)), int(max(top, 0)), int(min(x1, drawn.width)), int(min(bottom, drawn.height))
            if area[2] > area[0] and area[3] > area[1]:
                inside = drawn.crop(area)
                tinted = images.blend(inside, images.new("RGB", inside.size, pen.colour), pen.tint / 255)
                drawn.paste(tinted, (area[0], area[1]))
        canvas = ImageDraw.Draw(drawn)
        for line in ((x0, top, x1, top), (x1, top, x1, bottom), (x0, bottom, x1, bottom), (x0, top, x0, bottom)):
            _line(canvas, line, pen, scale)
    return drawn


def _line(canvas: ImageDraw, line: tuple[float, float, float, float], pen: Pen, scale: float) -> None:
    width = max(1, round(pen.width * scale))
    if pen.dash is None:
        canvas.line(line, pen.colour, width)
        return
    x0, y0, x1, y1 = line
    length = max(abs(x1 - x0), abs(y1 - y0), 0.001)
    on, off = (max(1.0, piece * scale) for piece in pen.dash)
    at = 0.0
    while at < length:
        end = min(at + on, length)
        canvas.line(
            (
                x0 + (x1 - x0) * at / length, y0 + (y1 - y0) * at / length,
                x0 + (x1 - x0) * end / length, y0 + (y1 - y0) * end / length,
            ),
            pen.colour, width,
        )
        at += on + off


def _around(boxes: Sequence[tuple[Box, str]], margin: float, scale: float, size: tuple[int, int]) -> tuple[int, int, int, int]:
    x0 = min(box[0] for box, _ in boxes) - margin
    top = min(box[1] for box, _ in boxes) - margin
    x1 = max(box[2] for box, _ in boxes) + margin
    bottom = max(box[3] for box, _ in boxes) + margin
    return (
        max(0, int(x0 * scale)), max(0, int(top * scale)),
        min(size[0], int(x1 * scale) + 1), min(size[1], int(bottom * scale) + 1),
    )


def picture_of(
    store: Path, document_id: str, page: int, boxes: Sequence[tuple[Box, str]], *, crop: float | None = None, below: float | None = None,
) -> bytes | None:
    """`page_picture` of a stored document; None if its format has no pages to draw."""
    from store.lake import source_bytes

    data = source_bytes(store, document_id)
    return page_picture(data, page, boxes, crop=crop, below=below) if b"%PDF" in data[:1024] else None

"""A small writer of PDF pages for tests: text, rules and areas at given places, in the displayed frame's points.

Texts use a CJK font that is not embedded (STSong-Light with the UniGB-UCS2-H encoding): readers know both by name.
Ideographs are one em wide, ASCII half an em.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence


class Sheet:
    """One page, of which the top left corner is (0, 0)."""

    def __init__(self, width: float = 595.0, height: float = 842.0, rotate: int = 0, *, sideways: bool = False) -> None:
        """`sideways`: the page is turned by `rotate` degrees, but its /Rotate does not say so."""
        self.width, self.height, self.rotate, self.sideways = width, height, rotate, sideways
        self.parts: list[str] = []

    def text(
        self, x: float, baseline: float, words: str, size: float = 10.0, *, mode: int = 0, grey: float = 0.0
    ) -> Sheet:
        """Words from `x` on."""
        self.parts.append(f"BT /F1 {size} Tf {mode} Tr {grey} g {self._matrix(x, baseline)} Tm")
        self.parts.append(f"<{words.encode('utf-16-be').hex()}> Tj ET")
        return self

    def right(self, x: float, baseline: float, words: str, size: float = 10.0) -> Sheet:
        """Words that end at `x`."""
        return self.text(x - text_width(words, size), baseline, words, size)

    def line(self, x0: float, y0: float, x1: float, y1: float, *, dash: str = "", width: float = 0.5) -> Sheet:
        (a, b), (c, d) = self._point(x0, y0), self._point(x1, y1)
        self.parts.append(f"{f'[{dash}] 0 d' if dash else '[] 0 d'} {width} w 0 G {a} {b} m {c} {d} l S")
        return self

    def area(self, x0: float, top: float, x1: float, bottom: float, grey: float = 0.0) -> Sheet:
        """A filled rectangle without an outline."""
        (a, b), (c, d) = self._point(x0, bottom), self._point(x1, top)
        self.parts.append(f"{grey} g {min(a, c)} {min(b, d)} {abs(c - a)} {abs(d - b)} re f")
        return self

    def picture(self, x0: float, top: float, x1: float, bottom: float) -> Sheet:
        (a, b), (c, d) = self._point(x0, bottom), self._point(x1, top)
        self.parts.append(f"q {c - a} 0 0 {d - b} {a} {b} cm /P Do Q")
        return self

    def grid(self, xs: Sequence[float], ys: Sequence[float], *, dash: str = "") -> Sheet:
        """Rules round every cell."""
        for x in xs:
            self.line(x, ys[0], x, ys[-1], dash=dash)
        for y in ys:
            self.line(xs[0], y, xs[-1], y, dash=dash)
        return self

    def _point(self, x: float, y: float) -> tuple[float, float]:
        """A point of the displayed page in page space."""
        return {0: (x, self.height - y), 90: (y, x), 180: (self.width - x, y), 270: (self.height - y, self.width - x)}[self.rotate]

    def _matrix(self, x: float, y: float) -> str:
        a, b = self._point(x, y)
        return f"{ {0: '1 0 0 1', 90: '0 1 -1 0', 180: '-1 0 0 -1', 270: '0 -1 1 0'}[self.rotate]} {a} {b}"


def text_width(words: str, size: float) -> float:
    """Points that words take."""
    return sum(size if ord(letter) > 0xFF else size / 2 for letter in words)


def pdf_of(sheets: Iterable[Sheet]) -> bytes:
    """A PDF file of the sheets."""
    pages = list(sheets)
    objects = [
        b"<</Type/Catalog/Pages 2 0 R>>",
        f"<</Type/Pages/Count {len(pages)}/Kids[{' '.join(f'{6 + 2 * i} 0 R' for i in range(len(pages)))}]>>".encode(),
        b"<</Type/Font/Subtype/Type0/BaseFont/STSong-Light/Encoding/UniGB-UCS2-H/DescendantFonts[4 0 R]>>",
        b"<</Type/Font/Subtype/CIDFontType0/BaseFont/STSong-Light/CIDSystemInfo<</Registry(Adobe)/Ordering(GB1)/Supplement 2>>"
        b"/DW 1000/W[1 95 500]/FontDescriptor<</Type/FontDescriptor/FontName/STSong-Light/Flags 6/FontBBox[-25 -254 1000 880]"
        b"/ItalicAngle 0/Ascent 880/Descent -120/CapHeight 880/StemV 93>>>>",
        b"<</Type/XObject/Subtype/Image/Width 1/Height 1/ColorSpace/DeviceGray/BitsPerComponent 8/Length 1>>stream\n\x80\nendstream",
    ]
    for index, sheet in enumerate(pages):
        content = "\n".join(sheet.parts).encode()
        box = (sheet.height, sheet.width) if sheet.rotate % 180 else (sheet.width, sheet.height)
        rotate = 0 if sheet.sideways else sheet.rotate
        objects.append(
            f"<</Type/Page/Parent 2 0 R/MediaBox[0 0 {box[0]} {box[1]}]/Rotate {rotate}/Contents {7 + 2 * index} 0 R"
            f"/Resources<</Font<</F1 3 0 R>>/XObject<</P 5 0 R>>>>>>".encode()
        )
        objects.append(f"<</Length {len(content)}>>stream\n".encode() + content + b"\nendstream")
    data = b"%PDF-1.7\n"
    places: list[int] = []
    for number, thing in enumerate(objects, 1):
        places.append(len(data))
        data += f"{number} 0 obj\n".encode() + thing + b"\nendobj\n"
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    count = len(objects) + 1
    end = f"trailer<</Size {count}/Root 1 0 R>>\nstartxref\n{len(data)}\n%%EOF"
    return data + f"xref\n0 {count}\n0000000000 65535 f \n{table}{end}".encode()

"""Words recognised in a page's picture by RapidOCR, whose models come inside its package (no network).

Takes a straight picture and its scale, gives the same `Word`s as a text layer would, with their sureness below 1.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from typing import Any, Final

from ingest.printed_words import Word

THREADS: Final = 1
"""Of one recognition: files are read in parallel, each on its own core."""

LONGEST_SIDE: Final = 3_600
"""Pixels that the detector may see along one side: an A3 page at 200 dots an inch has 3,300."""

TURNED: Final = 1.8
"""A run of text whose box is this many times as high as it is wide stands on its side."""

FEW: Final = 5
"""Runs of text; fewer don't tell how a sheet lies."""

UPSIDE_DOWN: Final = 0.75
"""Mean sureness below which a sheet may stand on its head: straight pages of the samples have 0.97 and more."""

LEAST_SURE: Final = 0.5
"""Runs that are recognised less surely are noise: specks, stamps, watermarks."""

SLACK: Final = 0.12
"""Of a box's height: the detector leaves so much white on each side of the text."""


@cache
def _engine() -> Any:
    from rapidocr import RapidOCR

    return RapidOCR(params={
        "Global.log_level": "critical", "Global.use_cls": False, "Global.max_side_len": LONGEST_SIDE, "Global.text_score": LEAST_SURE,
        "EngineConfig.onnxruntime.intra_op_num_threads": THREADS, "EngineConfig.onnxruntime.inter_op_num_threads": THREADS,
    })


@dataclass(frozen=True, slots=True)
class Recognised:
    """The words of a picture, and whether the picture seems to lie on its side or head."""

    words: tuple[Word, ...]
    on_its_side: bool
    sureness: float                # mean over the runs of text

    @property
    def seems_turned(self) -> bool:
        return self.on_its_side or (len(self.words) >= FEW and self.sureness < UPSIDE_DOWN)


def recognise(picture: Any, scale: float) -> Recognised:
    """The words of a straight RGB picture, in points. `scale`: pixels a point. No words where nothing is printed."""
    result = _engine()(picture)
    if result.boxes is None or result.txts is None:
        return Recognised((), False, 0.0)
    words = tuple(word for box, text, sure in zip(result.boxes, result.txts, result.scores, strict=True)
                  for word in _words(box, text, float(sure), scale))
    shapes = [(float(box[:, 0].max() - box[:, 0].min()), float(box[:, 1].max() - box[:, 1].min())) for box in result.boxes]
    upright = sum(1 for width, height in shapes if height > TURNED * width)
    flat = sum(1 for width, height in shapes if width > TURNED * height)
    return Recognised(words, upright > 2 * flat and upright >= FEW, sum(map(float, result.scores)) / len(result.scores))


def _words(box: Any, text: str, sure: float, scale: float) -> Iterator[Word]:
    """A recognised run as words: parted at its blanks, each character's place told by the widths of characters."""
    x0, x1 = float(box[:, 0].min()) / scale, float(box[:, 0].max()) / scale
    top, bottom = float(box[:, 1].min()) / scale, float(box[:, 1].max()) / scale
    text = _folded(text.strip())
    widths = [_width(character) for character in text]
    total = sum(widths)
    if not text or not total:
        return
    margin = SLACK * (bottom - top)
    left, step = x0 + margin, (x1 - x0 - 2 * margin) / total
    size = (bottom - top) * (1 - 2 * SLACK)
    places = [left + step * sum(widths[:index]) for index in range(len(text) + 1)]
    start = 0
    for end in [*(index for index, character in enumerate(text) if character == " "), len(text)]:
        if end > start:
            yield Word(text[start:end], places[start], top + margin, places[end], bottom - margin, bottom - margin - 0.12 * size, size,
                       tuple(places[start:end]), spaced=start > 0, sureness=min(sure, 0.999))
        start = end + 1


def _folded(text: str) -> str:
    """Full-width digits, points and commas between digits as the font printed them: half-width."""
    numeric = _numeric(text)
    return "".join(
        unicodedata.normalize("NFKC", letter) if "\uff10" <= letter <= "\uff19" or (numeric and letter in "．，％－") else letter
        for letter in text)


def _numeric(text: str) -> bool:
    plain = [character for character in text if not character.isspace()]
    return all(character.isdecimal() or character in "．，％－.,%-" for character in plain)


def _width(character: str) -> float:
    return 1.0 if unicodedata.east_asian_width(character) in "WF" else 0.5

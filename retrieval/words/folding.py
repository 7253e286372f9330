"""The text of a question as the rules read it: widths, quotes, blanks and numerals folded.

Takes what a person typed, of any length and content; gives plain text of at most `MOST_READ` characters. Nothing here knows a term of
the budget. What is folded into what is data/grammar/folding.toml.
"""

from __future__ import annotations

import re
import unicodedata
from functools import cache
from itertools import cycle

from retrieval.words.grammar import load
from retrieval.words.numerals import chinese_number, in_digits, in_numerals

__all__ = ("HAN", "MOST_READ", "bare", "chinese_number", "fold", "in_numerals")

MOST_READ = 600  # characters: a question is shorter; what lies beyond is not read, so time is bounded

HAN = r"\u3400-\u4dbf\u4e00-\u9fff"
_FOLDED = load("folding.toml")
_SAME = str.maketrans(_FOLDED["characters"]["written"], _FOLDED["characters"]["read"])
_BARE = str.maketrans(_FOLDED["brackets"]["written"], _FOLDED["brackets"]["read"])


@cache
def _rewritten() -> list[tuple[re.Pattern[str], str]]:
    return [(re.compile(pattern), by) for pattern, by in _FOLDED["rewritten"]]


def fold(text: str) -> str:
    """`text` with widths, quotes, blanks and year numerals folded, cut to `MOST_READ` characters.

    Commas between digits go (`1,234.5` → `1234.5`); every other comma becomes full-width. Blanks between Han characters
    go where a single character stands alone (三 公 经费) and stay as one blank elsewhere, since they part words.
    """
    kept = _FOLDED["characters"]["kept"]
    plain = "".join(c if c in kept else unicodedata.normalize("NFKC", c) for c in text[: MOST_READ * 2])
    plain = "".join(" " if c.isspace() else c for c in plain if c.isspace() or unicodedata.category(c)[0] != "C")
    plain = re.sub(r"(?<=\d),(?=\d{3}(?!\d))", "", plain).translate(_SAME)
    quotes = cycle(_FOLDED["characters"]["quotes"])
    plain = re.sub('"', lambda _: next(quotes), plain).strip()
    for pattern, by in _rewritten():
        plain = pattern.sub(by, plain)
    plain = re.sub(_FOLDED["years"], lambda year: in_digits(year.group()), plain)
    return plain.lower()[:MOST_READ]


def bare(text: str) -> str:
    """A label or term with everything dropped that printing varies: blanks, quotes, brackets' width, dashes, case."""
    return re.sub(_FOLDED["varies"], "", unicodedata.normalize("NFKC", text)).translate(_BARE).lower()

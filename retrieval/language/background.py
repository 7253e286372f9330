"""What is put right before a question is read: decoration, slips and times that are taken back at once."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from retrieval.language.lattice import Segment
from retrieval.language.neighbours import clauses_of
from retrieval.words.cues import cues, load
from retrieval.words.lexicon import general_terms
from retrieval.words.pinyin import syllable

MOST_APART = 8  # characters before a comma among which what is said again behind it is looked for
_EMOTICON = re.compile(r"\[([\u4e00-\u9fff]{1,4})\]")
_PICTURES = re.compile(r"[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+")
_OPEN = re.compile(r"[=＝][?？]*$")
_TRAILING = re.compile(r"…+|\.{2,}|。{3,}")
_SPELT = re.compile(r"，?([\u4e00-\u9fff])就?是(?=[\u4e00-\u9fff]{0,3}\1)[\u4e00-\u9fff]{2,4}的\1(?=$|[，。？！])")  # 口是口罩的口


def without_decoration(text: str) -> str:
    """The text without pictures, what a chat prints for them ([捂脸]), how a character is written and an = that nothing follows;
    [本级] stays."""
    said = _TRAILING.sub("，", _OPEN.sub("", text))
    said = _SPELT.sub("", _PICTURES.sub("", said))
    return _EMOTICON.sub(lambda m: m.group() if m.group(1) in cues() or m.group(1) in general_terms() else "", said)


def corrected(text: str) -> str:
    """The text with what is said again behind a comma, in other characters of the same sound, said so at once (养护锁，就是养护所)."""
    corrects = load("refusals.toml")["asides"]["corrects"]
    for comma in re.finditer(rf"，(?:(?:{corrects})，?)*", text):
        behind = text[comma.end() :]
        for start in range(max(0, comma.start() - MOST_APART), comma.start() - 1):
            pairs = list(takewhile(lambda pair: _sounds_alike(*pair), zip(text[start : comma.start()], behind, strict=False)))
            meant = behind[: len(pairs)]
            if len(pairs) < 2 or not 0 < sum(one == other for one, other in pairs) < len(pairs):
                continue
            ends = behind[len(pairs) : len(pairs) + 1] in ("", "，", "。", "？")
            rest = behind[len(pairs) :] if ends else comma.group() + behind
            return corrected(text[:start] + meant + text[start + len(pairs) : comma.start()] + rest)
    return text


def _sounds_alike(one: str, other: str) -> bool:
    return one == other or (min(one, other) >= "\u4e00" and syllable(one) == syllable(other))


def set_right(path: Sequence[Segment]) -> list[Segment]:
    """Without the time that is taken back at once (去年，不对，二五年)."""
    out = list(path)
    clauses = clauses_of(path)
    for (start, end), (first, last), (behind, _) in zip(clauses, clauses[1:], clauses[2:], strict=False):
        takes_back = re.fullmatch(
            load("refusals.toml")["asides"]["corrects"], "".join(one.text for one in path[first:last] if not one.is_mark)
        )
        wrong = next((at for at in reversed(range(start, end)) if path[at].period is not None), None)
        right = next((one for one in path[behind:] if not one.is_mark and not (one.is_filler and one.period is None)), None)
        if takes_back and wrong is not None and right is not None and right.period is not None:
            out[wrong] = replace(out[wrong], period=None, is_filler=True)
            out[first:last] = [one if one.is_mark else replace(one, is_filler=True, cues=frozenset()) for one in out[first:last]]
    return out


__all__ = ["corrected", "set_right", "without_decoration"]

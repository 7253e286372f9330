"""How Chinese words are spelled in Latin letters, without tones.

Most questions need the sounds of single characters at most: the dictionary of 47,000 phrases, which tells 重庆 from 重量 and takes
longer to load than all else, waits until somebody types letters.
"""

from __future__ import annotations

import os
from functools import cache


@cache
def syllable(character: str) -> str:
    """The character's usual sound; itself where it has none."""
    os.environ.setdefault("PYPINYIN_NO_PHRASES", "true")  # how the library is told, before it is imported
    from pypinyin import lazy_pinyin

    return lazy_pinyin(character)[0]


@cache
def letters(words: str) -> str:
    """The words spelled in one run of letters: 重庆 → chongqing."""
    syllable("一")
    _load_phrases()
    from pypinyin import lazy_pinyin

    return "".join(lazy_pinyin(words))


@cache
def _load_phrases() -> None:
    from pypinyin import load_phrases_dict
    from pypinyin.phrases_dict import phrases_dict

    load_phrases_dict(phrases_dict)

"""What a disclosure says that a term means or covers: 名词解释, and sentences such as 主要是为… and 包括….

Takes passages; gives the sentence that explains the term, best kind first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.prose.passages import Prose, Span, clauses, plain_text
from retrieval.prose.words import pattern

_NUMBERING = r"(?:[（(]?[一二三四五六七八九十\d]+[）)、.．]?)?"
_SHORT = 120   # characters: a sentence so short is quoted whole
_LEVELS = r"(?:[^：，。（）]{2,20}（[类款]）){0,2}"   # 住房保障支出（类）住房改革支出（款）提租补贴（项）
_QUALIFIED = r"(?:收入|支出|经费|资金|费用|费)?(?:（[^（）]{0,20}）)?"
_HEADWORD = re.compile(rf"{_NUMBERING}(?:关于)?{_LEVELS}“?(?P<name>[^，：。（）“”\d]{{3,20}})”?{_QUALIFIED}(?:：|，?是?指)")


def find_definition(prose: Sequence[Prose], names: Sequence[str], *, content: bool = False) -> Span | None:
    """The sentence that explains one of the names: a definition proper, else what it is for or what it includes.

    `content`: what it includes is asked, so a sentence that lists it goes before a bare definition.
    """
    plain = [plain_text(name) for name in names if len(name) > 1]
    finders = [_stated_content, _proper] if content else [_proper, _stated_content]
    for finder in finders:
        for passage in prose:
            for name in plain:
                if span := finder(passage, name):
                    return span
    return None


def find_headword(prose: Sequence[Prose], text: str) -> tuple[str, Span] | None:
    """The longest term in 名词解释 that a text names as it is printed, with the sentence that explains it."""
    found: dict[str, Span] = {}
    for passage in prose:
        if passage.topic == "definitions":
            for sentence in passage.sentences:
                match = _HEADWORD.match(sentence.plain)
                if match is not None and match["name"] in text:
                    found.setdefault(match["name"], sentence)
    longest = max(found, key=len, default=None)
    return (longest, found[longest].shortened()) if longest is not None else None


def _proper(passage: Prose, name: str) -> Span | None:
    """`name：指…`, `name，是指…`, `name：…` in 名词解释."""
    at_start = re.compile(rf"{_NUMBERING}(?:关于)?{_LEVELS}{re.escape(name)}{_QUALIFIED}(?:[：，]|(?=是指|指))")
    in_terms = passage.topic == "definitions"
    for position, sentence in enumerate(passage.sentences):
        match = at_start.match(sentence.plain)
        if match is None:
            continue
        rest = sentence.plain[match.end():]
        if in_terms or pattern("definition_mark").match(rest):
            if len(rest) < 4 and position + 1 < len(passage.sentences):
                return sentence.to(passage.sentences[position + 1].end).shortened()
            return sentence.shortened()
    if in_terms and _is_heading_of(name, passage) and passage.sentences:
        return passage.sentences[0].shortened()
    return None


def _is_heading_of(name: str, passage: Prose) -> bool:
    return re.fullmatch(rf"{_NUMBERING}{re.escape(name)}{_QUALIFIED}[：:]?", passage.heading) is not None


def _stated_content(passage: Prose, name: str) -> Span | None:
    """A sentence about the name that says what it is for or what it includes; the name stands before those words."""
    if passage.topic == "definitions":
        return None
    best: tuple[int, Span] | None = None
    for sentence in passage.sentences:
        for clause in clauses(sentence):
            place = clause.plain.find(name)
            mark = pattern("content_mark").search(clause.plain, place + len(name)) if place >= 0 else None
            if mark is not None and (best is None or mark.start() - place < best[0]):
                best = (mark.start() - place, sentence if sentence.end - sentence.start < _SHORT else clause)
    if best is not None:
        return best[1].shortened()
    if name in passage.heading:
        told = (one for one in passage.sentences if pattern("content_mark").search(one.plain.replace(name, "")))
        return next((one.shortened() for one in told), None)
    return None

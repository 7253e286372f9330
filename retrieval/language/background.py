"""What is put right or set aside before a question is parsed: what is corrected at once, decoration, who says so, what is known
already, why a claimed figure is so."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from itertools import dropwhile, takewhile

from retrieval.language.segments import Segment, clauses_of
from retrieval.words.cues import cues, particles
from retrieval.words.grammar import load
from retrieval.words.lexicon import general_terms

QUESTION = frozenset(("HOWMUCH", "CHG", "ASKS", "WHY", "WHICH", "PERCENTQ", "LISTQ", "PURPOSE", "DEFINE", "DUTY", "WHEREQ"))
"""Cues of question words."""
ASKING = QUESTION | {"MOST", "SUM", "SHARE"}
"""Cues that ask in so many words."""
_COULD_TELL = ASKING | {"QTY", "UP", "DOWN", "ABSENT", "PRESENT", "RATIO"}
_MOVED = frozenset(("UP", "DOWN", "MORE", "FEWER"))
_EMOTICON = re.compile(r"\[([\u4e00-\u9fff]{1,4})\]")
_PICTURES = re.compile(r"[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+")
_UNKNOWN = "unknown"  # what nothing explains is of the kind of what was said last
_OPEN = re.compile(r"[=＝][?？]*$")
_TRAILING = re.compile(r"…+|\.{2,}|。{3,}")


def without_decoration(text: str) -> str:
    """The text without pictures, what a chat prints for them ([捂脸]) and an = that nothing follows; [本级] stays."""
    said = _PICTURES.sub("", _TRAILING.sub("，", _OPEN.sub("", text)))
    return _EMOTICON.sub(lambda m: m.group() if m.group(1) in cues() or m.group(1) in general_terms() else "", said)


def set_right(text: str, path: Sequence[Segment], called: Callable[[Segment], str]) -> str:
    """The text with what is corrected at once as it is meant (2024年，不对，2025年; 甲费，哦不，乙费; 甲局多少？错了，是乙局): what is said
    behind the correction, `called` by a name of its own, in the place of the last of its kind before it."""
    found = re.search(load("refusals.toml")["asides"]["corrects"], text)
    if found is None:
        return text
    before = [one for one in path if one.end <= found.start() and _kind_of(one) not in ("", _UNKNOWN)]
    behind = [one for one in path if one.start >= found.end()]
    wrong = {kind: one for one in before for kind in (_kind_of(one), _UNKNOWN)}
    named = list(dropwhile(lambda one: not _kind_of(one), behind))
    meant = [one for one in takewhile(lambda one: one.is_filler or _kind_of(one), named) if _kind_of(one) in wrong]
    if not meant:
        return text
    again = {_kind_of(wrong[_kind_of(one)]) for one in meant}
    if all(any(one.cues & ASKING for one in path if at <= one.start < to) for at, to in ((0, found.start()), (found.end(), len(text)))):
        start = min(one.start for one in before if _kind_of(one) in again)
        return text[:start] + text[behind[0].start :]  # 甲费多少，不对，乙费多少: all of it is said again
    changes = {wrong[_kind_of(one)].start: (wrong[_kind_of(one)].end, called(one)) for one in reversed(meant)}
    changes |= {found.start(): (named[0].start, ""), **{one.start: (one.end, "") for one in meant}}
    out, end = "", 0
    for start, (last, instead) in sorted(changes.items()):
        out, end = out + text[end:start] + instead, last
    return out + text[end:]


def _kind_of(one: Segment) -> str:
    """What kind of thing a stretch names: what is corrected is of one kind with what was wrong."""
    if one.agencies or one.units or any(item.affiliate for item in one.items[:1]):
        return "whose"
    unknown = one.is_unread and not one.is_light
    said = {_UNKNOWN: unknown, "item": one.items, "period": one.period, "kind": one.kind, "quantity": one.quantity}
    return next((kind for kind, value in said.items() if value), "")


def set_aside(path: Sequence[Segment]) -> tuple[list[Segment], tuple[str, ...]]:
    """The path with what is no part of the question read as nothing, clause by clause: all up to the word that tells who says so, a
    bracket with an agency's other name, what is said not to be meant, what is known, and why a claimed figure is so; and these reasons."""
    out = list(path)
    reasons: list[str] = []
    claimed = False
    claims = any("VERIFY" in one.cues and not one.items for one in path) and any(one.quantity is not None for one in path)
    for start, end in clauses_of(path):
        clause = path[start:end]
        mark = path[end].text if end < len(path) else ""
        out[start:end] = _equal(clause)
        hearsay = _hearsay(clause, mark, claims)
        out[start : start + hearsay] = map(_nothing, out[start : start + hearsay])
        told = [one for one in clause[hearsay:] if not one.is_mark and not one.is_filler]
        is_reason = claimed and bool(told) and "REASON" in told[0].cues and not _asks_beside_reason(clause)
        denies = start > 0 and bool(told) and "NOTIT" in told[0].cues  # 注意不是06表那个
        if is_reason:
            reasons.append("".join(one.text for one in clause if not one.is_mark and "REASON" not in one.cues))
        if is_reason or denies or _is_other_name(path, start, end):
            out[start:end] = map(_nothing, out[start:end])
        elif _is_known(clause[-1]) and any(one.items for one in path[end:]):  # 退休的晓得了，离休的呢
            out[start:end] = [_nothing(one) if one.items else one for one in out[start:end]]
        claimed = claimed or any(one.quantity is not None for one in clause)
    return out, tuple(reason for reason in reasons if reason.strip())


def _nothing(one: Segment) -> Segment:
    return one if one.is_mark else Segment(one.start, one.end, one.text, one.weight, is_filler=True)


def _equal(clause: Sequence[Segment]) -> list[Segment]:
    """A clause without the least amount that is denied (一分钱没排), with a change of no cent as none (一分没比上年多), and with 多 behind
    what says that two are equal as nothing (一样|多)."""
    none = any("CENT" in one.cues for one in clause) and any("ABSENT" in one.cues for one in clause)
    stays = none and any(one.cues & _MOVED for one in clause)
    out: list[Segment] = []
    for one in clause:
        alike = bool(out) and bool(out[-1].cues & {"EQUAL", "STAYED"})
        if (alike and one.cues & {"MORE", "FEWER"}) or (none and "CENT" in one.cues) or (stays and "ABSENT" in one.cues):
            out.append(_nothing(one))
        else:
            out.append(replace(one, cues=frozenset(("STAYED",))) if stays and one.cues & _MOVED else one)
    return out


def _hearsay(clause: Sequence[Segment], mark: str, claims: bool) -> int:
    """How much of a clause only tells who says so: all up to 说, 称, 写的是, or up to its colon (老同志关心：, but not 城东分院：)."""
    ends = [at for at, one in enumerate(clause) if "SAYS" in one.cues or (claims and _closes_hearsay(one))]
    if mark == "：" and not any(one.is_unread and not one.is_light for one in clause):
        ends.append(len(clause))
    told = len(list(takewhile(_tells_nothing, clause)))
    return max((at for at in ends if at <= told), default=0)


def _tells_nothing(one: Segment) -> bool:
    """Whether a stretch names nothing that a disclosure could tell of."""
    named = one.items or one.agencies or one.units or one.period or one.quantity or one.counter or one.table or one.kind or one.stranger
    return not named and not one.cues & _COULD_TELL


def _closes_hearsay(one: Segment) -> bool:
    """Whether a filler ends in a word that tells who says so (同行|跟我说)."""
    said = one.text.rstrip("".join(particles()))
    return one.is_filler and any("SAYS" in cues().get(said[at:], ()) for at in range(len(said)))


def _asks_beside_reason(clause: Sequence[Segment]) -> bool:
    return any(one.cues & (ASKING | {"VERIFY"}) and "REASON" not in one.cues for one in clause)


def _is_other_name(path: Sequence[Segment], start: int, end: int) -> bool:
    """Whether a clause is a bracket that only says another name of an agency that is named outside (（2023年叫…）)."""
    if not (start and end < len(path)) or path[start - 1].text + path[end].text != "（）":
        return False
    inner = path[start:end]
    outside = {agency for one in (*path[:start], *path[end:]) for agency in one.agencies}
    named = [one for one in inner if one.agencies]
    read = all(one.agencies or one.period or one.is_filler or one.is_mark for one in inner)
    return read and bool(named) and all(outside.issuperset(one.agencies) for one in named)


def _is_known(last: Segment) -> bool:
    """Whether the end of a clause says that what it names is known."""
    return last.is_filler and re.search(load("refusals.toml")["known"]["ends"], last.text) is not None


def with_tables(path: Sequence[Segment]) -> list[Segment]:
    """The path with what stands before 的那张表 as the words of a table's title."""
    out: list[Segment] = []
    for one in path:
        if "TABLEWORD" not in one.cues:
            out.append(one)
            continue
        named = list(takewhile(_may_be_a_title, reversed(out)))[::-1]
        words = "".join(part.text for part in named if part.items or part.is_unread)
        before = out[: len(out) - len(named)] if words else out
        out = [*before, replace(one, cues=frozenset(), table=words or None, is_filler=not words)]
    return out


def _may_be_a_title(one: Segment) -> bool:
    return not ((one.is_mark and one.text != "、") or one.agencies or one.period or one.units)

"""What is told beside a question, and changes nothing of it: decoration, slips that are put right at once, background and asides.

A clause that asks after something that it names is a question by itself. Beside it a clause of which something is not read is
background, if it is a statement (who tells, to whom, how it feels, what happened) and no part of a name (给小学的那部分, 城东那家).
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import takewhile

from retrieval.language.lattice import Segment
from retrieval.language.neighbours import SURE, clauses_of
from retrieval.names.labels import Match
from retrieval.words.cues import cues, load, particles, preambles
from retrieval.words.lexicon import general_terms
from retrieval.words.pinyin import syllable
from store.money import MONEY_UNITS
from store.text_index import parts_of_speech

MOST_APART = 8  # characters before a comma among which what is said again behind it is looked for
DESCRIBES = "describes"  # how a stretch was read that only says in other words what is named beside it
LONG_NAME = 5  # characters from which a printed name is hardly said by chance
_EMOTICON = re.compile(r"\[([\u4e00-\u9fff]{1,4})\]")
_PICTURES = re.compile(r"[\u2600-\u27bf\ufe0f\U0001f000-\U0001faff]+")
_OPEN = re.compile(r"[=＝][?？]*$")
_TRAILING = re.compile(r"…+|\.{2,}|。{3,}")
NEARLY = 0.85  # likeness from which a name is as good as said, where what is told beside it names nothing
_SPELT = re.compile(r"，?([\u4e00-\u9fff])就?是(?=[\u4e00-\u9fff]{0,3}\1)[\u4e00-\u9fff]{2,4}的\1(?=$|[，。？！])")  # 口是口罩的口
_NAMING = frozenset(("HOWMUCH", "PERCENTQ", "WHICH", "LISTQ", "WHY", "DEFINE", "PURPOSE", "DUTY", "WHEREQ", "MOST", "LEAST", "SUM"))
_TURNING = frozenset(("EXCEPT", "NOTIT", "ELSE", "WITHIN", "VERIFY", "TABLEWORD"))


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


def without_background(path: Sequence[Segment]) -> list[Segment]:
    """Without what is told beside the question: 我家在村里，我想查一下…; 楼下天天挖沟，…; …，念错了要出洋相.

    What is not read before the words that begin the question is background, where whose and what is said behind them.
    """
    begins = max((at for at, one in enumerate(path) if one.text in preambles() and any(other.is_mark for other in path[:at])), default=0)
    asked = any(one.items for one in path[begins:]) and any(one.agencies or one.units for one in path[begins:])
    out = [
        replace(one, is_light=True) if asked and at < begins and one.is_unread and not one.stranger else one for at, one in enumerate(path)
    ]
    out = set_right(out)
    counts = any(one.counter is not None for one in out)
    for start, end in clauses_of(out):
        said = "".join(one.text for one in out[start:end])
        words = load("refusals.toml")["asides"]
        with_it = counts and re.fullmatch(words["includes"], said) and not any(one.items or one.units for one in out[start:end])
        if with_it or re.search(words["cares"], said):
            out[start:end] = [_told(one) for one in out[start:end]]
        if re.search(words["known"], said):
            out[start:end] = [one if one.is_mark or one.items else _told(one) for one in out[start:end]]
        reported = _reported(out[start:end])
        out[start : start + reported] = [_told(one) for one in out[start : start + reported]]
    clauses = clauses_of(out)
    kind = load("refusals.toml")["asides"]["kind"]
    pointing = max((start for start, end in clauses if re.search(kind, "".join(one.text for one in out[start:end]))), default=0)
    core = [at for at, (start, end) in enumerate(clauses) if any(map(_is_asked, out[start:end]))]
    asides = [start >= pointing and _is_aside(out[start:end]) for start, end in clauses]  # 给这种车: of which kind is told before
    asked = [out[start:end] for (start, end), aside in zip(clauses, asides, strict=True) if not aside]
    by_name = any(_asks_by_name(one, SURE) for one in asked)
    by_all = _asks_by_name([one for clause in asked for one in clause], NEARLY)
    for (start, end), aside in zip(clauses, asides, strict=True):
        may_name = any((one.items and one.quality >= SURE) or "UNITKIND" in one.cues for one in out[start:end])  # 要上幼儿园
        if aside and (by_name or (by_all and not may_name)):
            out[start:end] = [_told(one) for one in out[start:end]]
    for at, (start, end) in enumerate(clauses):
        beside = bool(core) and not core[0] <= at <= core[-1] and start >= pointing
        if beside and (by_name or by_all) and _is_sentence(out[start:end]):
            out[start:end] = [replace(one, is_light=True) if one.is_unread else one for one in out[start:end]]
    return out


def without_descriptions(path: Sequence[Segment], near: Sequence[tuple[str, Sequence[Match]]]) -> list[Segment]:
    """考驾照的，|驾驶员考试服务|…: without what only describes, in clauses of its own, the one thing that is named as it is printed. Not
    where it may say which part is meant, or is like another name."""
    out = list(path)
    named = {item for one in path for item in (*one.units, *((one.items[0],) if one.items else ()))}
    very = [one for one in path if _is_very_name(one)]
    if len(named) != 1 or len(very) != 1 or any("VERIFY" in one.cues or one.quantity for one in path):
        return out
    words, likest = load("refusals.toml")["asides"], dict(near)
    for start, end in clauses_of(path):
        clause = path[start:end]
        said = "".join(one.text for one in clause)
        other = any(
            one.items or one.units or one.table or one.stranger or one.period or one.kind or one.unit or one.counter is not None
            or (one.agencies and not one.is_place) or one.cues & (_NAMING | _TURNING | {"OTHERS", "LEFT", "SUBTRACT", "SHARE", "EACH"})
            for one in clause
        )  # fmt: skip
        matches = [likest[one.text][0] for one in clause if one.text in likest]
        of_another = any(_is_of_another(match, very[0]) for match in matches)
        if not other and not of_another and len(said) > 2 and not re.search(words["parts"], said):
            out[start:end] = [replace(_told(one), how=DESCRIBES) for one in clause]
    return out


def _is_very_name(one: Segment) -> bool:
    """Whether a stretch names a budget unit, or a project or item as it is printed, in more than a few characters."""
    if one.units:
        return len(one.units) == 1 and one.quality >= SURE
    item = one.items[0] if one.items else None
    printed = item is not None and one.text in (item.item, item.under)
    is_long = len(one.text) >= LONG_NAME and (one.term is None or one.term.kind == "item")
    return printed and one.how == "exact" and is_long


def _is_of_another(match: Match, very: Segment) -> bool:
    """Whether words are like the name of a budget unit, or much like a row, other than the one that is named beside them."""
    names = {unit for _, unit in very.units} | {name for item in very.items for name in (item.item, item.under, item.affiliate)}
    likely = match.label.kind == "affiliate" or (match.score >= NEARLY and match.label.kind != "subject")
    return likely and names.isdisjoint((match.label.text, match.label.item, match.label.under))


def _reported(clause: Sequence[Segment]) -> int:
    """How many stretches of a clause only tell how whoever asks has come by the rest of it (老公截了张图看见|…)."""
    words = load("refusals.toml")["asides"]
    end = max((at + 1 for at, one in enumerate(clause) if re.search(words["reports"], one.text) and not one.items), default=0)
    before = clause[:end]
    named = any(one.items or one.agencies or one.units or one.quantity or one.table or one.cues & (_NAMING | _TURNING) for one in before)
    return 0 if named or not re.search(words["of_oneself"], "".join(one.text for one in before)) else end


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


def _told(one: Segment) -> Segment:
    """A stretch of an aside: it does nothing; whose the aside is said to be, and which years it names, stays."""
    if one.is_mark or one.agencies or (one.period is not None and one.period.years):
        return one
    return replace(one, is_filler=True, cues=frozenset(), kind=None, period=None, items=(), quantity=None)


def _is_aside(clause: Sequence[Segment]) -> bool:
    """Whether a clause has words that nothing explains for sure, and only tells or comments."""
    if not any(one.is_unread or (one.items and one.quality < SURE) for one in clause):
        return False

    def turning(one: Segment) -> frozenset[str]:
        """The cues that ask; 对 alone asks only at the end (对养车门清)."""
        return _NAMING | (_TURNING - {"VERIFY"} if one.is_filler and one is not clause[-1] else _TURNING)

    if any(
        one.units or one.table or one.stranger or one.counter is not None or one.unit or one.kind == "final"
        or (one.quantity is not None and one.quantity.unit in ("", "%", *MONEY_UNITS)) or one.cues & turning(one)
        for one in clause
    ):  # fmt: skip
        return False
    told = "".join(one.text for one in clause)
    if _of_oneself(told):
        return True
    named = any(
        one.quantity
        or (one.items and one.quality >= SURE)
        or (one.agencies and not one.is_place)
        or (one.period is not None and one.period.years)
        for one in clause
    )
    return not named and _is_statement(told)


def _is_asked(one: Segment) -> bool:
    """Whether a stretch may be a part of what is asked for."""
    asks = one.counter is not None or one.unit or one.table or (one.cues & _NAMING and not one.is_filler)
    return bool(one.items or one.quantity or asks)


def _is_sentence(clause: Sequence[Segment]) -> bool:
    """Whether a clause that asks nothing says something of somebody or something, in words that leave no figure out."""
    if any(one.stranger or one.kind == "final" or (one.cues & (_TURNING - {"VERIFY"}) and not one.is_filler) for one in clause):
        return False
    if any(one.agencies or one.units for one in clause) and clause[-1].is_unread:
        return False  # 教育局管的城东分校
    told = "".join(one.text for one in clause if not one.agencies)
    asides = load("refusals.toml")["asides"]
    if re.search(asides["parts"], told) or may_narrow(told):
        return False
    said = parts_of_speech(_behind_of(told).rstrip("".join(particles())))
    return any(tag[:1] in ("v", "a", "i", "l", "z") and tag not in ("vn", "an") for _, tag in said[1:])


def _of_oneself(told: str) -> bool:
    """Whether a clause tells of whoever asks, or of his own: a statement that begins with one of them."""
    words = load("refusals.toml")["asides"]
    being = told.rstrip("的") if re.match(words["being"], told) else told  # 我是厂里退的
    return re.search(words["of_oneself"], told) is not None and tells(being)


def tells(told: str) -> bool:
    """Whether a clause is a statement, as far as its words show, and says nothing of which figure is meant."""
    return not may_narrow(told) and _predicates(told)


def may_narrow(told: str) -> bool:
    """Whether a clause may say which figure is meant: it is a part of a name, or what is counted."""
    return re.search(load("refusals.toml")["asides"]["narrows"], told) is not None


def _is_statement(told: str) -> bool:
    words = load("refusals.toml")["asides"]
    return tells(told) and any(re.search(one, _behind_of(told)) for one in words["talk"])


def _behind_of(told: str) -> str:
    """What stands behind the last 的: of 城东刚开的分院 only a noun, which tells nothing."""
    return told.rpartition("的")[2] or told


def _predicates(told: str) -> bool:
    """Whether a clause has a verb or an adjective of its own, and does not end in a noun with a particle (外聘人员啊)."""
    if re.search(load("refusals.toml")["asides"]["happens"], _behind_of(told)):
        return True
    said = _behind_of(told).rstrip("".join(particles()))
    words = parts_of_speech(said)
    ends_in_noun = not told.endswith(said) and words[-1:] != [] and words[-1][1].startswith("n")
    return not ends_in_noun and any(tag[:1] in ("v", "a", "i", "l", "z") and tag not in ("vn", "an") for _, tag in words)


def _asks_by_name(said: Sequence[Segment], quality: float) -> bool:
    """Whether clauses ask, or claim, something of a thing that they name, as well as that; a body must be named for sure."""
    named = any(one.items and one.quality >= (SURE if one.items[0].affiliate else quality) for one in said)
    asks = any(one.cues & (_NAMING | {"UP", "DOWN", "CHG"}) or one.counter is not None or one.quantity for one in said)
    return named and asks


__all__ = ["corrected", "may_narrow", "tells", "without_background", "without_decoration", "without_descriptions"]

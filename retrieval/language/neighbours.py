"""What neighbouring segments make of each other, before the grammar reads them: each function takes a path and gives a path.

小|微企业 is one word that nothing explains; 比|去年 is against the year before; what follows 不是 is not meant; of 甲局下面的乙所
乙所 is asked about; 多少封信 asks how many.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import islice, takewhile

from retrieval.figures.parts import PARTS_OF
from retrieval.language.content import tells
from retrieval.language.lattice import BOUGHT, Period, Segment, heard, item_of_term, kind_said
from retrieval.language.phrases import PURCHASES, is_fund, is_total
from retrieval.words.cues import cues, load, particles
from retrieval.words.lexicon import general_terms
from retrieval.words.periods import before_that

MOST_BETWEEN = 5  # words from what leaves out to the units that are left out
MOST_HEARD = 5  # words that may together sound like a term
LONGEST_HEARD = 10  # characters of it
_TORN = frozenset(("MORE", "FEWER", "DIFF", "EACH", "OFFICES", "LEFT"))
GOODS = "政府采购货物"
SURE = 0.95  # likeness from which a name is as good as said
_SIGNS = {"+": "UP", "-": "DOWN"}
_COMPARES = frozenset(("PRIOR", "UP", "DOWN", "CHG", "MORE", "FEWER", "TIMES", "SHARE", "SUM", "EACH", "STAYED", "DIFF", "EQUAL", "MEAN"))
_BARE = frozenset(("多少", "几多", "好多", "几"))
SEVERAL = "好"  # 好几个: several, and no question
COUNTED = frozenset("家个所")
_BELOW = frozenset(("IN", "UNITS"))


def settled(path: Sequence[Segment]) -> list[Segment]:
    """The path with all of them."""
    out = list(path)
    for change in _CHANGES:
        out = change(out)
    return out


def _says_nothing(one: Segment) -> bool:
    return one.is_filler and not (one.cues or one.items or one.kind or one.period or one.quantity)


def _without_dashes(path: list[Segment]) -> list[Segment]:
    """A dash of several strokes is a mark, no minus (—— 复核)."""
    dashes = {
        at
        for at, one in enumerate(path)
        for near in (at - 1, at + 1)
        if one.text == "-" and 0 <= near < len(path) and path[near].text == "-"
    }
    return [replace(one, is_mark=True, cues=frozenset()) if at in dashes else one for at, one in enumerate(path)]


def _is_small(one: Segment) -> bool:
    return one.is_filler and not (one.items or one.agencies or one.units or one.period or one.quantity)


def _sounding(path: list[Segment]) -> list[Segment]:
    """Small words that together sound like a general term were meant for it (之|出|总计, 共|用|经费)."""
    out = list(path)
    at = 0
    while at < len(out):
        for last in range(min(len(out), at + MOST_HEARD) - 1, at, -1):
            run = out[at : last + 1]
            said = "".join(one.text for one in run)
            if (
                not 4 <= len(said) <= LONGEST_HEARD
                or not all(_is_small(one) or one.is_unread for one in run)
                or any(one.stranger for one in run)
            ):
                continue
            if any(len(one.text) == 1 for one in run) and (item := heard(said)) is not None:
                out[at : last + 1] = [
                    Segment(run[0].start, run[-1].end, said, 0.0, items=(item,), kind=kind_said(said), how="sound", quality=0.9)
                ]
                break
        at += 1
    return out


def _inside(path: list[Segment]) -> list[Segment]:
    """表|里, 采购|清单，买空调: behind a name, what stands in it."""
    out = list(path)
    for at, one in enumerate(path):
        before = path[at - 1] if at else one
        within = one.is_unread and one.text in ("里", "中", "内") and (before.table or before.items or before.units)
        lists = "LISTQ" in one.cues and before.items and before.items[0].item in PURCHASES
        if within or (lists and any(other.items or other.is_unread for other in path[at + 1 :])):
            out[at] = replace(one, cues=frozenset(("IN",)))
    return out


def _untorn(path: list[Segment]) -> list[Segment]:
    """Words of one character that begin what nothing explains are its first character (小|微企业)."""
    out: list[Segment] = []
    for one in reversed(path):
        if out and len(one.text) == 1 and one.cues & _TORN and not one.items and out[-1].is_unread and not out[-1].stranger:
            out[-1] = Segment(one.start, out[-1].end, one.text + out[-1].text, 0.0)
        else:
            out.append(one)
    return out[::-1]


def _against_the_year_before(path: list[Segment]) -> list[Segment]:
    """跟|去年|比: one word for the comparison."""
    out: list[Segment] = []
    at = 0
    while at < len(path):
        one = path[at]
        following = path[at + 1] if at + 1 < len(path) else None
        if (
            "THAN" in one.cues
            and following is not None
            and following.period is not None
            and following.period.earlier == 1
            and not following.period.years
        ):
            last = at + 2 if at + 2 < len(path) and "COMPARED" in path[at + 2].cues and "THAN" in path[at + 2].cues else at + 1
            equal = last + 1 < len(path) and "EQUAL" in path[last + 1].cues  # 同|上年|一样多
            stayed = equal or (last + 1 < len(path) and "STAYED" in path[last + 1].cues)
            if last == at + 2 or stayed or "AND" not in one.cues or not any(other.period for other in path[:at]):
                text = "".join(other.text for other in path[at : last + 1])
                out.append(
                    Segment(one.start, path[last].end, text, one.weight, cues=frozenset(("PRIOR",)) | (one.cues & {"MORE", "FEWER"}))
                )
                at = last + 1
                if equal:
                    out.append(replace(path[at], cues=path[at].cues | {"STAYED"}))
                    at += 1
                continue
        out.append(one)
        at += 1
    return out


def _signed(path: list[Segment]) -> list[Segment]:
    """较上年|+88.78%: a sign before how much something changed says which way."""
    out: list[Segment] = []
    for one in path:
        if one.quantity is not None and one.text[0] in _SIGNS and any("PRIOR" in other.cues for other in out[-2:]):
            out.append(Segment(one.start, one.start + 1, one.text[0], 0.0, cues=frozenset((_SIGNS[one.text[0]],))))
            out.append(replace(one, start=one.start + 1, text=one.text[1:]))
        else:
            out.append(one)
    return out


def _of_one_year(path: list[Segment]) -> list[Segment]:
    """2025年预算，培训费上年那栏多少: the year before the one that is said; neither joined nor compared with it, that disclosure's
    column for it. 今年|2026, 前一年（2025年） and 2022年…跟|前一年|对照：2021年 only repeat what is said."""
    dated = [at for at, one in enumerate(path) if one.period is not None and one.period.years]
    said = {year for at in dated for year in getattr(path[at].period, "years", ())}
    kinds = {one.kind for one in path if one.kind}
    compared = len(kinds) > 1 or any(one.cues & _COMPARES or (one.quantity and one.quantity.unit == "倍") for one in path)
    out = list(path)
    for at, one in enumerate(path if said else ()):
        back = one.period.earlier if one.period is not None else None
        near = min(dated, key=lambda place: abs(place - at))
        first, last = sorted((near, at))
        between, behind = path[first + 1 : last], path[last + 1 :]
        beside = at < near and all(other.text == "（" or _says_nothing(other) for other in between)  # 上一年度|也就是|2025年
        if back is None:
            continue
        if beside or one.text in load("periods.toml")["of_that"] or (back and len(said) > 1 and max(said) - back in said):
            since = at - 1 if back and at and path[at - 1].cues & {"AND", "THAN"} else at
            out[since : at + 1] = [replace(other, period=None, cues=frozenset(), is_filler=True) for other in path[since : at + 1]]
        elif back and len(said) == 1 and (at > near or one.text in before_that()):
            both = any(other.items for other in between) and any(other.items for other in behind)
            joined = all(other.is_mark for other in between) or any(other.cues & {"AND", "THAN", "HOWMUCH"} for other in between)
            if not (compared or both or joined or back > 1):
                out[at] = replace(one, period=None, cues=frozenset(("LASTCOL",)))
            elif one.text in before_that() or not joined:
                out[at] = replace(one, period=Period((next(iter(said)) - back,)))
    return out


def _without_denied(path: list[Segment]) -> list[Segment]:
    """What follows 不是 and the like, up to the next mark, is read and not meant."""
    out: list[Segment] = []
    denied = unknown = False
    narrowed_to = 0
    for at, one in enumerate(path):
        if at < narrowed_to:
            continue
        if "NOTIT" in one.cues and not denied and _leaves_out(path, at):
            out.append(replace(one, is_filler=False, cues=frozenset(("EXCEPT",))))
            continue
        if "NOTIT" in one.cues and not denied and (last := _narrows(path, at)) is not None:
            out.append(Segment(one.start, path[last].end, "".join(other.text for other in path[at : last + 1]), 0.0))
            narrowed_to = last + 1
            continue
        clause = takewhile(lambda other: not other.is_mark, path[at + 1 :])
        if denied and one.text == "、" and any("HOWMUCH" in other.cues for other in clause):
            denied = False  # 不是财政拨的、记在其他收入的有多少
            continue
        if (one.is_mark and one.text != "、") or (denied and "IS" in one.cues and one.text not in ("为",)):
            denied = False
        if "NOTIT" in one.cues and not one.items and _names_something(path[at + 1 :]):
            denied = True
            unknown = not _is_contrasted(path[at:])
        out.append(_denied(one, unknown) if denied else one)
    return out


def _denied(one: Segment, unknown: bool = False) -> Segment:
    """A stretch that is not meant. What of it nothing explains may be a part of what is asked, where it is `unknown`."""
    if unknown and one.is_unread and tells(one.text):
        return replace(one, stranger=True)
    return replace(
        one, is_filler=True, cues=frozenset(), items=(), kind=None, period=None, quantity=None, table=None, agencies=(), units=()
    )


def _is_contrasted(behind: Sequence[Segment]) -> bool:
    """Whether what is denied is another thing by its name (不是去年的, 不是联席会议的开销), no part of what is asked (不是夜班的)."""
    clause = list(takewhile(lambda one: not one.is_mark or one.text == "、", behind))
    known = any(one.items or one.kind or one.table or one.period or one.agencies or one.units for one in clause)
    contrast = re.search(load("refusals.toml")["narrowing"]["contrast"], clause[0].text)
    return known or (contrast is not None and not clause[-1].text.endswith("的"))


def _turned_round(path: list[Segment]) -> list[Segment]:
    """公务接待费|不要, 今年的|不看: what is left out, or not meant, may be said before the word that does so."""
    out: list[Segment] = []
    end = 0
    for start, last in clauses_of(path):
        out += path[end:start]
        end = last
        clause = path[start:last]
        behind = next((at for at in reversed(range(len(clause))) if not _is_small(clause[at])), 0)
        cue = clause[behind]
        opens = next((at for at, one in enumerate(clause) if "EXCEPT" in one.cues), len(clause))
        clause = [
            replace(one, cues=frozenset(("OUTSIDE",))) if at > opens and {"EXCEPT", "OUTSIDE"} <= one.cues else one
            for at, one in enumerate(clause)
        ]  # 撇开甲|不算
        named = any(one.items or one.period or one.is_unread or one.units or one.cues & _BODIES for one in clause[:behind])
        only = cue.cues and cue.cues <= {"NOTIT", "EXCEPT", "OUTSIDE"} and not any(one.cues & _TURNING for one in clause[:behind])
        denies = cue.cues & {"NOTIT", "EXCEPT"} or re.match(load("names.toml")["denied"]["closes"], cue.text)
        if not only or cue.items or not denies:
            out += clause
        elif not named:
            own = {agency for one in clause if not one.is_place for agency in one.agencies}
            alone = bool(own) and all(set(one.agencies) <= own for one in path)  # 某局本身不算，下面哪家…: it is still whose
            below = load("names.toml")["kind"]["below"]
            told = any(one.cues & {"IN", "UNITS"} and re.search(below, one.text) for one in path[last:])
            out += [one if one.is_mark or (alone and one.agencies) else _denied(one) for one in clause]  # 别的|先不问
            if alone and not told:
                out[-1:] = [Segment(cue.start, cue.end, cue.text, 0.0, stranger=True), *([out[-1]] if out[-1].is_mark else [])]
        else:
            opening = Segment(clause[0].start, clause[0].start, cue.text, 0.0, cues=(cue.cues - {"OUTSIDE"}) or frozenset(("EXCEPT",)))
            out += [opening, *(replace(one, is_filler=True, cues=frozenset()) if one is cue else one for one in clause)]
    return out + path[end:]


_BODIES = frozenset(("OWNLEVEL", "UNITS", "UNITKIND", "PROJECTS"))
_TURNING = frozenset(("NOTIT", "EXCEPT", "HOWMUCH", "WHICH", "SHARE", "VERIFY", "ASKS"))


def _beside_codes(path: list[Segment]) -> list[Segment]:
    """编码|为|2240109, 206|类: what says that digits are a code does nothing else."""
    words = re.compile(load("names.toml")["code"]["said"])
    coded = any(one.items and one.items[0].code for one in path)
    out = [replace(one, is_filler=True) if coded and one.is_unread and words.fullmatch(one.text) else one for one in path]
    for at, one in enumerate(path):
        if not (one.items and one.items[0].code and one.text.strip().isdigit()):
            continue
        for way in (-1, 1):
            near = at + way
            while 0 <= near < len(path) and (_says_nothing(path[near]) or path[near].cues == frozenset(("IS",))):
                near += way
            if 0 <= near < len(path) and words.fullmatch(path[near].text) and not path[near].items:
                for place in range(min(near, at + way), max(near, at + way) + 1):
                    out[place] = replace(path[place], cues=frozenset(), is_filler=True)
    return out


def _left_out_of_it(path: list[Segment]) -> list[Segment]:
    """三公多少，不要|公务接待费: what is a part of what is asked is left out of it; other things are only not meant."""
    out = list(path)
    contrast = load("refusals.toml")["narrowing"]["contrast"]
    for start, end in clauses_of(path):
        at = next((place for place in range(start, end) if path[place].cues & {"NOTIT", "EXCEPT"} and not path[place].items), None)
        if at is None or re.search(contrast, path[at].text):
            continue
        beside = path[end + 1 : end + 3]
        if "EXCEPT" in path[at].cues and len(beside) > 1 and {"AND", "LEFT"} <= beside[0].cues and beside[1].items:
            out[at : end + 2] = [replace(one, items=(), term=None, cues=frozenset(), is_filler=True) for one in path[at : end + 2]]
            continue  # 除了财政拨款，还有|事业收入|30万元: nothing is left out
        parts = {item.item for one in path[at + 1 : end] for item in one.items[:1]}
        beside = [one for place, one in enumerate(path) if not start <= place < end]
        asked = [one.items[0] for one in beside if one.items]
        added = len(asked) > 1 and any(one.cues & {"SUM", "PAIR", "ALLOF"} for one in beside)
        if parts and any(is_total(item) or parts <= {*PARTS_OF.get(item.item or "", ())} for item in asked):
            out[at] = replace(path[at], cues=frozenset(("EXCEPT",)))
        elif parts and added and not any(item.parts or item.item in parts or item.item in PARTS_OF for item in asked):
            out[at] = replace(path[at], cues=frozenset(("NOTIT",)))  # 公积金和提租补贴一共多少，购房补贴先不算
    return out


def _without_units(path: list[Segment]) -> list[Segment]:
    """不算|下面|几个|中心: without the units below it, the agency itself."""
    out: list[Segment] = []
    at = 0
    while at < len(path):
        last = _last_left_out(path, at)
        if last is not None:
            said = "".join(one.text for one in path[at : last + 1])
            out.append(replace(path[at], end=path[last].end, text=said, cues=frozenset(("OWNLEVEL",))))
        else:
            out.append(path[at])
        at = (last if last is not None else at) + 1
    return out


def _last_left_out(path: Sequence[Segment], at: int) -> int | None:
    """Where the word for the units below an agency stands that a word before leaves out, if it does."""
    if "EXCEPT" not in path[at].cues or path[at].items:
        return None
    below = False
    for place in range(at + 1, min(len(path), at + MOST_BETWEEN)):
        one = path[place]
        below = below or bool(one.cues & _BELOW)
        if one.cues & {"UNITS", "UNITKIND"} and not one.items:
            return place if below else None
        if not (_is_small(one) or one.cues & (_BELOW | {"ALLOF", "EACH", "REF"}) or one.quantity or one.counter):
            return None
    return None


def _narrows(path: Sequence[Segment], at: int) -> int | None:
    """Where what is denied ends, if it only narrows what is asked for (非|财政拨款|的|差旅费|多少); no rule knows the others of a kind."""
    if path[at].text == "非" and at + 1 < len(path) and path[at + 1].items:
        return at + 1
    end = next((place for place in range(at + 1, len(path)) if path[place].is_mark), len(path))
    for place in range(at + 2, end):
        behind = path[place + 1 : end]
        if path[place].text == "的" and any(one.items for one in behind) and any("HOWMUCH" in one.cues for one in behind):
            return place - 1
    return None


def _leaves_out(path: Sequence[Segment], at: int) -> bool:
    """Whether what is denied is a source of money, and how much there is without it is asked (不是财政给的那部分有多少)."""
    end = next((place for place in range(at + 1, len(path)) if path[place].is_mark), len(path))
    named = [one for one in path[at + 1 : end] if one.items]
    behind = path[end + 1 :] if end < len(path) and path[end].text == "，" else ()
    then = list(takewhile(lambda one: not one.is_mark, behind))  # 不是财政给的那部分，有多少
    asks = any("HOWMUCH" in one.cues for one in (*path[at + 1 : end], *(() if any(one.items for one in then) else then)))
    return asks and len(named) == 1 and is_fund(named[0].items[0]) and not any(one.is_unread for one in path[at + 1 : end])


def _names_something(path: Sequence[Segment]) -> bool:
    """Whether something that can be meant or not stands before the next mark."""
    for one in path:
        if one.is_mark:
            return False
        if one.items or one.kind or one.table or one.period or one.is_unread or one.agencies or one.units:
            return True
    return False


def _how_many_there_are(path: list[Segment]) -> list[Segment]:
    """一共|八家: says how many there are, and 合计|列 which column is read: neither adds anything up."""
    column = re.compile(load("names.toml")["kind"]["column"])
    return [
        replace(one, cues=frozenset(), is_filler=True)
        if "SUM" in one.cues and not one.items and at + 1 < len(path) and path[at + 1].start == one.end
        and ("ALLOF" in path[at + 1].cues or column.fullmatch(path[at + 1].text))
        else one
        for at, one in enumerate(path)
    ]


def _said_of_it(path: list[Segment]) -> list[Segment]:
    """在甲局|之下: no bound. 三亿多|的收入里，财政拨款占几成: what the whole comes to is said beside it, and nothing is asked of it."""
    cues = frozenset[str]().union(*(one.cues for one in path))
    told = [one for one in path if one.quantity is not None and one.quantity.unit.endswith("元")]
    asks = "PERCENTQ" in cues and cues.isdisjoint({"VERIFY", "EXCEPT", "OUTSIDE", "UP", "DOWN", "MORE", "FEWER", "SUM", "PRIOR"})
    told = told if asks and sum(bool(one.items) for one in path) > 1 and len(told) == 1 else []
    told += [one for at, one in enumerate(path) if "UNDER" in one.cues and at and (path[at - 1].agencies or path[at - 1].units)]
    return [Segment(one.start, one.end, one.text, 0.0, is_filler=True) if one in told else one for one in path]


def _either_way(path: list[Segment]) -> list[Segment]:
    """多|还是|少: asks by how much it is more."""
    out: list[Segment] = []
    for one in path:
        ends = list(islice((at for at in range(len(out) - 1, -1, -1) if not _says_nothing(out[at])), 2))[::-1]
        if len(ends) == 2 and "EITHER" in out[ends[1]].cues and _is_either(out[ends[0]], one):
            joined = "".join(other.text for other in out[ends[0] + 1 :]) + one.text
            out[ends[0] + 1 :] = [Segment(out[ends[0]].end, one.end, joined, 0.0, cues=frozenset(("HOWMUCH",)))]
            continue
        out.append(one)
    return out


def _bounding(path: list[Segment]) -> list[Segment]:
    """高于|12万元: a bound, and nothing compared with what follows."""
    return [
        replace(one, cues=one.cues - {"THAN"})
        if {"THAN"} < one.cues & {"THAN", "MORE", "FEWER"} and any(other.quantity is not None for other in path[at + 1 : at + 2])
        else one
        for at, one in enumerate(path)
    ]


def _spent_more(path: list[Segment]) -> list[Segment]:
    """比乙多|花多少钱: by how much it is more, and not all that is spent."""
    asks = tuple(load("cues.toml")["MONEYQ"]["words"])
    out = list(path)
    for at, one in enumerate(path[1:], 1):
        if one.items and is_total(one.items[0]) and one.text.endswith(asks) and path[at - 1].cues & {"MORE", "FEWER", "UP", "DOWN"}:
            out[at] = replace(one, items=(), term=None, cues=frozenset(("HOWMUCH", "MONEYQ")))
    return out


def _asked_back(path: list[Segment]) -> list[Segment]:
    """不是计划好了…吗: asked only to be agreed with, and nothing is left out."""
    words = load("names.toml")["rhetorical"]
    out = list(path)
    for start, end in clauses_of(path):
        closed = any("ASKS" in one.cues or one.text.endswith(tuple(words["end"])) for one in path[start + 1 : end][-1:])
        said = next((at for at in range(start, end) if path[at].text.startswith(tuple(words["said"])) and not path[at].items), None)
        if closed and said is not None:  # 不是要开几个会嘛: how many is not asked
            for at in (said, end - 1, *(at for at in range(said, end) if path[at].counter is not None)):
                out[at] = replace(path[at], is_filler=True, cues=frozenset(), counter=None)
    return out


def _added_up(path: list[Segment]) -> list[Segment]:
    """退休费及|三公经费合计, 甲、乙两家|收入合计: all that is named together, and not the total of the last."""
    at = len(path) and next((at for at in range(len(path) - 1, 0, -1) if path[at].items), 0)
    joined = at > 1 and ("AND" in path[at - 1].cues or path[at - 1].text == "、") and bool(path[at - 2].items)
    counted = any(one.cues & {"PAIR", "ALLOF"} for one in path) and len({one.units or one.agencies for one in path} - {()}) > 1
    if not at or not (joined or counted) or any("SUM" in one.cues for one in path):
        return path
    one = path[at]
    if is_total(one.items[0]) and not counted:
        return path  # 收入合计: a name
    cut = next((cut for cut in range(2, len(one.text) - 1) if "SUM" in cues().get(one.text[cut:], ())), None)
    term = general_terms().get(one.text[:cut]) if cut is not None else None
    if cut is None or term is None:
        return path
    named = replace(one, end=one.start + cut, text=one.text[:cut], items=(item_of_term(term),), term=term, cues=frozenset())
    return [*path[:at], named, Segment(named.end, one.end, one.text[cut:], 0.0, cues=frozenset(("SUM",))), *path[at + 1 :]]


def _cars_compared(path: list[Segment]) -> list[Segment]:
    """谁的车|多, 甲比乙多|几辆|车, 车，业务用车占几成: how many cars there are is set against another number of them."""
    words = load("names.toml")["cars"]
    own = [at for at, one in enumerate(path) if one.text.strip() in words["said"] and not one.cues]
    counted = [at for at, one in enumerate(path) if one.counter == words["counter"]]
    compares = [at for at, one in enumerate(path) if one.cues & {"MORE", "FEWER", "MOST", "LEAST", "DIFF"}]
    shared = any("SHARE" in one.cues for one in path) and any(one.items and one.items[0].counter == words["counter"] for one in path)
    beside = any(at - 1 in own for at in compares)
    if not own or not (beside or shared or (counted and compares and counted[-1] - 1 in compares)):
        return path
    many = () if shared else (item_of_term(general_terms()[words["stock"]]),)  # what a kind of cars is a share of needs no name
    out = list(path)
    for at in own:
        out[at] = replace(out[at], items=many, is_filler=shared, quality=1.0)
    for at in counted:
        out[at] = replace(out[at], counter=None, cues=frozenset(("HOWMUCH",)))
    return out


def _is_either(one: Segment, other: Segment) -> bool:
    """Whether one is more, and the other less."""
    sides = [side.cues & {"MORE", "FEWER"} for side in (one, other)]
    return all(len(side) == 1 for side in sides) and sides[0] != sides[1]


def _whether_it_moved(path: list[Segment]) -> list[Segment]:
    """省了|没: asks whether it did, and denies nothing."""
    out = list(path)
    for at in range(1, len(path)):
        last = at + 1 == len(path) or path[at + 1].is_mark
        if last and {"ABSENT", "ASKS"} <= path[at].cues and path[at - 1].cues & {"UP", "DOWN", "STAYED", "MORE", "FEWER"}:
            out[at] = replace(path[at], cues=frozenset(("VERIFY",)))
    return out


def _as_much_as(path: list[Segment]) -> list[Segment]:
    """甲3万、乙2万，跟三公经费|一致吗: asks whether they are equal, and not only whether it is true."""
    out: list[Segment] = []
    for at, one in enumerate(path):
        length = next((to for to in (4, 3, 2) if "EQUAL" in cues().get(one.text[:to], ())), 0) if "VERIFY" in one.cues else 0
        with_another = at > 1 and path[at - 1].items and "THAN" in path[at - 2].cues
        if length and with_another and any(other.items and other.items[0] != path[at - 1].items[0] for other in path[:at]):
            out.append(Segment(one.start, one.start + length, one.text[:length], 0.0, cues=frozenset(("EQUAL",))))
            out.append(replace(one, start=one.start + length, text=one.text[length:]))
        else:
            out.append(one)
    return out


def _nearly_all(path: list[Segment]) -> list[Segment]:
    """几乎|全是: one word."""
    out = list(path)
    for at in range(len(path) - 1, 0, -1):
        if "WHOLLY" in path[at].cues and (roughly := path[at - 1]).text in load("doubts.toml")["roughly"]:
            out[at - 1 : at + 1] = [replace(path[at], start=roughly.start, cues=path[at].cues | {"ROUGHLY"})]
    return out


def _counting(path: list[Segment]) -> list[Segment]:
    """多少封信: a question word right before a noun that nothing explains asks how many of them, whatever they are counted by."""
    out = list(path)
    for at, one in enumerate(path[:-1]):
        following = path[at + 1]
        if one.counter is not None and at and path[at - 1].text == SEVERAL:
            out[at - 1 : at + 1] = [replace(path[at - 1], is_filler=True), replace(one, counter=None, is_filler=True)]
        if (
            "HOWMUCH" in one.cues
            and one.text in _BARE
            and following.is_unread
            and not following.stranger
            and following.text not in particles()
            and any("\u4e00" <= c <= "\u9fff" for c in following.text)
        ):
            out[at] = replace(one, cues=frozenset(), counter="")
    return out


def _kinds_of_units(path: list[Segment]) -> list[Segment]:
    """甲综合服务中心的数据|中心: a word for a kind of unit that stands neither at the end of a unit's name nor by itself is no unit."""
    out = list(path)
    for at, one in enumerate(path):
        if "UNITS" in one.cues and not one.items and at and path[at - 1].cues >= {"UNITS", "LISTQ"}:
            out[at] = replace(one, is_filler=True, cues=frozenset())  # 包着哪几家|二级单位
        if "UNITKIND" in one.cues and one.items and at and "UNITS" in path[at - 1].cues and path[at - 1].end == one.start:
            out[at - 1 : at + 1] = [replace(path[at - 1], is_filler=True, cues=frozenset()), replace(one, items=(), term=None)]  # 直属|高中
        if "UNITKIND" in one.cues and not one.items and at and any(other.units for other in path[:at]) and not path[at - 1].units:
            out[at] = Segment(one.start, one.end, one.text, 0.0)
    return out


def _counted_bodies(path: list[Segment]) -> list[Segment]:
    """甲局|7个|强戒所: what is counted and called like a body is a kind of budget unit."""
    body = load("names.toml")["kind"]["body"]
    out: list[Segment] = []
    at = 0
    while at < len(path):
        before = path[at - 1] if at else None
        counts = before is not None and before.text[-1:] in COUNTED and (before.quantity is not None or "ALLOF" in before.cues)
        last = at
        for end in (at + 1, at + 2) if counts and any(other.agencies for other in path[:at]) else ():
            run = path[at:end]
            plain = all(one.is_unread or one.is_filler or one.items or "UNITKIND" in one.cues for one in run)
            if len(run) == end - at and plain and re.search(body, "".join(one.text for one in run)):
                last = end
        if before is not None and last > at:
            out[-1] = replace(before, quantity=None, cues=frozenset(("ALLOF",)))
            said = "".join(one.text for one in path[at:last])
            kind = () if said.endswith("单位") else ("UNITKIND",)
            out.append(Segment(path[at].start, path[last - 1].end, said, 0.0, cues=frozenset(("UNITS", *kind))))
        else:
            out.append(path[at])
        at = max(last, at + 1)
    return out


def surely_named(path: Sequence[Segment]) -> list[Segment]:
    """Of two neighbouring names that are both only likened to printed ones, the less like is not read: together they are a third thing."""
    out = list(path)
    last: int | None = None
    for at, one in enumerate(out):
        if one.items and one.term is None and one.quality < SURE and one.how in ("words", "short", "described", "sound"):
            if last is not None and all(_says_nothing(other) or "REF" in other.cues for other in out[last + 1 : at]):
                worse = at if one.quality <= out[last].quality else last
                out[worse] = Segment(out[worse].start, out[worse].end, out[worse].text, 0.0)
                last = at if worse == last else last
            else:
                last = at
        elif one.items or one.is_mark:
            last = None
    return out


def glossed(path: Sequence[Segment]) -> list[Segment]:
    """租房补贴（提租补贴）: what the brackets name is meant, where the words before them were only likened to another name."""
    out = list(path)
    for at, one in enumerate(path):
        if not one.is_mark or one.text != "（" or at + 2 >= len(path) or path[at + 2].text != "）":
            continue
        named, before = path[at + 1], at - 1
        while before > 0 and _says_nothing(path[before]):
            before -= 1
        said = path[before]
        if named.items and named.quality >= SURE and said.items and said.items != named.items and said.term is None and said.quality < SURE:
            out[before] = Segment(said.start, said.end, said.text, 0.0, is_filler=True)
    return out


def goods(path: Sequence[Segment]) -> list[Segment]:
    """买服务的比|买东西|的: beside services or works all that is bought by is meant by no word for goods."""
    term, said = general_terms().get(GOODS), re.compile(load("names.toml")["bought"]["goods"])
    if term is None or not any(one.items and one.items[0].item in BOUGHT for one in path):
        return list(path)
    return [replace(one, items=(item_of_term(term),), term=term) if one.items and said.fullmatch(one.text) else one for one in path]


_CHANGES = (
    _without_dashes,
    _whether_it_moved,
    _as_much_as,
    _nearly_all,
    _how_many_there_are,
    _said_of_it,
    _either_way,
    _bounding,
    _spent_more,
    _added_up,
    _cars_compared,
    _asked_back,
    _inside,
    _sounding,
    _untorn,
    _against_the_year_before,
    _of_one_year,
    _signed,
    _turned_round,
    _beside_codes,
    _without_units,
    _left_out_of_it,
    _without_denied,
    _counting,
    _kinds_of_units,
    _counted_bodies,
)


def clauses_of(path: Sequence[Segment]) -> list[tuple[int, int]]:
    """From where to where the clauses go: between marks other than those of lists and quotes."""
    edges = [at for at, one in enumerate(path) if one.is_mark and one.text in "，。？！；：（）—-"]
    starts = [0, *(at + 1 for at in edges)]
    return [(start, end) for start, end in zip(starts, [*edges, len(path)], strict=True) if start < end]

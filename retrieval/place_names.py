"""Agencies named by their place alone beside others: 云山、临江、国家示范中心; 云山和临江的财政局; 云山和临江哪个多.

A place in a list stands for the agency there that does what the agency listed with it does; where no agency is named at all,
for the only agency there. A short name that fits several agencies means the one at the place of its neighbour.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

from retrieval.agencies import PLACE, Directory, Mention, Mentions
from retrieval.reading import chinese_number

_LINK = re.compile(r"(?:[、，和与跟及同比]|以及|还有|对比)(?:20\d\d年度?)?(?:的)?")
_GROUP = re.compile(r"的?(?:([两三四五六七八九十\d]{1,2})[个家]|各个?|所有的?|全部)(?:厅局|厅|局|委|部门|单位|机构)")
_WHICH = re.compile(r"哪[一几]?[个家些]|谁|几[个家](?:厅局|厅|局|委|部门|单位|机构)")
LONGEST_END = 10  # characters that a name may end with
_OF = re.compile(r"的?")
_ALIKE = re.compile(r"(?:哪[一几]?[个家些]|[几每][个家]|各个?|所有的?|全部)(?:市|县|区|地方?)?的?")
_ENDS_HERE = re.compile(r"[里中内的，、\d]|之[中间]")
_HEAD = re.compile(r"(?:委员会|办公厅|办公室|管理局|总局|服务中心|中心|局|厅|委|办|部|院|所)$")


@dataclass(frozen=True, slots=True)
class _Named:
    """A mention, or a place that may stand for one; `ids` are the agencies that it can mean."""

    start: int
    end: int
    ids: tuple[str, ...]
    is_place: bool


def with_places(text: str, mentions: Mentions, directory: Directory) -> Mentions:
    """`mentions` with the agencies that places in a list with them, or with each other, stand for."""
    mentions = _with_alike(text, _with_groups(text, mentions, directory), directory)
    spans = [(m.start, m.end) for m in mentions.found] + list(mentions.unknown)
    places = [
        _Named(start, end, ids, True)
        for start, end, ids in directory.places_in(text)
        if all(end <= a or start >= b for a, b in spans)
    ]
    named = sorted((*places, *(_Named(m.start, m.end, m.agency_ids, False) for m in mentions.found)), key=lambda one: one.start)
    if len(named) < 2:
        return mentions
    found = list(mentions.found)
    for chain in _chains(text, named):
        if len(chain) > 1:
            found = [m for m in found if all(m.start != one.start for one in chain)] + _resolved(chain, directory)
    return replace(mentions, found=tuple(sorted(found, key=lambda m: m.start)))


def _with_groups(text: str, mentions: Mentions, directory: Directory) -> Mentions:
    """云山市三个局, 临江省各部门, 云山市哪个局: all departments of a place, where there are as many as are said."""
    found, unknown = list(mentions.found), list(mentions.unknown)
    for start, end, ids in directory.places_in(text):
        said = _GROUP.match(text, end) or _WHICH.search(text, end)
        if said is None or any(m.start < said.end() and start < m.end for m in found):
            continue
        if said.re is _WHICH and any(a <= start < b for a, b in mentions.unknown):
            continue  # the place of an agency that is not here stands for no other
        whole = tuple(one for one in ids if not directory[one].affiliate_of and directory[one].disclosures[0].scope != "unit")
        number = chinese_number(said.group(1)) if said.re is _GROUP and said.group(1) else None
        if len(whole) > 1 and number in (None, len(whole)):
            last = said.end() if said.re is _GROUP else end     # which of them is asked below
            found += [Mention(start, last, (one,)) for one in whole]
            unknown = [(a, b) for a, b in unknown if b <= start or a >= said.end()]
    return replace(mentions, found=tuple(sorted(found, key=lambda m: m.start)), unknown=tuple(unknown))


def _with_alike(text: str, mentions: Mentions, directory: Directory) -> Mentions:
    """哪个审计局, 各信访局: all agencies whose names end so (of the places named), where no single one is named."""
    if any(len(mention.agency_ids) == 1 for mention in mentions.found):
        return mentions
    there = {one for _, _, ids in directory.places_in(text) for one in ids}
    for said in _ALIKE.finditer(text):
        for end in range(min(said.end() + LONGEST_END, len(text)), said.end() + 1, -1):
            if end - said.end() == 2 and not _ENDS_HERE.match(text, end):
                break
            ids = [agency.agency_id for agency in directory.named() if agency.name.endswith(text[said.end() : end])]
            if there:
                ids = [one for one in ids if one in there]
            if len(ids) > 1:
                others = [mention for mention in mentions.found if mention.end <= said.start() or mention.start >= end]
                found = (*others, *(Mention(said.start(), end, (one,)) for one in ids))
                unknown = tuple((a, b) for a, b in mentions.unknown if b <= said.start() or a >= end)
                return replace(mentions, found=tuple(sorted(found, key=lambda m: m.start)), unknown=unknown)
    return mentions


def _chains(text: str, named: Sequence[_Named]) -> list[list[_Named]]:
    """Neighbours that stand in one list, or a place right before a name."""
    chains = [[named[0]]]
    for before, one in pairwise(named):
        between = text[before.end : one.start]
        linked = _LINK.fullmatch(between) or (before.is_place and not one.is_place and _OF.fullmatch(between))
        if linked:
            chains[-1].append(one)
        else:
            chains.append([one])
    return chains


def _resolved(chain: Sequence[_Named], directory: Directory) -> list[Mention]:
    """The chain as mentions: places resolved by function, ambiguous names by the places or the neighbours."""
    does = {_function(directory[one].name) for named in chain if not named.is_place for one in named.ids}
    out: list[Mention] = []
    for named in chain:
        ids = named.ids
        if named.is_place:
            ids = tuple(one for one in ids if not does or _function(directory[one].name) in does)
            if len(ids) == 1:
                out.append(Mention(named.start, named.end, ids))
        elif len(ids) > 1:
            told = tuple(one for one in ids if any(mention.agency_ids == (one,) for mention in out))
            beside = {_place(directory[other.ids[0]].name) for other in chain if not other.is_place and len(other.ids) == 1}
            near = tuple(one for one in ids if _place(directory[one].name) in beside - {""})
            if told:
                out[-1] = replace(out[-1], end=named.end)
            else:
                out.append(Mention(named.start, named.end, near if len(near) == 1 else ids))
        else:
            out.append(Mention(named.start, named.end, ids, True))
    return out


def _place(name: str) -> str:
    match = PLACE.match(name)
    return match.group(1) if match else ""


def _function(name: str) -> str:
    """What the agency is for: its name without place and kind of office (云山市财政局 → 财政)."""
    rest = name[len(_place(name)) :] if _place(name) else re.sub(r"^(?:国家|中国|全国|中共|中央)", "", name)
    return _HEAD.sub("", rest) or rest

"""Stretches that no word explains, linked to the printed names that they mean; and those that only say again what a name says."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import accumulate

from retrieval.figures.agencies import Directory
from retrieval.figures.things import Label, Match
from retrieval.language.describing import COST, Near, is_a_word_of, is_money, says_more
from retrieval.language.segments import Segment, heard, linked
from retrieval.names.bodies import unit_ending
from retrieval.names.labels import Labels
from retrieval.words.content import narrows
from retrieval.words.cues import cues, fillers, meant_word
from retrieval.words.folding import bare, contains
from retrieval.words.forms import content_words
from retrieval.words.grammar import load

MOST_LINKED = 24  # unread stretches of a question that are tried
SHORTEST_QUOTED = 4  # characters of a name in quotation marks that what is said before it describes
LONGEST_NAME = 30  # characters that are held against names
LINKED = 0.8  # likeness from which an unread stretch is taken for a label
IN_OTHER_WORDS = 0.12  # likeness that a label comes behind which shares no character with what is said (平板电脑: 平板式计算机)
SURELY = 0.92  # likeness from which a label is taken though another is as like
OPEN = 0.025  # how near another label comes that is as like
OFFERED = 0.55  # likeness from which a label is worth offering
_ALL_OF_A_KIND = frozenset(("SUM", "EACH", "LISTQ", "MOST", "LEAST"))
_CLAUSE_ENDS = frozenset("。？！；，：")


def with_links(path: Sequence[Segment], labels: Sequence[Labels], directory: Directory) -> tuple[list[Segment], Near]:
    """The path with unread stretches, and those beside them, linked to the labels that they mean; and what others may mean."""
    out = [_heard(one) for one in path]
    near: list[tuple[str, tuple[Match, ...]]] = []
    if not labels:
        return out, ()
    several = any(one.cues & _ALL_OF_A_KIND for one in path)
    money = is_money(path)
    at = tried = 0
    while at < len(out):
        if out[at].is_unread and not out[at].stranger and tried < MOST_LINKED:
            tried += 1
            _, first, last, matches = max(_fits(out, at, labels, money), key=lambda fit: fit[0], default=(0.0, at, at, []))
            likeness = matches[0].score if matches else 0.0
            if likeness >= LINKED and (several or not _is_open(matches)):
                out[first : last + 1] = [linked(_joined(out[first : last + 1]), matches)]
                at = first
            elif likeness >= OFFERED:
                near.append((out[at].text, tuple(matches)))
        at += 1
    return _said_again(out, near, labels, directory)


def _heard(one: Segment) -> Segment:
    """An unread stretch as the general term or the word that it sounds like."""
    if not one.is_unread or one.stranger:
        return one
    if (item := heard(one.text)) is not None:
        return replace(one, items=(item,), how="sound", quality=0.9)
    said = meant_word(one.text)
    return one if said is None else replace(one, cues=cues().get(said, frozenset()), is_filler=said in fillers(), how="sound")


def _joined(run: Sequence[Segment]) -> Segment:
    return Segment(run[0].start, run[-1].end, "".join(one.text for one in run), 0.0)


def _fits(path: Sequence[Segment], at: int, labels: Sequence[Labels], money: bool) -> Iterator[tuple[float, int, int, list[Match]]]:
    """Runs around an unread stretch with the labels that they may mean, and what it is worth to link them: a longer one that fits
    as well says more; a name that was known by itself is not given up lightly."""
    for first, last in _runs(path, at):
        run = path[first : last + 1]
        said = _joined(run).text.strip()
        if not 2 <= len(said) <= LONGEST_NAME:
            continue
        behind = path[min(last + 1, len(path) - 1)]
        cost = COST if behind.text == COST and behind.is_filler else ""
        matches = [one for one in _nearest(said, labels, money=money) if not is_a_word_of(said + cost, one)]
        if matches and not says_more(run, matches[0]) and not _gives_up(run, matches[0]):
            worth = matches[0].score + 0.012 * len(said) - 0.05 * sum(1 for one in run if one.items)
            yield worth - _in_other_words(said, matches[0]), first, last, matches


def _runs(path: Sequence[Segment], at: int) -> Iterator[tuple[int, int]]:
    """Where the runs around a stretch begin and end that may be one name: never with a word between names (和, 与)."""
    for first in range(at, max(-1, at - 4), -1):
        if first < at and not _may_join(path[first]):
            return
        if _only_joins(path[first]):
            continue
        for last in range(at, min(len(path), at + 5)):
            if last > at and not _may_join(path[last]):
                break
            if not _only_joins(path[last]):
                yield first, last


def _may_join(one: Segment) -> bool:
    """Whether a stretch may be a part of a longer name."""
    named = one.agencies or one.units or one.period or one.quantity or one.counter or one.table or one.is_mark or one.stranger
    adds = "PLUS" in one.cues and len(one.text) > 1 and not one.items  # 甲的经费|加上|乙
    return not (named or adds or one.kind == "final" or "EXCEPT" in one.cues or (one.is_unread and narrows(one.text)))


def _only_joins(one: Segment) -> bool:
    return "AND" in one.cues and not one.items


def _gives_up(run: Sequence[Segment], match: Match) -> bool:
    """Whether a name that was known by itself (咁|基本支出) is lost in the label of another thing (基本工资)."""
    label = match.label
    return any(
        one.items and one.how == "exact" and len(one.text) >= 3 and one.text not in label.text
        and all(item.item != label.item and bare(item.item or "") not in label.text for item in one.items)
        for one in run
    )  # fmt: skip


def _is_open(matches: Sequence[Match]) -> bool:
    """Whether several projects fit as well, none of them much: which of them is meant is for the asker to say."""
    alike = [match.label for match in matches if match.score >= matches[0].score - OPEN]
    return matches[0].score < SURELY and len({one.text for one in alike if one.kind in ("project", "subject") and one.counter is None}) > 1


def _in_other_words(said: str, match: Match) -> float:
    return 0.0 if set(said) & set(match.label.text) else IN_OTHER_WORDS


def _nearest(said: str, labels: Sequence[Labels], *, money: bool) -> list[Match]:
    """The labels that words may mean, best first; what is printed in the very words comes before what they only mean. No number of
    things is meant where money is."""
    ending = unit_ending(said)
    thing = re.sub(load("names.toml")["bought"]["before"], "", said)  # 买|平板电脑
    found = [match for one in labels for match in one.nearest(said) if ending is None or ending in match.label.text]
    found += [match for one in labels for match in one.nearest(thing) if thing != said and match.score >= LINKED]
    found.sort(key=lambda match: (-match.score + _in_other_words(said, match), match.label.kind == "subject"))
    counted = frozenset[str]().union(*(one.counted for one in labels)) if money else ()
    best: dict[str, Match] = {}
    for match in found:
        label, exact = match.label, match.how == "exact"
        is_unit = label.kind == "affiliate" and said[-1:] != label.text[-1]  # 投资 is no 台商投资区分局
        if exact or not (is_unit or label.item in counted):
            best.setdefault(label.text, match)
    return list(best.values())[:5]


def _said_again(
    path: Sequence[Segment], near: Sequence[tuple[str, tuple[Match, ...]]], labels: Sequence[Labels], directory: Directory
) -> tuple[list[Segment], Near]:
    """Words that say in other words what a name in their clause says, or what the agency or a thing is called, have been read."""
    clauses, money = list(accumulate(one.is_mark and one.text in _CLAUSE_ENDS for one in path)), is_money(path)
    chosen = {(clause, item.item) for one, clause in zip(path, clauses, strict=True) for item in one.items if item.item is not None}
    unsure = {text for text, _ in near}
    same: dict[str, list[Label]] = {}
    for one, clause in zip(path, clauses, strict=True):
        matches = _nearest(one.text, labels, money=money)[:3] if one.text in unsure else ()
        if meant := [match.label for match in matches if (clause, match.label.item) in chosen]:
            same[one.text] = meant
    told = {(label.item, label.under, label.table) for meant in same.values() for label in meant}
    path = [_told_apart(one, told) for one in path]
    things = [item.item for one in path if one.how != "exact" for item in one.items[:1] if item.item is not None]
    bodies = [directory[agency].name for one in path if not one.is_place for agency in one.agencies[:1]]
    quoted = _quoted(path)
    out: list[Segment] = []
    for at, one in enumerate(path):
        again = not one.stranger and (at < quoted or _names_again(one.text, bodies, things))
        out.append(replace(one, is_filler=True) if one.is_unread and (again or one.text in same) else one)
    return out, tuple((text, matches) for text, matches in near if text not in same)


def _told_apart(one: Segment, told: set[tuple[str, str | None, str | None]]) -> Segment:
    """A name that several labels bear as that of them which the words beside it are like (甲园区那笔|市级科技创新专项)."""
    items = tuple(item for item in one.items if (item.item, item.under, item.table) in told)
    return replace(one, items=items) if items else one


def _quoted(path: Sequence[Segment]) -> int:
    """Where a name stands by itself in quotation marks or brackets: what is said before it describes it; 0 for nowhere."""
    for at, one in enumerate(path[1:-1], 1):
        if one.items and one.how in ("exact", "short") and len(one.text) >= SHORTEST_QUOTED:
            before = next((other for other in reversed(path[:at]) if other.cues or not other.is_filler), one)
            if before.text in "“（" and path[at + 1].text in "”）":
                return at
    return 0


def _names_again(said: str, bodies: Sequence[str], things: Sequence[str]) -> bool:
    """Whether words are mostly those of a name: 做海洋预报的那个|监测预报中心, 采购空调|连安装."""
    word = said.strip(load("names.toml")["described"]["around"])
    parts = [part for part in content_words(word) if len(part) > 1]
    shared = sum(len(part) for part in parts if any(part in name for name in (*bodies, *things)))
    is_said = any(contains(name, word) for name in bodies) or any(word in name for name in things)
    return len(word) > 1 and (is_said or shared > 0.5 * sum(map(len, parts)))

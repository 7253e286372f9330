"""Descriptions linked to the printed name that they mean: 给梅州水库搬出来的老乡补粮食差价的 is 梅州水库移民粮差补贴.

A run of words of which some are no name and no cue is held against all names that the disclosures print. One name is taken only where it
bears what the run can tell, no other comes near, and nothing that is printed elsewhere is left over; else the nearest are offered.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import TYPE_CHECKING

from retrieval.figures.things import BOUGHT, Match
from retrieval.language.segments import Segment, linked
from retrieval.words.content import narrows, tells
from retrieval.words.cues import cues, fillers
from retrieval.words.folding import bare, contains
from retrieval.words.forms import GENERAL, content_words, forms_of
from retrieval.words.grammar import load
from store.money import MONEY_UNITS

if TYPE_CHECKING:
    from retrieval.names.labels import Labels

NAMED = "named"  # how a word was read that belongs to the name of the thing before it
COST = "费"
AS_GOOD = 0.9  # how sure a synonym must be to stand for the very word
DESCRIBED = 0.55  # how much of what a description tells its label must bear
APART = 0.8  # how near the next label may come
TELLING_MUCH = 10.0  # so much that a noun beside it that is printed nowhere does not matter
TELLING = 4.0  # how much a description must tell

Near = tuple[tuple[str, tuple[Match, ...]], ...]
"""Words of a question with the labels nearest to them."""


def described(path: list[Segment], near: Near, labels: Sequence[Labels]) -> tuple[list[Segment], Near]:
    """The path with descriptions of a printed name linked to it, where one name alone fits; what may be meant is offered, else."""
    out: list[Segment] = []
    offered = list(near)
    money = is_money(path)
    at = 0
    while at < len(path):
        last = at
        while last < len(path) and _may_describe(path[last]):
            last += 1
        run = path[at:last]
        while run and not run[-1].is_unread and not run[-1].items:
            run = run[:-1]
        if not any(one.is_unread for one in run):
            out += path[at : max(last, at + 1)]
            at = max(last, at + 1)
            continue
        said = "".join(one.text for one in run if one.is_unread or one.items)
        match, others = _described(said, labels, counts=not money)
        cost = "".join(one.text for one in path[at + len(run) : last][:1] if one.text == COST)
        if match is not None and not says_more(run, match) and not is_a_word_of(said + cost, match):
            whole = Segment(run[0].start, run[-1].end, "".join(one.text for one in run), 0.0)
            out.append(replace(linked(whole, [match]), how="described"))
        else:
            out += run
            if others:
                offered.append((said, tuple(others)))
        out += path[at + len(run) : last]
        at = last
    return out, tuple(offered)


def is_money(path: Sequence[Segment]) -> bool:
    """Whether a question is about money alone, by the amounts that it says or by how it asks: numbers of things are not meant."""
    units = {one.quantity.unit for one in path if one.quantity is not None}
    asked = re.search(load("names.toml")["money"]["asked"], "".join(one.text for one in path)) is not None
    return units <= MONEY_UNITS.keys() if units else asked


def says_more(run: Sequence[Segment], match: Match) -> bool:
    """Whether words that nothing explains stand beside a name that says by itself all that its label does: they narrow it."""
    named = any(item.item == match.label.item for one in run for item in one.items)
    return named and not all(
        any(form in match.label.text for form, _ in forms_of(one.text))
        for one in run
        if one.is_unread and (len(one.text.strip()) > 1 or match.label.item in BOUGHT) and tells(one.text)
    )


def is_a_word_of(said: str, match: Match) -> bool:
    """Whether a cost is named by one word that a label of something else holds (安全费 is no 校舍安全维修)."""
    return len(said) == 3 and said[-1] == COST and COST not in match.label.text and match.how in ("short", "described")


def _may_describe(one: Segment) -> bool:
    """Whether a stretch may stand in the description of one thing."""
    if one.is_unread:
        return not one.stranger and not narrows(one.text)
    if one.agencies or one.units or one.period or one.quantity or one.counter or one.table or one.is_mark or one.kind or one.stranger:
        return False
    if one.items:
        return one.how in ("words", "short", "sound") or (one.term is not None and one.term.kind in ("item", "count"))
    return one.is_filler and not one.cues


def _described(said: str, labels: Sequence[Labels], *, counts: bool) -> tuple[Match | None, list[Match]]:
    """The label that a description surely means, if one does; and those that it may mean. What `counts` things costs no money."""
    words = [word for word in content_words(bare(said)) if word not in fillers()]
    if sum(map(len, words)) < 2 or set(words) <= GENERAL:
        return None, []
    found = [(match, one) for one in labels for match in one.described(words) if counts or match.label.item not in one.counted]
    found.sort(key=lambda pair: (-pair[0].score, pair[0].label.kind == "subject"))
    unique = list({match.label.text: (match, one) for match, one in reversed(found)}.values())[::-1]
    if not unique:
        return None, []
    matches = [match for match, _ in unique[:5]]
    best, of = unique[0]
    told = of.told(words, best.label)

    def rivals(match: Match) -> bool:
        """Whether another label is as likely: not where it only says more that was not said."""
        longer = len(match.label.text) >= len(best.label.text) + 2 and of.told(words, match.label) <= told
        return match.label.item != best.label.item and best.label.text not in match.label.text and not longer

    second = next((match.score for match, _ in unique[1:] if rivals(match)), 0.0)
    whole = [word for word in words if len(word) >= 2 and not any(word in other and word != other for other in words)]
    uncovered = [word for word in whole if of.is_printed(word) and not any(form in best.label.text for form, _ in forms_of(word))]
    unprinted = [
        word for word in whole if not of.is_printed(word) and 2 * len(set(word) & set(best.label.text)) < len(set(word)) and tells(word)
    ]
    verbatim = [word for word in whole if any(form in best.label.text for form, surely in forms_of(word) if surely >= AS_GOOD)]
    doubled = [  # 仪器设备 is no 办公设备: one word of the label stands for both
        word
        for word in whole
        if word not in best.label.text and any(form in best.label.text and form in whole for form, _ in forms_of(word))
    ]
    sure = (
        best.score >= DESCRIBED
        and verbatim
        and not doubled
        and second <= APART * best.score
        and not uncovered
        and (told >= TELLING_MUCH if unprinted else told >= TELLING)
        and 3 * sum(map(len, unprinted)) <= sum(map(len, words))
    )
    return (best if sure else None), matches


def as_projects(path: Sequence[Segment], labels: Sequence[Labels]) -> list[Segment]:
    """津补贴|的|那个|专项: an account that is called a project is the one project that bears its words."""
    out = list(path)
    for at, one in enumerate(path):
        between = list(takewhile(lambda other: other.is_filler and not other.items, path[at + 1 :]))
        end = at + 1 + len(between)
        called = end < len(path) and "PROJECTS" in path[end].cues and any("REF" in other.cues for other in between)
        if called and one.term is not None and one.items:
            said = [one.text[at:] for at in range(len(one.text) - 2)]  # 发|津补贴
            fits = ([label for known in labels for label in known.projects if part in label.text] for part in said)
            near = {label.text: Match(label, 1.0, "described") for label in next(filter(None, fits), ())}
            if len(near) == 1:
                out[at] = replace(linked(replace(one, term=None), list(near.values())), how="described")
                out[end] = replace(path[end], is_filler=True, cues=frozenset(), how=NAMED)
    return out


def belonging(path: Sequence[Segment]) -> list[Segment]:
    """下属的|东升医院, 归甲局管的|老人院, 代码116005|是哪家单位: words that only say of a unit that it is one, or whose."""
    words = load("names.toml")["belonging"]
    out = list(path)
    units = [at for at, one in enumerate(path) if is_unit(one)]
    for at in units:
        before = at - 1
        while before >= 0 and ((path[before].is_filler and not path[before].items) or "REF" in path[before].cues):
            before -= 1
        if before >= 0 and "UNITS" in path[before].cues and re.fullmatch(words["below"], path[before].text):
            out[before] = replace(path[before], cues=frozenset(), is_filler=True)
        by_code = path[at].text.isdigit()
        for place, one in enumerate(path):
            whose = place > 0 and bool(path[place - 1].agencies) and one.is_unread and re.fullmatch(words["held"], one.text) is not None
            coded = by_code and (re.fullmatch(words["code"], one.text) is not None or bool(one.cues & {"BODIES", "ALLAG"}))
            if (whose or (coded and not one.items)) and len(units) == 1:
                out[place] = Segment(one.start, one.end, one.text, 0.0, is_filler=True)
    return out


def is_unit(one: Segment) -> bool:
    """Whether a stretch names one budget unit and nothing besides."""
    labelled = len(one.items) > 0 and all(item.affiliate is not None and item.item is None for item in one.items)
    return (bool(one.units) or labelled) and not one.is_each and not one.cues


def as_units(path: Sequence[Segment], labels: Sequence[Labels]) -> list[Segment]:
    """哪个|监狱: a general word that is counted or asked for is a kind of unit, where several units bear it."""
    out = list(path)
    asks = {"EACH", "ALLOF", "PAIR", "WHICH", "LISTQ"}
    for at, (before, one) in enumerate(pairwise(path), 1):
        kind = one.items and "UNITKIND" in cues().get(one.text, ()) and (before.counter is not None or before.cues & asks)
        if kind and sum(contains(unit.text[-6:], one.text) for known in labels[:1] for unit in known.units) > 1:
            out[at] = Segment(one.start, one.end, one.text, 0.0, cues=frozenset(("UNITS", "UNITKIND")))
    return out

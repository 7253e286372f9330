"""Names aligned with a text character by character, in order, over slips of sound and words between; rare characters count more.

Takes folded text; gives the runs that stand for a body, each with its weight and quality. What else is named around a run, and which of
several bodies is meant, plays no part here.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from heapq import nlargest
from itertools import pairwise

from retrieval.names.bodies import Body, departments, in_order, of_name
from retrieval.words.cues import cues
from retrieval.words.folding import is_han
from retrieval.words.gazetteer import place_at
from retrieval.words.grammar import load
from retrieval.words.lexicon import general_terms
from retrieval.words.pinyin import syllable
from store.text_index import cut, is_word

MOST_COMPARED = 48
LONG = 24  # characters: a longer text is compared clause by clause
FARTHEST = 14  # characters of a name that may be left out between two that are said
COMMON = 0.25  # how rare a character of every office is
SLIPPED = 0.6  # of its weight, what a character counts that is only heard
FEWEST = 3  # characters of a run
_ALIGNED = load("bodies.toml")["alignment"]
ENDS = frozenset[str](_ALIGNED["ends"])
"""The characters that names of bodies end in."""


@dataclass(frozen=True, slots=True)
class Fit:
    """A run of a text that stands for a body."""

    weight: float
    start: int
    end: int
    body: Body
    quality: float


@dataclass
class _Run:
    """A run of a text with the characters of a name that it bears."""

    body: Body
    start: int
    end: int
    matched: list[int] = field(default_factory=list[int])  # places in the name
    heard: list[int] = field(default_factory=list[int])  # of them those that another character of the same sound stands for
    skipped: int = 0  # words between them

    @cached_property
    def core(self) -> list[int]:
        """Of the characters matched, those behind the name's place."""
        return [at for at in self.matched if at >= self.body.place_end]

    @property
    def has_place(self) -> bool:
        """Whether it begins as the name does, or is what is short for it from the first to the last (上科大附校)."""
        return self.matched[:2] == [0, 1] or (self.matched[0] == 0 and self.to_the_end and len(self.matched) > FEWEST)

    @property
    def to_the_end(self) -> bool:
        """Whether it ends where the name does."""
        return self.matched[-1] == len(self.body.name) - 1


class Names:
    """The names of a store's bodies, by the pairs of characters and of sounds in them."""

    def __init__(self, bodies: Sequence[Body]) -> None:
        self._bodies = bodies
        self._pairs: dict[str, list[int]] = defaultdict(list)
        self._sounds: dict[tuple[str, str], list[int]] = defaultdict(list)
        self._begin: dict[str, list[Body]] = defaultdict(list)
        for at, body in enumerate(bodies):
            for pair in {one + other for one, other in pairwise(body.name)}:
                self._pairs[pair].append(at)
            for pair in set(pairwise(map(syllable, body.name))):
                self._sounds[pair].append(at)
            self._begin[body.name[0]].append(body)
        count = max(len(bodies), 2)
        frequency = Counter(c for body in bodies for c in set(body.name))
        self._rare = {c: 0.25 + 0.75 * math.log(count / many) / math.log(count) for c, many in frequency.items()}
        self._rare |= {c: min(self._rare[c], COMMON) for c in _ALIGNED["common"] if c in self._rare}

    def rarity(self, c: str) -> float:
        """How much a character tells: the fewer names bear it, the more; one that no name bears, half."""
        return self._rare.get(c, 0.5)

    def nearest(self, text: str) -> list[Body]:
        """The bodies that are compared with a text: those that share most pairs of characters or sounds with each of its clauses."""
        parts = [part for part in re.split(r"[^\w]", text) if len(part) > 2] if len(text) > LONG else [text]
        most = max(MOST_COMPARED // max(len(parts), 1), 32)
        near = [self._bodies[at] for part in parts for at in self._nearest_to(part, most)]
        begin = (body for at, c in enumerate(text[:-FEWEST]) for body in self._begin.get(c, ()) if in_order(text[at : at + 4], body.name))
        return list(dict.fromkeys((*near, *begin)))

    def _nearest_to(self, text: str, most: int) -> list[int]:
        votes: dict[int, float] = defaultdict(float)
        letters = ((self._pairs.get(one + other, ()), 1.0, 600) for one, other in set(pairwise(text)))
        sounds = ((self._sounds.get(pair, ()), 0.5, 200) for pair in set(pairwise(map(syllable, text))))
        for ids, vote, common in (*letters, *sounds):
            for at in ids if len(ids) <= common else ():
                votes[at] += vote + vote / len(ids)
        return nlargest(most, votes, key=lambda at: (votes[at], -at))

    def fits(self, text: str, bodies: Iterable[Body]) -> Iterator[Fit]:
        """The runs of a text that stand for bodies."""
        sounds = [syllable(c) for c in text]
        words = {word for word in cut(text) if len(word) == 2}
        whole = frozenset(place for at in range(len(text) - 1) if text[at : at + 2] in words for place in (at, at + 1))
        places = [(at, at + len(place)) for at in range(len(text)) if (place := place_at(text, at)) is not None]
        for body in bodies:
            for start in (at for at, c in enumerate(text[:-1]) if c in body.name):
                run = _walk(text, sounds, start, body, whole)
                fit = self._judged(text, run, places) if run is not None else None
                if fit is not None:
                    yield fit

    def _judged(self, text: str, run: _Run, places: Sequence[tuple[int, int]]) -> Fit | None:
        """How well a run stands for its body; None where something speaks against it."""
        body, start, end = run.body, run.start, run.end
        name, core, slips = body.name, run.core, len(run.heard)
        said, last = text[start:end], run.matched[-1]
        total = sum(map(self.rarity, name))
        weight = sum(self.rarity(name[at]) * (SLIPPED if at in run.heard else 1.0) for at in run.matched)
        told = sum(self.rarity(name[at]) for at in core)
        is_core = body.unit is None and said == name[body.place_end :] and "UNITKIND" in cues().get(said, ())  # 图书馆
        is_core = is_core and of_name("spends").search(text[:start]) is None
        if (said in general_terms() or said in cues()) and not is_core:
            return None
        ends = text[end - 1] in ENDS
        if not ends and not run.to_the_end and is_word(text[end - 1 : end + 1]) and not is_word(text[end - 2 : end]):
            return None  # 信访事|务
        over = next((text[a:b] for a, b in places if a < start <= b), "") if run.matched[0] or not body.place_end else ""
        if over.rstrip(_ALIGNED["levels"]) not in name:
            return None  # another place's: 云|州公安局 is not 云杭市公安局
        if end - start == len(name) == len(run.matched) and not slips:
            return Fit(weight + 1.0, start, end, body, 1.0)
        if len(core) < 2 or (len(core) == 2 and set(run.heard) & set(core)):  # 云江省检查费 is nothing of the 检察院
            return None
        office = of_name("office").search(name)
        by_office = (office is not None and last == office.start()) or "".join(name[at] for at in core) in departments()
        is_short = run.has_place and not slips and by_office and body.unit is None  # 云圳府办, 云圳城管
        enough = 0.55 if run.has_place and run.to_the_end and not slips else 1.0  # 云江高院: from the place to the last character
        if not is_short and (told < enough or not any(self.rarity(name[at]) >= 0.45 for at in core)):
            return None
        if not run.has_place and not self._says_enough(run, told, ends=ends, is_core=is_core):
            return None
        if body.unit is not None and len(core) < 3 and not ends and is_word("".join(name[at] for at in core)):
            return None  # 云广举报 is no 投诉举报中心; 云溪六高 is the 第六高级中学
        if not run.to_the_end and of_name("goes_on").match(text, end):
            return None  # 东滩街道|社区卫生服务中心 is a body of its own
        if ends and len(name) - last > 4 and of_name("below").search(name) and name[last] in _ALIGNED["above"]:
            return None  # the body above: 云山市公安局 for 云山市公安局治安支队
        quality = min(1.0, 0.62 + 0.38 * weight / total) - 0.08 * slips - 0.03 * run.skipped
        return Fit(weight - 0.4 * slips - 0.2 * run.skipped + 0.3 * (weight / total), start, end, body, quality)

    def _says_enough(self, run: _Run, told: float, *, ends: bool, is_core: bool) -> bool:
        """Whether a run without the name's place tells enough of it."""
        most = len(run.core) >= 0.4 * len(re.sub(_ALIGNED["plain"], "", run.body.name[run.body.place_end :]))
        most = most or (run.body.unit is None and run.to_the_end and len(run.core) > 3)  # 它的|执法监督局
        least = len(run.core) >= (3 if run.body.unit is None else 4)
        return most and (is_core or (told >= 2.0 and least and (ends or run.to_the_end)))


def _walk(text: str, sounds: Sequence[str], start: int, body: Body, whole: frozenset[int]) -> _Run | None:
    """The longest run from `start` whose characters stand in a name, in order; None where it is too short or too far from it.

    A character may be another of the same sound, and one may be written wrong between those that fit, unless it is part of a word.
    """
    name, at, last = body.name, start, -1
    run = _Run(body, start, start)
    while at < len(text):
        place, slip = name.find(text[at], last + 1), False
        if place - last > FARTHEST and run.matched:
            place = -1
        if place < 0 and is_han(text[at]):
            near = range(last + 1, min(last + 9, len(name)))
            place, slip = next((one for one in near if syllable(name[one]) == sounds[at]), -1), True
            may_slip = not run.heard and len(run.matched) >= 3 and at + 1 < len(text) and at not in whole
            if place < 0 and may_slip and text[at] not in _ALIGNED["never"]:
                following = name.find(text[at + 1], last + 2, last + 6)
                place = following - 1 if following > last + 1 else -1
        if place < 0:
            jump = of_name("skipped").match(text, at) if run.matched and run.skipped < 3 else None
            if jump is None:
                break
            at, run.skipped = jump.end(), run.skipped + 1
            continue
        if slip and (not run.matched or text[at - 1] in " 、"):
            break
        run.matched.append(place)
        run.heard += [place] if slip else []
        last, at = place, at + 1
        run.end = at
    enough = len(run.matched) >= FEWEST and len(run.heard) <= max(1, len(run.matched) // 3)
    return run if enough else None

"""Whom a question is about: the bodies that it names, and for a place where nothing else says who, the one agency whose texts are
about what is said."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from heapq import nlargest
from typing import TYPE_CHECKING

from retrieval.names.bodies import LEVELS, OFFICES, Body, Whose, department_behind
from retrieval.words.cues import cues, fillers
from retrieval.words.folding import bare
from retrieval.words.forms import GENERAL, forms_of
from retrieval.words.lexicon import general_terms
from store.text_index import parts_of_speech

if TYPE_CHECKING:
    from retrieval.names.store_names import StoreNames

_SHORT = re.compile(r"(?<!\w)\w{4,8}(?!\w)")  # what may be a name by itself (云台 强戒专项)
ENOUGH = 1.2  # how much words must tell of the one whose texts hold them

Span = tuple[int, int]


def whom(names: StoreNames, text: str, context: Sequence[str]) -> tuple[list[Whose], list[Span], list[str]]:
    """Who is named, the stretches that name a body which is not here, and the agencies that are meant: those of the talk or the only one
    of the store where nobody is named."""
    whose = names.whom.find(text, context)
    whose, strange = _by_texts(names, text, whose, names.whom.unknown(text, whose), context)
    sure = [one for one in whose if not one.is_place]
    agencies = list(dict.fromkeys(agency for one in sure for body in one.bodies for agency in body.agency_ids)) or list(context)
    here = names.directory.named()
    if not agencies and len(here) == 1:
        agencies = [here[0].agency_id]
    return whose, strange, agencies or [one.bodies[0].agency_ids[0] for one in whose if len(one.bodies) == 1]


def _by_texts(
    names: StoreNames, text: str, whose: list[Whose], strange: list[Span], context: Sequence[str]
) -> tuple[list[Whose], list[Span]]:
    """Whom a place stands for, with what is said behind it (云沙|辅警, 云州|驻沪办): the one agency there whose texts are about it."""
    if any(not one.is_place for one in whose):
        return whose, strange
    directory = names.directory
    for start, end, ids in directory.places_in(text):
        span = next(((a, b) for a, b in strange if a == start), None)
        known = next((known for known in whose if known.is_place and known.start == start), None)
        if span is not None and text[span[1] - 1] in OFFICES:
            continue  # 云福|晋安环境局 is another body
        if (
            (span is None and (known is None or len(known.bodies) < 2))
            or set(ids) & set(context)
            or department_behind(text, end + (text[end : end + 1] in LEVELS))
        ):
            continue
        said = text[end : span[1]] if span is not None else text[:start] + " " + text[end:]
        told = dict.fromkeys(ids, 0.0)
        for word in dict.fromkeys((*_telling(said), *(_SHORT.findall(said) if span is None else ()))):
            many = names.holding(word, ids)
            worth = len(word) * (len(ids) - len(many)) / max(len(ids) - 1, 1)  # what all of them print tells none
            for agency in ids:
                is_named = any(form in directory[agency].name for form, _ in forms_of(word))
                told[agency] += worth * (is_named + many.get(agency, 0) / (0.5 + sum(many.values())))
        chosen = _most(told.items(), ENOUGH)
        if chosen is None and span is not None:  # 云湖中心医院和|云湖第一医院
            before = (body.agency_ids[0] for one in whose if not one.is_place for body in one.bodies)
            chosen = next((one for one in before if told.get(one, 0.0) > 0), None)
        if chosen is not None:
            body = Body(bare(directory[chosen].name), (chosen,), None, end - start)
            kept = [one for one in whose if one is not known]
            whose = sorted([*kept, Whose(start, end, (body,), 0.9)], key=lambda one: one.start)
            strange = [one for one in strange if one != span]
    return whose, strange


def _most(many: Iterable[tuple[str, float]], enough: float) -> str | None:
    """Of what is counted, the one that has enough and more than twice as many as any other."""
    best = nlargest(2, many, key=lambda pair: (pair[1], pair[0]))
    return best[0][0] if best and best[0][1] >= enough and (len(best) == 1 or best[0][1] > 2 * best[1][1]) else None


def _telling(said: str) -> Iterator[str]:
    """The words that say what a question is about, without those of every question and every budget."""
    for part in re.split(r"[^\w]+", said):
        for word, kind in parts_of_speech(part):
            if (
                ((len(word) >= 2 and kind[:1] in "nvjilbsz") or (len(word) >= 4 and word.isdigit() and not word.startswith("20")))
                and word not in cues()
                and word not in fillers()
                and word not in general_terms()
                and word not in GENERAL
                and not any(form in general_terms() for form, _ in forms_of(word))
            ):
                yield word

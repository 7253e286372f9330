"""Whose publications are meant: asked back where several agencies fit, declined where it is nobody here or nothing of a budget."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from retrieval.answer.draft import Draft
from retrieval.answer.wording import say
from retrieval.figures.agencies import PLACE, Directory
from retrieval.figures.places import likeness
from retrieval.language.segments import Understood
from retrieval.names.whom import Whom
from retrieval.question import expression as q
from retrieval.question.expression import picks
from retrieval.reply.sanity import weight
from retrieval.words.grammar import load

LIKE = 0.65  # likeness of agencies' names from which the one may be meant by the other
MOST_TOLD = 6  # agencies that are told where it is asked which is meant
MOST_OPTIONS = 4
LONGEST_KIND = 4  # characters of what is only a kind of agency (教育局)
FEW_PLACES = 3  # places with agencies here, below which the one agency of a kind is meant


def stranger(directory: Directory, understood: Understood, expression: Any, strange: Sequence[str]) -> Draft | None:
    """Says that who is named is not here, with the question asked of those whose names are most like it."""
    if not strange or any(len(one.bodies) == 1 and not one.is_place for one in understood.whose):
        return None
    names = [agency.name for agency in directory.named()]
    more = say("inventory", "more", count=len(names)) if len(names) > MOST_TOLD else ""
    text = say("declined", "unknown_agency", named="、".join(strange), there="、".join(names[:MOST_TOLD]) + more)
    named = max((one for one in strange if one in understood.text), key=len, default="")
    like = [one.name for one in directory.alike(named) if one.is_named] if named else []
    near = sorted(((likeness(name, named), name) for name in like), reverse=True)
    options = tuple(understood.text.replace(named, name, 1) for score, name in near[:3] if score >= LIKE)
    is_claim = understood.verify or isinstance(expression, q.TRUTHS)
    return Draft(text, route="decline", verdict="not_found" if is_claim else None, options=options)


def off_subject(directory: Directory, understood: Understood, expression: Any, *, in_talk: bool) -> Draft | None:
    """Declines where no agency is named and nothing of a budget is asked for; asks whose, where something is and no talk says it."""
    said, words = understood.segments, load("refusals.toml")["off_subject"]
    named = any(not one.is_place and any(body.agency_ids for body in one.bodies) for one in understood.whose)
    declined = Draft(say("declined", "off_subject"), route="decline")
    if not named and not any(one.items for one in said) and any(word in understood.text for word in words["words"]):
        return declined
    if named or len(directory.named()) == 1 or (not understood.whose and any(one.agency for one in picks(expression))):
        return None
    which = None if understood.whose else ask_whose(directory, understood, [one.agency_id for one in directory.named()])
    asks = any(one.cues & {"HOWMUCH", "PERCENTQ", "SUM"} for one in said)
    about = any(one.items or one.table or one.kind == "final" or (one.is_filler and words["budget"] in one.text) for one in said)
    series = [node for node in q.walk(expression) if isinstance(node, q.Each)] if expression is not None else []
    told = expression if isinstance(expression, q.Told) else None
    content = weight(understood.unread) + (sum(map(len, told.terms)) if told is not None else 0)
    if expression is None and in_talk and 0 < content < 2:
        return None
    if expression is None and content < 2 and any("HOWMUCH" in one.cues for one in said):
        return which
    if not about and (content >= 2 or (content >= 1 and not asks and not series)):
        return declined
    if told is not None and told.what not in ("definition", "number") and content >= 2 and not understood.whose:
        return declined  # 社保卡丢了咋补
    if any(one.over == "agencies" for one in series) or (told is not None and told.what == "definition"):
        return None
    return which if about or series else None


def asked_back(whom: Whom, understood: Understood, expression: Any, before: Sequence[str]) -> Draft | None:
    """Asks whose is meant where several agencies fit what was said; `before` are those that the talk was about."""
    ids = understood.ambiguous
    if (whole := _all_of_a_place(whom.directory, understood)) is not None:
        return whole
    if len(ids) < 2:
        generic = generic_of(whom, understood, before)
        return None if generic is None else ask_whose(whom.directory, understood, generic)
    together = any(isinstance(node, q.Each) and node.over == "agencies" and node.of.there for node in q.walk(expression))
    if together or {one.agency for one in picks(expression)} >= set(ids):
        return None
    return ask_whose(whom.directory, understood, ids)


def ask_whose(directory: Directory, understood: Understood, ids: Sequence[str]) -> Draft:
    """Asks whose is meant: first the agencies that share most with the words that nothing explains and with the place that is said,
    each in the place of the words that it shares most with."""
    text = understood.text
    said = [(one.start, one.end) for one in understood.whose]
    said += [(one.start, one.end) for one in understood.segments if one.is_unread or one.stranger or "BODIES" in one.cues]
    shared = {one: sum(_shared(text[a:b], directory[one].name) for a, b in said) for one in ids}
    names = [directory[one].name for one in sorted(ids, key=lambda one: -shared[one])]
    options: list[str] = []
    for name in names[:MOST_OPTIONS]:
        start, end = max(said, key=lambda span: _shared(text[slice(*span)], name), default=(0, 0))
        start, end = (start, end) if _shared(text[start:end], name) else (0, 0)
        before = next((a for a, b in said if b == start < end), start)  # 云台|水务局: the place right before it is a part of it
        options.append(text[:before] + name + text[end:])
    told = say("clarify", "which_agency", there="、".join(names[:MOST_TOLD]))
    return Draft(told, route="clarify", options=tuple(dict.fromkeys(options)))


def _shared(said: str, name: str) -> int:
    """How much of what was said stands in a name: its characters, and twice its pairs of them."""
    pairs = sum(said[at : at + 2] in name for at in range(len(said) - 1))
    return 2 * pairs + (sum(c in name for c in set(said)) if pairs or len(said) < 4 else 0)


def generic_of(whom: Whom, understood: Understood, before: Sequence[str] = ()) -> tuple[str, ...] | None:
    """The one agency here of a kind that every city has, where no place is said, nor in the talk `before`, and several cities are here."""
    found = [one for one in understood.whose if not one.is_place and len(one.bodies) == 1 and one.bodies[0].unit is None]
    if len(found) != 1 or found[0].is_placed:
        return None
    body, said = found[0].bodies[0], understood.text[found[0].start : found[0].end]
    place = PLACE.match(body.name)
    of_unit = any(one.unit is not None and one.place_end for whose in understood.whose for one in whose.bodies)
    if of_unit or body.name[: body.place_end] in whom.places_of(before) or (place is not None and place[1][:2] in understood.text):
        return None  # 云溪学院占市教育局, 教育局 after 云台市统计局, 云台火车站…，交通局: the place is said
    is_kind = len(said) <= LONGEST_KIND and body.place_end > 0 and said[0] != body.name[0]
    if not is_kind or re.search(load("refusals.toml")["whose"]["names_itself"], said) is not None:
        return None
    places = {one.name[: one.place_end] for one in whom.bodies if one.unit is None and one.place_end}
    return body.agency_ids if len(places) >= FEW_PLACES else None


def _all_of_a_place(directory: Directory, understood: Understood) -> Draft | None:
    """Asks back which agency of a place is meant where all of it is said: what they spend together is published nowhere."""
    pattern = load("refusals.toml")["whole_place"]["pattern"]
    if len(understood.whose) != 1 or not understood.whose[0].is_place or re.search(pattern, understood.text) is None:
        return None
    place = understood.whose[0]
    names = [directory[one].name for one in dict.fromkeys(body.agency_ids[0] for body in place.bodies)]
    before, behind = (re.sub(pattern, "", part) for part in (understood.text[: place.start], understood.text[place.end :]))
    text = say("clarify", "no_whole", place=understood.text[place.start : place.end], there="、".join(names[:MOST_TOLD]))
    return Draft(text, route="clarify", options=tuple(f"{before}{name}{behind}" for name in names[:MOST_OPTIONS]))

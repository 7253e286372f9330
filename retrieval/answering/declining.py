"""What is said where no figure is put forward: to what is no question, for what is not published, and why two amounts are not added up."""

from __future__ import annotations

import re
from typing import Any

from retrieval.answer.draft import Draft
from retrieval.answer.evidence import cite_blank
from retrieval.answer.values import Amount, Missing
from retrieval.answer.wording import KIND_NAMES, say, shown, what, when
from retrieval.answering.telling import within_of
from retrieval.figures.places import Desk, Fact
from retrieval.language.segments import Understood
from retrieval.question import expression as q
from retrieval.words.folding import HAN
from retrieval.words.grammar import load

A_FEW = 4  # characters that a greeting may have besides its words
MOST_OPTIONS = 4
_WORDS = re.compile(rf"[{HAN}\d]|[a-z]{{3}}")


def no_question(text: str) -> Draft | None:
    """The reply to a folded text that asks nothing; None where it may ask something."""
    words = load("refusals.toml")
    greetings = [word for word in words["whole"]["greeting"] if word in text]
    if not text.strip():
        reason = "empty"
    elif not _WORDS.search(text) or any(re.search(one, text) for one in words["command"]["patterns"]):
        reason = "not_a_question"
    elif greetings and len(text) <= max(map(len, greetings)) + A_FEW:
        reason = "greeting"
    else:
        return None
    return Draft(say("declined", reason), route="decline")


def not_read(understood: Understood) -> tuple[str, bool]:
    """Which words did nothing, or why nothing is published for them; and whether it is this that is said."""
    left = (*understood.unread, *understood.ignored)
    said, known = "，".join(one.text for one in left), load("refusals.toml")
    for reason, words in known["inside"].items():
        of_pay = reason != "personal" or any(word in understood.text for word in known["personal"]["pay"])
        if of_pay and re.search("|".join(words), said):
            return say("declined", reason), True
    unread = "、".join(dict.fromkeys(one.text for one in left if not one.is_light))
    return (say("declined", "unread", words=unread) if unread else say("declined", "not_understood")), False


def missing(desk: Desk, found: Missing, understood: Understood, expression: Any) -> Draft:
    """Says what is not here."""
    pick = found.pick
    agency = desk.directory[pick.agency] if pick is not None and pick.agency is not None else None
    who = agency.name if agency else ""
    verdict = "not_found" if understood.verify and _is_absent(found, understood, expression) else None
    blank = next((fact for fact in found.found if isinstance(fact, Fact) and fact.blank is not None), None)
    if found.why == "none_moved":
        return _none_moved(found, next(node.series for node in q.walk(expression) if isinstance(node, q.By)))
    if found.why == "contained" and len(found.found) == 2:
        return _contained(*found.found)
    if found.why == "unknown_year" and agency is not None:
        there = [(one.year, one.kind or "budget") for one in agency.disclosures if one.year]
        told = "、".join(say("inventory", "year", year=year) + KIND_NAMES[kind] for year, kind in there)
        text = say("declined", "unknown_year", who=who, named=found.named, kind=say("inventory", "either"), there=told)
        options = dict.fromkeys(_of_year(understood.text, found.named, year, kind) for year, kind in reversed(there))
        return Draft(text, route="decline", verdict=verdict, options=tuple(options)[:MOST_OPTIONS])
    if blank is not None and blank.blank is not None and verdict is None:
        note = f"（{blank.blank.note}）" if blank.blank.note else ""
        name = "empty_form" if blank.blank.is_empty_form else "none_printed"
        text = say("lookup", name, who=who, when=when(blank.place), what=what(blank.asked), table=blank.blank.table, note=note)
        return Draft(text, cited=(cite_blank(blank.blank, blank.place, *desk.file_of(blank.place)),))
    named = found.named or (pick.item.said if pick and pick.item else "")
    text = say("declined", "unknown_item" if named else "no_answer", who=who, when="", named=named)
    return Draft(text, route="decline", verdict=verdict)


def _of_year(text: str, said: str, year: int, kind: str) -> str:
    """The question about a year that is published."""
    told = text.replace(said, str(year), 1)
    for other in KIND_NAMES.values():
        told = told.replace(other, KIND_NAMES[kind], 1)
    return told


def _is_absent(found: Missing, understood: Understood, expression: Any) -> bool:
    """Whether a claim was wholly understood, and what it is about is not published: where it is narrowed or made of several figures, these
    may only stand elsewhere."""
    item = found.pick.item if found.pick is not None else None
    if found.why == "unknown_year":
        return not understood.unread
    if found.why not in ("unknown_item", "no_members", "no_words") or understood.unread or understood.ignored:
        return False
    if any("ABSENT" in one.cues for one in understood.segments) or any(isinstance(one, Amount) for one in found.found):
        return False  # that nothing is printed is no word against 没有
    if any(isinstance(node, (q.Nth, q.Each, q.By, q.Ratio, q.Minus, q.Less)) for node in q.walk(expression)):
        return False
    return item is None or not (item.table or item.under or item.portion or item.code or item.affiliate)


def _none_moved(found: Missing, series: Any) -> Draft:
    """That nothing of a series rose, or nothing fell, with the figures that show it."""
    amounts = [one for one in found.found if isinstance(one, Amount)]
    one_year = {one.place.year for one in amounts if one.place is not None}
    place = amounts[0].place if len(one_year) == 1 else None
    who = "" if len({one.who for one in amounts}) > 1 else amounts[0].who
    against = say("verdict", "year_before") if place is None else say("inventory", "year", year=place.year - 1)
    verb = say("verbs", "increase" if found.named == "up" else "decrease")
    at = when(place) if place is not None else ""
    text = say("ranked", "changed_none", who=who, when=at, within=within_of(series), against=against, verb=verb)
    return Draft(text, (), tuple(dict.fromkeys(reading for one in amounts for reading in one.readings)))


def _contained(whole: Amount, part: Amount) -> Draft:
    """Why two amounts are not added up: the one is in the other already."""
    at = when(whole.place) if whole.place is not None else ""
    amounts = {"when": at, "amount": shown(whole.value), "part_amount": shown(part.value)}
    of_bodies = whole.who != part.who
    if of_bodies:
        text = say("computed", "contained", whole=whole.who, part=part.who, what=whole.label, **amounts)
    else:
        text = say("computed", "contained_item", whole=whole.label, part=part.label, who=whole.who, **amounts)
    values = (whole.value, part.value) if of_bodies else ()  # of two bodies the one is the sum
    return Draft(text, values, (*whole.readings, *part.readings))

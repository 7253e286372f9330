"""The question read by a model, as the same typed Plan that the rules make; kept only where the question bears it out.

The model sees the question, the earlier turns, the years that are published and names of the published classifications.
It sees no text of a document: the plan is fixed before any is read.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cache

from prompts import load
from retrieval.model.grounds import Grounds, borne_out, grounding_words
from retrieval.model.replies import ItemReply, PlanReply
from retrieval.model.session import Refused, Session
from retrieval.plan import Asked, Plan
from retrieval.planner import Planner
from retrieval.reading import fold
from store.vocabulary import vocabulary

MOST_NAMES = 90
MOST_AGENCIES = 60  # that one question ranges over
LONGEST_QUESTION = 600  # characters that a model is sent

OPERATIONS = """\
lookup: the figure of each item. sum: items, or one item over agencies or years, added up. difference: by how much two differ.
share: items[0] as a part of base. growth: change against an earlier year in percent. trend: one item over the years.
rank: which of many is most or least (order). compare: which of the named is larger. list: all parts of `within`.
count: a number of things. define: what a term means. explain: reasons, duties. decline: none of these."""


@dataclass(frozen=True, slots=True)
class Understood:
    """What a model made of a question: a plan that the question bears out, or names that it only guessed."""

    plan: Plan | None
    guessed: tuple[str, ...] = ()


def understand(session: Session, planner: Planner, rules: Plan, grounds: Grounds, dialog: Sequence[str]) -> Understood | None:
    """What the model makes of the question that the rules read as `rules`; None where no usable reply came."""
    values = {
        **about(rules, planner, grounds), "earlier": quoted("\n".join(dialog)[-LONGEST_QUESTION:]), "operations": OPERATIONS}
    return session.ask("understanding", load("plan"), values, PlanReply, lambda reply: _understood(reply, planner, rules, grounds))


def about(rules: Plan, planner: Planner, grounds: Grounds) -> dict[str, str]:
    """What a model is told of a question: the question, and what stands in it or in the published classifications.

    What is the same for every question (`usual`, `years`) stands first in a prompt, so that servers keep it read.
    """
    return {
        "question": quoted(rules.question[:LONGEST_QUESTION]), "agencies": _agency_names(planner, grounds), "years": _years_of(planner),
        "named": "、".join(sorted(grounds.names & _general_names())[:MOST_NAMES]) or "(none)", "usual": "、".join(_usual_names())}


def quoted(text: str) -> str:
    """Text of strangers as data: nothing in it closes the tag that it stands in."""
    return text.replace("<", "＜").replace(">", "＞")


def _agency_names(planner: Planner, grounds: Grounds) -> str:
    """The full names of the agencies that the question names: no others are shown to a model."""
    names = (planner.directory[agency_id].name for agency_id in sorted(grounds.agencies))
    return "、".join(name for name in names if all("\u4e00" <= c <= "\u9fff" for c in name)) or "(none named)"


def _years_of(planner: Planner) -> str:
    """The years that anything is published for."""
    return ", ".join(map(str, sorted({year for agency in planner.directory.agencies.values() for year in agency.years()})))


@cache
def _usual_names() -> tuple[str, ...]:
    """Names of the published classifications, the usual ones. None comes from a document."""
    return tuple(dict.fromkeys(entry.item for entry in vocabulary().items))[:MOST_NAMES]


@cache
def _general_names() -> frozenset[str]:
    known = vocabulary()
    return frozenset((*(known.canonical_item(code.name) for code in known.codes), *(entry.item for entry in known.items)))


def _understood(reply: PlanReply, planner: Planner, rules: Plan, grounds: Grounds) -> Understood:
    """The reply as a plan. Raises Refused where it contradicts the question's own words."""
    if reply.operation == "decline":
        return Understood(None)
    _check_places(reply, planner, grounds)
    guessed: list[str] = []

    def asked(item: ItemReply) -> Asked | None:
        found = grounds.item(item.said, item.name, planner.lexicon)
        if found is None:
            if grounds.known(item.name, planner.lexicon) is None:
                raise Refused(f"{item.name} is no published name")
            guessed.append(item.name)
            return None
        if (item.fund is not None and found.fund != item.fund) or (item.portion is not None and found.portion != item.portion):
            raise Refused(f"the question does not say the fund or portion of {item.name}")
        return found

    items = tuple(dict.fromkeys(one for item in reply.items if (one := asked(item)) is not None))
    base = asked(reply.base) if reply.base is not None else None
    within = asked(reply.within) if reply.within is not None else None
    if guessed:
        return Understood(None, tuple(dict.fromkeys(guessed)))
    named = [one for one in (*items, base, within) if one is not None]
    if grounds.unread:
        raise Refused(f"what {grounds.unread[0]} means is not known")
    left = grounds.left_out(named)
    if left:
        raise Refused(f"the question also names {left[0]}")
    if not named and reply.operation not in ("define", "explain", "list", "rank"):
        raise Refused("no item is named")
    if not borne_out(grounds, reply.operation) or grounds.against(reply.operation) is not None:
        raise Refused(f"the question does not ask for {reply.operation}")
    _check_order(reply, grounds)
    over = reply.over
    if over == "agencies" and not grounds.any_agency and len(grounds.agencies) < 2:
        raise Refused("the question does not range over agencies")
    if over == "agencies" and grounds.any_agency and len(planner.directory.agencies) > MOST_AGENCIES:
        raise Refused("there are too many agencies to range over")
    agencies = rules.agencies
    if over == "agencies" and not agencies:
        agencies = tuple(planner.directory.agencies)[:MOST_AGENCIES]
    return Understood(
        replace(
            rules, agencies=agencies, operation=reply.operation, items=items, base=base, within=within, over=over, unit=rules.unit,
            order=reply.order, limit=rules.limit or reply.limit, wants_reason=rules.wants_reason, reason=None, options=(), named=None,
            extra=(), claims=()))


def _check_places(reply: PlanReply, planner: Planner, grounds: Grounds) -> None:
    """Agencies, years and kind as the rules read them. Raises Refused."""
    named: set[str] = set()
    for name in reply.agencies:
        found = planner.directory.find(fold(name)).found
        if len(found) != 1 or len(found[0].agency_ids) != 1:
            raise Refused(f"{name[:40]} is not an agency that the question names")
        named.add(found[0].agency_ids[0])
    if named - grounds.agencies or (named and named != set(grounds.agencies)):
        raise Refused("the agencies are not those that the question names")
    if set(reply.years) - grounds.years and grounds.years:
        raise Refused("the years are not those that the question names")
    if reply.kind is not None and grounds.kind is not None and reply.kind != grounds.kind:
        raise Refused("the kind is not the one that the question names")


def _check_order(reply: PlanReply, grounds: Grounds) -> None:
    """What is ranked, and which end of it, as the question says. Raises Refused."""
    words = grounding_words()
    most, least = bool(words.says("most", grounds.text)), bool(words.says("least", grounds.text))
    if reply.operation == "rank" and (most == least or reply.order != ("most" if most else "least")):
        raise Refused("the order is not the one that the question asks for")
    if reply.operation not in ("rank", "compare"):
        return
    over = {"years": grounds.any_year or len(grounds.years) > 1, "agencies": grounds.any_agency or len(grounds.agencies) > 1}
    ranges = [name for name, is_so in over.items() if is_so]
    if (ranges and reply.over not in ranges) or (reply.over in over and reply.over not in ranges):
        raise Refused(f"the question does not range over {reply.over}")

"""One question in, one answer out: read, chosen, evaluated, told, checked.

Nothing is put forward for words that were not understood: the reply then says which they were, and offers questions that are.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Callable, Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from pathlib import PurePath
from typing import Any

from retrieval.answer.answer import Answer
from retrieval.answer.draft import Draft
from retrieval.answer.values import Amount, Judged, Missing, Result
from retrieval.answer.wording import say
from retrieval.answering import judging, quoting
from retrieval.answering.asked import amount_told, named_in_prose
from retrieval.answering.by_words import by_words, goals
from retrieval.answering.declining import missing, no_question, not_read
from retrieval.answering.dressing import dressed, joined
from retrieval.answering.judging import in_prose, prints_claimed
from retrieval.answering.telling import tell
from retrieval.answering.told import told
from retrieval.evaluating import changes, series, sums
from retrieval.evaluating import picks as picked
from retrieval.evaluating.evaluator import Evaluator
from retrieval.figures.agencies import UNNAMED, Directory, Disclosure
from retrieval.figures.cells import Shelf
from retrieval.figures.places import Desk
from retrieval.figures.query import ALL_ROWS, Rows, equals, run, select
from retrieval.language.reader import Reader
from retrieval.language.segments import Understood
from retrieval.names.nameless import Nameless
from retrieval.names.store_names import StoreNames
from retrieval.names.whom import Whom
from retrieval.prose.counts import asked_counter
from retrieval.question import expression as q
from retrieval.question.expression import Pick, picks
from retrieval.question.plan import Plan
from retrieval.reply.explaining import plan_of, understanding
from retrieval.reply.inventory import inventory
from retrieval.reply.meant import asked_again, whole, with_totals
from retrieval.reply.offering import offers, read_otherwise
from retrieval.reply.sanity import doubts
from retrieval.reply.turns import Turn, read_turn
from retrieval.reply.whose import ask_whose, asked_back, generic_of, off_subject, stranger
from retrieval.words.folding import fold
from retrieval.words.grammar import load
from store.errors import SqlRefused
from store.money import MONEY_UNITS

LOG = logging.getLogger(__name__)
FAILURES = (
    ArithmeticError, AttributeError, AssertionError, LookupError, TypeError, ValueError, TimeoutError, RecursionError, SqlRefused,
)  # fmt: skip
MOST_TURNS = 20  # of a talk, that a question may point back to
MOVING = frozenset(("UP", "DOWN", "PRIOR", "SHARE", "RATIO", "DIFF", "SUM", "ABSENT", "EACH"))
"""Cues of a claim that is about more than the figure itself."""
FUNCTIONS: Mapping[type[Any], Callable[[Evaluator, Any], Result]] = {
    Pick: picked.value_of_pick,
    q.Sum: sums.total, q.Minus: sums.minus, q.Less: sums.less, q.Mean: sums.mean, q.Ratio: sums.ratio,
    q.Change: changes.change,
    q.Each: series.each, q.Named: series.named, q.By: series.by, q.Where: series.where,
    q.Top: series.top, q.Nth: series.nth, q.Place: series.place_of, q.Count: series.count,
    q.Holds: judging.holds, q.Same: judging.same, q.Turned: judging.turned, q.Exists: judging.exists, q.All: judging.all_of,
    q.Told: told, q.Quote: quoting.quote,
}  # fmt: skip
"""What gives the value of each type of node."""


def directory_of(snapshot: Rows) -> tuple[Directory, tuple[Nameless, ...]]:
    """The agencies of a snapshot with their disclosures, and the disclosures that print no agency, known by the folder that they lay in."""
    columns = ("disclosure_id", "agency_id", "agency", "year", "kind", "scope", "affiliate_of", "region", "title", "file")
    order = ("agency", "year", "kind", "disclosure_id")
    disclosures: list[Disclosure] = []
    nameless: list[Nameless] = []
    for *row, file in run(snapshot, select("disclosures", columns, equals("edition_rank", 1), order=order), ALL_ROWS)[1]:
        if row[1] is None or row[2] is None:
            agency_id = f"{UNNAMED}{row[0]}"
            folder = say("assumed", "folder", folder=PurePath(file).parent.name or PurePath(file).name)
            disclosures.append(Disclosure(row[0], agency_id, folder, row[3], row[4], row[5], None, None))
            nameless.append(Nameless.of(agency_id, file, _spent_on(snapshot, row[0])))
        else:
            disclosures.append(Disclosure(*row))
    return Directory.of(disclosures), tuple(nameless)


def _spent_on(snapshot: Rows, disclosure_id: str) -> dict[str, Decimal]:
    """What a disclosure spends by function."""
    chosen = (equals("disclosure_id", disclosure_id), equals("classification", "functional"))
    amounts: dict[str, Decimal] = {}
    for item, amount in run(snapshot, select("disclosed_figures", ("item", "amount"), *chosen), ALL_ROWS)[1]:
        amounts[item] = max(amounts.get(item, Decimal(0)), amount or Decimal(0))
    return amounts


def evaluator_of(desk: Desk, question: str = "", unit: str | None = None) -> Evaluator:
    """An evaluator for a question over one open snapshot."""
    return Evaluator(desk, FUNCTIONS, amount_told, question, unit)


@dataclass
class Asker:
    """Answers questions about one open snapshot, by its grammar."""

    snapshot: Rows
    desk: Desk
    reader: Reader
    is_silent: bool = False  # offers no questions where it has no answer
    talk: tuple[Turn, ...] = ()  # the turns that a question to click would follow

    @classmethod
    def of(cls, snapshot: Rows) -> Asker:
        """An asker with its names read from the snapshot."""
        directory, nameless = directory_of(snapshot)
        shelf = Shelf(snapshot)
        of_units = select("disclosed_figures", ("row_label", "agency_id"), equals("classification", "affiliate")).distinct()
        units = [(label, agency_id) for label, agency_id in run(snapshot, of_units, ALL_ROWS)[1]]
        desk = Desk(snapshot, directory, shelf, partial(named_in_prose, snapshot))
        return cls(snapshot, desk, Reader(StoreNames(snapshot, directory, shelf, Whom.of(directory, units, nameless))))

    def ask(self, question: str, dialog: Sequence[str] = ()) -> Answer:
        """The answer to `question`; `dialog` holds the earlier user turns, oldest first."""
        started = time.perf_counter()
        try:
            answer = self._answer(question, dialog)
        except FAILURES:
            LOG.exception("a question could not be answered")
            answer = Answer("decline", say("declined", "not_understood"), Plan(question, question, "decline"))
        return replace(answer, snapshot=self.snapshot.id, milliseconds=(time.perf_counter() - started) * 1000)

    def turn(self, question: str, turns: Sequence[Turn]) -> list[Turn]:
        """The readings of a question in a talk, best first."""
        return read_turn(self.reader, question, turns)

    def answer_to(self, question: str, understood: Understood, expression: Any) -> Answer:
        """The answer that an expression gives, whoever made it of the question. Raises what evaluating it raises."""
        filled = with_totals(expression)
        answer = dressed(self.desk, plan_of(question, understood, filled), self._told(filled, understood), understood)
        return replace(answer, snapshot=self.snapshot.id)

    def is_generic(self, understood: Understood) -> bool:
        """Whether the one agency here of a kind that every city has is named without its city: whose is meant is asked back."""
        return generic_of(self.reader.names.whom, understood) is not None

    def _answer(self, question: str, dialog: Sequence[str]) -> Answer:
        if (refused := no_question(fold(question))) is not None:
            return Answer(refused.route, refused.text, Plan(question, fold(question), "decline"))
        turns: list[Turn] = []
        for said in dialog[-MOST_TURNS:]:
            turns.append(self.turn(said, turns)[0].undecided())
        readings = self.turn(question, turns)
        whole_readings = [(one.understood, None if one.expression is None else with_totals(one.expression)) for one in readings]
        following = replace(self, talk=(*turns, readings[0].undecided()))
        answer = following._reply(question, readings[0], bool(turns))
        return replace(answer, understood=understanding(whole_readings, self._names))

    def _reply(self, question: str, best: Turn, in_talk: bool) -> Answer:
        """The answer to the reading that was chosen."""
        plan = plan_of(question, best.understood, best.expression)
        if (draft := inventory(self.desk, best.understood, best.about)) is not None:
            plan = replace(plan, operation="list")
        elif (draft := goals(self.desk, best.understood, best.about)) is not None:
            plan = replace(plan, operation="explain")
        else:
            draft = self._draft(best, in_talk)
        return dressed(self.desk, plan, draft, best.understood)

    def _draft(self, best: Turn, in_talk: bool) -> Draft:
        """What is said to a question for figures or words: whose is meant is settled first, then what speaks against the reading."""
        understood, expression, directory = best.understood, best.expression, self.desk.directory
        if (draft := stranger(directory, understood, expression, best.strange)) is not None:
            return draft
        if isinstance(expression, q.Each) and expression.of.agency is None and expression.of.item is not None and expression.of.item.parts:
            expression = q.Told("definition", expression.of)  # 水电费包括什么
        if (draft := off_subject(directory, understood, expression, in_talk=in_talk and bool(best.agencies))) is not None:
            return draft
        if expression is None:
            return self._not_understood(understood)
        if (draft := asked_back(self.reader.names.whom, understood, expression, best.before)) is not None:
            return draft
        doubted = doubts(understood, expression, in_talk)
        understood = replace(understood, unread=doubted.unread, ignored=doubted.ignored)
        open_to_prose = doubted.reasons & {"unread", "undone"} and "unlikely" not in doubted.reasons
        if open_to_prose and (draft := self._by_prose(understood, expression)) is not None:
            return draft
        if doubted.reasons and not doubted.is_told_anyway:
            return self._not_understood(understood, expression)
        expression = whole(expression, understood)
        draft = self._told(expression, understood)
        counted = isinstance(expression, Pick) and bool(draft.values) and draft.values[0].unit not in MONEY_UNITS
        if counted and _asks_money(understood):
            return self._not_understood(understood, expression)  # how many there are is no amount of money
        if draft.route == "narrative" and not (draft.values or draft.options or draft.verdict or self.is_silent):
            draft = replace(draft, options=read_otherwise(understood, expression, self._names, self._answers))
        return draft

    def _told(self, expression: Any, understood: Understood) -> Draft:
        """What an expression evaluates to, told; of several questions in one the answers one behind the other."""
        if not isinstance(expression, q.Both):
            return self._part(evaluator_of(self.desk, understood.text, understood.unit), expression, understood)
        clauses = [one for one in re.split("[，。？；]", understood.text) if asked_counter().search(one)]
        counts = len(clauses) == len(expression.parts)  # 有几辆，还要买几辆: each is counted by its own words
        texts = clauses if counts else [understood.text] * len(expression.parts)
        drafts = [
            self._part(evaluator_of(self.desk, text, understood.unit), part, understood)
            for text, part in zip(texts, expression.parts, strict=True)
        ]
        if drafts[0].route == "decline" and not asked_again(expression):
            return drafts[0]  # what is told besides is no answer to what was asked first
        shared = isinstance(expression.parts[-1], q.Ratio) and expression.parts[0] in q.walk(expression.parts[-1])
        if shared and len(drafts) == 2 and drafts[1].values:  # 哪个最大？占几成: the share is asked last
            return replace(joined(drafts), values=tuple(dict.fromkeys((drafts[1].values[0], *joined(drafts).values))))
        return joined(drafts)

    def _part(self, evaluator: Evaluator, expression: Any, understood: Understood) -> Draft:
        """What one expression evaluates to, told; where there is nothing, what the prose says instead, or what is missing."""
        value = evaluator.whole(expression)
        if isinstance(value, Missing):
            if value.why == "which_agency":
                return ask_whose(self.desk.directory, understood, [one.agency_id for one in self.desk.directory.named()])
            found = self._by_prose(understood, expression) if value.why == "unknown_item" else None
            found = found or (self._in_its_words(understood, expression) if value.why != "none_moved" else None)
            if found is not None:
                return found
            counted = isinstance(expression, q.Told) and expression.what == "number" and expression.about.item is not None
            printed = evaluator.value(expression.about) if counted else None
            if isinstance(printed, Amount) and printed.readings:  # 有几个培训费: its amount is shown, and that it is no answer
                draft = Draft(say("fallback", "only_printed"), readings=printed.readings, route="decline")
            else:
                known = understood.verify and not prints_claimed(evaluator, expression)  # under a name that was not found
                draft = missing(self.desk, value, replace(understood, verify=known), expression)
            return self._with_offers(draft, understood, expression)
        if isinstance(value, Judged) and (understood.ignored or (value.verdict == "supported" and understood.reasons)):
            value = replace(value, verdict=None)  # what had no effect may be what makes it true or false; no figure proves a reason
        draft = tell(expression, value)
        assert draft is not None
        if isinstance(expression, q.Change) and re.search(load("refusals.toml")["percent"]["asked"], understood.text):
            draft = replace(draft, values=tuple(sorted(draft.values, key=lambda one: one.unit != "%")))  # 降了多少（百分比）
        notes = [note for note in dict.fromkeys(evaluator.notes) if note not in draft.text]
        return replace(draft, assumptions=(*draft.assumptions, *notes))

    def _by_prose(self, understood: Understood, expression: Any) -> Draft | None:
        """The verdict on one claimed figure of something that only prose names, in words that are no printed name."""
        segments = understood.segments
        said = [one.quantity for one in segments if one.quantity is not None]
        is_claim = understood.verify or isinstance(expression, q.TRUTHS)
        asks = not understood.verify and any(one.cues & {"HOWMUCH", "LEFT"} for one in segments)
        if not is_claim or asks or len(said) != 1 or any(one.cues & MOVING for one in segments if not one.is_filler):
            return None
        words = [one.text.strip() for one in segments if (one.is_unread and not one.is_light) or one.items]
        about = next(iter(picks(expression)), Pick())
        claimed = next((one for one in q.walk(expression) if isinstance(one, q.Holds)), None)
        claim = q.Holds(about, "is" if claimed is None else claimed.relation, said[0])
        judged = in_prose(evaluator_of(self.desk, understood.text), about, [word for word in words if len(word) >= 2], claim)
        return None if judged is None else tell(expression, judged)

    def _not_understood(self, understood: Understood, expression: Any = None) -> Draft:
        """Says which words did nothing, and offers questions that are understood."""
        text, is_unpublished = not_read(understood)
        if not is_unpublished and (told := self._in_its_words(understood, expression)) is not None:
            return told
        return self._with_offers(Draft(text, route="decline"), understood, expression)

    def _in_its_words(self, understood: Understood, expression: Any) -> Draft | None:
        """What the prose of the one agency that is asked about says in the question's own words."""
        asked = picks(expression)
        whose = {one.agency for one in asked if one.agency is not None}
        years = {one.year for one in asked}
        if self.is_silent or len(whose) != 1 or len(years) != 1 or any(one.earlier for one in asked):
            return None
        return by_words(self.desk, understood, whose.pop(), years.pop())

    def _with_offers(self, draft: Draft, understood: Understood, expression: Any) -> Draft:
        """A draft that declines, with questions near to this one, each of which has an answer."""
        if self.is_silent or draft.options or draft.route != "decline":
            return draft
        own = [one.agency for one in picks(expression) if one.agency is not None]
        whose = [one.bodies[0].agency_ids[0] for one in understood.whose if one.bodies and not one.is_place]
        here = [one.agency_id for one in self.desk.directory.named()]
        agency = next(iter((*own, *whose, *(here if len(here) == 1 else ()))), None)
        printed = self.reader.names.labels(agency) if agency is not None else ()
        return replace(draft, options=offers(understood, expression, self._names, agency, printed, self._answers))

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {agency_id: agency.name for agency_id, agency in self.desk.directory.agencies.items()}

    @cached_property
    def _silent(self) -> Asker:
        return replace(self, is_silent=True, talk=())

    def _answers(self, question: str) -> Hashable:
        """What a question is answered by, where it follows in the talk: figures or words of a disclosure; None where it is not."""
        try:
            answer = self._silent._reply(question, self.turn(question, self.talk)[0], bool(self.talk))
        except FAILURES:
            return None
        if answer.route in ("decline", "clarify") or not answer.citations:
            return None
        return answer.verdict, answer.values or answer.citations[0].quote or answer.text


def _asks_money(understood: Understood) -> bool:
    """Whether an amount of money is asked for in so many words."""
    unit = load("names.toml")["money"]["unit"]
    return any(re.search(unit, one.text) for one in understood.segments if "HOWMUCH" in one.cues or one.is_filler)

"""One question in, one answer out: read, chosen, evaluated, told, checked.

Nothing is put forward for words that were not understood: the reply then says which they were, and offers questions that are.
"""

from __future__ import annotations

import logging
import re
import time
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import cached_property, partial
from itertools import islice
from pathlib import PurePath
from typing import Any

from retrieval.answer.answer import Answer, Citation, Value
from retrieval.answer.draft import Draft
from retrieval.answer.evidence import citations, cite_blank, query_of, sum_of
from retrieval.answer.number_check import allowed, without_unproved
from retrieval.answer.values import Amount, Judged, Listing, Missing, Words
from retrieval.answer.wording import say, shown, what, when
from retrieval.answering.by_words import by_words
from retrieval.answering.declining import no_question, why_unpublished
from retrieval.answering.evaluate import SPENDING, Evaluator
from retrieval.answering.explaining import understanding
from retrieval.answering.goals import goals
from retrieval.answering.inventory import inventory
from retrieval.answering.judging import in_prose, prints_claimed
from retrieval.answering.offering import MOST_OPTIONS, offers, read_otherwise
from retrieval.answering.sanity import doubts, is_whole, weight
from retrieval.answering.telling import tell, within_of
from retrieval.answering.told import named_in_prose
from retrieval.figures.cells import Shelf
from retrieval.figures.places import Desk, Fact, likeness
from retrieval.figures.query import ALL_ROWS, Rows, equals, run, select
from retrieval.language.lattice import LOOSELY
from retrieval.language.phrases import BODIES, INCOME, is_fund, is_total
from retrieval.language.reader import Reader, Understood
from retrieval.language.talk import compares, continued, left_off, unheard
from retrieval.names.agencies import PLACE, UNNAMED, Directory, Disclosure
from retrieval.names.nameless import Nameless
from retrieval.names.store_names import StoreNames
from retrieval.names.whom import Whom, core_of
from retrieval.prose.counts import asked_counter
from retrieval.prose.words import prose_words
from retrieval.question import expression as q
from retrieval.question.expression import Pick, picks
from retrieval.question.plan import Operation, Over, Plan
from retrieval.words.cues import cues, load
from retrieval.words.folding import chinese_number, fold
from retrieval.words.lexicon import general_terms
from store.errors import SqlRefused
from store.money import MONEY_UNITS

LOG = logging.getLogger(__name__)
FAILURES = (
    ArithmeticError, AttributeError, AssertionError, LookupError, TypeError, ValueError, TimeoutError, RecursionError, SqlRefused,
)  # fmt: skip
LIKE = 0.65  # likeness of agencies' names from which the one may be meant by the other
MOST_TURNS = 20  # of a talk, that a question may point back to
MOST_AROUND = 3  # characters beside a place that ask no more than the question before: 某市的呢
MOST_TOLD = 6  # agencies that are told where it is asked which is meant
LARGEST = 300  # nodes of an expression that later turns may build on
MOVING = frozenset(("UP", "DOWN", "PRIOR", "SHARE", "RATIO", "DIFF", "SUM", "ABSENT", "EACH"))
"""Cues of a claim that is about more than the figure itself."""


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a talk: what was asked, whole, and about whom."""

    understood: Understood
    expression: Any
    agencies: tuple[str, ...]
    strange: tuple[str, ...] = ()  # whom it was about, where that is nobody here
    before: tuple[str, ...] = ()  # whom the talk was about before it


def with_totals(node: Any) -> Any:
    """The expression with all spending where an agency or a year alone is asked about."""

    def fill(one: Any) -> Any:
        if isinstance(one, Pick) and one.item is None:
            return replace(one, item=SPENDING)
        if isinstance(one, Pick) and one.item is not None and is_whole(one.item):
            return replace(
                one, item=replace(SPENDING, said=one.item.said, affiliate=one.item.affiliate, table=one.item.table, fund=one.item.fund)
            )
        return one

    if isinstance(node, q.Told):
        return node
    if isinstance(node, q.Less) and isinstance(node.whole, Pick) and node.whole.item is None and all(map(_is_of_fund, node.parts)):
        node = replace(node, whole=replace(node.whole, item=INCOME))  # 不是财政给的: of all that comes in
    if isinstance(node, (q.Both, q.All, q.Named)):
        inner = node.parts if isinstance(node, (q.Both, q.All)) else node.members
        filled = tuple(with_totals(one) for one in inner)
        return replace(node, members=filled) if isinstance(node, q.Named) else replace(node, parts=filled)
    if isinstance(node, q.Each):
        return node
    if isinstance(node, (q.Nth, q.Top, q.Where, q.Count)):
        return replace(node, series=with_totals(node.series))
    if isinstance(node, q.By):
        return replace(node, series=with_totals(node.series))
    if isinstance(node, q.Ratio) and isinstance(node.whole, q.Told):
        return replace(node, part=with_totals(node.part))
    if isinstance(node, (q.Ratio, q.Minus, q.Sum, q.Less, q.Change, q.Holds, q.Same, q.Turned, q.Exists, q.Mean, q.Place)):
        from dataclasses import fields

        changed: dict[str, Any] = {}
        for one in fields(node):
            value = getattr(node, one.name)
            if isinstance(value, q.NODES):
                changed[one.name] = with_totals(value)
            elif isinstance(value, tuple) and value and isinstance(value[0], q.NODES):
                changed[one.name] = tuple(with_totals(inner) for inner in value)
        return replace(node, **changed)
    return fill(node)


def _is_of_fund(node: Any) -> bool:
    """Whether a node is a source of money alone."""
    return isinstance(node, Pick) and node.item is not None and is_fund(node.item)


def _unnamed(row: Sequence[Any]) -> Disclosure:
    """A disclosure that prints no agency, known by the folder that it lay in."""
    folder = PurePath(row[9]).parent.name or PurePath(row[9]).name
    return Disclosure(row[0], f"{UNNAMED}{row[0]}", say("assumed", "folder", folder=folder), row[3], row[4], row[5], None, None)


def directory_of(snapshot: Rows) -> Directory:
    """The agencies of a snapshot with their disclosures."""
    columns = ("disclosure_id", "agency_id", "agency", "year", "kind", "scope", "affiliate_of", "region", "title", "file")
    rows = run(
        snapshot, select("disclosures", columns, equals("edition_rank", 1), order=("agency", "year", "kind", "disclosure_id")), ALL_ROWS
    )[1]
    named = [Disclosure(*row[:9]) for row in rows if row[1] is not None and row[2] is not None]
    return Directory.of([*named, *(_unnamed(row) for row in rows if row[1] is None or row[2] is None)])


def _nameless(snapshot: Rows, directory: Directory) -> tuple[Nameless, ...]:
    """The disclosures that print no agency, with what they spend on."""
    files = {
        row[0]: row[1] for row in run(snapshot, select("disclosures", ("disclosure_id", "file"), equals("edition_rank", 1)), ALL_ROWS)[1]
    }
    found: list[Nameless] = []
    for agency_id, agency in directory.agencies.items():
        if not agency_id.startswith(UNNAMED):
            continue
        one = agency.disclosures[0].disclosure_id
        tree = select("disclosed_figures", ("item", "amount"), equals("disclosure_id", one), equals("classification", "functional"))
        amounts: dict[str, Decimal] = {}
        for item, amount in run(snapshot, tree, ALL_ROWS)[1]:
            amounts[item] = max(amounts.get(item, Decimal(0)), amount or Decimal(0))
        found.append(Nameless.of(agency_id, files[one], amounts))
    return tuple(found)


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
        directory = directory_of(snapshot)
        shelf = Shelf(snapshot)
        of_units = select("disclosed_figures", ("row_label", "agency_id"), equals("classification", "affiliate")).distinct()
        units = [(label, agency_id) for label, agency_id in run(snapshot, of_units, ALL_ROWS)[1]]
        whom = Whom.of(directory, units, _nameless(snapshot, directory))
        desk = Desk(snapshot, directory, shelf, partial(named_in_prose, snapshot))
        return cls(snapshot, desk, Reader(StoreNames(snapshot, directory, shelf, whom)))

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
        context = turns[-1].agencies if turns else ()
        out: list[Turn] = []
        readings = self.reader.read(question, context)
        if turns and (whole := self._completed(readings[0], turns[-1], context)) is not None:
            readings = self.reader.read(whole, context)
        for read in readings:
            expression = continued(read, [(turn.understood, turn.expression) for turn in turns]) if turns else read.expression
            if turns and self._counts_all(read):
                expression = q.rebuilt(expression, _of_all)
            told = turns and _is_bare(read.expression) and expression not in (None, turns[-1].expression)
            used = replace(read, ignored=(), unread=tuple(one for one in read.unread if not compares(one)))
            understood = used if told else read  # the cues said what to do with what was told
            if turns:
                understood = replace(understood, unread=(*understood.unread, *unheard(read, expression)))
            expression = self._over_all(expression, understood)
            if expression is not None and sum(1 for _ in islice(q.walk(expression), LARGEST)) == LARGEST:
                expression = understood.expression  # sums of sums of all that was told before: the talk begins anew
            agencies = tuple(dict.fromkeys(one.agency for one in picks(expression) if one.agency)) if expression is not None else ()
            named = {body.agency_ids[0] for one in understood.whose if not one.is_place for body in one.bodies}
            if turns and named and agencies and not named & set(agencies):
                expression = None  # of the one that was talked about before: whoever is named now is not passed over
            strange = understood.strange or (turns[-1].strange if turns and not understood.whose else ())
            out.append(Turn(understood, expression, agencies or context, strange, context))
        return out

    def _completed(self, read: Understood, last: Turn, context: Sequence[str]) -> str | None:
        """A fragment with the end of the name just told of that it leaves off, where that makes a name that is known."""
        whom = self.reader.names.whom
        for name in left_off(read, last.expression):
            whose = {body.unit for one in whom.find(name) for body in one.bodies if set(body.agency_ids) & set(context)}
            whose = {unit for unit in whose if unit is None or read.unread[0].text.strip() in unit}
            known = whose if len(whose) == 1 and None not in whose else {one for one in (name,) if one in general_terms()}
            if known:
                return read.text.replace(read.unread[0].text, name, 1)
        place = read.whose[0] if context and len(read.whose) == 1 and read.whose[0].is_place else None
        if place is not None and len(read.text) - (place.end - place.start) <= MOST_AROUND:  # 某市的, after 公安局
            return read.text[: place.end] + core_of(self.desk.directory[context[0]].name) + read.text[place.end :]
        unread = [one.text for one in read.unread if len(one.text.strip()) > 1]
        unread = unread or [one.text for one in read.segments if "UNITKIND" in one.cues]  # 图书馆 is an account too
        if read.whose or len(unread) != 1 or any(one.cues - {"REF", "SWITCH", "UNITKIND"} for one in read.segments):
            return None
        for place in whom.places_of(context):  # 高院 after 江苏省检察院
            found = [one for one in whom.find(place + unread[0]) if (one.start, one.end) == (0, len(place + unread[0]))]
            if len(found) == 1 and len(found[0].bodies) == 1 and not found[0].is_place:
                return read.text.replace(unread[0], place + unread[0], 1)
        return None

    def _counts_all(self, understood: Understood) -> bool:
        """Whether 三家单位 counts all agencies here and says of what: they are meant, not the one that was talked about."""
        said = [chinese_number(one.text[0]) for one in understood.segments if one.cues & {"ALLOF", "PAIR"}]
        named = bool(understood.whose) or not any(one.cues & {"UNITS", "BODIES"} for one in understood.segments)
        of_something = any(one.item is not None for one in picks(understood.expression))
        return not named and of_something and len(self.desk.directory.named()) in said

    def _over_all(self, expression: Any, understood: Understood) -> Any:
        """The expression over all agencies here, where 各单位 or 三个部门 is said and nobody is named."""
        here = self.desk.directory.named()
        expression = _of_those_named(expression, understood)
        at_place = self._all_at_place(expression, understood)
        if at_place is not None:
            return at_place
        if expression is None or understood.whose or len(here) < 2 or any(one.agency for one in picks(expression)):
            return expression
        if not any(one.cues & {"UNITS", "BODIES"} for one in understood.segments):
            return expression

        def widened(node: Any) -> Any:
            return replace(node, over="agencies") if isinstance(node, q.Each) and node.over in ("parts", "units") else node

        numbers = [chinese_number(one.text[0]) for one in understood.segments if one.cues & {"ALLOF", "PAIR"}]
        if isinstance(expression, Pick) and len(here) in numbers and any("SUM" in one.cues for one in understood.segments):
            return q.Sum((q.Each(expression, "agencies"),))
        return q.rebuilt(expression, widened)

    def _all_at_place(self, expression: Any, understood: Understood) -> Any:
        """示例市三个部门…合计: the agencies of a place, where as many are said as are there."""
        whose = understood.whose
        if (
            len(whose) != 1
            or not whose[0].is_place
            or not isinstance(expression, Pick)
            or not any("BODIES" in one.cues for one in understood.segments)
        ):
            return None
        ids = tuple(dict.fromkeys(body.agency_ids[0] for body in whose[0].bodies))
        if len(ids) < 2 or len(ids) not in [chinese_number(one.text[0]) for one in understood.segments if one.cues & {"ALLOF", "PAIR"}]:
            return None
        each = q.Each(replace(expression, agency=None, there=ids), "agencies")
        ends = [one.text[at:] for one in understood.segments for at in range(len(one.text))]  # 三公经费|合计 may be one name
        adds = any("SUM" in cues().get(end, ()) for end in ends)
        return q.Sum((each,)) if adds else each

    def _answer(self, question: str, dialog: Sequence[str]) -> Answer:
        if (refused := no_question(fold(question))) is not None:
            return Answer(refused.route, refused.text, Plan(question, fold(question), "decline"))
        turns: list[Turn] = []
        for said in dialog[-MOST_TURNS:]:
            turns.append(_undecided(self.turn(said, turns)[0]))
        readings = self.turn(question, turns)
        told = understanding(
            [(one.understood, None if one.expression is None else with_totals(one.expression)) for one in readings], self._names
        )
        following = replace(self, talk=(*turns, _undecided(readings[0])))
        return replace(following._reply(question, readings[0], bool(turns)), understood=told)

    def _reply(self, question: str, best: Turn, in_talk: bool) -> Answer:
        """The answer to the reading that was chosen."""
        understood, expression = best.understood, best.expression
        plan = plan_of(question, understood, expression)
        if (there := inventory(self.desk, understood, _about(best))) is not None:
            return self._dress(replace(plan, operation="list"), there, understood)
        if (told := goals(self.desk, understood, _about(best))) is not None:
            return self._dress(replace(plan, operation="explain"), told, understood)
        if best.strange and not any(len(one.bodies) == 1 and not one.is_place for one in understood.whose):
            text = say("declined", "unknown_agency", named="、".join(best.strange), there=self._there())
            verdict = "not_found" if understood.verify or isinstance(expression, q.TRUTHS) else None
            return self._dress(
                plan, Draft(text, route="decline", verdict=verdict, options=self._alike(understood.text, best.strange)), understood
            )
        if isinstance(expression, q.Each) and expression.of.agency is None and expression.of.item is not None and expression.of.item.parts:
            expression = q.Told("definition", expression.of)  # 水电费包括什么
        if (off := self._off_subject(understood, expression, known=in_talk and bool(best.agencies))) is not None:
            return self._dress(plan, off, understood)
        if expression is None:
            return self._dress(plan, self._not_understood(understood), understood)
        if (asked_back := self._whole_place(understood)) is not None:
            return self._dress(plan, asked_back, understood)
        if (asked_back := self._which(best, expression)) is not None:
            return self._dress(plan, asked_back, understood)
        doubted = doubts(understood, expression, in_talk)
        understood = replace(understood, unread=doubted.unread, ignored=doubted.ignored)
        open_to_prose = doubted.reasons & {"unread", "undone"} and "unlikely" not in doubted.reasons
        if open_to_prose and (judged := self._by_prose(understood, expression)) is not None:
            return self._dress(plan, judged, understood)
        if doubted.reasons and not doubted.is_told_anyway:
            return self._dress(plan, self._not_understood(understood, expression), understood)
        expression = with_totals(_named_alone(_of_section(_number_of(expression, understood), understood)))
        draft = self._draft(expression, understood)
        if _asks_money(understood) and draft.values and draft.values[0].unit not in MONEY_UNITS and isinstance(expression, Pick):
            return self._dress(plan, self._not_understood(understood, expression), understood)  # how many there are is no amount of money
        if draft.route == "narrative" and not (draft.values or draft.options or draft.verdict or self.is_silent):
            draft = replace(draft, options=read_otherwise(understood, expression, self._names, self._answers))
        return self._dress(plan, draft, understood)

    def _by_prose(self, understood: Understood, expression: Any) -> Draft | None:
        """The verdict on one claimed figure of something that only prose names, in words that are no printed name."""
        said = [one for one in understood.segments if one.quantity is not None]
        if not understood.verify and any(one.cues & {"HOWMUCH", "LEFT"} for one in understood.segments):
            return None
        if len(said) > 1:
            return self._each_by_prose(understood, expression, [one.end for one in said])
        is_claim = understood.verify or isinstance(expression, q.TRUTHS)
        if (
            not is_claim
            or len(said) != 1
            or said[0].quantity is None
            or any(one.cues & MOVING for one in understood.segments if not one.is_filler)
        ):
            return None
        words = [one.text.strip() for one in understood.segments if (one.is_unread and not one.is_light) or one.items]
        about = next(iter(picks(expression)), Pick())
        claims = [one for one in q.walk(expression) if isinstance(one, q.Holds)]
        relation: q.Relation = claims[0].relation if claims else "is"
        evaluator = Evaluator(self.desk, understood.text)
        judged = in_prose(evaluator, about, [word for word in words if len(word) >= 2], q.Holds(about, relation, said[0].quantity))
        return None if judged is None else tell(expression, judged)

    def _each_by_prose(self, understood: Understood, expression: Any, ends: Sequence[int]) -> Draft | None:
        """The verdict on several figures of what only prose names, each by the words before it (编制142人、实有102人): on all or none."""
        about = replace(next(iter(picks(expression)), Pick()), item=None)
        if not understood.verify and not isinstance(expression, q.TRUTHS):
            return None
        told: list[Draft] = []
        for start, end in zip((0, *ends), ends, strict=False):
            part = replace(understood, segments=tuple(one for one in understood.segments if start <= one.start < end), verify=True)
            if (draft := self._by_prose(part, about)) is None:
                return None
            told.append(draft)
        verdict = "refuted" if any(one.verdict == "refuted" for one in told) else "supported"
        shown_ = [one for one in told if verdict == "supported" or one.verdict == "refuted"]
        whole = _joined([*shown_, *(one for one in told if one not in shown_)])
        return replace(whole, text="".join(one.text for one in shown_), verdict=verdict)

    @cached_property
    def _names(self) -> Mapping[str, str]:
        return {agency_id: agency.name for agency_id, agency in self.desk.directory.agencies.items()}

    def answer_to(self, question: str, understood: Understood, expression: Any) -> Answer:
        """The answer that an expression gives, whoever made it of the question. Raises what evaluating it raises."""
        whole = with_totals(expression)
        answer = self._dress(plan_of(question, understood, whole), self._draft(whole, understood), understood)
        return replace(answer, snapshot=self.snapshot.id)

    def is_generic(self, understood: Understood) -> bool:
        """Whether the one agency here of a kind that every city has is named without its city: whose is meant is asked back."""
        return self._generic(understood) is not None

    def _draft(self, expression: Any, understood: Understood) -> Draft:
        evaluator = Evaluator(self.desk, understood.text, understood.unit)
        if isinstance(expression, q.Both):
            clauses = [one for one in re.split("[，。？；]", understood.text) if asked_counter().search(one)]
            counts = len(clauses) == len(expression.parts)  # 有几辆，还要买几辆: each is counted by its own words
            each = [Evaluator(self.desk, one, understood.unit) for one in clauses] if counts else [evaluator] * len(expression.parts)
            drafts = [self._part(own, one, understood) for own, one in zip(each, expression.parts, strict=True)]
            if drafts and drafts[0].route == "decline" and not _asked_again(expression):
                return drafts[0]  # what is told besides is no answer to what was asked first
            joined = _joined(drafts or [self._missing(Missing("unknown_item"), understood)])
            shared = isinstance(expression.parts[-1], q.Ratio) and expression.parts[0] in q.walk(expression.parts[-1])
            if shared and len(drafts) == 2 and drafts[1].values:  # 哪个最大？占几成: the share is asked last
                joined = replace(joined, values=tuple(dict.fromkeys((drafts[1].values[0], *joined.values))))
            return joined
        return self._part(evaluator, expression, understood)

    def _part(self, evaluator: Evaluator, expression: Any, understood: Understood) -> Draft:
        value = evaluator.whole(expression)
        if isinstance(value, Missing) and value.why == "none_moved":
            return _none_moved(value, next(node.series for node in q.walk(expression) if isinstance(node, q.By)))
        if isinstance(value, Missing):
            if value.why == "unknown_item" and (judged := self._by_prose(understood, expression)) is not None:
                return judged
            known = understood.verify and not prints_claimed(evaluator, expression)  # under a name that was not found
            told = self._told_of(understood, expression) or self._printed(evaluator, expression, understood)
            return told or self._missing(value, replace(understood, verify=known), expression)
        if isinstance(value, Listing) and isinstance(expression, q.Named) and _tells_twice(expression, value):
            return self._not_understood(understood, expression)
        if isinstance(value, Judged) and understood.ignored:  # what had no effect may be what makes it true or false
            value = replace(value, verdict=None)
        if isinstance(value, Judged) and value.verdict == "supported" and understood.reasons:
            value = replace(value, verdict=None)  # no figure proves a reason
        draft = tell(expression, value)
        assert draft is not None
        if isinstance(expression, q.Change) and re.search(load("refusals.toml")["percent"]["asked"], understood.text):
            draft = replace(draft, values=tuple(sorted(draft.values, key=lambda one: one.unit != "%")))  # 降了多少（百分比）
        notes = [note for note in dict.fromkeys(evaluator.notes) if note not in draft.text]
        return replace(draft, assumptions=(*draft.assumptions, *notes)) if notes else draft

    def _printed(self, evaluator: Evaluator, expression: Any, understood: Understood) -> Draft | None:
        """Where a number of things is asked for that is printed as an amount (有几个培训费): the amount's evidence, no number, and what
        else may have been meant."""
        if not isinstance(expression, q.Told) or expression.what != "number" or expression.about.item is None:
            return None
        amount = evaluator.value(expression.about)
        if not isinstance(amount, Amount) or not amount.readings:
            return None
        return Draft(say("fallback", "only_printed"), (), amount.readings, route="decline", options=self._offers(understood, expression))

    def _missing(self, missing: Missing, understood: Understood, expression: Any = None) -> Draft:
        verdict = "not_found" if understood.verify and _is_absent(missing, understood) else None
        pick = missing.pick
        agency = self.desk.directory[pick.agency] if pick is not None and pick.agency is not None else None
        who = agency.name if agency else ""
        if missing.why == "which_agency":
            return self._ask_whose(understood, [one.agency_id for one in self.desk.directory.named()], MOST_OPTIONS)
        if missing.why == "unknown_year" and agency is not None:
            there = "、".join(f"{d.year}年{say('kind', d.kind or 'budget')}" for d in agency.disclosures)
            text = say("declined", "unknown_year", who=who, named=missing.named, kind="预算或决算", there=there)
            options = tuple(
                dict.fromkeys(
                    _of_year(understood.text, missing.named, one.year, one.kind) for one in reversed(agency.disclosures) if one.year
                )
            )
            return Draft(text, route="decline", verdict=verdict, options=options[:MOST_OPTIONS])
        if missing.why == "contained" and len(missing.found) == 2:
            return _contained(*missing.found)
        blank = next((fact for fact in missing.found if isinstance(fact, Fact) and fact.blank is not None), None)
        if blank is not None and blank.blank is not None and verdict is None:
            file = self.desk.file_of(blank.place)
            note = f"（{blank.blank.note}）" if blank.blank.note else ""
            name = "empty_form" if blank.blank.is_empty_form else "none_printed"
            text = say("lookup", name, who=who, when=when(blank.place), what=what(blank.asked), table=blank.blank.table, note=note)
            return Draft(text, cited=(cite_blank(blank.blank, blank.place, *file),))
        named = missing.named or (pick.item.said if pick and pick.item else "")
        text = say("declined", "unknown_item" if named else "no_answer", who=who, when="", named=named)
        return Draft(text, route="decline", verdict=verdict, options=self._offers(understood, expression))

    def _off_subject(self, understood: Understood, expression: Any, known: bool = False) -> Draft | None:
        """Declines where no agency is named and nothing of a budget is asked for; asks whose, where something is and no talk says it."""
        agencies = [one for one in understood.whose if not one.is_place and any(body.agency_ids for body in one.bodies)]
        if (
            not agencies
            and any(word in understood.text for word in load("refusals.toml")["off_subject"]["words"])
            and not any(one.items for one in understood.segments)
        ):
            return Draft(say("declined", "off_subject"), route="decline")
        if (
            agencies
            or len(self.desk.directory.named()) == 1
            or any(one.agency for one in picks(expression) if expression is not None and not understood.whose)
        ):
            return None
        asked = any(one.cues & {"HOWMUCH", "PERCENTQ", "SUM"} for one in understood.segments)
        counts = any(one.counter is not None for one in understood.segments)
        if (asked or counts) and not understood.whose and re.search(load("names.toml")["place"]["unsaid"], understood.text):
            return self._missing(Missing("which_agency"), understood)
        about = [
            one for one in understood.segments if one.items or one.table or one.kind == "final" or (one.is_filler and "预算" in one.text)
        ]
        series = any(isinstance(node, q.Each) for node in q.walk(expression)) if expression is not None else False
        content = weight(understood.unread) + (sum(len(term) for term in expression.terms) if isinstance(expression, q.Told) else 0)
        if expression is None and known and 0 < content < 2:
            return None
        if expression is None and any("HOWMUCH" in one.cues for one in understood.segments) and content < 2:
            return self._missing(Missing("which_agency"), understood)
        if not about and not series and (content >= 2 or (content >= 1 and not asked)):
            return Draft(say("declined", "off_subject"), route="decline")
        if isinstance(expression, q.Told) and expression.what not in ("definition", "number") and content >= 2 and not understood.whose:
            return Draft(say("declined", "off_subject"), route="decline")  # 社保卡丢了咋补
        nodes = q.walk(expression) if expression is not None else ()
        if any(isinstance(node, q.Each) and node.over == "agencies" for node in nodes) and (about or content < 2):
            return None
        if series and not about and content >= 2:
            return Draft(say("declined", "off_subject"), route="decline")
        if (about or series) and not understood.whose and not (isinstance(expression, q.Told) and expression.what == "definition"):
            return self._missing(Missing("which_agency"), understood)
        return None

    def _whole_place(self, understood: Understood) -> Draft | None:
        """Asks back which agency of a place is meant where all of it is said: what they spend together is published nowhere."""
        pattern = load("refusals.toml")["whole_place"]["pattern"]
        if len(understood.whose) != 1 or not understood.whose[0].is_place or re.search(pattern, understood.text) is None:
            return None
        place = understood.whose[0]
        names = [self.desk.directory[one].name for one in dict.fromkeys(body.agency_ids[0] for body in place.bodies)]
        before, behind = (re.sub(pattern, "", part) for part in (understood.text[: place.start], understood.text[place.end :]))
        text = say("clarify", "no_whole", place=understood.text[place.start : place.end], there="、".join(names[:6]))
        return Draft(text, route="clarify", options=tuple(f"{before}{name}{behind}" for name in names[:MOST_OPTIONS]))

    def _which(self, best: Turn, expression: Any) -> Draft | None:
        """Asks back where several agencies fit what was said."""
        understood = best.understood
        ids = understood.ambiguous
        if len(ids) < 2 and (generic := self._generic(understood, best.before)) is not None:
            return self._ask_whose(understood, generic)
        if len(ids) < 2 or len({one.agency for one in picks(expression)} & set(ids)) == len(ids):
            return None
        if any(isinstance(node, q.Each) and node.over == "agencies" and node.of.there for node in q.walk(expression)):
            return None
        return self._ask_whose(understood, ids)

    def _ask_whose(self, understood: Understood, ids: Sequence[str], most: int = MOST_TOLD) -> Draft:
        """Asks whose is meant: first the agencies that share most with the words that nothing explains and with the place that is said,
        each in the place of these words."""
        text, whose = understood.text, understood.whose
        said = [(one.start, one.end) for one in whose] + [
            (one.start, one.end) for one in understood.segments if one.is_unread or one.stranger or "BODIES" in one.cues
        ]
        shared = {one: sum(_shared(text[a:b], self.desk.directory[one].name) for a, b in said) for one in ids}
        names = [self.desk.directory[one].name for one in sorted(ids, key=lambda one: -shared[one])]
        options: list[str] = []
        for name in names[:MOST_OPTIONS]:
            start, end = max(said, key=lambda span: _shared(text[slice(*span)], name), default=(0, 0))
            start, end = (start, end) if _shared(text[start:end], name) else (0, 0)
            for a, b in sorted(said):  # 烟台|水务局: the place right before it is a part of it
                start, end = (min(start, a), max(end, b)) if start < end and (b == start or a == end) else (start, end)
            apart = [(a, b, "") for a, b in said if (b < start or end < a) and _shared(text[a:b], name)]  # 水务局…，|烟台|的
            asked = text
            for a, b, meant in sorted((*apart, (start, end, name)), reverse=True):
                asked = asked[:a] + meant + asked[b:]
            options.append(asked)
        told = say("clarify", "which_agency") + f"可选：{'、'.join(names[:most])}。"
        return Draft(told, route="clarify", options=tuple(dict.fromkeys(options)))

    def _generic(self, understood: Understood, before: Sequence[str] = ()) -> tuple[str, ...] | None:
        """The one agency here of a kind that every city has, where no place is said and agencies of several cities are here."""
        found = [one for one in understood.whose if not one.is_place and len(one.bodies) == 1 and one.bodies[0].unit is None]
        if len(found) != 1:
            return None
        said = understood.text[found[0].start : found[0].end]
        body = found[0].bodies[0]
        units = [one for whose in understood.whose for one in whose.bodies if one.unit is not None and one.agency_ids == body.agency_ids]
        if body.name[: body.place_end] in self.reader.names.whom.places_of(before):
            return None  # 教育局 after 烟台市统计局
        if any(one.place_end for one in units):
            return None  # 无锡学院占市教育局: a unit below it says where
        place = PLACE.match(body.name)
        if found[0].is_placed or (place is not None and place[1].rstrip("省市区县") in understood.text):
            return None  # 烟台火车站…，交通局一年出多少: the place stands in the name of a thing
        if len(said) > 4 or said.endswith("街道") or body.place_end == 0 or said[0] == body.name[0] or len(self.places) < 3:
            return None
        return body.agency_ids

    @cached_property
    def places(self) -> frozenset[str]:
        """The places of the agencies here."""
        return frozenset(body.name[: body.place_end] for body in self.reader.names.whom.bodies if body.unit is None and body.place_end)

    def _not_understood(self, understood: Understood, expression: Any = None) -> Draft:
        """Says which words did nothing, and offers questions that are understood."""
        unread = [one.text for one in (*understood.unread, *understood.ignored) if not one.is_light]
        words = "、".join(dict.fromkeys(unread))
        if (reason := why_unpublished(understood.text, (one.text for one in (*understood.unread, *understood.ignored)))) is not None:
            return Draft(say("declined", reason), route="decline", options=self._offers(understood, expression))
        if (told := self._told_of(understood, expression)) is not None:
            return told
        text = say("declined", "not_understood") if not words else say("declined", "unread", words=words)
        return Draft(text, route="decline", options=self._offers(understood, expression))

    def _told_of(self, understood: Understood, expression: Any) -> Draft | None:
        """What the prose of the one agency that is asked about says in the question's own words."""
        asked = list(picks(expression)) if expression is not None else []
        whose = {one.agency for one in asked if one.agency is not None}
        years = {one.year for one in asked}
        if self.is_silent or len(whose) != 1 or len(years) != 1 or any(one.earlier for one in asked):
            return None
        return by_words(self.desk, understood, whose.pop(), years.pop())

    def _offers(self, understood: Understood, expression: Any = None) -> tuple[str, ...]:
        """Questions near to this one, each of which has an answer."""
        if self.is_silent:
            return ()
        own = [one.agency for one in picks(expression) if one.agency is not None] if expression is not None else []
        whose = [one.bodies[0].agency_ids[0] for one in understood.whose if one.bodies and not one.is_place]
        here = self.desk.directory.named()
        agency = own[0] if own else whose[0] if whose else here[0].agency_id if len(here) == 1 else None
        printed = self.reader.names.labels(agency) if agency is not None else ()
        return offers(understood, expression, self._names, agency, printed, self._answers)

    @cached_property
    def _silent(self) -> Asker:
        return replace(self, is_silent=True, talk=())

    def _answers(self, question: str) -> Hashable:
        """What a question is answered by, where it follows in the talk: figures or words of a disclosure; None where it is not."""
        try:
            answer = self._silent._reply(question, self._silent.turn(question, self.talk)[0], bool(self.talk))
        except FAILURES:
            return None
        if answer.route in ("decline", "clarify") or not answer.citations:
            return None
        return answer.verdict, answer.values or answer.citations[0].quote or answer.text

    def _alike(self, text: str, strange: Sequence[str]) -> tuple[str, ...]:
        """The question asked of the agencies whose names are most like one that is not here."""
        named = max((one for one in strange if one in text), key=len, default="")
        like = [one.name for one in self.desk.directory.alike(named) if one.is_named] if named else []
        near = sorted(((likeness(name, named), name) for name in like), reverse=True)
        return tuple(text.replace(named, name, 1) for score, name in near[:3] if score >= LIKE)

    def _there(self) -> str:
        names = [agency.name for agency in self.desk.directory.named()]
        return "、".join(names[:6]) + (f"等{len(names)}个单位" if len(names) > 6 else "")

    def _assumed(self, understood: Understood, values: Sequence[Value]) -> tuple[str, ...]:
        """What was taken for granted: an agency for its place or government, a printed name for other words."""
        out: list[str] = []
        for one in understood.whose if values else ():
            said, body = understood.text[one.start : one.end], one.bodies[0]
            if len(one.bodies) == 1 and (one.is_place or said.endswith("政府")) and not body.name.endswith(("政府", said)):
                name = "only_here" if one.is_place else "by_office"
                out.append(say("assumed", name, place=said, named=said, agency=self.desk.directory[body.agency_ids[0]].name))
        for one in understood.segments if values else ():
            label = one.items[0].item if one.items else None
            if label is not None and one.how in LOOSELY and one.text != label and not one.items[0].affiliate:
                out.append(say("assumed", "taken_for", said=one.text, label=label))
        return tuple(dict.fromkeys(out))

    def _dress(self, plan: Plan, draft: Draft, understood: Understood) -> Answer:
        """The draft as an answer, without any number that its evidence does not prove."""
        cited = (*citations(draft.readings), *draft.cited)
        if draft.route in ("clarify", "decline"):
            text = draft.text
        else:
            names = [agency.name for agency in map(self.desk.directory.__getitem__, plan.agencies)]
            proved = allowed(
                draft.values,
                draft.steps,
                cited,
                [*labels_of(draft), *names, *map(str, plan.years), str(len(draft.values)), *(item.code or "" for item in plan.items)],
            )
            proved |= allowed(tuple(value for step in draft.steps for _, value in step.parts), (), (), ())
            text = draft.text if draft.general_knowledge else without_unproved(draft.text, proved)
        if not text:
            LOG.warning("an answer held a number that nothing proves")
            return Answer("decline", say("declined", "not_understood"), plan)
        added = next((reading for reading in draft.readings if len(reading.cells) > 1), None)
        sql = sum_of(self.snapshot, added.cells)[0] if added is not None else query_of(draft.readings)
        return Answer(
            draft.route, text, plan, draft.values, cited, draft.steps, draft.chart, sql, draft.verdict, draft.options,
            (*draft.assumptions, *self._assumed(understood, draft.values), *_income_rows(plan, draft)), draft.general_knowledge,
        )  # fmt: skip


def _of_all(node: Any) -> Any:
    """A series of units or parts as one of all agencies."""
    if isinstance(node, q.Each) and node.over in ("parts", "units"):
        return replace(node, over="agencies", of=replace(node.of, agency=None))
    return node


def _of_section(expression: Any, understood: Understood) -> Any:
    """国有资产占用情况: where all that is named is a section of the publication, what it says is asked for, no total."""
    if not isinstance(expression, Pick) or expression.item is not None or any("HOWMUCH" in one.cues for one in understood.segments):
        return expression
    named = [one.text for one in understood.segments if one.is_filler and prose_words().found("topic", one.text) is not None]
    return q.Told("passage", expression, (max(named, key=len),)) if named else expression


def _things_said(node: Any) -> set[Any]:
    """The things that an expression names: items, and words that are sought in the prose."""
    terms = {term for one in q.walk(node) if isinstance(one, q.Told) for term in one.terms}
    return {one.item for one in picks(node) if one.item is not None} | terms


def _named_alone(expression: Any) -> Any:
    """Of several parts those that name something: a total that nobody named is no answer beside them (材料里有上年的数，会议费多少)."""
    if not isinstance(expression, q.Both):
        return expression
    named = [one for one in expression.parts if _things_said(one) or isinstance(one, q.Told)]
    if len(named) == 1:
        return named[0]
    return q.Both(tuple(named)) if named else expression


def _asked_again(expression: q.Both) -> bool:
    """Whether what the first of several parts names is named by the others too, or it names nothing whose reason could be told."""
    first, *others = expression.parts
    if isinstance(first, q.Told) and first.what == "reason" and first.about.item is None:
        return any(isinstance(one, q.Told) and one.what == "reason" and one.about.agency == first.about.agency for one in others)
    things = _things_said(first)
    return bool(things) and things <= {thing for one in others for thing in _things_said(one)}


def _is_bare(expression: Any) -> bool:
    """Whether a fragment names nothing by itself."""
    return expression is None or (isinstance(expression, q.Each) and expression.of == Pick())


def _of_year(text: str, said: str, year: int | None, kind: str | None) -> str:
    """The question about a year that is published."""
    told = text.replace(said, str(year), 1)
    for other in ("budget", "final"):
        told = told.replace(say("kind", other), say("kind", kind or other), 1)
    return told


def _about(turn: Turn) -> Pick:
    """Whose publications a question is about, of which year and kind."""
    segments = turn.understood.segments
    year = next((one.period.years[-1] for one in segments if one.period is not None and one.period.years), None)
    return Pick(
        None,
        turn.agencies[0] if len(turn.agencies) == 1 else None,
        year,
        kind=next((one.kind for one in segments if one.kind is not None), None),
    )


def _asks_money(understood: Understood) -> bool:
    """Whether an amount of money is asked for in so many words."""
    return any("钱" in one.text or "元" in one.text for one in understood.segments if "HOWMUCH" in one.cues or one.is_filler)


def _shared(said: str, name: str) -> int:
    """How much of what was said stands in a name: its characters, and twice its pairs of them."""
    said = said.rstrip("局委厅办的")
    pairs = sum(said[at : at + 2] in name for at in range(len(said) - 1))
    return 2 * pairs + (sum(c in name for c in set(said)) + (said[:1] in name) if said and (pairs or len(said) < 4) else 0)


def _of_those_named(expression: Any, understood: Understood) -> Any:
    """The expression with those that are named where all agencies are asked: 交通局和数据局…，哪个局减得多."""
    single = [one.bodies[0] for one in understood.whose if not one.is_place and len(one.bodies) == 1]
    named = dict.fromkeys(body.agency_ids[0] for body in single)

    def narrowed(node: Any) -> Any:
        if isinstance(node, q.Each) and node.over == "agencies" and not node.of.there:
            return q.Named(tuple(replace(node.of, agency=one) for one in named))
        return node

    return q.rebuilt(expression, narrowed) if expression is not None and len(named) > 1 else expression


def _undecided(turn: Turn) -> Turn:
    """A turn that was asked back, whose agency is still open."""
    several = frozenset(turn.understood.ambiguous)
    if not several or turn.expression is None:
        return turn

    def reopened(node: Any) -> Any:
        return replace(node, agency=None) if isinstance(node, Pick) and node.agency in several else node

    return replace(turn, expression=q.rebuilt(turn.expression, reopened))


def _income_rows(plan: Plan, draft: Draft) -> tuple[str, ...]:
    """Says that a unit's income stands for its budget, where no row of what it spends is printed."""
    cells = [cell for reading in draft.readings for cell in reading.cells]
    units = [item.affiliate for item in plan.items if item.affiliate is not None and item.flow != "income"]
    if not units or not cells or any(cell.classification != "affiliate" or cell.flow != "income" for cell in cells):
        return ()
    return (say("assumed", "income_row", who="、".join(units)),)


def _number_of(expression: Any, understood: Understood) -> Any:
    """How many units there are, where that is asked of them (除了局机关，还有几家下属单位)."""
    asked = any(one.counter in BODIES and not one.is_filler for one in understood.segments)
    series = expression.whole if isinstance(expression, q.Less) else expression
    listed = isinstance(series, q.Each) and series.over == "units" and (series.of.item is None or is_total(series.of.item))
    return q.Count(expression) if asked and listed else expression


def _tells_twice(named: q.Named, listing: Listing) -> bool:
    """Whether one figure of a thing stands for two of its years, beside that of another (2021那份表里，2020年…（上年那列）)."""
    if len({pick.item for pick in picks(named)}) > 1:
        return False
    told = [amount.readings[:1] for _, amount in listing.members if amount.readings]
    return 1 < len(set(told)) < len(told)


def _is_absent(missing: Missing, understood: Understood) -> bool:
    """Whether a claim was wholly understood, and what it is about is not published: where it is narrowed, it may only stand elsewhere."""
    item = missing.pick.item if missing.pick is not None else None
    if missing.why == "unknown_year":
        return not understood.unread
    if any("ABSENT" in one.cues for one in understood.segments):
        return False  # that nothing is printed is no word against 没有
    found = any(isinstance(one, Amount) for one in missing.found)
    if missing.why not in ("unknown_item", "no_members", "no_words") or understood.unread or understood.ignored or found:
        return False
    return item is None or not (item.table or item.under or item.portion or item.code)


def labels_of(draft: Draft) -> list[str]:
    """Names that may hold digits: labels, codes, years of the readings."""
    labels: list[str] = [str(len(draft.readings))]
    for reading in draft.readings:
        for cell in (*reading.cells, *reading.twins):
            about, printed = cell.about_year or cell.year, (cell.code or "", cell.item, cell.table_title, cell.agency)
            labels += [cell.row_label, *cell.row_path, *printed, str(cell.year), str(about), str(about - 1)]
        if (stated := reading.stated) is not None:
            labels += [stated.item, stated.agency, str(stated.year), str(stated.about_year or ""), stated.quote]
    return labels


def _none_moved(missing: Missing, series: Any) -> Draft:
    """That nothing of a series rose, or nothing fell, with the figures that show it."""
    amounts: list[Amount] = [one for one in missing.found if isinstance(one, Amount)]
    one_year = {one.place.year for one in amounts if one.place is not None}
    place = amounts[0].place if len(one_year) == 1 else None
    who = "" if len({one.who for one in amounts}) > 1 else amounts[0].who
    at, against = (when(place), f"{place.year - 1}年") if place is not None else ("", "上年")
    verb = say("verbs", "increase" if missing.named == "up" else "decrease")
    text = say("ranked", "changed_none", who=who, when=at, within=within_of(series), against=against, verb=verb)
    return Draft(text, (), tuple(dict.fromkeys(reading for one in amounts for reading in one.readings)))


def _contained(whole: Amount, part: Amount) -> Draft:
    """Why two amounts are not added up: the one is in the other already."""
    at = when(whole.place) if whole.place is not None else ""
    amounts = {"when": at, "amount": shown(whole.value), "part_amount": shown(part.value)}
    if whole.who != part.who:
        text = say("computed", "contained", whole=whole.who, part=part.who, what=whole.label, **amounts)
    else:
        text = say("computed", "contained_item", whole=whole.label, part=part.label, who=whole.who, **amounts)
    values = (whole.value, part.value) if whole.who != part.who else ()  # of two bodies the one is the sum
    return Draft(text, values, (*whole.readings, *part.readings))


def _joined(drafts: Sequence[Draft]) -> Draft:
    """Several answers, one behind the other: the first value of each first."""
    said = [draft for draft in drafts if draft.route not in ("decline", "clarify")] or list(drafts[:1])
    if len(said) == 1:
        return said[0]
    values: list[Value] = [draft.values[0] for draft in said if draft.values]
    values += [value for draft in said for value in draft.values[1:]]
    cited: list[Citation] = [cited for draft in said for cited in draft.cited]
    routes = {draft.route for draft in said}
    return Draft(
        "".join(draft.text for draft in said),
        tuple(values),
        tuple(dict.fromkeys(reading for draft in said for reading in draft.readings)),
        tuple(cited),
        tuple(step for draft in said for step in draft.steps),
        verdict=next((draft.verdict for draft in said if draft.verdict), None),
        route=said[0].route if len(routes) == 1 else "both",
    )


_OPERATIONS: dict[type[Any], Operation] = {
    q.Pick: "lookup", q.Sum: "sum", q.Minus: "difference", q.Less: "difference", q.Ratio: "share", q.Change: "growth", q.Mean: "sum",
    q.Each: "list", q.Named: "lookup", q.By: "rank", q.Where: "list", q.Top: "rank", q.Nth: "rank", q.Place: "rank", q.Count: "count",
    q.Quote: "explain", q.Holds: "verify", q.Same: "verify", q.Turned: "verify", q.Exists: "verify", q.All: "verify", q.Both: "lookup",
}  # fmt: skip
_OVER: dict[str, Over] = {"agencies": "agencies", "units": "agencies", "years": "years"}
_TOLD: dict[str, Operation] = {
    "reason": "explain", "purpose": "explain", "duties": "explain", "definition": "define",
    "number": "count", "units": "list", "offices": "list",
}  # fmt: skip


def plan_of(question: str, understood: Understood, expression: Any) -> Plan:
    """The flat fields that scripts rely on, from the expression."""
    if expression is None:
        return Plan(question, understood.text, "decline")
    operation = _TOLD.get(expression.what, "explain") if isinstance(expression, q.Told) else _OPERATIONS.get(type(expression), "lookup")
    found = picks(expression)
    return Plan(
        question, understood.text, operation, agencies=tuple(dict.fromkeys(one.agency for one in found if one.agency)),
        years=tuple(sorted({one.year for one in found if one.year})), kind=next((one.kind for one in found if one.kind), None),
        items=tuple(dict.fromkeys(one.item for one in found if one.item is not None)), over=_over_of(expression, found),
        order=next((one.order for one in q.walk(expression) if isinstance(one, (q.Nth, q.Top))), None),
        unread=tuple(one.text for one in understood.unread),
    )  # fmt: skip


def _over_of(expression: Any, found: Sequence[Pick]) -> Over | None:
    """What a rank, comparison or change ranges over."""
    each = next((one.over for one in q.walk(expression) if isinstance(one, q.Each)), None)
    if each is not None:
        return "agencies" if each in ("agencies", "units") else "years" if each == "years" else "kinds" if each == "kinds" else "items"
    if isinstance(expression, (q.Change, q.Turned)):
        return "years"
    if len({one.agency for one in found}) > 1:
        return "agencies"
    if len({(one.year, one.earlier) for one in found}) > 1:
        return "years"
    return "items" if isinstance(expression, (q.Nth, q.Top)) else None


__all__ = ["Asker", "Judged", "Listing", "Turn", "Words", "plan_of"]

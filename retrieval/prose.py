"""Answers from the words of the disclosures: reasons, duties, definitions, counts, lists, claims about prose.

Takes a plan and an open snapshot; gives `ProseEvidence` or None. Every number shown stands in a quote; quotes are exact.
The sentences around them are data/prose_answers.toml.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import replace
from decimal import Decimal

from retrieval.answer import CitedDocument, Value
from retrieval.changes import best_change
from retrieval.definitions import find_definition
from retrieval.general_answers import explain_code, explain_in_general, explain_several, with_example
from retrieval.general_terms import general_terms
from retrieval.passages import GOALS, Prose, Rows, Span, ending, plain_text, read_prose
from retrieval.plan import Plan
from retrieval.prose_claims import judge_claim
from retrieval.prose_evidence import ProseEvidence, quoted, table
from retrieval.prose_numbers import Found, answer_numbers, has_rivals
from retrieval.prose_question import ANY_COUNTER, ProseQuestion, Wanted, joins, read_question
from retrieval.prose_search import count_items, find_list, find_topic, nearest, specific
from retrieval.prose_words import prose_words

MOST_DOCUMENTS = 8

_SURE = 0.8
_COST = re.compile("成本|单价|价格|金额|多少钱")   # asked for in money: a number of things is no answer
_COMPUTED = frozenset(("sum", "share", "rank", "trend"))   # what is computed from cells is not answered in words
_READABLE = 120   # characters of a quote around a number
_NAMES = "SELECT DISTINCT agency FROM documents WHERE list_contains(?, agency_id) AND agency IS NOT NULL"
_ASKED_ABOUT = """
SELECT document_id, agency, year, kind, file FROM documents
WHERE list_contains(?, agency_id) AND (len(?::INTEGER[]) = 0 OR list_contains(?::INTEGER[], year)) AND (?::VARCHAR IS NULL OR kind = ?)
ORDER BY year DESC, kind, scope, edition_rank, document_id LIMIT ?
"""


def answer_from_prose(plan: Plan, snapshot: Rows) -> ProseEvidence | None:
    """What the prose of the disclosures asked about says; None if it says nothing that answers.

    Of several agencies, or a number in several years, each must say something: half an answer would mislead.
    """
    return _answer(plan, snapshot, ())


def _answer(plan: Plan, snapshot: Rows, others: Sequence[str]) -> ProseEvidence | None:
    """The same, where the question also names `others`: agencies that are answered for beside this one."""
    if len(plan.agencies) > 1:
        names = [str(row[0]) for row in snapshot.rows(_NAMES, [list(plan.agencies)])]
        return _each([_answer(replace(plan, agencies=(agency,)), snapshot, names) for agency in plan.agencies])
    if len(plan.years) > 1 and plan.operation in ("count", "lookup"):
        return _each([_answer(replace(plan, years=(year,)), snapshot, others) for year in plan.years])
    documents = documents_asked(plan, snapshot)
    everything = read_prose(snapshot, documents)
    headings = tuple(dict.fromkeys(passage.heading for passage in everything if passage.heading))
    agencies = dict.fromkeys((*(document.agency for document in documents if document.agency), *others))
    question = read_question(plan, list(agencies), headings)
    if not documents:
        return _in_general(question, snapshot) if question.wanted in ("define", "content") else None
    prose = _asked_for(question, everything)
    if plan.operation in _COMPUTED and question.wanted not in ("reason", "change"):
        return None
    for wanted in _attempts(question, plan):
        evidence = _attempt(wanted, plan, question, prose)
        if evidence is not None:
            return evidence
    return _in_general(question, snapshot) if question.wanted == "define" else None


def _each(found: Sequence[ProseEvidence | None]) -> ProseEvidence | None:
    """Several answers, one behind the other; None if one is missing."""
    answers = [answer for answer in found if answer is not None]
    if not answers or len(answers) < len(found):
        return None
    return ProseEvidence(
        "".join(answer.text for answer in answers),
        tuple(value for answer in answers for value in answer.values),
        tuple(cited for answer in answers for cited in answer.citations),
        any(answer.general_knowledge for answer in answers),
        min(answer.score for answer in answers),
        answers[0].verdict if len({answer.verdict for answer in answers}) == 1 else None,
    )


def _asked_for(question: ProseQuestion, prose: Sequence[Prose]) -> Sequence[Prose]:
    """Without the goals set for projects, unless the question asks for a goal: what is to be is not what is."""
    if prose_words().found("goal", question.text) or prose_words().found("goal_first", question.text):
        return prose
    return [passage for passage in prose if passage.topic != GOALS]


def _attempts(question: ProseQuestion, plan: Plan) -> tuple[Wanted, ...]:
    """The kind of answer that is wanted, then those that may serve instead; words serve only where no figure is asked."""
    wanted = question.wanted
    if wanted == "amount" and _COST.search(question.text):
        return ("amount",)
    if wanted == "amount" and not any(one.item for one in plan.items) and not prose_words().found("quantity", question.text):
        return ("amount", "count", "search")
    instead: dict[Wanted, tuple[Wanted, ...]] = {
        "reason": ("change", "denial"),
        "define": ("content", "denial"),
        "content": ("define", "list", "search"),
        "list": ("search", "denial"),
        "topic": ("search",),
        "count": ("listed_count",),
        "amount": ("count",),
        "search": ("content",),
    }
    return (wanted, *instead.get(wanted, ()))


def _attempt(wanted: Wanted, plan: Plan, question: ProseQuestion, prose: Sequence[Prose]) -> ProseEvidence | None:
    if wanted in ("reason", "change"):
        return _reason(question, prose, with_reason=wanted == "reason", surely=wanted != question.wanted)
    if wanted in ("define", "content"):
        return _definition(question, prose, content=wanted == "content")
    if wanted in ("count", "amount"):
        return _numbers(question, prose, wanted)
    if wanted == "listed_count":
        return _listed_count(question, prose)
    if wanted == "list":
        return quoted("listed", find_list(prose, question))
    if wanted == "topic":
        return quoted("said", find_topic(prose, question))
    if wanted == "claim":
        return _claim(plan, question, prose)
    if wanted == "denial":
        return _denial(question, prose)
    if question.wanted == "list" and question.topic and not specific(question):
        return quoted("said", find_topic(prose, question))
    if question.wanted == "list" and question.topic:
        prose = [passage for passage in prose if passage.topic == question.topic]
    found = nearest(prose, question) if question.pieces else None
    return quoted("said", (found[1].shortened(),), found[0]) if found else None


def _denial(question: ProseQuestion, prose: Sequence[Prose]) -> ProseEvidence | None:
    """For a question why something is not: the sentence that says that it is not (年初不编制…预算)."""
    found = nearest(prose, question) if question.pieces else None
    if found is None or found[0] < _SURE or prose_words().found("negation", found[1].plain) is None:
        return None
    return quoted("said", (found[1].shortened(),), found[0])


def _reason(question: ProseQuestion, prose: Sequence[Prose], *, with_reason: bool, surely: bool) -> ProseEvidence | None:
    """The change that the question is about, with its reason; `surely`: only one that it names beyond doubt."""
    match = best_change(prose, question, with_reason=with_reason)
    if match is None or (surely and match.score < _SURE):
        return None
    asked, told = question.direction, match.change.direction
    other = asked in ("increase", "decrease") and told in ("increase", "decrease") and asked != told
    template = "reason_of_other" if other else "reason" if with_reason else "change"
    direction = table("directions")[told]
    return quoted(template, (ending(match.change.span),), min(1.0, match.score), direction=direction)


def _definition(question: ProseQuestion, prose: Sequence[Prose], *, content: bool) -> ProseEvidence | None:
    names = _names_of_term(question)
    span = find_definition(prose, names, content=content) if names else None
    if span is None:
        return None
    return quoted("definition", (span,), term=question.term or names[0])


def _names_of_term(question: ProseQuestion) -> tuple[str, ...]:
    term = question.term
    if term is None:
        return ()
    known = general_terms().named(term)
    others = known[0].names if len(known) == 1 and plain_text(term) in map(plain_text, known[0].names) else ()
    return tuple(dict.fromkeys((term, *map(plain_text, others))))


def _numbers(question: ProseQuestion, prose: Sequence[Prose], wanted: Wanted) -> ProseEvidence | None:
    if not any(len(piece.said) > 1 or wanted == "count" for piece in question.pieces):
        return None
    kinds = ("元",) if wanted == "amount" else question.counters or (ANY_COUNTER,)
    found = answer_numbers(prose, question, kinds)
    if not found:
        return None
    if len(question.counters) < 2 and not joins(question):
        if has_rivals(found):
            return quoted("said", (_around(found[0]),), found[0].score)
        found = found[:1]
    spans = tuple(dict.fromkeys(_around(entry) for entry in found))
    values = tuple(Value(entry.number.number, entry.number.unit) for entry in found)
    shown = "、".join(f"{value.amount:,f}{value.unit}" for value in values)
    return quoted("count", spans, min(entry.score for entry in found), values=values, value=shown)


def _listed_count(question: ProseQuestion, prose: Sequence[Prose]) -> ProseEvidence | None:
    """How many names a list has, where no number is printed; of units the list alone: whether 本级 counts is for the reader."""
    if question.topic not in ("institutions", "budget_units"):
        return None
    spans = find_list(prose, question)
    listed = "".join(span.plain for span in spans)
    if not any(word in listed for piece in question.pieces for word in piece.printed):
        return None
    number = count_items(spans)
    if not spans or not number or question.topic != "institutions":
        return quoted("listed", spans)
    value = Value(Decimal(number), "个")
    return quoted("counted_list", spans, 0.8, values=(value,), value=f"{value.amount}{value.unit}")


def _around(found: Found) -> Span:
    """The sentence of a number; of a long one the clauses around the number."""
    sentence, number = found.number.sentence, found.number
    if sentence.end - sentence.start <= _READABLE:
        return sentence
    plain = sentence.prose.plain
    edges = [sentence.start, *(place + 1 for place in range(sentence.start, sentence.end) if plain[place] in "，；。："), sentence.end]
    begins = [edge for edge in edges if edge <= number.start and number.end - edge <= _READABLE]
    stops = [edge for edge in edges if edge >= number.end]
    begin = begins[0] if begins else max(edge for edge in edges if edge <= number.start)
    near = [edge for edge in stops if edge - begin <= _READABLE]
    return Span(sentence.prose, begin, near[-1] if near else stops[0])


def _claim(plan: Plan, question: ProseQuestion, prose: Sequence[Prose]) -> ProseEvidence | None:
    judged = judge_claim(plan, question, prose)
    if judged is None:
        return None
    values = tuple(Value(number.number, number.unit) for number in judged.numbers)
    return quoted(judged.verdict, judged.spans, judged.score, values=values, verdict=judged.verdict)


def _in_general(question: ProseQuestion, snapshot: Rows) -> ProseEvidence | None:
    """The glossary's explanation, beside the first one that a disclosure of the store prints."""
    whole = prose_words().found("asks_difference", question.text) is not None
    text = explain_in_general(question.text if whole else question.term or question.text) or explain_code(question.text)
    text = text or explain_several(question.text)
    return None if text is None else with_example(text, _names_of_term(question), snapshot)


def documents_asked(plan: Plan, snapshot: Rows) -> list[CitedDocument]:
    """The documents asked about, the likeliest first. Without an agency: those of the only one there is."""
    agencies = list(plan.agencies)
    if not agencies:
        known = snapshot.rows("SELECT DISTINCT agency_id FROM documents WHERE agency_id IS NOT NULL LIMIT 2")
        if len(known) != 1:
            return []
        agencies = [str(known[0][0])]
    rows = snapshot.rows(_ASKED_ABOUT, [agencies, list(plan.years), list(plan.years), plan.kind, plan.kind, MOST_DOCUMENTS])
    return [CitedDocument(*row) for row in rows]

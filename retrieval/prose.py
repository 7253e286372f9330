"""Answers from the words of the disclosures: reasons, duties, definitions, counts, lists, claims about prose.

Takes a plan and an open snapshot; gives `ProseEvidence` or None. Every number shown stands in a quote; quotes are exact.
The sentences around them are data/prose_answers.toml.
"""

from __future__ import annotations

import tomllib
from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import cache

from retrieval.answer import Citation, CitedDocument, Value, Verdict
from retrieval.changes import best_change
from retrieval.definitions import find_definition
from retrieval.general_terms import general_terms
from retrieval.passages import GOALS, Prose, Rows, Span, citation, plain_text, read_prose
from retrieval.plan import Plan
from retrieval.prose_claims import judge_claim
from retrieval.prose_numbers import Found, answer_numbers, has_rivals
from retrieval.prose_question import ANY_COUNTER, ProseQuestion, Wanted, joins, read_question
from retrieval.prose_search import count_items, find_list, find_topic, nearest, specific
from retrieval.prose_words import prose_words
from store.vocabulary import DATA

MOST_DOCUMENTS = 8

_SURE = 0.8
_COMPUTED = frozenset(("sum", "share", "rank", "trend"))   # what is computed from cells is not answered in words
_READABLE = 120   # characters of a quote around a number
_EXAMPLES = 3
_EXPLAINED = """
SELECT d.document_id, d.agency, d.year, d.kind, d.file FROM passages p JOIN documents d USING (document_id)
WHERE p.topic = 'definitions' AND contains(p.text, ?) LIMIT 3
"""
_ASKED_ABOUT = """
SELECT document_id, agency, year, kind, file FROM documents
WHERE list_contains(?, agency_id) AND (len(?::INTEGER[]) = 0 OR list_contains(?::INTEGER[], year)) AND (?::VARCHAR IS NULL OR kind = ?)
ORDER BY year DESC, kind, scope, edition_rank, document_id LIMIT ?
"""


@dataclass(frozen=True, slots=True)
class ProseEvidence:
    """An answer made of quotes."""

    text: str                      # the sentences to show; every number of an answer in it stands in a citation's quote
    values: tuple[Value, ...] = ()
    citations: tuple[Citation, ...] = ()
    general_knowledge: bool = False   # the words are the project's glossary's, not a document's
    score: float = 1.0             # 0 … 1, how sure
    verdict: Verdict | None = None


def answer_from_prose(plan: Plan, snapshot: Rows) -> ProseEvidence | None:
    """What the prose of the disclosures asked about says; None if it says nothing that answers."""
    documents = _documents(plan, snapshot)
    everything = read_prose(snapshot, documents)
    headings = tuple(dict.fromkeys(passage.heading for passage in everything if passage.heading))
    question = read_question(plan, list(dict.fromkeys(document.agency for document in documents if document.agency)), headings)
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


def _asked_for(question: ProseQuestion, prose: Sequence[Prose]) -> Sequence[Prose]:
    """Without the goals set for projects, unless the question asks for a goal: what is to be is not what is."""
    if prose_words().found("goal", question.text):
        return prose
    return [passage for passage in prose if passage.topic != GOALS]


def _attempts(question: ProseQuestion, plan: Plan) -> tuple[Wanted, ...]:
    """The kind of answer that is wanted, then those that may serve instead; words serve only where no figure is asked."""
    wanted = question.wanted
    if wanted == "amount" and not plan.items and not prose_words().found("quantity", question.text):
        return ("amount", "count", "search")
    instead: dict[Wanted, tuple[Wanted, ...]] = {
        "reason": ("change", "denial"),
        "define": ("content", "denial"),
        "content": ("define", "list", "search"),
        "list": ("search",),
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
        return _quoted("listed", find_list(prose, question))
    if wanted == "topic":
        return _quoted("said", find_topic(prose, question))
    if wanted == "claim":
        return _claim(plan, question, prose)
    if wanted == "denial":
        return _denial(question, prose)
    if question.wanted == "list" and question.topic and not specific(question):
        return _quoted("said", find_topic(prose, question))
    if question.wanted == "list" and question.topic:
        prose = [passage for passage in prose if passage.topic == question.topic]
    found = nearest(prose, question) if question.pieces else None
    return _quoted("said", (found[1].shortened(),), found[0]) if found else None


def _denial(question: ProseQuestion, prose: Sequence[Prose]) -> ProseEvidence | None:
    """For a question why something is not: the sentence that says that it is not (年初不编制…预算)."""
    found = nearest(prose, question) if question.pieces else None
    if found is None or found[0] < _SURE or prose_words().found("negation", found[1].plain) is None:
        return None
    return _quoted("said", (found[1].shortened(),), found[0])


def _reason(question: ProseQuestion, prose: Sequence[Prose], *, with_reason: bool, surely: bool) -> ProseEvidence | None:
    """The change that the question is about, with its reason; `surely`: only one that it names beyond doubt."""
    match = best_change(prose, question, with_reason=with_reason)
    if match is None or (surely and match.score < _SURE):
        return None
    asked, told = question.direction, match.change.direction
    other = asked in ("increase", "decrease") and told in ("increase", "decrease") and asked != told
    template = "reason_of_other" if other else "reason" if with_reason else "change"
    direction = _table("directions")[told]
    return _quoted(template, (match.change.span.shortened(),), min(1.0, match.score), direction=direction)


def _definition(question: ProseQuestion, prose: Sequence[Prose], *, content: bool) -> ProseEvidence | None:
    names = _names_of_term(question)
    span = find_definition(prose, names, content=content) if names else None
    if span is None:
        return None
    return _quoted("definition", (span,), term=question.term or names[0])


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
            return _quoted("said", (_around(found[0]),), found[0].score)
        found = found[:1]
    spans = tuple(dict.fromkeys(_around(entry) for entry in found))
    values = tuple(Value(entry.number.number, entry.number.unit) for entry in found)
    shown = "、".join(f"{value.amount:,f}{value.unit}" for value in values)
    return _quoted("count", spans, min(entry.score for entry in found), values=values, value=shown)


def _listed_count(question: ProseQuestion, prose: Sequence[Prose]) -> ProseEvidence | None:
    """How many names a list has, where no number is printed; of units the list alone: whether 本级 counts is for the reader."""
    if question.topic not in ("institutions", "budget_units"):
        return None
    spans = find_list(prose, question)
    number = count_items(spans)
    if not spans or not number or question.topic != "institutions":
        return _quoted("listed", spans)
    value = Value(Decimal(number), "个")
    return _quoted("counted_list", spans, 0.8, values=(value,), value=f"{value.amount}{value.unit}")


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
    return _quoted(judged.verdict, judged.spans, judged.score, values=values, verdict=judged.verdict)


def _quoted(
    template: str,
    spans: Sequence[Span],
    score: float = 1.0,
    *,
    values: tuple[Value, ...] = (),
    verdict: Verdict | None = None,
    **words: str,
) -> ProseEvidence | None:
    """The evidence that these spans make, in the words of a template; None without spans."""
    if not spans:
        return None
    phrases = _phrases()
    quotes = phrases["join"].join(_in_marks(span.quote) for span in spans)
    text = phrases[template].format(who=_who(spans[0].prose), quotes=quotes, **words)
    return ProseEvidence(text, values, tuple(citation(span) for span in spans), score=max(0.0, min(1.0, score)), verdict=verdict)


def _in_marks(words: str) -> str:
    """Words in quotation marks, of another shape where they hold such marks themselves."""
    return _phrases()["quote_with_marks" if "“" in words else "quote"].format(words=words)


def _who(prose: Prose) -> str:
    document = prose.document
    phrases = _phrases()
    if document.year is None or document.kind is None:
        return phrases["who_without_year"].format(agency=document.agency or "")
    return phrases["who"].format(agency=document.agency or "", year=document.year, kind=_kinds()[document.kind])


def _in_general(question: ProseQuestion, snapshot: Rows) -> ProseEvidence | None:
    """The glossary's explanation, beside the first one that a disclosure of the store prints."""
    text = explain_in_general(question.term or question.text)
    return None if text is None else _with_example(text, _names_of_term(question), snapshot)


def _with_example(text: str, names: Sequence[str], snapshot: Rows) -> ProseEvidence:
    printed = _printed_definition(names, snapshot) if names else None
    if printed is None:
        return ProseEvidence(text, general_knowledge=True, score=0.9)
    example = _phrases()["for_example"].format(text=printed.text)
    return ProseEvidence(text + example, citations=printed.citations, general_knowledge=True, score=0.9)


def _printed_definition(names: Sequence[str], snapshot: Rows) -> ProseEvidence | None:
    """How a disclosure of the store explains one of the names."""
    found = {row[0]: CitedDocument(*row) for name in names for row in snapshot.rows(_EXPLAINED, [name])}
    documents = list(found.values())[:_EXAMPLES]
    span = find_definition(read_prose(snapshot, documents), names)
    return _quoted("definition", (span,), term=names[0]) if span else None


def general_answer(question: str, snapshot: Rows) -> ProseEvidence | None:
    """For a question that names no agency: what its term means, or how its terms differ; None if it asks neither."""
    words = prose_words()
    plain = plain_text(question)
    terms = general_terms().named(plain)
    if len(terms) >= 2 and words.found("asks_difference", plain):
        text = explain_in_general(plain)
        return ProseEvidence(text, general_knowledge=True, score=0.9) if text else None
    if len(terms) != 1 or not (words.found("asks_define", plain) or words.found("asks_content", plain)):
        return None
    text = explain_in_general(plain)
    return None if text is None else _with_example(text, terms[0].names, snapshot)


def explain_in_general(question: str) -> str | None:
    """The glossary's explanation of the term, or of how the two terms differ, that a question names; None if it names none."""
    terms = general_terms().named(question)
    if not terms:
        return None
    general = _general()
    first, *others = terms
    if others and not prose_words().found("asks_difference", plain_text(question)):
        first, others = general_terms().exactly(question) or max(terms, key=lambda term: len(term.name)), []
    if others:
        second = others[0]
        known = general_terms().difference(first, second)
        if known is not None:
            mark = general["mark"].format(source=known.source)
            return general["difference"].format(first=first.name, second=second.name, meaning=known.meaning, mark=mark)
        mark = general["mark"].format(source="；".join(dict.fromkeys((first.source, second.source))))
        return general["both"].format(
            first=first.name, first_meaning=first.meaning, second=second.name, second_meaning=second.meaning, mark=mark
        )
    mark = general["mark"].format(source=first.source)
    return general["term"].format(name=first.name, meaning=first.meaning, mark=mark)


def _documents(plan: Plan, snapshot: Rows) -> list[CitedDocument]:
    """The documents asked about, the likeliest first. Without an agency: those of the only one there is."""
    agencies = list(plan.agencies)
    if not agencies:
        known = snapshot.rows("SELECT DISTINCT agency_id FROM documents WHERE agency_id IS NOT NULL LIMIT 2")
        if len(known) != 1:
            return []
        agencies = [str(known[0][0])]
    rows = snapshot.rows(_ASKED_ABOUT, [agencies, list(plan.years), list(plan.years), plan.kind, plan.kind, MOST_DOCUMENTS])
    return [CitedDocument(*row) for row in rows]


@cache
def _sentences() -> dict[str, object]:
    with (DATA / "prose_answers.toml").open("rb") as file:
        return tomllib.load(file)


@cache
def _phrases() -> dict[str, str]:
    return {key: value for key, value in _sentences().items() if isinstance(value, str)}


@cache
def _general() -> dict[str, str]:
    return _table("general")


@cache
def _kinds() -> dict[str, str]:
    return _table("kinds")


def _table(name: str) -> dict[str, str]:
    table = _sentences()[name]
    if not isinstance(table, dict):
        raise TypeError(f"data/prose_answers.toml: {name} is not a table")
    return {str(key): str(value) for key, value in table.items()}  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]



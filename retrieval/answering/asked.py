"""What is asked of the prose of a disclosure: its passages, the question as they answer it, and the numbers that stand beside words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from retrieval.answer.answer import CitedDocument, Value
from retrieval.answer.values import Missing, Words
from retrieval.figures.agencies import Agency
from retrieval.figures.cells import Stated
from retrieval.figures.parts import INCOME_TOTALS, PORTION_OF, SPENDING_TOTALS
from retrieval.figures.places import Place
from retrieval.figures.query import Rows, equals, run, select
from retrieval.figures.stated import names_fund
from retrieval.language.builders import COUNTED
from retrieval.prose import counts
from retrieval.prose.counts import MONEY, Found, find_numbers, kind_of
from retrieval.prose.evidence import quoted
from retrieval.prose.likeness import Piece, ProseQuestion, forms_of, holds, prose_words
from retrieval.prose.passages import GOALS, Prose, citation, plain_text, read_prose
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick
from retrieval.question.plan import Direction
from retrieval.words.folding import bare
from retrieval.words.forms import content_words
from retrieval.words.grammar import load
from store.money import MONEY_UNITS

if TYPE_CHECKING:
    from retrieval.evaluating.evaluator import Evaluator

AMOUNT_SURE = 0.9  # of an amount in free prose: nearly every word stands beside it
_DIRECTION: dict[str | None, Direction] = {"up": "increase", "down": "decrease", "same": "same"}
_TOPIC = {"duties": "duties", "units": "budget_units", "offices": "institutions"}


def prose_of(evaluator: Evaluator, node: q.Told, agency: Agency) -> tuple[Prose, ...]:
    """The passages of the disclosure asked about: of the year said, else the latest."""
    year = evaluator.year_of(node.about, agency)
    years = (year,) if node.what == "reason" else (year, (year or 0) + 1)  # the next one tells another year's change
    found = [one for one in agency.disclosures if year is None or one.year in years]
    found = [one for one in found if node.about.kind in (None, one.kind)] or found  # final accounts tell of their budget too
    found.sort(key=lambda one: (one.year != year, -(one.year or 0), one.kind or "", one.scope or ""))
    chosen = found[:2] if found and found[0].year == year else found[:1]
    documents = [document for one in chosen for document in files_of(evaluator.desk.snapshot, one.disclosure_id)]
    return read_prose(evaluator.desk.snapshot, documents)


def prose_at(snapshot: Rows, place: Place) -> tuple[Prose, ...]:
    """The passages of the disclosure at a place."""
    return read_prose(snapshot, files_of(snapshot, place.disclosure.disclosure_id))


def named_in_prose(snapshot: Rows, whole: Place, names: set[str]) -> bool:
    """Whether a disclosure's prose names one of `names`: a department lists the units whose figures it includes."""
    return any(name in bare(passage.plain) for passage in prose_at(snapshot, whole) for name in names)


def terms_of(node: q.Told, prose: Sequence[Prose]) -> tuple[str, ...]:
    """The words that a question adds to the item that it is about, as far as they are of use."""
    if node.about.item is not None and node.what in ("definition", "purpose", "reason"):
        return ()  # 这四个字，我这外行: of the item it is asked
    if node.what not in ("reason", "withheld"):
        return node.terms
    said = "".join(passage.plain for passage in prose)  # what the asker adds (官方说的理由) is no subject of the prose
    known = tuple(one for one in node.terms if any(holds(said, word) for word in (plain_text(one), *piece(one).words)))
    return known or (node.terms if node.about.item is None else ())


def piece(said: str, more: Sequence[str] = ()) -> Piece:
    """A thing as it was said and as it is printed."""
    plain = plain_text(said)
    parts = tuple(word for word in content_words(plain) if len(word) >= 2 and word != plain) if len(plain) >= 4 else ()
    return Piece(plain, tuple(dict.fromkeys((*forms_of(plain), *map(plain_text, more)))), parts)


def piece_of(item: Item) -> Piece:
    """A thing that is asked about, as it is said and printed."""
    return piece(item.said.strip("的") or item.item or "", [*item.names, *([item.item] if item.item else [])])


def question_of(node: q.Told) -> ProseQuestion:
    """The node as the finders of prose take it."""
    item, words, settings = node.about.item, prose_words(), load("prose.toml")["told"]
    whole = item is not None and item.item in (*SPENDING_TOTALS, *INCOME_TOTALS)
    pieces = [piece_of(item)] if item is not None and (item.item or item.said) and not whole else []
    terms = [term.strip() for term in node.terms if len(term.strip()) > 1 or node.what == "number"]
    if node.what == "number":
        bodies = {name for names in COUNTED.values() for name in names}
        idle = {*words.of("goal"), *(words.of("topic") if bodies & {*terms} else ())} - bodies
        terms = [term for term in terms if term not in idle]
    flow = None if item is None else "income" if item.item in INCOME_TOTALS else "spending" if whole else item.flow
    flows = settings["income"] if flow == "income" else settings["spending"] + settings["income"][:1] * (flow != "spending")
    counters = () if node.counter is None else (node.counter,)
    pieces += map(piece, terms)
    return ProseQuestion(tuple(pieces), _TOPIC.get(node.what), counters, _DIRECTION.get(node.direction), tuple(flows))


def count_of(found: Sequence[Found]) -> Words | None:
    """Numbers as the answer, each in the clauses around it."""
    numbers = [one.number for one in found]
    values = tuple(Value(one.number, one.unit) for one in numbers)
    spans = tuple(dict.fromkeys(one.sentence.around(one.start, one.end) for one in numbers))
    shown = "、".join(f"{one.amount:,f}{one.unit}" for one in values)
    return quoted("count", spans, min(one.score for one in found), values=values, value=shown)


def numbers_beside(evaluator: Evaluator, about: Pick, words: Sequence[str], unit: str) -> tuple[Found, ...]:
    """The numbers with such a unit that prose prints beside words, the surest first."""
    agency = evaluator.agency_of(about)
    if isinstance(agency, Missing) or not words:
        return ()
    node = q.Told("number", replace(about, item=None), tuple(words), counter=unit)
    return find_numbers(prose_of(evaluator, node, agency), question_of(node), (kind_of(unit),))


def amount_told(snapshot: Rows, item: Item, place: Place) -> Stated | None:
    """The amount of money that only free prose gives for an item, as a statement with its quote; codes are printed in tables."""
    question = ProseQuestion((piece_of(item),))
    prose = [passage for passage in prose_at(snapshot, place) if passage.topic not in (GOALS, "definitions")] if item.code is None else []
    found = find_numbers(prose, question, (MONEY,))
    if not found or counts.has_rivals(found[:2]) or found[0].score < AMOUNT_SURE:
        return None
    number = found[0].number
    quote = number.sentence.around(number.start, number.end)
    plain, portions = bare(quote.plain), [name for name, portion in PORTION_OF.items() if portion == item.portion]
    of_fund = item.fund is None or names_fund(plain, item.fund)
    if not of_fund or (item.affiliate or "") not in plain or (item.portion is not None and not any(map(quote.plain.count, portions))):
        return None
    cited = citation(quote)
    return Stated(
        cited.figure_id or "", place.disclosure.disclosure_id, cited.document.id, place.agency.name, place.agency.agency_id,
        place.year, place.kind,
        cited.document.file, "", (cited.section or "",), item.item or item.said, (), cited.quote or "", number.unit,
        number.number * MONEY_UNITS[number.unit], number.number, f"{number.number:f}", cited.page,
        *(cited.bbox or (None, None, None, None)),
        item.flow, item.fund, None, None, place.year, None,
    )  # fmt: skip


def files_of(snapshot: Rows, disclosure_id: str) -> list[CitedDocument]:
    """All files of a disclosure, its best edition first."""
    columns = ("document_id", "agency", "year", "kind", "file")
    rows = run(snapshot, select("disclosures", columns, equals("disclosure_id", disclosure_id), order=("edition_rank", "document_id")))[1]
    return [CitedDocument(*row) for row in rows]

"""Words of the prose: reasons, purposes, duties, definitions, lists, and numbers that only prose gives.

Takes a node that says what is wanted and of what; searches the passages and statements of the disclosure asked about. What is quoted
is printed so; nothing is put together from parts of different sentences.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from decimal import Decimal
from itertools import chain, zip_longest
from typing import TYPE_CHECKING

from retrieval.answer.answer import CitedDocument, Value
from retrieval.answer.values import Amount, Listing, Missing, Result, Words
from retrieval.answer.wording import say
from retrieval.figures.cells import INCOME_TOTALS, SPENDING_TOTALS, Stated
from retrieval.figures.parts import PARTS_OF, VEHICLES
from retrieval.figures.places import Place, goal_of
from retrieval.figures.query import Rows, equals, run, select
from retrieval.figures.readings import PORTION_OF
from retrieval.figures.stated import names_fund, stated_rank
from retrieval.language.builders import COUNTED
from retrieval.names.agencies import Agency
from retrieval.names.labels import content_words, synonyms
from retrieval.prose import counts
from retrieval.prose.by_words import under_heading
from retrieval.prose.counts import BOUGHT, PERCENT, StatedNumber, answer_numbers, asked_counter, asks_bought, stated_numbers
from retrieval.prose.definitions import find_definition, find_headword
from retrieval.prose.evidence import ProseEvidence, quoted, table
from retrieval.prose.likeness import likeness
from retrieval.prose.passages import GOALS, Prose, Span, citation, clauses, ending, plain_text, read_prose
from retrieval.prose.reasons import best_change, find_changes
from retrieval.prose.search import block, duties, find_list, in_quotes, nearest, opens_block
from retrieval.prose.sought import ANY_COUNTER, Piece, ProseQuestion, Wanted, joins
from retrieval.prose.words import prose_words
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick, Quantity
from retrieval.question.plan import Direction
from retrieval.words.cues import cues, fillers, load, particles, without_denied
from retrieval.words.folding import bare, fold
from retrieval.words.numbers import find_quantities
from store.money import MONEY_UNITS
from store.numerals import NUMERALS, read_numeral

if TYPE_CHECKING:
    from retrieval.answering.evaluate import Evaluator

SURE_ENOUGH = 0.3
_LEAST_NEAR, _MOST_NEAR = Decimal("0.9"), Decimal("1.15")  # times the amount said in round words: 快七个亿, 七百多万
_LEAST_HELD = 0.3  # of the words of what an amount is said to be of
_MOST_REASONS = 5  # that are quoted one after the other
_PRINTED = load("prose.toml")["told"]
_MORE_REASONS = re.compile(_PRINTED["more_reasons"])
AMOUNT_SURE = 0.9  # of an amount in free prose: nearly every word stands beside it
NEAR = 0.75  # score from which a number of the prose may be the claimed one
SURE = 0.9  # score from which it refutes another
FEWEST = 0.55  # of a question's words that a sentence must hold to be quoted for it
_DIRECTION: dict[str, Direction] = {"up": "increase", "down": "decrease", "same": "same"}
_BACK = {"increase": "up", "decrease": "down", "same": "same"}
_REASON = re.compile(_PRINTED["reason"])
PURPOSE = re.compile(_PRINTED["purpose"])
_BOUND = re.compile(r"[≥≤＞＜=]")
_CODED = re.compile(_PRINTED["coded"])  # 用于社会福利的彩票公益金支出（项）
_TARGET = re.compile(r"[≥≤＞＜=]\s*\d")  # what a goal sets, not what was done
_FORM = re.compile(_PRINTED["form"])  # the head of a form tells nothing
_WHOLE = frozenset((*SPENDING_TOTALS, *INCOME_TOTALS))
_LISTED_UNITS = re.compile(
    rf"单位\s*[\d{NUMERALS}]+\s*[家个]|单位(?:共|有|包括|构成|分别|如下|：)|预算(?:构成|单位|包括)|下属|所属|二级|直属"
    r"|编制范围"
)
_UNIT_ENDS = re.compile(_PRINTED["unit_ends"])
_OFFICE_ENDS = re.compile(rf"(?:处|科|室|部|股|组|委|队)(?:（[^（）]*）)?(?:[、，。；\n]|[（(][{NUMERALS}\d]{{1,3}}[）)])")
_ASIDE = re.compile(r"[（(][^（）()]*[）)]")
_SHORT_OPENING = 60
FEWEST_LISTED = 2  # names that make a list
FEWEST_BESIDE = 0.3  # of a question's words that must stand around a number for its sentence to be quoted
_MOST_SENTENCES = 3  # that are quoted where several are as near to what is asked
_OFFICES_COUNTED = re.compile(rf"([\d{NUMERALS}]+)个(?:内设|职能|业务|综合)*(?:机构|处室|科室|部门|处|科|部)")
_UNITS_COUNTED = re.compile(rf"单位(?:共计?|合计|总计)([\d{NUMERALS}]+)[家个]")
_OFFICES = frozenset(("内设机构",))
_OFFICE = re.compile(r"(?:办公室|处|科|室|部|股|组|委|队)$")
_LIST_OPENS = re.compile(r"[：:]|包括|设有|下设|分别[是为]")
_LIST_EDGE = re.compile(r"[、，；]|和|及|以及")
_NUMBERED = re.compile(rf"[（(][{NUMERALS}\d]{{1,3}}[）)]|(?<!\d)\d{{1,2}}[.、．]")
_COUNTED_LINE = re.compile(r"(\d{1,3})[.、．](?!\d)")
_LEAST_NOUN = 3  # characters of a noun that says by itself what is counted: 区县气象局, not 单位
_MOST_TO_NUMBER = 3  # from it to its number: 区县气象局共有8个
_PERSONS = ("在职人员", "实有人数", "在编人员", "在职")
_CARS_COST = frozenset((VEHICLES, *PARTS_OF[VEHICLES]))
_VEHICLES = ("公务用车", "车辆", "用车")


def told(evaluator: Evaluator, node: q.Told) -> Result:
    """What the prose of the disclosure asked about says."""
    if node.what == "place":
        return evaluator.value(node.about)
    agency = evaluator.agency_of(node.about)
    if isinstance(agency, Missing):
        return _in_general(evaluator) if node.what == "definition" else agency
    paid = any(one.quantity.unit in MONEY_UNITS for one in find_quantities(fold(evaluator.question)))
    if node.what == "duties" and (paid or (node.about.item is not None and node.about.item.item is not None)):
        node = replace(node, what="purpose")  # what a thing that is paid for is there to do
    prose = _read(evaluator, node, agency)
    if not prose:
        year = evaluator.year_of(node.about, agency)
        if all(one.year != year for one in agency.disclosures):
            return Missing("unknown_year", node.about, str(year))
        return Missing("no_words", node.about, node.about.item.said if node.about.item else "")
    if node.what in ("reason", "withheld") and node.terms:  # what the asker adds (官方说的理由) is no subject of the prose
        said = "".join(passage.plain for passage in prose)
        parts = {term: _piece(term).words if node.what == "withheld" else () for term in node.terms}
        told_ = tuple(
            term for term, words in parts.items() if any(form in said for word in words or (plain_text(term),) for form in forms_of(word))
        )
        own = _told_of(prose)
        if node.about.item is None and not told_:
            by_amount = _by_amount(evaluator, node, _question(node), own) if node.what == "reason" else None
            found = by_amount or (_sentence_with(_question(node), own, _REASON, "reason") if node.what == "reason" else None)
            if found is not None:
                return _words(found)
            return Missing("no_words", node.about, "、".join(node.terms))
        node = replace(node, terms=() if node.what == "reason" and node.about.item is not None else told_)
    elif node.what in ("definition", "purpose") and node.about.item is not None:  # 这四个字，我这外行: of the item it is asked
        node = replace(node, terms=())
    if node.what in ("duties", "listing") and (node.about.item is None or node.about.item.item is None):
        said = plain_text(evaluator.question)
        for name in agency.names:
            said = said.replace(plain_text(name), "，")
        below = quoted("said", under_heading(prose, said), 0.8)
        if below is not None:
            return _words(below)
    question = _question(node)
    finder = _FINDERS[node.what]
    found = finder(evaluator, node, question, prose, agency)
    if found is None and node.what == "definition":
        general = _in_general(evaluator)
        if isinstance(general, Words):
            return general
    if found is None:
        return Missing("no_words", node.about, "、".join(node.terms) or (node.about.item.said if node.about.item else ""))
    return _words(found) if isinstance(found, ProseEvidence) else found


def _words(found: ProseEvidence) -> Words:
    return Words(found.text, found.citations, found.values, found.score, found.general_knowledge, found.verdict)


def claimed_number(
    evaluator: Evaluator, about: Pick, words: Sequence[str], claimed: Quantity, agrees: Callable[[Decimal, Value], bool]
) -> Words | None:
    """The number of the claimed kind that prose prints beside all of the words: the one that agrees, else the only one that is meant."""
    agency = evaluator.agency_of(about)
    if isinstance(agency, Missing) or not words:
        return None
    node = q.Told("number", replace(about, item=None), tuple(words), counter=claimed.unit)
    prose = _read(evaluator, node, agency)
    kind = "元" if claimed.unit in MONEY_UNITS else prose_words().counters.get(claimed.unit, claimed.unit)
    question = replace(_question(node), counters=(kind,))
    found = [one for one in counts.find_numbers(prose, question, question.pieces, (kind,)) if one.score >= NEAR]
    values = [Value(one.number.number, one.number.unit) for one in found]
    right = [at for at, value in enumerate(values) if agrees(value.amount * MONEY_UNITS.get(value.unit, Decimal(1)), value)]
    chosen = right[0] if right else 0 if found and found[0].score >= SURE and not counts.has_rivals(found[:2]) else None
    if chosen is None:
        return None
    told_ = _count((found[chosen].number,), found[chosen].score)
    return None if told_ is None else _words(told_)


def _count(numbers: Sequence[StatedNumber], score: float) -> ProseEvidence | None:
    """Numbers as the answer, each in the clauses around it."""
    values = tuple(Value(one.number, one.unit) for one in numbers)
    spans = tuple(dict.fromkeys(_around(one.sentence, one.start, one.end) for one in numbers))
    return quoted("count", spans, score, values=values, value="、".join(f"{one.amount:,f}{one.unit}" for one in values))


def _best(scored: Iterable[tuple[float, Span]], least: float) -> tuple[float, Span] | None:
    """The first of the best, where it is good enough."""
    best = max(scored, key=lambda pair: pair[0], default=None)
    return best if best is not None and best[0] >= least else None


def _sentences(prose: Sequence[Prose]) -> Iterator[Span]:
    return (sentence for passage in prose for sentence in passage.sentences)


def _told_of(prose: Sequence[Prose]) -> list[Prose]:
    """What tells of the year, without goals and terms."""
    return [passage for passage in prose if passage.topic not in (GOALS, "definitions")]


def _read(evaluator: Evaluator, node: q.Told, agency: Agency) -> tuple[Prose, ...]:
    """The passages of the disclosure asked about: of the year said, else the latest."""
    year = evaluator.year_of(node.about, agency)
    years = (year,) if node.what == "reason" else (year, (year or 0) + 1)  # the next one tells another year's change
    found = [one for one in agency.disclosures if year is None or one.year in years]
    found = [one for one in found if node.about.kind in (None, one.kind)] or found  # final accounts tell of their budget too
    found.sort(key=lambda one: (one.year != year, -(one.year or 0), one.kind or "", one.scope or ""))
    chosen = found[:2] if found and found[0].year == year else found[:1]
    documents = [document for one in chosen for document in files_of(evaluator.desk.snapshot, one.disclosure_id)]
    return read_prose(evaluator.desk.snapshot, documents)


def _piece(said: str, more: Sequence[str] = ()) -> Piece:
    words = prose_words()
    plain = plain_text(said)
    printed = (*words.synonyms.get(plain, ()), *(plain_text(one) for one in more), *(form for form, _ in synonyms().get(plain, ())))
    parts = tuple(word for word in content_words(plain) if len(word) >= 2 and word != plain) if len(plain) >= 4 else ()
    return Piece(plain, tuple(dict.fromkeys((plain, *printed))), parts)


def _piece_of(item: Item) -> Piece:
    """A thing as it was said and as it is printed."""
    return _piece(item.said.strip("的") or item.item or "", [*item.names, *([item.item] if item.item else [])])


def _question(node: q.Told) -> ProseQuestion:
    """The node as the finders of prose take it."""
    item = node.about.item
    pieces: list[Piece] = []
    if item is not None and (item.item or item.said) and item.item not in _WHOLE:
        pieces.append(_piece_of(item))
    bodies, topics = tuple(chain(*COUNTED.values())), prose_words().of("topic")
    counts_bodies = any(term in bodies for term in node.terms)
    for term in node.terms:
        if node.what == "number" and (term in prose_words().of("goal") or (counts_bodies and term not in bodies and term in topics)):
            continue
        if len(term.strip()) >= 2 or node.what in ("number",):
            pieces.append(_piece(term.strip()))
    wanted: dict[str, Wanted] = {"reason": "reason", "definition": "define", "number": "count"}
    wanted |= dict.fromkeys(("units", "offices", "listing"), "list")
    topic = {"duties": "duties", "units": "budget_units", "offices": "institutions"}.get(node.what)
    flow = item.flow if item is not None else None
    flows = ("收入", "收支") if flow == "income" else ("收支", "支出", "收入")
    text = plain_text("".join(piece.said for piece in pieces))
    kind, counters = wanted.get(node.what, "search"), () if node.counter is None else (node.counter,)
    direction = _DIRECTION.get(node.direction or "")
    return ProseQuestion(kind, text, tuple(pieces), topic, counters, item.said if item else None, direction, flows)


def _money_told(snapshot: Rows, item: Item, place: Place, terms: Sequence[str]) -> tuple[StatedNumber, Span] | None:
    """The amount of money that free prose gives for an item, with the clauses around it; None where it gives none for sure."""
    pieces = tuple(_piece(term) for term in terms) or (_piece_of(item),)
    prose = _told_of(read_prose(snapshot, files_of(snapshot, place.disclosure.disclosure_id)))
    text = plain_text("".join(piece.said for piece in pieces))
    found = answer_numbers(prose, ProseQuestion("count", text, pieces, None, (), item.said, None, ("收支", "支出", "收入")), ("元",))
    if not found or counts.has_rivals(found) or found[0].score < AMOUNT_SURE:
        return None
    number = found[0].number
    quote = _around(number.sentence, number.start, number.end)
    if (item.fund is not None and not names_fund(bare(quote.plain), item.fund)) or (
        item.affiliate is not None and item.affiliate not in bare(quote.plain)
    ):
        return None
    if item.portion is not None and not any(name in quote.plain for name, portion in PORTION_OF.items() if portion == item.portion):
        return None
    return number, quote


def amount_told(snapshot: Rows, item: Item, place: Place) -> Stated | None:
    """The amount of money that only free prose gives for an item, as a statement with its quote."""
    found = _money_told(snapshot, item, place, ()) if item.code is None else None  # codes are printed in tables
    if found is None:
        return None
    number, quote = found
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


def named_in_prose(snapshot: Rows, whole: Place, names: set[str]) -> bool:
    """Whether a disclosure's prose names one of `names`: a department lists the units whose figures it includes."""
    prose = read_prose(snapshot, files_of(snapshot, whole.disclosure.disclosure_id))
    return any(name in bare(passage.plain) for passage in prose for name in names)


# ── finders ──


def _reason(evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency) -> ProseEvidence | None:
    """Why an amount changed: the reason that a stated figure carries, else the change told nearest to what is asked."""
    own = _told_of(prose)
    item = node.about.item
    if (item is None or item.item in _WHOLE) and (told_ := _by_amount(evaluator, node, question, own)) is not None:
        return told_
    if (stated := _stated_reason(evaluator, node, own, agency)) is not None:
        return stated
    match = best_change(own, question, with_reason=True)
    about = node.about.item is not None or not question.pieces or (match is not None and _held(question, match.change.span.plain) >= FEWEST)
    if match is not None and match.score >= SURE_ENOUGH and about:
        asked, happened = question.direction, match.change.direction
        other = asked in ("increase", "decrease") and happened in ("increase", "decrease") and asked != happened
        spans = _with_more(_of_its_own(match.change.span, _names(node, question)))
        return quoted("reason_of_other" if other else "reason", spans, min(1.0, match.score), direction=table("directions")[happened])
    found = _sentence_with(question, own, _REASON, "reason")
    if found is None and prose_words().found("negation", plain_text(evaluator.question)) is not None:
        return _sentence_with(question, own, prose_words().pattern("negation"), "said")  # why there is none: because it isn't planned
    return found


def _withheld(evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency) -> ProseEvidence | None:
    """Why something is not made public: the sentence on secrecy nearest to what is asked."""
    mark = prose_words().pattern("secrecy")
    near = ((_held(question, one.plain, one.prose.headings), one) for one in _sentences(prose) if mark.search(one.plain))
    best = _best(near, FEWEST_BESIDE if question.pieces else 0.0)
    return None if best is None else quoted("reason", (ending(best[1]),), 0.8, direction="")


def _stated_reason(evaluator: Evaluator, node: q.Told, prose: Sequence[Prose], agency: Agency) -> ProseEvidence | None:
    """The printed reason of a stated change of the item, in its sentence."""
    item = node.about.item
    if item is None or item.item is None:
        return None
    by_id = {passage.passage_id: passage for passage in prose}
    disclosures = {one.disclosure_id for one in agency.disclosures}
    found: list[tuple[tuple[object, ...], Span]] = []
    for disclosure_id in disclosures:
        for one in evaluator.desk.shelf.stated(disclosure_id):
            rank = stated_rank(item, one)
            if rank is None or not one.reason or one.passage_id not in by_id or (item.fund and one.fund not in (item.fund, None)):
                continue
            wrong_way = node.direction in ("up", "down") and _BACK.get(one.change or "") not in (node.direction, None)
            span = _sentences_around(by_id[one.passage_id], one.quote, one.reason)
            if span is not None:
                found.append(((wrong_way, rank, one.figure_id), span))
    if not found or min(found, key=lambda pair: pair[0])[0][0]:
        return None
    return quoted("reason", _with_more(_of_its_own(min(found, key=lambda pair: pair[0])[1], (item.item,))), 0.9, direction="")


def _of_its_own(span: Span, names: Sequence[str]) -> Span:
    """The span from the clause that names the thing, with the next sentence where only that gives its reason: what stands before the
    thing is the reason of another."""
    at = max(map(span.plain.rfind, names), default=-1)
    start = span.start + max(span.plain.rfind("；", 0, max(at, 0)) + 1, 0)
    if at < 0 or not _REASON.search(span.plain, 0, at) or _REASON.search(span.plain, at):
        return span
    after = next((one for one in span.prose.sentences if one.start >= span.end), None)
    return Span(span.prose, start, after.end) if after is not None and _REASON.search(after.plain) else span


def _with_more(span: Span) -> tuple[Span, ...]:
    """The reason, with those that are counted after it (…；二是…), and that of the same change told again (较上年减少是因为…)."""
    spans = [ending(span)]
    plain = span.prose.plain
    end = span.end
    while len(spans) < _MOST_REASONS and (more := _MORE_REASONS.match(plain, end)) is not None:
        spans.append(Span(span.prose, end, more.end()).shortened())
        end = more.end()
    return tuple(spans)


def _by_amount(evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose]) -> ProseEvidence | None:
    """What is printed with the one amount of money that the question says (快七个亿): why something changed by it, or what it is for."""
    asked = [one.quantity for one in find_quantities(fold(evaluator.question)) if one.quantity.unit in MONEY_UNITS]
    if len(asked) != 1:
        return None
    amount = asked[0].number * MONEY_UNITS[asked[0].unit]
    verb = prose_words().pattern("change")
    way = _DIRECTION.get(node.direction or "")
    found: list[tuple[Decimal, Span]] = []
    for passage in prose:
        numbers = [one for one in stated_numbers(passage) if one.kind == "元"]
        near = [one for one in numbers if amount * _LEAST_NEAR <= one.number * MONEY_UNITS[one.unit] <= amount * _MOST_NEAR]
        changes = [one for one in find_changes(passage) if one.has_reason and way in (None, "same", one.direction)] if near else []
        for number in near:
            spans = [one.span for one in changes if verb.search(number.before[-4:]) and one.span.start <= number.start < one.span.end]
            if node.what == "purpose":
                ends = (one.start for one in numbers if one.start > number.start)
                held = _held(question, number.sentence.plain) if question.pieces else 1.0
                whole = _with_purpose(_clause_to_end(number))
                mark = PURPOSE.search(passage.plain, number.end, min(whole.end, *ends, whole.end))
                spans = [whole] if mark is not None and held >= _LEAST_HELD else []
            found += [(number.number * MONEY_UNITS[number.unit], span) for span in spans]
    if len({told_ for told_, _ in found}) != 1:
        return None
    span = found[0][1]
    return quoted("said", (span.shortened(),), 0.9) if node.what == "purpose" else quoted("reason", _with_more(span), 0.9, direction="")


def _with_purpose(span: Span) -> Span:
    """A sentence with the one behind it that begins with what it is for (75万元。主要用于…)."""
    behind = next((one for one in span.prose.sentences if one.start >= span.end), None)
    return Span(span.prose, span.start, behind.end) if behind is not None and PURPOSE.match(behind.plain) else span


def _clause_to_end(number: StatedNumber) -> Span:
    """What a sentence says of a number: up to its semicolon."""
    return next(one for one in clauses(number.sentence) if one.start <= number.start < one.end)


def _sentences_around(passage: Prose, quote: str, reason: str) -> Span | None:
    """The sentences from a quoted clause to the end of its reason."""
    plain = passage.plain
    start = plain.find(plain_text(quote))
    end = plain.find(plain_text(reason), max(start, 0))
    if start < 0 or end < 0:
        return None
    first = next((one for one in passage.sentences if one.start <= start < one.end), None)
    last = next((one for one in passage.sentences if one.start <= end < one.end), None)
    if first is None or last is None:
        return None
    return Span(passage, max(first.start, start - 60 if last.end - first.start > 300 else first.start), last.end)


def _sentence_with(question: ProseQuestion, prose: Sequence[Prose], mark: re.Pattern[str], template: str) -> ProseEvidence | None:
    """The sentence that holds most of the question's words and one of the marks; its neighbour where that holds the mark."""
    found: list[tuple[float, Span]] = []
    for passage in prose:
        for sentence, following in zip_longest(passage.sentences, passage.sentences[1:]):
            own = mark.search(_without(sentence.plain, question)) is not None
            if own or (following is not None and mark.search(following.plain[:24])):
                found.append((_held(question, sentence.plain, passage.headings), sentence if own else sentence.to(following.end)))
    if (best := _best(found, FEWEST)) is None:
        return None
    span = _of_its_own(best[1], [form for piece in question.pieces for form in piece.printed]) if mark is _REASON else best[1]
    return quoted(template, (span.shortened(),), best[0], direction="")


def _without(plain: str, question: ProseQuestion) -> str:
    """A sentence without the names asked about, which may hold a mark themselves (用于社会福利的彩票公益金支出)."""
    for name in sorted((form for piece in question.pieces for form in piece.printed), key=len, reverse=True):
        plain = plain.replace(name, "")
    return _CODED.sub("", plain)


def _held(question: ProseQuestion, sentence: str, headings: str = "") -> float:
    """How much of the question's words a sentence holds, 0 … 1; a heading counts less."""
    total = found = 0.0
    for piece in question.pieces:
        words = piece.words or (piece.said,)
        weight = sum(map(len, words))
        whole = max((1.0 if form in sentence else 0.7 if form in headings else 0.0) for form in piece.printed)
        parts = sum(
            len(word) * max(1.0 if any(form in sentence for form in forms_of(word)) else 0.0, 0.6 if word in headings else 0.0)
            for word in words
        )
        total += weight
        found += max(whole * weight, parts)
    return found / total if total else 0.0


def forms_of(word: str) -> tuple[str, ...]:
    """The word, and what disclosures print for it."""
    return (word, *(form for form, _ in synonyms().get(word, ())), *prose_words().synonyms.get(word, ()))


def _purpose(evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency) -> ProseEvidence | None:
    """What something is for: said of it in a sentence with 用于 and the like, in its goals, or as its definition."""
    own = [passage for passage in prose if passage.topic != GOALS]
    if (paid := _by_amount(evaluator, node, question, own)) is not None:
        return paid
    if not question.pieces:
        return _duties(evaluator, node, question, prose, agency)
    names = _names(node, question)
    span = find_definition(own, names, content=True)
    if span is not None:
        return quoted("said", (_with_purpose(span),))
    return _sentence_with(question, prose, PURPOSE, "said") or _anything(question, prose)


def _anything(question: ProseQuestion, prose: Sequence[Prose]) -> ProseEvidence | None:
    told_ = (one for one in _sentences(prose) if len(one.plain) > 8 and not _FORM.match(one.plain))
    best = _best(((_held(question, one.plain, one.prose.headings) - 0.0002 * len(one.plain), one) for one in told_), 0.7)
    return quoted("said", (best[1].shortened(),), best[0]) if best is not None else None


def _names(node: q.Told, question: ProseQuestion) -> tuple[str, ...]:
    item = node.about.item
    names = [*item.names, item.item or "", item.said] if item is not None else []
    names += [term for term in node.terms if len(term) >= 2]
    return tuple(dict.fromkeys(plain_text(name) for name in names if name))


def _definition(
    evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency
) -> ProseEvidence | None:
    names = _names(node, question)
    said = plain_text(node.about.item.said) if node.about.item is not None else ""
    head = find_headword(prose, plain_text(evaluator.question))
    if head is not None and len(head[0]) >= len(said) and (not said or said in head[0] or head[0] not in names):
        return quoted("definition", (head[1],), term=head[0])  # as it is printed, rather than as it is linked
    span = find_definition(prose, names) if names else None
    if span is None:
        inside = _sentences([passage for passage in prose if passage.topic == "definitions"])
        best = _best(((_held(question, one.plain[:60], one.prose.heading), one) for one in inside), 0.8)
        if best is None:
            return None
        span = best[1].shortened()
    return quoted("definition", (span,), term=names[0] if names else "")


def _duties(evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency) -> ProseEvidence | None:
    """The duties: those that hold the question's words, else all of them."""
    own = [passage for passage in prose if passage.topic == "duties"]
    if question.pieces:
        return _anything(question, prose)
    sentences = [sentence for sentence in _sentences(own) if len(sentence.plain) > 8]
    if not sentences:
        return quoted("said", duties(prose))
    spans = tuple(sentence.shortened() for sentence in sentences[:8])
    found = quoted("said", spans, 0.9)
    if found is not None and len(sentences) > len(spans):
        return replace(found, text=found.text + say("assumed", "some_of", shown=len(spans), count=len(sentences)))
    return found


def _list(
    evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency
) -> ProseEvidence | Listing | None:
    """The enumeration asked for, whole; of units that only a table names, its rows."""
    own = _told_of(prose)
    pieces = tuple(piece for piece in question.pieces if len(piece.said) >= 2)
    if node.what in ("units", "offices") and not pieces:
        wanted = _LISTED_UNITS if node.what == "units" else re.compile("内设|处室|科室|机构")
        ends = _UNIT_ENDS if node.what == "units" else _OFFICE_ENDS
        scored: list[tuple[float, Span]] = []
        for sentence in _sentences(own):
            passage, at, opens = sentence.prose, sentence.start, opens_block(sentence)
            marks = len(re.findall(r"[、；\n]|\d[.、．]", passage.plain[at : at + 400]))
            on_topic = passage.topic in ("institutions", "budget_units") or _LISTED_UNITS.search(passage.headings) is not None
            ending_ = len(ends.findall(passage.plain, at, at + 400))
            listed = passage.topic in ("budget_units", "institutions") and opens and ending_ >= FEWEST_LISTED
            named = wanted.search(sentence.plain) is not None or listed
            if not named or not (marks or ending_) or (node.what == "offices" and ending_ < FEWEST_LISTED):
                continue
            inner = node.what == "units" and "内设" in sentence.plain
            score = 1.0 + 0.5 * on_topic + min(ending_, 6) * 0.1 + min(marks, 6) * 0.05 - 0.8 * inner + 0.3 * opens
            scored.append((score, sentence))
        if scored:
            sentence = max(scored, key=lambda pair: pair[0])[1]
            following = own[own.index(sentence.prose) + 1 :][:2] if opens_block(sentence) else ()
            short = sentence.end - sentence.start < _SHORT_OPENING
            spans = block(sentence, following) if short or opens_block(sentence) else in_quotes(sentence)
            return _counted(node, spans, plain_text(evaluator.question))
    return quoted("listed", find_list(own, replace(question, pieces=pieces)), 0.7) or _anything(question, prose)


def _counted(node: q.Told, spans: Sequence[Span], asked: str) -> ProseEvidence | None:
    """A list, with the number of offices that it says it has; of units where it is asked."""
    counted = _OFFICES_COUNTED if node.what == "offices" else _UNITS_COUNTED
    wanted = node.what == "offices" or asked_counter().search(asked)
    said = [one for span in spans for one in counted.findall(span.plain)] if wanted else []
    numbers = [read_numeral(one) for one in dict.fromkeys(said)]
    unit = "个" if node.what == "offices" else "家"
    values = tuple(Value(one, unit) for one in numbers if one is not None) if len(numbers) == 1 else ()
    return quoted("listed", spans, 0.8, values=values)


def _number(
    evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency
) -> ProseEvidence | Amount | None:
    """A number of things: stated under the very name, printed in the prose beside the question's words, or as a row of a table."""
    counted = _stated_number(evaluator, node) or _target(evaluator, node, prose, agency) or _by_noun(evaluator, node, prose)
    if counted is not None:
        return counted
    cars = any("车" in _ASIDE.sub("", form) for piece in question.pieces for form in piece.printed)
    known = {**prose_words().counters, "部": "辆", **({"台": "辆"} if cars else {})}
    kinds = tuple(dict.fromkeys(known.get(kind, kind) for kind in question.counters))
    asks_goal = _asks_goal(evaluator)
    own = list(prose) if asks_goal else [passage for passage in prose if passage.topic != GOALS and not _TARGET.search(passage.plain)]
    if "辆" in kinds and node.about.item is not None and node.about.item.item in _CARS_COST:
        bought = (_piece(BOUGHT),) if node.about.item.item != VEHICLES and BOUGHT in (node.about.item.item or "") else ()
        question = replace(question, pieces=(*question.pieces[1:], *bought))  # of 机关公车 the number is asked, not the cost
    if "辆" in kinds and not any(set(piece.printed) & set(_VEHICLES) for piece in question.pieces):
        question = replace(question, pieces=(*question.pieces, _piece("车", _VEHICLES)))
    if "人" in kinds and not question.pieces:
        question = replace(question, pieces=(_piece("在职", _PERSONS),))
    around = plain_text(evaluator.question)
    if without_denied(around) != around and not asks_bought(around):  # 要新买的不算
        question = replace(question, pieces=tuple(piece for piece in question.pieces if piece.said != BOUGHT))
    question = replace(question, around=without_denied(around))
    if not question.pieces:
        return None
    asked = _in_order(question, plain_text(evaluator.question))
    if joins(asked):
        several = [one for piece in asked.pieces for one in answer_numbers(own, replace(asked, pieces=(piece,)), kinds)[:1]]
        if len(several) == len(asked.pieces):
            return _count([one.number for one in several], min(one.score for one in several))
    found = answer_numbers(own, question, kinds)
    if not found and (units := _units_numbered(evaluator, question, own)) is not None:
        return units
    if not found and node.terms and not node.about.item and set(question.counters) & {"个", "家"}:
        return _counted_list(evaluator, node, question, own, agency)
    if not found:
        return None
    if counts.has_rivals(found):
        return quoted("said", (found[0].number.sentence.shortened(),), found[0].score)
    return _count((found[0].number,), found[0].score)


def _goal(
    evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency
) -> ProseEvidence | Amount | None:
    """The value that a goal sets: of the project that is named, else printed beside the question's words."""
    if (found := _number(evaluator, node, question, prose, agency)) is not None or node.terms or node.counter is not None:
        return found
    value = evaluator.value(node.about)  # what is allotted is the limit
    return value if isinstance(value, Amount) else None


def _target(evaluator: Evaluator, node: q.Told, prose: Sequence[Prose], agency: Agency) -> ProseEvidence | None:
    """The one number among the goals of the project named in the question beside which all its other words stand."""
    text = plain_text(evaluator.question)
    named: dict[str, list[Prose]] = {}
    for passage in prose:
        if passage.section and (passage.topic == GOALS or _TARGET.search(passage.plain)):
            for heading in {passage.section[0], passage.section[-1]}:
                if (name := goal_of(plain_text(heading).rpartition("-")[2])) and name in text:
                    named.setdefault(name, []).append(passage)
    if not named:
        return None
    project = max(named, key=len)
    for name in (project, *sorted((plain_text(one) for one in agency.names), key=len, reverse=True)):
        text = text.replace(name, "，")
    goal = prose_words().pattern("goal")
    text = goal.sub("，", asked_counter().sub("，", text))
    words = [word for word in content_words(text) if len(word) > 1 and word not in fillers() and not cues().get(word)]
    own = "".join(passage.plain for passage in named[project] if not _FORM.match(passage.plain))
    pieces = tuple(_piece(word) for word in words if any(form in own for form in forms_of(word)))
    asked = [word for term in node.terms for word in content_words(goal.sub("", plain_text(term).replace(project, "")))]
    strange = (word for word in asked if len(word) > 1 and word not in project and not any(form in own for form in forms_of(word)))
    if not (pieces or node.counter) or any(strange):
        return None
    counter = node.counter if node.counter else ""
    kinds = (prose_words().counters.get(counter, counter),) if counter else ("元", PERCENT, ANY_COUNTER)
    found = [
        number
        for passage in named[project]
        for number in stated_numbers(passage)
        if (number.kind in kinds or ANY_COUNTER in kinds)
        and all(any(form in number.before for form in forms_of(piece.said)) for piece in pieces)
    ]
    if len({(one.number, one.kind) for one in found}) != 1:
        return None
    value = Value(found[0].number, found[0].unit)
    return quoted("count", (found[0].sentence.shortened(),), 0.9, values=(value,), value=f"{value.amount:,f}{value.unit}")


def _by_noun(evaluator: Evaluator, node: q.Told, prose: Sequence[Prose]) -> ProseEvidence | None:
    """The one number that is printed right beside the very noun that is counted (几个区县气象局: 下辖区县气象局8个)."""
    words = prose_words()
    asked = re.search(rf"{asked_counter().pattern}([^，。；：？！、（）“”]+)", plain_text(evaluator.question))
    noun = asked[2].rstrip("".join(particles())) if asked else ""
    if len(noun) < _LEAST_NOUN:
        return None
    beside = re.compile(rf"{re.escape(noun)}[^，；、]{{0,{_MOST_TO_NUMBER}}}$")
    kind = words.counters.get(node.counter or "", node.counter)
    more = [term for term in (*node.terms, *([node.about.item.said] if node.about.item else [])) if len(term) > 1]
    more = [term for term in more if term not in noun and noun not in term and term not in chain(*COUNTED.values())]
    found = [
        number
        for passage in _told_of(prose)
        for number in stated_numbers(passage)
        if number.kind == kind and (beside.search(number.before) or number.after.startswith(noun))
        if all(any(form in number.sentence.plain for form in forms_of(plain_text(term))) for term in more)
    ]
    return _count(found[:1], 0.9) if len({one.number for one in found}) == 1 else None


def _asks_goal(evaluator: Evaluator) -> bool:
    return prose_words().found("goal", plain_text(evaluator.question)) is not None


def _stated_number(evaluator: Evaluator, node: q.Told) -> Amount | None:
    """The number that is stated under the name asked for; what is said beside it must stand above it or around it."""
    item = node.about.item
    if item is None or item.counter is None or (_BOUND.search(item.item or "") and not _asks_goal(evaluator)):
        return None
    is_new = asks_bought(item.item or "")
    if asks_bought(plain_text(evaluator.question)) and not is_new:
        return None
    value = evaluator.value(replace(node.about, item=replace(item, counter=item.counter or node.counter)))
    if not isinstance(value, Amount) or value.steps:
        return None
    kinds = prose_words().counters
    if node.counter not in (None, "", "个") and kinds.get(node.counter, node.counter) != kinds.get(value.value.unit, value.value.unit):
        return None
    stated = [heading for reading in value.readings if reading.stated is not None for heading in reading.stated.section]
    above = plain_text("".join((item.item or "", *stated, *(one.section or "" for one in value.cited))))
    return value if not value.is_money and all(plain_text(term) in above or (term == BOUGHT and is_new) for term in node.terms) else None


def _counted_list(
    evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency
) -> ProseEvidence | None:
    """How many offices a list names, where no number of them is printed: only where each of its members is one."""
    if question.text not in _OFFICES:
        return None
    listed = _list(evaluator, replace(node, what="offices", terms=()), replace(question, pieces=()), prose, agency)
    if not isinstance(listed, ProseEvidence):
        return None
    whole = _LIST_OPENS.split(plain_text("".join(one.quote or "" for one in listed.citations)), maxsplit=1)[-1]
    named, stop, _ = whole.lstrip("：").partition("。")
    if not stop and len(listed.citations) > 1:
        return None  # it goes on
    numbered = _NUMBERED.split(named)
    members = [one for one in (numbered if len(numbered) > 2 else _LIST_EDGE.split(_LIST_OPENS.split(named)[-1].rstrip("；"))) if one]
    members = [_ASIDE.sub("", one).rstrip("、，；") for one in members]
    if len(members) < 2 or not all(_OFFICE.search(one) for one in members):
        return None
    number = Value(Decimal(len(members)), "个")
    return replace(listed, values=(number,), text=f"{number.amount:f}{number.unit}。{listed.text}")


def _units_numbered(evaluator: Evaluator, question: ProseQuestion, prose: Sequence[Prose]) -> ProseEvidence | None:
    """The list that numbers the units from 1 on, one a line, with their number where all are asked for, and not those below one."""
    if question.text not in COUNTED["units"]:
        return None
    for passage in prose:
        opening, *lines = passage.sentences or (None,)
        numbers = [int(match[1]) if (match := _COUNTED_LINE.match(line.plain)) is not None else 0 for line in lines]
        if opening is None or passage.topic not in ("budget_units", "institutions") or not _LISTED_UNITS.search(opening.plain):
            continue
        if len(numbers) >= FEWEST_LISTED and numbers == [*range(1, len(numbers) + 1)]:
            value = Value(Decimal(len(numbers)), "家")
            whole = (opening, *in_quotes(Span(passage, lines[0].start, lines[-1].end)))
            said = _ASIDE.sub("", plain_text(evaluator.question))
            idle = {*fillers(), *cues(), *prose_words().of("topic"), *prose_words().of("filler")}
            more = [word for word in content_words(said) if len(word) > 1 and word not in (passage.document.agency or "")]
            counted = re.search(rf"{asked_counter().pattern}([^，。？！]+)", said)
            plainly = counted is not None and "UNITS" in cues().get(counted[2].rstrip("".join(particles())), ())
            below = re.search(load("names.toml")["kind"]["below"], said)
            if not plainly or below or any(word not in idle and not word.isdigit() for word in more):
                return quoted("listed", whole, 0.8)
            return quoted("count", whole, 0.8, values=(value,), value=f"{value.amount:f}{value.unit}")
    return None


def _in_order(question: ProseQuestion, text: str) -> ProseQuestion:
    """The question with its pieces in the order in which its words name them."""
    return replace(question, text=text, pieces=tuple(sorted(question.pieces, key=lambda piece: text.find(piece.said))))


def _around(sentence: Span, start: int, end: int, longest: int = 140) -> Span:
    """The clauses of a long sentence around a number."""
    if sentence.end - sentence.start <= longest:
        return sentence
    plain = sentence.prose.plain
    edges = [sentence.start, *(place + 1 for place in range(sentence.start, sentence.end) if plain[place] in "，；。：、"), sentence.end]
    begins = [edge for edge in edges if edge <= start and end - edge <= longest]
    begin = begins[0] if begins else max(edge for edge in edges if edge <= start)
    stops = [edge for edge in edges if edge >= end and edge - begin <= longest]
    return Span(sentence.prose, begin, stops[-1] if stops else next(edge for edge in edges if edge >= end))


def _passage(evaluator: Evaluator, node: q.Told, question: ProseQuestion, prose: Sequence[Prose], agency: Agency) -> ProseEvidence | None:
    near = nearest(prose, question, most=_MOST_SENTENCES) if question.pieces else []
    if not near:
        return _anything(question, prose)
    spans = [span.shortened() for _, span in near]
    numbers = [one for span in spans for one in stated_numbers(span.prose) if span.start <= one.start < span.end]
    numbers.sort(key=lambda one: -max((likeness(word, one.label) for piece in question.pieces for word in piece.printed), default=0.0))
    return quoted("said", spans, near[0][0], values=tuple(Value(one.number, one.unit) for one in numbers))


def _in_general(evaluator: Evaluator) -> Result:
    """What a term means, from the project's own glossary."""
    from retrieval.prose.general_answers import general_answer

    found = general_answer(evaluator.question, evaluator.desk.snapshot)
    if found is None:
        return Missing("which_agency")
    return Words(found.text, found.citations, general_knowledge=True)


_FINDERS = {
    "reason": _reason,
    "withheld": _withheld,
    "purpose": _purpose,
    "duties": _duties,
    "units": _list,
    "offices": _list,
    "listing": _list,
    "definition": _definition,
    "goal": _goal,
    "amount": _passage,
    "number": _number,
    "passage": _passage,
}

"""Sentences of the disclosures that a model chooses: quoted by the program as they are printed, or not at all.

The model is shown numbered sentences as quoted data and replies with numbers, so it can't change a word. Two uses: where the
rules find nothing to a question that asks for no figure, and ahead of a long answer from the prose, as what it comes to. In the
first no sentence with an amount is shown to it, and what it chooses must touch the question by a word or be near in meaning.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import cache
from typing import cast

from prompts import load
from retrieval.answer import Answer, Citation
from retrieval.ask import Asker
from retrieval.finding import Near, Searchable, fused
from retrieval.lexicon import question_words
from retrieval.likeness import coverage
from retrieval.model.free_query import sentences as own_words
from retrieval.model.grounds import ALSO_SAID, BORNE_OUT, Grounds, grounding_words
from retrieval.model.replies import ExcerptReply
from retrieval.model.session import Refused, Session
from retrieval.model.understanding import LONGEST_QUESTION, quoted
from retrieval.passages import GOALS, Prose, Span, citation, read_prose
from retrieval.prose import documents_asked
from retrieval.prose_evidence import quoted as evidence_of
from retrieval.prose_question import Piece, read_question
from retrieval.prose_words import prose_words
from store.vocabulary import read_rows

MOST_PASSAGES = 8
MOST_SENTENCES = 40  # that a model is shown
MOST_CHOSEN = 4
LONGEST_CHOICE = 240  # characters, together: a longer choice is no help
LONG = 80  # characters of quotes from which an answer is worth summing up
NEAREST = 4  # passages whose sentences count as near in meaning
FEWEST = 3  # sentences from which an answer is worth summing up
_TOUCHES = 0.2  # of the question's words, as `coverage` measures
_SHORTEST = 5  # characters of a sentence
_AMOUNT = re.compile(r"\d\s?(?:[十百千万亿]*元|%)|百分之")


@dataclass(frozen=True, slots=True)
class Offered:
    """The sentences that a model may choose among, in reading order, and the passages that are near in meaning."""

    sentences: tuple[Span, ...]
    near: frozenset[str] = frozenset()


def find_words(session: Session, asker: Asker, answer: Answer, grounds: Grounds, near: Near | None = None) -> Answer | None:
    """What the prose says to a question to which the rules find nothing; None where the model finds nothing either, or may not look."""
    plan = answer.plan
    if not asks_for_words(grounds) or len(plan.agencies) > 1 or len(plan.years) > 1:
        return None
    asked = documents_asked(plan, asker.snapshot)
    documents = [one for one in asked if (one.agency, one.year, one.kind) == (asked[0].agency, asked[0].year, asked[0].kind)]
    prose = {one.passage_id: one for one in read_prose(asker.snapshot, documents) if one.topic != GOALS}
    ids = [one.id for one in documents]
    if not prose:
        return None
    words = list(plan.topics) or [plan.text]
    hits = [passage for passage, _ in cast(Searchable, asker.snapshot).search(words, documents=ids, limit=MOST_PASSAGES)]
    alike = list(near(plan.text, ids, MOST_PASSAGES)) if near is not None else []
    best = [prose[one] for one in fused(hits, alike) if one in prose]
    offered = Offered(_sentences(best, list(prose), with_amounts=False), frozenset(alike[:NEAREST]))
    pieces = read_question(plan, [documents[0].agency or ""]).pieces
    chosen = _choose(session, plan.question, offered, lambda spans: _is_touching(spans, pieces, offered.near))
    evidence = evidence_of("said", chosen or ())
    if evidence is None:
        return None
    return replace(
        answer, route="narrative", text=evidence.text, citations=evidence.citations, options=(),
        plan=replace(plan, operation="explain", reason=None, options=()))


def sum_up(session: Session, asker: Asker, answer: Answer) -> Answer | None:
    """A long answer from the prose with the sentences ahead of it that it comes to; None where it is to stay as it is."""
    cited = [one for one in answer.citations if one.quote]
    documents = list(dict.fromkeys(one.document for one in cited))
    quoted_from = {one.figure_id for one in cited}
    passages = [one for one in read_prose(asker.snapshot, documents) if one.passage_id in quoted_from and one.topic != "definitions"]
    offered = Offered(_sentences(passages, [one.passage_id for one in passages], with_amounts=True))
    whole = sum(len(one.quote or "") for one in cited)
    if len(offered.sentences) < FEWEST:
        return None
    chosen = _choose(session, answer.plan.question, offered, lambda spans: _is_shorter(spans, whole))
    if not chosen:
        return None
    citations = list(answer.citations)
    places = [_place(citation(span), citations) for span in chosen]
    quotes = "".join(f"“{span.quote}”[{place}]" for span, place in zip(chosen, places, strict=True))
    text = own_words()["excerpts"]["key_points"].format(quotes=quotes, whole=answer.text)
    return replace(answer, text=text, citations=tuple(citations))


def is_long(answer: Answer) -> bool:
    """Whether an answer is made of so many words of a document, and no figure, that it may be summed up."""
    quotes = [one.quote for one in answer.citations if one.quote]
    return (
        answer.route == "narrative" and not answer.values and answer.verdict is None and not answer.general_knowledge
        and not answer.plan.wants_reason and sum(map(len, quotes)) >= LONG)


def asks_for_words(grounds: Grounds) -> bool:
    """Whether a question names no published thing and asks for no number: so words can answer it."""
    if grounds.names or prose_words().found("quantity", grounds.text):
        return False
    said = [
        fitting for source, meanings in ((grounding_words(), BORNE_OUT), (question_words(), ALSO_SAID))
        for meaning, fitting in meanings.items() if source.says(meaning, grounds.text)]
    return all("explain" in fitting or "list" in fitting for fitting in said)


def with_what_they_lean_on(sentences: Sequence[Span], places: Sequence[int]) -> tuple[Span, ...]:
    """The sentences at `places`, each with the one before it where it can't stand alone (其中…, 上述…)."""
    wanted = set(places)
    for place in sorted(places, reverse=True):
        at = place
        while at > 0 and _leans(sentences[at]) and sentences[at - 1].prose.passage_id == sentences[at].prose.passage_id:
            at -= 1
            wanted.add(at)
    return tuple(sentences[place] for place in sorted(wanted))


def _sentences(best: Sequence[Prose], printed: Sequence[str], *, with_amounts: bool) -> tuple[Span, ...]:
    """Sentences of the `best` passages, best first as many as may be shown, in the order in which the passages are `printed`."""
    found = [
        one.shortened() for passage in best for one in passage.sentences
        if len(one.plain) >= _SHORTEST and (with_amounts or _AMOUNT.search(one.plain) is None)]
    return tuple(sorted(found[:MOST_SENTENCES], key=lambda one: (printed.index(one.prose.passage_id), one.start)))


def _choose(session: Session, question: str, offered: Offered, fits: Callable[[Sequence[Span]], str | None]) -> tuple[Span, ...] | None:
    """The sentences that the model chooses; () where it finds none, None where no usable reply came. `fits` says what is wrong."""
    if not offered.sentences:
        return None
    prompt = load("quote")
    listed = "\n".join(
        f"[{number}] {' / '.join(span.prose.section[-1:])}: {span.plain}" for number, span in enumerate(offered.sentences, start=1))

    def use(reply: ExcerptReply) -> tuple[Span, ...]:
        if any(not 1 <= number <= len(offered.sentences) for number in reply.sentences):
            raise Refused(f"there are sentences 1 to {len(offered.sentences)} only")
        spans = with_what_they_lean_on(offered.sentences, sorted({number - 1 for number in reply.sentences}))
        if len(spans) > MOST_CHOSEN or sum(len(span.plain) for span in spans) > LONGEST_CHOICE:
            raise Refused("these are too many words; choose fewer sentences")
        problem = fits(spans) if spans else None
        if problem is not None:
            raise Refused(problem)
        return spans

    values = {"question": quoted(question[:LONGEST_QUESTION]), "sentences": quoted(listed)}
    chosen = session.ask("excerpt", prompt, values, ExcerptReply, use)
    if chosen is not None:
        session.note("excerpt", prompt, "used" if chosen else "refused", "" if chosen else "the model finds no sentence that answers")
    return chosen


def _leans(span: Span) -> bool:
    return span.plain.startswith(_leaning_words())


@cache
def _leaning_words() -> tuple[str, ...]:
    """Words with which a sentence begins that needs the one before it: data/vocabulary/leaning_words.csv."""
    return tuple(row["word"] for row in read_rows("leaning_words.csv", ("word", "source"), key=("word",)))


def _is_touching(spans: Sequence[Span], pieces: Sequence[Piece], near: frozenset[str]) -> str | None:
    """What is wrong with a choice of which no sentence touches the question."""
    if any(span.prose.passage_id in near or coverage(pieces, (span.plain, 1.0), (span.prose.headings, 0.6)) >= _TOUCHES for span in spans):
        return None
    return "these sentences have nothing to do with the question"


def _is_shorter(spans: Sequence[Span], whole: int) -> str | None:
    """What is wrong with a choice that says no less than the whole answer."""
    return None if sum(len(span.plain) for span in spans) * 2 <= whole else "that is not shorter than the answer; choose fewer sentences"


def _place(wanted: Citation, citations: list[Citation]) -> int:
    """The number of a source; one that is not there yet is added."""
    for place, one in enumerate(citations, start=1):
        if one.figure_id == wanted.figure_id and (wanted.quote or "") in (one.quote or ""):
            return place
    citations.append(wanted)
    return len(citations)

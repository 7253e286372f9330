"""An answer in a model's words, clause by clause: what evidence does not bear out is dropped, and nothing else is believed.

A clause passes if every number in it is one of the answer's with the same unit and stands with the same names as in the answer
or in its evidence; if it names no agency, year or thing that they do not name; and if it says no direction, negation or
comparison that they do not say. A text that loses the answer's own figures is not shown: the composed answer is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from decimal import Decimal

from prompts import load
from retrieval.agencies import AGENCY_LIKE
from retrieval.answer import Answer, Citation
from retrieval.lexicon import Lexicon, question_words
from retrieval.model.session import Session
from retrieval.planner import Planner
from retrieval.reading import HAN, bare, fold, quantities
from store.money import MONEY_UNITS

LONGEST_QUOTE = 400  # characters of a quote that a model is shown
MOST_EVIDENCE = 12

_CLAUSE = re.compile(r"[^，。！？；：\n]*[，。！？；：\n]?")
_CITES = re.compile(r"\[\d{1,2}\]")
_MARKUP = re.compile(r"[<>`*_#|\\{}\[\]]|https?:|www\.|!\(|\]\(", re.IGNORECASE)
_BARE_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?")
_SPELLED = re.compile(
    r"[零〇一二两三四五六七八九十百千万亿半]+(?:点[零〇一二三四五六七八九]+)?个?(?:亿|万|千|元|成|倍|分之|百分点|%|辆|人|次|批|年)")
_TELLING = re.compile(
    r"不|没|未|非|无|超|低于|高于|多于|少于|以上|以下|翻|倍|半|最|首|唯一|全部|仅|只|约|近|左右|达到|违|贪|浪费|节约|合理")
_WORD = re.compile(rf"[{HAN}]")


@dataclass(frozen=True, slots=True)
class Proof:
    """What an answer's clauses are held against."""

    numbers: frozenset[tuple[str, Decimal]]  # (dimension, number): money in 元
    texts: tuple[str, ...]  # the composed clauses and each citation's words, bared
    known: str  # all of them together
    lexicon: Lexicon
    planner: Planner

    @classmethod
    def of(cls, answer: Answer, planner: Planner) -> Proof:
        """From an answer that the rules composed, and its citations."""
        cited = [_words(citation) for citation in answer.citations]
        texts = [*(clause for clause in _CLAUSE.findall(answer.text) if clause), *cited]
        numbers = {number for text in (answer.text, *cited) for number in _numbers(text)}
        numbers |= {_number(value.amount, value.unit) for value in answer.values}
        return cls(
            frozenset(numbers), tuple(bare(fold(text)) for text in texts), bare(fold("".join([answer.text, *cited]))), planner.lexicon,
            planner)

    def bears_out(self, clause: str) -> bool:
        """Whether everything that the clause says is said by the answer or its evidence."""
        plain = _CITES.sub("", clause)
        if _MARKUP.search(plain) or not _WORD.search(plain):
            return False
        folded = fold(plain)
        told = set(_numbers(plain))
        if not told <= self.numbers or any(bare(m.group()) not in self.known for m in _SPELLED.finditer(folded)):
            return False
        if any(m.group() not in self.known for m in _TELLING.finditer(folded)):
            return False
        words = question_words()
        for meaning in ("increase", "decrease", "same", "compare"):
            word = words.says(meaning, folded)
            if word is not None and word not in self.known:
                return False
        names = self._names(folded)
        return all(bare(name) in self.known for name in names) and self._together(folded, names)

    def _names(self, folded: str) -> list[str]:
        mentions = self.planner.directory.find(folded)
        named = [folded[m.start : m.end] for m in mentions.found] + [folded[a:b] for a, b in mentions.unknown]
        rest = folded
        for name in named:
            rest = rest.replace(name, "□")
        named += [match.group(1) for match in AGENCY_LIKE.finditer(rest)]
        return named + [one.term.word for one in self.lexicon.find(folded)]

    def _together(self, folded: str, names: Iterable[str]) -> bool:
        """Whether each number of the clause stands with all of its names in one clause of the answer or one citation."""
        wanted = [bare(name) for name in names]
        for match in _BARE_NUMBER.finditer(folded):
            number = match.group().replace(",", "")
            if not any(_holds(text, number) and all(name in text for name in wanted) for text in self.texts):
                return False
        return True


def write(session: Session, answer: Answer, planner: Planner) -> Answer | None:
    """The answer in the model's words, as far as evidence bears them out; None where the composed one is to be shown."""
    prompt = load("write")
    evidence = "\n".join(
        f"[{number}] {_words(citation)[:LONGEST_QUOTE]}" for number, citation in enumerate(answer.citations[:MOST_EVIDENCE], start=1))
    values = {"question": answer.plan.question[:LONGEST_QUOTE], "answer": answer.text, "evidence": _quoted(evidence)}
    text = session.write(prompt, values)
    if text is None:
        return None
    kept = "".join(checked_clauses([text], Proof.of(answer, planner))).strip()
    wanted = {number for value in answer.values for number in (_number(value.amount, value.unit),)}
    if not kept or not wanted <= set(_numbers(kept)) or not _closed(kept):
        session.note("writing", prompt, "refused", "what evidence bears out is not the whole answer")
        return None
    session.note("writing", prompt, "used", "" if bare(kept) == bare(_CITES.sub("", text)) else "clauses were dropped")
    return replace(answer, text=kept)


def checked_clauses(pieces: Iterable[str], proof: Proof) -> Iterator[str]:
    """The clauses of a text that arrives in pieces, each only once it is whole and borne out: for painting as it comes."""
    waiting = ""
    for piece in pieces:
        waiting += piece
        *whole, waiting = [clause for clause in _CLAUSE.findall(waiting) if clause] or [""]
        if waiting and waiting[-1] in "，。！？；：\n":
            whole.append(waiting)
            waiting = ""
        yield from (_CITES.sub("", clause) for clause in whole if proof.bears_out(clause))
    if waiting and proof.bears_out(waiting):
        yield _CITES.sub("", waiting)


def _closed(text: str) -> bool:
    return text[-1] in "。！？"


def _words(citation: Citation) -> str:
    document = citation.document
    year = f"{document.year}年" if document.year else ""
    parts = (document.agency, year, citation.table, citation.row, citation.column, citation.section, citation.quote)
    return " ".join(part for part in parts if part) + (f" {citation.cell}{citation.unit or ''}" if citation.cell else "")


def _quoted(text: str) -> str:
    """Text of documents as data: nothing in it closes the tag that it stands in."""
    return text.replace("<", "＜").replace(">", "＞")


def _number(number: Decimal, unit: str) -> tuple[str, Decimal]:
    factor = MONEY_UNITS.get(unit)
    return ("money", (number * factor).normalize()) if factor is not None else (unit.replace("％", "%"), number.normalize())


def _numbers(text: str) -> Iterator[tuple[str, Decimal]]:
    """The numbers of a text with their dimension: a number without a unit is a name's, a year's or a code's."""
    folded = fold(text)
    taken: list[tuple[int, int]] = []
    for quantity in quantities(folded):
        taken.append((quantity.start, quantity.end))
        yield _number(quantity.number, quantity.unit)
    for match in _BARE_NUMBER.finditer(folded):
        if not any(start <= match.start() < end for start, end in taken):
            yield "", Decimal(match.group().replace(",", "")).normalize()


def _holds(text: str, number: str) -> bool:
    return re.search(rf"(?<![\d.]){re.escape(bare(number))}(?!\d)", text) is not None

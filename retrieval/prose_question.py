"""What a question wants from the prose: the kind of answer, the words it is about, and what is to be counted.

Takes a plan and the names of the agencies concerned; reads no document text. The words come from
data/vocabulary/prose_words.csv; the rules here say only how they work together.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from itertools import pairwise
from typing import Literal

from retrieval.general_terms import general_terms
from retrieval.passages import plain_text
from retrieval.plan import Asked, Direction, Plan
from retrieval.prose_words import ProseWords, prose_words
from store.text_index import cut
from store.vocabulary import vocabulary

ANY_COUNTER = ""
"""The counter of a question that says 多少 or 几 with a thing but no word for counting: 多少机构."""

Wanted = Literal["reason", "change", "define", "content", "count", "amount", "list", "topic", "claim", "search", "denial", "listed_count"]

_NAME = 6   # characters of the shortest run that is taken for a name
_LONG = 4   # characters: a piece so long is also looked for by its words
_YEAR = re.compile(r"(?<!\d)(?:20)?\d{2}年(?:度)?|(?<!\d)20\d{2}(?!\d)")
_ASKED_NUMBER = re.compile(r"(?:几|多少|若干)(?:个)?")
_AND = re.compile(r"(?:以及|[和、与及跟])(?:有)?")
_MARKS = re.compile(r"[，。？！；：、,.?!;:“”\"'（）()《》\s]+")
_SAID_NUMBER = re.compile(r"\d[\d,]*(?:\.\d+)?(?:万元|亿元|元|%|个百分点|人次|批次|[个人名辆台套家批次])(?!\d|[^，。]{0,3}以[上下])")
_PARTS = re.compile(r"[，。？！；：、,.?!;:“”\"'（）()《》\s|的吗呢和与及跟]+")
_QUOTED = re.compile(r"[“\"「『‘]([^”\"」』’]{2,30})[”\"」』’]")


@dataclass(frozen=True, slots=True)
class Piece:
    """One thing that the question is about, with the words that disclosures may print for it."""

    said: str
    printed: tuple[str, ...]
    words: tuple[str, ...] = ()    # the words that a long piece is made of, where it is no known term


@dataclass(frozen=True, slots=True)
class ProseQuestion:
    """A question read for its prose answer."""

    wanted: Wanted
    text: str                      # plain
    pieces: tuple[Piece, ...]
    topic: str | None              # of data/vocabulary/topics.csv
    counters: tuple[str, ...]      # the words for counting that it asks with: 辆, 人, 批次
    term: str | None               # what is to be defined
    direction: Direction | None
    flows: tuple[str, ...]         # 收入, 支出, 收支: the totals that it is about, where it is about no item


def read_question(plan: Plan, agencies: Sequence[str], headings: Sequence[str] = ()) -> ProseQuestion:
    """The question of a plan, read for its prose answer. `headings`: of the documents asked; what one names is not cut."""
    words = prose_words()
    text = plain_text(plan.question if not plan.carried else plan.question + plan.text)
    about = _without_agencies(plain_text(plan.text or plan.question), agencies)
    counters = _asked_counters(about, words)
    pieces = _pieces(plan, about, words, counters, _headed(about, headings))
    topic = words.meaning("topic", about) or (None if pieces else words.meaning("topic_alone", about))
    wanted = _wanted(plan, about, topic, counters, words)
    return ProseQuestion(
        wanted=wanted,
        text=text,
        pieces=pieces,
        topic=topic,
        counters=counters,
        term=_term(plan, about, words) if wanted in ("define", "content") else None,
        direction=plan.direction or _direction(about, words),
        flows=_flows(plan, about),
    )


def _wanted(plan: Plan, about: str, topic: str | None, counters: tuple[str, ...], words: ProseWords) -> Wanted:
    if plan.operation == "verify":
        return "claim"
    if plan.wants_reason or words.found("why", about):
        return "reason"
    if topic == "duties" and plan.operation in ("explain", "define", "list"):
        return "topic"
    if plan.operation == "define" or words.found("asks_define", about):
        return "define"
    if plan.operation == "count" or (counters and plan.operation in ("lookup", "explain")):
        return "count"
    if plan.operation in ("compare", "growth", "difference"):
        return "change"
    if plan.operation == "lookup":
        return "amount"
    if plan.operation == "list" or topic in ("institutions", "budget_units"):
        return "list"
    return "content" if words.found("asks_content", about) else "search"


def _without_agencies(text: str, agencies: Sequence[str]) -> str:
    """The text without years and without the longest mention of each agency, in full or shortened (江岸规资局)."""
    for agency in agencies:
        for _ in range(2):   # a place may stand apart from the rest of the name: 示例市教育局和图书馆
            mention = _mention(text, plain_text(agency))
            text = text.replace(mention, "|", 1) if mention else text
    return _YEAR.sub("|", text)


def _mention(text: str, agency: str) -> str | None:
    """The longest run of characters that all stand in the agency's name in that order, and reaches its first or last one.

    Such a run is how people shorten a name: 太原市发展和改革委员会 → 太原发改委.
    """
    best = ""
    for start in range(len(text)):
        place, end = 0, start
        while end < len(text) and (found := agency.find(text[end], place)) >= 0:
            place, end = found + 1, end + 1
            run = text[start:end]
            whole = run in agency and len(run) >= 4
            if len(run) > max(2, len(best)) and (run[-1] == agency[-1] or whole or (run[0] == agency[0] and run[1] == agency[1])):
                best = run
    return best or None


def _asked_counters(about: str, words: ProseWords) -> tuple[str, ...]:
    """The words for counting behind 几 and 多少, each as its kind is known (名 → 人)."""
    found: list[str] = []
    counters = sorted(words.counters, key=len, reverse=True)
    for match in _ASKED_NUMBER.finditer(about):
        rest = about[match.end():]
        first = cut(rest)[:1]
        unit = next((counter for counter in counters if rest.startswith(counter) and first != [] and len(first[0]) <= len(counter)), None)
        if match.group().endswith("个"):
            found.append("个")
        elif unit:
            found.append(words.counters[unit])
        elif match.group() != "多少" or _is_thing(rest, words):
            found.append(ANY_COUNTER)
    return tuple(dict.fromkeys(found))


def _is_thing(rest: str, words: ProseWords) -> bool:
    """Whether a thing to be counted follows, not money and not the end of the question."""
    rest = _MARKS.sub("", rest)
    return bool(rest) and not any(rest.startswith(word) for word in (*words.money_units, *words.of("money_word")))


def _headed(about: str, headings: Sequence[str]) -> tuple[str, ...]:
    """The longest run of the question that stands in a heading (医保服务站工作经费项目), if it is long enough to be a name."""
    best = ""
    for start in range(len(about) - _NAME):
        end = start + max(_NAME, len(best) + 1)
        while end <= len(about) and "|" not in about[start:end] and any(about[start:end] in heading for heading in headings):
            best, end = about[start:end], end + 1
    return (best,) if best else ()


def _pieces(plan: Plan, about: str, words: ProseWords, counters: tuple[str, ...], headed: tuple[str, ...]) -> tuple[Piece, ...]:
    """What the question is about: its items, then the words that are left when the fillers are taken out."""
    rest = _SAID_NUMBER.sub("|", about)
    kept: list[str] = []
    said = {plain_text(item.said) for item in plan.items if item.said and item.item}
    for known in (*headed, *sorted(said, key=len, reverse=True), *_known_words()):
        if len(known) >= 2 and known in rest:
            kept.append(known)
            rest = rest.replace(known, "|")
    for role in ("topic_alone", "asks_define", "asks_content", "why"):
        for word in words.of(role):
            rest = rest.replace(word, "|")
    for counter in words.counters:
        rest = re.sub(f"(?:几|多少){re.escape(counter)}", "|", rest)
    fillers = words.of("filler")
    for word in fillers:
        if len(word) > 1:
            rest = rest.replace(word, "|")
    edges = frozenset(word for word in fillers if len(word) == 1)
    parts = (part if part in words.synonyms else _trimmed(part, edges) for part in _PARTS.split(rest))
    kept += [part for part in parts if len(part) >= 2 or part in words.synonyms]
    names = {plain_text(item.said): tuple(map(plain_text, (*item.names, *([item.item] if item.item else [])))) for item in plan.items}
    ordered = sorted(dict.fromkeys(kept), key=lambda piece: (about.find(piece), -len(piece)))
    pieces = [_piece(piece, words, names.get(piece, ())) for piece in ordered]
    pieces += [Piece(item.item, names[plain_text(item.said)]) for item in plan.items if item.item and _unsaid(item, about)]
    if not pieces:
        pieces = [Piece(counter, words.synonyms[counter]) for counter in counters if counter in words.synonyms]
    return tuple(pieces)


def _trimmed(part: str, edges: frozenset[str]) -> str:
    """The part without fillers of one character at its ends, where they are words of their own (里|基本支出, but 聘用)."""
    tokens = [token for token in cut(part) if token in part]
    while tokens and tokens[0] in edges and part.startswith(tokens[0]):
        part = part[1:]
        tokens.pop(0)
    while tokens and tokens[-1] in edges and part.endswith(tokens[-1]):
        part = part[:-1]
        tokens.pop()
    return part


@cache
def _known_words() -> tuple[str, ...]:
    """The words that are not cut: names of items, terms and topics, and what stands for them; longest first."""
    words = prose_words()
    names = {plain_text(entry.name) for entry in vocabulary().codes if len(entry.name) > 2}
    terms = {plain_text(name) for term in general_terms().terms for name in term.names if len(name) > 2}
    known = {*words.synonyms, *words.of("topic"), *names, *terms} - {*words.of("total"), *words.of("filler")}
    return tuple(sorted(known, key=lambda word: (-len(word), word)))


def _piece(piece: str, words: ProseWords, names: Sequence[str]) -> Piece:
    known = (*_printed_for(piece, words), *names)
    made_of = () if known or len(piece) < _LONG else tuple(word for word in dict.fromkeys(cut(piece)) if len(word) >= 2 and word != piece)
    return Piece(piece, tuple(dict.fromkeys((piece, *known))), made_of)


def _unsaid(item: Asked, about: str) -> bool:
    """Whether an item comes from an earlier turn: the question itself does not say it."""
    return not item.said or plain_text(item.said) not in about


def _printed_for(piece: str, words: ProseWords) -> tuple[str, ...]:
    """What disclosures print for a word of a question; a word of a topic also stands for what is inside it (办事科室 → 科室)."""
    if piece in words.synonyms:
        return words.synonyms[piece]
    if piece not in words.of("topic"):
        return ()
    return tuple(printed for word, many in words.synonyms.items() if len(word) >= 2 and word in piece for printed in many)


def _term(plan: Plan, about: str, words: ProseWords) -> str | None:
    """The term to be defined: what stands in quotation marks, or what is left beside the asking words."""
    if quoted := _QUOTED.search(plan.question):
        return plain_text(quoted.group(1))
    said = [plain_text(item.said) for item in plan.items if item.said and plain_text(item.said) in about]
    if len(said) == 1:
        return said[0]
    rest = about
    for role in ("asks_define", "asks_content"):
        for word in words.of(role):
            rest = rest.replace(word, "|")
    for word in words.of("term_filler"):
        rest = rest.replace(word, "|")
    parts = [part.strip("的里中内") for part in _MARKS.sub("|", rest).split("|")]
    parts = [part for part in parts if len(part) >= 2]
    return max(parts, key=len) if parts else None


def _direction(about: str, words: ProseWords) -> Direction | None:
    said = words.meaning("asks_change", about)
    return said if said in ("increase", "decrease") else None


def _flows(plan: Plan, about: str) -> tuple[str, ...]:
    words = prose_words()
    if "收支" in about or ("收入" in about and "支出" in about):
        return ("收支", "收入", "支出")
    named = tuple(flow for flow in ("收入", "支出") if any(word in about for word in words.of("total", flow)))
    return named or ("收支", "支出", "收入")


def joins(question: ProseQuestion) -> bool:
    """Whether the question asks for several things side by side: 在职人员和离退休人员."""
    places = [(question.text.find(piece.said), len(piece.said)) for piece in question.pieces]
    return len(places) > 1 and all(
        _AND.fullmatch(question.text[place + length:after]) is not None
        for (place, length), (after, _) in pairwise(places)
    )

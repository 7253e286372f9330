"""The prose of a disclosure: headings nested to section paths, and passages of text under them.

Takes the lines outside tables in reading order, gives `Passage`s. A heading is told by its numbering (ingest/numbering.py)
and its shape: alone on its line, or run into its paragraph and closed by a colon, a full stop or the figure it introduces.
A heading on a line of its own stands only in the section path; a run-in heading stands in the path and in the text.
"""

from __future__ import annotations

import csv
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import Path

from ingest.numbering import RANK, Numbering, read_numbering, read_outline
from ingest.paragraphs import SENTENCE_END, Paragraph, read_paragraphs, width
from ingest.source import Line
from store.values import Passage

_TOPICS = Path(__file__).parent.parent / "data" / "vocabulary" / "topics.csv"

_LONGEST_PASSAGE = 600   # characters: long sections are cut at a paragraph's end, so that a citation stays readable
_LONGEST_HEADING = 45    # characters of a heading on its own line
_LONGEST_RUN_IN = 30     # … of one that its paragraph runs on from
_LONGEST_ITEM_HEADING = 18   # … numbered like a list item (1. （1） ①)

_RUN_IN_END = re.compile(r"[：:。；;，,]|(?<![\d.])[\d,，]*\d(?:\.\d+)?\s*[百千万亿]*元")
_TRAILING_VERB = re.compile(r"(?:预计)?(?:为|共计|共|约|是|合计)$")
_HAN = re.compile(r"[㐀-鿿]")
_QUOTES = re.compile(r"[\s“”\"'‘’＂]")


@dataclass(frozen=True, slots=True)
class Heading:
    """A heading as found: its depth, its words with their number, and whether its paragraph runs on behind it."""

    rank: float
    style: str
    number: int
    label: str
    runs_in: bool


def read_passages(document_id: str, prose: Sequence[tuple[int | None, Line]]) -> tuple[Passage, ...]:
    """The passages of the prose, in reading order, each with its section path, printed lines and topic."""
    paragraphs = read_paragraphs(prose)
    passages: list[Passage] = []
    for section, run in _runs(paragraphs):
        passages.append(_passage(f"{document_id[:12]}-p{len(passages):03d}", section, run))
    return tuple(passages)


def topic_of(section: Sequence[str]) -> str | None:
    """The canonical topic (data/vocabulary/topics.csv) of a section path; None if no heading names one.

    The innermost heading decides, by its most particular and then its longest known words; a heading that only says
    "other matters" or "basic facts" (breadth 3) yields to the ones above it. A definition stays one under any heading.
    """
    found = [topic for topic in map(_best_topic, section) if topic]
    if any(topic.name == "definitions" for topic in found):
        return "definitions"
    particular = [topic for topic in found if topic.breadth < 3]
    return (particular or found)[-1].name if found else None


@dataclass(frozen=True, slots=True)
class _Topic:
    name: str
    words: str
    breadth: int                   # 1: the words name it alone; 2: they do unless others stand beside them; 3: vague


def _best_topic(label: str) -> _Topic | None:
    plain = _QUOTES.sub("", label)
    known = [topic for topic in _topics() if topic.words in plain]
    return min(known, key=lambda topic: (topic.breadth, -len(topic.words))) if known else None


@cache
def _topics() -> tuple[_Topic, ...]:
    with _TOPICS.open(encoding="utf-8", newline="") as file:
        return tuple(_Topic(row["topic"], row["words"], int(row["breadth"])) for row in csv.DictReader(file))


def _runs(paragraphs: Sequence[Paragraph]) -> Iterator[tuple[tuple[str, ...], list[Paragraph]]]:
    """Runs of paragraphs with one section path, cut where they grow too long for one passage."""
    stack: list[Heading] = []
    run: list[Paragraph] = []
    bare = False                   # whether the last heading has nothing under it yet
    outlined = _is_outlined(paragraphs)
    titled = sum(p.heading == 1 and read_numbering(p.text) is None for p in paragraphs) > 1
    for index, paragraph in enumerate(paragraphs):
        after = paragraphs[index + 1] if index + 1 < len(paragraphs) else None
        heading = find_heading(paragraph, after, outlined) or _styled_heading(paragraph, titled)
        if run and (heading or sum(len(p.text) for p in run) + len(paragraph.text) > _LONGEST_PASSAGE):
            yield _path(stack), run
            run = []
        if heading:
            stack = nest(stack, heading, bare)
            bare = True
        if (heading is None or heading.runs_in) and _is_prose(paragraph, bool(stack)):
            run.append(paragraph)
            bare = False
    if run:
        yield _path(stack), run


def nest(stack: Sequence[Heading], heading: Heading, bare: bool) -> list[Heading]:
    """The headings over what follows `heading`, outermost first.

    A number that goes on from one above (三、 after 二、) takes its place. A first number of a new style, or one printed
    directly under a heading of its own style, opens a level. Otherwise the style's usual rank decides.
    """
    for depth in range(len(stack) - 1, -1, -1):
        if stack[depth].style == heading.style and stack[depth].number + 1 == heading.number:
            return [*stack[:depth], replace(heading, rank=stack[depth].rank)]
    if bare and stack and heading.number == 1 and heading.rank >= RANK["chinese"] and stack[-1].number > 0:
        same = stack[-1].style == heading.style
        if same or heading.style not in {above.style for above in stack}:
            return [*stack, replace(heading, rank=max(heading.rank, stack[-1].rank + 0.5))]
    return [*(above for above in stack if above.rank < heading.rank), heading]


_STATED_AMOUNT = re.compile(r"\s*[\u4e00-\u9fff（）]{2,}[:：]?\s*\d[\d,]*(?:\.\d+)?\s*[亿万千百]?\s*元")
"""A name and its amount with the unit behind it: 收入总计 123.45 万元."""


def _is_outlined(paragraphs: Sequence[Paragraph]) -> bool:
    """Whether the document numbers its headings 1, 2, 4.1 without a mark behind the number."""
    found = (read_outline(p.text) for p in paragraphs if width(p.text) <= _LONGEST_HEADING and not re.search(r"[。；，]", p.text))
    return {1, 2} <= {numbering.number for numbering in found if numbering and numbering.style == "outline"}


def _path(stack: Sequence[Heading]) -> tuple[str, ...]:
    return tuple(heading.label for heading in stack)


def _is_prose(paragraph: Paragraph, within: bool) -> bool:
    """Whether a paragraph says something: before the first heading only sentences and stated amounts do, not covers and
    navigation."""
    if within:
        return bool(_HAN.search(paragraph.text))
    if _STATED_AMOUNT.match(paragraph.text):
        return True
    return width(paragraph.text) >= 15 and any(mark in paragraph.text for mark in "。；，")


def find_heading(paragraph: Paragraph, after: Paragraph | None, outlined: bool = False) -> Heading | None:
    """The numbered heading that a paragraph is or begins with; None if it is text or a list item."""
    numbering = read_numbering(paragraph.text)
    if numbering is None:
        numbering = read_outline(paragraph.text) if outlined else None
        if numbering is None or not _stands_alone(paragraph.text[numbering.end:], numbering, after):
            return None
        return _heading(paragraph.text, numbering, len(paragraph.text), False)
    words = paragraph.text[numbering.end:]
    if numbering.rank <= RANK["section"]:
        is_heading = width(words) <= _LONGEST_HEADING and not words.rstrip("。").endswith(SENTENCE_END) and "，" not in words
        return _heading(paragraph.text, numbering, len(paragraph.text), False) if is_heading else None
    if _stands_alone(words, numbering, after):
        return _heading(paragraph.text, numbering, len(paragraph.text), False)
    return _run_in(paragraph.text, numbering)


def _stands_alone(words: str, numbering: Numbering, after: Paragraph | None) -> bool:
    """Whether the whole paragraph is a heading: short, one phrase, and followed by what it is the heading of."""
    phrase = words.rstrip().rstrip("。：:").rstrip()
    longest = _LONGEST_HEADING if numbering.is_upper else _LONGEST_RUN_IN
    if not phrase or width(phrase) > longest or re.search(r"[。；，：;!?！？]", phrase) or words.rstrip().endswith(("；", ";")):
        return False
    if _money_in(phrase):
        return False
    if (numbering.style == "chinese" or numbering.style.startswith("outline")) and not words.rstrip().endswith("。"):
        return True
    return _has_body(numbering, after)


def _has_body(numbering: Numbering, after: Paragraph | None) -> bool:
    """Whether what follows belongs under the heading rather than beside or above it."""
    if after is None:
        return False
    following = read_numbering(after.text)
    return following is None or following.rank > numbering.rank or (following.style == numbering.style and following.number == 1)


def _run_in(text: str, numbering: Numbering) -> Heading | None:
    """A heading at the head of its paragraph: （一）收入预算：… | （二）公用经费 357.43 万元，… | 1.公务接待费。…"""
    mark = _RUN_IN_END.search(text, numbering.end)
    if mark is None or mark.group() in "；;，,":
        return None
    phrase = text[numbering.end:mark.start()]
    closed_by_figure = mark.group() not in "：:。"
    longest = _LONGEST_RUN_IN if numbering.is_upper else _LONGEST_ITEM_HEADING
    if len(phrase.strip()) < 2 or width(phrase) > longest or (closed_by_figure and not numbering.is_upper):
        return None
    if mark.end() >= len(text.rstrip()) and not closed_by_figure:
        return None
    return _heading(text, numbering, mark.start(), True)


def _money_in(phrase: str) -> bool:
    mark = _RUN_IN_END.search(phrase)
    return mark is not None and mark.group().endswith("元")


def _heading(text: str, numbering: Numbering, end: int, runs_in: bool) -> Heading:
    number, words = text[:numbering.end], text[numbering.end:end]
    words = _TRAILING_VERB.sub("", re.sub(r"\s", "", words).rstrip("。：:；;"))
    blank = " " if numbering.rank <= RANK["section"] and words else ""
    label = re.sub(r"[\s：:]", "", number) + blank + words
    return Heading(float(numbering.rank), numbering.style, numbering.number, label, runs_in)


def _styled_heading(paragraph: Paragraph, titled: bool) -> Heading | None:
    """A heading without a number that the format itself marks. A single first-level one is the document's title."""
    level = paragraph.heading
    if level is None or width(paragraph.text) > _LONGEST_HEADING or paragraph.text.endswith(SENTENCE_END):
        return None
    if read_numbering(paragraph.text) is not None or (level == 1 and not titled):
        return None
    return Heading((level - 1) * 2 - 0.5, "styled", 0, re.sub(r"\s+", " ", paragraph.text).strip(), False)


def _passage(passage_id: str, section: tuple[str, ...], run: Sequence[Paragraph]) -> Passage:
    text, lines = "", list[tuple[int, int | None, tuple[float, float, float, float] | None]]()
    for paragraph in run:
        base = len(text) + 1 if text else 0
        text = f"{text}\n{paragraph.text}" if text else paragraph.text
        lines.extend((base + start, piece.page, piece.line.bbox) for start, piece in zip(paragraph.starts, paragraph.pieces, strict=True))
    pages = [page for _, page, _ in lines if page is not None]
    return Passage(
        passage_id, section, pages[0] if pages else None, pages[-1] if pages else None,
        tuple((page, box) for _, page, box in lines if page is not None and box is not None), text, topic_of(section), tuple(lines),
    )

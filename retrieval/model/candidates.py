"""What a question may be about, with short ids: agencies, printed rows with their columns, sentences. No amount is among it.

Generous rather than clever: what the grammar linked comes first, then rows and sentences by the question's words, their
synonyms and pairs of characters, within the agencies that are likely. A figure that several tables print is listed once.
"""

from __future__ import annotations

import math
import re
from collections import Counter, defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from typing import cast

from retrieval.answer.answer import CitedDocument
from retrieval.answer.wording import KIND_NAMES
from retrieval.answering.asker import Asker, Turn
from retrieval.answering.quoting import documents_of, numbers_in
from retrieval.figures.cells import Cell
from retrieval.finding import Near, Searchable
from retrieval.names.agencies import Agency, Disclosure
from retrieval.names.labels import content_words, forms_of
from retrieval.prose.passages import GOALS, Prose, Span, read_prose
from retrieval.words.folding import bare, fold
from store.vocabulary import read_rows

MOST_AGENCIES = 4  # whose rows are listed
MOST_NAMED = 8  # further agencies that are only named
MOST_DISCLOSURES = 6
MOST_PASSAGES = 24
ROWS = 4400  # characters that listed rows may take
SENTENCES = 2600  # characters that listed sentences may take
LONGEST_LABEL = 40
LONGEST_SENTENCE = 200
LONGEST_JOINED = 300
NEAREST = 8  # passages near in meaning
DEFINED = 0.7  # worth of a sentence that defines a term, or sets a goal
EARLIER = 0.4  # weight of a word of an earlier turn
LINKED = 4.0  # worth of a row that the grammar linked a word to
_YEAR = re.compile(r"(?<!\d)(?:20)?([12]\d)年|(?<!\d)(20[12]\d)(?!\d)")
_HOLDERS = """
SELECT agency_id FROM (SELECT unnest(?::VARCHAR[]) AS passage_id, generate_subscripts(?::VARCHAR[], 1) AS place)
JOIN passages USING (passage_id) JOIN documents USING (document_id) WHERE agency_id IS NOT NULL GROUP BY agency_id ORDER BY min(place)
"""
_CODE = re.compile(r"(?<![\d.,])\d{3,7}(?![\d.,]|万|元|亿|年|人|%)")
_DIGITS = re.compile(r"(?<![\d#])(?!(?:19|20)\d\d年)\d[\d.,]*\d{2}(?![\d年-])")  # amounts that run into each other, or have no unit
_LINE = re.compile(r"[\d.、（）一二三四五六七八九十]*[^。，；：]{1,40}$")
_HAN = re.compile(r"[\u4e00-\u9fff]+")


@dataclass(frozen=True, slots=True)
class Sentence:
    """A sentence that may be quoted."""

    span: Span
    agency: str


@dataclass
class Candidates:
    """What a model may choose among: ids as it is shown them, and the text that shows them."""

    agencies: dict[str, Agency] = field(default_factory=dict[str, Agency])
    cells: dict[str, Cell] = field(default_factory=dict[str, Cell])
    sentences: dict[str, Sentence] = field(default_factory=dict[str, Sentence])
    text: str = ""


@dataclass(frozen=True, slots=True)
class _Row:
    """A printed row: its cells, and the words by which it is found."""

    cells: tuple[Cell, ...]
    label: str
    above: str  # the rows that it stands under
    around: str  # its table's title and its columns

    @property
    def first(self) -> Cell:
        return self.cells[0]


def candidates(
    asker: Asker, question: str, dialog: Sequence[Turn], turn: Turn, searched: Sequence[str] = (), near: Near | None = None,
) -> Candidates:
    """The candidates for a question; `dialog` and `turn` as the grammar reads them, `searched` what a model asked to be looked for."""
    found = Candidates()
    likely, sure = _agencies(asker, question, dialog, turn, searched)
    for number, agency in enumerate(likely, start=1):
        found.agencies[f"a{number}"] = agency
    listed = likely[: min(sure or MOST_AGENCIES, MOST_AGENCIES)]
    said = " ".join((question, *searched))
    disclosures = [one for agency in listed for one in _disclosures(agency, said, MOST_DISCLOSURES // max(1, len(listed)) or 1)]
    weights = _words(turn, dialog, searched)
    text = [_named(found.agencies, len(listed))]
    text += _rows(asker, found, disclosures, weights, turn, said)
    documents = documents_of(asker.snapshot, "disclosure_id", [one.disclosure_id for one in disclosures])
    alike = near(said, [one.id for one in documents], NEAREST) if near is not None else ()
    text += _sentences(asker, found, documents, weights, alike)
    found.text = "\n".join(text)
    return found


# ── whose ──


def _agencies(
    asker: Asker, question: str, dialog: Sequence[Turn], turn: Turn, searched: Sequence[str],
) -> tuple[list[Agency], int]:
    """The agencies that may be meant, likeliest first, and how many of them are named."""
    directory = asker.desk.directory
    whom = asker.reader.names.whom
    named = directory.named()
    if len(named) == 1:
        return list(named), 1
    whose = [*turn.understood.whose, *(one for words in searched for one in whom.find(fold(words)))]
    ids = [agency for one in whose if not one.is_place for body in one.bodies for agency in body.agency_ids]
    if not ids:
        ids = [agency for one in reversed(dialog) for agency in one.agencies]
    sure = len(set(ids))
    said = fold(" ".join((question, *searched)))
    pairs = Counter(pair for one in named for pair in _pairs(one.name))
    shared = {one.agency_id: sum(1.0 / pairs[pair] for pair in _pairs(one.name) if pair in said) for one in named}
    alike = sorted((one for one in shared if shared[one] > 0), key=lambda one: (-shared[one], one))
    places = [agency for one in whose if one.is_place for body in one.bodies for agency in body.agency_ids]
    if not ids:
        there = [one for one in alike if not places or one in places]
        ids = [*there[: MOST_AGENCIES - 1], *_by_prose(asker, said)]
    rest = alike[:MOST_AGENCIES]
    every = dict.fromkeys((*ids, *places, *(agency for one in dialog for agency in one.agencies), *rest))
    return [directory[one] for one in every][:MOST_NAMED], sure


def _pairs(name: str) -> set[str]:
    return {name[at : at + 2] for at in range(len(name) - 1)}


def _by_prose(asker: Asker, words: str) -> list[str]:
    """The agencies whose prose holds the words, best first."""
    passages = [one for one, _ in cast(Searchable, asker.snapshot).search([words], limit=MOST_PASSAGES)]
    return [row[0] for row in asker.snapshot.rows(_HOLDERS, [passages, passages])][:MOST_AGENCIES]


def _named(agencies: dict[str, Agency], listed: int) -> str:
    """The agencies with what they publish."""
    lines: list[str] = []
    for number, (short, agency) in enumerate(agencies.items()):
        there = ", ".join(f"{one.year} {KIND_NAMES[one.kind or 'budget']}" for one in agency.disclosures)
        lines.append(f"{short} {agency.name}: {there}" if number < listed else f"{short} {agency.name}")
    return "AGENCIES (rows and sentences are listed for the first " + f"{min(listed, len(agencies))})\n" + "\n".join(lines)


def _disclosures(agency: Agency, said: str, most: int) -> list[Disclosure]:
    """The disclosures of an agency that may be meant: of the years said (or the year after), else the latest."""
    years = {2000 + int(short) if short else int(whole) for short, whole in _YEAR.findall(fold(said))}
    own = sorted(agency.disclosures, key=lambda one: (-(one.year or 0), one.kind or "", one.scope or "", one.disclosure_id))
    there = [one for one in own if one.year in years] or [one for one in own if (one.year or 0) - 1 in years]
    return (there or own)[:most] if len(there) < most else there[:most]


# ── words ──


def _words(turn: Turn, dialog: Sequence[Turn], searched: Sequence[str]) -> dict[str, float]:
    """The words to look for, with what each is worth: the question's without its agencies', earlier ones less."""
    found: dict[str, float] = {}
    for one, weight in ((turn, 1.0), *((one, EARLIER) for one in dialog)):
        text = one.understood.text
        for whose in sorted(one.understood.whose, key=lambda each: -each.start):
            text = text[: whose.start] + "，" + text[whose.end :]
        _add(found, text, weight)
    for words in searched:
        _add(found, fold(words), 1.5)
    return found


def _add(found: dict[str, float], text: str, weight: float) -> None:
    for word in content_words(text):
        if _HAN.fullmatch(word) or word.isdigit():
            for form, sure in forms_of(word):
                found[form] = max(found.get(form, 0.0), weight * sure * (1.0 if len(form) > 1 else 0.6))
    for run in _HAN.findall(text):
        for at in range(len(run) - 1):
            found.setdefault(run[at : at + 2], 0.35 * weight)


# ── rows ──


def _rows(
    asker: Asker, found: Candidates, disclosures: Sequence[Disclosure], weights: dict[str, float], turn: Turn, said: str,
) -> list[str]:
    """The rows that are worth most, as lines under their tables, in print order."""
    rows = [row for one in disclosures for row in _printed(asker.desk.shelf.cells(one.disclosure_id))]
    scores = _each_its_share(_scores(rows, weights, turn, said), [row.first.disclosure_id for row in rows])
    seen: set[tuple[object, ...]] = set()
    chosen: list[tuple[int, _Row]] = []
    left = ROWS
    for at in sorted(range(len(rows)), key=lambda at: (-scores[at], at)):
        some = rows[at].first.role != "total" and any(cell.value for cell in rows[at].cells)
        fresh = tuple(cell for cell in rows[at].cells if _meaning(cell) not in seen and (cell.value or not some))
        if not fresh:
            continue
        length = len(_label(rows[at])) + 12
        if length > left:
            break
        left -= length
        seen.update(map(_meaning, fresh))
        chosen.append((at, replace(rows[at], cells=fresh)))
    return list(_lines(found, [row for _, row in sorted(chosen, key=lambda pair: pair[0])]))


def _printed(cells: Sequence[Cell]) -> Iterator[_Row]:
    """The rows of a disclosure, in print order; two blocks side by side are two."""
    rows: dict[tuple[str, int, tuple[str, ...]], list[Cell]] = defaultdict(list)
    for cell in cells:
        rows[cell.table_id, cell.row, cell.row_path].append(cell)
    for (_, _, path), own in rows.items():
        columns = " ".join(dict.fromkeys(word for cell in own for word in cell.column_path))
        yield _Row(tuple(own), bare(path[-1] if path else ""), bare(" ".join(path[:-1])), bare(f"{own[0].table_title} {columns}"))


def _meaning(cell: Cell) -> tuple[object, ...]:
    """What tells a figure from others: one that is printed again, or is the same amount of a fund, adds nothing to choose from."""
    of_unit = cell.row_path if cell.classification in ("affiliate", "project", None) else ()
    portion = cell.portion if cell.role == "total" else None
    return (cell.disclosure_id, cell.item, of_unit, portion, cell.measure, cell.about_year, cell.value)


def _scores(rows: Sequence[_Row], weights: dict[str, float], turn: Turn, said: str) -> list[float]:
    """What each row is worth: words in its label, above it and around it, the rarer the more; what the grammar linked; totals."""
    items = [item for one in turn.understood.segments for item in one.items]
    linked = {name for item in items for name in (item.item, *item.names) if name}
    units = {item.affiliate for item in items if item.affiliate}
    units |= {body.unit for whose in turn.understood.whose for body in whose.bodies if body.unit}
    near = {match.label.text: match.score for _, matches in turn.understood.near for match in matches}
    codes = set(_CODE.findall(said))
    held = Counter(word for row in rows for word in weights if word in row.label or word in row.above)
    rare = {word: math.log(1 + len(rows) / (1 + held[word])) / math.log(2 + len(rows)) for word in weights}

    def worth(row: _Row) -> float:
        score, first = 0.0, row.first
        for word, weight in weights.items():
            where = 1.0 if word in row.label else 0.5 if word in row.above else 0.2 if word in row.around else 0.0
            score += where * (weight * len(word) * rare[word])
        score += LINKED * any(cell.item in linked for cell in row.cells) + 2.0 * near.get(row.label, 0.0)
        score += LINKED * any(unit and (unit in row.label or unit in row.above) for unit in units)
        score += 5.0 * (first.code in codes) + 1.0 * any(first.code.startswith(code) for code in codes if first.code)
        score += 0.9 * (first.role == "total") + 0.3 * (len(first.row_path) == 1)
        score += 0.5 * (first.classification in ("summary", "three_public", "affiliate"))
        empty = 0.6 * all(cell.value == 0 for cell in row.cells) + 0.4 * (first.amount is None)
        return score - (empty + 0.004 * min(first.table_position, 50))

    return list(map(worth, rows))


def _each_its_share(scores: Sequence[float], whose: Sequence[str]) -> list[float]:
    """The scores, each against the best of its own document: what is nearest in one is worth as much as in another."""
    best: dict[str, float] = {}
    for one, score in zip(whose, scores, strict=True):
        best[one] = max(best.get(one, 0.0), score)
    return [score / best[one] if best[one] > 0 else 0.0 for one, score in zip(whose, scores, strict=True)]


def _label(row: _Row) -> str:
    """A row as it is shown: its code, its name, and what it stands under."""
    path = [re.sub(r"\s", "", one)[:LONGEST_LABEL] for one in row.first.row_path]
    code = f"{row.first.code} " if row.first.code else ""
    return code + (path[-1] if path else "") + (f" ‹ {path[-2]}" if len(path) > 1 else "")


def _lines(found: Candidates, rows: Sequence[_Row]) -> Iterator[str]:
    names = {agency.agency_id: short for short, agency in found.agencies.items()}
    disclosure, table = "", ""
    letters: dict[int, str] = {}
    for number, row in enumerate(rows, start=1):
        first = row.first
        if first.disclosure_id != disclosure:
            disclosure = first.disclosure_id
            kind = KIND_NAMES.get(first.kind, "")  # some forms don't say whether they are a budget
            yield f"ROWS of {names.get(first.agency_id, '')} {first.agency} {first.year} {kind}"
        if first.table_id != table:
            table = first.table_id
            here = [each for each in rows[number - 1 :] if each.first.table_id == table]
            columns = {cell.column_index: cell for each in here for cell in each.cells}
            letters = {index: _letter(place) for place, index in enumerate(sorted(columns))}
            yield f"T {bare(first.table_title)[:40]} p{first.page or '-'} ({first.unit}): " + _columns(columns, letters)
        ids = {letters[cell.column_index]: cell for cell in row.cells}
        for letter, cell in ids.items():
            found.cells[f"r{number}{letter}"] = cell
        yield f"r{number} {_label(row)} [{''.join(sorted(ids, key=lambda one: (len(one), one)))}]"


def _columns(columns: dict[int, Cell], letters: dict[int, str]) -> str:
    """The columns with their letters, without what all their headers share."""
    paths = {index: [bare(word)[:24] for word in cell.column_path] for index, cell in columns.items()}
    while len(paths) > 1 and all(len(path) > 1 for path in paths.values()) and len({path[0] for path in paths.values()}) == 1:
        paths = {index: path[1:] for index, path in paths.items()}
    shown: list[str] = []
    for index, letter in letters.items():
        cell = columns[index]
        year = f"({cell.about_year})" if cell.about_year and cell.about_year != cell.year else ""
        shown.append(f"{letter}={'/'.join(paths[index][-3:])}{year}")
    return " ".join(shown)


def _letter(place: int) -> str:
    return chr(97 + place) if place < 26 else _letter(place // 26 - 1) + _letter(place % 26)


# ── sentences ──


def _sentences(
    asker: Asker, found: Candidates, documents: Sequence[CitedDocument], weights: dict[str, float], near: Sequence[str],
) -> list[str]:
    """The sentences that are worth most, in reading order, without their amounts. `near`: passages that are near in meaning."""
    agencies = {agency.name: agency.agency_id for agency in found.agencies.values()}
    whole = [span for one in read_prose(asker.snapshot, documents) for span in _whole(one)]
    spans = list({span.plain: span for span in reversed(whole)}.values())[::-1]
    held = Counter(word for span in spans for word in weights if word in span.plain)
    worths = {word: weight * len(word) * math.log(1 + len(spans) / (1 + held[word])) for word, weight in weights.items()}

    def worth(span: Span) -> float:
        score = 3.0 / (1 + near.index(span.prose.passage_id)) if span.prose.passage_id in near else 0.0
        for word, one in worths.items():
            score += one if word in span.plain else 0.4 * one if word in span.prose.headings else 0.0
        return score * (DEFINED if span.prose.topic in ("definitions", GOALS) else 1.0) / (1 + 0.002 * len(span.plain))

    scores = _each_its_share(list(map(worth, spans)), [span.prose.document.id for span in spans])
    left, chosen = SENTENCES, list[int]()
    for at in sorted(range(len(spans)), key=lambda at: (-scores[at], at)):
        length = min(len(spans[at].plain), LONGEST_SENTENCE) + 12
        if scores[at] > 0 and length <= left:
            left -= length
            chosen.append(at)
    lines = ["SENTENCES"]
    passage = ""
    for number, at in enumerate(sorted(chosen), start=1):
        span = spans[at]
        found.sentences[f"s{number}"] = Sentence(span, agencies.get(span.prose.document.agency or "", ""))
        if span.prose.passage_id != passage:
            passage = span.prose.passage_id
            who = f"{span.prose.document.agency} " if len(documents) > 1 else ""
            lines.append(f"— {who}{span.prose.document.year} p{span.prose.page or '-'} {span.prose.heading[:40]}")
        lines.append(f"s{number} {_masked(span)}")
    return lines if chosen else []


def _whole(prose: Prose) -> Iterator[Span]:
    """The sentences of a passage, each with what it can't stand without: the one before it (其中…, 主要原因是…), the lines of its list."""
    before: Span | None = None
    for span in prose.sentences:
        if before is not None and span.end - before.start <= LONGEST_JOINED:
            listed = _LINE.match(span.plain) and (before.plain.endswith("：") or _LINE.match(before.plain.rsplit("\n", 1)[-1]))
            if listed or span.plain.startswith(_leaning()):
                before = before.to(span.end)
                continue
        if before is not None and len(before.plain) >= 6:
            yield before
        before = span
    if before is not None and len(before.plain) >= 6:
        yield before


@cache
def _leaning() -> tuple[str, ...]:
    """Words with which a sentence begins that needs the one before it: data/vocabulary/leaning_words.csv."""
    return tuple(row["word"] for row in read_rows("leaning_words.csv", ("word", "source"), key=("word",)))


def _masked(span: Span) -> str:
    """A sentence with the places of its numbers instead of them; its end is left out where it is long."""
    plain, shown, end = span.plain, "", 0
    for place, one in enumerate(numbers_in(plain), start=1):
        shown += f"{plain[end : one.start]}#{place}"
        end = one.end
    shown = _DIGITS.sub("…", shown + plain[end:]).replace("\n", "")
    return shown if len(shown) <= LONGEST_SENTENCE else shown[:LONGEST_SENTENCE] + "…"

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
from typing import TYPE_CHECKING, cast

from retrieval.answer.answer import CitedDocument
from retrieval.answer.wording import KIND_NAMES
from retrieval.answering.quoting import documents_of, numbers_in
from retrieval.figures.agencies import Agency, Disclosure
from retrieval.figures.cells import Cell
from retrieval.prose.likeness import pairs
from retrieval.prose.passages import GOALS, Prose, Span, read_prose
from retrieval.words.folding import HAN, bare, fold
from retrieval.words.forms import content_words, forms_of
from retrieval.words.grammar import load
from retrieval.words.periods import find_periods
from store.vocabulary import read_rows

if TYPE_CHECKING:
    from retrieval.ask import Asker
    from retrieval.finding import Near, Searchable
    from retrieval.reply.turns import Turn

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
_HOLDERS = """
SELECT agency_id FROM (SELECT unnest(?::VARCHAR[]) AS passage_id, generate_subscripts(?::VARCHAR[], 1) AS place)
JOIN passages USING (passage_id) JOIN documents USING (document_id) WHERE agency_id IS NOT NULL GROUP BY agency_id ORDER BY min(place)
"""
_SHAPES: dict[str, str] = load("candidates.toml")
_CODE, _DIGITS, _LINE = (re.compile(_SHAPES[name]) for name in ("code", "digits", "line"))
_HAN_RUN = re.compile(f"[{HAN}]+")


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
    said = " ".join((question, *searched))
    likely, sure = _agencies(asker, said, dialog, turn, searched)
    found = Candidates({f"a{number}": agency for number, agency in enumerate(likely, start=1)})
    listed = likely[: min(sure or MOST_AGENCIES, MOST_AGENCIES)]
    disclosures = [one for agency in listed for one in _disclosures(agency, said, MOST_DISCLOSURES // max(1, len(listed)) or 1)]
    weights = _words(turn, dialog, searched)
    text = [_named(found.agencies, len(listed)), *_rows(asker, found, disclosures, weights, turn, said)]
    documents = documents_of(asker.snapshot, "disclosure_id", [one.disclosure_id for one in disclosures])
    alike = near(said, [one.id for one in documents], NEAREST) if near is not None else ()
    found.text = "\n".join((*text, *_sentences(asker, found, documents, weights, alike)))
    return found


def _best_first(scores: Sequence[float], whose: Sequence[str]) -> list[int]:
    """The places of positive scores, best first, each against the best of its own document: what is nearest in one is worth as much as
    in another."""
    best: dict[str, float] = {}
    for one, score in zip(whose, scores, strict=True):
        best[one] = max(best.get(one, 0.0), score)
    shares = [score / best[one] if best[one] > 0 else 0.0 for one, score in zip(whose, scores, strict=True)]
    return sorted(range(len(shares)), key=lambda at: (-shares[at], at))


# ── whose ──


def _agencies(asker: Asker, said: str, dialog: Sequence[Turn], turn: Turn, searched: Sequence[str]) -> tuple[list[Agency], int]:
    """The agencies that may be meant, likeliest first, and how many of them are named."""
    directory = asker.desk.directory
    known = directory.named()
    if len(known) == 1:
        return list(known), 1
    whose = [*turn.understood.whose, *(one for words in searched for one in asker.reader.names.whom.find(fold(words)))]
    by_place: dict[bool, list[str]] = defaultdict(list)
    for one in whose:
        by_place[one.is_place] += [agency for body in one.bodies for agency in body.agency_ids]
    named = by_place[False] or [agency for one in reversed(dialog) for agency in one.agencies]
    words = fold(said)
    alike = _alike(known, words)
    likely = named
    if not named:
        there = [one for one in alike if not by_place[True] or one in by_place[True]]
        likely = [*there[: MOST_AGENCIES - 1], *_by_prose(asker, words)]
    every = dict.fromkeys((*likely, *by_place[True], *(agency for one in dialog for agency in one.agencies), *alike[:MOST_AGENCIES]))
    return [directory[one] for one in every][:MOST_NAMED], len(set(named))


def _alike(agencies: Sequence[Agency], words: str) -> list[str]:
    """The agencies whose names share pairs of characters with the words, most and rarest first."""
    held = Counter(pair for one in agencies for pair in pairs(one.name))
    shared = {one.agency_id: sum(1.0 / held[pair] for pair in sorted(pairs(one.name)) if pair in words) for one in agencies}
    return sorted((one for one, worth in shared.items() if worth > 0), key=lambda one: (-shared[one], one))


def _by_prose(asker: Asker, words: str) -> list[str]:
    """The agencies whose prose holds the words, best first."""
    passages = [one for one, _ in cast("Searchable", asker.snapshot).search([words], limit=MOST_PASSAGES)]
    return [row[0] for row in asker.snapshot.rows(_HOLDERS, [passages, passages])][:MOST_AGENCIES]


def _named(agencies: dict[str, Agency], listed: int) -> str:
    """The agencies with what they publish."""
    lines: list[str] = []
    for number, (short, agency) in enumerate(agencies.items()):
        there = ", ".join(f"{one.year} {KIND_NAMES[one.kind or 'budget']}" for one in agency.disclosures)
        lines.append(f"{short} {agency.name}: {there}" if number < listed else f"{short} {agency.name}")
    return "\n".join((f"AGENCIES (rows and sentences are listed for the first {min(listed, len(agencies))})", *lines))


def _disclosures(agency: Agency, said: str, most: int) -> list[Disclosure]:
    """The disclosures of an agency that may be meant: of the years said (or the year after), else the latest."""
    years = find_periods(fold(said)).years
    own = sorted(agency.disclosures, key=lambda one: (-(one.year or 0), one.kind or "", one.scope or "", one.disclosure_id))
    return ([one for one in own if one.year in years] or [one for one in own if (one.year or 0) - 1 in years] or own)[:most]


# ── words ──


def _words(turn: Turn, dialog: Sequence[Turn], searched: Sequence[str]) -> dict[str, float]:
    """The words to look for, with what each is worth: the question's without its agencies', earlier ones less; pairs of characters."""
    texts = [(fold(words), 1.5) for words in searched]
    for one, weight in ((turn, 1.0), *((one, EARLIER) for one in dialog)):
        text = one.understood.text
        for whose in sorted(one.understood.whose, key=lambda each: -each.start):
            text = text[: whose.start] + _SHAPES["gap"] + text[whose.end :]
        texts.append((text, weight))
    found: dict[str, float] = {}
    for text, weight in texts:
        for word in content_words(text):
            if _HAN_RUN.fullmatch(word) or word.isdigit():
                for form, sure in forms_of(word):
                    found[form] = max(found.get(form, 0.0), weight * sure * (1.0 if len(form) > 1 else 0.6))
        for run in _HAN_RUN.findall(text):
            for at in range(len(run) - 1):
                found.setdefault(run[at : at + 2], 0.35 * weight)
    return found


# ── rows ──


def _rows(
    asker: Asker, found: Candidates, disclosures: Sequence[Disclosure], weights: dict[str, float], turn: Turn, said: str,
) -> Iterator[str]:
    """The rows that are worth most, as lines under their tables, in print order."""
    rows = [row for one in disclosures for row in _printed(asker.desk.shelf.cells(one.disclosure_id))]
    seen: set[tuple[object, ...]] = set()
    chosen: dict[int, _Row] = {}
    left = ROWS
    for at in _best_first(_scores(rows, weights, turn, said), [row.first.disclosure_id for row in rows]):
        some = rows[at].first.role != "total" and any(cell.value for cell in rows[at].cells)
        fresh = tuple(cell for cell in rows[at].cells if _meaning(cell) not in seen and (cell.value or not some))
        if fresh:
            left -= len(_label(rows[at])) + 12
            if left < 0:
                break
            seen.update(map(_meaning, fresh))
            chosen[at] = replace(rows[at], cells=fresh)
    return _lines(found, [chosen[at] for at in sorted(chosen)])


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
    bodies = [body.unit for whose in turn.understood.whose for body in whose.bodies]
    units = {unit for unit in (*bodies, *(item.affiliate for item in items)) if unit}
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
        score += LINKED * any(unit in row.label or unit in row.above for unit in units)
        score += 5.0 * (first.code in codes) + 1.0 * any(first.code.startswith(code) for code in codes if first.code)
        score += 0.9 * (first.role == "total") + 0.3 * (len(first.row_path) == 1)
        score += 0.5 * (first.classification in ("summary", "three_public", "affiliate"))
        empty = 0.6 * all(cell.value == 0 for cell in row.cells) + 0.4 * (first.amount is None)
        return score - (empty + 0.004 * min(first.table_position, 50))

    return list(map(worth, rows))


def _label(row: _Row) -> str:
    """A row as it is shown: its code, its name, and what it stands under."""
    path = [re.sub(r"\s", "", one)[:LONGEST_LABEL] for one in row.first.row_path]
    code = f"{row.first.code} " if row.first.code else ""
    return code + (path[-1] if path else "") + (f" ‹ {path[-2]}" if len(path) > 1 else "")


def _lines(found: Candidates, rows: Sequence[_Row]) -> Iterator[str]:
    """The rows with their ids (r12) and those of their columns (r12a), under their disclosures and tables."""
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
            columns = {cell.column_index: cell for each in rows[number - 1 :] if each.first.table_id == table for cell in each.cells}
            letters = {index: _letter(place) for place, index in enumerate(sorted(columns))}
            yield f"T {bare(first.table_title)[:40]} p{first.page or '-'} ({first.unit}): " + _columns(columns, letters)
        ids = {letters[cell.column_index]: cell for cell in row.cells}
        found.cells |= {f"r{number}{letter}": cell for letter, cell in ids.items()}
        yield f"r{number} {_label(row)} [{''.join(sorted(ids, key=lambda one: (len(one), one)))}]"


def _columns(columns: dict[int, Cell], letters: dict[int, str]) -> str:
    """The columns with their letters, without what all their headers share."""
    paths = {index: [bare(word)[:24] for word in cell.column_path] for index, cell in columns.items()}
    while len(paths) > 1 and all(len(path) > 1 for path in paths.values()) and len({path[0] for path in paths.values()}) == 1:
        paths = {index: path[1:] for index, path in paths.items()}
    others = {index: cell.about_year for index, cell in columns.items() if cell.about_year not in (0, None, cell.year)}
    years = {index: f"({year})" for index, year in others.items()}
    return " ".join(f"{letter}={'/'.join(paths[index][-3:])}{years.get(index, '')}" for index, letter in letters.items())


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

    scores = list(map(worth, spans))
    left, chosen = SENTENCES, list[int]()
    for at in _best_first(scores, [span.prose.document.id for span in spans]):
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
    joined: list[Span] = []
    for span in prose.sentences:
        before = joined[-1] if joined else None
        if before is not None and span.end - before.start <= LONGEST_JOINED:
            is_open = before.plain.endswith(_SHAPES["opening"]) or _LINE.match(before.plain.rsplit("\n", 1)[-1])
            if (is_open and _LINE.match(span.plain)) or span.plain.startswith(_leaning()):
                joined[-1] = before.to(span.end)
                continue
        joined.append(span)
    return (span for span in joined if len(span.plain) >= 6)


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

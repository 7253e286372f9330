"""Figures, passages and disclosures found by words: what programs ask for when they want the evidence and not the sentence.

Takes an `Asker` and a `Scope`; gives cells and passages, best first, each with the place where it is printed. Words are
read as questions are, so "水务局去年公务接待费" finds what the question would be answered from.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Protocol, cast

from retrieval.answer.answer import Citation, CitedDocument
from retrieval.answer.sources import cells_of
from retrieval.ask import Asker
from retrieval.figures.cells import Cell
from retrieval.figures.query import Rows, among, equals, run, select
from retrieval.names.agencies import Directory, Disclosure
from retrieval.prose.likeness import held
from retrieval.prose.passages import Prose, Span, citation, plain_text, read_prose
from retrieval.question.expression import Item, Told, picks, walk
from retrieval.words.folding import fold
from retrieval.words.lexicon import contains
from store.values import Kind

ALIKE = 0.5
"""Likeness from which a label is taken to be about the words: see `likeness.held`."""

MISMATCH = 0.2
"""Taken off for a figure of another flow, fund, portion or measure than the words name."""

MOST_LABELS = 24
"""Labels that words without a known item may stand for."""

_DISCLOSED = (
    "disclosure_id", "document_id", "edition_rank", "file", "format", "agency", "agency_id", "affiliate_of", "region", "year", "kind",
    "scope", "title",
)


@dataclass(frozen=True, slots=True)
class Scope:
    """Where to look, beside what the words say themselves. None: anywhere."""

    agency: str | None = None      # a name as people write it
    year: int | None = None        # of the disclosure
    kind: Kind | None = None


@dataclass(frozen=True, slots=True)
class FoundPassage:
    """A passage with its score against the words (higher is nearer) and its place."""

    prose: Prose
    score: float

    @property
    def citation(self) -> Citation:
        return citation(Span(self.prose, 0, len(self.prose.plain)))


@dataclass(frozen=True, slots=True)
class DisclosedFile:
    """One file of a disclosure; edition 1 is the one that sums and ranks use."""

    document_id: str
    edition: int
    file: str
    format: str


@dataclass(frozen=True, slots=True)
class Disclosed:
    """One agency's budget or final accounts of one year, with its files."""

    disclosure_id: str
    agency: str | None
    agency_id: str | None
    affiliate_of: str | None
    region: str | None
    year: int | None
    kind: Kind | None
    scope: str | None
    title: str | None
    files: tuple[DisclosedFile, ...]


@dataclass(frozen=True, slots=True)
class Words:
    """What is sought, as questions are read: whose, when, which things, and the words that are sought as they are."""

    text: str
    agencies: tuple[str, ...] | None  # None: of an agency that is not here
    years: frozenset[int]
    kind: Kind | None
    items: tuple[Item, ...]
    topics: tuple[str, ...]


def words_read(asker: Asker, words: str) -> Words:
    """The words as the grammar reads them."""
    turn = asker.turn(words, ())[0]
    understood, expression = turn.understood, turn.expression
    found = picks(expression)
    terms = tuple(term for node in walk(expression) if isinstance(node, Told) for term in node.terms) if expression is not None else ()
    unread = tuple(plain_text(one.text) for one in understood.unread if len(one.text) > 1)
    return Words(
        understood.text,
        None if understood.strange else tuple(dict.fromkeys(one.agency for one in found if one.agency)),
        frozenset(one.year for one in found if one.year),
        next((one.kind for one in found if one.kind), None),
        tuple(dict.fromkeys(one.item for one in found if one.item is not None)),
        tuple(dict.fromkeys((*terms, *unread))),
    )


class Searchable(Protocol):
    """The part of a snapshot that searches prose."""

    def search(self, words: Sequence[str], *, documents: Sequence[str] | None = None, limit: int = 20) -> list[tuple[str, float]]:
        """Passage ids and scores, best first."""
        ...


def list_disclosures(snapshot: Rows, directory: Directory, scope: Scope) -> list[Disclosed]:
    """Every disclosure in the scope, by agency, latest year first."""
    conditions = [equals(column, value) for column, value in (("year", scope.year), ("kind", scope.kind)) if value is not None]
    if scope.agency is not None:
        conditions.append(among("agency_id", agencies_named(directory, scope.agency) or ("",)))
    found: dict[str, tuple[dict[str, Any], list[DisclosedFile]]] = {}
    for row in run(snapshot, select("disclosures", _DISCLOSED, *conditions, order=("agency", "year", "kind", "edition_rank")))[1]:
        values: dict[str, Any] = dict(zip(_DISCLOSED, row, strict=True))
        file = DisclosedFile(values.pop("document_id"), values.pop("edition_rank"), values.pop("file"), values.pop("format"))
        found.setdefault(values["disclosure_id"], (values, []))[1].append(file)
    listed = [Disclosed(**values, files=tuple(files)) for values, files in found.values()]
    return sorted(listed, key=lambda each: (each.agency is None, each.agency or "", -(each.year or 0), each.kind or ""))


def agencies_named(directory: Directory, name: str) -> tuple[str, ...]:
    """The ids of the agencies that a name means, as questions would take it; () if none is here."""
    exact = tuple(agency.agency_id for agency in directory.agencies.values() if name in agency.names or name == agency.agency_id)
    said = fold(name)
    return exact or tuple(one.agency_id for one in directory.alike(said) if any(contains(known, said) for known in one.names))


def find_figures(asker: Asker, words: str, scope: Scope | None = None, limit: int = 20) -> list[Cell]:
    """Printed figures that the words are about: those of their answer first, then by likeness, latest year first."""
    scope = scope or Scope()
    directory = asker.desk.directory
    cited = cells_of(asker.snapshot, _cited(asker, words))
    first = [cell for cell in cited if _within(directory, cell.agency_id, cell.year, cell.kind, scope)]
    read = words_read(asker, words)
    known = [(name, one) for one in read.items for name in (one.names or ((one.item,) if one.item else ()))]
    said = [plain_text(topic) for topic in (*read.topics, *(one.said for one in read.items if not one.item))]
    names: dict[str, Item | None] = {**dict(reversed(known))} or dict.fromkeys(_labels_like(asker.snapshot, said))
    places = [each.disclosure_id for each in _disclosures(directory, read, scope)]
    found = asker.desk.shelf.across(places, names) if places and names else {}
    answered = {cell.figure_id for cell in first}
    scored = [(_alike(cell, names, said), cell) for cells in found.values() for cell in cells if cell.figure_id not in answered]
    near = sorted(
        ((score, cell) for score, cell in scored if score >= ALIKE),
        key=lambda pair: (-pair[0], -pair[1].year, pair[1].agency, pair[1].kind, pair[1].table_position, pair[1].row))
    return [*first, *(cell for _, cell in near)][:limit]


Near = Callable[[str, Sequence[str], int], Sequence[str]]
"""Passages by nearness of meaning: words, documents, how many at most → passage ids, nearest first."""


def find_passages(asker: Asker, words: str, scope: Scope | None = None, limit: int = 5, near: Near | None = None) -> list[FoundPassage]:
    """Passages of prose that hold the words: those of their answer first, then by score; with `near`, by both ranks together."""
    scope = scope or Scope()
    read = words_read(asker, words)
    documents = _documents(asker.snapshot, _disclosures(asker.desk.directory, read, scope))
    wanted = list(read.topics) or [read.text]
    hits = cast(Searchable, asker.snapshot).search(wanted, documents=list(documents), limit=limit) if documents else []
    alike = near(read.text, list(documents), limit) if near is not None and documents else ()
    if alike:
        hits = list(fused([passage_id for passage_id, _ in hits], alike).items())
    scores = dict.fromkeys(_answering(asker.snapshot, _cited(asker, words)), hits[0][1] if hits else 1.0)
    for passage_id, score in hits:
        scores.setdefault(passage_id, score)
    holding = [row[0] for row in asker.snapshot.rows(_PASSAGE_DOCUMENTS, [list(scores)]) if row[0] in documents]
    prose = {one.passage_id: one for one in read_prose(asker.snapshot, [documents[one] for one in holding])}
    return [FoundPassage(prose[passage_id], score) for passage_id, score in scores.items() if passage_id in prose][:limit]


def fused(*rankings: Sequence[str]) -> dict[str, float]:
    """Ids of several rankings with their scores by reciprocal rank fusion, best first.

    1/(60 + rank) in each ranking, added up: Cormack, Clarke, Büttcher 2009.
    """
    scores: dict[str, float] = {}
    for ranking in rankings:
        for rank, one in enumerate(ranking, start=1):
            scores[one] = scores.get(one, 0.0) + 1 / (60 + rank)
    return dict(sorted(scores.items(), key=lambda pair: -pair[1]))


_PASSAGE_DOCUMENTS = "SELECT DISTINCT document_id FROM passages WHERE list_contains(?::VARCHAR[], passage_id) ORDER BY document_id"


def _cited(asker: Asker, words: str) -> list[str]:
    """The ids that the answer to the words rests on, in its order."""
    return [cited.figure_id for cited in asker.ask(words).citations if cited.figure_id]


def _answering(snapshot: Rows, cited: Sequence[str]) -> list[str]:
    """Of ids that an answer cites, the passages: cited themselves, or holding a cited statement."""
    if not cited:
        return []
    holders = dict(run(snapshot, select("stated_figures", ("figure_id", "passage_id"), among("figure_id", cited)))[1])
    return list(dict.fromkeys(holders.get(one, one) for one in cited))


def _within(directory: Directory, agency_id: str, year: int, kind: str, scope: Scope) -> bool:
    return (
        (scope.agency is None or agency_id in agencies_named(directory, scope.agency))
        and scope.year in (None, year) and scope.kind in (None, kind))


def _disclosures(directory: Directory, read: Words, scope: Scope) -> list[Disclosure]:
    """The disclosures that the scope and the words leave; the scope goes before the words."""
    if scope.agency is not None:
        ids: Iterable[str] = agencies_named(directory, scope.agency)
    else:
        ids = () if read.agencies is None else read.agencies or directory.agencies
    years = frozenset((scope.year,)) if scope.year is not None else read.years
    kind = scope.kind or read.kind
    return [each for one in ids for each in directory[one].disclosures if (not years or each.year in years) and kind in (None, each.kind)]


def _documents(snapshot: Rows, disclosures: Sequence[Disclosure]) -> dict[str, CitedDocument]:
    columns = ("document_id", "agency", "year", "kind", "file")
    if not disclosures:
        return {}
    tree = select("disclosures", columns, equals("edition_rank", 1), among("disclosure_id", (each.disclosure_id for each in disclosures)))
    return {row[0]: CitedDocument(*row) for row in run(snapshot, tree)[1]}


def _labels_like(snapshot: Rows, said: Sequence[str]) -> list[str]:
    """The printed items that are most like the words."""
    if not said:
        return []
    items = [row[0] for row in run(snapshot, select("disclosed_figures", ("item",)).distinct())[1] if row[0]]
    near = sorted(((max(held(word, plain_text(item)) for word in said), item) for item in items), key=lambda pair: (-pair[0], pair[1]))
    return [item for score, item in near[:MOST_LABELS] if score >= ALIKE]


def _alike(cell: Cell, names: Mapping[str, Item | None], said: Sequence[str]) -> float:
    """0 … 1: how surely a figure is what the words are about."""
    if cell.item not in names:
        label = plain_text(cell.row_label)
        return 0.8 * max((held(word, label) for word in said if len(word) > 1), default=0.0)
    asked = names[cell.item]
    if asked is None:
        return 1.0
    wanted = ((asked.flow, cell.flow), (asked.fund, cell.fund), (asked.portion, cell.portion), (asked.measure, cell.measure))
    return 1.0 - MISMATCH * sum(one is not None and one != other for one, other in wanted)

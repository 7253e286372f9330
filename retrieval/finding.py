"""Figures, passages and disclosures found by words: what programs ask for when they want the evidence and not the sentence.

Takes an `Asker` and a `Scope`; gives cells and passages, best first, each with the place where it is printed. Words are
read as questions are, so "水务局去年公务接待费" finds what the question would be answered from.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol, cast

from retrieval.answer.answer import Citation
from retrieval.answering.quoting import documents_of
from retrieval.figures.agencies import Directory, Disclosure
from retrieval.figures.cells import Cell
from retrieval.figures.query import Rows, among, equals, run, select
from retrieval.prose.likeness import held
from retrieval.prose.passages import Prose, Span, citation, plain_text, read_prose
from retrieval.question.expression import Item, Told, picks, walk
from retrieval.sources import cells_of
from retrieval.words.folding import contains, fold
from store.values import Kind

if TYPE_CHECKING:
    from retrieval.ask import Asker

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


@dataclass(frozen=True, slots=True)
class _Sought:
    """What is sought, as questions are read: which things, the words that are sought as they are, and where. A scope goes before words."""

    text: str
    items: tuple[Item, ...]
    topics: tuple[str, ...]
    disclosures: tuple[Disclosure, ...]

    @classmethod
    def of(cls, asker: Asker, words: str, scope: Scope) -> _Sought:
        """The words as the grammar reads them."""
        turn = asker.turn(words, ())[0]
        found, directory = picks(turn.expression), asker.desk.directory
        nodes = walk(turn.expression) if turn.expression is not None else ()
        terms = [term for one in nodes if isinstance(one, Told) for term in one.terms]
        unread = [plain_text(one.text) for one in turn.understood.unread if len(one.text) > 1]
        items = dict.fromkeys(one.item for one in found if one.item is not None)
        said = () if turn.understood.strange else dict.fromkeys(one.agency for one in found if one.agency) or directory.agencies
        whose = said if scope.agency is None else agencies_named(directory, scope.agency)
        years = {scope.year} if scope.year is not None else {one.year for one in found if one.year}
        kind = scope.kind or next((one.kind for one in found if one.kind), None)
        disclosures = [each for one in whose for each in directory[one].disclosures]
        there = tuple(each for each in disclosures if (not years or each.year in years) and kind in (None, each.kind))
        return cls(turn.understood.text, tuple(items), tuple(dict.fromkeys((*terms, *unread))), there)


def find_figures(asker: Asker, words: str, scope: Scope | None = None, limit: int = 20) -> list[Cell]:
    """Printed figures that the words are about: those of their answer first, then by likeness, latest year first."""
    scope = scope or Scope()
    named = None if scope.agency is None else agencies_named(asker.desk.directory, scope.agency)
    first = [
        cell for cell in cells_of(asker.snapshot, _cited(asker, words))
        if (named is None or cell.agency_id in named) and scope.year in (None, cell.year) and scope.kind in (None, cell.kind)]
    sought = _Sought.of(asker, words, scope)
    known = [(name, one) for one in sought.items for name in (one.names or ((one.item,) if one.item else ()))]
    said = [plain_text(topic) for topic in (*sought.topics, *(one.said for one in sought.items if not one.item))]
    names: dict[str, Item | None] = {**dict(reversed(known))} or dict.fromkeys(_labels_like(asker.snapshot, said))
    places = [each.disclosure_id for each in sought.disclosures]
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
    sought = _Sought.of(asker, words, scope or Scope())
    disclosures = list(dict.fromkeys(each.disclosure_id for each in sought.disclosures))
    documents = {one.id: one for one in documents_of(asker.snapshot, "disclosure_id", disclosures)}
    wanted = list(sought.topics) or [sought.text]
    hits = cast(Searchable, asker.snapshot).search(wanted, documents=list(documents), limit=limit) if documents else []
    alike = near(sought.text, list(documents), limit) if near is not None and documents else ()
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

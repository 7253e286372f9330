"""The index of passages: how Chinese is cut into words, and the search over them (tantivy).

Passages and questions are cut by the same function, so that a word asked for is a word that was indexed. Two readings of a
text are kept: words (rjieba with the vocabulary's terms) and pairs of neighbouring characters, which find what the
dictionary cuts differently. Queries are built from words, never parsed from what somebody typed.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from store.vocabulary import vocabulary

if TYPE_CHECKING:
    import rjieba
    import tantivy

SECTION_WEIGHT = 2.0
"""Of a word in a heading, against 1 in the text: a heading says what the whole passage is about."""

PAIR_WEIGHT = 0.25
"""Of a pair of characters: it breaks ties and finds unknown words, and must not outweigh them."""

KEPT = re.compile(r"\w", re.UNICODE)
HAN = re.compile(r"[\u3400-\u9fff]{2,}")
WRITER_HEAP = 64_000_000


@dataclass(frozen=True, slots=True)
class Entry:
    """A passage as the index takes it."""

    passage_id: str
    document_id: str
    agency: str | None
    year: int | None
    kind: str | None
    topic: str | None
    section: Sequence[str]
    text: str


def cut(text: str) -> list[str]:
    """The words of a text in order, folded to half-width and lower case, with the shorter words inside long ones.

    >>> cut("公务接待费１２万元")
    ['公务', '接待', '接待费', '公务接待费', '12', '万元']
    """
    plain = unicodedata.normalize("NFKC", text).lower()
    return [word for word in _cutter().cut_for_search(plain) if KEPT.search(word)]


def parts_of_speech(text: str) -> list[tuple[str, str]]:
    """The words of a text in order, none inside another, each with its part of speech (n…: nouns, v…: verbs, r: pronouns …)."""
    return list(_cutter().tag(text))


def is_word(word: str) -> bool:
    """Whether a word is one of the language's or the vocabulary's, rather than made up by the cutter."""
    return _cutter().has_word(word)


def pairs(text: str) -> list[str]:
    """The pairs of neighbouring Chinese characters of a text, in order."""
    return [run[at:at + 2] for run in HAN.findall(text) for at in range(len(run) - 1)]


def add(folder: Path, entries: Iterable[Entry], *, without: Iterable[str] = ()) -> None:
    """Adds passages to the index in `folder`, which is made if there is none; first takes out all of the documents `without`."""
    import tantivy

    folder.mkdir(exist_ok=True)
    index = tantivy.Index(_schema(), path=str(folder))
    writer = index.writer(heap_size=WRITER_HEAP, num_threads=1)
    for document_id in without:
        writer.delete_documents_by_term("document_id", document_id)
    for entry in entries:
        writer.add_document(_indexed(entry))
    writer.commit()
    writer.wait_merging_threads()


class PassageIndex:
    """The passages of a snapshot, open for searching. Safe to use from several threads."""

    def __init__(self, folder: Path) -> None:
        """Raises ValueError or OSError if there is no index in `folder`."""
        import tantivy

        self._index = tantivy.Index.open(str(folder))
        self._searcher = self._index.searcher()

    def search(
        self, words: Sequence[str], *, documents: Sequence[str] | None = None, topics: Sequence[str] | None = None, limit: int = 20,
    ) -> list[tuple[str, float]]:
        """Passage ids that hold any of the words, best first, with their scores.

        Words may be phrases: they are cut like the text. `documents` and `topics` narrow the search; empty means none.
        """
        import tantivy

        wanted = [self._query_of(word) for word in words if word.strip()]
        if not wanted or limit < 1:
            return []
        must = [(tantivy.Occur.Must, tantivy.Query.boolean_query([(tantivy.Occur.Should, query) for query in wanted]))]
        for field, values in (("document_id", documents), ("topic", topics)):
            if values is not None:
                chosen = tantivy.Query.term_set_query(self._index.schema, field, list(values))
                must.append((tantivy.Occur.Must, tantivy.Query.const_score_query(chosen, 0.0)))
        hits = self._searcher.search(tantivy.Query.boolean_query(must), limit).hits
        return [(str(self._searcher.doc(address).get_first("passage_id")), float(score)) for score, address in hits]

    def _query_of(self, word: str) -> tantivy.Query:
        import tantivy

        parts: list[tuple[Any, tantivy.Query]] = []
        for token in dict.fromkeys(cut(word)):
            parts.append(self._part("text", token, 1.0))
            parts.append(self._part("section", token, SECTION_WEIGHT))
        parts.extend(self._part("bigrams", pair, PAIR_WEIGHT) for pair in dict.fromkeys(pairs(word)))
        return tantivy.Query.boolean_query(parts) if parts else tantivy.Query.empty_query()

    def _part(self, field: str, token: str, weight: float) -> tuple[Any, tantivy.Query]:
        import tantivy

        query = tantivy.Query.term_query(self._index.schema, field, token)
        return tantivy.Occur.Should, tantivy.Query.boost_query(query, weight)


def _schema() -> tantivy.Schema:
    import tantivy

    builder = tantivy.SchemaBuilder()
    builder.add_text_field("passage_id", stored=True, tokenizer_name="raw")
    for field in ("document_id", "agency", "kind", "topic"):
        builder.add_text_field(field, tokenizer_name="raw", index_option="basic")
    builder.add_unsigned_field("year", indexed=True)
    for field in ("section", "text", "bigrams"):
        builder.add_text_field(field, tokenizer_name="whitespace", index_option="freq")
    return builder.build()


def _indexed(entry: Entry) -> tantivy.Document:
    import tantivy

    section = " ".join(entry.section)
    document = tantivy.Document()
    for field, value in (("passage_id", entry.passage_id), ("document_id", entry.document_id), ("agency", entry.agency),
                         ("kind", entry.kind), ("topic", entry.topic)):
        if value:
            document.add_text(field, value)
    if entry.year is not None:
        document.add_unsigned("year", entry.year)     # as a keyword it would be signed, which kills the writer
    document.add_text("section", " ".join(cut(section)))
    document.add_text("text", " ".join(cut(entry.text)))
    document.add_text("bigrams", " ".join(pairs(f"{section} {entry.text}")))
    return document


@cache
def _cutter() -> rjieba.Jieba:
    """A cutter that knows the names of the vocabulary: 三公经费 is one word, and also 三公 and 经费."""
    import rjieba

    known = vocabulary()
    cutter = rjieba.Jieba()
    names = {entry.item for entry in known.items} | {entry.variant for entry in known.items} | {code.name for code in known.codes}
    for name in sorted(names):
        cutter.add_word(name, 10_000, "n")
    return cutter

"""Words for what can be asked in any store: canonical items, everyday words, names of classification codes.

Two sources, each plain files: the vocabularies that ingest reads forms with, and data/vocabulary/everyday_words.csv.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import cache
from typing import Literal, get_args

from retrieval.words.grammar import load, pattern
from retrieval.words.pinyin import syllable
from store.values import Classification, Flow, Fund, Portion
from store.vocabulary import Vocabulary, plain_label, read_rows, vocabulary

TermKind = Literal["item", "total", "fund", "several", "procurement", "count"]
"""item: one thing · total: all income or spending · fund: a source of money · several: named parts added up."""


@dataclass(frozen=True, slots=True)
class Term:
    """A word and what it asks for. `names` are canonical items, most likely first."""

    word: str
    names: tuple[str, ...]
    kind: TermKind
    flow: Flow | None = None
    fund: Fund | None = None
    portion: Portion | None = None
    classification: Classification | None = None
    code: str | None = None


@cache
def general_terms() -> Mapping[str, Term]:
    """Every word that doesn't depend on a store."""
    known = vocabulary()
    kinds: dict[str, TermKind] = {one: one for one in get_args(TermKind)}
    terms: dict[str, Term] = {}
    for code in known.codes:
        name = known.canonical_item(code.name)
        terms.setdefault(_key(code.name), _with_item(Term(_key(code.name), (name,), "item"), known))
    for entry in known.items:
        kind: TermKind = "fund" if entry.classification == "source" and entry.fund is not None else "item"
        kind = "total" if entry.classification == "summary" and pattern("labels.toml", "total").match(entry.item) else kind
        word = _key(entry.variant)
        terms[word] = Term(word, (entry.item,), kind, entry.flow, entry.fund, entry.portion, entry.classification)
    for row in read_rows("everyday_words.csv", ("word", "means", "kind", "source"), key=("word",)):
        names = tuple(row["means"].split("+" if row["kind"] == "several" else "|"))
        printed = terms.get(_key(row["word"]))  # what is printed under the very word comes before what people mean by it
        own = printed.names if printed is not None and printed.kind == row["kind"] == "item" else ()
        canonical = tuple(dict.fromkeys((*own, *map(known.canonical_item, names))))
        term = Term(_key(row["word"]), canonical, kinds[row["kind"]])
        terms[_key(row["word"])] = term if term.kind == "several" else _with_item(term, known)
    return terms


def _key(text: str) -> str:
    return plain_label(text).lower()


def _with_item(term: Term, known: Vocabulary) -> Term:
    """The term with what its first item says by itself."""
    entry = known.item_by_variant.get(term.names[0])
    if entry is None:
        return term
    kind: TermKind = "fund" if term.kind == "item" and entry.classification == "source" and entry.fund else term.kind
    classification = entry.classification if entry.classification != "economic_department" else None
    return replace(term, kind=kind, flow=entry.flow, fund=entry.fund, portion=entry.portion, classification=classification)


@cache
def sounds() -> Mapping[tuple[str, ...], Term]:
    """The general terms of three characters or more by their syllables."""
    return {tuple(syllable(c) for c in word): term for word, term in general_terms().items() if len(word) >= 3}


def fund_named(item: str) -> Fund | None:
    """The fund whose whole spending the item is by its name: 国有资本经营预算支出, which is a function too."""
    ending: str = load("figures.toml")["words"]["spent"]
    stem = general_terms().get(item.removesuffix(ending)) if item.endswith(ending) else None
    return stem.fund if stem is not None and stem.kind == "fund" else None


@cache
def synonyms() -> dict[str, tuple[tuple[str, float], ...]]:
    """What disclosures print for a word that people say, with how sure that is; data/vocabulary/synonyms.csv."""
    found: dict[str, list[tuple[str, float]]] = defaultdict(list)
    for row in read_rows("synonyms.csv", ("said", "printed", "weight", "source"), key=("said", "printed")):
        found[row["said"]].append((row["printed"], float(row["weight"])))
    return {said: tuple(printed) for said, printed in found.items()}

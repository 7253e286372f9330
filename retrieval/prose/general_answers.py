"""General explanations of terms and codes: the project's glossary and the published classifications, marked as such.

Takes a question; gives `ProseEvidence` with `general_knowledge`, beside an example that a disclosure of the store prints.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.answer.answer import CitedDocument
from retrieval.prose.definitions import find_definition
from retrieval.prose.evidence import ProseEvidence, phrases, quoted, table
from retrieval.prose.general_terms import GeneralTerm, general_terms
from retrieval.prose.passages import Rows, plain_text, read_prose
from retrieval.prose.words import prose_words
from retrieval.words.cues import load
from retrieval.words.lexicon import general_terms as lexicon_terms
from store.vocabulary import read_rows, vocabulary

_CODE = re.compile(r"(?<!\d)(?:\d{7}|\d{5}|\d{3})(?!\d)")
_PRINTED = load("prose.toml")["general"]
_BETWEEN = re.compile(_PRINTED["between"])
_EXAMPLES = 3
_EXPLAINED = """
SELECT d.document_id, d.agency, d.year, d.kind, d.file FROM passages p JOIN documents d USING (document_id)
WHERE p.topic = 'definitions' AND contains(p.text, ?) LIMIT 3
"""
_ASKS_PARTS = re.compile(_PRINTED["asks_parts"])
_OPEN_END = 9999   # a code that is still valid


def general_answer(question: str, snapshot: Rows) -> ProseEvidence | None:
    """For a question that names no agency: what its term or code means, or how its terms differ; None if it asks none of these."""
    words = prose_words()
    plain = plain_text(question)
    terms = _named(plain)
    differs = len(terms) >= 2 and words.found("asks_difference", plain) is not None
    defines = words.found("asks_define", plain) is not None or words.found("asks_content", plain) is not None
    text = explain_in_general(plain) if differs or (defines and len(terms) < 2) else None
    text = text or explain_several(plain)
    if text is None:
        return None
    return with_example(text, () if differs or not terms else terms[0].names, snapshot)


def explain_in_general(question: str) -> str | None:
    """The glossary's explanation of the term, or of how the two terms differ, that a question names; None if it names none."""
    terms = _named(plain_text(question))
    general = table("general")
    if not terms:
        return explain_code(question)
    first, *others = terms
    if others and not prose_words().found("asks_difference", plain_text(question)):
        first, others = general_terms().exactly(question) or max(terms, key=lambda term: len(term.name)), []
    if others:
        second = others[0]
        known = general_terms().difference(first, second)
        if known is not None:
            mark = general["mark"].format(source=known.source)
            return general["difference"].format(first=first.name, second=second.name, meaning=known.meaning, mark=mark)
        mark = general["mark"].format(source="；".join(dict.fromkeys((first.source, second.source))))
        return general["both"].format(
            first=first.name, first_meaning=first.meaning, second=second.name, second_meaning=second.meaning, mark=mark
        )
    mark = general["mark"].format(source=first.source)
    return general["term"].format(name=first.name, meaning=first.meaning, mark=mark)


def explain_several(question: str) -> str | None:
    """Which items a word for several things (五险一金) stands for here; None if the question names none, or doesn't ask what it is."""
    if not _ASKS_PARTS.search(question):
        return None
    words = [word for word, term in lexicon_terms().items() if term.kind == "several" and word in question]
    if not words:
        return None
    name = max(words, key=len)
    (row,) = (row for row in read_rows("everyday_words.csv", ("word", "means", "kind", "source"), key=("word",)) if row["word"] == name)
    general = table("general")
    parts = "、".join(lexicon_terms()[name].names)
    return general["several"].format(name=name, parts=parts, mark=general["mark"].format(source=row["source"]))


def _named(plain: str) -> tuple[GeneralTerm, ...]:
    """The terms that a question names; where it asks how two differ, those on either side of the word between them."""
    if prose_words().found("asks_difference", plain):
        apart = [term for part in _BETWEEN.split(plain) for term in general_terms().named(part)[:1]]
        if len(set(apart)) >= 2:
            return tuple(dict.fromkeys(apart))
    return general_terms().named(plain)


def explain_code(question: str) -> str | None:
    """What a classification code stands for: its name, its level, and the codes that it stands under."""
    found = _CODE.search(plain_text(question))
    entries = vocabulary().code_by_number.get(found.group(), ()) if found else ()
    if not entries:
        return None
    entry = max(entries, key=lambda entry: entry.valid_to or _OPEN_END)
    general = table("general")
    above = [name for length in (3, 5) if length < len(entry.code) for name in _name_of(entry.code[:length])]
    under = general["under"].format(above=" — ".join(above)) if above else ""
    term = general_terms().exactly(entry.name)
    meaning = general["meaning"].format(meaning=term.meaning) if term else ""
    mark = general["mark"].format(source=entry.source)
    kind = table("classifications")[entry.classification]
    return general["code"].format(code=entry.code, name=entry.name, kind=kind, level=table("levels")[entry.level], under=under,
                                  meaning=meaning, mark=mark)


def _name_of(code: str) -> tuple[str, ...]:
    """The code with its present name."""
    entries = vocabulary().code_by_number.get(code, ())
    return (f"{code}{max(entries, key=lambda entry: entry.valid_to or _OPEN_END).name}",) if entries else ()


def with_example(text: str, names: Sequence[str], snapshot: Rows) -> ProseEvidence:
    """A general explanation, and behind it how a disclosure of the store explains one of the names, if one does."""
    printed = _printed_definition(names, snapshot) if names else None
    if printed is None:
        return ProseEvidence(text, general_knowledge=True, score=0.9)
    example = phrases()["for_example"].format(text=printed.text)
    return ProseEvidence(text + example, citations=printed.citations, general_knowledge=True, score=0.9)


def _printed_definition(names: Sequence[str], snapshot: Rows) -> ProseEvidence | None:
    """How a disclosure of the store explains one of the names."""
    found = {row[0]: CitedDocument(*row) for name in names for row in snapshot.rows(_EXPLAINED, [name])}
    documents = list(found.values())[:_EXAMPLES]
    span = find_definition(read_prose(snapshot, documents), names)
    return quoted("definition", (span,), term=names[0]) if span else None

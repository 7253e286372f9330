"""What terms and codes mean: in general, by the project's glossary and the published classifications, marked as such; and in the words
of a disclosure, in its 名词解释 and in sentences such as 主要是为… and 包括…, best kind first.

Takes a question, or a term and passages; a general answer has `general_knowledge`, beside an example that a disclosure prints.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.answer.answer import CitedDocument
from retrieval.answer.values import Words
from retrieval.prose.evidence import quoted, say, table
from retrieval.prose.general_terms import GeneralTerm, general_terms
from retrieval.prose.likeness import pattern, printed, prose_words
from retrieval.prose.passages import Prose, Rows, Span, clauses, plain_text, read_prose
from retrieval.words.grammar import load
from retrieval.words.lexicon import general_terms as lexicon_terms
from store.vocabulary import Code, read_rows, vocabulary

_SHORT = 120  # characters: a sentence so short is quoted whole

_CODE = re.compile(r"(?<!\d)(?:\d{7}|\d{5}|\d{3})(?!\d)")
_EXPLAINED = """
SELECT d.document_id, d.agency, d.year, d.kind, d.file FROM passages p JOIN documents d USING (document_id)
WHERE p.topic = 'definitions' AND contains(p.text, ?) LIMIT 3
"""
_OPEN_END = 9999  # a code that is still valid


def general_answer(question: str, snapshot: Rows) -> Words | None:
    """For a question that names no agency: what its term or code means, or how its terms differ; None if it asks none of these."""
    words, plain = prose_words(), plain_text(question)
    terms = _named(plain)
    differs = len(terms) >= 2 and words.found("asks_difference", plain) is not None
    defines = any(words.found(role, plain) for role in ("asks_define", "asks_content"))
    text = explain_in_general(plain) if differs or (defines and len(terms) < 2) else None
    text = text or _explain_several(plain)
    if text is None:
        return None
    example = None if differs or not terms else _printed_definition(terms[0].names, snapshot)
    if example is None:
        return Words(text, (), score=0.9, general_knowledge=True)
    text += say("quoted", "for_example", text=example.text)
    return Words(text, example.cited, score=0.9, general_knowledge=True)


def explain_in_general(question: str) -> str | None:
    """The glossary's explanation of the term, or of how the two terms differ, that a question names; None if it names none."""
    plain = plain_text(question)
    terms, glossary = _named(plain), general_terms()
    if not terms:
        return _explain_code(plain)
    if len(terms) > 1 and prose_words().found("asks_difference", plain):
        first, second = terms[:2]
        if (known := glossary.difference(first, second)) is not None:
            return _marked("difference", known.source, first=first.name, second=second.name, meaning=known.meaning)
        sources = "；".join(dict.fromkeys((first.source, second.source)))
        said = {"first": first.name, "first_meaning": first.meaning, "second": second.name, "second_meaning": second.meaning}
        return _marked("both", sources, **said)
    term = terms[0] if len(terms) == 1 else glossary.exactly(question) or max(terms, key=lambda one: len(one.name))
    return _marked("term", term.source, name=term.name, meaning=term.meaning)


def _marked(template: str, source: str, /, **fields: str) -> str:
    """A general explanation, marked as one, with what it rests on."""
    return say("general", template, mark=say("general", "mark", source=source), **fields)


def _explain_several(question: str) -> str | None:
    """Which items a word for several things (五险一金) stands for here; None if the question names none, or doesn't ask what it is."""
    words = [word for word, term in lexicon_terms().items() if term.kind == "several" and word in question]
    if not words or not printed("general", "asks_parts").search(question):
        return None
    name = max(words, key=len)
    rows = read_rows("everyday_words.csv", ("word", "means", "kind", "source"), key=("word",))
    source = next(row["source"] for row in rows if row["word"] == name)
    return _marked("several", source, name=name, parts="、".join(lexicon_terms()[name].names))


def _named(plain: str) -> tuple[GeneralTerm, ...]:
    """The terms that a question names; where it asks how two differ, those on either side of the word between them."""
    if prose_words().found("asks_difference", plain):
        apart = [term for part in printed("general", "between").split(plain) for term in general_terms().named(part)[:1]]
        if len(set(apart)) >= 2:
            return tuple(dict.fromkeys(apart))
    return general_terms().named(plain)


def _explain_code(plain: str) -> str | None:
    """What a classification code stands for: its name, its level, and the codes that it stands under."""
    found = _CODE.search(plain)
    latest = {code: _latest(code) for code in (found[0][:length] for length in (3, 5, 7))} if found else {}
    entry = latest.get(found[0]) if found else None
    if entry is None:
        return None
    above = [f"{code}{one.name}" for code, one in latest.items() if one is not None and code != entry.code]
    term = general_terms().exactly(entry.name)
    return _marked(
        "code", entry.source, code=entry.code, name=entry.name, kind=table("classifications")[entry.classification],
        level=table("levels")[entry.level], meaning="" if term is None else term.meaning,
        under=say("general", "under", above=" — ".join(above)) if above else "",
    )  # fmt: skip


def _latest(code: str) -> Code | None:
    """A code as it is at present."""
    return max(vocabulary().code_by_number.get(code, ()), key=lambda entry: entry.valid_to or _OPEN_END, default=None)


def _printed_definition(names: Sequence[str], snapshot: Rows) -> Words | None:
    """How a disclosure of the store explains one of the names."""
    found = {row[0]: CitedDocument(*row) for name in names for row in snapshot.rows(_EXPLAINED, [name])}
    span = find_definition(read_prose(snapshot, list(found.values())[:3]), names)
    return quoted("definition", (span,), term=names[0]) if span else None


def find_definition(prose: Sequence[Prose], names: Sequence[str], *, content: bool = False) -> Span | None:
    """The sentence that explains one of the names: a definition proper, else what it is for or what it includes.

    `content`: what it includes is asked, so a sentence that lists it goes before a bare definition.
    """
    plain = [plain_text(name) for name in names if len(name) > 1]
    finders = (_stated_content, _proper) if content else (_proper, _stated_content)
    found = (finder(passage, name) for finder in finders for passage in prose for name in plain)
    return next((span.shortened() for span in found if span is not None), None)


def find_headword(prose: Sequence[Prose], text: str) -> tuple[str, Span] | None:
    """The longest term in 名词解释 that a text names as it is printed, with the sentence that explains it."""
    headword = printed("definitions", "headword")
    terms = (sentence for passage in prose if passage.topic == "definitions" for sentence in passage.sentences)
    found = [(match["name"], sentence) for sentence in terms if (match := headword.match(sentence.plain)) and match["name"] in text]
    longest = max(found, key=lambda one: len(one[0]), default=None)
    return None if longest is None else (longest[0], longest[1].shortened())


def _proper(passage: Prose, name: str) -> Span | None:
    """`name：指…`, `name，是指…`, `name：…` in 名词解释."""
    in_terms = passage.topic == "definitions"
    at_start, heading = (_name_pattern(kind, name) for kind in ("proper", "heading"))
    for sentence, following in zip(passage.sentences, (*passage.sentences[1:], None), strict=True):
        match = at_start.match(sentence.plain)
        rest = sentence.plain[match.end() :] if match is not None else ""
        if match is not None and (in_terms or pattern("definition_mark").match(rest)):
            return sentence.to(following.end) if len(rest) < 4 and following is not None else sentence
    return passage.sentences[0] if in_terms and heading.fullmatch(passage.heading) and passage.sentences else None


def _name_pattern(kind: str, name: str) -> re.Pattern[str]:
    """A pattern of prose.toml for a name."""
    return re.compile(load("prose.toml")["definitions"][kind].replace("NAME", re.escape(name)))


def _stated_content(passage: Prose, name: str) -> Span | None:
    """A sentence about the name that says what it is for or what it includes; the name stands before those words."""
    if passage.topic == "definitions":
        return None
    mark = pattern("content_mark")
    found: list[tuple[int, Span]] = []
    for sentence in passage.sentences:
        for clause in clauses(sentence):
            place = clause.plain.find(name)
            told = mark.search(clause.plain, place + len(name)) if place >= 0 else None
            if told is not None:
                found.append((told.start() - place, sentence if sentence.end - sentence.start < _SHORT else clause))
    if found:
        return min(found, key=lambda one: one[0])[1]
    told_ = (one for one in passage.sentences if name in passage.heading and mark.search(one.plain.replace(name, "")))
    return next(told_, None)

"""The peer of a question: an ordinary RAG, which is what most would build instead.

The text of each PDF (pypdfium2) in pieces of 500 characters, the 7 that BM25 (tantivy) finds nearest to the question and its talk, and one
request to the same endpoint that 明账 would ask. Its answers are written in the form of `mingzhang batch`, for `score.py --answers`;
they cite pieces, not cells, so that citations are not to be checked.

    python -m bench.rag CASES.jsonl FOLDER > answers.jsonl     (MINGZHANG_MODEL, MINGZHANG_MODEL_URL, MINGZHANG_MODEL_KEY as for 明账)
"""

from __future__ import annotations

import json
import os
import sys
import urllib.error
import urllib.request
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from store.text_index import cut

PIECE = 500  # characters
NEAREST = 7
SYSTEM = (
    "Answer a question about Chinese government budgets from the excerpts alone. Reply with one JSON object: "
    '{"route": "tables" | "narrative" | "decline" | "clarify", "answer": "...", "values": [{"amount": "649.92", "unit": "万元"}], '
    '"verdict": null | "supported" | "refuted" | "not_found"}. The figure asked for comes first in `values`; give a verdict only where '
    "a claim is to be checked; decline where the excerpts do not tell, ask back (clarify) where several agencies may be meant."
)


@dataclass(frozen=True)
class Piece:
    """A stretch of one document."""

    document: str
    page: int
    text: str


def pieces_of(folder: Path) -> Iterator[Piece]:
    """All PDFs below a folder, in pieces. A document is named by the folder that it lies in."""
    import pypdfium2

    for path in sorted(folder.rglob("*.pdf")):
        try:
            document = pypdfium2.PdfDocument(path)
        except pypdfium2.PdfiumError:
            continue  # no PDF: 明账 says so too
        for number, page in enumerate(document, 1):
            text = page.get_textpage().get_text_range()
            for start in range(0, len(text), PIECE):
                yield Piece(path.parent.name, number, text[start : start + PIECE])


class Search:
    """BM25 over pieces, in memory."""

    def __init__(self, pieces: Sequence[Piece]) -> None:
        import tantivy

        schema = tantivy.SchemaBuilder().add_text_field("words", tokenizer_name="whitespace").add_unsigned_field("at", stored=True).build()
        self._tantivy = tantivy
        self._index = tantivy.Index(schema)
        self._schema = schema
        self.pieces = pieces
        writer = self._index.writer()
        for at, piece in enumerate(pieces):
            writer.add_document(tantivy.Document(words=" ".join(cut(piece.text)), at=at))
        writer.commit()
        self._index.reload()

    def nearest(self, text: str) -> list[Piece]:
        """The pieces that BM25 ranks first."""
        query = self._tantivy.Query
        terms = [(self._tantivy.Occur.Should, query.term_query(self._schema, "words", word)) for word in set(cut(text)) if word.strip()]
        searcher = self._index.searcher()
        hits = searcher.search(query.boolean_query(terms), NEAREST).hits
        return [self.pieces[searcher.doc(address)["at"][0]] for _, address in hits]


def asked(messages: list[dict[str, str]]) -> dict[str, Any]:
    """The endpoint's reply as an object; {} where it gave none."""
    body = json.dumps({"model": os.environ["MINGZHANG_MODEL"], "temperature": 0, "messages": messages}, ensure_ascii=False).encode()
    headers = {"Content-Type": "application/json", "Authorization": f"Bearer {os.environ.get('MINGZHANG_MODEL_KEY', '')}"}
    request = urllib.request.Request(os.environ["MINGZHANG_MODEL_URL"] + "/chat/completions", body, headers)
    try:
        with urllib.request.urlopen(request, timeout=120) as response:
            text = json.load(response)["choices"][0]["message"]["content"]
        return json.loads(text[text.index("{") : text.rindex("}") + 1])
    except (urllib.error.URLError, ValueError, KeyError, TimeoutError):
        return {}


def answers(cases: Sequence[dict[str, Any]], search: Search) -> Iterator[dict[str, Any]]:
    """One answer a case."""
    for case in cases:
        dialog = case.get("dialog") or []
        near = search.nearest("\n".join([*dialog, case["question"]]))
        excerpts = "\n\n".join(f"[{piece.document}, page {piece.page}]\n{piece.text}" for piece in near)
        talk = "".join(f"Earlier question: {said}\n" for said in dialog)
        reply = asked(
            [{"role": "system", "content": SYSTEM}, {"role": "user", "content": f"{excerpts}\n\n{talk}Question: {case['question']}"}]
        )
        cited = [{"document": {"id": piece.document, "file": f"{piece.document}/published.pdf"}, "page": piece.page} for piece in near]
        yield {
            "id": case["id"],
            "route": reply.get("route", "decline"),
            "answer": reply.get("answer", ""),
            "values": reply.get("values") or [],
            "verdict": reply.get("verdict"),
            "citations": cited,
        }


if __name__ == "__main__":
    questions = [json.loads(line) for line in Path(sys.argv[1]).read_text("utf-8").splitlines() if line.strip()]
    for answer in answers(questions, Search(list(pieces_of(Path(sys.argv[2]))))):
        print(json.dumps(answer, ensure_ascii=False))

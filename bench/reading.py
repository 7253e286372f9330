"""Reading PDFs: pages a second and cells right, ours beside pdfplumber's and camelot's own tables on the same pages in the same run.

Cells are those of the bundled samples (from their books) and, where ../shared is there, of its truth.json files. A peer's
table is turned into cells the plain way: the rows above the first amount are headers, the nearest text to the left is the
label. A cell counts as right with its page, row label, innermost header and amount.
"""

from __future__ import annotations

import io
import json
import re
import tempfile
import time
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent
SHARED = ROOT.parent / "shared" / "disclosures"
AMOUNT = re.compile(r"-?[\d,]+(?:\.\d+)?%?")
SAMPLE_PAGES_FOR_SLOW = 40  # camelot reads about two pages a second

Cell = tuple[int, str, str, str]
"""page, label, innermost header, printed text."""


@dataclass(frozen=True)
class Case:
    """A PDF with what is printed in its tables."""

    name: str
    data: bytes
    pages: int
    cells: Counter[Cell]


def measure() -> list[str]:
    """Lines of a Markdown table."""
    cases = [*sample_cases(), *shared_cases()]
    lines = ["| reader | pages/s | against pdfplumber | cells right | whole set |", "|---|---|---|---|---|"]
    peers: list[tuple[str, Callable[[Case], Counter[Cell]], list[Case]]] = [
        ("pdfplumber `extract_tables`, plain headers", read_with_pdfplumber, cases),
        ("明账", read_with_ours, cases),
        ("camelot lattice, plain headers", read_with_camelot, list(_until(cases, SAMPLE_PAGES_FOR_SLOW))),
    ]
    base = 0.0
    for name, read, chosen in peers:
        pages, seconds, right, whole = _run(read, chosen)
        speed = pages / seconds
        base = base or speed
        lines.append(f"| {name} | {speed:.1f} | {speed / base:.2f} × | {right / whole:.1%} | {pages} pages, {whole} cells |")
    return lines


def _run(read: Callable[[Case], Counter[Cell]], cases: list[Case]) -> tuple[int, float, int, int]:
    pages = right = whole = 0
    seconds = 0.0
    for case in cases:
        start = time.perf_counter()
        got = read(case)
        seconds += time.perf_counter() - start
        pages += case.pages
        right += sum((case.cells & got).values())
        whole += sum(case.cells.values())
    return pages, seconds, right, whole


def _until(cases: Iterable[Case], pages: int) -> Iterator[Case]:
    for case in cases:
        if pages <= 0:
            return
        pages -= case.pages
        yield case


def plain(text: str | None) -> str:
    """Widths, quotes and blanks folded, as the scorers do."""
    return re.sub(r"[\s\"“”]", "", unicodedata.normalize("NFKC", text or "")).replace("(", "（").replace(")", "）")


def sample_cases() -> Iterator[Case]:
    """The bundled PDFs; a form's page is found by its title, which each of its pages bears or follows."""
    import pdfplumber

    from samples.__main__ import contents
    from samples.accounts import AGENCIES, SAMPLES

    for agency in AGENCIES["agency"]:
        for kind in ("budget", "final"):
            for year in AGENCIES[f"{kind}_years"]:
                path = SAMPLES / f"{agency['id']}-{year}-{kind}" / "published.pdf"
                if not path.exists():
                    continue
                with pdfplumber.open(path) as document:
                    texts = [plain(page.extract_text()) for page in document.pages]
                cells: Counter[Cell] = Counter()
                for form in contents(agency, year, kind)[1]:
                    start = next(number for number, text in enumerate(texts, start=1) if plain(form.title) in text and "单位:万元" in text)
                    headers = _innermost(form.header, form.columns)
                    for row in form.rows:
                        for column, text in enumerate(row):
                            if re.fullmatch(r"-?[\d,]+\.\d\d%?", text):
                                page = start if plain(text) in texts[start - 1] else start + 1
                                cells[page, _label(row, column), plain(headers[column]), text] += 1
                yield Case(path.parent.name, path.read_bytes(), len(texts), cells)


def shared_cases() -> Iterator[Case]:
    """PDFs with a text layer and a truth.json, where ../shared is there."""
    for path in sorted(SHARED.rglob("truth.json")) if SHARED.is_dir() else []:
        truth = json.loads(path.read_text("utf-8"))
        for file in truth["files"]:
            source = path.parent / file["name"]
            if source.suffix != ".pdf" or source.stat().st_size > 2_000_000:  # scans are larger
                continue
            cells: Counter[Cell] = Counter()
            for table in truth["tables"]:
                for cell in table["cells"]:
                    page = (cell.get("page") or {}).get(file["name"])
                    if page:
                        label = plain(cell["row"][-1]) if cell["row"] else ""
                        cells[page, label, plain(cell["column"][-1]) if cell["column"] else "", cell["text"]] += 1
            if cells:
                yield Case(path.parent.name, source.read_bytes(), file["pages"], cells)


def _innermost(header: tuple[tuple[tuple[str, int, int], ...], ...], columns: int) -> list[str]:
    texts, taken = [""] * columns, set()
    for down, row in enumerate(header):
        column = 0
        for text, rows, span in row:
            while (down, column) in taken:
                column += 1
            for place in range(column, column + span):
                texts[place] = text
            taken |= {(down + r, column + c) for r in range(rows) for c in range(span)}
            column += span
    return texts


def _label(row: tuple[str | None, ...], column: int) -> str:
    for text in reversed(row[:column]):
        folded = plain(text)
        if folded and not AMOUNT.fullmatch(folded):
            return folded
    return ""


def read_with_ours(case: Case) -> Counter[Cell]:
    """Reading and understanding, as ingest does."""
    from ingest.readers.pdf import PdfReader
    from ingest.understand import understand

    document = understand(PdfReader().read(case.data, case.name), document_id="0" * 64, file=case.name, size=len(case.data))
    return Counter(
        (
            figure.printed.page or 0,
            plain(figure.row_label),
            plain(figure.column_path[-1]) if figure.column_path else "",
            figure.printed.text,
        )
        for table in document.tables
        for figure in table.figures
    )


def read_with_pdfplumber(case: Case) -> Counter[Cell]:
    """pdfplumber's own tables."""
    import pdfplumber

    cells: Counter[Cell] = Counter()
    with pdfplumber.open(io.BytesIO(case.data)) as document:
        for page in document.pages:
            for table in page.extract_tables():
                cells += _plain_cells(page.page_number, table)
    return cells


def read_with_camelot(case: Case) -> Counter[Cell]:
    """camelot's lattice tables."""
    import camelot

    cells: Counter[Cell] = Counter()
    with tempfile.NamedTemporaryFile(suffix=".pdf") as file:
        file.write(case.data)
        file.flush()
        for table in camelot.read_pdf(file.name, pages="all", flavor="lattice", suppress_stdout=True):
            cells += _plain_cells(int(table.page), table.df.values.tolist())
    return cells


def _plain_cells(page: int, table: list[list[str | None]]) -> Counter[Cell]:
    cells: Counter[Cell] = Counter()
    headers: list[str] = []
    for row in table:
        amounts = [column for column, text in enumerate(row) if AMOUNT.fullmatch(plain(text)) and "." in plain(text)]
        if not amounts and not cells:
            headers = [plain(text) or (headers[column] if column < len(headers) else "") for column, text in enumerate(row)]
        for column in amounts:
            header = headers[column] if column < len(headers) else ""
            cells[page, _label(tuple(row), column), header, (row[column] or "").strip()] += 1
    return cells

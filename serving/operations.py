"""What other programs can ask for: one table of operations that the MCP server and the HTTP API both serve.

Each takes arguments by docs/schemas/requests.json and gives a value by the schema named with it. All only read.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from functools import cache
from typing import Any, Literal, cast

from retrieval.answer.answer import Answer
from retrieval.answer.as_text import answer_text, place_text
from retrieval.answer.evidence import cite_cell
from retrieval.figures.cells import Cell
from retrieval.finding import Scope, find_figures, list_disclosures
from retrieval.sources import source_of
from serving.opened import Opened
from serving.schemas import standing_alone
from serving.table_text import table_text
from store.errors import BadRequest
from store.pictures import picture_of

CROP = 90.0
"""Points of the page around the outlined boxes in a picture for a model: enough to see the neighbouring rows."""

Arguments = Mapping[str, Any]
Name = Literal["ask", "check", "find_figures", "list_disclosures", "open_source"]


@dataclass(frozen=True, slots=True)
class Given:
    """What an operation gives: the value of its schema, and the same for people and models to read."""

    value: dict[str, Any]
    text: str
    picture: bytes | None = None   # PNG


@dataclass(frozen=True, slots=True)
class Operation:
    """Something that can be asked for. `name` is also its entry in docs/schemas/requests.json."""

    name: Name
    title: str
    description: str
    result: tuple[str, str | None]     # file of docs/schemas, and the definition in it
    run: Callable[[Opened, Arguments], Given]

    @property
    def takes(self) -> dict[str, Any]:
        return standing_alone("requests", self.name)

    @property
    def gives(self) -> dict[str, Any]:
        return standing_alone(*self.result)


def checked(operation: Operation, arguments: object) -> Arguments:
    """The arguments, if they are what the operation takes. Raises BadRequest, naming the first thing that is wrong."""
    from jsonschema.exceptions import best_match

    problem = best_match(_validator(operation.name).iter_errors(arguments))
    if problem is not None or not isinstance(arguments, Mapping):
        where = ".".join(map(str, problem.absolute_path)) if problem else ""
        raise BadRequest(what=where or operation.name, problem=problem.message[:200] if problem else "not an object")
    return {name: _whole(value) for name, value in cast(Arguments, arguments).items()}


def _whole(value: object) -> object:
    """JSON knows one kind of number, and a schema takes 8.0 for an integer: here it becomes one."""
    return int(value) if isinstance(value, float) and value.is_integer() else value


@cache
def _validator(name: Name) -> Any:
    import jsonschema

    return jsonschema.Draft202012Validator(standing_alone("requests", name))


def _ask(opened: Opened, arguments: Arguments) -> Given:
    return _answered(opened.answers.ask(arguments["question"], arguments.get("dialog", ())))


def _check(opened: Opened, arguments: Arguments) -> Given:
    return _answered(opened.answers.ask(arguments["claim"], arguments.get("dialog", ())))


def _answered(answer: Answer) -> Given:
    verdict = f"verdict: {answer.verdict}\n" if answer.verdict else ""
    return Given(answer.to_json(), verdict + answer_text(answer))


def _find_figures(opened: Opened, arguments: Arguments) -> Given:
    found = find_figures(opened.asker, arguments["words"], _scope(arguments), arguments.get("limit", 20))
    figures = [_figure(cell) for cell in found]
    lines = [f"- {cell.agency} {cell.year} {cell.kind} · {place_text(cite_cell(cell))} (id {cell.figure_id})" for cell in found]
    return Given({"snapshot": opened.snapshot.id, "figures": figures}, "\n".join(lines) or "no figure found")


def _figure(cell: Cell) -> dict[str, Any]:
    names = (
        "figure_id", "agency", "year", "kind", "item", "code", "flow", "fund", "classification", "portion", "measure", "about_year", "role")
    return {name: getattr(cell, name) for name in names} | {
        "amount_yuan": None if cell.amount is None else f"{cell.amount:f}", "number": f"{cell.number:f}", "unit": cell.unit,
        "citation": cite_cell(cell).to_json()}


def _list_disclosures(opened: Opened, arguments: Arguments) -> Given:
    found = list_disclosures(opened.snapshot, opened.asker.desk.directory, _scope(arguments))
    start = arguments.get("offset", 0)
    shown = found[start:start + arguments.get("limit", 100)]
    lines = [f"{start + 1 if shown else 0}–{start + len(shown)} of {len(found)}"]
    for each in shown:
        files = ", ".join(file.file for file in each.files)
        lines.append(f"- {each.agency or '?'} {each.year or '?'} {each.kind or '?'}: {files}")
    value = {"snapshot": opened.snapshot.id, "total": len(found), "disclosures": [asdict(each) for each in shown]}
    return Given(value, "\n".join(lines))


def _open_source(opened: Opened, arguments: Arguments) -> Given:
    source_id = arguments["figure_id"]
    source = source_of(opened.snapshot, source_id)
    document_id = source.citation.document.id
    picture = None if source.page is None else picture_of(opened.store, document_id, source.page, source.boxes, crop=CROP)
    text = table_text(source.table, source_id) if source.table else source.citation.quote or ""
    value = {
        "snapshot": opened.snapshot.id, "figure_id": source_id, "citation": source.citation.to_json(), "page": source.page,
        "has_picture": picture is not None, "text": text}
    return Given(value, f"{place_text(source.citation)}\n\n{text}", picture if arguments.get("as") == "picture" else None)


def _scope(arguments: Arguments) -> Scope:
    return Scope(arguments.get("agency"), arguments.get("year"), arguments.get("kind"))


OPERATIONS: dict[Name, Operation] = {operation.name: operation for operation in (
    Operation(
        "ask", "Ask about published budgets and final accounts",
        "Answers a question in Chinese about the published budgets and final accounts of Chinese government departments in this store. "
        "Every figure of the answer is printed in a cited cell or computed from cited cells. Route `decline` or `clarify` "
        "means that it is not published, or that more must be said: do not fill in a figure of your own.",
        ("answer", "answer"), _ask),
    Operation(
        "check", "Check a stated figure",
        "Judges a claim in Chinese against the published figures: verdict `supported`, `refuted` (with the published figure) or "
        "`not_found`; null where the sentence states nothing that can be checked.",
        ("answer", "answer"), _check),
    Operation(
        "find_figures", "Find printed figures",
        "Finds printed figures by words (item, agency, year, kind), each with its amount in yuan, its meaning and its place. For "
        "questions use `ask`; use this to gather figures for your own table.",
        ("figures", None), _find_figures),
    Operation(
        "list_disclosures", "List what is published here",
        "Lists the disclosures in the store: agency, year, budget or final accounts, files. Use it to see what can be asked.",
        ("disclosures", None), _list_disclosures),
    Operation(
        "open_source", "Open the source of a figure",
        "Opens a citation by its figure_id (or table_id): the printed table with the cell marked, the quoted passage, or a picture of "
        "the page with the cell, its row and its column headers outlined.",
        ("source", None), _open_source),
)}

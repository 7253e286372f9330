"""The answer: a sentence, its values, and the places where each figure is printed. `to_json` is the contract of design.md."""

from __future__ import annotations

from dataclasses import asdict, dataclass
from decimal import Decimal
from typing import Any, Literal

from retrieval.question.expression import as_json
from retrieval.question.plan import LEFT_TO_UNDERSTOOD, Plan
from store.values import Box

Route = Literal["tables", "narrative", "both", "clarify", "decline"]
Verdict = Literal["supported", "refuted", "not_found"]


@dataclass(frozen=True, slots=True)
class Value:
    """What the question asked for: a number in a unit. `amount` keeps its digits as they are to be shown, without commas."""

    amount: Decimal
    unit: str

    def to_json(self) -> dict[str, str]:
        return {"amount": f"{self.amount:f}", "unit": self.unit}


@dataclass(frozen=True, slots=True)
class CitedDocument:
    id: str
    agency: str | None
    year: int | None
    kind: str | None
    file: str


@dataclass(frozen=True, slots=True)
class Citation:
    """A place in a disclosure: a cell of a table (`cell`), or words of the prose (`quote`)."""

    document: CitedDocument
    page: int | None
    table: str | None = None
    row: str | None = None
    column: str | None = None
    cell: str | None = None  # as printed
    unit: str | None = None  # as printed for that cell
    section: str | None = None  # heading path, joined with " / "
    quote: str | None = None
    bbox: Box | None = None
    boxes: tuple[tuple[int, Box], ...] = ()  # (page, box) of each line of a quote
    figure_id: str | None = None  # figure, statement or passage id
    table_id: str | None = None
    also_in: tuple[str, ...] = ()  # other editions and tables that print the same figure
    doubt: str | None = None  # how the reading is doubtful, where it is

    def to_json(self) -> dict[str, object]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Step:
    """A computed value with its parts, so that the page can show a sum that can be followed."""

    operation: Literal["sum", "difference", "share", "growth", "conversion", "per_head"]
    result: Value
    parts: tuple[tuple[str, Value], ...]  # (label, value) in order
    label: str = ""  # whose result it is, where an answer has several


@dataclass(frozen=True, slots=True)
class Point:
    """One bar or dot of a chart whose data are cited figures."""

    label: str
    value: Value


@dataclass(frozen=True, slots=True)
class ModelStep:
    """What a language model did for an answer. It never is the source of a figure."""

    step: Literal["understanding"]
    model: str  # as configured
    prompt: str  # name, version and digest of the prompt
    outcome: Literal["used", "agreed", "differed", "searched", "refused", "failed"]
    detail: str = ""  # why it was refused or failed, what was searched for
    seconds: float = 0.0
    tokens: int = 0  # read and written
    cached: bool = False
    expression: object = None  # how the model read the question, as `as_json` of retrieval/question/expression.py writes it


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the question as folded (`plan.text`), and what it did: agency, unit, year, kind, item, table, quantity,
    counter, cue, word (looked for in the prose), filler; ignored (a cue without effect), unread, stranger (an agency not here)."""

    start: int
    end: int
    text: str
    does: str
    means: str = ""  # what it was taken for, where that isn't what it says


@dataclass(frozen=True, slots=True)
class OtherReading:
    """Another way to read the question, and what it costs."""

    words: str
    cost: float
    rules: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Understanding:
    """How the question was understood."""

    words: str  # restated in plain Chinese; empty where it was not understood
    expression: Any  # as_json of retrieval.question; None where there is none, or it is too large to send along
    cost: float
    rules: tuple[str, ...] = ()
    spans: tuple[Span, ...] = ()
    unread: tuple[str, ...] = ()
    readings: tuple[OtherReading, ...] = ()  # next best


@dataclass(frozen=True, slots=True)
class Answer:
    route: Route
    text: str
    plan: Plan
    values: tuple[Value, ...] = ()
    citations: tuple[Citation, ...] = ()
    steps: tuple[Step, ...] = ()
    chart: tuple[Point, ...] = ()
    sql: str | None = None
    verdict: Verdict | None = None
    options: tuple[str, ...] = ()
    assumptions: tuple[str, ...] = ()
    general_knowledge: bool = False  # the words are the project's glossary's, not a document's
    snapshot: str = ""
    milliseconds: float = 0.0
    id: str | None = None
    model: tuple[ModelStep, ...] = ()  # in order; empty where no model was asked
    notes: tuple[str, ...] = ()  # Chinese, a few words each: that a model took part, or could not
    understood: Understanding | None = None

    def to_json(self) -> dict[str, object]:
        """The object that `ask --json`, `batch`, the page and the tools return."""
        return {
            "id": self.id,
            "route": self.route,
            "answer": self.text,
            "values": [value.to_json() for value in self.values],
            "citations": [citation.to_json() for citation in self.citations],
            "sql": self.sql,
            "plan": {**as_json(asdict(self.plan)), **LEFT_TO_UNDERSTOOD},
            "verdict": self.verdict,
            "options": list(self.options),
            "assumptions": list(self.assumptions),
            "steps": as_json([asdict(step) for step in self.steps]),
            "chart": [{"label": point.label, **point.value.to_json()} for point in self.chart],
            "general_knowledge": self.general_knowledge,
            "snapshot": self.snapshot,
            "milliseconds": round(self.milliseconds, 2),
            "model": [as_json(asdict(step)) for step in self.model],
            "notes": list(self.notes),
            "understood": as_json(asdict(self.understood)) if self.understood is not None else None,
        }


@dataclass(frozen=True, slots=True)
class Stage:
    """How far an answer has come: what may be shown now."""

    answer: Answer
    is_last: bool = False

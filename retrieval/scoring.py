"""Scoring answers against cases that say what is expected: right, wrong or missed.

A case is a JSON object with `question`, perhaps `dialog`, and `expect` (docs/schemas/case.json). Wrong is the worst: a figure
put forward that was not expected, or the wrong verdict on a claim. Everything else that falls short is missed. Takes and gives
plain JSON objects, so that answers of any version can be scored.
"""

from __future__ import annotations

import re
import statistics
import unicodedata
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import PurePath
from typing import Any, Literal

from store.money import MONEY_UNITS

Outcome = Literal["right", "wrong", "missed"]
Json = Mapping[str, Any]

PERCENT = frozenset(("%", "百分点", "个百分点"))
LEAST = Decimal("0.000001")


@dataclass(frozen=True, slots=True)
class Judged:
    """What became of one case. `why` is empty when it is right."""

    case_id: str
    skill: str
    outcome: Outcome
    why: str
    milliseconds: float


@dataclass(frozen=True, slots=True)
class Score:
    """All cases, with counts by skill."""

    judged: tuple[Judged, ...]

    def count(self, outcome: Outcome, skill: str | None = None) -> int:
        """Cases with an outcome, of one skill or of all."""
        return sum(each.outcome == outcome and skill in (None, each.skill) for each in self.judged)

    @property
    def skills(self) -> list[str]:
        """The skills that the cases name, sorted."""
        return sorted({each.skill for each in self.judged})

    @property
    def median(self) -> float:
        """Milliseconds of the answer in the middle."""
        return statistics.median(each.milliseconds for each in self.judged) if self.judged else 0.0

    def percentile(self, share: float) -> float:
        """Milliseconds within which this share of the cases was answered."""
        times = sorted(each.milliseconds for each in self.judged)
        return times[int(share * (len(times) - 1))] if times else 0.0

    def to_json(self) -> dict[str, object]:
        """The score as scripts read it: docs/schemas/eval.json."""
        outcomes: tuple[Outcome, ...] = ("right", "wrong", "missed")
        return {
            "cases": len(self.judged), **{outcome: self.count(outcome) for outcome in outcomes},
            "skills": {skill: {outcome: self.count(outcome, skill) for outcome in outcomes} for skill in self.skills},
            "milliseconds": {"median": round(self.median, 2), "p95": round(self.percentile(0.95), 2)},
            "not_right": [
                {"id": each.case_id, "skill": each.skill, "outcome": each.outcome, "why": each.why}
                for each in self.judged if each.outcome != "right"]}


def judge(case: Json, answer: Json) -> Judged:
    """What an answer (of `Answer.to_json`) is worth."""
    outcome, why = _outcome(case["expect"], answer)
    return Judged(str(case.get("id", "")), str(case.get("skill", "?")), outcome, why, float(answer.get("milliseconds") or 0))


def _outcome(expect: Json, answer: Json) -> tuple[Outcome, str]:
    values: Sequence[Json] = answer.get("values") or []
    wanted: Sequence[Json] = expect.get("values") or []
    routes: Sequence[str] = expect.get("routes") or []
    verdict = answer.get("verdict")
    if _is_refusal(routes) and answer.get("route") not in routes and values:
        return "wrong", f"put forward {_shown(values[0])} where it should {'/'.join(routes)}"
    if wanted and values and not any(same(values[0], each) for each in [*wanted, *expect.get("also", [])]):
        return "wrong", f"said {_shown(values[0])}, not {_shown(wanted[0])}"
    if "verdict" in expect and verdict not in (None, expect["verdict"]):
        return "wrong", f"verdict {verdict}, not {expect['verdict']}"
    misses = _misses(expect, answer, values, wanted, routes)
    return ("missed", "; ".join(misses)) if misses else ("right", "")


def _misses(expect: Json, answer: Json, values: Sequence[Json], wanted: Sequence[Json], routes: Sequence[str]) -> list[str]:
    misses: list[str] = []
    text, citations = folded(answer.get("answer")), answer.get("citations") or []
    if "verdict" in expect and answer.get("verdict") is None:
        misses.append("no verdict")
    if routes and answer.get("route") not in routes:
        misses.append(f"route {answer.get('route')}, not {'/'.join(routes)}")
    absent = [each for each in wanted if not any(same(value, each) for value in values)]
    misses += [f"{_shown(each)} is not among the values" for each in absent]
    if wanted and values and not absent and not same(values[0], wanted[0]):
        misses.append("the figure asked for is not first")
    for words in expect.get("contains", []):
        options = words if isinstance(words, list) else [words]
        if not any(folded(option) in text for option in options):
            misses.append(f"the answer lacks {'/'.join(options)}")
    misses += [f"the answer says {words}" for words in expect.get("excludes", []) if folded(words) in text]
    cited = expect.get("cites")
    if cited and not any(cites(citation, each) for citation in citations for each in cited):
        misses.append(f"no citation of {cited[0]}")
    if not cited and (wanted or expect.get("contains")) and not _is_refusal(routes) and not citations:
        misses.append("nothing is cited")
    return misses


def same(left: Json, right: Json) -> bool:
    """Whether two values ({"amount", "unit"}) are one quantity, as far as their printed digits tell."""
    one, other = _quantity(left), _quantity(right)
    if one is None or other is None or one[0] != other[0]:
        return False
    return abs(one[1] - other[1]) <= max(one[2], other[2], LEAST)


def cites(citation: Json, wanted: Json) -> bool:
    """Whether a citation agrees in all that is wanted of it; `document` is the folder that the cited file lies in."""
    document: Json = citation.get("document") or {}
    got: dict[str, Any] = {**citation, "document": PurePath(str(document.get("file", ""))).parent.name or document.get("id")}
    for key, value in wanted.items():
        options = value if isinstance(value, list) else [value]
        found = folded(got.get(key))
        if key == "page":
            agrees = got.get(key) in options
        elif key == "cell":
            agrees = found.replace(",", "") in [folded(option).replace(",", "") for option in options]
        else:
            agrees = any(folded(option) and folded(option) in found for option in options)
        if not agrees:
            return False
    return True


def folded(text: object) -> str:
    """Text with width, blanks, quotation marks and brackets made alike."""
    plain = unicodedata.normalize("NFKC", str(text or ""))
    return re.sub(r"[\s\"“”'‘’]", "", plain).replace("(", "（").replace(")", "）")


def _quantity(value: Json) -> tuple[str, Decimal, Decimal] | None:
    """Dimension, number (money in 元) and half of its last printed digit. Words for counting are not told apart."""
    try:
        number = Decimal(str(value["amount"]).replace(",", ""))
    except (InvalidOperation, KeyError):
        return None
    unit = unicodedata.normalize("NFKC", str(value.get("unit") or "")).strip()
    exponent = number.as_tuple().exponent
    half = Decimal(1).scaleb(exponent) / 2 if isinstance(exponent, int) and exponent < 0 else Decimal(0)
    if unit in MONEY_UNITS:
        return "money", number * MONEY_UNITS[unit], half * MONEY_UNITS[unit]
    return ("percent", number, half) if unit in PERCENT else ("count", number, Decimal(0))


def _is_refusal(routes: Sequence[str]) -> bool:
    return bool(routes) and set(routes) <= {"clarify", "decline"}


def _shown(value: Json) -> str:
    return f"{value.get('amount')}{value.get('unit') or ''}"

"""The same cases without and with a model, side by side: what it brings, what it costs, and where plans differ.

Takes cases and both answers as plain JSON, as retrieval/scoring.py does; gives counts, and a report in HTML whose every text
is escaped: answers hold words of documents and of models.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Any

from retrieval.scoring import Judged, Score, judge

Json = Mapping[str, Any]

_STYLE = """
body{font:14px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:70rem;padding:0 1rem}
table{border-collapse:collapse}td,th{border:1px solid #ccc;padding:.2rem .6rem;text-align:right}td:first-child{text-align:left}
details{border-top:1px solid #ddd;padding:.4rem 0}pre{white-space:pre-wrap;background:#f6f6f6;padding:.5rem}
.right{color:#17602d}.wrong{color:#a11}.missed{color:#8a5a00}.both{display:grid;grid-template-columns:1fr 1fr;gap:1rem}
"""


@dataclass(frozen=True, slots=True)
class Pair:
    """One case and both of its answers."""

    case: Json
    without: Json
    with_model: Json

    @property
    def judged(self) -> tuple[Judged, Judged]:
        return judge(self.case, self.without), judge(self.case, self.with_model)

    @property
    def tokens(self) -> int:
        return sum(int(step.get("tokens") or 0) for step in self.with_model.get("model") or [])


@dataclass(frozen=True, slots=True)
class Comparison:
    """All cases, answered twice."""

    pairs: tuple[Pair, ...]
    model: str

    @property
    def without(self) -> Score:
        return Score(tuple(pair.judged[0] for pair in self.pairs))

    @property
    def with_model(self) -> Score:
        return Score(tuple(pair.judged[1] for pair in self.pairs))

    def to_json(self) -> dict[str, object]:
        """Both scores; the cases whose outcome changed; tokens; disagreements between the plans."""
        changed = [
            {"id": before.case_id, "without": before.outcome, "with_model": after.outcome, "why": after.why or before.why}
            for before, after in (pair.judged for pair in self.pairs) if before.outcome != after.outcome]
        return {
            "model": self.model, "without": self.without.to_json(), "with_model": self.with_model.to_json(), "changed": changed,
            "tokens": sum(pair.tokens for pair in self.pairs), "plans_differ": [
                {"id": str(pair.case.get("id", "")), "where": step.get("detail")}
                for pair in self.pairs for step in pair.with_model.get("model") or [] if step.get("outcome") == "differed"]}

    def to_html(self) -> str:
        """The report: totals, then each case with plan, SQL and evidence of both answers."""
        rows = "".join(
            f"<tr><td>{name}</td>" + "".join(f"<td>{score.count(outcome)}</td>" for outcome in ("right", "wrong", "missed"))
            + f"<td>{sum(each.milliseconds for each in score.judged) / 1000:.2f}</td><td>{tokens}</td></tr>"
            for name, score, tokens in (
                ("without", self.without, 0), (escape(self.model), self.with_model, sum(pair.tokens for pair in self.pairs))))
        cases = "".join(map(_case, self.pairs))
        return (
            "<!doctype html><html lang='zh'><meta charset='utf-8'><meta http-equiv='Content-Security-Policy' content=\"default-src "
            f"'none'; style-src 'unsafe-inline'\"><title>明账 eval</title><style>{_STYLE}</style><h1>明账 eval</h1><table><tr><th></th>"
            f"<th>right</th><th>wrong</th><th>missed</th><th>seconds</th><th>tokens</th></tr>{rows}</table>{cases}</html>\n")


def _case(pair: Pair) -> str:
    before, after = pair.judged
    is_open = " open" if before.outcome != after.outcome or "wrong" in (before.outcome, after.outcome) else ""
    return (
        f"<details{is_open}><summary><b class='{before.outcome}'>{before.outcome}</b> → <b class='{after.outcome}'>{after.outcome}</b> "
        f"{escape(before.case_id)} {escape(str(pair.case.get('question', '')))}</summary><p>expected "
        f"{escape(json.dumps(pair.case.get('expect'), ensure_ascii=False))}</p>"
        f"<div class='both'>{_answer(pair.without, before)}{_answer(pair.with_model, after)}</div></details>")


def _answer(answer: Json, judged: Judged) -> str:
    citations: Sequence[Json] = answer.get("citations") or []
    evidence = "\n".join(" · ".join(str(one[key]) for key in (
        "table", "row", "column", "section", "quote", "cell", "unit", "page", "figure_id") if one.get(key)) for one in citations)
    plan = {key: value for key, value in (answer.get("plan") or {}).items() if value not in (None, [], "", False)}
    parts = {
        "plan": json.dumps(plan, ensure_ascii=False, indent=1), "SQL": answer.get("sql") or "", "evidence": evidence,
        "model": json.dumps(answer.get("model") or [], ensure_ascii=False, indent=1)}
    shown = "".join(f"<h4>{name}</h4><pre>{escape(text)}</pre>" for name, text in parts.items() if text not in ("", "[]"))
    why = f"<p>{escape(judged.why)}</p>" if judged.why else ""
    return f"<div><p>{escape(str(answer.get('answer') or ''))}</p>{why}<p>{judged.milliseconds:.0f} ms</p>{shown}</div>"

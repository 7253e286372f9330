"""A question, read: its lattice cut into segments, its clauses parsed, and what each stretch of it did.

Names are linked first, to whom the question is about and to what their disclosures print; then each sentence is read whole and
clause by clause, and the reading that explains most is kept. A clause takes what it leaves open from the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import Any

from retrieval.figures.things import is_fund
from retrieval.language.askew import is_askew
from retrieval.language.background import ASKING, QUESTION, set_aside, set_right, with_tables, without_decoration
from retrieval.language.beside import has, weighed
from retrieval.language.clauses import given, narrowed, scope_of, together, whose_behind, without_openings
from retrieval.language.describing import as_projects, as_units, belonging, described
from retrieval.language.grammar import Effort, read, rules
from retrieval.language.lattice import edges, paths
from retrieval.language.linking import with_links
from retrieval.language.neighbours import glossed, goods, settled, surely_named
from retrieval.language.segments import Parsed, Segment, Understood
from retrieval.language.where import whom
from retrieval.names.store_names import StoreNames
from retrieval.question.expression import Exists, Pick, Ratio, walk
from retrieval.words.cues import cues, without_slips
from retrieval.words.folding import fold
from retrieval.words.grammar import load
from retrieval.words.numbers import counters
from store.money import MONEY_UNITS

MOST_AGENCIES = 4  # whose labels are read for one question
LONGEST = 3000  # characters that are read: two pasted pages
BEGINNING = 600  # of anything longer, which is never answered, only this much is read
SEVERAL = 3.0  # what it is worth that each of several clauses is a question of its own
A_CLAUSE = 0.3  # what each clause costs that tells something
NEXT_CUT = 0.45  # what the second best cut of a question costs
LESS_EXPLAINED = 0.3  # and what each point costs by which it explains less: 减|少 for 减少
ASKEW = 1.5  # how far a reading that is hardly meant comes behind the others
_STRONG = frozenset("。？！；")
_WEAK = frozenset("，：")
_SPACED = frozenset(" ")
_RELATING = frozenset(("THAN", "SHARE", "RATIO", "PRIOR", "EQUAL", "SUM", "DIFF", "OVER", "UNDER", "TIMES", "EXCEPT"))
"""Cues by which an amount is told of another one."""
_MOVED = frozenset(("UP", "DOWN", "MORE", "FEWER"))
_CHANGES_NOTHING = frozenset(("SAYS", "IS", "REF", "AT", "IN"))


@dataclass
class Reader:
    """Reads questions about one snapshot."""

    names: StoreNames

    def __post_init__(self) -> None:
        rules()  # a rule that can't be one is known at once, not at the first question

    def read(self, question: str, context: Sequence[str] = ()) -> list[Understood]:
        """The readings of a question, best first. `context`: the agencies that the talk is about."""
        folded = without_decoration(_with_whole_codes(fold(question)))
        text = self.names.whom.written_out(folded[: LONGEST if len(folded) <= LONGEST else BEGINNING])
        whose, strange, agencies = whom(self.names, text, context)
        labels = [one for agency in agencies[:MOST_AGENCIES] for one in self.names.labels(agency)]
        tables = [title for agency in agencies[:MOST_AGENCIES] for title in self.names.tables(agency)]
        printed = [(start, end) for one in labels for start, end, _ in one.exact(text)]
        part = [any(a <= one.start and one.end <= b and b - a > one.end - one.start for a, b in printed) for one in whose]
        whose = [one for one, inside in zip(whose, part, strict=True) if not inside or all(part)]  # 其他政府办公厅…事务支出 names no office
        text = without_slips(text, [*((one.start, one.end) for one in whose), *strange, *printed])
        found: list[Understood] = []
        cuts = paths(text, edges(text, whose, strange, labels, tables))[:2]
        effort = Effort()
        doubted: list[Segment] = []
        spans = tuple(text[a:b] for a, b in strange)
        for rank, (score, path) in enumerate(cuts):
            segments, near = with_links(as_units(settled(path), labels), labels, self.names.directory)
            segments, near = described(segments, near, labels)
            segments = as_projects(belonging(segments), labels)
            if (meant := set_right(text, segments, self._called)) != text:
                return self.read(meant, context)
            segments = weighed(surely_named(goods(glossed(_with_unknown_units(segments)))), doubted)
            doubted = doubted or [one for one in segments if one.is_unread and not one.is_light]
            one = _understood(text, segments, effort)
            cost = one.cost + NEXT_CUT * rank + LESS_EXPLAINED * (cuts[0][0] - score)
            found.append(replace(one, whose=tuple(whose), strange=spans, near=near, cost=cost))
        found.sort(key=lambda one: one.cost)
        if len(folded) > LONGEST:  # what is not even looked at may change everything
            rest = Segment(BEGINNING, len(folded), folded[BEGINNING : BEGINNING + 8], 0.0)
            found = [replace(one, unread=(*one.unread, rest)) for one in found]
        return found

    def _called(self, one: Segment) -> str:
        """What a stretch is called where it stands alone: a unit or agency by its whole name."""
        units = [*(name for _, name in one.units), *(item.affiliate for item in one.items if item.affiliate)]
        names = units or [self.names.directory[agency].name for agency in one.agencies]
        return names[0] if len(names) == 1 else one.text


def _with_whole_codes(text: str) -> str:
    """教育支出（类）, 302类14款 and 2050201、小学02 with the names and codes that are meant."""
    said = load("stretches.toml")["code"]
    text = re.sub(said["by_levels"], lambda match: "".join(part or "" for part in match.groups()), re.sub(said["depth"], "", text))
    while (match := re.search(said["goes_on"], text)) is not None:
        text = f"{text[: match.end(1)]}{match[2]}{match[1][:-2]}{match[3]}{text[match.end() :]}"
    return text


def _with_unknown_units(path: Sequence[Segment]) -> list[Segment]:
    """The path with what stands right before a kind of unit, and is no unit here, marked as a stranger (防汛|抢险|中心)."""
    out = list(path)
    for at, (before, kind) in enumerate(pairwise(path)):
        guessed = bool(before.items) and before.how != "exact" and all(item.affiliate is None for item in before.items)
        is_name = before.term is not None and before.end == kind.start and kind.text in load("names.toml")["kind"]["bodies"]
        if "UNITKIND" in kind.cues and not kind.items and (before.is_unread or guessed or is_name):
            out[at] = replace(before, items=(), stranger=True)
    return out


def _understood(text: str, path: Sequence[Segment], effort: Effort) -> Understood:
    """How one cut of a question is understood, sentence by sentence."""
    segments, reasons = set_aside(path)
    verify = any("VERIFY" in one.cues and not one.items for one in segments)
    sentences = [part for part in _split(with_tables([one for one in segments if "VERIFY" not in one.cues or one.items]), _STRONG) if part]
    parts: list[Parsed] = []
    others: list[Parsed] = []
    for sentence in [part for part in sentences if not _says_nothing(part)] or sentences:
        chosen, also = _sentence(sentence, parts, verify, effort)
        if parts and parts[-1].asks and _only_comments(sentence):
            continue  # 代表要写进提纲: said behind the question, and narrows nothing
        if chosen.expression is not None or not parts:
            parts.append(replace(chosen, asks=chosen.asks or _asks(sentence, parts), is_bare=_is_bare(sentence)))
            others += also
        else:
            last = parts[-1]
            shares = last.expression is not None and any(isinstance(one, Ratio) for one in walk(last.expression))
            ignored = (one for one in chosen.ignored if not (shares and "PERCENTQ" in one.cues))  # which is told anyway
            cost, unread = last.cost + chosen.cost, (*last.unread, *chosen.unread)
            parts[-1] = replace(last, cost=cost, unread=unread, ignored=(*last.ignored, *ignored))
    parsed = together(whose_behind(parts), verify) if parts else Parsed(None, 0.0)
    expression: Any = parsed.expression
    if verify and isinstance(expression, Pick) and expression.item is not None and not (parsed.ignored or parsed.asks):
        denied = expression.item.said.startswith(tuple(word for word, does in cues().items() if "ABSENT" in does))
        expression = Exists(expression, denied)  # 有人说买了新公务车，属实吗
    return Understood(
        text, expression, parsed.cost, tuple(segments), parsed.unread, parsed.ignored, parsed.rules, verify,
        others=tuple(others), unit=_unit_asked(segments), reasons=reasons,
    )  # fmt: skip


def _unit_asked(segments: Sequence[Segment]) -> str | None:
    """The unit that is said, or that a question word ends in (多少元)."""
    words = (re.search(load("stretches.toml")["unit"]["asked"], one.text) for one in segments if "HOWMUCH" in one.cues)
    return next((one.unit for one in segments if one.unit), None) or next((word[1] for word in words if word), None)


def _split(segments: Sequence[Segment], marks: frozenset[str]) -> list[list[Segment]]:
    out: list[list[Segment]] = [[]]
    for one in segments:
        if one.is_mark and one.text in marks:
            out.append([])
        else:
            out[-1].append(one)
    return out


def _says_nothing(clause: Sequence[Segment]) -> bool:
    """Whether a clause is only an exclamation, or only tells of the asker (我爱听戏): it names nothing and restricts nothing."""
    return all(one.is_mark or one.is_light or (one.is_filler and not one.cues & ASKING and not one.kind) for one in clause)


def _asks(clause: Sequence[Segment], before: Sequence[Parsed]) -> bool:
    """Whether a clause asks in so many words, or asks on (…多少？乙费呢？)."""
    asked = any(one.asks for one in before)
    return any(one.cues & ASKING or one.counter is not None or (asked and has("asks", one.text)) for one in clause)


def _only_comments(sentence: Sequence[Segment]) -> bool:
    """Whether a sentence names nothing and has no word that could change what was asked."""
    return _is_bare(sentence) and all(one.cues <= _CHANGES_NOTHING for one in sentence)


def _is_bare(clause: Sequence[Segment]) -> bool:
    """Whether a clause names nothing by itself."""
    named = (one.items or one.agencies or one.units or one.period or one.table or one.quantity or one.kind == "final" for one in clause)
    return not any(named)


def _clauses(sentence: Sequence[Segment]) -> list[list[Segment]]:
    """The clauses of a sentence that say anything: parted by marks, and between two figures that are said."""
    apart = [part for part in _split(sentence, _WEAK) if not _says_nothing(part)]
    apart = apart if len(apart) > 1 else _split(sentence, _WEAK | _SPACED)  # who writes no commas writes blanks
    return [part for clause in apart for part in _by_figures(clause) if not _says_nothing(part)]


def _by_figures(clause: list[Segment]) -> list[list[Segment]]:
    """A clause cut where one figure has been said and the next begins: 甲12万、乙3万; 接待30万|出国28万5; 三公66万|比上年减少3万."""
    figures = [at for at, one in enumerate(clause) if one.quantity is not None or one.counter is not None]
    out: list[list[Segment]] = []
    start = 0
    for first, last in pairwise(figures):
        before, between = clause[start : first + 1], clause[first + 1 : last + 1]
        joint = next((at for at in range(first + 1, last) if "AND" in clause[at].cues), None)
        if joint is not None and _are_alike(before, clause[first + 1 :]):
            out.append(clause[start:joint])
            start = joint + 1
        elif _begins_anew(before, between):
            out.append(before)
            start = first + 1
    return [*out, clause[start:]]


def _are_alike(before: Sequence[Segment], behind: Sequence[Segment]) -> bool:
    """Whether two figures with a list word between them are each told of a thing, both asked for, or what it cost and how many it is."""
    last, following = before[-1], next(one for one in behind if one.quantity is not None or one.counter is not None)
    if last.quantity is None or following.quantity is None:
        return last.counter is not None and following.counter is not None
    costs_and_number = last.quantity.unit in MONEY_UNITS and following.quantity.unit in counters()
    return costs_and_number or any(one.items for one in behind)


def _begins_anew(before: Sequence[Segment], behind: Sequence[Segment]) -> bool:
    """Whether another thing with its amount follows the amount of a thing, or how that changed, or what share it is."""
    if before[-1].quantity is None or behind[-1].quantity is None or any(one.cues & _RELATING for one in before):
        return False
    named = any(one.items for one in before[:-1])
    told = [one for one in behind[:-1] if not one.is_filler or one.cues]
    if not (named and told):
        return False
    if told[0].cues & {"PRIOR", "SHARE"}:
        return any(one.cues & _MOVED for one in told) if "PRIOR" in told[0].cues else behind[-1].quantity.unit == "%"
    percent = "%" in (before[-1].quantity.unit, behind[-1].quantity.unit)
    return bool(told[0].items) and not percent and all(one.items or one.cues <= {"IS"} for one in told)


def _sentence(sentence: Sequence[Segment], before: Sequence[Parsed], verify: bool, effort: Effort) -> tuple[Parsed, list[Parsed]]:
    """The best reading of a sentence: whole, or clause by clause; and the next best."""
    told = [one.expression for one in before]
    candidates = [given(one, told, sentence) for one in read(sentence, effort)]
    clauses = _clauses(sentence)
    if len(clauses) > 1:
        parts: list[Parsed] = []
        questions = 0
        for clause in clauses:
            readings = [given(one, [*told, *(part.expression for part in parts)], clause) for one in read(clause, effort)]
            if readings:
                best = min(readings, key=lambda one: one.cost)
                parts.append(replace(best, asks=best.asks or _asks(clause, parts), is_bare=_is_bare(clause)))
                questions += _is_question(clause)
        if parts and (scope := scope_of(parts[0], True)) is not None and not is_fund(scope):
            candidates = [replace(one, expression=narrowed(one.expression, scope)) for one in candidates]
        joined = together(without_openings(whose_behind(parts)), verify)
        candidates = [replace(one, expression=joined.expression) if _says_less(one, joined) else one for one in candidates]
        meant = [one.expression for one in parts if one.expression is not None]
        telling = sum(1 for one in meant if not isinstance(one, Pick) or one.item is not None)
        candidates.append(replace(joined, cost=joined.cost + A_CLAUSE * telling - SEVERAL * (questions > 1)))
    candidates.sort(key=lambda one: one.cost + ASKEW * is_askew(one.expression))
    if not candidates:
        return Parsed(None, 0.0, tuple(one for one in sentence if one.is_unread)), []
    return candidates[0], candidates[1:4]


def _is_question(clause: Sequence[Segment]) -> bool:
    """Whether a clause asks something whole: it has a question word, and names something, or asks why or which is the largest."""
    said = frozenset[str]().union(*(one.cues for one in clause))
    asks = bool(said & QUESTION) or any(one.counter is not None for one in clause)
    return asks and (not _is_bare(clause) or "WHY" in said or ("WHICH" in said and bool(said & {"MOST", "LEAST"})))


def _says_less(one: Parsed, other: Parsed) -> bool:
    """Whether a share says no whole, and the same share by its clauses does (购置费，光执法队一家就占了几成)."""
    share, whole = one.expression, other.expression
    if not (isinstance(share, Ratio) and isinstance(whole, Ratio)) or share.whole is not None or whole.whole is None:
        return False
    parts = [part.item for part in (share.part, whole.part) if isinstance(part, Pick) and part.item is not None]
    return len(parts) == 2 and (parts[0].item, parts[0].affiliate) == (parts[1].item, parts[1].affiliate)

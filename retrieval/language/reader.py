"""A question, read: its lattice cut into segments, its clauses parsed, and what each stretch of it did.

Names are linked first, to whom the question is about and to what their disclosures print; then each sentence is read whole and
clause by clause, and the reading that explains most is kept. A clause takes what it leaves open from the one before it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from itertools import accumulate
from typing import Any, TypeGuard

from retrieval.answer.wording import FUND_NAMES
from retrieval.figures.parts import PARTS_OF, VEHICLES
from retrieval.language.askew import is_askew
from retrieval.language.background import corrected, set_right, without_decoration
from retrieval.language.beside import weighed
from retrieval.language.content import narrows
from retrieval.language.describing import COST, as_projects, as_units, belonging, described, is_a_word_of, is_money, says_more
from retrieval.language.grammar import Effort, can, read, rules
from retrieval.language.lattice import Segment, edges, heard, linked, paths
from retrieval.language.neighbours import glossed, goods, settled, surely_named
from retrieval.language.phrases import PORTION_OF, Parsed, is_fund, is_total
from retrieval.language.where import by_texts
from retrieval.names.labels import Label, Labels, Match, content_words, forms_of
from retrieval.names.store_names import StoreNames
from retrieval.names.whom import Whose, core_of, function_of, unit_ending
from retrieval.question.expression import (
    NODES,
    TRUTHS,
    All,
    Both,
    Change,
    Count,
    Each,
    Exists,
    Holds,
    Item,
    Minus,
    Named,
    Nth,
    Pick,
    Quantity,
    Ratio,
    Same,
    Sum,
    Told,
    Top,
    Turned,
    children,
    filled,
    picks,
    rebuilt,
    walk,
)
from retrieval.words.cues import cues, fillers, load, meant_word, particles, without_slips
from retrieval.words.folding import bare, fold
from retrieval.words.gazetteer import place_at
from retrieval.words.lexicon import contains
from retrieval.words.numbers import counted_by, counters
from retrieval.words.periods import before_that
from store.money import MONEY_UNITS
from store.values import Fund

MOST_AGENCIES = 4  # whose labels are read for one question
LONGEST = 3000  # characters that are read: two pasted pages
BEGINNING = 600  # of anything longer, which is never answered, only this much is read
AT_PLACE = 10  # agencies of a place that are tried by what they print
MOST_LINKED = 24  # unread stretches of a question that are tried
LINKED = 0.8  # likeness from which an unread stretch is taken for a label
IN_OTHER_WORDS = 0.12  # likeness
SURELY = 0.92  # likeness from which a label is taken though another is as like
OPEN = 0.025  # how near another label comes that is as like
OFFERED = 0.55  # likeness from which a label is worth offering
SEVERAL = 3.0  # what it is worth that each of several clauses is a question of its own
_LEVELS = re.compile(r"（[类款项]）")  # 教育支出（类）普通教育（款）: how deep a code goes, beside its name
UNJUDGED = 0.8  # what it costs that a claimed figure only leads up to why it is so
NEXT_CUT = 0.45  # what the second best cut of a question costs
LESS_EXPLAINED = 0.3  # and what each point costs by which it explains less: 减|少 for 减少
PUBLIC: tuple[Fund, ...] = ("fiscal", "general_public", "government_fund", "state_capital")
"""Funds whose own name may stand for what of a thing they pay."""
ASKEW = 1.5  # how far a reading that is hardly meant comes behind the others
_STRONG = frozenset("。？！；")
_WEAK = frozenset("，：")
_SPACED = frozenset(" ")


@dataclass(frozen=True, slots=True)
class Understood:
    """How a question was understood."""

    text: str
    expression: Any
    cost: float
    segments: tuple[Segment, ...]
    unread: tuple[Segment, ...] = ()
    ignored: tuple[Segment, ...] = ()
    rules: tuple[str, ...] = ()
    verify: bool = False
    refers: bool = False
    whose: tuple[Whose, ...] = ()
    strange: tuple[str, ...] = ()
    near: tuple[tuple[str, tuple[Match, ...]], ...] = ()  # unread stretches with the labels nearest to them
    others: tuple[Parsed, ...] = ()  # next readings
    unit: str | None = None  # that the answer is wanted in
    reasons: tuple[str, ...] = ()  # what a claim says of why and what for, which no figure can prove

    @property
    def ambiguous(self) -> tuple[str, ...]:
        """Agencies that fit what was said equally well, where they are several."""
        several = [one for one in self.whose if not one.is_each and len({body.agency_ids for body in one.bodies}) > 1]
        return tuple(dict.fromkeys(body.agency_ids[0] for one in several for body in one.bodies))


@dataclass
class Reader:
    """Reads questions about one snapshot."""

    names: StoreNames

    def __post_init__(self) -> None:
        rules()  # a rule that can't be one is known at once, not at the first question

    def read(self, question: str, context: Sequence[str] = ()) -> list[Understood]:
        """The readings of a question, best first. `context`: the agencies that the talk is about."""
        whole = corrected(without_decoration(_with_whole_codes(_LEVELS.sub("", fold(question)))))
        text = self.names.whom.written_out(whole[: LONGEST if len(whole) <= LONGEST else BEGINNING])
        whose = self.names.whom.find(text, context)
        strange = [span for span in self.names.whom.unknown(text, whose) if not _points_at(text, span[0])]
        whose, strange = by_texts(self.names, text, self._like_before(whose, context), strange, context)
        agencies = self._agencies(whose) or list(context)
        if not agencies and len(self.names.directory.named()) == 1:
            agencies = [self.names.directory.named()[0].agency_id]
        whose = self._like_before(whose, context)
        agencies = self._agencies(whose) or agencies
        whose, agencies = self._by_labels(text, whose, agencies)
        whose = _around_descriptions(text, whose)
        labels = [one for agency in agencies[:MOST_AGENCIES] for one in self.names.labels(agency)]
        printed = [(start, end) for one in labels for start, end, _ in one.exact(text)]
        part = [any(a <= one.start and one.end <= b and b - a > one.end - one.start for a, b in printed) for one in whose]
        whose = [one for one, inside in zip(whose, part, strict=True) if not inside or all(part)]  # 其他政府办公厅…事务支出 names no office
        text = without_slips(text, [*((one.start, one.end) for one in whose), *strange, *printed])
        tables = [title for agency in agencies[:MOST_AGENCIES] for title in self.names.tables(agency)]
        known = edges(text, whose, strange, labels, tables)
        found: list[Understood] = []
        cuts = paths(text, known)[:2]
        effort = Effort()
        doubted: list[Segment] = []
        for rank, (score, path) in enumerate(cuts):
            segments, near = self._link(as_units(settled(path), labels), labels)
            segments, near = described(segments, near, labels)
            segments = as_projects(belonging(segments), labels)
            segments = weighed(set_right(surely_named(goods(glossed(_with_unknown_units(segments))))), doubted)
            doubted = doubted or [one for one in segments if one.is_unread and not one.is_light]
            understood = self._understood(text, segments, whose, strange, near, effort)
            worse = NEXT_CUT * rank + LESS_EXPLAINED * (cuts[0][0] - score)
            expression = _with_whose(understood.expression, whose, context)
            found.append(replace(understood, expression=expression, cost=understood.cost + worse))
        found.sort(key=lambda one: one.cost)
        if len(whole) > LONGEST:  # what is not even looked at may change everything
            rest = Segment(BEGINNING, len(whole), whole[BEGINNING : BEGINNING + 8], 0.0)
            found = [replace(one, unread=(*one.unread, rest)) for one in found]
        return found

    def _agencies(self, whose: Sequence[Whose]) -> list[str]:
        sure = [one for one in whose if not one.is_place]
        ids = [agency for one in sure for body in one.bodies for agency in body.agency_ids]
        return list(dict.fromkeys(ids))

    def _like_before(self, whose: list[Whose], context: Sequence[str]) -> list[Whose]:
        """西安的呢: of the agencies at a place, the one that is for the same as the one talked about."""
        if not context or len(whose) != 1 or not whose[0].is_place:
            return whose
        function = function_of(self.names.directory[context[0]].name)
        alike = tuple(body for body in whose[0].bodies if function_of(body.name) == function)
        return [replace(whose[0], bodies=alike, is_place=False, quality=0.9)] if len(alike) == 1 else whose

    def _by_labels(self, text: str, whose: list[Whose], agencies: list[str]) -> tuple[list[Whose], list[str]]:
        """Where only a place is named: the agency there that prints what is asked for, if one alone does."""
        places = [one for one in whose if one.is_place]
        if not agencies and len(places) == 1 and len(places[0].bodies) > 1:
            kinds = [word for word in load("names.toml")["kind"]["words"] if word in text]
            bodies = places[0].bodies if kinds else ()
            units = [body.agency_ids[0] for body in bodies if self._prints_several(body.agency_ids[0], kinds)]  # 某市那几个监狱
            if len(units) == 1:
                return _chosen(whose, places[0], units[0]), units
        if agencies or len(places) != 1 or not 1 < len(places[0].bodies) <= AT_PLACE:
            return whose, agencies or [body.agency_ids[0] for one in places if len(one.bodies) == 1 for body in one.bodies]
        place = places[0]
        rest = text[: place.start] + text[place.end :]
        best: dict[str, float] = {}
        for body in place.bodies:
            score = _describes(rest, body.name[body.place_end :])
            for labels in self.names.labels(body.agency_ids[0]):
                for start, end, matched in labels.exact(rest):
                    if any(one.kind in ("project", "affiliate") for one in matched) and end - start >= 4:
                        score = max(score, float(end - start))
                for word in re.findall(r"[\u4e00-\u9fff]{3,}", rest):
                    for match in labels.nearest(word, most=2):
                        if match.score >= LINKED and match.label.kind in ("project", "affiliate"):
                            score = max(score, match.score * len(word))
            best[body.agency_ids[0]] = score
        top = max(best.values(), default=0.0)
        winners = [agency for agency, score in best.items() if score == top]
        if top >= 2.4 and len(winners) == 1:
            return _chosen(whose, place, winners[0]), winners
        return whose, agencies

    def _prints_several(self, agency: str, kinds: Sequence[str]) -> bool:
        """Whether an agency prints several budget units of one of these kinds."""
        cores = [core_of(unit.text) for known in self.names.labels(agency)[:1] for unit in known.units]
        return any(sum(contains(core, kind) for core in cores) > 1 for kind in kinds)

    def _link(self, path: Sequence[Segment], labels: Sequence[Labels]) -> tuple[list[Segment], tuple[tuple[str, tuple[Match, ...]], ...]]:
        """The path with unread stretches, and those beside them, linked to the labels that they may mean."""
        out = [self._heard(one) for one in path]
        near: list[tuple[str, tuple[Match, ...]]] = []
        if not labels:
            return out, ()
        several = any(one.cues & {"SUM", "EACH", "LISTQ", "MOST", "LEAST"} for one in path)  # all of a kind are meant
        money = is_money(path)
        at = tried = 0
        while at < len(out):
            cost = [COST if one.text == COST and one.is_filler else "" for one in (*out[1:], out[-1])]
            if not out[at].is_unread or out[at].stranger or len(out[at].text.strip()) < 1 or tried == MOST_LINKED:
                at += 1
                continue
            tried += 1
            best: tuple[float, int, int, list[Match]] | None = None
            known = self._heard_around(out, at)
            if known is not None:
                first, last, segment = known
                out[first : last + 1] = [segment]
                at = first + 1
                continue
            for first in range(at, max(-1, at - 4), -1):
                if first < at and not _may_join(out[first]):
                    break
                if _only_joins(out[first]):
                    continue
                for last in range(at, min(len(out), at + 5)):
                    if last > at and not _may_join(out[last]):
                        break
                    if _only_joins(out[last]):
                        continue
                    said = "".join(one.text for one in out[first : last + 1]).strip()
                    if len(said) < 2 or len(said) > 30:
                        continue
                    matches = [one for one in _nearest(said, labels, money=money) if not is_a_word_of(said + cost[last], one)]
                    if matches and not says_more(out[first : last + 1], matches[0]) and not _gives_up(out[first : last + 1], matches[0]):
                        # a longer stretch that fits as well says more; a name that was known by itself is not given up lightly
                        worth = matches[0].score + 0.012 * len(said) - 0.05 * sum(1 for one in out[first : last + 1] if one.items)
                        worth -= _in_other_words(said, matches[0])
                        if best is None or worth > best[0]:
                            best = (worth, first, last, matches)
            if best is not None and best[3][0].score >= LINKED and (several or not _is_open(best[3])):
                _, first, last, matches = best
                joined = Segment(out[first].start, out[last].end, "".join(one.text for one in out[first : last + 1]), 0.0)
                out[first : last + 1] = [linked(joined, matches)]
                at = first + 1
                continue
            if best is not None and best[3][0].score >= OFFERED:
                near.append((out[at].text, tuple(best[3])))
            at += 1
        return self._corroborated(out, near, labels)

    def _corroborated(
        self, path: list[Segment], near: list[tuple[str, tuple[Match, ...]]], labels: Sequence[Labels]
    ) -> tuple[list[Segment], tuple[tuple[str, tuple[Match, ...]], ...]]:
        """Words that say in other words what a name beside them says, have been read: they are like the same label."""
        clauses, money = list(accumulate(one.is_mark and one.text in _STRONG | _WEAK for one in path)), is_money(path)
        chosen = {(clause, item.item) for one, clause in zip(path, clauses, strict=True) for item in one.items if item.item is not None}
        names = "".join(self.names.directory[agency].name for one in path if not one.is_place for agency in one.agencies[:1])
        named = {part for one in path if one.how in ("short", "words") for item in one.items for part in content_words(item.item or "")}
        named = {part for part in named if len(part) >= 2}
        quoted = _in_quotes(path)
        out: list[Segment] = []
        says_same: dict[str, list[Label]] = {}
        for one, clause in zip(path, clauses, strict=True):
            matches = _nearest(one.text, labels, money=money)[:3] if one.text in dict(near) else ()
            if meant := [match.label for match in matches if (clause, match.label.item) in chosen]:
                says_same[one.text] = meant
        path = [_told_apart(one, [label for meant in says_same.values() for label in meant]) for one in path]
        borne = [item.item for one in path if one.how != "exact" for item in one.items[:1] if item.item is not None]
        for one in path:
            described = quoted and one.is_unread and not one.stranger and one.start < quoted[0]
            word = one.text.strip("的")
            if one.is_unread and not one.stranger and len(word) >= 2 and any(word in name for name in borne):
                described = True  # 采购空调连安装: the name that 采购空调 is short for bears it too
            said = [part for part in content_words(one.text.strip("管做搞办的")) if len(part) > 1]
            if one.is_unread and not one.stranger and names and len(word) >= 2:  # 做海洋预报的那个监测预报中心, 市人社局
                shared = sum(len(part) for part in said if part in names)
                described = described or contains(names, word) or shared > 0.5 * sum(map(len, said))
            repeats = len(word) >= 2 and any(name in one.text or one.text in name for name in named)  # 采购空调连|安装
            out.append(replace(one, is_filler=True) if one.is_unread and (one.text in says_same or described or repeats) else one)
        return out, tuple((text, matches) for text, matches in near if text not in says_same)

    def _heard_around(self, path: Sequence[Segment], at: int) -> tuple[int, int, Segment] | None:
        """An unread stretch with its neighbours as the general term that they sound like together (总予|算)."""
        for first, last in ((at, at + 1), (at - 1, at), (at - 1, at + 1)):
            run = path[first : last + 1] if first >= 0 and last < len(path) else ()
            if not run or any(not (one.is_unread or one.is_filler) or one.is_mark for one in run):
                continue
            said = "".join(one.text for one in run)
            if (item := heard(said)) is not None:
                return first, last, Segment(run[0].start, run[-1].end, said, 0.0, items=(item,), how="sound", quality=0.9)
        return None

    def _heard(self, one: Segment) -> Segment:
        """An unread stretch as the general term that it sounds like."""
        item = heard(one.text) if one.is_unread and not one.stranger else None
        if item is None and one.is_unread and (said := meant_word(one.text)) is not None:
            return replace(one, cues=cues().get(said, frozenset()), is_filler=said in fillers(), how="sound")
        return one if item is None else replace(one, items=(item,), how="sound", quality=0.9)

    def _understood(
        self,
        text: str,
        segments: Sequence[Segment],
        whose: Sequence[Whose],
        strange: Sequence[tuple[int, int]],
        near: tuple[tuple[str, tuple[Match, ...]], ...],
        effort: Effort,
    ) -> Understood:
        segments, reasons = _without_reasons(_denying(_without_remarks(_without_hearsay(segments))))
        verify = any("VERIFY" in one.cues and not one.items for one in segments)
        kept = [one for one in segments if "VERIFY" not in one.cues or one.items]
        sentences = [part for part in _split(_with_tables(_without_asides(kept)), _STRONG) if part]
        sentences = [part for part in sentences if not _says_nothing(part)] or sentences
        parts: list[Parsed] = []
        others: list[Parsed] = []
        for sentence in sentences:
            chosen, also = _sentence(sentence, parts, verify, effort)
            chosen = replace(chosen, asks=chosen.asks or _asks(sentence), is_bare=_is_bare(sentence))
            if parts and parts[-1].asks and (_only_comments(sentence) or _asks_who(sentence, parts[-1].expression)):
                continue  # 代表要写进提纲: said behind the question, and narrows nothing
            if chosen.expression is not None or not parts:
                parts.append(chosen)
                others += also
            else:
                parts[-1] = replace(
                    parts[-1],
                    cost=parts[-1].cost + chosen.cost,
                    unread=(*parts[-1].unread, *chosen.unread),
                    ignored=(*parts[-1].ignored, *(one for one in chosen.ignored if not _is_told(one, parts[-1].expression))),
                )
        parsed = _together(_whose_behind(parts), verify) if parts else Parsed(None, 0.0)
        told = parsed.expression
        if verify and not parsed.asks and isinstance(told, Change) and told.direction is not None and told.since is None:
            parsed = replace(parsed, expression=Turned(told.of, told.direction))
        spans = tuple(text[a:b] for a, b in strange)
        expression = parsed.expression
        if verify and isinstance(expression, Pick) and expression.item is not None and not (parsed.ignored or parsed.asks):
            denied = expression.item.said.startswith(tuple(word for word, does in cues().items() if "ABSENT" in does))
            parsed = replace(parsed, expression=Exists(expression, denied))  # 有人说买了新公务车，属实吗
        return Understood(
            text, parsed.expression, parsed.cost, tuple(segments), parsed.unread, parsed.ignored, parsed.rules, verify, parsed.refers,
            tuple(whose), spans, near, tuple(others), next((one.unit for one in segments if one.unit), None) or _unit_asked(segments),
            reasons,
        )  # fmt: skip


def _with_whole_codes(text: str) -> str:
    """302类14款 and 2050201、小学02 with the codes that are meant."""
    said = load("stretches.toml")["code"]
    text = re.sub(said["by_levels"], lambda match: "".join(part or "" for part in match.groups()), text)
    while (match := re.search(said["goes_on"], text)) is not None:
        text = f"{text[: match.end(1)]}{match[2]}{match[1][:-2]}{match[3]}{text[match.end() :]}"
    return text


def _with_whose(expression: Any, whose: Sequence[Whose], context: Sequence[str]) -> Any:
    """The expression with the one agency that is named where it says none (甲局本身不算，手底下哪个…); in a talk, where it says none at
    all: what it leaves open may be what was told."""
    named = {body.agency_ids for one in whose if not one.is_place for body in one.bodies}
    open_ = expression is not None and not any(isinstance(one, Each) and one.over == "agencies" for one in walk(expression))
    partly = context or isinstance(expression, Both)  # what leads up to a question is none
    if len(named) != 1 or not open_ or (partly and any(one.agency for one in picks(expression))):
        return expression
    return filled(expression, Pick(agency=next(iter(named))[0]))


def _points_at(text: str, start: int) -> bool:
    """Whether what stands there is a pointing word (它占全局…), and no name's first character (那曲市…)."""
    return "REF" in cues().get(text[start : start + 1], ()) and place_at(text, start) is None


def _chosen(whose: Sequence[Whose], place: Whose, agency_id: str) -> list[Whose]:
    """Who is named, with a place standing for one of the agencies there."""
    bodies = tuple(body for body in place.bodies if body.agency_ids[0] == agency_id)
    return [replace(one, bodies=bodies, is_place=False, quality=0.9) if one is place else one for one in whose]


def _unit_asked(segments: Sequence[Segment]) -> str | None:
    """The unit that a question word ends in (多少元)."""
    words = [one.text for one in segments if "HOWMUCH" in one.cues and "PERCENTQ" not in one.cues]
    return next((unit for unit in ("亿元", "万元", "元") for word in words if word.endswith("多少" + unit)), None)


def _with_unknown_units(path: Sequence[Segment]) -> list[Segment]:
    """The path with what stands right before a kind of unit, and is no unit here, marked as a stranger (防汛|抢险|中心)."""
    out = list(path)
    for at in range(1, len(path)):
        before, kind = path[at - 1], path[at]
        if "UNITKIND" not in kind.cues or kind.items or kind.agencies or kind.units:
            continue
        guessed = bool(before.items) and before.how != "exact" and all(item.affiliate is None for item in before.items)
        is_name = before.term is not None and before.end == kind.start and kind.text in load("names.toml")["kind"]["bodies"]
        if before.is_unread or guessed or is_name:
            out[at - 1] = replace(before, items=(), stranger=True)
    return out


def _in_quotes(path: Sequence[Segment]) -> tuple[int, int] | None:
    """Where one project or label stands by itself in quotation marks or brackets: what is said before it describes it."""
    for at, one in enumerate(path):
        if one.items and one.how in ("exact", "short") and 0 < at < len(path) - 1 and len(one.text) >= 4:
            before = next((other for other in reversed(path[:at]) if not (other.is_filler and not other.cues)), None)
            after = path[at + 1]
            if before is not None and before.text in "“（" and after.text in "”）":
                return one.start, one.end
    return None


def _describes(said: str, function: str) -> float:
    """How far words describe what a body is for (管退伍兵的那个局 → 退役军人事务局): characters of its function that are meant."""
    best = 0.0
    for word in set(content_words(said)):
        if len(word) < 2:
            continue
        for form, sure in forms_of(word):
            if len(form) >= 2 and form in function:
                best = max(best, 1.3 * len(form) * sure)
    return best


def _may_join(one: Segment) -> bool:
    """Whether a stretch may be a part of a longer name."""
    named = one.agencies or one.units or one.period or one.quantity or one.counter or one.table or one.is_mark or one.stranger
    adds = "PLUS" in one.cues and len(one.text) > 1 and not one.items  # 甲的经费|加上|乙
    return not (named or adds or one.kind == "final" or "EXCEPT" in one.cues or (one.is_unread and narrows(one.text)))


def _gives_up(run: Sequence[Segment], match: Match) -> bool:
    """Whether a name that was known by itself (咁|基本支出) is lost in the label of another thing (基本工资)."""
    label = match.label
    return any(
        one.items and one.how == "exact" and len(one.text) >= 3 and one.text not in label.text
        and all(item.item != label.item and bare(item.item or "") not in label.text for item in one.items)
        for one in run
    )  # fmt: skip


def _is_open(matches: Sequence[Match]) -> bool:
    """Whether several projects fit as well, none of them much: which of them is meant is for the asker to say."""
    alike = [match.label for match in matches if match.score >= matches[0].score - OPEN]
    return matches[0].score < SURELY and len({one.text for one in alike if one.kind in ("project", "subject") and one.counter is None}) > 1


def _around_descriptions(text: str, whose: Sequence[Whose]) -> list[Whose]:
    """某地|管甲事和|乙事的那个中心: what stands between two stretches that name one body in one clause describes it."""
    describes = load("names.toml")["kind"]["describes"]
    out: list[Whose] = []
    for one in whose:
        last = out[-1] if out else None
        same = last is not None and last.bodies == one.bodies and len(one.bodies) == 1
        if last is not None and same and re.fullmatch(describes, text[last.end : one.end]):
            out[-1] = replace(last, end=one.end, is_place=False)
        else:
            out.append(one)
    return out


def _told_apart(one: Segment, labels: Sequence[Label]) -> Segment:
    """A name that several labels bear as that of them which the words beside it are like (甲园区那笔|市级科技创新专项)."""
    meant = {(label.item, label.under, label.table) for label in labels}
    items = tuple(item for item in one.items if (item.item, item.under, item.table) in meant)
    return replace(one, items=items) if items else one


def _only_joins(one: Segment) -> bool:
    """Whether a stretch is a word between names (和, 与): no name begins or ends with it."""
    return "AND" in one.cues and not one.items


def _in_other_words(said: str, match: Match) -> float:
    """What a label that shares no character with what is said comes behind (平板电脑: 平板式计算机 before 办公设备购置)."""
    return 0.0 if set(said) & set(match.label.text) else IN_OTHER_WORDS


def _nearest(said: str, labels: Sequence[Labels], *, money: bool) -> list[Match]:
    """The labels that words may mean, best first; what is printed in the very words comes before what they only mean. No number of
    things is meant where money is."""
    ending = unit_ending(said)
    thing = re.sub(load("names.toml")["bought"]["before"], "", said)  # 买|平板电脑
    found = [match for one in labels for match in one.nearest(said) if ending is None or ending in match.label.text]
    found += [match for one in labels for match in one.nearest(thing) if thing != said and match.score >= LINKED]
    found.sort(key=lambda match: (-match.score + _in_other_words(said, match), match.label.kind == "subject"))
    best: dict[str, Match] = {}
    counted = frozenset[str]().union(*(one.counted for one in labels)) if money else ()
    for match in found:
        if match.label.item in counted and match.how != "exact":
            continue
        if match.label.kind != "affiliate" or match.how == "exact" or said[-1:] == match.label.text[-1]:  # 投资 is no 台商投资区分局
            best.setdefault(match.label.text, match)
    return list(best.values())[:5]


def _split(segments: Sequence[Segment], marks: frozenset[str]) -> list[list[Segment]]:
    out: list[list[Segment]] = [[]]
    for one in segments:
        if one.is_mark and one.text in marks:
            out.append([])
        else:
            out[-1].append(one)
    return out


def _clauses(sentence: Sequence[Segment]) -> list[list[Segment]]:
    """The clauses of a sentence: parted by commas, and by list words between two figures that are said (甲12万、乙3万)."""
    out: list[list[Segment]] = []
    apart = [part for part in _split(sentence, _WEAK) if not all(one.is_mark or one.is_filler for one in part)]
    for clause in apart if len(apart) > 1 else _split(sentence, _WEAK | _SPACED):  # who writes no commas writes blanks
        if not any(one.quantity is not None or one.counter is not None for one in clause):
            out.append(clause)
            continue
        parts: list[list[Segment]] = [[]]
        for at, one in enumerate(clause):
            said = any(other.quantity is not None for other in parts[-1])
            follows = any(other.quantity is not None for other in clause[at + 1 :]) and any(other.items for other in clause[at + 1 :])
            counted = any(other.counter is not None for other in parts[-1]) and any(other.counter is not None for other in clause[at + 1 :])
            if _claims_next(parts[-1], clause[at:]):
                parts.append([one])
            elif "AND" in one.cues and ((said and follows) or counted or _counts_next(parts[-1], clause[at + 1 :])):
                parts.append([])
            else:
                parts[-1].append(one)
        out += parts
    return out


def _claims_next(before: Sequence[Segment], behind: Sequence[Segment]) -> bool:
    """Whether the amount of a thing has just been said and another thing with its amount follows (接待30万|出国28万5)."""
    said = [one for one in before if one.items or one.quantity is not None or one.cues]
    if len(said) > 1 and said[-1].quantity is not None and behind[0].cues & {"PRIOR", "SHARE"} and any(one.items for one in said):
        return _tells_more(said, behind)
    if not behind[0].items or behind[0].quantity is not None or len(said) < 2 or said[-1].quantity is None:
        return False
    named = any(one.items for one in said[:-1]) and not any(one.cues & _RELATING for one in said)
    for one in behind[1:]:
        if one.quantity is not None:
            return named and one.quantity.unit != "%" and said[-1].quantity.unit != "%"
        if not (one.items or one.is_filler or one.cues <= {"IS"}) or one.is_unread:
            return False
    return False


def _tells_more(said: Sequence[Segment], behind: Sequence[Segment]) -> bool:
    """Whether how an amount that was just said changed, or what share it is, follows (三公66万|比上年减少3万, 接待费15万|占三公的23%)."""
    figure = next((at for at, one in enumerate(behind) if one.quantity is not None), len(behind))
    before = behind[:figure]
    moved = any(one.cues & {"UP", "DOWN", "MORE", "FEWER"} for one in before)
    shared = "SHARE" in behind[0].cues and figure < len(behind) and can(behind[figure]) >= {"QTY%"}
    return figure < len(behind) and (shared or ("PRIOR" in behind[0].cues and moved)) and not any(one.cues & _RELATING for one in said)


_RELATING = frozenset(("THAN", "SHARE", "RATIO", "PRIOR", "EQUAL", "SUM", "DIFF", "OVER", "UNDER", "TIMES", "EXCEPT"))


def _counts_next(before: Sequence[Segment], behind: Sequence[Segment]) -> bool:
    """Whether an amount of money has been said and how many there are follows (购置支出171.80万元、计划买10辆)."""
    said = [next((one.quantity.unit for one in part if one.quantity is not None), None) for part in (reversed(before), behind)]
    return said[0] in MONEY_UNITS and said[1] in counters()


def _says_nothing(clause: Sequence[Segment]) -> bool:
    """Whether a clause is only an exclamation, or only tells of the asker (我爱听戏): it names nothing and restricts nothing."""
    words = [one for one in clause if not one.is_mark]
    named = (one.items or one.quantity or one.table or one.period or one.units or one.cues & _ASKING for one in words)
    told = (one.counter is not None or one.kind == "final" or (one.agencies and not one.is_place) for one in words)
    return bool(words) and all(one.is_filler or one.is_light for one in words) and not any(named) and not any(told)


_ASKING = frozenset(
    ("HOWMUCH", "WHY", "WHICH", "PERCENTQ", "LISTQ", "PURPOSE", "DEFINE", "DUTY", "WHEREQ", "MOST", "SUM", "SHARE", "CHG", "ASKS")
)


def _asks(clause: Sequence[Segment]) -> bool:
    """Whether a clause asks in so many words."""
    return any(one.cues & _ASKING or one.counter is not None for one in clause)


def _only_comments(sentence: Sequence[Segment]) -> bool:
    """Whether a sentence names nothing and has no word that could change what was asked."""
    return _is_bare(sentence) and not any(one.cues - {"SAYS", "IS", "REF", "AT", "IN"} for one in sentence)


def _is_told(one: Segment, node: Any) -> bool:
    """Whether a word only asks for what is told anyway: the percentage of a share."""
    return "PERCENTQ" in one.cues and node is not None and any(isinstance(inner, Ratio) for inner in walk(node))


def _asks_who(sentence: Sequence[Segment], told: Any) -> bool:
    """Whether a sentence only asks which one it is, of one that is told with its name anyway (顺便说是哪家)."""
    asked = frozenset[str]().union(*(one.cues for one in sentence if not one.is_filler))
    names_one = told is not None and any(isinstance(node, Nth) for node in walk(told))
    return names_one and "WHICH" in asked and asked <= _WHO and _is_bare(sentence)


_WHO = frozenset(("WHICH", "ALLAG", "IS", "SAYS", "REF"))


def _questions(clause: Sequence[Segment]) -> bool:
    """Whether a clause has a question word, so that it can be a question of its own."""
    return any(one.cues & _QUESTION or one.counter is not None for one in clause)


_QUESTION = frozenset(("HOWMUCH", "CHG", "ASKS", "WHY", "WHICH", "PERCENTQ", "LISTQ", "PURPOSE", "DEFINE", "DUTY", "WHEREQ"))


def _asks_largest(clause: Sequence[Segment]) -> bool:
    """Whether a clause asks which of what was just asked for is the largest or smallest (三公一共多少，|哪样最多)."""
    said = frozenset[str]().union(*(one.cues for one in clause))
    return "WHICH" in said and bool(said & {"MOST", "LEAST"}) and not said & {"ALLAG", "UNITS", "BODIES"}


def _is_bare(clause: Sequence[Segment]) -> bool:
    """Whether a clause names nothing by itself."""
    named = (one.items or one.agencies or one.units or one.period or one.table or one.quantity for one in clause)
    return not any(named) and not any(one.kind == "final" for one in clause)


def _tells_nothing(one: Segment) -> bool:
    """Whether a stretch names nothing that a disclosure could tell of."""
    named = one.items or one.agencies or one.units or one.period or one.quantity or one.counter or one.table or one.kind or one.stranger
    return not named and not one.cues & (_ASKING | {"QTY", "UP", "DOWN", "ABSENT", "PRESENT", "RATIO"})


def _denying(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, with 不 right before a thing as a denial of it (不买车); 一分钱…没有 as none, 一样|多 as equal."""
    out = _without_cents(segments)
    for at, one in enumerate(out[:-1]):
        said = out[at + 1].quantity
        if said is not None and counted_by().get(said.unit) == "vehicles" and not one.cues and _is_bought(one.text):
            out[at] = replace(one, cues=frozenset(("NEWLY",)))  # 花18万买|一辆公车
        if one.quantity is not None and (said_so := out[at + 1].term) and said_so.kind == "total" and out[at + 1].text not in said_so.names:
            out[at + 1] = replace(out[at + 1], items=(), term=None, is_filler=True)  # 事业收入30万元|进账
        if one.text == "不" and out[at + 1].items:
            out[at] = replace(one, cues=frozenset(("ABSENT",)))
        if one.cues & {"EQUAL", "STAYED"} and out[at + 1].cues & {"MORE", "FEWER"}:
            out[at + 1] = replace(out[at + 1], cues=frozenset(), is_filler=True)  # 一样|多
    return out


def _is_bought(word: str) -> bool:
    """Whether a word only says that what follows is bought (买, 要添)."""
    found = re.match(load("names.toml")["bought"]["before"], f"{word}..")
    return found is not None and found.end() == len(word)


def _without_cents(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, with the least amount before a denial as a part of it; where a change is denied, it is one by nothing."""
    out = list(segments)
    for at, one in enumerate(segments):
        if "CENT" not in one.cues:
            continue
        end = next((to for to in range(at, len(segments)) if segments[to].is_mark and segments[to].text in _STRONG | _WEAK), len(segments))
        denial = next((to for to in range(at + 1, end) if "ABSENT" in segments[to].cues), None)
        moved = next((to for to in range(at, end) if segments[to].cues & {"UP", "DOWN", "MORE", "FEWER"}), None)
        if denial is None:
            out[at] = replace(one, cues=one.cues - {"CENT"})
            continue
        out[at] = replace(one, cues=frozenset(), is_filler=True, items=(), quantity=None)
        if moved is not None:
            out[denial] = replace(segments[denial], cues=frozenset(), is_filler=True)
            place = segments[moved].end
            nothing = replace(one, start=place, end=place, cues=frozenset(), quantity=Quantity(Decimal(0), "元"))
            return [*out[: moved + 1], nothing, *out[moved + 1 :]]
    return out


def _without_remarks(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, with a clause that only calls a change small that has just been given (…多了4600元，几乎没动) as nothing; what is
    said to be known (退休的晓得了，离休的呢) is not asked again."""
    out = list(segments)
    roughly = frozenset(load("doubts.toml")["roughly"])
    known = re.compile(load("refusals.toml")["known"]["ends"])
    start, moved = 0, False
    for at in range(len(segments) + 1):
        if at < len(segments) and not (segments[at].is_mark and segments[at].text in _STRONG | _WEAK):
            continue
        clause = segments[start:at]
        small = any(one.text in roughly for one in clause) and any("STAYED" in one.cues for one in clause)
        if moved and small and _is_bare(clause):
            out[start:at] = [replace(one, is_filler=True, cues=frozenset()) if not one.is_mark else one for one in clause]
        if clause and clause[-1].is_filler and known.search(clause[-1].text) and any(one.items for one in segments[at:]):
            out[start:at] = [replace(one, items=(), term=None, is_filler=True) if one.items else one for one in clause]
        moved = any(one.quantity for one in clause) and any(one.cues & {"UP", "DOWN", "MORE", "FEWER"} for one in clause)
        start = at + 1
    return out


def _without_reasons(segments: Sequence[Segment]) -> tuple[list[Segment], tuple[str, ...]]:
    """The segments, with the clauses that tell why a claimed figure is so (…，主要是人员增加) read as nothing; and these clauses."""
    out: list[Segment] = []
    reasons: list[str] = []
    clause: list[Segment] = []
    claimed = inside = False
    for one in (*segments, Segment(0, 0, "。", 0.0, is_mark=True)):
        if not (one.is_mark and one.text in _STRONG | _WEAK):
            clause.append(one)
            continue
        first = next((other for other in clause if not other.is_mark and not other.is_filler), None)
        asks = any(other.cues & (_ASKING | {"VERIFY"}) and "REASON" not in other.cues for other in clause)
        opens = claimed and first is not None and "REASON" in first.cues
        inside = not asks and (opens or (inside and not any(other.quantity or other.agencies for other in clause)))
        if inside:
            reasons.append("".join(other.text for other in clause if not other.is_mark and "REASON" not in other.cues))
            clause = [
                replace(other, is_filler=True, cues=frozenset(), items=(), quantity=None, period=None)
                for other in clause
                if not other.is_mark
            ]
        claimed = claimed or any(other.quantity is not None for other in clause)
        out += [*clause, one]
        clause = []
        inside = inside and one.text in _WEAK
    return out[:-1], tuple(reason for reason in reasons if reason.strip())


def _without_hearsay(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, with what only tells who says so read as nothing: all up to 说, 称, 写的是 at the start of a clause."""
    out = list(segments)
    start = 0
    claims = any("VERIFY" in one.cues and not one.items for one in segments) and any(one.quantity is not None for one in segments)
    for at, one in enumerate(segments):
        if "SAYS" in one.cues or (one.text == "：" and _heads(segments[start:at])) or (claims and _closes_hearsay(one)):
            before = segments[start:at]
            if all(_tells_nothing(other) or (other.is_mark and other.text != "，") or (claims and _is_a_piece(other)) for other in before):
                out[start:at] = [
                    replace(other, is_filler=True, cues=frozenset(), quantity=None) if not other.is_mark else other for other in before
                ]
        if one.is_mark and one.text in _STRONG | _WEAK:
            start = at + 1
    return out


def _heads(clause: Sequence[Segment]) -> bool:
    """Whether what stands before a colon only opens: it is read, or is no name (老同志关心：, but 城东分院：)."""
    return not any(one.is_unread and not one.is_light for one in clause)


def _closes_hearsay(one: Segment) -> bool:
    """Whether a filler ends in a word that tells who says so (同行|跟我说)."""
    said = one.text.rstrip("".join(particles()))
    return one.is_filler and any("SAYS" in cues().get(said[at:], ()) for at in range(len(said)))


def _is_a_piece(one: Segment) -> bool:
    """Whether a stretch counts one piece that something was read in (看到|一篇|文章写)."""
    said = one.quantity
    return said is not None and said.number == 1 and said.unit not in ("", "%", *MONEY_UNITS) and one.end - one.start == 2


def _denies(clause: Sequence[Segment]) -> bool:
    """Whether a clause only says what is not meant (注意不是06表那个)."""
    words = [one for one in clause if not one.is_mark and not one.is_filler]
    return bool(words) and "NOTIT" in words[0].cues


def _without_asides(segments: Sequence[Segment]) -> list[Segment]:
    """The segments without brackets that only say an agency's other name, or one that is not meant (（2023年叫…）, （不是…））."""
    if not any(one.text == "（" for one in segments):
        return list(segments)
    out: list[Segment] = []
    at = 0
    while at < len(segments):
        end = (
            next((place for place in range(at + 1, len(segments)) if segments[place].text == "）"), None)
            if segments[at].text == "（"
            else None
        )
        inner = segments[at + 1 : end] if end is not None else ()
        known = {ids for one in (*segments[:at], *segments[(end or at) + 1 :]) for ids in one.agencies}
        named = [one for one in inner if one.agencies]
        other = any("NOTIT" in one.cues for one in inner) or all(set(one.agencies) <= known for one in named)
        if (
            named
            and other
            and known
            and all(one.agencies or one.period or one.is_filler or one.is_mark or "NOTIT" in one.cues for one in inner)
        ):
            at = (end or at) + 1
            continue
        out.append(segments[at])
        at += 1
    return out


def _with_tables(segments: Sequence[Segment]) -> list[Segment]:
    """The segments, with what stands before 的那张表 as the words of a table's title."""
    out: list[Segment] = []
    for one in segments:
        if "TABLEWORD" not in one.cues:
            out.append(one)
            continue
        named: list[Segment] = []
        while out and not (out[-1].is_mark and out[-1].text != "、") and not (out[-1].agencies or out[-1].period or out[-1].units):
            named.insert(0, out.pop())
        words = "".join(part.text for part in named if part.items or part.is_unread)
        out += [replace(one, cues=frozenset(), table=words)] if words else [*named, replace(one, cues=frozenset(), is_filler=True)]
    return out


def _context_of(parts: Sequence[Parsed]) -> Pick | None:
    """What the clauses before say of whom, when and what."""
    found: Pick | None = None
    for parsed in parts:
        for one in subjects(parsed.expression):
            found = (
                one
                if found is None
                else Pick(one.item or found.item, one.agency or found.agency, *(_when(one, found)), one.kind or found.kind)
            )
    return found


def subjects(node: Any) -> tuple[Pick, ...]:
    """The picks that an expression is about: not the earlier ones that a change is measured from."""
    if node is None:
        return ()
    if isinstance(node, (Change, Turned)):
        return subjects(node.of)
    if isinstance(node, Pick):
        return (node,)
    found = tuple(one for child in children(node) for one in subjects(child))
    return (tuple(one for one in found if not one.earlier) or found) if isinstance(node, All) else found  # 从5万涨到7万: this year's


def _claimed_amounts(parts: Sequence[Parsed]) -> list[Any]:
    """The amounts that the clauses before named, each once, in order."""
    found: dict[Any, None] = {}
    for parsed in parts:
        for node in walk(parsed.expression) if parsed.expression is not None else ():
            if isinstance(node, Holds):
                found[node.of] = None
            elif isinstance(node, Pick) and node is parsed.expression and node.item is not None:
                found[node] = None
            elif isinstance(node, Named):
                found.update(dict.fromkeys(node.members))
    return list(found)


def _referring(node: Any, before: Sequence[Any]) -> Any:
    """The expression with the amounts before where it adds up or subtracts what it does not name (三项合计…, 轧差…)."""

    def give(one: Any) -> Any:
        if isinstance(one, Minus) and one.left == Pick() and one.right == Pick() and len(before) >= 2:
            return replace(one, left=before[-2], right=before[-1])
        if isinstance(one, Sum) and one.parts == (Pick(),) and before:
            return Sum(tuple(before)) if len(before) > 1 else before[0]
        if isinstance(one, Same) and one.left == Pick() and before and isinstance(before[-1], (Sum, Minus)):
            return replace(one, left=before[-1])  # 三项加起来6万元，是不是跟三公经费一致
        return one

    return rebuilt(node, give)


def _since_before(node: Any, last: Any) -> Any:
    """A change of what was told before, since the year that it was told since (较2023年减少X，下降Y%)."""
    since = next((one.since for one in walk(last) if isinstance(one, Change) and one.since is not None), None) if last is not None else None
    if since is None:
        return node
    return rebuilt(
        node, lambda one: replace(one, since=since) if isinstance(one, Change) and one.since is None and one.of == Pick() else one
    )


def _when(one: Pick, other: Pick) -> tuple[int | None, int | None]:
    return (one.year, one.earlier) if one.year is not None or one.earlier is not None else (other.year, other.earlier)


def _sentence(sentence: Sequence[Segment], before: Sequence[Parsed], verify: bool, effort: Effort) -> tuple[Parsed, list[Parsed]]:
    """The best reading of a sentence: whole, or clause by clause; and the next best."""
    context = _context_of(before)
    last = before[-1].expression if before else None
    if (gap := _by_how_much(sentence, last)) is not None:
        return gap, []
    whole = read(sentence, effort)
    amounts = _claimed_amounts(before)
    candidates = [_given(one, context, last, amounts) for one in whole]
    clauses = [
        part
        for part in _clauses(sentence)
        if not all(one.is_mark or (one.is_filler and not one.cues and not one.kind and _is_bare([one])) for one in part)
    ]
    if len(clauses) > 1:
        by_clause: list[Parsed] = []
        asked: list[bool] = []
        cost = 0.0
        opened: Any = None
        for clause in clauses:
            if _says_nothing(clause) or (by_clause and _denies(clause)):
                continue
            readings = read(clause, effort)
            if not readings:
                continue
            given = _context_of([*before, *by_clause])
            told = by_clause[-1].expression if by_clause else last
            if (gap := _by_how_much(clause, told)) is not None:
                by_clause.append(gap)
                continue
            own = min(readings, key=lambda one: one.cost)
            asked.append(
                _questions(clause)
                and (not _is_bare(clause) or any("WHY" in one.cues for one in clause) or (asked[:1] == [True] and _asks_largest(clause)))
                and (own.rules != () or not _is_bare(clause))
            )
            amounts = _claimed_amounts([*before, *by_clause])
            if any("WITHIN" in one.cues for one in clause):
                readings = [_part_of_it(one, told) for one in readings]
            best = _also_counted(min((_given(one, given, told, amounts) for one in readings), key=lambda one: one.cost), clause, told)
            best = replace(best, expression=_shares_of(best.expression, opened))
            if _is_thing(best) and any("IN" in one.cues for one in [one for one in clause if not one.is_mark][-1:]):
                opened = best.expression
            by_clause.append(replace(best, asks=best.asks or _asks(clause), is_bare=_is_bare(clause)))
            cost += 0.3 if best.expression is not None and not (isinstance(best.expression, Pick) and best.expression.item is None) else 0.0
        if by_clause and (scope := _scope_of(by_clause[0], True)) is not None and not is_fund(scope):
            candidates = [
                replace(one, expression=None if one.expression is None else _narrowed(one.expression, scope)) for one in candidates
            ]
        joined = _together(_without_openings(_whose_behind(by_clause)), verify)
        if sum(asked) > 1:
            cost -= SEVERAL  # two clauses that each ask something whole
        candidates = [
            replace(one, expression=joined.expression) if _says_less(one.expression, joined.expression) else one for one in candidates
        ]
        candidates.append(replace(joined, cost=joined.cost + cost))
    if verify:
        unjudged = UNJUDGED * sum(1 for one in sentence if one.quantity is not None)
        candidates = [replace(one, cost=one.cost + unjudged) if _tells(one.expression) else one for one in candidates]
    candidates.sort(key=lambda one: one.cost + ASKEW * is_askew(one.expression))
    if not candidates:
        return Parsed(None, 0.0, tuple(one for one in sentence if one.is_unread)), []
    return candidates[0], candidates[1:4]


def _says_less(node: Any, other: Any) -> bool:
    """Whether a share says no whole, and the same share by its clauses does (购置费，光执法队一家就占了几成)."""
    if not (isinstance(node, Ratio) and isinstance(other, Ratio)) or node.whole is not None or other.whole is None:
        return False
    parts = [one.item for one in (node.part, other.part) if isinstance(one, Pick) and one.item is not None]
    return len(parts) == 2 and (parts[0].item, parts[0].affiliate) == (parts[1].item, parts[1].affiliate)


def _is_thing(parsed: Parsed) -> bool:
    """Whether a clause only names a thing: 2026年本年支出中，"""
    return isinstance(parsed.expression, Pick) and parsed.expression.item is not None and not parsed.asks


def _shares_of(node: Any, whole: Pick | None) -> Any:
    """The expression with shares of what the sentence opened with, where they say no other whole (本年支出中，基本支出…占34%)."""
    if whole is None or node is None:
        return node

    def make(one: Any) -> Any:
        if not isinstance(one, Ratio) or one.whole is not None or not isinstance(one.part, Pick) or one.part.item in (None, whole.item):
            return one
        return replace(one, whole=filled(Pick(whole.item), replace(one.part, item=None)))

    return rebuilt(node, make)


def counted_back(node: Any, segments: Sequence[Segment], give: Pick | None) -> Any:
    """The expression with 上年 and 前一年 counted back from the year talked about."""
    said = [one.text for one in segments if one.period is not None and one.period.earlier]
    if node is None or give is None or not said or not before_that().issuperset(said):
        return node

    def back(one: Any) -> Any:
        if not isinstance(one, Pick) or one.year is not None or not one.earlier:
            return one
        if give.year is not None:
            return replace(one, year=give.year - one.earlier, earlier=None)
        return replace(one, earlier=one.earlier + (give.earlier or 0))

    return rebuilt(node, back)


def _tells(node: Any) -> bool:
    """Whether words of the prose are asked for, or several of them."""
    return isinstance(node, Told) or (isinstance(node, Named) and all(isinstance(one, Told) for one in node.members))


def _by_how_much(clause: Sequence[Segment], last: Any) -> Parsed | None:
    """甲比乙还多？多多少: by how much, of the two just compared."""
    said = {name for one in clause for name in one.cues}
    if (
        not _is_bare(clause)
        or not said & {"MORE", "FEWER", "DIFF", "UP", "DOWN", "OVER"}
        or not said & {"HOWMUCH", "PERCENTQ", "DIFF"}
        or said & {"PRIOR"}
    ):
        return None
    left = tuple(one for one in clause if one.is_unread), tuple(one for one in clause if one.cues & _LIMITING)
    if isinstance(last, Same):
        return Parsed(Minus(last.left, last.right), 0.0, *left, asks=True)
    if isinstance(last, (Change, Turned)) and "DIFF" in said:
        return Parsed(last if isinstance(last, Change) else Change(last.of, last.since), 0.0, *left, asks=True)  # 是增是减，差多少
    if (
        isinstance(last, Nth)
        and isinstance(last.series, Named)
        and len(last.series.members) == 2
        and all(isinstance(one, Pick) for one in last.series.members)
    ):
        return Parsed(Minus(*last.series.members), 0.0, *left, asks=True)
    return None


_LIMITING = frozenset(("EXCEPT", "OUTSIDE", "PERHEAD", "PEREACH", "EACH", "MEAN", "NEWLY"))


def _also_counted(parsed: Parsed, clause: Sequence[Segment], last: Any) -> Parsed:
    """多少人，离退休的有多少: as many of these too, where no amount of money is asked for; of units that are listed, each one's amount."""
    asked = [one.text for one in clause if "HOWMUCH" in one.cues]
    node = parsed.expression
    each = any("EACH" in one.cues for one in clause)
    if asked and each and isinstance(last, Told) and last.what == "units" and (node is None or isinstance(node, Pick)):
        return replace(parsed, expression=Each(filled(node or Pick(), last.about), "units", below=True))  # 都叫什么，各拿多少
    if (
        isinstance(last, Told)
        and last.what == "number"
        and isinstance(node, Pick)
        and node.item is not None
        and any(one in ("多少", "有多少", "几多") for one in asked)
    ):
        return replace(parsed, expression=Told("number", replace(node, item=None), (node.item.said,), counter=last.counter))
    return parsed


def _narrowing(node: Any) -> Any:
    """The expression with things that are only a fund's own name (一般公共预算口径13.77亿元) as what narrows the thing said before."""

    def narrow(one: Any) -> Any:
        if (
            isinstance(one, Pick)
            and one.item is not None
            and is_fund(one.item)
            and one.item.fund in PUBLIC
            and one.item.said == FUND_NAMES[one.item.fund]
        ):
            return replace(one, item=Item(one.item.said, fund=one.item.fund))
        return one

    return rebuilt(node, narrow)


def _given(parsed: Parsed, context: Pick | None, last: Any = None, amounts: Sequence[Any] = ()) -> Parsed:
    """The reading with what it leaves open taken from the clauses before; what 它 points at is what was told last."""
    if context is None or parsed.expression is None or (parsed.expression == Minus(Pick(), Pick()) and parsed.refers and len(amounts) < 2):
        return parsed
    if (
        isinstance(parsed.expression, Minus)
        and parsed.expression.left == Pick()
        and isinstance(last, Nth)
        and isinstance(parsed.expression.right, Nth)
    ):
        return replace(parsed, expression=Minus(last, replace(parsed.expression.right, series=last.series)))  # 哪年最高，比最低的一年多多少
    ranked = parsed.expression.series if isinstance(parsed.expression, Nth) else None
    if isinstance(last, Ratio) and _are_bodies(ranked) and not any(one.agency for one in picks(last)):
        return replace(parsed, expression=replace(parsed.expression, series=Named(_of_each(last, ranked.members))))
    expression = _since_before(_referring(parsed.expression, amounts), last)
    if (
        isinstance(expression, Ratio)
        and expression.part == Pick()
        and expression.whole is not None
        and (wider := _of_whole(last, expression.whole)) is not None
    ):
        return replace(parsed, expression=wider)
    if (
        isinstance(expression, Ratio)
        and expression.whole is None
        and isinstance(expression.part, Pick)
        and isinstance(last, Pick)
        and None not in (expression.part.item, last.item)
        and last.item != expression.part.item
    ):
        expression = replace(expression, whole=filled(last, replace(expression.part, item=None)))  # 所有项目的钱，甲工程占几成
    if isinstance(expression, Ratio) and expression.part == Pick() and expression.whole is not None and isinstance(last, Nth):
        expression = replace(expression, part=last)  # 三样哪样最大，占总数几成
    if isinstance(expression, Holds) and expression.quantity.unit == "%":
        expression = replace(expression, of=_share_of_told(expression.of, amounts))
    largest = last.right if isinstance(last, Same) and isinstance(last.right, Nth) and isinstance(expression, Nth) else None
    if largest is not None:
        context = replace(context, item=None)  # 最大的项目是甲，排第二的是哪个
    series = largest.series if largest is not None else last.series if isinstance(last, Count) else last
    if isinstance(series, Each):  # 项目按钱多少排，第二名是谁; 有几个项目，最大的占几成
        ranked_of = series
        expression = rebuilt(
            expression, lambda one: replace(one, series=ranked_of) if isinstance(one, Nth) and one.series == Each(Pick(), "parts") else one
        )
    if parsed.refers and isinstance(last, (Nth, Sum, Minus)):
        expression = _pointing(expression, last)
    if isinstance(last, Told) and last.what == "withheld" and expression == Told("reason", Pick()):
        return replace(parsed, expression=last)  # 咋不写职责，有说法吗
    if expression == Each(Pick(), "parts") and isinstance(last, Holds) and isinstance(last.of, Pick) and last.of.item is not None:
        expression = Told("purpose", last.of)  # 甲三千六百多万，用在哪些地方
    if _asks_only_what_for(expression) or expression == Told("definition", Pick()):
        change = next((node for node in walk(last) if isinstance(node, (Change, Turned))), None) if last is not None else None
        if change is not None:  # 比去年多一千多万，钱干嘛去了; 从7万降到5万，怎么解释的
            expression = replace(expression, what="reason", direction=change.direction)
    if isinstance(expression, Told) and expression.terms and expression.what != "number" and not parsed.refers:
        context = replace(context, item=None)
    if isinstance(expression, Pick) and expression.item is None and expression.agency is not None and context.agency is None:
        context = replace(context, item=None)
    if context.item is not None and isinstance(expression, Holds):
        expression = _narrowing(expression)
    return replace(parsed, expression=filled(expression, context))


def _share_of_told(of: Any, amounts: Sequence[Any]) -> Any:
    """What a percentage is claimed of: a part of an amount told before (三公35万，八成都是出国), or its whole (连三公的2%都不到)."""
    part = of.part if isinstance(of, Ratio) and of.whole is None else of
    if isinstance(part, Pick) and part.item is not None and counted_by().get(part.item.counter or "") == "vehicles":
        part = replace(part, item=Item(part.item.said, VEHICLES, (VEHICLES,)))  # 八成六都用在汽车上: what they cost
    if not isinstance(part, Pick) or part.item is None or part.item.counter:
        return of
    told = {one.item.item or one.item.said: one for one in amounts if isinstance(one, Pick) and one.item not in (None, part.item)}
    own = part.item.item or part.item.said
    whole = next((one for name, one in told.items() if own in PARTS_OF.get(name, ()) or (own != name and own.startswith(name))), None)
    within = next((one for name, one in told.items() if name in PARTS_OF.get(own, ()) or (own != name and name.startswith(own))), None)
    if whole is not None or isinstance(of, Ratio):
        return Ratio(part, whole)
    return Ratio(within, part) if within is not None else Ratio(part, list(told.values())[-1]) if told else of


def _asks_only_what_for(expression: Any) -> TypeGuard[Told]:
    """Whether it is asked what for, and of nothing that is named."""
    return (
        isinstance(expression, Told) and expression.what in ("purpose", "duties") and not expression.terms and expression.about.item is None
    )


def _part_of_it(parsed: Parsed, last: Any) -> Parsed:
    """工会经费合计，其中公用经费部分: a portion or fund after 其中 narrows the thing just told."""
    told = last.of if isinstance(last, Holds) else last
    one = parsed.expression.of if isinstance(parsed.expression, Holds) else parsed.expression
    if not isinstance(one, Pick) or one.item is None or not isinstance(told, Pick) or told.item is None or is_total(told.item):
        return parsed
    portion = PORTION_OF.get(one.item.item or "")
    if portion is not None and (told.item.item or "") not in (*PORTION_OF, *PARTS_OF) and told.item.flow != "income":
        made = replace(one, item=replace(told.item, said=told.item.said + one.item.said, portion=portion))
    elif is_fund(one.item) and told is last:
        made = replace(one, item=replace(told.item, said=told.item.said + one.item.said, fund=one.item.fund))
    else:
        return parsed
    return replace(parsed, expression=replace(parsed.expression, of=made) if isinstance(parsed.expression, Holds) else made)


def _of_each(share: Ratio, members: Sequence[Any]) -> tuple[Any, ...]:
    """A share that is said of nobody, of each of the bodies that are named behind it."""
    return tuple(filled(share, replace(picks(one)[0], item=None)) if picks(one) else share for one in members)


def _are_bodies(node: Any) -> TypeGuard[Named]:
    """Whether a list names only whose: 广州统计局高还是西安统计局高."""
    return isinstance(node, Named) and all(isinstance(one, Pick) and one.item is None and one.agency is not None for one in node.members)


def _of_whole(last: Any, whole: Any) -> Any:
    """谁的比例最高？占总支出百分之几: what was told before, with the whole that is only said now."""
    if not isinstance(last, Nth) or not any(isinstance(one, Ratio) and one.whole is None for one in walk(last)):
        return None

    def widen(one: Any) -> Any:
        return (
            replace(one, whole=filled(whole, replace(picks(one.part)[0], item=None)))
            if isinstance(one, Ratio) and one.whole is None and picks(one.part)
            else one
        )

    return rebuilt(last, widen)


def _pointing(node: Any, last: Any) -> Any:
    """The expression with what was told last where a pointing word stands for an amount."""
    from dataclasses import fields

    if node == Pick():
        return last
    if isinstance(node, (Each, Told, Pick)) or not hasattr(node, "__dataclass_fields__"):
        return node
    changed: dict[str, Any] = {}
    for one in fields(node):
        value = getattr(node, one.name)
        if isinstance(value, NODES):
            changed[one.name] = _pointing(value, last)
        elif isinstance(value, tuple) and value and isinstance(value[0], NODES):
            changed[one.name] = tuple(_pointing(inner, last) for inner in value)
    return replace(node, **changed) if changed else node


def _scope_of(parsed: Parsed, first: bool) -> Item | None:
    """The fund, table or unit that a clause only opens with (从公开05表看，…): no thing is asked of it there."""
    item = parsed.expression.item if isinstance(parsed.expression, Pick) else None
    if item is None or parsed.asks:
        return None
    bare = item.item is None and item.code is None and not item.parts
    return item if (bare and (item.fund or item.table or item.affiliate)) or (first and is_fund(item)) else None


def _narrowed(node: Any, scope: Item) -> Any:
    """The expression, with what a scope says where its picks leave it open."""

    unit = (
        None if any(one.item and one.item.affiliate == scope.affiliate for one in picks(node)) else scope.affiliate
    )  # 甲中心一家，占全局几成

    def narrow(one: Any) -> Any:
        if not isinstance(one, Pick) or one.item is None:
            return one
        item = one.item
        return replace(
            one, item=replace(item, fund=item.fund or scope.fund, table=item.table or scope.table, affiliate=item.affiliate or unit)
        )

    return rebuilt(node, narrow)


def _whose_behind(parts: list[Parsed]) -> list[Parsed]:
    """The sentences, with whose they are where that is only said behind them (…对吗？云山市教育局的)."""
    said = [one for one in parts[1:] if isinstance(one.expression, Pick) and one.expression.item is None]
    if len(said) != 1 or all(one.expression is None for one in parts if one is not said[0]):
        return parts
    give: Any = said[0].expression
    years = {one.year for part in parts if part.expression is not None for one in picks(part.expression)}
    if give.year and years - {None, give.year}:
        return parts  # 2026年的我看过了，2025年呢
    rest = [one if one.expression is None else replace(one, expression=filled(one.expression, give)) for one in parts if one is not said[0]]
    return [replace(rest[0], unread=(*rest[0].unread, *said[0].unread), ignored=(*rest[0].ignored, *said[0].ignored)), *rest[1:]]


def _without_openings(parts: list[Parsed]) -> list[Parsed]:
    """The clauses without those that only say whose, when and within what, which the others have taken up."""
    saying: list[Parsed] = []
    lost: list[Parsed] = []
    scope: Item | None = None
    for at, one in enumerate(parts):
        opened = _scope_of(one, at == 0) if at < len(parts) - 1 else None
        if opened is not None:
            scope = opened
        if (
            opened is not None
            or one.expression is None
            or (not one.asks and isinstance(one.expression, Pick) and one.expression.item is None)
        ):
            lost.append(one)
        else:
            saying.append(replace(one, expression=_narrowed(one.expression, scope)) if scope is not None else one)
    if not saying:
        return parts
    first = saying[0]
    unread = tuple(segment for one in lost for segment in one.unread)
    return [replace(first, cost=first.cost + sum(one.cost for one in lost), unread=(*unread, *first.unread)), *saying[1:]]


def _reason_for(expressions: Sequence[Any]) -> Any:
    """Why what was told in the clauses beside happened: one question (比去年多了两百万，为什么？)."""
    reasons = [one for one in expressions if isinstance(one, Told) and one.what == "reason"]
    others = [one for one in expressions if one not in reasons]
    if not reasons or not others:
        return None
    change = next((node for one in others for node in walk(one) if isinstance(node, (Change, Turned))), None)
    if change is None and not all(isinstance(one, Pick) for one in others):
        return None
    about = next((pick for one in (*others, *reasons) for pick in picks(one) if pick.item is not None), picks(reasons[0])[0])
    about = filled(about, picks(reasons[0])[0])
    direction = reasons[0].direction or (change.direction if change is not None else None)
    terms = tuple(dict.fromkeys(term for one in reasons for term in one.terms))
    return replace(reasons[0], about=about, direction=direction, terms=terms)


def _each_once(expressions: Iterable[Any]) -> tuple[Any, ...]:
    """The expressions without what another one tells too: a change asked of the same thing again (变化了百分之几，是增是减)."""
    given = list(expressions)
    compared = [{one.left, one.right} for one in given if isinstance(one, Minus)]
    ranked = [one.series.members for one in given if isinstance(one, Nth) and isinstance(one.series, Named)]
    out: list[Any] = []
    for one in given:
        if isinstance(one, Ratio) and any(_of_each(one, members) == members for members in ranked):
            continue  # 甲占乙的比例，哪家高: of each of them
        if isinstance(one, Nth) and isinstance(one.series, Named) and set(one.series.members) in compared:
            continue  # 谁多，多多少: the difference says who
        listed = one.series if isinstance(one, Top) and one.count is None else one
        if isinstance(listed, Each) and any(isinstance(other, Nth) and other.series == listed for other in given):
            continue  # the order that one of them is asked of
        if isinstance(one, Told) and one.what == "units" and any(isinstance(other, Each) and other.over == "units" for other in given):
            continue  # their amounts name them
        if isinstance(one, Told) and one.what == "number" and one.terms and any(_compares(other, one.terms) for other in given):
            continue  # 编制和实有不一样，编制比实有多几人: the difference tells both
        if isinstance(one, Told) and one.what in ("definition", "reason") and any(_says_more(other, one) for other in given):
            continue  # 名词解释，专项收入怎么讲; 咋多出175万？原因
        if not (
            isinstance(one, Change) and any(isinstance(other, Change) and (other.of, other.since) == (one.of, one.since) for other in out)
        ):
            out.append(one)
    return tuple(out)


def _compares(other: Any, terms: Sequence[str]) -> bool:
    """Whether a difference is of what words name."""
    return isinstance(other, Minus) and set(terms) <= {pick.item.said for pick in picks(other) if pick.item is not None}


def _says_more(other: Any, one: Told) -> bool:
    """Whether the same is asked elsewhere, and of more: of a thing that is named, or of a change with its direction."""
    if not isinstance(other, Told) or other.what != one.what or other == one or one.terms:
        return False
    bare = one.about.item is None and other.about.item is not None
    return bare or (one.about == other.about and one.direction is None and other.direction is not None)


def _together(parts: Sequence[Parsed], verify: bool = True) -> Parsed:
    """Several clauses as one: truths together are one truth; questions one after the other.

    Where nothing asks whether it is true, what is told beside a question only leads up to it; so does a thing that is only named.
    """
    meant = [one for one in parts if one.expression is not None]
    asking = [one for one in meant if not isinstance(one.expression, TRUTHS)]
    if not verify and any(one.asks for one in meant):  # what only comments on it
        meant = [one for one in meant if one.asks or (one.expression.item if isinstance(one.expression, Pick) else not one.is_bare)]
        asking = [one for one in meant if not isinstance(one.expression, TRUTHS)]
    if not verify and asking and not all(isinstance(one.expression, Pick) and not one.asks for one in asking):
        meant = asking
    apart = any(one.expression == Minus(Pick(), Pick()) for one in meant)  # 管理处呢？比它多多少: of what the talk told
    if len(meant) > 1 and not apart and any(not isinstance(one.expression, Pick) for one in meant):
        meant = [one for one in meant if not (isinstance(one.expression, Pick) and not one.asks)] or meant
    expression: Any = None
    if len(meant) == 1:
        expression = meant[0].expression
    elif meant:
        expressions = _each_once(dict.fromkeys(one.expression for one in meant))
        if len(expressions) == 1:
            expression = expressions[0]
        elif all(isinstance(one, TRUTHS) for one in expressions):
            expression = All(expressions)
        elif (
            not any(one.asks and isinstance(one.expression, (Change, Pick)) for one in meant)
            and (reason := _reason_for(expressions)) is not None
        ):
            expression = reason
        elif any(isinstance(one, TRUTHS) for one in expressions):
            truths: list[Any] = [one for one in expressions if isinstance(one, TRUTHS)]
            expression = All(tuple(truths)) if len(truths) > 1 else truths[0]
        else:
            expression = Both(tuple(part for one in expressions for part in (one.parts if isinstance(one, Both) else (one,))))
    return Parsed(
        expression,
        sum(one.cost for one in parts),
        tuple(segment for one in parts for segment in one.unread),
        tuple(segment for one in parts for segment in one.ignored),
        tuple(rule for one in parts for rule in one.rules),
        any(one.refers for one in parts),
        any(one.lists for one in parts),
        any(one.asks for one in parts),
    )


__all__ = ["Named", "Reader", "Understood", "counted_back", "subjects"]

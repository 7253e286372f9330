"""What clauses and turns take from those before them, and how several clauses are one question."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

from retrieval.figures.parts import PARTS_OF
from retrieval.figures.things import is_fund
from retrieval.language.segments import Parsed, Segment
from retrieval.question import expression as q
from retrieval.question.expression import Pick, filled, picks, rebuilt, walk

_APART = frozenset(("MORE", "FEWER", "DIFF", "UP", "DOWN", "OVER"))
"""Cues of how far two amounts are apart."""
_WIDER = frozenset(("UNITS", "UNITKIND", "BODIES", "ALLAG", "OWNLEVEL", "WHOLE"))


def is_wider(clause: Sequence[Segment]) -> bool:
    """Whether a clause or fragment is about more than the unit talked about (not 这|医院)."""
    own = {two for one, two in pairwise(clause) if "REF" in one.cues and "UNITKIND" in two.cues}
    return any(one.cues & _WIDER and one not in own for one in clause)


def subjects(node: Any) -> tuple[Pick, ...]:
    """The picks that an expression is about: not the earlier ones that a change is measured from."""
    if node is None:
        return ()
    if isinstance(node, (q.Change, q.Turned)):
        return subjects(node.of)
    if isinstance(node, Pick):
        return (node,)
    found = tuple(one for child in q.children(node) for one in subjects(child))
    return (tuple(one for one in found if not one.earlier) or found) if isinstance(node, q.All) else found  # 从5万涨到7万: this year's


def amounts(node: Any) -> tuple[Any, ...]:
    """The amounts that an expression told."""
    match node:
        case q.Both(parts=parts) | q.All(parts=parts):
            return tuple(amount for one in parts for amount in amounts(one))
        case q.Named(members=members):
            return members
        case q.Holds(of=of) | q.Turned(of=of) | q.Exists(of=of) | q.Change(of=of):
            return amounts(of)
        case q.Told(about=about):
            return (about,)
        case q.Each():
            return (node.of,)
        case _:
            return (node,)


def all_told(expressions: Iterable[Any]) -> list[Any]:
    """The amounts that were told, each once, where it stands last."""
    told = [amount for one in expressions if one is not None for amount in amounts(one)]
    return list(dict.fromkeys(reversed(told)))[::-1]


def _claimed(node: Any) -> list[Any]:
    """The amounts that a clause claims something of, else those that it names."""
    claimed = [one.of for one in walk(node) if isinstance(one, q.Holds)]
    return claimed or [one for one in amounts(node) if isinstance(one, Pick) and one.item is not None and not isinstance(node, q.Told)]


def talked_about(expressions: Iterable[Any]) -> Pick | None:
    """The newest thing, agency, year and kind that was told of; None where there was nothing."""
    found: Pick | None = None
    for node in expressions:
        for one in subjects(node):
            found = one if found is None else filled(one, found)
    return found


def given(parsed: Parsed, before: Sequence[Any], clause: Sequence[Segment]) -> Parsed:
    """The reading of a clause with what it leaves open taken from what was told in the clauses before."""
    node, last, about = parsed.expression, before[-1] if before else None, talked_about(before)
    if node is None and isinstance(last, q.Same) and parsed.ignored and all(one.cues & _APART for one in parsed.ignored):
        return replace(parsed, expression=q.Minus(last.left, last.right), cost=0.0, ignored=())  # 甲超过乙，超了多少
    told = list(dict.fromkeys(one for node in before if node is not None for one in _claimed(node)))
    if about is None or node is None or (node == q.Minus(Pick(), Pick()) and parsed.refers and len(told) < 2):
        return parsed
    if isinstance(node, q.Minus) and node.left == Pick() and isinstance(node.right, q.Nth) and isinstance(last, q.Nth):
        return replace(parsed, expression=q.Minus(last, replace(node.right, series=last.series)))  # 哪年最高，比最低的一年多多少
    if isinstance(last, q.Same) and isinstance(last.right, q.Nth) and isinstance(node, q.Nth):
        last, about = last.right.series, replace(about, item=None)  # 最大的项目是甲，排第二的是哪个
    units = {one.item.affiliate for told_before in before for one in picks(told_before) if one.item is not None}
    if len(units) == 1 and not (is_wider(clause) or isinstance(node, q.Told) or any(one.agency for one in picks(node))):
        node = narrowed(node, q.Item("", affiliate=units.pop()))  # 甲中心收入多少，其中财政拨款多少
    node = _of_told(_share_claimed(rebuilt(node, lambda one: _referring(one, told)), told), last)
    asks_only = isinstance(node, q.Told) and node.about.item is None and not node.terms and node.what in ("purpose", "duties", "definition")
    moved = _moved(last) if asks_only else None
    if isinstance(node, q.Told) and moved is not None:  # 比去年多一千多万，钱干嘛去了; 从7万降到5万，怎么解释的
        node = replace(node, what="reason", direction=moved.direction)
    of_words = isinstance(node, q.Told) and node.terms and node.what != "number" and not parsed.refers
    of_body = isinstance(node, Pick) and node.item is None and node.agency is not None and about.agency is None
    return replace(parsed, expression=filled(node, replace(about, item=None) if of_words or of_body else about))


def _referring(node: Any, told: Sequence[Any]) -> Any:
    """A node with the amounts before where it adds up or subtracts what it does not name (三项合计…, 轧差…)."""
    if node == q.Minus(Pick(), Pick()) and len(told) > 1:
        return q.Minus(told[-2], told[-1])
    if node == q.Sum((Pick(),)) and told:
        return q.Sum(tuple(told)) if len(told) > 1 else told[0]
    if isinstance(node, q.Same) and node.left == Pick() and told and isinstance(told[-1], (q.Sum, q.Minus)):
        return replace(node, left=told[-1])  # 三项加起来6万元，是不是跟三公经费一致
    return node


def _share_claimed(node: Any, told: Sequence[Any]) -> Any:
    """A percentage that is claimed of a thing: what it is of what was told, or what was told is of it (接待费4.52万，不到三公的10%)."""
    if not isinstance(node, q.Holds) or node.quantity.unit != "%":
        return node
    is_share = isinstance(node.of, q.Ratio) and node.of.whole is None
    of = node.of.part if isinstance(node.of, q.Ratio) and is_share else node.of
    if not isinstance(of, Pick) or of.item is None:
        return node
    others = [one for one in told if isinstance(one, Pick) and one.item not in (None, of.item)]
    wholes = [one for one in others if _is_part(of.item, one.item)]
    parts = [one for one in others if _is_part(one.item, of.item)]
    if not others or (is_share and not wholes):
        return node
    if parts and not wholes:
        return replace(node, of=q.Ratio(parts[0], of))
    return replace(node, of=q.Ratio(of, (wholes or others)[-1]))


def _is_part(one: Any, whole: Any) -> bool:
    """Whether one thing is always a part of another."""
    return (one.item or one.said) in PARTS_OF.get(whole.item or whole.said, ())


def _of_told(node: Any, last: Any) -> Any:
    """A share or a rank of what was told right before."""
    if isinstance(node, q.Ratio) and isinstance(node.part, Pick):
        if isinstance(last, q.Nth) and node.part == Pick() and node.whole is not None:
            return replace(node, part=last)  # 三样哪样最大，占总数几成
        things = (node.part.item, last.item) if isinstance(last, Pick) else (None, None)
        if node.whole is None and None not in things and things[0] != things[1]:
            return replace(node, whole=filled(last, replace(node.part, item=None)))  # 所有项目的钱，甲工程占几成
    series = last.series if isinstance(last, q.Count) else last
    if isinstance(series, q.Each):  # 项目按钱多少排，第二名是谁; 有几个项目，最大的占几成
        open_ = q.Each(Pick(), "parts")
        return rebuilt(node, lambda one: replace(one, series=series) if isinstance(one, q.Nth) and one.series == open_ else one)
    return node


def _moved(node: Any) -> q.Change | q.Turned | None:
    """The change that an expression tells of."""
    return next((one for one in walk(node) if isinstance(one, (q.Change, q.Turned))), None) if node is not None else None


def whose_behind(parts: list[Parsed]) -> list[Parsed]:
    """The clauses, with whose they are where that is only said behind them (…对吗？云山市教育局的)."""
    said = [one for one in parts[1:] if isinstance(one.expression, Pick) and one.expression.item is None]
    others = [one for one in parts if one not in said]
    if len(said) != 1 or all(one.expression is None for one in others):
        return parts
    give: Any = said[0].expression
    years = {one.year for part in others for one in picks(part.expression)}
    if give.year and years - {None, give.year}:
        return parts  # 2026年的我看过了，2025年呢
    rest = [replace(one, expression=filled(one.expression, give)) for one in others]
    return [replace(rest[0], unread=(*rest[0].unread, *said[0].unread), ignored=(*rest[0].ignored, *said[0].ignored)), *rest[1:]]


def scope_of(parsed: Parsed, first: bool) -> q.Item | None:
    """The fund, table or unit that a clause only opens with (从公开05表看，…): no thing is asked of it there."""
    item = parsed.expression.item if isinstance(parsed.expression, Pick) else None
    if item is None or parsed.asks:
        return None
    bare = item.item is None and item.code is None and not item.parts
    return item if (bare and (item.fund or item.table or item.affiliate)) or (first and is_fund(item)) else None


def narrowed(node: Any, scope: q.Item) -> Any:
    """The expression, with what a scope says where its picks leave it open; a unit that one of them names is set against the rest."""
    named = any(one.item and one.item.affiliate == scope.affiliate for one in picks(node))  # 甲中心一家，占全局几成
    unit = None if named else scope.affiliate

    def narrow(one: Any) -> Any:
        if not isinstance(one, Pick) or one.item is None:
            return one
        item = one.item
        fund, table, affiliate = item.fund or scope.fund, item.table or scope.table, item.affiliate or unit
        return replace(one, item=replace(item, fund=fund, table=table, affiliate=affiliate))

    return rebuilt(node, narrow)


def without_openings(parts: list[Parsed]) -> list[Parsed]:
    """The clauses without those that only say whose, when and within what, which the others have taken up."""
    saying: list[Parsed] = []
    lost: list[Parsed] = []
    scope: q.Item | None = None
    for at, one in enumerate(parts):
        opened = scope_of(one, at == 0) if at < len(parts) - 1 else None
        scope = opened or scope
        names_no_thing = not one.asks and isinstance(one.expression, Pick) and one.expression.item is None
        if opened is not None or one.expression is None or names_no_thing:
            lost.append(one)
        else:
            saying.append(replace(one, expression=narrowed(one.expression, scope)) if scope is not None else one)
    if not saying:
        return parts
    first = saying[0]
    unread = tuple(segment for one in lost for segment in one.unread)
    return [replace(first, cost=first.cost + sum(one.cost for one in lost), unread=(*unread, *first.unread)), *saying[1:]]


def together(parts: Sequence[Parsed], verify: bool = True) -> Parsed:
    """Several clauses as one: truths together are one truth; questions one after the other.

    Where nothing asks whether it is true, what is told beside a question only leads up to it; so does a thing that is only named.
    """
    meant = [one for one in parts if one.expression is not None]
    if not verify and any(one.asks for one in meant):  # what only comments on it
        meant = [one for one in meant if one.asks or (one.expression.item if isinstance(one.expression, Pick) else not one.is_bare)]
    asking = [one for one in meant if not isinstance(one.expression, q.TRUTHS)]
    if not verify and not all(isinstance(one.expression, Pick) and not one.asks for one in asking):
        meant = asking
    apart = any(one.expression == q.Minus(Pick(), Pick()) for one in meant)  # 管理处呢？比它多多少: of what the talk told
    if not apart and any(not isinstance(one.expression, Pick) for one in meant):
        meant = [one for one in meant if one.asks or not isinstance(one.expression, Pick)]
    own_question = any(one.asks and isinstance(one.expression, (q.Change, Pick)) for one in meant)
    return Parsed(
        _as_one(_each_once(dict.fromkeys(one.expression for one in meant)), own_question),
        sum(one.cost for one in parts),
        tuple(segment for one in parts for segment in one.unread),
        tuple(segment for one in parts for segment in one.ignored),
        tuple(rule for one in parts for rule in one.rules),
        any(one.refers for one in parts),
        any(one.lists for one in parts),
        any(one.asks for one in parts),
    )


def _as_one(expressions: list[Any], own_question: bool) -> Any:
    """Several expressions as one; `own_question`: one of them asks for an amount or a change, beside what is asked of why."""
    truths: list[Any] = [one for one in expressions if isinstance(one, q.TRUTHS)]
    if len(expressions) < 2:
        return expressions[0] if expressions else None
    if len(truths) < len(expressions) and not own_question and (reason := _reason_for(expressions)) is not None:
        return reason
    if truths:
        return q.All(tuple(truths)) if len(truths) > 1 else truths[0]
    return q.Both(tuple(part for one in expressions for part in (one.parts if isinstance(one, q.Both) else (one,))))


def _reason_for(expressions: Sequence[Any]) -> Any:
    """Why what was told in the clauses beside happened: one question (比去年多了两百万，为什么？)."""
    reasons = [one for one in expressions if isinstance(one, q.Told) and one.what == "reason"]
    others = [one for one in expressions if one not in reasons]
    change = next((moved for one in others if (moved := _moved(one)) is not None), None)
    if not (reasons and others) or (change is None and not all(isinstance(one, Pick) for one in others)):
        return None
    own = reasons[0].about
    about = next((pick for one in (*others, *reasons) for pick in picks(one) if pick.item is not None), own)
    direction = reasons[0].direction or (change.direction if change is not None else None)
    terms = tuple(dict.fromkeys(term for one in reasons for term in one.terms))
    return replace(reasons[0], about=filled(about, own), direction=direction, terms=terms)


def _each_once(expressions: Iterable[Any]) -> list[Any]:
    """The expressions without what another one tells too."""
    out: list[Any] = []
    for one in (given := list(expressions)):
        listed = one.series if isinstance(one, q.Top) and one.count is None else one
        ordered = isinstance(listed, q.Each) and any(isinstance(other, q.Nth) and other.series == listed for other in given)
        explained = isinstance(one, q.Told) and any(
            _says_more(other, one) for other in given
        )  # 名词解释，专项收入怎么讲; 咋多出175万？原因
        again = isinstance(one, q.Change) and any(  # 变化了百分之几，是增是减
            isinstance(other, q.Change) and (other.of, other.since) == (one.of, one.since) for other in out
        )
        if not (ordered or explained or again):
            out.append(one)
    return out


def _says_more(other: Any, one: q.Told) -> bool:
    """Whether the same is asked elsewhere, and of more: of a thing that is named, or of a change with its direction."""
    if not isinstance(other, q.Told) or other.what != one.what or one.what not in ("definition", "reason") or one.terms:
        return False
    bare = one.about.item is None and other.about.item is not None
    return bare or (one.about == other.about and one.direction is None and other.direction is not None)

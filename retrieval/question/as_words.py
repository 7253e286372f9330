"""An expression in plain Chinese: how a question was understood, so that its asker sees what was taken for what.

The words are those of data/vocabulary/answers.toml, section [understood]. Whose and when stand once, in front, where all figures share
them: 示例市教育局 · 2025年预算 · 公务接待费 占 三公经费 的比例.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick, Quantity, Quote, picks

_ANSWERS = Path(__file__).parent.parent.parent / "data" / "vocabulary" / "answers.toml"
_PLAIN = (Pick, q.Hole, q.Told, q.Count)  # never put into brackets inside another node


@cache
def words() -> dict[str, dict[str, str]]:
    """The sections of data/vocabulary/answers.toml."""
    return tomllib.loads(_ANSWERS.read_text("utf-8"))


def _say(name: str, /, **fields: object) -> str:
    return words()["understood"][name].format(**fields)


def as_words(expression: Any, names: Mapping[str, str]) -> str:
    """How an expression is to be read; `names` gives an agency's name by its id. Empty for None."""
    if expression is None:
        return ""
    found = picks(expression)
    agencies = {one.agency for one in found}
    times = {(one.year, one.earlier, one.kind) for one in found}
    teller = _Teller(names, whose=len(agencies) > 1, when=len(times) > 1)
    head: list[str] = []
    if found and len(agencies) == 1 and found[0].agency is not None:
        head.append(teller.agency(found[0].agency))
    if found and len(times) == 1 and (when := teller.when(found[0])):
        head.append(when)
    return _say("apart").join((*head, teller.of(expression)))


class _Teller:
    """Tells nodes; whose and when only where figures differ in them."""

    def __init__(self, names: Mapping[str, str], *, whose: bool, when: bool) -> None:
        self.names = names
        self.tells_whose = whose
        self.tells_when = when

    def of(self, node: Any) -> str:
        """The words of a node."""
        return getattr(self, "_" + type(node).__name__.lower())(node)

    def inner(self, node: Any) -> str:
        """The words of a node inside another: in brackets, where it is composed itself."""
        if node is None:
            return ""
        told = self.of(node)
        return told if isinstance(node, _PLAIN) else _say("bracket", words=told)

    def list_of(self, nodes: tuple[Any, ...]) -> str:
        return _say("list").join(self.inner(one) for one in nodes)

    def agency(self, agency: str) -> str:
        return self.names.get(agency, agency)

    def when(self, pick: Pick) -> str:
        """2025年预算 · 上一年决算 · 预算; empty where nothing is said."""
        year = ""
        if pick.year is not None:
            year = _say("year", year=pick.year)
        elif pick.earlier is not None:
            year = _say(f"earlier_{pick.earlier}" if pick.earlier in (0, 1) else "earlier_more", number=pick.earlier)
        return year + (words()["kind"][pick.kind] if pick.kind is not None else "")

    def _pick(self, node: Pick) -> str:
        who = self.agency(node.agency) if self.tells_whose and node.agency is not None else ""
        when = self.when(node) if self.tells_when else ""
        what = self.item(node.item) if node.item is not None else _say("nothing")
        what = _say("there", what=what, place=_say("list").join(map(self.agency, node.there))) if node.there else what
        what = _say("published", what=what, year=node.published) if node.published is not None else what
        return _say("pick", context=who + when, what=what) if who or when else what

    def _quote(self, node: Quote) -> str:
        who = self.agency(node.agency) if node.agency is not None else ""
        count = len(node.spans)
        return who + (_say("quote_number", number=node.number) if node.number is not None else _say("quote", count=count))

    def item(self, item: Item) -> str:
        """A thing with all that narrows it."""
        name = item.item or item.said or item.code or _say("nothing")
        if item.affiliate is not None:
            name = item.affiliate if item.item is None else _say("of_unit", unit=item.affiliate, what=name)
        narrowed = [
            words()["fund"][item.fund] if item.fund is not None else "",
            (words()["portion"].get(item.portion) or _say(f"portion_{item.portion}")) if item.portion is not None else "",
            _say(f"flow_{item.flow}") if item.flow is not None else "",
            _say(f"class_{item.classification}") if item.classification is not None else "",
            _say("measure_" + item.measure) if item.measure is not None else "",
            _say("code", code=item.code) if item.code is not None and item.code != name else "",
            _say("under", under=item.under) if item.under is not None else "",
            _say("table", table=item.table) if item.table is not None else "",
            _say("column", column=item.column) if item.column is not None else "",
            _say("counted", counter=item.counter) if item.counter is not None else "",
            _say("parts", parts=_say("list").join(map(self.item, item.parts))) if item.parts else "",
            _say("without", parts=_say("list").join(map(self.item, item.without))) if item.without else "",
        ]
        told = _say("also").join(one for one in narrowed if one and one not in name)
        return _say("narrowed", what=name, how=told) if told else name

    def quantity(self, quantity: Quantity) -> str:
        number = f"{quantity.number:f}{quantity.unit}"
        return _say(f"rounded_{quantity.rounded}", number=number) if quantity.rounded is not None else number

    # ── amounts ──

    def _hole(self, node: q.Hole) -> str:
        return _say("member")

    def _sum(self, node: q.Sum) -> str:
        return _say("sum", parts=self.list_of(node.parts))

    def _minus(self, node: q.Minus) -> str:
        return _say("minus_signed" if node.signed else "minus", left=self.inner(node.left), right=self.inner(node.right))

    def _less(self, node: q.Less) -> str:
        return _say("less", whole=self.inner(node.whole), parts=self.list_of(node.parts))

    def _ratio(self, node: q.Ratio) -> str:
        whole = self.inner(node.whole) if node.whole is not None else _say("whole")
        return _say(f"ratio_{node.form}", part=self.inner(node.part), whole=whole)

    def _change(self, node: q.Change) -> str:
        since = self.inner(node.since) if node.since is not None else _say("year_before")
        verb, form = _say(f"verb_{node.direction or 'any'}"), _say(f"form_{node.form}")
        return _say("change", of=self.inner(node.of), since=since, verb=verb, form=form)

    def _mean(self, node: q.Mean) -> str:
        return _say("mean", of=self.inner(node.of))

    # ── series, and one of a series ──

    def _each(self, node: q.Each) -> str:
        of = self._pick(node.of)
        over = _say("over_below" if node.below else f"over_{node.over}")
        told = over if of == _say("nothing") else _say("each", of=of, over=over)
        told = _say("so_many", series=told, number=node.number) if node.number is not None else told
        return _say("bearing", series=told, name=node.named) if node.named is not None else told

    def _named(self, node: q.Named) -> str:
        return _say("named", members=self.list_of(node.members))

    def _by(self, node: q.By) -> str:
        return _say("by", series=self.inner(node.series), function=self.of(node.function))

    def _where(self, node: q.Where) -> str:
        return _say("where", series=self.inner(node.series), relation=_say(f"relation_{node.relation}"), than=self.quantity(node.than))

    def _top(self, node: q.Top) -> str:
        name = f"top_{node.order}" if node.count is not None else f"order_{node.order}"
        return _say(name, series=self.inner(node.series), count=node.count)

    def _nth(self, node: q.Nth) -> str:
        return _say(f"nth_{node.order}" if node.place == 1 else f"place_{node.order}", series=self.inner(node.series), place=node.place)

    def _place(self, node: q.Place) -> str:
        return _say("place", series=self.inner(node.series), member=self.inner(node.member))

    def _count(self, node: q.Count) -> str:
        return _say("count", series=self.inner(node.series))

    # ── truths ──

    def _holds(self, node: q.Holds) -> str:
        return _say("holds", of=self.inner(node.of), relation=_say(f"relation_{node.relation}"), quantity=self.quantity(node.quantity))

    def _same(self, node: q.Same) -> str:
        return _say(f"same_{node.relation}", left=self.inner(node.left), right=self.inner(node.right))

    def _turned(self, node: q.Turned) -> str:
        since = self.inner(node.since) if node.since is not None else _say("year_before")
        return _say("turned", of=self.inner(node.of), since=since, verb=_say(f"turned_{node.direction}"))

    def _exists(self, node: q.Exists) -> str:
        return _say("absent" if node.absent else "exists", of=self.inner(node.of))

    def _all(self, node: q.All) -> str:
        return _say("and").join(self.of(one) for one in node.parts)

    # ── words, and several ──

    def _told(self, node: q.Told) -> str:
        verb = _say(f"verb_{node.direction}") if node.direction is not None else ""
        told = _say(f"told_{node.what}", about=self._pick(node.about), verb=verb)
        if node.counter is not None:
            told = _say("narrowed", what=told, how=_say("counted", counter=node.counter))
        return _say("terms", told=told, terms=_say("list").join(node.terms)) if node.terms else told

    def _both(self, node: q.Both) -> str:
        return _say("then").join(self.of(one) for one in node.parts)


__all__ = ["as_words", "words"]

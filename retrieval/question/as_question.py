"""An expression said as a plain question, in words that the grammar reads back as the same expression.

So whatever was understood, or nearly so, can be offered as a question to click. Words: data/vocabulary/answers.toml, section [asked].
What has no plain wording is said by nobody: None.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from retrieval.question import expression as q
from retrieval.question.as_words import words
from retrieval.question.expression import Item, Pick, picks

_COUNTED = {"辆": "cars", "人": "staff"}


class _Unsaid(Exception):
    """A node that has no plain wording."""


def _say(name: str, /, **fields: object) -> str:
    template = words()["asked"].get(name)
    if template is None:
        raise _Unsaid(name)
    return template.format(**fields)


def as_question(expression: Any, names: Mapping[str, str]) -> str | None:
    """A question that asks for an expression; `names` gives an agency's name by its id. None where it can't be said.

    Whose and when stand in front, once, where all figures share them.
    """
    found = picks(expression)
    if not found or any(one.there or one.published is not None for one in found):
        return None
    agencies = {one.agency for one in found}
    times = {(one.year, one.earlier, one.kind) for one in found}
    teller = _Asking(names, whose=len(agencies) > 1, when=len(times) > 1)
    try:
        head = names.get(next(iter(agencies)) or "", "") if len(agencies) == 1 else ""
        return head + (teller.when(found[0]) if len(times) == 1 else "") + teller.of(expression)
    except _Unsaid:
        return None


class _Asking:
    """Asks for nodes; whose and when only where figures differ in them."""

    def __init__(self, names: Mapping[str, str], *, whose: bool, when: bool) -> None:
        self.names = names
        self.tells_whose = whose
        self.tells_when = when

    def of(self, node: Any) -> str:
        """The question for a node."""
        asks = getattr(self, "_" + type(node).__name__.lower(), None)
        if asks is None:
            raise _Unsaid(type(node).__name__)
        return asks(node)

    def when(self, pick: Pick) -> str:
        """2025年预算; empty where nothing is said."""
        if pick.earlier is not None and pick.earlier > 1:
            raise _Unsaid("earlier")
        year = _say("year", year=pick.year) if pick.year is not None else _say("last_year") if pick.earlier == 1 else ""
        return year + (words()["kind"][pick.kind] if pick.kind is not None else "")

    # ── as names inside a question ──

    def noun(self, node: Any) -> str:
        """An amount as the name of a thing."""
        if isinstance(node, Pick):
            return self.pick(node)
        if isinstance(node, q.Sum) and not any(isinstance(one, q.SERIES) for one in node.parts):
            return _say("sum", parts=self.list_of(node.parts))
        if isinstance(node, q.Less) and not isinstance(node.whole, q.SERIES):
            return _say("less", whole=self.noun(node.whole), parts=self.list_of(node.parts))
        if isinstance(node, q.Nth) and node.place == 1 and isinstance(node.series, q.Each) and node.series.over == "projects":
            return _say(f"project_{node.order}")
        raise _Unsaid(type(node).__name__)

    def list_of(self, nodes: tuple[Any, ...]) -> str:
        return _say("list").join(self.noun(one) for one in nodes)

    def pick(self, node: Pick) -> str:
        who = self.names.get(node.agency or "", "") if self.tells_whose else ""
        when = self.when(node) if self.tells_when else ""
        what = self.item(node.item) if node.item is not None else _say("total")
        return (_say("whose", who=who + when) if who else when) + what

    def item(self, item: Item) -> str:
        """A thing with what narrows it."""
        if item.column is not None or item.portion in ("total", "other"):
            raise _Unsaid("column")
        name = item.item or (item.said if item.parts else None) or item.code
        if item.measure == "count" or name is None:
            name = item.said if item.affiliate is None else None
        what = name or ""
        if item.code is not None and item.code != what:
            what = item.code + what
        if item.portion is not None and words()["portion"].get(item.portion) != what:
            what = _say("with_portion", what=what, portion=words()["portion"][item.portion])
        if item.fund is not None and words()["fund"][item.fund] not in what:
            what = _say("of_fund", fund=words()["fund"][item.fund], what=what)
        if item.under is not None:
            what = _say("under", under=item.under, what=what)
        if item.without:
            what = _say("without", what=what, parts=_say("list").join(map(self.item, item.without)))
        if item.table is not None:
            number, _, title = item.table.partition("|")
            told = number[1:] if number.startswith("#") else ""
            what = _say("in_table_number", number=told, what=what) if told else _say("in_table", table=title or number, what=what)
        if item.affiliate is not None:
            what = _say("of_unit", unit=item.affiliate, what=what) if what else item.affiliate
        return what

    # ── amounts ──

    def _pick(self, node: Pick) -> str:
        return _say("how_much", what=self.pick(node))

    def _sum(self, node: q.Sum) -> str:
        if len(node.parts) == 1 and isinstance(node.parts[0], q.Each) and node.parts[0].over == "rows":
            return _say("each_rows", of=self.pick(node.parts[0].of))
        return _say("sum_asked", what=self.noun(node))

    def _less(self, node: q.Less) -> str:
        return _say("how_much", what=self.noun(node))

    def _minus(self, node: q.Minus) -> str:
        if self.tells_when and not self.tells_whose:
            raise _Unsaid("a change")  # 决算比预算多多少 is read as one
        return _say("minus_signed" if node.signed else "minus", left=self.noun(node.left), right=self.noun(node.right))

    def _ratio(self, node: q.Ratio) -> str:
        if node.whole is None:
            return _say("ratio_alone", part=self.noun(node.part))
        return _say(f"ratio_{node.form}", part=self.noun(node.part), whole=self.noun(node.whole))

    def _change(self, node: q.Change) -> str:
        direction = node.direction if node.direction in ("up", "down") else "any"
        if node.since is None:
            return _say(f"change_{node.form}_{direction}", of=self.noun(node.of))
        if not (isinstance(node.of, Pick) and isinstance(node.since, Pick) and node.of.year and node.since.year):
            raise _Unsaid("since")
        if node.of.kind is not None:
            raise _Unsaid("kind")
        bare = _Asking(self.names, whose=False, when=False).noun(node.of)
        return _say("change_since", of=bare, now=node.of.year, since=node.since.year)

    def _mean(self, node: q.Mean) -> str:
        if not isinstance(node.of, q.Named):
            raise _Unsaid("mean")
        return _say("mean", of=self.list_of(node.of.members))

    # ── series, and one of a series ──

    def _each(self, node: q.Each) -> str:
        if node.named is not None:
            raise _Unsaid("named")
        return _say(f"each_{node.over}", of=self.pick(node.of))

    def _named(self, node: q.Named) -> str:
        return _say("named", members=self.list_of(node.members))

    def ranked(self, name: str, series: Any) -> str:
        """A question about the order of a series."""
        if isinstance(series, q.Each) and series.named is None:
            return _say(f"{name}_{series.over}", of=self.pick(series.of))
        if isinstance(series, q.Named) and self.tells_whose and all(isinstance(one, Pick) for one in series.members):
            members = [one for one in series.members if isinstance(one, Pick)]
            if len({one.item for one in members}) == 1 and not self.tells_when:
                who = _say("list").join(self.names.get(one.agency or "", "") for one in members)
                bare = _Asking(self.names, whose=False, when=False).pick(members[0])
                return _say(f"{name}_named_who", members=who, of=bare)
        if isinstance(series, q.Named):
            return _say(f"{name}_named", members=self.list_of(series.members))
        raise _Unsaid("series")

    def _nth(self, node: q.Nth) -> str:
        if node.place != 1:
            return _say(f"place_{node.order}_{node.series.over if isinstance(node.series, q.Each) else ''}", place=node.place)
        series = node.series
        if isinstance(series, q.By):
            if not (isinstance(series.function, q.Change) and isinstance(series.function.of, q.Hole)):
                raise _Unsaid("by")
            direction = series.function.direction
            return self.ranked(f"changed_{direction}", series.series)
        return self.ranked(f"nth_{node.order}", series)

    def _top(self, node: q.Top) -> str:
        if not (isinstance(node.series, q.Each) and node.series.named is None):
            raise _Unsaid("top")
        name = f"top_{node.order}" if node.count is not None else f"order_{node.order}"
        return _say(f"{name}_{node.series.over}", count=node.count, of="")

    def _where(self, node: q.Where) -> str:
        if not (isinstance(node.series, q.Each) and node.series.named is None):
            raise _Unsaid("where")
        return _say(f"where_{node.relation}_{node.series.over}", than=self.quantity(node.than))

    def _count(self, node: q.Count) -> str:
        series = node.series
        if isinstance(series, q.Where) and isinstance(series.series, q.Each) and series.series.named is None:
            return _say(f"count_where_{series.relation}_{series.series.over}", than=self.quantity(series.than))
        if not (isinstance(series, q.Each) and series.named is None):
            raise _Unsaid("count")
        return _say(f"count_{series.over}")

    @staticmethod
    def quantity(quantity: q.Quantity) -> str:
        return f"{quantity.number:f}{quantity.unit}"

    # ── truths ──

    def claim(self, node: Any) -> str:
        """A truth as it is claimed."""
        if not isinstance(node, q.Holds):
            raise _Unsaid("claim")
        if isinstance(node.of, q.Change) and node.relation in ("up", "down") and node.of.since is None:
            verb = words()["verbs"]["increase" if node.relation == "up" else "decrease"]
            return _say("is", of=_say("changed", of=self.noun(node.of.of)), relation=verb, quantity=self.quantity(node.quantity))
        if isinstance(node.of, q.Ratio) and node.of.whole is not None and node.relation in ("is", "about"):
            told = _say("ratio_claimed", part=self.noun(node.of.part), whole=self.noun(node.of.whole))
            return _say("is", of=told, relation="", quantity=self.quantity(node.quantity))
        relation = words()["understood"].get(f"relation_{node.relation}", "")
        return _say("is", of=self.noun(node.of), relation=relation, quantity=self.quantity(node.quantity))

    def _holds(self, node: q.Holds) -> str:
        return _say("is_true", claims=self.claim(node))

    def _all(self, node: q.All) -> str:
        return _say("is_true", claims="，".join(self.claim(one) for one in node.parts))

    def _same(self, node: q.Same) -> str:
        return _say(f"same_{node.relation}", left=self.noun(node.left), right=self.noun(node.right))

    def _turned(self, node: q.Turned) -> str:
        if node.since is not None:
            raise _Unsaid("since")
        return _say(f"turned_{node.direction}", of=self.noun(node.of))

    def _exists(self, node: q.Exists) -> str:
        return _say("absent" if node.absent else "exists", of=self.noun(node.of))

    # ── words, and several ──

    def _told(self, node: q.Told) -> str:
        if node.what == "number":
            if node.counter not in _COUNTED or node.about.item is not None:
                raise _Unsaid("number")
            return _say(f"told_number_{_COUNTED[node.counter]}")
        if node.what == "passage":
            said = [*([self.pick(node.about)] if node.about.item is not None else []), *node.terms]
            told = _say("told_passage", about=_say("list").join(said))
            return _say("passage_counted", told=told, counter=node.counter) if node.counter else told
        if node.what == "reason":
            direction = node.direction if node.direction in ("up", "down") else "any"
            return _say(f"told_reason_{direction}", about=self.pick(node.about))
        return _say(f"told_{node.what}", about=self.pick(node.about))

    def _both(self, node: q.Both) -> str:
        if len(node.parts) != 2:
            raise _Unsaid("both")
        return _say("both", first=self.of(node.parts[0]), second=self.of(node.parts[1]))


__all__ = ["as_question"]

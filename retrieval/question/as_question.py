"""An expression said as a plain question, in words that the grammar reads back as the same expression.

So whatever was understood, or nearly so, can be offered as a question to click. Words: data/vocabulary/answers.toml, section [asked].
What has no plain wording is said by nobody: None.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from retrieval.question import expression as q
from retrieval.question.as_words import Telling, words
from retrieval.question.expression import Item, Pick, Quantity, picks


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
    teller = _Asking(names, found)
    try:
        head = names.get(found[0].agency or "", "") if not teller.tells_whose else ""
        return head + (teller.when(found[0]) if not teller.tells_when else "") + teller.of(expression)
    except _Unsaid:
        return None


class _Asking(Telling):
    """Asks for nodes."""

    def of(self, node: Any) -> str:
        """The question for a node."""
        match node:
            case Pick() | q.Less():
                return _say("how_much", what=self.noun(node))
            case q.Sum(parts=(q.Each(over="rows", of=of),)):
                return _say("each_rows", of=self.pick(of))
            case q.Sum():
                return _say("sum_asked", what=self.noun(node))
            case q.Minus() if self.tells_whose or not self.tells_when:  # 决算比预算多多少 is read as a change
                return _say("minus_signed" if node.signed else "minus", left=self.noun(node.left), right=self.noun(node.right))
            case q.Ratio(whole=None):
                return _say("ratio_alone", part=self.noun(node.part))
            case q.Ratio():
                return _say(f"ratio_{node.form}", part=self.noun(node.part), whole=self.noun(node.whole))
            case q.Change(since=None):
                return _say(f"change_{node.form}_{_way(node.direction)}", of=self.noun(node.of))
            case q.Change(of=Pick(year=int(now), kind=None) as of, since=Pick(year=int(since))):
                return _say("change_since", of=_Asking(self.names).noun(of), now=now, since=since)
            case q.Mean(of=q.Named(members=members)):
                return _say("mean", of=self.list_of(members))
            case q.Each(named=None):
                return _say(f"each_{node.over}", of=self.pick(node.of))
            case q.Named():
                return _say("named", members=self.list_of(node.members))
            case q.Nth(place=1, series=q.By(series=series, function=q.Change(of=q.Hole(), direction=direction))):
                return self.ranked(f"changed_{direction}", series)
            case q.Nth(place=1, after=None):
                return self.ranked(f"nth_{node.order}", node.series)
            case q.Nth(series=q.Each(over=over), after=None):
                return _say(f"place_{node.order}_{over}", place=node.place)
            case q.Top(series=q.Each(named=None, over=over)):
                return _say(f"{'order' if node.count is None else 'top'}_{node.order}_{over}", count=node.count)
            case q.Where(series=q.Each(named=None, over=over)):
                return _say(f"where_{node.relation}_{over}", than=_quantity(node.than))
            case q.Count(series=q.Where(series=q.Each(named=None, over=over)) as some):
                return _say(f"count_where_{some.relation}_{over}", than=_quantity(some.than))
            case q.Count(series=q.Each(named=None, over=over)):
                return _say(f"count_{over}")
            case q.Holds() | q.All():
                claims = node.parts if isinstance(node, q.All) else (node,)
                return _say("is_true", claims="，".join(map(self.claim, claims)))
            case q.Same():
                return _say(f"same_{node.relation}", left=self.noun(node.left), right=self.noun(node.right))
            case q.Turned(since=None):
                return _say(f"turned_{node.direction}", of=self.noun(node.of))
            case q.Exists():
                return _say("absent" if node.absent else "exists", of=self.noun(node.of))
            case q.Told():
                return self.told(node)
            case q.Both(parts=(first, second)):
                return _say("both", first=self.of(first), second=self.of(second))
            case _:
                raise _Unsaid(type(node).__name__)

    def when(self, pick: Pick) -> str:
        """2025年预算; empty where nothing is said."""
        if pick.earlier is not None and pick.earlier > 1:
            raise _Unsaid("earlier")
        year = _say("year", year=pick.year) if pick.year is not None else _say("last_year") if pick.earlier == 1 else ""
        return year + (words()["kind"][pick.kind] if pick.kind is not None else "")

    def noun(self, node: Any) -> str:
        """An amount as the name of a thing."""
        match node:
            case Pick():
                return self.pick(node)
            case q.Sum() if not any(isinstance(one, q.SERIES) for one in node.parts):
                return _say("sum", parts=self.list_of(node.parts))
            case q.Less() if not isinstance(node.whole, q.SERIES):
                return _say("less", whole=self.noun(node.whole), parts=self.list_of(node.parts))
            case q.Nth(place=1, series=q.Each(over="projects")):
                return _say(f"project_{node.order}")
            case _:
                raise _Unsaid(type(node).__name__)

    def list_of(self, nodes: Iterable[Any]) -> str:
        return _say("list").join(map(self.noun, nodes))

    def pick(self, node: Pick) -> str:
        who = self.names.get(node.agency or "", "") if self.tells_whose else ""
        when = self.when(node) if self.tells_when else ""
        what = self.item(node.item) if node.item is not None else _say("total")
        return (_say("whose", who=who + when) if who else when) + what

    def item(self, item: Item) -> str:
        """A thing with what narrows it."""
        if item.portion in ("total", "other"):
            raise _Unsaid("portion")
        name = item.item or (item.said if item.parts else None) or item.code
        if name is None:
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
        if item.table is not None:
            number, _, title = item.table.partition("|")
            told = number[1:] if number.startswith("#") else ""
            what = _say("in_table_number", number=told, what=what) if told else _say("in_table", table=title or number, what=what)
        if item.affiliate is not None:
            what = _say("of_unit", unit=item.affiliate, what=what) if what else item.affiliate
        return what

    def ranked(self, name: str, series: Any) -> str:
        """A question about the order of a series."""
        match series:
            case q.Each(named=None):
                return _say(f"{name}_{series.over}", of=self.pick(series.of))
            case q.Named(members=members):
                found = [one for one in members if isinstance(one, Pick)]
                if self.tells_whose and not self.tells_when and len(found) == len(members) and len({one.item for one in found}) == 1:
                    who = _say("list").join(self.names.get(one.agency or "", "") for one in found)
                    return _say(f"{name}_named_who", members=who, of=_Asking(self.names).pick(found[0]))
                return _say(f"{name}_named", members=self.list_of(members))
            case _:
                raise _Unsaid("series")

    def claim(self, node: Any) -> str:
        """A truth as it is claimed."""
        match node:
            case q.Holds(relation="up" | "down", of=q.Change(since=None, of=of)):
                of, relation = _say("changed", of=self.noun(of)), words()["verbs"]["increase" if node.relation == "up" else "decrease"]
            case q.Holds(relation="is" | "about", of=q.Ratio(part=part, whole=whole)) if whole is not None:
                of, relation = _say("ratio_claimed", part=self.noun(part), whole=self.noun(whole)), ""
            case q.Holds():
                of, relation = self.noun(node.of), words()["understood"].get(f"relation_{node.relation}", "")
            case _:
                raise _Unsaid("claim")
        return _say("is", of=of, relation=relation, quantity=_quantity(node.quantity))

    def told(self, node: q.Told) -> str:
        """A question for words of the prose."""
        match node.what:
            case "number" if node.about.item is None:
                return _say(f"told_number_{node.counter}")
            case "passage":
                said = [*([self.pick(node.about)] if node.about.item is not None else []), *node.terms]
                told = _say("told_passage", about=_say("list").join(said))
                return _say("passage_counted", told=told, counter=node.counter) if node.counter else told
            case "reason":
                return _say(f"told_reason_{_way(node.direction)}", about=self.pick(node.about))
            case _:
                return _say(f"told_{node.what}", about=self.pick(node.about))


def _way(direction: str | None) -> str:
    return direction if direction in ("up", "down") else "any"


def _quantity(quantity: Quantity) -> str:
    return f"{quantity.number:f}{quantity.unit}"

"""An expression in plain Chinese: how a question was understood, so that its asker sees what was taken for what.

The words are those of data/vocabulary/answers.toml, section [understood]. Whose and when stand once, in front, where all figures share
them: 示例市教育局 · 2025年预算 · 公务接待费 占 三公经费 的比例.
"""

from __future__ import annotations

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import fields
from functools import cache
from typing import Any

from retrieval.question import expression as q
from retrieval.question.expression import NODES, Item, Pick, Quantity, picks
from store.vocabulary import DATA

_PLAIN = (Pick, q.Hole, q.Told, q.Count)  # never put into brackets inside another node


@cache
def words(file: str = "answers.toml") -> dict[str, dict[str, str]]:
    """The sections of a file of sentences in data/vocabulary."""
    return tomllib.loads((DATA / "vocabulary" / file).read_text("utf-8"))


def _say(name: str, /, **fields: object) -> str:
    return words()["understood"][name].format(**fields)


def as_words(expression: Any, names: Mapping[str, str]) -> str:
    """How an expression is to be read; `names` gives an agency's name by its id. Empty for None."""
    if expression is None:
        return ""
    found = picks(expression)
    teller = _Teller(names, found)
    head: list[str] = []
    if found and not teller.tells_whose and found[0].agency is not None:
        head.append(teller.agency(found[0].agency))
    if found and not teller.tells_when and (when := teller.when(found[0])):
        head.append(when)
    return _say("apart").join((*head, teller.of(expression)))


class Telling:
    """Whose and when are told of a figure only where the figures of an expression differ in them."""

    def __init__(self, names: Mapping[str, str], found: Sequence[Pick] = ()) -> None:
        self.names = names
        self.tells_whose = len({one.agency for one in found}) > 1
        self.tells_when = len({(one.year, one.earlier, one.kind) for one in found}) > 1


class _Teller(Telling):
    """Tells nodes: the sentence that a node's name or kind gives, filled with the words of its fields."""

    def of(self, node: Any) -> str:
        """The words of a node."""
        match node:
            case Pick():
                return self.pick(node)
            case q.Each():
                return self.each(node)
            case q.Told():
                return self.told(node)
            case q.Quote():
                who = self.agency(node.agency) if node.agency is not None else ""
                return who + _say("quote" if node.number is None else "quote_number", number=node.number, count=len(node.spans))
            case q.All() | q.Both():
                return _say("and" if isinstance(node, q.All) else "then").join(map(self.of, node.parts))
            case _:
                return _say(_sentence(node), **{one.name: self.field(one.name, getattr(node, one.name)) for one in fields(node)})

    def field(self, name: str, value: Any) -> Any:
        """The words of a node's field; a node inside another is in brackets, where it is composed itself."""
        match value:
            case tuple():
                return _say("list").join(self.field("", one) for one in value)
            case Quantity():
                number = f"{value.number:f}{value.unit}"
                return number if value.rounded is None else _say(f"rounded_{value.rounded}", number=number)
            case str() | None:
                return words()["understood"].get(f"{name}_{value}".lower(), value)
            case _ if isinstance(value, NODES):
                told = self.of(value)
                return told if isinstance(value, _PLAIN) or name == "function" else _say("bracket", words=told)
            case _:
                return value

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

    def pick(self, node: Pick) -> str:
        who = self.agency(node.agency) if self.tells_whose and node.agency is not None else ""
        when = self.when(node) if self.tells_when else ""
        what = self.item(node.item) if node.item is not None else _say("nothing")
        what = _say("there", what=what, place=_say("list").join(map(self.agency, node.there))) if node.there else what
        what = _say("published", what=what, year=node.published) if node.published is not None else what
        return _say("pick", context=who + when, what=what) if who or when else what

    def item(self, item: Item) -> str:
        """A thing with all that narrows it."""
        name = item.item or item.said or item.code or _say("nothing")
        if item.affiliate is not None:
            name = item.affiliate if item.item is None else _say("of_unit", unit=item.affiliate, what=name)
        narrowed = [
            words()["fund"][item.fund] if item.fund is not None else "",
            (words()["portion"].get(item.portion) or _say(f"portion_{item.portion}")) if item.portion is not None else "",
            *(_say(f"{one}_{value}") for one in ("flow", "classification", "measure") if (value := getattr(item, one)) is not None),
            _say("code", code=item.code) if item.code is not None and item.code != name else "",
            *(_say(one, words=value) for one in ("under", "table", "counter") if (value := getattr(item, one)) is not None),
            _say("parts", words=_say("list").join(map(self.item, item.parts))) if item.parts else "",
        ]
        told = _say("also").join(one for one in narrowed if one and one not in name)
        return _say("narrowed", what=name, how=told) if told else name

    def each(self, node: q.Each) -> str:
        of, over = self.pick(node.of), _say("over_below" if node.below else f"over_{node.over}")
        told = over if of == _say("nothing") else _say("each", of=of, over=over)
        told = _say("so_many", series=told, number=node.number) if node.number is not None else told
        return _say("bearing", series=told, name=node.named) if node.named is not None else told

    def told(self, node: q.Told) -> str:
        direction = _say(f"direction_{node.direction}") if node.direction is not None else ""
        told = _say(f"told_{node.what}", about=self.pick(node.about), direction=direction)
        if node.counter is not None:
            told = _say("narrowed", what=told, how=_say("counter", words=node.counter))
        return _say("terms", told=told, terms=_say("list").join(node.terms)) if node.terms else told


def _sentence(node: Any) -> str:
    """The name of the sentence that tells a node."""
    match node:
        case q.Minus(signed=True):
            return "minus_signed"
        case q.Ratio():
            return f"ratio_{node.form}"
        case q.Top():
            return f"{'top' if node.count is not None else 'order'}_{node.order}"
        case q.Nth():
            return "next" if node.after is not None else f"{'nth' if node.place == 1 else 'place'}_{node.order}"
        case q.Same():
            return f"same_{node.relation}"
        case q.Exists(absent=True):
            return "absent"
        case _:
            return type(node).__name__.lower()

"""The restatement of a question hides nothing: whatever an expression says, its words say too."""

from __future__ import annotations

from dataclasses import MISSING, fields, replace
from decimal import Decimal
from typing import Any, Literal, get_args, get_origin, get_type_hints

import pytest

from retrieval.question import expression as q
from retrieval.question.as_words import as_words
from retrieval.question.expression import NODES, Item, Pick, Quantity, walk
from store import values

NAMES = {"a": "示例市教育局", "b": "示例市水务局"}
FOOD, CARS = (Pick(Item(name, name, (name,)), "a", 2025, None, "budget") for name in ("公务接待费", "公务用车运行维护费"))
WHOLE = replace(FOOD, item=Item("三公经费", "三公经费"))
PROJECTS = q.Each(Pick(None, "a", 2025), "projects")
EXPRESSIONS: tuple[Any, ...] = (
    FOOD,
    q.Hole(),
    q.Sum((FOOD, CARS)),
    q.Minus(FOOD, CARS),
    q.Less(WHOLE, (FOOD,)),
    q.Ratio(FOOD, WHOLE),
    q.Ratio(FOOD, None, "times"),
    q.Change(FOOD),
    q.Mean(PROJECTS),
    q.Each(WHOLE, "parts", "费"),
    q.Named((FOOD, CARS)),
    q.By(PROJECTS, q.Change(q.Hole(), None, "rate", "up")),
    q.Where(PROJECTS, "over", Quantity(Decimal(100), "万元", "about")),
    q.Top(PROJECTS, "most", 3),
    q.Nth(PROJECTS, "least", 2),
    q.Place(PROJECTS, FOOD),
    q.Count(PROJECTS),
    q.Holds(FOOD, "is", Quantity(Decimal("2.3"), "万元")),
    q.Same(FOOD, CARS),
    q.Turned(FOOD, "down"),
    q.Exists(FOOD),
    q.All((q.Turned(FOOD, "up"), q.Exists(CARS))),
    q.Told("reason", FOOD, ("接待", "批次"), "down", "批次"),
    q.Quote((("p1", 0, 9),), "a1", 2),
    q.Both((FOOD, CARS)),
)
UNSAID = {"said", "names", "figure"}
"""Fields of an item that say how it was asked for or found, not what it is."""


def test_the_examples_hold_every_node() -> None:
    assert {type(one) for one in EXPRESSIONS} == set(NODES)


@pytest.mark.parametrize("node", EXPRESSIONS, ids=lambda node: type(node).__name__)
def test_every_node_has_words(node: Any) -> None:
    words = as_words(node, NAMES)
    assert words and "None" not in words and "{" not in words, words
    for one in walk(node):
        if isinstance(one, Pick) and one.item is not None:
            assert str(one.item.item) in words


def test_what_all_share_is_said_once_in_front() -> None:
    assert as_words(q.Ratio(FOOD, WHOLE), NAMES) == "示例市教育局 · 2025年预算 · 公务接待费 占 三公经费 的比例"
    other = q.Minus(FOOD, replace(FOOD, agency="b"))
    assert as_words(other, NAMES) == "2025年预算 · 示例市教育局的公务接待费 与 示例市水务局的公务接待费 的差"
    assert as_words(Pick(earlier=1, kind="final"), NAMES) == "上一年决算 · 总额"
    assert as_words(None, NAMES) == ""


def other_values(hint: Any, value: Any) -> list[Any]:
    """Other values that a field of this type may hold."""
    if get_origin(hint) is tuple:
        return [(*value, "别的词")] if get_args(hint)[0] is str else []
    if get_origin(hint) is Literal:
        return [one for one in get_args(hint) if one != value]
    alternatives = get_args(hint) or (hint,)
    found: list[Any] = []
    for one in alternatives:
        if get_origin(one) is Literal:
            found += [choice for choice in get_args(one) if choice != value]
        elif one is str:
            found.append("别的词")
        elif one is int:
            found.append(7)
        elif one is bool:
            found.append(not value)
        elif one is type(None) and value is not None:
            found.append(None)
    return found


def altered(node: Any) -> list[tuple[str, Any]]:
    """The node with one field altered, in every way that its type has."""
    hints = get_type_hints(type(node), {**vars(q), **vars(values)})
    out: list[tuple[str, Any]] = []
    for one in fields(node):
        if (one.name in UNSAID and isinstance(node, Item)) or (one.name == "earlier" and node.year is not None):
            continue  # a year that is named needs no counting back
        value = getattr(node, one.name)
        others = other_values(hints[one.name], value)
        if isinstance(value, tuple) and value and isinstance(value[0], Item):
            others.append(())
        if one.default is not MISSING and isinstance(value, NODES):
            others.append(one.default)
        out += [(f"{type(node).__name__}.{one.name}={new!r}", replace(node, **{one.name: new})) for new in others]
    return out


FULL = Item(
    "接待", "接待费", (), "30217", "expenditure", "fiscal", "basic", "functional", "budget", "表三", "商品", "机关",
    (Item("甲", "甲"),), "批",
)  # fmt: skip


@pytest.mark.parametrize("node", EXPRESSIONS, ids=lambda node: type(node).__name__)
def test_what_an_expression_says_more_its_words_say_more(node: Any) -> None:
    words = as_words(node, NAMES)
    for name, other in altered(node):
        assert as_words(other, NAMES) != words, name


def test_whatever_narrows_a_thing_is_said() -> None:
    words = as_words(Pick(FULL), NAMES)
    for name, other in altered(FULL):
        assert as_words(Pick(other), NAMES) != words, name
    for quantity in (Quantity(Decimal("43.5"), "万元"), Quantity(Decimal(12), "%", "about")):
        said = as_words(q.Holds(FOOD, "is", quantity), NAMES)
        for name, other in altered(quantity):
            assert as_words(q.Holds(FOOD, "is", other), NAMES) != said, name

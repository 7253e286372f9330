"""Amounts of money as people say them."""

from __future__ import annotations

from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from retrieval.answer.answer import Value
from retrieval.answering.judging import agrees
from retrieval.words.folding import fold
from retrieval.words.numbers import find_quantities
from store.money import MONEY_UNITS

DIGITS = "零一二三四五六七八九"


def spoken(number: int) -> str:
    """A whole number in Chinese numerals."""
    out = ""
    for size, name in ((10**8, "亿"), (10**4, "万"), (1, "")):
        group = number // size % 10**4
        if group:
            out += ("零" if out and group < 1000 else "") + _group(group) + name
    return out


def _group(number: int) -> str:
    out, gap = "", False
    for size, name in ((1000, "千"), (100, "百"), (10, "十"), (1, "")):
        digit = number // size % 10
        out += ("零" if gap and out and digit else "") + (DIGITS[digit] + name if digit else "")
        gap = not digit
    return out


def read(said: str) -> tuple[Decimal, str | None]:
    """The one amount in a sentence, in 元, and how rough it is."""
    text = fold(f"一共花了{said}，对吗")
    (found,) = find_quantities(text)
    assert text[found.start : found.end] == fold(said)
    return found.quantity.number * MONEY_UNITS[found.quantity.unit], found.quantity.rounded


@given(st.integers(1, 99_999), st.integers(2, 5))
def test_any_amount_is_read_back_in_every_way_of_saying_it(figures: int, zeros: int) -> None:
    number = figures * 10**zeros
    tens, rest = divmod(number, 10_000)
    ways = [f"{spoken(number)}元", f"{spoken(number)}块钱", f"{number:,}元"]
    ways += [f"{Decimal(number) / 10_000:f}万", f"{Decimal(number) / 100_000_000:f}亿元"] if tens else []
    ways += [f"{tens}万{rest // 1000}", f"{tens}万{rest // 1000}千"] if tens and rest and rest % 1000 == 0 and tens < 10_000 else []
    assert {read(way) for way in ways} == {(Decimal(number), None)}


@pytest.mark.parametrize(("said", "amount", "rounded"), [
    ("二十万零八千", 208_000, None), ("三亿五", 350_000_000, None), ("十万三", 103_000, None), ("五十二点九亿", 5_290_000_000, None),
    ("1亿2000万", 120_000_000, None), ("九万七千多万", 970_000_000, "more"), ("十一万多万", 1_100_000_000, "more"),
    ("七八千万", 70_000_000, "more"), ("十几万", 100_000, "more"), ("三亿几千万", 300_000_000, "more"), ("上百万", 1_000_000, "more"),
    ("两个亿出头", 200_000_000, "little"), ("七十来亿", 7_000_000_000, "around"), ("将近九万块", 90_000, "nearly"),
])  # fmt: skip
def test_what_is_said_roughly_is_read_with_how_rough_it_is(said: str, amount: int, rounded: str | None) -> None:
    assert read(said) == (amount, rounded)


@pytest.mark.parametrize("said", ["几百万", "好几千万", "万里街道", "千万工程"])
def test_what_says_no_number_is_no_amount(said: str) -> None:
    assert find_quantities(fold(f"一共花了{said}")) == ()


@pytest.mark.parametrize(("said", "published", "right"), [
    ("两个亿出头", 210_000_000, True), ("两个亿出头", 290_000_000, False), ("两个亿出头", 195_000_000, False),
    ("七十来亿", 6_900_000_000, True), ("七十来亿", 9_000_000_000, False), ("九万七千多万", 978_515_100, True),
    ("九万七千多万", 985_000_000, False), ("1亿2000万", 123_000_000, False), ("七八千万", 79_000_000, True),
])  # fmt: skip
def test_a_rough_amount_agrees_with_what_its_words_allow(said: str, published: int, right: bool) -> None:
    (found,) = find_quantities(fold(said))
    assert agrees(found.quantity, Decimal(published), Value(Decimal(published), "元")) is right

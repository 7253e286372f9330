"""Bounds and claims in a question: amounts that limit a list (超过100万), and amounts that the asker says are so."""

from __future__ import annotations

import re
from collections.abc import Iterator
from decimal import Decimal
from typing import Literal

from retrieval.lexicon import Found, Words
from retrieval.plan import Asked, Claim, Condition, Direction
from retrieval.reading import Quantity

_MORE = re.compile(r"超过|大于|高于|多于|不止|在.{0,12}以上|以上")
_AND_MORE = re.compile("[多余]")  # 一亿多, 20余万: more than that, less than one more of the last digit
_LESS = re.compile(r"低于|小于|少于|不到|不足|不超过|以下|以内")
_NOT_BEYOND = re.compile(r"(?:不|没有?|未|不会)(?:超过|大于|高于|多于|低于|小于|少于)")
EQUAL = re.compile(r"是否(?:一致|相等|相同|平衡|等于)|[一]致[吗么]|相等|(?:等于|=)(?!多少|几|[？?]|$)|一样多|对得上|平不平|平衡[吗么]")
_CLAUSE = re.compile(r"[^，。；！？]+")
_ZERO = re.compile(r"(?:哪些|哪几项|什么)[^，。？]{0,8}(?:是|为|等于|都是|全是)(?:零|0(?![\d.]))|(?:金额|数)为(?:零|0)的")
_NOT_ZERO = re.compile(
    r"不为零|非零|不为0|不是零|大于零|大于0|不算零|有数的|不等于零|哪[些个几](?:单位|部门|机构|局|家).{0,2}有(?!多少|几)"
)


def direction_of(text: str, words: Words) -> Direction | None:
    """The direction of a change that the text names: of its first such word's meaning; None without one."""
    if words.says("increase", text):
        return "increase"
    if words.says("decrease", text):
        return "decrease"
    return "same" if words.says("same", text) else None


def _last_digit(number: Decimal) -> Decimal:
    """One in the last digit that was said: 20 (多万) → 10, 1 (亿多) → 1."""
    exponent = number.normalize().as_tuple().exponent
    return Decimal(1).scaleb(exponent if isinstance(exponent, int) else 0)


def bounds_and_claims(text: str, amounts: tuple[Quantity, ...]) -> tuple[tuple[Condition, ...], tuple[Quantity, ...]]:
    """Bounds on a list (超过100万), and the amounts that are none."""
    conditions: list[Condition] = []
    left: list[Quantity] = []
    for quantity in amounts:
        before, after = text[max(0, quantity.start - 6) : quantity.start], text[quantity.end : quantity.end + 4]
        yuan = quantity.yuan
        if yuan is not None and _AND_MORE.search(text[quantity.start : quantity.end]):
            conditions += [Condition("at_least", yuan), Condition("less", yuan + _last_digit(quantity.number) * yuan / quantity.number)]
            continue
        if yuan is not None and (bound := _NOT_BEYOND.search(before)):
            conditions.append(Condition("at_most" if _MORE.search(bound.group()) else "at_least", yuan))
        elif yuan is not None and (_MORE.search(before) or after.startswith("以上")) and not re.search("不超过", before):
            conditions.append(Condition("more", yuan))
        elif yuan is not None and (_LESS.search(before) or after.startswith(("以下", "以内"))):
            conditions.append(Condition("less", yuan))
        else:
            left.append(quantity)
    if _NOT_ZERO.search(text):
        conditions.append(Condition("not_zero", Decimal(0)))
    elif _ZERO.search(text):
        conditions.append(Condition("zero", Decimal(0)))
    return tuple(conditions), tuple(left)


def claims_of(
    text: str, claimed: tuple[Quantity, ...], items: tuple[Asked, ...], found: tuple[Found, ...], words: Words
) -> tuple[Claim, ...]:
    """Each amount that is claimed, with the item that stands before it."""
    claims: list[Claim] = []
    if not claimed and len(items) > 1 and EQUAL.search(text):
        return (Claim(0, None, "", "equal", said=text),)
    if not claimed:
        direction = direction_of(text, words)
        if items and direction is not None and words.says("prior", text):
            return (Claim(0, None, "", "change", direction, said=text),)
        absent = re.search(r"不买|没有?买|没买|不安排|没有|没安排|未安排|无|取消", text)
        return (Claim(0 if items else -1, None, "", "absent" if absent else "exists", said=text),)
    for at, quantity in enumerate(claimed):
        since = claimed[at - 1].end if at else 0
        clause = text[since : quantity.start]
        about = _item_before(quantity.start, items, found)
        what = _what_is_claimed(clause, quantity, words)
        if what == "share" and "占" in clause:
            about = _item_before(since + clause.rfind("占") + 1, items, found)
        claims.append(
            Claim(
                about,
                quantity.number,
                quantity.unit,
                what,
                direction_of(clause, words) if what in ("change", "rate") else None,
                said=text[since : quantity.end],
            )
        )
    return (*claims, *_directions(text, claimed, items, found, words))


def _directions(
    text: str, claimed: tuple[Quantity, ...], items: tuple[Asked, ...], found: tuple[Found, ...], words: Words
) -> Iterator[Claim]:
    """Clauses that claim a change without saying by how much, beside those that claim amounts (…，比上年有所增加)."""
    for clause in _CLAUSE.finditer(text):
        has_amount = any(clause.start() <= quantity.start < clause.end() for quantity in claimed)
        direction = direction_of(clause.group(), words)
        if not has_amount and direction is not None and words.says("prior", clause.group()):
            yield Claim(_item_before(clause.end(), items, found), None, "", "change", direction, said=clause.group())


def _item_before(at: int, items: tuple[Asked, ...], found: tuple[Found, ...]) -> int:
    """Index of the last item named before `at`."""
    terms = [one.term for one in found if one.start < at and one.term.names]
    for term in reversed(terms):
        name = term.word if term.kind == "several" else term.names[0]
        for index, asked in enumerate(items):
            if name in asked.names or asked.item == name:
                return index
    return 0 if items else -1


def _what_is_claimed(clause: str, quantity: Quantity, words: Words) -> Literal["value", "change", "rate", "share"]:
    changed = words.says("increase", clause) or words.says("decrease", clause)
    if quantity.unit == "%":
        return "share" if "占" in clause and not changed else "rate"
    return "change" if changed else "value"

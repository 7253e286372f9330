"""What a question asks about: the terms found in it, joined into `Asked` values.

Words for a fund or a portion narrow a neighbour (一般公共预算安排的事业运行) or stand for themselves (基本支出多少); a parent
only says where its child stands (三公经费里的公务接待费); a code and the name behind it are one thing. Words for all income or
spending give way to anything more exact. List words (、和与及) keep things apart.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace

from retrieval.figures import INCOME_TOTALS
from retrieval.lexicon import Found, Term, general_terms
from retrieval.plan import Asked
from retrieval.reading import ASKS_TIMES, bare
from retrieval.readings import PORTION_OF, fund_named
from store.vocabulary import vocabulary

_LISTED = re.compile(
    r"[、；+=]|等于|和|与|跟|或|还是|(?<![涉])及(?!其)|以及|加上?|还有|减去?|同|占|比|÷|/|"
    r"多少[^，。]{0,3}[，。；、 ]|\d[\d.]*(?:亿|万|千)?元|%"
)
_HALVES = {"基本支出", "项目支出"}
_OF_WHICH = re.compile(r"其中")
_PURCHASES = {"货物": "政府采购货物", "工程": "政府采购工程", "服务": "政府采购服务"}
_GOVERNMENT_ECONOMIC = re.compile(r"政府(?:预算)?(?:支出)?经济")
_DEPARTMENT_ECONOMIC = re.compile(r"部门(?:预算)?(?:支出)?经济")


@dataclass(slots=True)
class _Draft:
    """An Asked in the making, with where its words stand."""

    asked: Asked
    start: int
    end: int
    term: Term


def asked_of(term: Term) -> Asked:
    """The term by itself."""
    if term.kind == "several":
        name = next(known.word for known in general_terms().values() if known.names == term.names)  # one name for its many words
        return Asked(term.word, name, (name,), parts=tuple(Asked(part, part, (part,)) for part in term.names))
    if term.kind == "total":
        return Asked(term.word, term.names[0], term.names, flow=term.flow, code=term.code)
    if term.kind in ("item", "label") and (fund := fund_named(term.names[0] if term.names else "")) is not None:
        return Asked(term.word, term.names[0], term.names, flow="expenditure", fund=fund)
    if term.kind == "fund":
        return Asked(term.word, term.names[0], term.names, flow="income", fund=term.fund)
    return Asked(term.word, term.names[0] if term.names else None, term.names, code=term.code)


def operands(text: str, found: Sequence[Found]) -> tuple[Asked, ...]:
    """The things asked about in `text`, in order. `found` are the terms in it, with offsets into it."""
    found = _purchases(text, list(found))
    drafts: list[_Draft] = []
    for one in found:
        draft = _Draft(_both_sides(asked_of(one.term), text[one.end :]), one.start, one.end, one.term)
        if not drafts:
            drafts.append(draft)
            continue
        before = drafts[-1]
        between = text[before.end : one.start]
        if _same_thing(before, draft, between):
            drafts[-1] = _merged(before, draft)
        elif between.endswith("（") and text[one.end : one.end + 1] == "）" and one.term.kind in ("item", "label"):
            drafts[-1] = _Draft(replace(before.asked, under=_parent(draft.asked)), before.start, one.end, before.term)
        elif _OF_WHICH.search(between):
            drafts.extend(_of_which(before, draft))
        elif _LISTED.search(between) or _stand_apart(text, before, draft, between):
            if before.asked.fund is not None and before.asked.item in PORTION_OF and draft.asked.item in PORTION_OF:
                draft.asked = replace(draft.asked, fund=before.asked.fund)
            drafts.append(draft)
        else:
            drafts[-1:] = _joined(before, draft)
    things = [draft.asked for draft in _without_totals(drafts)]
    return tuple(dict.fromkeys(_classified(text, thing) for thing in things))


def _both_sides(asked: Asked, rest: str) -> Asked:
    """财政拨款收入总计: the total that closes the fiscal account, with what was carried over."""
    if asked.fund != "fiscal" or asked.flow != "income" or not rest.startswith("总计"):
        return asked
    return replace(asked, item=INCOME_TOTALS[0], names=(*INCOME_TOTALS, *asked.names))


def _purchases(text: str, found: list[Found]) -> list[Found]:
    """政府采购的货物和工程: the words for its parts, which by themselves mean many things."""
    if not any(one.term.kind == "procurement" for one in found):
        return [one for one in found if one.term.word not in _PURCHASES]
    for word, item in _PURCHASES.items():
        for match in re.finditer(word, text):
            if all(match.end() <= one.start or match.start() >= one.end for one in found):
                found.append(Found(match.start(), match.end(), Term(word, (item,), "procurement")))
    found.sort(key=lambda one: one.start)
    parts = [one for one in found if one.term.kind == "procurement" and one.term.names[0] != "政府采购"]
    return [one for one in found if one.term.names[:1] != ("政府采购",)] if parts else found


def _stand_apart(text: str, before: _Draft, draft: _Draft, between: str) -> bool:
    """Two totals of a sentence, or names set side by side to be told one by one (水费电费各多少)."""
    if before.term.kind == "total" and draft.term.kind == "total":
        each = not between.strip() and before.asked.flow != draft.asked.flow and bool(re.search("各|分别", text))
        return ("，" in between or each) and before.asked.item != draft.asked.item
    if {before.asked.item, draft.asked.item} == _HALVES and not between.strip("的 "):
        return True
    if (between.strip() == "是" and "倍" in text) or ASKS_TIMES.fullmatch(between.strip()):
        return True
    if _is_leaf(before) and _is_leaf(draft):
        return True
    plain = not (before.term.is_dimension or draft.term.is_dimension or "total" in (before.term.kind, draft.term.kind))
    return plain and not between.strip() and bool(re.search(r"各|分别|合计|加|凑|共|之和|总和", text))


def _is_leaf(draft: _Draft) -> bool:
    """Whether the item is a 款 of the economic classification, which has no parts: nothing stands under it (会议费培训费)."""
    levels = {c.level for c in vocabulary().codes_by_name.get(draft.asked.item or "", ()) if c.classification == "economic_department"}
    return draft.term.kind == "item" and levels == {"section"}


def _same_thing(before: _Draft, draft: _Draft, between: str) -> bool:
    """A code beside its name, or one item under two of its words."""
    one, other = before.asked, draft.asked
    close = len(between) <= 3 and not _LISTED.search(between)
    if one.item is not None and one.item == other.item and not _LISTED.search(between):
        return True
    return (
        close
        and (one.code is not None) != (other.code is not None)
        and not (before.term.is_dimension or draft.term.is_dimension)
        and "total" not in (before.term.kind, draft.term.kind)
    )


def _merged(before: _Draft, draft: _Draft) -> _Draft:
    coded, named = (before.asked, draft.asked) if before.asked.code else (draft.asked, before.asked)
    names = tuple(dict.fromkeys((*named.names, *coded.names)))
    asked = replace(
        named,
        code=coded.code or named.code,
        item=named.item or coded.item,
        names=names,
        fund=before.asked.fund or draft.asked.fund,
        portion=before.asked.portion or draft.asked.portion,
    )
    return _Draft(asked, before.start, draft.end, before.term if before.asked.code is None else draft.term)


def _of_which(before: _Draft, draft: _Draft) -> list[_Draft]:
    """…其中上年结转多少: the same thing again, narrowed; or a child of it."""
    narrowed = _narrowed_by(before, draft.term)
    if narrowed is None or before.term.kind == "total":
        draft.asked = replace(draft.asked, under=_parent(before.asked))
        return [draft]
    return [_Draft(narrowed, draft.start, draft.end, before.term)]


def _joined(before: _Draft, draft: _Draft) -> list[_Draft]:
    """Two neighbouring terms without a list word between them."""
    if before.term.kind == "denied" and draft.term.kind != "total":
        name = f"{before.asked.said}的{draft.asked.said}"
        return [_Draft(Asked(name, name, (name,)), before.start, draft.end, before.term)]
    if draft.term.kind == "total":
        if before.term.kind == "fund":
            return [_total_of_fund(before, draft)]
        if before.term.kind == "total":
            return [before]
        return [replace_end(before, draft.end)]
    if before.term.kind == "total":
        if before.asked.fund is not None and draft.asked.fund is None:
            draft.asked = replace(draft.asked, fund=before.asked.fund)
        return [draft]
    if before.term.is_dimension and not draft.term.is_dimension:
        narrowed = _narrowed_by(draft, before.term)
        return [_Draft(narrowed or draft.asked, before.start, draft.end, draft.term)]
    narrowed = _narrowed_by(before, draft.term)
    if narrowed is not None:
        return [_Draft(narrowed, before.start, draft.end, before.term)]
    draft.asked = replace(
        draft.asked, under=_parent(before.asked), fund=draft.asked.fund or (before.asked.fund if before.asked.flow is None else None)
    )
    return [draft]


def replace_end(draft: _Draft, end: int) -> _Draft:
    """The draft with its words reaching to `end`."""
    return _Draft(draft.asked, draft.start, end, draft.term)


def _total_of_fund(before: _Draft, draft: _Draft) -> _Draft:
    """一般公共预算拨款支出, 政府性基金预算支出, 财政拨款收支总预算: all spending (or income) of that fund."""
    fund = before.asked.fund
    word = before.term.word + draft.term.word
    asked = replace(draft.asked, said=word, fund=fund, flow=draft.term.flow)
    if draft.term.flow == "income" and "收支" not in draft.term.word and "支出" not in draft.term.word:
        is_sum = re.search(r"[总合]计|总额|总预算|总决算", draft.term.word)
        names = (*draft.term.names, *before.term.names) if is_sum else (*before.term.names, *draft.term.names)
        asked = replace(asked, names=names, item=names[0])
    return _Draft(asked, before.start, draft.end, draft.term)


def _narrowed_by(draft: _Draft, term: Term) -> Asked | None:
    """`draft` narrowed by a word for a fund or a portion; None if the word is no such word."""
    if draft.term.kind == "procurement":
        return None
    if term.kind == "fund" and term.fund is not None:
        flow = "income" if term.fund in ("carryover", "reserve") else draft.asked.flow
        return replace(draft.asked, fund=term.fund, flow=flow)
    portion = PORTION_OF.get(term.names[0]) if term.names else None
    if portion is not None and draft.asked.item not in PORTION_OF:
        return replace(draft.asked, portion=portion)
    return None


def _parent(asked: Asked) -> str | None:
    return bare(asked.item) if asked.item else None


def _without_totals(drafts: list[_Draft]) -> list[_Draft]:
    """收入预算…, 其中一般公共预算拨款…: words for everything stay only where they are listed beside other totals or alone."""
    return drafts


def _classified(text: str, asked: Asked) -> Asked:
    """With the classification that the question names (政府预算经济分类)."""
    if asked.code is not None or asked.classification is not None:
        return asked
    if _GOVERNMENT_ECONOMIC.search(text):
        return replace(asked, classification="economic_government")
    if _DEPARTMENT_ECONOMIC.search(text):
        return replace(asked, classification="economic_department")
    return asked

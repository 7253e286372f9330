"""Which published form a table is: from its title, its headers and what stands in it, never from its number.

Takes a `Table` as read, with figures (or none, for an empty form); gives an id of data/forms/*.toml, "budget_income". A
title counts by its most specific wording and may be misprinted in one character; content decides where the title says
nothing, and rules out what it cannot be.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from store.values import Kind, Table
from store.vocabulary import Form, Vocabulary, bare_label, plain_label, vocabulary

MOSTLY = 0.5
"""Share of labelled rows above which a table counts as laid out by a classification."""

TITLE_WEIGHT = 10
"""A character of a title that fits weighs this much; a kind of content that fits weighs as `CONTENT_WEIGHT` says."""

CONTENT_WEIGHT = 15
CODE_DIGITS = frozenset((3, 4, 5, 7, 9, 10))
"""Digits of a printed code: 类 3, 款 5, 项 7 (economic too); 4 where a zero was lost in print; 9, 10 where two stand together."""

_GOAL = "指标"
"""Stands in headers and labels of every form of performance targets, and of no other."""

_SIDES = ("收入", "支出")

SLIP = 4
"""Shortest title word, in characters, in which one misprinted character is forgiven."""


@dataclass(frozen=True, slots=True)
class Content:
    """What can be seen in a table's labels and headers; `kinds` are words of `store.vocabulary.CONTENT`."""

    kinds: frozenset[str]
    empty: bool


def name_form(table: Table, kind: Kind | None) -> str | None:
    """The id of the form that `table` is, "budget_income" or "final_three_public"; None if it is none that is known.

    `kind` is the document's; where it is None the title's own 预算 or 决算 decides, and without either there is no id.
    """
    form = form_of(table)
    said = kind or _kind_of_title(table.title)
    return form.id_for(said) if form and said and said in form.kinds else None


def form_of(table: Table) -> Form | None:
    """The form that `table` is, whether of a budget or of final accounts; None if none is known."""
    words = vocabulary()
    content = content_of(table)
    title = plain_label(table.title)
    scored = [(score, form) for form in words.forms if (score := _score(form, title, content)) > 0]
    if not scored:
        return None
    return max(scored, key=lambda pair: pair[0])[1]


def content_of(table: Table) -> Content:
    """What labels and headers of a table show."""
    words = vocabulary()
    rows = {(figure.row, figure.code, figure.row_path) for figure in table.figures}
    columns = {figure.column_path for figure in table.figures}
    kinds: set[str] = set()
    labelled = [(code, path) for _, code, path in rows if code or path]
    for kind in ("functional", "economic_department", "economic_government"):
        hits = sum(_is_of(words, code, path, kind) for code, path in labelled)
        if labelled and hits >= MOSTLY * len(labelled) and hits:
            kinds.add(kind)
    if is_two_sided(table):
        kinds.add("two_sided")
    row_items = {_item_class(words, path[-1]) for _, _, path in rows if path}
    heads = [[bare_label(part) for part in path] for path in columns]
    row_names = {words.canonical_item(path[-1]) for _, _, path in rows if path}
    column_names = {words.canonical_item(part) for path in columns for part in path}
    three = {"因公出国（境）费用", "公务接待费", "公务用车购置及运行维护费"}
    three = {entry.item for entry in words.items if entry.classification == "three_public"} & three
    if len(three & column_names) >= 2 or (len(three & row_names) >= 2 and not kinds & {"economic_department", "economic_government"}):
        kinds.add("three_public")
    funds = {words.word_for("fund", part) for path in heads for part in path} - {None}
    if funds and "expenditure" not in {words.word_for("flow", path[-1]) for path in heads if path} and _few_natures(words, heads):
        kinds.add("sources")
    if len(funds) >= 2:
        kinds.add("funds")
    if not _few_natures(words, heads):
        kinds.add("natures")
    if any(_GOAL in label for labels in (*heads, *(path for _, _, path in rows)) for label in labels):
        kinds.add("performance")
    if "source" in row_items and "two_sided" not in kinds:
        kinds.add("sources")
    return Content(frozenset(kinds), not table.figures)


def is_two_sided(table: Table) -> bool:
    """Whether income and expenditure stand in one table: the column paths begin with both, or both totals have a row."""
    sides = {side_of(figure.column_path) for figure in table.figures}
    names = vocabulary().item_by_variant
    totals = {names[label] for figure in table.figures if (label := bare_label(figure.row_label)) in names}
    return {"income", "expenditure"} <= sides | {entry.flow for entry in totals if entry.classification == "summary"}


def side_of(column_path: tuple[str, ...]) -> str | None:
    """The side of a two-sided table that a column stands on, by the first word of its path."""
    first = plain_label(column_path[0]) if column_path else ""
    if len(column_path) < 2 and first not in _SIDES:
        return None   # a lone 本年收入 is a column of a table by functions
    return "income" if first.endswith("收入") else "expenditure" if first.endswith("支出") else None


def _few_natures(words: Vocabulary, heads: Iterable[list[str]]) -> bool:
    natures = {words.word_for("portion", part) for path in heads for part in path}
    return not natures & {"basic", "project", "personnel", "running"}


def _item_class(words: Vocabulary, label: str) -> str | None:
    entry = words.item_by_variant.get(bare_label(label))
    return entry.classification if entry else None


def _is_of(words: Vocabulary, code: str | None, path: tuple[str, ...], kind: str) -> bool:
    """Whether a row is one of a classification: by its code, else by its name."""
    if code:
        return classification_of_code(code) == kind
    name = bare_label(path[-1])
    return any(entry.classification == kind for entry in words.codes_by_name.get(name, ()))


def classification_of_code(code: str) -> str | None:
    """The classification whose codes begin as `code` does: 2xx functional, 3xx 部门, 5xx 政府 economic; None for others."""
    opening = {"2": "functional", "3": "economic_department", "5": "economic_government"}.get(code[:1])
    fits = len(code) in CODE_DIGITS and code.isdigit()
    return opening if fits and code[:3] in vocabulary().code_by_number else None


def _score(form: Form, title: str, content: Content) -> int:
    """How well a table fits a form; 0 = it cannot be that form."""
    if not content.empty and (set(form.against) & content.kinds or set(form.needs) - content.kinds):
        return 0
    if any(word in title for word in form.without):
        return 0
    fits = [sum(map(len, words)) for words in form.titles if all(_stands_in(word, title) for word in words)]
    fitting_content = len(set(form.content) & content.kinds) * CONTENT_WEIGHT
    if fits:
        return max(fits) * TITLE_WEIGHT + fitting_content
    return fitting_content if fitting_content and fitting_content >= CONTENT_WEIGHT * len(form.content) else 0


@lru_cache(maxsize=16384)
def _stands_in(word: str, title: str) -> bool:
    """Whether a word stands in a title; one character of a longer word may be missing or wrong."""
    if word in title:
        return True
    if len(word) < SLIP:
        return False
    for start in range(len(title) - len(word) + 2):
        part = title[start:start + len(word)]
        if sum(a != b for a, b in zip(part, word, strict=False)) + abs(len(part) - len(word)) <= 1:
            return True
        if _lacks_one(word, title[start:start + len(word) - 1]):
            return True
    return False


def _lacks_one(word: str, part: str) -> bool:
    return any(word[:i] + word[i + 1:] == part for i in range(len(word)))


def _kind_of_title(title: str) -> Kind | None:
    return "final" if "决算" in title else "budget" if "预算" in title else None

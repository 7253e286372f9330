"""Questions to the store as sqlglot trees, and the one check that every tree passes before it runs.

`checked` lists what may appear, never what may not: one SELECT over the semantic views of store/views.sql, a few node
types and functions. The rendered text is parsed and checked again, so that a mistake of the generator is caught too.
A tree made elsewhere (by a model) goes through the same check. No SQL is ever joined from strings.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any, Protocol

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from store.errors import SqlRefused
from store.sheets import Sheet

VIEWS = frozenset((
    "figures_all", "disclosed_figures", "income_by_source", "spending_by_function", "spending_by_economic_item",
    "basic_and_project_spending", "three_public_expenses", "projects", "counted_things", "stated_figures", "disclosures",
    "published_tables", "printed_headers", "printed_labels",
))  # fmt: skip
NODES: frozenset[type[sqlglot.Expr]] = frozenset((
    exp.Select, exp.From, exp.Table, exp.Identifier, exp.Column, exp.Where, exp.And, exp.Or, exp.Not, exp.Paren, exp.EQ, exp.NEQ, exp.GT,
    exp.GTE, exp.LT, exp.LTE, exp.In, exp.Is, exp.Null, exp.Boolean, exp.Literal, exp.Order, exp.Ordered, exp.Limit, exp.Group, exp.Alias,
    exp.Sum, exp.Count, exp.Min, exp.Max, exp.Star, exp.Distinct, exp.Neg, exp.Between,
))  # fmt: skip
MOST_ROWS = 20_000
ALL_ROWS = 5_000_000  # for what is read once, when a snapshot is opened: its disclosures and labels
DIALECT = "duckdb"
MOST_SHAPES = 512
_LITERAL = re.compile(r"'(?:[^']|'')*'|\b\d+(?:\.\d+)?\b")
_read_back: set[str] = set()
"""Queries that were read back and found the same, with their literals left out: a plan asks the same query of many agencies."""


class Rows(Protocol):
    """The part of a snapshot that questions need."""

    id: str

    def rows(self, sql: str, parameters: Sequence[object] = ()) -> list[tuple[Any, ...]]:
        """The result of one read-only query."""
        ...

    def sheet(self, ordinal: int) -> Sheet:
        """What one document prints: store/sheets.py."""
        ...


def checked(tree: sqlglot.Expr, limit: int = MOST_ROWS) -> exp.Select:
    """The query, limited to `limit` rows at most. Raises SqlRefused if it holds anything outside NODES or VIEWS."""
    if not isinstance(tree, exp.Select):
        raise SqlRefused(what=tree.key)
    for node in tree.walk():
        if type(node) not in NODES:
            raise SqlRefused(what=node.key)
        if isinstance(node, exp.Table) and (node.db or node.catalog or node.name not in VIEWS):
            raise SqlRefused(what=node.sql())
    asked = tree.args.get("limit")
    number = asked.expression if asked is not None else None
    within = isinstance(number, exp.Literal) and number.is_int and int(number.name) <= limit
    return tree if within else tree.limit(limit, copy=False)


def shown_sql(tree: sqlglot.Expr) -> str:
    """The checked query as text, to be read: it is not run."""
    return checked(tree).sql(dialect=DIALECT, copy=False)


def rendered(tree: sqlglot.Expr, limit: int = MOST_ROWS) -> str:
    """The checked query as SQL text. Raises SqlRefused, also if its text reads back as something else."""
    text = checked(tree, limit).sql(dialect=DIALECT, copy=False)
    shape = _LITERAL.sub("0", text)
    if shape not in _read_back:
        try:
            again = sqlglot.parse(text, dialect=DIALECT)
        except SqlglotError as error:
            raise SqlRefused(what=text) from error
        if len(again) != 1 or again[0] is None:
            raise SqlRefused(what=text)
        checked(again[0], limit)
        if len(_read_back) >= MOST_SHAPES:
            _read_back.clear()
        _read_back.add(shape)
    return text


def run(snapshot: Rows, tree: sqlglot.Expr, limit: int = MOST_ROWS) -> tuple[str, list[tuple[Any, ...]]]:
    """The text of a query that passed the check, and its rows."""
    text = rendered(tree, limit)
    return text, snapshot.rows(text)


def select(view: str, columns: Iterable[str], *conditions: sqlglot.Expr, order: Sequence[str] = ()) -> exp.Select:
    """SELECT `columns` FROM `view` WHERE all `conditions`."""
    tree = exp.select(*(exp.column(name) for name in columns), copy=False).from_(exp.table_(view), copy=False)
    if conditions:
        tree = tree.where(exp.and_(*conditions, copy=False), copy=False)
    return tree.order_by(*(exp.column(name) for name in order), copy=False) if order else tree


def equals(column: str, value: str | int | None) -> sqlglot.Expr:
    """`column = value`, or `column IS NULL`."""
    if value is None:
        return exp.Is(this=exp.column(column), expression=exp.Null())
    return exp.EQ(this=exp.column(column), expression=exp.convert(value))


def among(column: str, values: Iterable[str | int]) -> sqlglot.Expr:
    """`column IN (values)`."""
    return exp.In(this=exp.column(column), expressions=[exp.convert(value) for value in dict.fromkeys(values)])


def total(view: str, *conditions: sqlglot.Expr) -> exp.Select:
    """SELECT SUM(amount) of the figures that `conditions` choose."""
    return select(view, (), *conditions).select(exp.alias_(exp.Sum(this=exp.column("amount")), "amount"))


def figures_behind(answer: exp.Select) -> exp.Select:
    """The figures behind one sum (no ranking): same source, same filter, one figure_id a row."""
    tree = answer.copy()
    for part in ("group", "having", "order", "limit", "distinct"):
        tree.set(part, None)
    return tree.select(exp.column("figure_id"), append=False)

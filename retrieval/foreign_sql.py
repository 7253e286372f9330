"""SQL that was written elsewhere (by a model, by hand) as a tree that may run: the check of what nobody here made.

What may appear is listed, never what may not: exactly one SELECT; node types, functions, views and columns by name; joins
only with a condition; sizes bounded. The text itself never runs: it is rendered anew from the checked tree, read again and
checked again. What passes still runs in a child process with limits (retrieval/model/query_process.py).
"""

from __future__ import annotations

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError

from retrieval.query import DIALECT, NODES
from store.errors import SqlRefused

MOST_ROWS = 500
LONGEST = 4000  # characters of the text
MOST_NODES = 400
LONGEST_LITERAL = 60  # characters
MOST_TABLES = 4
DEEPEST = 40

VIEWS = frozenset((
    "disclosed_figures", "income_by_source", "spending_by_function", "spending_by_economic_item", "basic_and_project_spending",
    "three_public_expenses", "projects", "counted_things"))
COLUMNS = frozenset((
    "figure_id", "disclosure_id", "agency", "agency_id", "region", "year", "kind", "scope", "table_title", "form", "row_label",
    "code", "level", "unit", "amount", "number", "item", "flow", "fund", "classification", "portion", "measure", "about_year",
    "role", "doubt"))
FOREIGN_NODES = NODES | frozenset((
    exp.Join, exp.TableAlias, exp.Subquery, exp.Having, exp.Add, exp.Sub, exp.Mul, exp.Like, exp.Exists))


SELECT_PARTS = frozenset({"expressions", "from_", "where", "group", "having", "order", "limit", "distinct", "joins"})
"""What a SELECT may be made of."""


def read(text: str, limit: int = MOST_ROWS) -> exp.Select:
    """The tree of `text`, limited to `limit` rows; its first column is figure_id. Raises SqlRefused."""
    if len(text) > LONGEST or "\0" in text:
        raise SqlRefused(what=f"{text[:60]}…")
    tree = _checked(_parsed(text), limit)
    again = _checked(_parsed(tree.sql(dialect=DIALECT)), limit)
    if again.sql(dialect=DIALECT) != tree.sql(dialect=DIALECT):
        raise SqlRefused(what=text[:200])
    return tree


def _parsed(text: str) -> sqlglot.Expr:
    try:
        statements = sqlglot.parse(text, dialect=DIALECT)
    except (SqlglotError, RecursionError, ValueError) as error:
        raise SqlRefused(what=text[:200]) from error
    if len(statements) != 1 or statements[0] is None:
        raise SqlRefused(what=text[:200])
    return statements[0]


def _checked(tree: sqlglot.Expr, limit: int) -> exp.Select:
    if not isinstance(tree, exp.Select):
        raise SqlRefused(what=tree.key)
    for count, node in enumerate(tree.walk(), start=1):
        if count > MOST_NODES or node.depth > DEEPEST:
            raise SqlRefused(what="…")
        _check(node)
    names = {alias.alias for alias in tree.find_all(exp.Alias)}
    for column in tree.find_all(exp.Column):
        if column.name not in COLUMNS and (column.name not in names or column.table):
            raise SqlRefused(what=column.sql())
    if sum(1 for _ in tree.find_all(exp.Table)) > MOST_TABLES:
        raise SqlRefused(what=tree.sql()[:200])
    first = tree.expressions[0] if tree.expressions else None
    if not isinstance(first, exp.Column) or first.name != "figure_id":
        raise SqlRefused(what="figure_id")
    asked = tree.args.get("limit")
    if isinstance(asked, exp.Limit) and isinstance(asked.expression, exp.Literal) and asked.expression.is_int:
        return tree if int(asked.expression.name) <= limit else tree.limit(limit, copy=False)
    return tree.limit(limit, copy=False)


def _check(node: sqlglot.Expr) -> None:
    """One node by itself. Raises SqlRefused."""
    if type(node) not in FOREIGN_NODES:
        raise SqlRefused(what=node.key)
    if node.comments:
        node.comments = None  # nothing of a stranger's is carried along
    match node:
        case exp.Table():
            plain = isinstance(node.this, exp.Identifier) and not node.args.get("db") and not node.args.get("catalog")
            if not plain or node.name not in VIEWS or _set(node) - {"this", "alias"}:
                raise SqlRefused(what=node.sql())
        case exp.TableAlias():
            if _set(node) - {"this"} or node.name in VIEWS:
                raise SqlRefused(what=node.sql())
        case exp.Join():
            if node.args.get("on") is None or not isinstance(node.this, exp.Table) or _set(node) - {"this", "on", "kind", "side"}:
                raise SqlRefused(what=node.sql())
        case exp.From():
            if not isinstance(node.this, exp.Table):
                raise SqlRefused(what=node.sql()[:200])
        case exp.Alias():
            if node.alias in COLUMNS:
                raise SqlRefused(what=node.sql()[:200])
        case exp.Select():
            if node.args.get("from_") is None or _set(node) - SELECT_PARTS:
                raise SqlRefused(what=node.sql()[:200])
        case exp.Group():
            if _set(node) - {"expressions"}:
                raise SqlRefused(what=node.sql())
        case exp.Star():
            if not isinstance(node.parent, exp.Count) or _set(node):
                raise SqlRefused(what=node.sql())
        case exp.Literal():
            if len(node.name) > LONGEST_LITERAL:
                raise SqlRefused(what=node.name[:60])
        case exp.Limit():
            if not isinstance(node.expression, exp.Literal) or not node.expression.is_int or _set(node) - {"expression"}:
                raise SqlRefused(what=node.sql())
        case exp.Like():
            if not isinstance(node.expression, exp.Literal):
                raise SqlRefused(what=node.sql())
        case exp.Subquery():
            if _set(node) - {"this", "alias"}:
                raise SqlRefused(what=node.sql())
        case _:
            return


def _set(node: sqlglot.Expr) -> set[str]:
    """The arguments of a node that hold anything."""
    return {name for name, value in node.args.items() if value not in (None, False, [], "")}

"""A model's proposal as an expression: calls over the ids that it was shown, read as a tree, never run.

`share(r17a, r3a)`, `most(agencies("公务接待费"))`, `claim(change(r5a), "12%", "up")`: every name is one of FUNCTIONS or an id of the
candidates, every claimed quantity stands in the question. What is not so is refused with what would be accepted.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from functools import partial
from string import ascii_lowercase
from typing import Any, get_args

from retrieval.answering.evaluate import SPENDING
from retrieval.figures.cells import TOTALS, Cell
from retrieval.language.lattice import item_of_label, item_of_term
from retrieval.model.candidates import Candidates
from retrieval.model.session import Refused
from retrieval.names.store_names import StoreNames
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick, Quantity
from retrieval.words.folding import bare, fold
from retrieval.words.lexicon import general_terms
from retrieval.words.numbers import find_quantities
from store.money import MONEY_UNITS
from store.values import Kind

LONGEST = 1500  # characters of a reading
_PORTIONS = frozenset(("basic", "project", "personnel", "running"))
_OF_ONE_PORTION = frozenset(("three_public", "economic_department", "economic_government"))  # printed of one portion as a rule
_USUAL = frozenset(("all", None, "fiscal", "general_public"))  # funds that other years' documents may call otherwise
_RELATIONS = frozenset(get_args(q.Relation))
_TOLD = frozenset(get_args(q.What))


@dataclass(frozen=True)
class Proposal:
    """Reads proposals about one question."""

    found: Candidates
    names: StoreNames
    said: str  # the question and the turns before it: where claimed quantities stand

    def read(self, text: str) -> Any:
        """The expression. Raises Refused, which tells the model what is wrong."""
        if len(text) > LONGEST:
            raise Refused(f"the reading is longer than {LONGEST} characters")
        try:
            node = self._node(ast.parse(text.strip(), mode="eval").body)
        except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
            raise Refused(f"the reading is not of calls over ids: {text[:80]}") from error
        inside = [type(one) for one in q.walk(node)]
        if q.Hole in inside and q.By not in inside:
            raise Refused("`it` stands only inside by(series, …)")
        return node

    def _node(self, tree: ast.expr) -> Any:
        match tree:
            case ast.Name(id=name):
                return self._named(name)
            case ast.Constant(value=str(text)):
                return text
            case ast.Constant(value=int(number)) if not isinstance(number, bool):
                return number
            case ast.Constant(value=None):
                return None
            case ast.UnaryOp(op=ast.USub(), operand=ast.Constant(value=int(number))):
                return -number
            case ast.Subscript(value=ast.Name(id=name), slice=ast.Constant(value=int(place))):
                return self._number(name, place)
            case ast.Call(func=ast.Name(id=name), args=args, keywords=keywords) if all(one.arg for one in keywords):
                return self._call(name, [self._node(one) for one in args], {str(one.arg): self._node(one.value) for one in keywords})
            case _:
                raise Refused(f"{ast.unparse(tree)[:60]} is neither an id nor a call")

    # ── ids ──

    def _named(self, name: str) -> Any:
        if name == "it":
            return q.Hole()
        if name in self.found.cells:
            return pick_of(self.found.cells[name])
        if name in self.found.sentences:
            return self._quote([name])
        if name in self.found.agencies:
            return Pick(agency=self.found.agencies[name].agency_id)
        match sorted(one for one in self.found.cells if one.rstrip(ascii_lowercase) == name):
            case []:
                raise Refused(f"there is no {name} among the candidates")
            case [column]:
                return pick_of(self.found.cells[column])
            case columns:
                raise Refused(f"{name} has columns: write {' or '.join(columns[:6])}")

    def _quote(self, names: Sequence[str]) -> q.Quote:
        chosen = [self.found.sentences[one] for one in names]
        return q.Quote(tuple((one.span.prose.passage_id, one.span.start, one.span.end) for one in chosen), chosen[0].agency or None)

    def _number(self, name: str, place: int) -> q.Quote:
        if name not in self.found.sentences:
            raise Refused(f"{name}[{place}]: there is no sentence {name}")
        return replace(self._quote([name]), number=place)

    # ── calls ──

    def _call(self, name: str, args: list[Any], more: dict[str, Any]) -> Any:
        try:
            if name in _NODES:
                return self._built(name, args, more)
            if name in _GIVEN:
                function, given = _GIVEN[name]
                return function(self, given, *args, **more)
            if name in _METHODS:
                return _METHODS[name](self, *args, **more)
        except TypeError as error:
            raise Refused(f"{name}() is not called so: {str(error)[:120]}") from error
        raise Refused(f"there is no {name}(): use {', '.join(FUNCTIONS)}")

    def _built(self, name: str, args: list[Any], more: dict[str, Any]) -> Any:
        node, kinds = _NODES[name]
        if kinds.endswith("*"):
            if not args:
                raise Refused(f"{name}() of what?")
            return node(tuple(self.taken(one, kinds[0]) for one in args))
        least = len(kinds) - kinds.count("?")
        if more or not least <= len(args) <= len(kinds):
            raise Refused(f"{name}() takes {least} arguments, not {len(args) + len(more)}")
        made = [self.taken(one, "a" if kind == "?" else kind) for one, kind in zip(args, kinds, strict=False)]
        return node(*made, *(None for _ in kinds[len(made) :]))

    def figure(self, item: str | None = None, agency: Any = None, year: int | None = None, kind: str | None = None) -> Pick:
        """A figure by its name."""
        of = self._agency(agency)
        return Pick(self.item(item, of) if item else None, of, year, None, _kind(kind))

    def _agency(self, given: Any) -> str | None:
        if given is None:
            return next(iter(self.found.agencies.values())).agency_id if len(self.found.agencies) == 1 else None
        if not isinstance(given, Pick) or given.agency is None:
            raise Refused("agency= takes an id of an agency (a1)")
        return given.agency

    def item(self, said: str, agency: str | None) -> Item:
        """What a name means: a printed row of the agency, else a general term. Raises Refused for neither."""
        text = bare(fold(said))
        term = general_terms().get(text)
        if term is not None:
            return item_of_term(term)
        agencies = [agency] if agency else [one.agency_id for one in list(self.found.agencies.values())[:4]]
        labels = [one for each in agencies for one in self.names.labels(each)]
        for one in labels:
            if (known := one.by_text.get(text)) is not None:
                return item_of_label(known[0], text)
        near = sorted((match for one in labels for match in one.nearest(text, most=2)), key=lambda match: -match.score)
        if near and near[0].score >= 0.8:
            return item_of_label(near[0].label, text)
        known = "、".join(dict.fromkeys(match.label.text for match in near[:4]))
        raise Refused(f"no row is called {said[:30]}; near are: {known or 'none'}")

    def at(self, of: Any, year: int | None = None, kind: str | None = None, agency: Any = None) -> Any:
        """The same thing in another year, kind or agency."""
        who = self._agency(agency) if agency is not None else None

        def moved(one: Any) -> Any:
            if not isinstance(one, Pick):
                return one
            item = replace(one.item, figure=None) if one.item is not None and who not in (None, one.agency) else one.item
            return replace(one, item=item, agency=who or one.agency, year=year or one.year, earlier=None, kind=_kind(kind) or one.kind)

        return q.rebuilt(of, moved)

    def taken(self, node: Any, kind: str) -> Any:
        """An argument, if it is of its kind: a(mount), s(eries), t(ruth). Raises Refused."""
        if kind == "a" and not (isinstance(node, (*q.AMOUNTS, q.Hole)) or (isinstance(node, q.Quote) and node.number is not None)):
            hint = ": write s1[2] for the number #2 of s1" if isinstance(node, q.Quote) else ""
            raise Refused(f"an amount is wanted, not {_name(node)}{hint}")
        if kind == "s" and isinstance(node, Pick) and node.item is not None:
            return q.Each(node, "parts")
        if kind == "s" and not isinstance(node, q.SERIES):
            raise Refused(f"a series is wanted (rows, parts, projects, units, agencies, years …), not {_name(node)}")
        if kind == "t" and not isinstance(node, q.TRUTHS):
            raise Refused(f"a claim or another truth is wanted, not {_name(node)}")
        return node

    def sum(self, *parts: Any) -> q.Sum:
        return q.Sum(self._amounts(parts))

    def less(self, whole: Any, *parts: Any) -> q.Less:
        return q.Less(self._amounts((whole,))[0], self._amounts(parts))

    def _amounts(self, parts: Sequence[Any]) -> tuple[Any, ...]:
        return tuple(one if isinstance(one, q.SERIES) else self.taken(one, "a") for one in parts)

    def change(self, of: Any, since: Any = None, form: str = "both", direction: str | None = None) -> q.Change:
        earlier = None if since is None else self.taken(since, "a")
        return q.Change(self.taken(of, "a"), earlier, _one_of(form, ("amount", "rate", "both")), _direction(direction))

    def each(
        self, over: Any, of: Any = None, year: int | None = None, kind: str | None = None, named: str | None = None, agency: Any = None,
    ) -> q.Each:
        """The members of something: of a row, of an agency, or of what bears a name."""
        if isinstance(of, str):
            of = self.figure(of, agency, year, kind)
        if of is not None and not isinstance(of, Pick):
            raise Refused(f"{over} takes a row, an agency or a name, not {_name(of)}")
        pick = of or Pick(agency=self._agency(agency))
        pick = replace(pick, year=year or pick.year, kind=_kind(kind) or pick.kind)
        if over == "agencies":
            pick = replace(pick, item=SPENDING if pick.item is None else replace(pick.item, figure=None), agency=None)
        elif over == "years":
            pick = replace(pick, year=None, item=pick.item or SPENDING)
        elif pick.agency is None:
            raise Refused(f"{over} of which agency? write {over}(a1)")
        return q.Each(pick, over, named)

    def where(self, series: Any, relation: str, bound: str) -> q.Where:
        return q.Where(self.taken(series, "s"), _one_of(relation, _RELATIONS), self.quantity(bound))

    def ordered(self, order: q.Order, series: Any, place: Any = 1) -> q.Nth:
        if not isinstance(place, int) or place < 1:
            raise Refused("a place is a number from 1")
        return q.Nth(self.taken(series, "s"), order, place)

    def first(self, order: q.Order, series: Any, count: int | None = None) -> q.Top:
        return q.Top(self.taken(series, "s"), order, count)

    def place(self, member: Any, series: Any) -> q.Place:
        return q.Place(self.taken(series, "s"), self.taken(member, "a"))

    def by(self, series: Any, function: Any) -> q.By:
        if not any(isinstance(one, q.Hole) for one in q.walk(function)):
            raise Refused("by(series, function): the function has no `it` for the member")
        return q.By(self.taken(series, "s"), function)

    def claim(self, of: Any, quantity: str, relation: str = "is") -> q.Holds:
        return q.Holds(self.taken(of, "a"), _one_of(relation, _RELATIONS), self.quantity(quantity))

    def turned(self, direction: Any, of: Any, since: Any = None) -> q.Turned:
        return q.Turned(self.taken(of, "a"), direction, None if since is None else self.taken(since, "a"))

    def quantity(self, text: Any) -> Quantity:
        """A quantity, which must stand in the question: as it is said there."""
        wanted = find_quantities(fold(str(text)))
        if not wanted:
            raise Refused(f"{text} is no quantity: write it with its unit, as the question does")
        one = wanted[0].quantity
        for known in (each.quantity for each in find_quantities(fold(self.said))):
            if _worth(known) == _worth(one) or (known.number == one.number and "" in (known.unit, one.unit)):
                return known if known.unit or not one.unit else replace(known, unit=one.unit)
        raise Refused(f"{text} does not stand in the question")

    def told(self, what: str, about: Any = None, *terms: str) -> q.Told:
        pick = about if isinstance(about, Pick) else self.figure(about if isinstance(about, str) else None)
        return q.Told(_one_of(what, _TOLD), pick, tuple(map(str, terms)))

    def define(self, term: Any, agency: Any = None) -> q.Told:
        return q.Told("definition", Pick(Item(str(term), str(term), (str(term),)), self._agency(agency)), (str(term),))

    def quote(self, *sentences: Any) -> q.Quote:
        if not sentences or not all(isinstance(one, q.Quote) for one in sentences):
            raise Refused("quote() takes ids of sentences")
        return q.Quote(tuple(span for one in sentences for span in one.spans), sentences[0].agency)

    def both(self, *parts: Any) -> q.Both:
        return q.Both(tuple(one for part in parts for one in (part.parts if isinstance(part, q.Both) else (part,))))


def pick_of(cell: Cell) -> Pick:
    """A printed cell as a pick: the cell itself, and what it is of wherever another year or agency is asked about."""
    of_unit = cell.classification == "affiliate" or (cell.classification == "three_public" and cell.role != "total" and _is_body(cell))
    unit = cell.row_label if of_unit else None
    usual = cell.item not in TOTALS and cell.flow != "income" and cell.fund in _USUAL
    item = Item(
        cell.row_label or cell.item,
        cell.item or cell.row_label,
        (cell.item or cell.row_label,),
        code=cell.code if not of_unit else None,
        flow=cell.flow,
        fund=None if usual or cell.fund == "all" else cell.fund,
        portion=cell.portion if cell.portion in _PORTIONS and cell.classification not in _OF_ONE_PORTION else None,
        classification=cell.classification,
        affiliate=bare(unit) if unit else None,
        figure=cell.figure_id,
    )
    return Pick(item, cell.agency_id, cell.about_year or cell.year, None, cell.kind)


def _is_body(cell: Cell) -> bool:
    """Whether a row is named for a body, and its column for the thing."""
    names_thing = any(bare(cell.item)[:3] in bare(word) for word in cell.column_path)
    return names_thing and bool(cell.row_label) and bare(cell.row_label) != bare(cell.agency)


def _kind(text: str | None) -> Kind | None:
    return None if text is None else _one_of(text, ("budget", "final"))


def _direction(text: str | None) -> Any:
    return None if text is None else _one_of(text, ("up", "down", "same"))


def _one_of(text: Any, allowed: Any) -> Any:
    if text not in allowed:
        raise Refused(f"{str(text)[:30]}: one of {', '.join(sorted(allowed))} is wanted")
    return text


def _worth(quantity: Quantity) -> tuple[Any, str]:
    scale = MONEY_UNITS.get(quantity.unit)
    return (quantity.number, quantity.unit) if scale is None else (quantity.number * scale, "元")


def _name(node: Any) -> str:
    return node if isinstance(node, str) else type(node).__name__.lower()


_METHODS: Mapping[str, Callable[..., Any]] = {
    name: getattr(Proposal, name)
    for name in ("figure", "at", "sum", "less", "change", "by", "where", "place", "claim", "quote", "told", "define", "both")
}
_GIVEN: Mapping[str, tuple[Callable[..., Any], str]] = {
    **{over: (Proposal.each, over) for over in get_args(q.Over) if over != "rows"},
    "most": (Proposal.ordered, "most"),
    "least": (Proposal.ordered, "least"),
    "top": (Proposal.first, "most"),
    "bottom": (Proposal.first, "least"),
    "rose": (Proposal.turned, "up"),
    "fell": (Proposal.turned, "down"),
    "stayed": (Proposal.turned, "same"),
}
"""Methods whose first argument the name gives."""
_NODES: Mapping[str, tuple[Callable[..., Any], str]] = {
    "minus": (q.Minus, "aa"),
    "share": (q.Ratio, "a?"),
    "times": (partial(q.Ratio, form="times"), "aa"),
    "per": (partial(q.Ratio, form="each"), "aa"),
    "mean": (q.Mean, "s"),
    "count": (q.Count, "s"),
    "rows": (q.Named, "a*"),
    "equal": (q.Same, "aa"),
    "more": (partial(q.Same, relation="more"), "aa"),
    "fewer": (partial(q.Same, relation="less"), "aa"),
    "exists": (q.Exists, "a"),
    "absent": (partial(q.Exists, absent=True), "a"),
    "all": (q.All, "t*"),
}
"""Nodes that are built as they stand, with the kinds of their arguments: `?` may be left out, `*` takes any number."""
FUNCTIONS = (*_METHODS, *_GIVEN, *_NODES)

"""A model's proposal as an expression: calls over the ids that it was shown, read as a tree, never run.

`share(r17a, r3a)`, `most(agencies("公务接待费"))`, `claim(change(r5a), "12%", "up")`: every name is one of CALLS or an id of the
candidates, every claimed quantity stands in the question. What is not so is refused with what would be accepted.
"""

from __future__ import annotations

import ast
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from string import ascii_lowercase
from typing import TYPE_CHECKING, Any, get_args

from retrieval.evaluating.picks import SPENDING
from retrieval.figures.cells import Cell
from retrieval.figures.parts import TOTALS
from retrieval.language.segments import item_of_label, item_of_term
from retrieval.model.session import Refused
from retrieval.names.store_names import StoreNames
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick, Quantity
from retrieval.words.folding import bare, fold
from retrieval.words.lexicon import general_terms
from retrieval.words.numbers import find_quantities
from store.money import to_yuan
from store.values import Kind

if TYPE_CHECKING:
    from retrieval.model.candidates import Candidates

LONGEST = 1500  # characters of a reading
_PORTIONS = frozenset(("basic", "project", "personnel", "running"))
_OF_ONE_PORTION = frozenset(("three_public", "economic_department", "economic_government"))  # printed of one portion as a rule
_USUAL = frozenset(("all", None, "fiscal", "general_public"))  # funds that other years' documents may call otherwise
_CHOICES: Mapping[str, tuple[str, ...]] = {
    "kind": get_args(Kind), "form": get_args(q.Form), "direction": get_args(q.Direction), "relation": get_args(q.Relation),
    "what": get_args(q.What),
}  # fmt: skip


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
        """What a call builds, of arguments that are each of its parameter's kind."""
        if name not in CALLS:
            raise Refused(f"there is no {name}(): use {', '.join(CALLS)}")
        signature, build, given = CALLS[name]
        parameters = dict(parameter.split(":") for parameter in signature.split())
        if signature.endswith("*"):  # the last takes all arguments that are left
            before = len(parameters) - 1
            args = [*args[:before], tuple(args[before:])] if len(args) > before else args
        said = {**dict(zip(parameters, args, strict=False)), **more}
        missing = [one for one, kind in parameters.items() if not kind.endswith("?") and said.get(one) is None]
        if missing or len(args) > len(parameters) or len(said) != len(args) + len(more) or not said.keys() <= parameters.keys():
            raise Refused(f"{name}() takes ({signature}), not ({', '.join((*map(_name, args), *more))})")
        made = {one: self._taken(value, parameters[one].rstrip("?")) for one, value in said.items() if value is not None}
        return build(**{**given, **made}) if isinstance(build, type) else build(self, **{**given, **made})

    def _taken(self, node: Any, kind: str) -> Any:
        """An argument, if it is of its kind. Raises Refused."""
        match kind:
            case _ if kind.endswith("*"):
                return tuple(self._taken(one, kind.rstrip("*")) for one in node)
            case "amount" if not (isinstance(node, (*q.AMOUNTS, q.Hole)) or (isinstance(node, q.Quote) and node.number is not None)):
                hint = ": write s1[2] for the number #2 of s1" if isinstance(node, q.Quote) else ""
                raise Refused(f"an amount is wanted, not {_name(node)}{hint}")
            case "amounts":
                return node if isinstance(node, q.SERIES) else self._taken(node, "amount")
            case "series" if isinstance(node, Pick) and node.item is not None:
                return q.Each(node, "parts")
            case "series" if not isinstance(node, q.SERIES):
                raise Refused(f"a series is wanted (rows, parts, projects, units, agencies, years …), not {_name(node)}")
            case "truth" if not isinstance(node, q.TRUTHS):
                raise Refused(f"a claim or another truth is wanted, not {_name(node)}")
            case "sentence" if not isinstance(node, q.Quote):
                raise Refused("ids of sentences are wanted (s1)")
            case "agency":
                if not isinstance(node, Pick) or node.agency is None:
                    raise Refused("agency= takes an id of an agency (a1)")
                return node.agency
            case "number" | "year" if not isinstance(node, int) or node < 1:
                raise Refused(f"a {kind} is wanted, not {_name(node)}")
            case "quantity":
                return self._quantity(str(node))
            case "words":
                return str(node)
            case _ if kind in _CHOICES and node not in _CHOICES[kind]:
                raise Refused(f"{str(node)[:30]}: one of {', '.join(sorted(_CHOICES[kind]))} is wanted")
            case _:
                return node

    def figure(self, item: str | None = None, agency: str | None = None, year: int | None = None, kind: Kind | None = None) -> Pick:
        """A figure by its name, of the only agency where none is said."""
        only = next(iter(self.found.agencies.values())).agency_id if len(self.found.agencies) == 1 else None
        return Pick(self._item(item, agency or only) if item else None, agency or only, year, None, kind)

    def _item(self, said: str, agency: str | None) -> Item:
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

    def at(self, of: Any, year: int | None = None, kind: Kind | None = None, agency: str | None = None) -> Any:
        """The same thing in another year, kind or agency."""

        def moved(one: Any) -> Any:
            if not isinstance(one, Pick):
                return one
            item = replace(one.item, figure=None) if one.item is not None and agency not in (None, one.agency) else one.item
            return replace(one, item=item, agency=agency or one.agency, year=year or one.year, earlier=None, kind=kind or one.kind)

        return q.rebuilt(of, moved)

    def each(
        self, over: q.Over, of: Any = None, year: int | None = None, kind: Kind | None = None, named: str | None = None,
        agency: str | None = None,
    ) -> q.Each:
        """The members of something: of a row, of an agency, or of what bears a name."""
        pick = self.figure(of, agency, year, kind) if of is None or isinstance(of, str) else of
        if not isinstance(pick, Pick):
            raise Refused(f"{over} takes a row, an agency or a name, not {_name(of)}")
        pick = replace(pick, year=year or pick.year, kind=kind or pick.kind)
        if over == "agencies":
            pick = replace(pick, item=SPENDING if pick.item is None else replace(pick.item, figure=None), agency=None)
        elif over == "years":
            pick = replace(pick, year=None, item=pick.item or SPENDING)
        elif pick.agency is None:
            raise Refused(f"{over} of which agency? write {over}(a1)")
        return q.Each(pick, over, named)

    def by(self, series: Any, function: Any) -> q.By:
        """Something computed of each member."""
        if not any(isinstance(one, q.Hole) for one in q.walk(function)):
            raise Refused("by(series, function): the function has no `it` for the member")
        return q.By(series, function)

    def _quantity(self, text: str) -> Quantity:
        """A quantity, which must stand in the question: as it is said there."""
        wanted = find_quantities(fold(text))
        if not wanted:
            raise Refused(f"{text} is no quantity: write it with its unit, as the question does")
        one = wanted[0].quantity
        for known in (each.quantity for each in find_quantities(fold(self.said))):
            alike = known.number == one.number and "" in (known.unit, one.unit)
            if alike or worth(known.number, known.unit) == worth(one.number, one.unit):
                return known if known.unit or not one.unit else replace(known, unit=one.unit)
        raise Refused(f"{text} does not stand in the question")

    def told(self, what: q.What, about: Any = None, term: str | None = None) -> q.Told:
        """What prose tells of something."""
        pick = about if isinstance(about, Pick) else self.figure(about if isinstance(about, str) else None)
        return q.Told(what, pick, (term,) if term else ())

    def define(self, term: str, agency: str | None = None) -> q.Told:
        """What a term means."""
        return q.Told("definition", replace(self.figure(agency=agency), item=Item(term, term, (term,))), (term,))

    def quote(self, sentences: Sequence[q.Quote]) -> q.Quote:
        """The sentences, as they are printed."""
        return q.Quote(tuple(span for one in sentences for span in one.spans), sentences[0].agency)

    def both(self, parts: Sequence[Any]) -> q.Both:
        """Several questions in one."""
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


def worth(number: Decimal, unit: str) -> tuple[Decimal, str]:
    """A number by which quantities in different units of money compare."""
    yuan = to_yuan(number, unit)
    return (number, unit) if yuan is None else (yuan, "money")


def _name(node: Any) -> str:
    return node if isinstance(node, str) else type(node).__name__.lower()


_PAIR, _SINCE, _RANKED = "left:amount right:amount", "of:amount since:amount?", "series:series place:number?"
_MEMBERS = "of:any? year:year? kind:kind? named:words? agency:agency?"
CALLS: Mapping[str, tuple[str, Callable[..., Any], Mapping[str, Any]]] = {
    "figure": ("item:words? agency:agency? year:year? kind:kind?", Proposal.figure, {}),
    "at": ("of:any year:year? kind:kind? agency:agency?", Proposal.at, {}),
    "sum": ("parts:amounts*", q.Sum, {}),
    "less": ("whole:amounts parts:amounts*", q.Less, {}),
    "minus": (_PAIR, q.Minus, {}),
    "share": ("part:amount whole:amount?", q.Ratio, {"whole": None}),
    "times": ("part:amount whole:amount", q.Ratio, {"form": "times"}),
    "per": ("part:amount whole:amount", q.Ratio, {"form": "each"}),
    "change": ("of:amount since:amount? form:form? direction:direction?", q.Change, {}),
    "mean": ("of:series", q.Mean, {}),
    "count": ("series:series", q.Count, {}),
    "rows": ("members:amount*", q.Named, {}),
    **{over: (_MEMBERS, Proposal.each, {"over": over}) for over in get_args(q.Over) if over != "rows"},
    "by": ("series:series function:any", Proposal.by, {}),
    "where": ("series:series relation:relation than:quantity", q.Where, {}),
    "most": (_RANKED, q.Nth, {"order": "most"}),
    "least": (_RANKED, q.Nth, {"order": "least"}),
    "top": ("series:series count:number?", q.Top, {"order": "most"}),
    "bottom": ("series:series count:number?", q.Top, {"order": "least"}),
    "place": ("member:amount series:series", q.Place, {}),
    "claim": ("of:amount quantity:quantity relation:relation?", q.Holds, {"relation": "is"}),
    "equal": (_PAIR, q.Same, {}),
    "more": (_PAIR, q.Same, {"relation": "more"}),
    "fewer": (_PAIR, q.Same, {"relation": "less"}),
    "rose": (_SINCE, q.Turned, {"direction": "up"}),
    "fell": (_SINCE, q.Turned, {"direction": "down"}),
    "stayed": (_SINCE, q.Turned, {"direction": "same"}),
    "exists": ("of:amount", q.Exists, {}),
    "absent": ("of:amount", q.Exists, {"absent": True}),
    "all": ("parts:truth*", q.All, {}),
    "quote": ("sentences:sentence*", Proposal.quote, {}),
    "told": ("what:what about:any? term:words?", Proposal.told, {}),
    "define": ("term:words agency:agency?", Proposal.define, {}),
    "both": ("parts:any*", Proposal.both, {}),
}
"""What may be called: its parameters with their kinds (`?`: may be left out, `*`: any number), the node or what makes it, and what the
name itself gives."""

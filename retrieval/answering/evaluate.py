"""An expression to its value: one recursive function, a few lines a node. Values carry their evidence by construction.

Takes an open desk; reads no question. A pick is looked up where its year's figures are published, else in the next year's columns;
composed values are exact in Decimal, rounded once, when shown.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from decimal import Decimal
from itertools import permutations
from typing import Any

from retrieval.answer.answer import Step, Value
from retrieval.answer.pairing import paired
from retrieval.answer.values import Amount, Judged, Listing, Missing, Result, Words
from retrieval.answer.wording import KIND_NAMES, PORTION_NAMES, money, percent, say, shown, value_of, what, when
from retrieval.answering.members import is_category
from retrieval.answering.members import members as members_of
from retrieval.answering.told import amount_told, told
from retrieval.figures.cells import INCOME_TOTALS, SPENDING_TOTALS, Cell, Reading, Stated
from retrieval.figures.changes_stated import is_rounded, stated_change
from retrieval.figures.parts import PARTS_OF, THREE_PUBLIC, VEHICLES, is_part_of
from retrieval.figures.places import Desk, Fact, Place
from retrieval.figures.query import equals, run, select
from retrieval.figures.readings import NATURES, PORTION_OF, is_of_forms, of_one_table, says_spending
from retrieval.figures.stated import stated_rank
from retrieval.language.lattice import BOUGHT
from retrieval.language.phrases import OWN, is_fund
from retrieval.names.agencies import Agency
from retrieval.question import expression as q
from retrieval.question.expression import Item, Pick
from retrieval.words.cues import load
from retrieval.words.folding import bare
from store.money import MONEY_UNITS
from store.values import Fund, Kind, Portion
from store.vocabulary import vocabulary

SPENDING = Item("支出", "支出总计", ("支出总计", "支出合计", "本年支出合计"), flow="expenditure")
INCOME = Item("收入", "收入总计", ("收入总计", "收入合计", "本年收入合计"), flow="income")
PROJECTS = Item("项目支出", "项目支出", ("项目支出",))
_PUBLIC: tuple[Fund, ...] = ("fiscal", "general_public", "government_fund", "state_capital")
_BODIES = ("agencies", "units", "years", "named")
MOST_ALIKE = 6  # members of one rank that are named
MOST_MEMBERS = 400
ROUNDING = Decimal("0.06")  # percentage points: shares are printed with one or two decimals, now and then cut instead of rounded
_DIRECTIONS: dict[str, q.Direction] = {"increase": "up", "decrease": "down", "same": "same"}


@dataclass
class Evaluator:
    """Evaluates expressions over one open snapshot."""

    desk: Desk
    question: str = ""  # the words as folded, for the search in prose
    unit: str | None = None  # that an answer is wanted in
    notes: list[str] = field(default_factory=list[str])  # what an answer must say of how it was worked out
    _done: dict[Any, Result] = field(default_factory=dict[Any, Result])

    def value(self, node: Any) -> Result:
        """The value of an expression."""
        if node not in self._done:
            self._done[node] = Missing("no_words")  # what would ask for itself finds nothing
            name = type(node).__name__.lower()
            own = getattr(self, f"_{name}", None)
            self._done[node] = own(node) if own is not None else _elsewhere(name)(self, node)
        return self._done[node]

    def whole(self, node: Any) -> Result:
        """The value of a question: no number of things where money is asked for."""
        told = node.members if isinstance(node, q.Named) else (node,)
        counted = next((one for one in told if isinstance(one, Pick) and one.item is not None and one.item.counter is not None), None)
        if counted is not None and counted.item is not None and re.search(load("names.toml")["money"]["asked"], self.question):
            return Missing("unknown_item", counted, counted.item.said)
        value = self.value(node)
        if isinstance(node, q.Ratio) and node.whole is None and node.form == "percent" and isinstance(value, Amount):
            return self._as_told(node.part, value)
        return value

    def _as_told(self, part: Any, share: Amount) -> Amount:
        """A share whose whole was not said, as the prose prints it behind the same amount (基本支出100万元，占本年支出预算34%)."""
        amount = self.value(part)
        if not isinstance(amount, Amount) or not _is_plain(amount):
            return share
        before = [(one, self._told_before(one.stated)) for one in self.printed_shares(amount) if one.stated is not None]
        told = [share for share, one in before if one is not None and is_rounded(one, amount.number) and _says_of_what(share)]
        if len({one.value for one in told}) != 1 or abs(told[0].value - share.number) <= ROUNDING:
            return share
        quote = told[0].stated.quote if told[0].stated is not None else ""
        return replace(
            share, number=told[0].value, value=value_of(told[0]), readings=(*amount.readings, told[0]), steps=(), text=quote
        )  # fmt: skip

    # ── figures ──

    def agency_of(self, pick: Pick) -> Agency | Missing:
        if pick.agency is not None:
            return self.desk.directory[pick.agency]
        named = self.desk.directory.named() or tuple(self.desk.directory.agencies.values())
        return named[0] if len(named) == 1 else Missing("which_agency", pick)

    def year_of(self, pick: Pick, agency: Agency) -> int | None:
        """The year that is meant: as said, else counted back from the latest published (of that kind)."""
        if pick.year is not None:
            return pick.year
        years = agency.years(pick.kind) or agency.years()
        if not years:
            return None
        return years[-1] - (pick.earlier or 0)

    def places(self, pick: Pick) -> list[Place] | Missing:
        """Where the figures of a pick may stand, best first."""
        agency = self.agency_of(pick)
        if isinstance(agency, Missing):
            return agency
        if (home := self._home(pick, agency)) is not None:
            return [home]
        year = self.year_of(pick, agency)
        if year is None:
            return [Place(agency, one, 0) for one in agency.find(None, pick.kind)]
        measure = pick.item.measure if pick.item is not None else None
        if measure == "adjusted_budget" and (final := agency.find(year, "final")):
            return [Place(agency, final[0], year, measure, False)]
        if pick.published is not None:
            found = self.desk.places(agency, pick.published, None, year, measure or pick.kind)
        else:
            found = self.desk.places(agency, year, pick.kind, None, measure)
            if pick.item is not None and _is_of_own_level(
                pick.item, bare(agency.name)
            ):  # where it publishes its own beside the department's
                found = [*(Place(agency, one, year, measure) for one in agency.find(year, pick.kind) if one.scope == "unit"), *found]
        return found or Missing("unknown_year", pick, str(year))

    def _home(self, pick: Pick, agency: Agency) -> Place | None:
        """Where the cell stands that was pointed at, unless another year or kind is asked about."""
        if pick.item is None or pick.item.figure is None or pick.earlier is not None:
            return None
        for one in agency.disclosures:
            for cell in self.desk.shelf.cells(one.disclosure_id):
                if cell.figure_id == pick.item.figure:
                    year = cell.about_year or one.year or 0
                    if pick.year not in (None, year) or pick.kind not in (None, one.kind):
                        return None
                    return Place(agency, one, year, cell.measure if cell.measure != one.kind else None, year == one.year)
        return None

    def facts(self, pick: Pick) -> list[Fact] | Missing:
        """What is printed for the pick at each of its places, those with figures."""
        if pick.item is None:
            return Missing("nothing_asked", pick)
        places = self.places(pick)
        if isinstance(places, Missing):
            return places
        found: list[Fact] = []
        for place in places:
            asked = self._of_own_level(self._with_title(pick.item, place), place)
            each = [self._fact(item, place) for item in asked]
            if place.disclosure.scope == "unit" and asked != [pick.item]:
                each = [replace(fact, asked=pick.item) for fact in each]  # its own: said so
            found += [fact for fact in each if fact.readings][:1] or [fact for fact in each if fact.blank is not None and not found][:1]
        return [fact for fact in found if fact.readings] or found

    def _fact(self, item: Item, place: Place) -> Fact:
        """What is printed for an item at a place: by its code, its unit's own row, or wherever a part of it stands."""
        if item.affiliate is not None and self._is_of_one(item.affiliate, place):
            item = replace(item, affiliate=None, item=item.item or SPENDING.item, names=item.names or SPENDING.names)
        fact = self.desk.find(item, place)
        if not fact.readings and item.code is not None and _is_name_of(item.code, item.item):
            fact = self.desk.find(replace(item, code=None), place)  # where class, section and item stand in columns of their own
        if not fact.readings and item.item in PARTS_OF.get(item.under or "", ()):
            fact = self.desk.find(replace(item, under=None), place)  # a part of it by what it is, wherever it is printed
        own = item.figure is None and item.affiliate is not None
        unit = self._of_unit(item, place) if own or not fact.readings else None
        return unit or fact

    def _of_own_level(self, item: Item, place: Place) -> list[Item]:
        """An item of the agency itself, without the units below it, by the rows that bear its own name: best first; none where units are
        printed but no such row. A disclosure that prints no units is of the agency alone."""
        name = bare(place.agency.name)
        if not _is_of_own_level(item, name):
            return [item]
        if place.disclosure.scope == "unit":
            return [replace(item, affiliate=None)]
        rows = [cell for cell in self.desk.shelf.cells(place.disclosure.disclosure_id) if cell.classification == "affiliate"]
        labels = {bare(cell.row_label) for cell in rows}
        own = sorted((label for label in labels if _is_own_row(label, name)), key=len, reverse=True)
        if not own or len(labels) == len(own):
            return [replace(item, affiliate=None)] if not labels or own else []
        deep = {(cell.table_title, len(cell.row_path)) for cell in rows if bare(cell.row_label) not in own}
        parents = {(cell.table_title, bare(label)) for cell in rows for label in cell.row_path[:-1]}
        beside = {  # tables where the plain name stands among the units, and holds none of them
            cell.table_title: None
            for cell in rows
            if bare(cell.row_label) == name and (cell.table_title, len(cell.row_path)) in deep and (cell.table_title, name) not in parents
        }
        plain = [replace(item, affiliate=name, table=title) for title in beside if len(own) > 1 and item.table in (None, title)]
        return [replace(item, affiliate=own[0]), *plain]

    def _is_of_one(self, unit: str, place: Place) -> bool:
        """Whether a disclosure is that unit's own: it prints no other one."""
        cells = self.desk.shelf.cells(place.disclosure.disclosure_id)
        units = {bare(cell.row_label) for cell in cells if cell.classification == "affiliate"}
        return bool(units) and all(one.startswith(unit) for one in units) and bare(place.agency.name) in unit

    def _of_unit(self, item: Item, place: Place) -> Fact | None:
        """All that a budget unit spends (or, where only that is printed, takes in): its row in the table of units."""
        grant = item.item in load("funds.toml")["grant"]["items"]
        if item.affiliate is None or not (grant or item.item in (*SPENDING_TOTALS, *INCOME_TOTALS)):
            return None
        own = re.sub(load("names.toml")["kind"]["own"], "", item.affiliate)
        cells = self.desk.shelf.cells(place.disclosure.disclosure_id)
        whole = max((cell.value for cell in cells if cell.amount is not None and cell.classification != "affiliate"), default=Decimal(0))
        rows = [
            cell
            for cell in cells
            if cell.classification == "affiliate" and cell.amount is not None
            and (bare(cell.row_label).startswith(item.affiliate) or (bare(cell.row_label) == own and cell.value < whole))
            and (cell.about_year or place.year) == place.year
            and cell.fund in ((item.fund,) if item.fund else _PUBLIC if grant else ("all", None))
            and cell.portion in ("total", None)
            and cell.measure in ("budget", "final", None) and not (cell.form or "").endswith("procurement")
            and "采购" not in cell.table_title
        ]  # fmt: skip
        if item.table is not None:
            rows = [cell for cell in rows if bare(cell.table_title) == bare(item.table)]
        rows = [cell for cell in rows if bare(cell.row_label) == item.affiliate] or rows  # 梅村高级中学 is not 梅村高级中学空港分校
        rows = [cell for cell in rows if [bare(label) for label in cell.row_path] == [item.affiliate] * 2] or rows  # itself, in its total
        if grant:  # where one fund alone pays it, that is all the public money it has
            rows = [cell for cell in rows if cell.fund == "fiscal"] or [cell for cell in rows if cell.value]
        if not rows or (grant and len({cell.value for cell in rows}) > 1):
            return None
        wanted = "income" if item.item in INCOME_TOTALS else "expenditure"
        best = max(rows, key=lambda cell: (cell.flow == wanted, cell.item in (*SPENDING_TOTALS, *INCOME_TOTALS), cell.value))
        if best.flow == "income" and says_spending(item) and not grant:
            return None
        return Fact(item, place, (Reading((best,), tuple(cell for cell in rows if cell.value == best.value and cell is not best)),))

    def table_named(self, pick: Pick) -> str | None:
        """The title of the table that a pick names, where it is published."""
        places = self.places(pick)
        if isinstance(places, Missing) or pick.item is None or pick.item.table is None:
            return None
        return next((title for place in places if (title := self._title_of(pick.item.table, place)) is not None), None)

    def _with_title(self, item: Item, place: Place) -> Item:
        """The item with the title of the table whose number is named."""
        if item.table is None:
            return item
        return replace(item, table=self._title_of(item.table, place) or item.table.split("|")[-1])

    def _title_of(self, said: str, place: Place) -> str | None:
        """The printed title that words or a number name (several, parted by |: one after the other)."""
        from retrieval.language.lattice import table_number

        tree = select(
            "published_tables",
            ("table_title", "table_number"),
            equals("disclosure_id", place.disclosure.disclosure_id),
            equals("edition_rank", 1),
            order=("table_position",),
        )
        printed = [(title, number) for title, number in run(self.desk.snapshot, tree)[1] if title]
        in_order = not any(table_number(number) for _, number in printed)  # 表十一: where none bears a number, the eleventh
        for words in said.split("|"):
            if words.startswith("#"):
                numbers = [at + 1 if in_order else table_number(number) for at, (_, number) in enumerate(printed)]
                named = [title for (title, _), number in zip(printed, numbers, strict=True) if number == int(words[1:])]
            else:
                named = _titles_like(bare(words), [title for title, _ in printed])
            if named:
                return named[0]
        return None

    def _pick(self, pick: Pick) -> Result:
        facts = self.facts(pick)
        if isinstance(facts, Missing):
            return facts
        counts = pick.item is not None and pick.item.counter is not None and pick.item.counter not in MONEY_UNITS
        full = [fact for fact in facts if fact.readings and not (counts and self._amount(fact).is_money)]
        if not full and pick.kind == "final" and pick.item is not None and pick.item.measure == "budget":
            return self.value(replace(pick, kind="budget"))  # accounts without a column of what was planned
        if not full and pick.kind == "budget" and pick.item is not None and pick.item.fund is None and pick.item.item in SPENDING_TOTALS:
            public = self.facts(replace(pick, item=replace(pick.item, fund="general_public")))  # accounts tell the plan of that alone
            full = [fact for fact in public if fact.readings and not fact.place.is_own] if not isinstance(public, Missing) else []
        if not full and pick.item is not None and pick.item.measure == "adjusted_budget":
            return self.value(replace(pick, item=replace(pick.item, measure=None)))
        if not full:
            prose = self._counted(pick) or self._cars(pick) or self._derived(pick) or self._in_prose(pick)
            if counts and isinstance(prose, Amount) and prose.is_money:
                prose = None  # 公务用车保有量: no amount of money
            return prose if prose is not None else Missing("unknown_item", pick, pick.item.said if pick.item else "", tuple(facts))
        fact = full[0]
        every = self.value(q.Each(pick, "rows")) if _is_of_category(pick.item, fact) else None
        if isinstance(every, Listing) and len(every.members) > 1:
            return self.value(q.Sum((q.Each(pick, "rows"),)))  # 特定目标类: of all projects of that category
        return self._amount(fact, others=full[1:])

    def _counted(self, pick: Pick) -> Amount | None:
        """The number of things or persons that the prose states under the name asked for."""
        places = self.places(pick)
        if isinstance(places, Missing) or pick.item is None or not pick.item.counter:
            return None
        for place in places:
            own = self.desk.shelf.stated(place.disclosure.disclosure_id)
            counts = [one for one in own if one.measure == "count" and one.item in pick.item.names]
            if counts:
                return self._amount(Fact(pick.item, place, (Reading((), stated=counts[0]),)))
        return None

    def _cars(self, pick: Pick) -> Amount | None:
        """How many cars the prose tells of."""
        cars = load("names.toml")["cars"]
        if pick.item is None or pick.item.item != cars["stock"] or pick.item.affiliate is not None:
            return None
        told = q.Told("number", replace(pick, item=None), tuple(cars["said"][:1]), counter=cars["counter"])
        number = _as_count(Evaluator(self.desk).value(told), told)  # of all cars, whichever the question names
        places = self.places(pick)
        if not isinstance(number, Amount) or isinstance(places, Missing) or not places:
            return None
        return replace(number, label=cars["stock"], item=pick.item, place=places[0], who=places[0].agency.name)

    def _derived(self, pick: Pick) -> Amount | None:
        """The earlier year's figure where only this year's and its change are published: this year's less the change."""
        agency = self.agency_of(pick)
        if isinstance(agency, Missing) or pick.item is None or (pick.kind == "final" and pick.published is None):
            return None
        year = self.year_of(pick, agency)
        for one in agency.find((year or 0) + 1, pick.kind):
            place = Place(agency, one, (year or 0) + 1)
            stated = stated_change(self.desk, pick.item, place)
            changed = next((s for s in stated if s.amount is not None and s.measure != "change_rate"), None)
            now = self.desk.find(pick.item, place)
            if not now.readings:
                continue
            if stated and all(s.change == "same" for s in stated):
                gap = Decimal(0)
            elif changed is not None and changed.amount is not None and changed.change in ("increase", "decrease"):
                gap = changed.amount if changed.change == "increase" else -changed.amount
            else:
                continue
            first = self._told_beside(changed, now.first) if changed is not None else now.first
            value = money(first.value - gap, self.unit or first.unit, None if self.unit else max(first.places, 2))
            told = Reading((), stated=changed or stated[0])
            change_value = value_of(told, self.unit) if changed is not None else Value(Decimal(0), value.unit)
            parts = ((f"{place.year}年", value_of(first, self.unit)), (say("verbs", "increase" if gap >= 0 else "decrease"), change_value))
            then = Place(agency, one, place.year - 1, None, False)
            return Amount(
                first.value - gap, value, (first, told), what(pick.item, first), then, pick.item,
                (Step("difference", value, parts),), parts, who=agency.name, text="derived",
            )  # fmt: skip
        return None

    def _told_beside(self, change: Stated, printed: Reading) -> Reading:
        """The amount that a change was told of: the one right before it in its passage, where that is not the printed figure."""
        told = self._told_before(change)
        return Reading((), stated=told) if told is not None and not is_rounded(told, printed.value) else printed

    def _told_before(self, stated: Stated) -> Stated | None:
        """The amount of the same thing that stands right before a statement in its passage."""
        told = [
            one
            for one in self.desk.shelf.stated(stated.disclosure_id)
            if one.passage_id == stated.passage_id and one.figure_id < stated.figure_id and one.item == stated.item
            and one.change is None and one.measure in ("budget", "final") and one.amount is not None
        ]  # fmt: skip
        return told[-1] if told else None

    def _in_prose(self, pick: Pick) -> Amount | None:
        """The amount that only free prose gives."""
        places = self.places(pick)
        if isinstance(places, Missing) or pick.item is None or pick.item.affiliate or pick.item.code:
            return None  # of a code the tables tell, not the prose
        if pick.item.under is not None and not is_of_forms(pick.item.under):
            return None  # what is told of the whole is not told of what is under one name of it
        for place in places:
            if not place.is_own:
                continue  # another year's amounts stand beside it
            stated = amount_told(self.desk.snapshot, pick.item, place)
            whole = self.value(replace(pick, item=SPENDING)) if stated is not None else None
            if isinstance(whole, Amount) and stated is not None and stated.amount is not None and whole.number < abs(stated.amount):
                continue  # more than all that is spent: another's, or in another unit
            if stated is not None:
                return self._amount(Fact(pick.item, place, (Reading((), stated=stated),)))
        return None

    def _amount(self, fact: Fact, others: Sequence[Fact] = ()) -> Amount:
        reading = fact.first
        value, parts = value_of(reading, self.unit), () if others else self._natures(reading)
        plain = Amount(reading.value, value, (reading,), what(fact.asked, reading), fact.place, fact.asked, who=fact.place.agency.name)
        if len(parts) > 1:
            return replace(plain, steps=(Step("sum", value, parts),), parts=parts, text="natures")
        further = tuple(one for one in fact.readings[1:] if one.value != reading.value)
        beside = tuple(value_of(other.first, self.unit) for other in others)
        kinds = tuple((_kind_and_year(other.place), value_of(other.first, self.unit)) for other in (fact, *others)) if others else ()
        return replace(plain, readings=(reading, *(other.first for other in others)), others=further, beside=beside, parts=kinds)

    def _natures(self, reading: Reading) -> tuple[tuple[str, Value], ...]:
        """Basic spending and projects, where a figure is put together of the two."""
        own = [(nature, tuple(cell for cell in reading.cells if cell.portion == nature)) for nature in NATURES]
        return tuple((PORTION_NAMES[nature], value_of(Reading(cells), self.unit)) for nature, cells in own if cells)

    # ── arithmetic ──

    def _sum(self, node: q.Sum) -> Result:
        if (printed := self._all_projects(node)) is not None:
            return printed
        amounts: list[Amount] = []
        for part in node.parts:
            value = self.value(part)
            if isinstance(value, Listing):
                amounts += [amount for _, amount in value.members]
            elif isinstance(value, Amount):
                amounts.append(value)
            else:
                return replace(value, found=tuple(amounts)) if isinstance(value, Missing) else Missing("unknown_item")
        if not amounts:
            return Missing("no_members")
        if len(amounts) == 1 and isinstance(node.parts[0], q.Each):
            return amounts[0]
        if len({amount.value.unit if not amount.is_money else "元" for amount in amounts}) > 1:
            return Missing("mixed_units", found=tuple(amounts))
        amounts = self._of_one_table(amounts)
        kept: list[Amount] = []
        for amount in amounts:
            if not any(_same_figure(amount, other) for other in kept):
                kept.append(amount)
        for whole in kept:
            for part in kept:
                if part is not whole and self._contains(whole, part):
                    return Missing("contained", found=(whole, part))
        total = sum((amount.number for amount in kept), Decimal(0))
        unit = self.unit or kept[0].value.unit
        value = (
            money(total, unit, None if self.unit else max(_places(amount) for amount in kept)) if kept[0].is_money else Value(total, unit)
        )
        names = _distinct_names(kept)
        parts = tuple(zip(names, (amount.value for amount in kept), strict=True))
        readings = tuple(reading for amount in kept for reading in amount.readings)
        said = list(dict.fromkeys(names))
        return Amount(
            total, value, readings, "、".join(said[:4]) + ("等" if len(said) > 4 else ""), kept[0].place, kept[0].item,
            (*(step for amount in kept for step in amount.steps), Step("sum", value, parts)), parts, who=kept[0].who,
        )  # fmt: skip

    def _contains(self, whole: Amount, part: Amount) -> bool:
        """Whether an amount is in another one already: as its printed part, or as that of a unit of the same department."""
        if part.readings and whole.readings and is_part_of(part.readings[0], whole.readings[0]):
            return True
        if whole.place is None or part.place is None or whole.place.agency is part.place.agency or whole.label != part.label:
            return False
        return self.desk.includes(whole.place, part.place.agency)

    def _all_projects(self, node: q.Sum) -> Amount | None:
        """All projects together, as their total is printed."""
        only = node.parts[0]
        if len(node.parts) > 1 or not isinstance(only, q.Each) or (only.over, only.named, only.of.item) != ("projects", None, None):
            return None
        whole = self.value(replace(only.of, item=PROJECTS))
        return whole if isinstance(whole, Amount) else None

    def _of_one_table(self, amounts: list[Amount]) -> list[Amount]:
        """The amounts as one table prints them, where one prints them all."""
        if not all(len(amount.readings) == 1 and amount.readings[0].stated is None and amount.place is not None for amount in amounts):
            return amounts
        if len({amount.place.disclosure.disclosure_id for amount in amounts if amount.place is not None}) > 1:
            return amounts
        groups = [(amount.readings[0], *amount.others) for amount in amounts]
        chosen = of_one_table(groups)
        return [replace(self._as_read(one, reading), label=one.label) for one, reading in zip(amounts, chosen, strict=True)]

    def _two(self, left: Any, right: Any) -> tuple[Amount, Amount] | Missing:
        one, other = _counted(self.value(left), left), _counted(self.value(right), right)
        for value in (one, other):
            if not isinstance(value, Amount):
                found = tuple(v for v in (one, other) if isinstance(v, Amount))
                return replace(value, found=found) if isinstance(value, Missing) else Missing("unknown_item", found=found)
        assert isinstance(one, Amount) and isinstance(other, Amount)
        if one.is_money != other.is_money:
            return Missing("mixed_units", found=(one, other))
        if _is_plain(one) and _is_plain(other) and not _of_other_funds(one, other) and not _are_public(one, other):
            upper, lower = paired(_alternatives(one), _alternatives(other))
            one, other = self._as_read(one, upper), self._as_read(other, lower)
        if left != right and isinstance(left, q.Nth) and one.number == other.number and _figures(one) & _figures(other):
            return Missing("unknown_item", found=(one,))  # the largest of several, and itself
        apart = isinstance(left, Pick) and isinstance(right, Pick) and left != right
        if apart and not (one.steps or other.steps) and _same_figure(one, other):  # two things, and one figure for both
            return Missing("unknown_item", right, found=(one,))
        return one, other

    def _as_read(self, amount: Amount, reading: Reading) -> Amount:
        if reading is amount.readings[0]:
            return amount
        label = what(amount.item, reading) if amount.item else amount.label
        return replace(amount, readings=(reading,), number=reading.value, value=value_of(reading, self.unit), label=label)

    def _minus(self, node: q.Minus) -> Result:
        two = self._two(_as_accounted(node.left, node.right), _as_accounted(node.right, node.left))
        if isinstance(two, Missing):
            return two
        one, other = two
        if _same_figure(*(replace(each, readings=each.readings[:1]) for each in two)):
            return Missing("insane", found=two)  # two words for one figure differ by nothing
        if _as_accounted(node.left, node.right) != node.left and one.place is not None and other.place is not None:
            if one.place.disclosure != other.place.disclosure and not one.place.is_own:
                return Missing("insane", found=two)  # planned for the department, spent by the one: of two books
            one = replace(one, label=other.label)
        gap = one.number - other.number
        number = gap if node.signed else abs(gap)
        names = _distinct_names([one, other])
        parts = tuple(zip(names, (one.value, other.value), strict=True))
        value = self._computed(number, one, other)
        direction = "same" if gap == 0 else "up" if gap > 0 else "down"
        step = Step("difference", value, parts if gap >= 0 or node.signed else parts[::-1])
        return _of_two(one, other, number, value, f"{names[0]}、{names[1]}", (step,), parts, direction=direction)

    def _computed(self, number: Decimal, one: Amount, other: Amount) -> Value:
        if not one.is_money:
            return Value(number.normalize() if number == number.to_integral() else number, one.value.unit)
        unit = self.unit or one.value.unit
        return money(number, unit, None if self.unit or one.value.unit != other.value.unit else max(_places(one), _places(other)))

    def _less(self, node: q.Less) -> Result:
        if isinstance(node.whole, (q.Each, q.Named)):
            series = self.value(node.whole)
            if not isinstance(series, Listing):
                return series
            out = [self.value(part) for part in node.parts]
            ranked = [isinstance(part, q.Nth) for part in node.parts]  # beside the one, those next to it are told
            taken = {
                _figures(replace(amount, readings=amount.readings[:1]) if is_ranked else amount)
                for amount, is_ranked in zip(out, ranked, strict=True)
                if isinstance(amount, Amount)
            }
            taken |= {_figures(amount) for listed in out if isinstance(listed, Listing) for _, amount in listed.members}
            labels = {part.item.affiliate or part.item.said for part in node.parts if isinstance(part, Pick) and part.item is not None}

            def is_out(name: str, label: str) -> bool:
                return _is_own_row(name, series.place.agency.name) if label == OWN and series.place is not None else label in name

            kept = tuple(
                (name, amount)
                for name, amount in series.members
                if _figures(amount) not in taken and not any(label and is_out(name, label) for label in labels)
            )
            named = q.picks(node.whole) if isinstance(node.whole, q.Named) else ()
            units = bool(named) and all(pick.item and pick.item.affiliate not in (None, OWN) for pick in named)
            already = OWN in labels and (units or (isinstance(node.whole, q.Each) and node.whole.below))
            if len(series.members) - len(kept) < sum(isinstance(part, Pick) for part in node.parts) - already:
                return Missing("unknown_item", named="、".join(labels))  # one of them is no member
            dropped = labels or {name for name, _ in series.members} - {name for name, _ in kept}
            left = say("computed", "less", parts="、".join(sorted(dropped))) if dropped != labels or not already else ""
            return (
                replace(series, members=kept, label=series.label + left)
                if len(kept) < len(series.members) or already
                else Missing("unknown_item", named="、".join(labels))
            )
        whole = self.value(node.whole)
        if not isinstance(whole, Amount):
            return whole
        parts: list[Amount] = []
        if any(isinstance(part, q.Nth) and not _is_of(part.series, node.whole) for part in node.parts):
            return Missing("insane", found=(whole,))
        apart = [_of_its_fund(node.whole, part) for part in node.parts if not _is_apart(whole.item, part)]
        if not apart:  # nothing of it is in the whole
            left = "、".join(part.item.said for part in node.parts if isinstance(part, Pick) and part.item is not None)
            return replace(whole, label=whole.label + say("computed", "less", parts=left))
        for part in apart:
            value = self.value(part)
            if isinstance(value, Missing):
                return replace(value, found=(whole, *parts))
            if isinstance(value, Listing):
                parts += [amount for _, amount in value.members]
            elif isinstance(value, Amount):
                parts.append(value)
        if not parts:
            return Missing("unknown_item", found=(whole,))
        if isinstance(node.whole, (Pick, q.Sum)) and _is_beside(node):
            return replace(whole, text="beside", others=())
        if any(_are_siblings(whole, part) for part in parts):
            note = say("computed", "not_taken_off", parts="、".join(part.label for part in parts))
            self.notes.append(note)
            return replace(whole, text=note)
        if apart != list(node.parts):
            if any(fund not in ("all", None) for fund in _funds(whole)):  # what all funds pay is not printed
                return Missing("unknown_item", node.whole if isinstance(node.whole, Pick) else None, found=(whole,))
        elif _is_plain(whole) and all(_is_plain(part) for part in parts):
            upper, lower = paired(_alternatives(whole), _alternatives(parts[0]))
            whole, parts[0] = self._as_read(whole, upper), self._as_read(parts[0], lower)
        total = whole.number - sum((part.number for part in parts), Decimal(0))
        if total < 0 or (total == 0 and len(parts) > 1):  # nothing is asked that way: one of them was meant to stay
            return Missing("insane", found=(whole, *parts))
        value = self._computed(total, whole, parts[0])
        names = _distinct_names([whole, *parts])
        told_parts = tuple(zip(names, (whole.value, *(part.value for part in parts)), strict=True))
        return Amount(
            total, value, tuple(reading for amount in (whole, *parts) for reading in amount.readings),
            whole.label + say("computed", "less", parts="、".join(names[1:])), whole.place, whole.item,
            (*whole.steps, Step("difference", value, told_parts)), told_parts, who=whole.who,
        )  # fmt: skip

    def _in_table_of(self, whole: Amount, part: Amount) -> Amount:
        """A part as the table prints it of which the whole is the sum, where it is no other table's (办公费 of 机关运行经费)."""
        if not (_is_plain(whole) and _is_plain(part)) or part.item is None or whole.item is None or whole.who != part.who:
            return part
        home, own = whole.readings[0], part.readings[0]
        if home.stated or own.stated or home.first.role == "leaf" or whole.item.item in (*SPENDING_TOTALS, *INCOME_TOTALS, *PORTION_OF):
            return part
        cells = self.desk.shelf.cells(home.first.disclosure_id)
        rows = [one for one in cells if (one.table_id, one.column_index) == (home.first.table_id, home.first.column_index)]
        rows = [one for one in rows if one.item in part.item.names]
        return self._as_read(part, Reading((rows[0],))) if len(rows) == 1 and home.first.row < rows[0].row else part

    def _of_one_year(self, node: q.Ratio) -> q.Ratio:
        """Final accounts against the budget of the same year, where none is said: the latest that has both."""
        part, whole = node.part, node.whole
        if not isinstance(part, Pick) or not isinstance(whole, Pick) or {part.kind, whole.kind} != {"budget", "final"}:
            return node
        agency = self.agency_of(part)
        if isinstance(agency, Missing) or (part.year, part.earlier, whole.year, whole.earlier) != (None, None, None, None):
            return node
        both = set(agency.years("budget")) & set(agency.years("final"))
        return replace(node, part=replace(part, year=max(both)), whole=replace(whole, year=max(both))) if both else node

    def _ratio(self, node: q.Ratio) -> Result:
        node = self._of_one_year(node)
        whole_node = node.whole if node.whole is not None else self._whole_of(node.part)
        if whole_node is None:
            return Missing("no_base")
        if node.form == "percent" and isinstance(node.part, q.Sum) and _is_all(node.part):
            return Missing("insane")  # all that there are is all of it
        one, other = self.value(node.part), self.value(whole_node)
        if isinstance(one, Amount) and one.text == "natures":
            one = self.value(_of_nature(node.part, whole_node))
        if node.form == "percent" and isinstance(one, Amount) and isinstance(other, Amount):
            one = self._in_table_of(other, one)
        one, other = _as_count(one, node.part), _as_count(other, whole_node)
        if not isinstance(one, Amount) or not isinstance(other, Amount):
            bad = one if not isinstance(one, Amount) else other
            found = tuple(v for v in (one, other) if isinstance(v, Amount))
            return replace(bad, found=found) if isinstance(bad, Missing) else Missing("no_base", found=found)
        if node.form != "each":
            if one.is_money != other.is_money:
                return Missing("mixed_units", found=(one, other))
            if _is_plain(one) and _is_plain(other):
                upper, lower = paired(_alternatives(one), _alternatives(other))
                one, other = self._as_read(one, upper), self._as_read(other, lower)
        if other.number == 0 or (_is_plain(one) and _is_plain(other) and _same_figure(one, other)):
            return Missing("no_base", found=(one, other))
        if node.form == "percent" and (0 < one.number < other.number / 20000 or any(_is_apart(other.item, p) for p in q.picks(node.part))):
            return Missing("insane", found=(one, other))  # 会议费占三公; 0.00%
        if node.form == "percent" and one.number > other.number * Decimal("1.0005") and not _of_kinds(one, other):
            return Missing("insane", found=(one, other))
        ratio = one.number / other.number
        names = _distinct_names([one, other])
        if one.label == other.label and one.label not in names[0]:  # of what the final accounts are set against the budget
            names[0] = one.label + names[0]
        parts = ((names[0], one.value), (names[1], other.value))
        if node.form == "each":
            value = money(ratio, self.unit or one.value.unit, 2)
            number = ratio
        elif node.form == "times":
            value = Value(ratio.quantize(Decimal("0.01")), "倍")
            number = ratio
        else:
            value = percent(ratio)
            number = ratio * 100
        operation = "per_head" if node.form == "each" else "share"
        if node.form == "percent" and (printed := self._printed_share(one, value)) is not None:
            told = _of_two(one, other, printed.value, value_of(printed), names[0], (), parts)
            return replace(told, readings=(*told.readings, printed))
        return _of_two(one, other, number, value, names[0], (Step(operation, value, parts),), parts)

    def _printed_share(self, part: Amount, share: Value) -> Reading | None:
        """The percentage that the prose prints for this part, where it is this one but for rounding."""
        return next((one for one in self.printed_shares(part) if 0 < abs(one.value - share.amount) <= ROUNDING), None)

    def printed_shares(self, part: Amount) -> list[Reading]:
        """The percentages that the prose prints for a part."""
        item = part.item
        if part.place is None or item is None or item.affiliate is not None:
            return []
        stated = self.desk.shelf.stated(part.place.disclosure.disclosure_id)
        return [Reading((), stated=one) for one in stated if one.measure == "share" and one.unit == "%" and stated_rank(item, one) == 0]

    def _whole_of(self, part: Any) -> Any:
        """What a part is a part of, where the question does not say: its printed parent, else the total."""
        if isinstance(part, q.Nth):
            of = part.series
            whole = PROJECTS if isinstance(of, q.Each) and of.over == "projects" else SPENDING
            return replace(of.of, item=of.of.item or whole) if isinstance(of, q.Each) else q.Sum((of,))
        if not isinstance(part, Pick) or (item := part.item) is None:
            return None
        if item.counter is not None:
            cars = load("names.toml")["cars"]
            stock = Item(cars["stock"], cars["stock"], (cars["stock"],), counter="")
            return replace(part, item=stock) if item.counter == cars["counter"] else None
        if item.under is not None and item.affiliate is None:
            return replace(part, item=Item(item.under, item.under, (item.under,), fund=item.fund))
        if item.affiliate is not None:
            if item.item is None or item.item in (*SPENDING_TOTALS, *INCOME_TOTALS):
                return replace(part, item=SPENDING if item.item is None else replace(item, affiliate=None))
            if re.search(load("names.toml")["kind"]["alone"], self.question):
                return replace(part, item=replace(item, affiliate=None))
            return replace(part, item=replace(INCOME if item.flow == "income" else SPENDING, affiliate=item.affiliate))  # of its own
        if item.portion is not None and item.item not in PORTION_OF:
            return _of_portion(part, None)  # 培训支出，其中项目支出占几成
        for whole, inner in PARTS_OF.items():
            if item.item in inner and (whole == THREE_PUBLIC or item.item in BOUGHT):
                return replace(part, item=Item(whole, whole, (whole,)))
        if item.flow == "income" and item.fund is not None:
            return replace(part, item=INCOME)
        if item.classification == "project":
            return replace(part, item=PROJECTS)
        return replace(part, item=replace(SPENDING, fund=item.fund, table=item.table))

    def _change(self, node: q.Change) -> Result:
        of = node.of
        if isinstance(of, Pick) and (node.since is None or self._is_the_year_before(node.since, of)):
            return self._change_of_pick(node, of)
        since = node.since
        if since is None:
            since = _a_year_before(of, self)
            if since is None:
                return Missing("no_earlier")
        two = self._two(of, since)
        if isinstance(two, Missing):
            return replace(two, why="no_earlier") if two.found else two
        return self._changed(node, *two)

    def _is_the_year_before(self, since: Any, of: Pick) -> bool:
        """Whether an earlier amount is the same thing a year before: then what the prose says of the change counts too."""
        same = isinstance(since, Pick) and (since.item, since.agency) == (of.item, of.agency)
        if not same or (since.kind or of.kind) not in (of.kind, "budget"):
            return False
        agency = self.agency_of(of)
        if isinstance(agency, Missing) or (year := self.year_of(of, agency)) is None:
            return False
        return self.year_of(replace(since, kind=of.kind), agency) == year - 1

    def _change_of_pick(self, node: q.Change, of: Pick) -> Result:
        value = self._change_as_named(node, of)
        if isinstance(value, Missing) and of.item is not None and replace(of.item, said=SPENDING.said) == SPENDING:
            told = self._change_as_named(node, replace(of, item=INCOME))  # 预算比上年增加: all income is all spending
            return told if isinstance(told, Amount) else value
        return value

    def _change_as_named(self, node: q.Change, of: Pick) -> Result:
        places = self.places(of)
        if isinstance(places, Missing):
            return places
        if of.item is None:
            return Missing("nothing_asked", of)
        place = places[0]
        each = self._of_own_level(self._with_title(of.item, place), place)
        if not each:
            return Missing("unknown_item", of, of.item.said)
        item = next((one for one in each if self.desk.find(one, place).readings), each[0])
        places = places[:1] if item.affiliate != of.item.affiliate else places
        fact = next((f for p in places if (f := self.desk.find(item, p)).readings), None)
        base = fact.place if fact is not None else place
        stated = stated_change(self.desk, item, replace(base, measure=None)) if base.is_own else ()
        earlier = self._earlier(item, base)
        if fact is not None and earlier is not None:
            now, then = paired(fact.readings, earlier.readings)
            told_amount = next((one for one in stated if one.amount is not None and one.measure != "change_rate"), None)
            apart = earlier.place.disclosure.disclosure_id != fact.place.disclosure.disclosure_id
            if told_amount is None or apart or told_amount.amount == abs(now.value - then.value):
                two = (self._amount(replace(one, readings=(reading,))) for one, reading in ((fact, now), (earlier, then)))
                computed = self._changed(node, *two)
                if isinstance(computed, Amount) and stated:
                    return replace(computed, readings=(*computed.readings, *(Reading((), stated=one) for one in stated)))
                return computed
        if stated:
            return self._as_stated(node, item, base, fact, stated)
        found = (self._amount(fact),) if fact is not None else ()
        if fact is None:
            return Missing("unknown_item", of, item.said)
        return Missing("no_earlier", of, item.said, found)

    def _earlier(self, item: Item, later: Place) -> Fact | None:
        """The year before: from its own disclosure of the same kind, else from the later one's column for it."""
        year = later.year - 1
        places = [Place(later.agency, one, year) for one in later.agency.find(year, later.kind)]
        if year == (later.disclosure.year or 0) - 1:
            places.append(Place(later.agency, later.disclosure, year, None, True))
        return next((fact for place in places if (fact := self.desk.find(item, place)).readings), None)

    def _changed(self, node: q.Change, now: Amount, then: Amount) -> Result:
        gap = now.number - then.number
        names = (_when_named(now, then), _when_named(then, now))
        parts = tuple(zip(names, (now.value, then.value), strict=True))
        direction = "same" if gap == 0 else "up" if gap > 0 else "down"
        points = Value(abs(now.value.amount - then.value.amount), "%")
        amount = points if now.value.unit == "%" else self._computed(abs(gap), now, then)
        rate = percent(abs(gap) / abs(then.number)) if then.number else None
        if node.form == "rate" and rate is None:
            return Missing("no_base", found=(now, then))
        if node.form == "rate" and rate is not None:
            step = Step("growth", rate, parts)
            return _of_two(now, then, rate.amount, rate, now.label, (step,), parts, direction=direction, beside=(amount,))
        step = Step("difference", amount, parts if gap >= 0 else parts[::-1])
        beside = (rate,) if rate is not None else ()
        return _of_two(now, then, abs(gap), amount, now.label, (step,), parts, direction=direction, beside=beside)

    def _as_stated(self, node: q.Change, item: Item, place: Place, fact: Fact | None, stated: Sequence[Any]) -> Result:
        """A change as the prose tells it."""
        amount = next((one for one in stated if one.amount is not None and one.measure != "change_rate"), None)
        rate = next((one for one in stated if one.unit == "%"), None)
        told_direction = next((one.change for one in stated if one.change), None)
        direction = "same" if amount is not None and not amount.amount else _DIRECTIONS.get(told_direction or "")  # 比上年增加0万元
        label = what(item, fact.first if fact is not None else None)
        readings = tuple(Reading((), stated=one) for one in stated)
        now: list[Amount] = [self._amount(fact)] if fact is not None else []
        before = now[0].readings if now else ()
        told = Amount(Decimal(0), Value(Decimal(0), "%"), (*before, *readings), label, place, item, who=place.agency.name)
        if direction == "same":
            unit = "%" if node.form == "rate" else now[0].value.unit if now else "万元"
            return replace(told, value=Value(Decimal(0), unit), direction="same")
        wanted = rate if node.form == "rate" else amount
        if wanted is None and fact is not None and amount is not None and direction is not None:  # the rate follows from the two
            was = fact.first.value - (amount.amount if direction == "up" else -amount.amount)
            if was:
                value = percent(amount.amount / was)
                told_amount = value_of(Reading((), stated=amount), self.unit)
                then = money(was, now[0].value.unit, max(fact.first.places, 2))
                parts = ((f"{place.year}年", now[0].value), (f"{place.year - 1}年", then))
                steps = (
                    Step("difference", then, ((f"{place.year}年", now[0].value), (say("verbs", told_direction or ""), told_amount))),
                    Step("growth", value, parts),
                )
                return replace(told, number=value.amount, value=value, steps=steps, parts=parts, direction=direction, beside=(told_amount,))
        if wanted is None:
            wanted = amount or rate
        if wanted is None:
            return Missing("no_earlier", found=tuple(now))
        value = value_of(Reading((), stated=wanted), self.unit)
        other = rate if wanted is amount else amount
        beside = (value_of(Reading((), stated=other), self.unit),) if other is not None else ()
        number = wanted.amount if wanted.amount is not None else wanted.number
        return replace(told, number=number, value=value, readings=(*readings, *before), direction=direction, beside=beside, text="stated")

    def _mean(self, node: q.Mean) -> Result:
        series = self.value(node.of)
        if not isinstance(series, Listing) or not series.members:
            return series if isinstance(series, Missing) else Missing("no_members")
        amounts = [amount for _, amount in series.members]
        total = sum((amount.number for amount in amounts), Decimal(0))
        mean = total / len(amounts)
        unit = self.unit or amounts[0].value.unit
        value = money(mean, unit, 2) if amounts[0].is_money else Value(mean.quantize(Decimal("0.01")), unit)
        whole = money(total, unit) if amounts[0].is_money else Value(total, unit)
        parts = tuple((name, amount.value) for name, amount in series.members)
        steps = (Step("sum", whole, parts), Step("per_head", value, (("", whole), ("", Value(Decimal(len(amounts)), "个")))))
        readings = tuple(reading for amount in amounts for reading in amount.readings)
        return Amount(mean, value, readings, series.label, series.place, None, steps, parts, beside=(whole,), who=amounts[0].who)

    # ── series ──

    def _each(self, node: q.Each, zeros: bool = False) -> Result:
        """The members with their amounts; those of nothing too, where they are all there are or `zeros` are asked for."""
        if node.over == "agencies":
            return self._over_agencies(node.of, node.named)
        if node.over == "years":
            return self._over_years(node.of)
        if node.over == "offices":
            return self.value(q.Told("offices", node.of))
        if node.over == "kinds":
            kinds: tuple[Kind, ...] = ("budget", "final")
            return self._named(q.Named(tuple(replace(node.of, kind=kind) for kind in kinds)))
        item = node.of.item
        if node.over == "parts" and item is not None and item.parts:
            told_ = [value for part in item.parts if isinstance(value := self.value(replace(node.of, item=part)), Amount)]
            listed = tuple((one.label, one) for one in told_)
            return Listing(listed, item.said, told_[0].place, "parts") if told_ else Missing("no_members", node.of)
        places = self.places(node.of)
        if isinstance(places, Missing):
            return places
        for place in places:
            asked = self._with_title(item, place) if item is not None else None
            each = self._of_own_level(asked, place) if asked is not None and node.over != "units" else [asked]
            found = next((some for one in each if (some := members_of(self.desk, one, node.over, place))), [])
            found = [(name, reading) for name, reading in found if reading.value != 0 or zeros] or found
            if node.over in ("projects", "goods"):
                found.sort(key=lambda pair: -pair[1].value)
            if node.over == "units":
                found = _meant_units(found, node, place.agency.name)
            elif node.over == "rows" and node.number not in (None, len(found)):
                return Missing("no_members", node.of)  # 两笔合起来, and one or three bear the name
            elif node.named is not None:
                found = [(name, reading) for name, reading in found if _bears(name, node.named)]
            if found:
                amounts = tuple(
                    (name, Amount(reading.value, value_of(reading, self.unit), (reading,), name, place, None, who=place.agency.name))
                    for name, reading in found[:MOST_MEMBERS]
                )
                return Listing(amounts, item.item or item.said if item is not None and item.item else "", place, node.over)
        if node.over == "units":
            listed_ = self.value(q.Told("units", node.of, (node.named,) if node.named else ()))
            if isinstance(listed_, Words):
                return listed_
        if node.over == "parts" and item is not None:  # 包括哪些费用, of what has no rows of its own
            defined = self.value(q.Told("definition", node.of))
            if isinstance(defined, Words) and defined.cited:
                return defined
        return Missing("no_members", node.of)

    def _over_agencies(self, of: Pick, named: str | None = None) -> Result:
        item = of.item or SPENDING
        directory = self.desk.directory
        year = of.year if of.year is not None else (directory.latest_year(of.kind) or 0) - (of.earlier or 0)
        places: list[Place] = []
        for agency in directory.named():
            if agency.affiliate_of or (of.there and agency.agency_id not in of.there):
                continue
            if named is not None and not _bears(agency.name, named):
                continue
            places += [place for place in self.desk.places(agency, year, of.kind)[:1] if place.is_own and place.disclosure.scope != "unit"]
        facts = [fact for fact in self.desk.find_each(item, places) if fact.readings]
        found = tuple((fact.place.agency.name, self._amount(fact)) for fact in facts)
        return Listing(found, found[0][1].label, found[0][1].place, "agencies") if found else Missing("no_members", of)

    def _over_years(self, of: Pick) -> Result:
        agency = self.agency_of(of)
        if isinstance(agency, Missing):
            return agency
        found: list[tuple[str, Amount]] = []
        for year in agency.years(of.kind):
            value = self.value(replace(of, year=year, earlier=None))
            if isinstance(value, Amount):
                found.append((f"{year}年", value))
        if len(found) < 2 and found:
            before = self.value(replace(of, year=int(found[0][0][:-1]) - 1, earlier=None))
            if isinstance(before, Amount):
                found.insert(0, (f"{int(found[0][0][:-1]) - 1}年", before))
        return Listing(tuple(found), found[0][1].label, found[0][1].place, "years") if found else Missing("no_members", of)

    def _named(self, node: q.Named) -> Result:
        found: list[tuple[str, Amount]] = []
        missing: list[Missing] = []
        words: list[Words] = []
        for member in node.members:
            value = self.value(member)
            if isinstance(value, Amount):
                found.append((value.label, value))
            elif isinstance(value, Missing):
                missing.append(value)
            elif isinstance(value, Words):
                words.append(value)
            elif isinstance(value, Listing):
                found += [(name, amount) for name, amount in value.members]
        if missing or not found:
            first = missing[0] if missing else Missing("no_members")
            if words and not missing and len(words) == len(node.members):
                cited, values = ([one for some in words for one in getattr(some, name)] for name in ("cited", "values"))
                return Words("".join(one.text for one in words), tuple(cited), tuple(values))
            return replace(first, found=tuple(amount for _, amount in found))
        if any(amount.is_money for _, amount in found):  # 人口管理 is a bare number in a table of goals
            found = [(name, amount) for name, amount in found if amount.value.unit]
        names = _distinct_names([amount for _, amount in found])
        return Listing(tuple(zip(names, (amount for _, amount in found), strict=True)), found[0][1].label, found[0][1].place, "named")

    def _by(self, node: q.By) -> Result:
        series = self.value(node.series)
        if not isinstance(series, Listing):
            return series
        found: list[tuple[str, Amount]] = []
        for name, expression in self._members_as_expressions(node.series, series):
            function = q.filled(node.function, expression) if isinstance(expression, Pick) else node.function
            made = q.rebuilt(function, lambda one, own=expression: own if isinstance(one, q.Hole) else one)
            value = self.value(made)
            if isinstance(value, Amount):
                found.append((name, value))
        if not found or (isinstance(node.series, q.Named) and len(found) < len(node.series.members)):
            return Missing("no_members", found=tuple(amount for _, amount in found))
        direction = node.function.direction if isinstance(node.function, q.Change) else None
        kept = [(name, amount) for name, amount in found if direction in (None, "same") or amount.direction == direction]
        if not kept and direction in ("up", "down"):
            return Missing("none_moved", named=direction or "", found=tuple(amount for _, amount in found))
        return Listing(tuple(kept or found), series.label, series.place, series.over, "by" if isinstance(node.function, q.Change) else "")

    def _members_as_expressions(self, node: Any, series: Listing) -> list[tuple[str, Any]]:
        if isinstance(node, q.Named):
            return list(zip((name for name, _ in series.members), node.members, strict=False))
        inner = node
        while isinstance(inner, (q.Top, q.Where)):  # the largest of a series are members of it
            inner = inner.series
        node = inner if isinstance(inner, q.Each) else node
        of = node.of if isinstance(node, q.Each) else Pick()
        out: list[tuple[str, Any]] = []
        for name, amount in series.members:
            if isinstance(node, q.Each) and node.over == "agencies" and amount.place is not None:
                out.append((name, replace(of, agency=amount.place.agency.agency_id)))
            elif isinstance(node, q.Each) and node.over == "years":
                out.append((name, replace(of, year=int(name[:-1]), earlier=None)))
            elif amount.readings and amount.readings[0].stated is None:
                cell = amount.readings[0].first
                if cell.classification == "affiliate":
                    item = Item(name, cell.item, (cell.item,), affiliate=name)
                elif isinstance(node, q.Each) and node.over == "projects":  # its code is that of the class that it stands in, with others
                    item = Item(name, cell.item, (cell.item,))
                else:
                    item = Item(name, cell.item, (cell.item,), code=cell.code, fund=of.item.fund if of.item else None)
                if of.item is not None and of.item.figure is not None:
                    item = replace(item, figure=cell.figure_id)
                out.append((name, replace(of, item=item)))
        return out

    def _where(self, node: q.Where) -> Result:
        series = self._each(node.series, zeros=True) if isinstance(node.series, q.Each) else self.value(node.series)
        if not isinstance(series, Listing):
            return series
        bound = node.than.number * MONEY_UNITS.get(node.than.unit, Decimal(1))
        wanted = {"over": 1, "under": -1}.get(node.relation, 0)
        kept = tuple(pair for pair in series.members if _signed(pair[1]).compare(bound) == wanted)
        return replace(series, members=kept, compared=() if kept else tuple(amount for _, amount in series.members))

    def _ordered(self, node: Any) -> Listing | Missing:
        series = self.value(node.series)
        if not isinstance(series, Listing):
            return series if isinstance(series, Missing) else Missing("no_members")
        series = self._without_wholes(series)
        bodies = node.order == "least" and series.over in _BODIES  # who spends nothing spends least; a part of nothing is no part
        members = [pair for pair in series.members if bodies or pair[1].number != 0] or list(series.members)
        if len({amount.is_money for _, amount in members}) > 1:
            return Missing("mixed_units", found=tuple(amount for _, amount in members))
        pairs = permutations([one for _, one in members]) if series.over == "named" and len(members) == 2 else ()
        if any(self._contains(*pair) for pair in pairs):
            return Missing("insane", found=tuple(amount for _, amount in members))  # a part against its own whole
        members.sort(key=lambda pair: pair[1].number, reverse=node.order == "most")
        return replace(series, members=tuple(members))

    def _without_wholes(self, series: Listing) -> Listing:
        """Things that were named, without those that hold the others: 公用经费里电费、物业费和差旅费哪样最多."""
        if series.over != "named":
            return series
        held = [
            sum(self._contains(amount, other) or _is_nature_of(amount, other) for _, other in series.members if other is not amount)
            for _, amount in series.members
        ]
        kept = tuple(pair for pair, count in zip(series.members, held, strict=True) if count < 2)
        return replace(series, members=kept) if 2 <= len(kept) < len(series.members) else series

    def _top(self, node: q.Top) -> Result:
        series = self._ordered(node)
        if isinstance(series, Missing):
            return series
        return replace(series, members=series.members[: node.count] if node.count else series.members, words=f"top_{node.order}")

    def _nth(self, node: q.Nth) -> Result:
        series = self._ordered(node)
        if isinstance(series, Missing):
            return series
        place = node.place
        if node.after is not None:
            told = self.value(node.after)
            own = _member_of(series, told)
            if own is None:
                return Missing("no_members", found=(told,)) if isinstance(told, Amount) else Missing("no_members")
            place += 1 + series.members.index(own)
        below = isinstance(node.series, q.Each) and node.series.below
        alone = 1 if below or isinstance(node.series, q.By) else 2  # of one alone nothing is the largest, but one alone may have grown
        if len(series.members) < max(place, alone):
            return Missing("no_members")
        name, amount = series.members[place - 1]
        alike = [other for other, one in series.members if one.number == amount.number]
        name = "、".join(alike[:MOST_ALIKE]) if len(alike) > 1 else name
        if isinstance(node.series, q.By) and isinstance(node.series.function, q.Change) and node.series.function.since is not None:
            return replace(amount, label=name, beside=())  # 决算和预算: the two figures tell more than the other gaps
        shown_ = series.members[:6]
        readings = tuple(dict.fromkeys((*amount.readings, *(reading for _, one in shown_ for reading in one.readings))))
        who, parts = "" if len(alike) > 1 and amount.who in alike else amount.who, tuple((other, one.value) for other, one in shown_)
        return replace(amount, label=name, parts=parts, who=who, readings=readings)

    def _place(self, node: q.Place) -> Result:
        series = self.value(node.series)
        member = self.value(node.member)
        if not isinstance(series, Listing) or not isinstance(member, Amount):
            return series if isinstance(series, Missing) else member if isinstance(member, Missing) else Missing("no_members")
        if (own := _member_of(series, member)) is None:
            return Missing("no_members", found=(member,))
        rank = 1 + sum(1 for _, amount in series.members if amount.number > own[1].number)
        value = Value(Decimal(rank), "位")
        best = max(series.members, key=lambda pair: pair[1].number)
        readings = tuple(dict.fromkeys(reading for _, amount in (own, *series.members) for reading in amount.readings))
        beside = (own[1].value, Value(Decimal(len(series.members)), "项"))
        parts = ((own[0], own[1].value), (best[0], best[1].value))
        return Amount(value.amount, value, readings, own[0], member.place, member.item, parts=parts, beside=beside, who=member.who)

    def _count(self, node: q.Count) -> Result:
        series = self.value(node.series)
        if not isinstance(series, Listing):
            return series
        number = Decimal(len(series.members))
        unit = "家" if series.over == "units" else "个"
        readings = tuple(reading for _, amount in series.members for reading in amount.readings)
        parts = tuple((n, a.value) for n, a in series.members[:12])
        who = series.place.agency.name if series.place else ""
        return Amount(number, Value(number, unit), readings, series.label, series.place, None, parts=parts, who=who)


def _elsewhere(name: str) -> Callable[[Evaluator, Any], Result]:
    """What gives the value of the nodes that other modules know: truths and words; without one, a node says nothing by itself."""
    from retrieval.answering import judging, quoting

    truths = {"holds": judging.holds, "same": judging.same, "turned": judging.turned, "exists": judging.exists, "all": judging.all_of}
    return {**truths, "told": told, "quote": quoting.quote}.get(name, lambda _evaluator, _node: Missing("nothing_asked"))


def _as_count(told: Result, node: Any) -> Result:
    """A number that the prose tells, as an amount."""
    if not isinstance(told, Words) or not told.values:
        return told
    count = told.values[0]
    said = "".join(term.removesuffix("的") for term in node.terms) if isinstance(node, q.Told) else ""
    return Amount(count.amount, count, (), said or count.unit, cited=told.cited)


def _as_accounted(planned: Any, spent: Any) -> Any:
    """What was planned, as the accounts of what was spent print it beside that."""
    if not (isinstance(planned, Pick) and isinstance(spent, Pick) and planned.item is not None and planned.published is None):
        return planned
    of_one = (planned.kind, spent.kind) == ("budget", "final") and replace(planned, kind="final") == spent
    return replace(spent, item=replace(planned.item, measure="budget")) if of_one else planned


def _of_nature(part: Any, whole: Any) -> Any:
    """A part of 基本支出 or 项目支出 is what of it is basic, or spent on projects."""
    if not isinstance(part, Pick) or not isinstance(whole, Pick) or part.item is None or whole.item is None:
        return part
    portion = PORTION_OF.get(whole.item.item or "")
    return _of_portion(part, portion) if portion in NATURES else part


def _of_portion(part: Any, portion: Portion | None) -> Any:
    """What of a thing that is looked up is of a portion."""
    return replace(part, item=replace(part.item, portion=portion)) if isinstance(part, Pick) and part.item is not None else part


def _says_of_what(share: Reading) -> bool:
    """Whether a printed share says what it is a share of, and names no fund (占本年支出预算34%, no mere 占8%)."""
    one = share.stated
    return one is not None and one.fund in ("all", None) and len(re.sub(r"[\d.,%]", "", one.quote)) > 3


def _is_nature_of(whole: Amount, part: Amount) -> bool:
    """Whether a figure is that of 基本支出, 公用经费 or the like, and the other one that of a thing it may be spent on."""
    natures = [one.item is not None and one.item.item in PORTION_OF for one in (whole, part)]
    return natures == [True, False] and part.number <= whole.number


def _is_of_category(item: Item | None, fact: Fact) -> bool:
    """Whether only a category of projects is said, and what was found is one project of it."""
    if item is None or item.figure is not None or not is_category(item) or not fact.readings[0].cells:
        return False  # the very cell that is pointed at is one project
    first = fact.readings[0].first
    return first.classification == "project" and len(first.row_path) > 1 and bare(first.row_label) == bare(item.item or "")


def _is_all(node: q.Sum) -> bool:
    """Whether all budget units are added up."""
    return len(node.parts) == 1 and isinstance(node.parts[0], q.Each) and node.parts[0].over == "units" and node.parts[0].named is None


def _is_of(series: Any, whole: Any) -> bool:
    """Whether a series is of what makes up a whole: what is the largest of another thing isn't taken off it."""
    return not isinstance(series, q.Each) or series.of.item is None or series.of.item in {one.item for one in q.picks(whole)}


def _titles_like(words: str, titles: Sequence[str]) -> list[str]:
    """The titles that the words name: printed so, else holding all of them in order, the shortest first."""
    exact = [title for title in titles if words in bare(title) or bare(title) in words]
    if exact:
        return sorted(exact, key=lambda title: abs(len(bare(title)) - len(words)))
    core = words.removesuffix("表").removesuffix("的")
    return sorted((title for title in titles if _bears(bare(title), core)), key=len)


def _signed(amount: Amount) -> Decimal:
    """An amount, or how far one moved: a fall is less than nothing."""
    return -abs(amount.number) if amount.direction == "down" else amount.number


def _is_apart(whole: Item | None, part: Any) -> bool:
    """Whether a thing that is left out was never in the whole: another fund's money, or none of the parts that make it up."""
    item = part.item if isinstance(part, Pick) else None
    if whole is None or item is None:
        return False
    if whole.fund is not None and item.flow == "income" and item.fund not in (None, whole.fund):
        return True
    if whole.item != item.item and {whole.item, item.item} <= BOUGHT:
        return True
    if whole.item in (THREE_PUBLIC, VEHICLES) and item.item != whole.item:  # the forms list all that they are made of
        inner = {one for name in PARTS_OF[whole.item] for one in (name, *PARTS_OF.get(name, ()))}
        return item.item not in inner
    beside = any({whole.item, item.item} <= set(parts) for parts in PARTS_OF.values())  # 养车不算买车
    return beside and item.item != whole.item and item.item not in PARTS_OF.get(whole.item or "", ())


def _funds(amount: Amount) -> tuple[str | None, ...]:
    """The funds whose money the cells of an amount are."""
    return tuple(cell.fund for reading in amount.readings for cell in reading.cells)


def _of_its_fund(whole: Any, part: Any) -> Any:
    """What a fund pays of a thing, where the fund alone is taken off it (项目支出里刨掉一般公共预算安排的)."""
    if not (isinstance(whole, Pick) and isinstance(part, Pick) and whole.item is not None and part.item is not None):
        return part
    of_money = is_fund(whole.item) or whole.item.flow == "income" or whole.item.fund is not None
    return part if of_money or not is_fund(part.item) else replace(part, item=replace(whole.item, fund=part.item.fund))


def _are_siblings(one: Amount, other: Amount) -> bool:
    """Whether two printed figures stand beside each other in one classification, so that neither holds the other (差旅费, 水费)."""
    codes = [
        {(cell.classification, cell.code) for cell in _cells(amount) if cell.code and len(cell.code) > 3} or _own_codes(amount.item)
        for amount in (one, other)
    ]
    return any(a[0] == b[0] and a[1] != b[1] and len(a[1]) == len(b[1]) for a in codes[0] for b in codes[1])


def _is_beside(node: q.Less) -> bool:
    """Whether what is left out stands beside all that is told, in one closed list of parts: 货物和工程, 不算服务."""
    told, out = ({one.item.item for one in picks if one.item is not None} for picks in (q.picks(node.whole), [*q.picks(q.Sum(node.parts))]))
    return any(told | out <= set(inner) - PARTS_OF.keys() for inner in PARTS_OF.values()) and told.isdisjoint(out)


def _own_codes(item: Item | None) -> set[tuple[str, str]]:
    """The economic codes of a thing that is printed without one, where its name is that of one code alone."""
    named = vocabulary().codes_by_name.get(item.item or "", ()) if item is not None else ()
    codes = {(one.classification, one.code) for one in named if one.classification == "economic_department" and len(one.code) > 3}
    return codes if len(codes) == 1 else set()


def _cells(amount: Amount) -> list[Cell]:
    """All cells that an amount was found in."""
    return [cell for reading in (*amount.readings, *amount.others) if reading.stated is None for cell in (*reading.cells, *reading.twins)]


def _meant_units(found: list[tuple[str, Reading]], node: q.Each, agency: str) -> list[tuple[str, Reading]]:
    """The budget units that are meant: of the kind, as many as there are said to be, without the agency itself where those below it are."""
    kind, number = node.named, node.number
    if kind is not None:
        alike = [pair for pair in found if _bears(pair[0], kind)]
        closing = [pair for pair in alike if _bears(pair[0].split("（")[0][-len(kind) - 3 :], kind)]  # 碑林分局, no 碑林分局环境监测站
        ending = [pair for pair in found if pair[0].split("（")[0].endswith(kind[-1])]  # 五家医院: 妇幼保健院 is one of them
        return next((some for some in (closing, alike, ending) if some and number in (None, len(some))), [])
    own, name = load("names.toml")["kind"]["own"], bare(agency)
    below = [pair for pair in found if not name.endswith(re.sub(own, "", bare(pair[0])))]
    return below if below and len(found) != number and (node.below or len(below) == number) else found


def _is_of_own_level(item: Item, name: str) -> bool:
    """Whether an item is of the agency of that name itself, and not of the units below it."""
    return item.affiliate == OWN or (item.affiliate not in (None, name) and _is_own_row(item.affiliate or "", name))


def _is_own_row(label: str, agency: str) -> bool:
    """Whether a row among the budget units bears the agency's own name, and is no unit below it."""
    name = bare(agency)
    return bare(label) == name or re.fullmatch(load("names.toml")["kind"]["own"], bare(label).removeprefix(name)) is not None


def _bears(name: str, kind: str) -> bool:
    """Whether a unit's name says that it is of that kind (高中: 高级中学, and no 高等教育发展服务中心)."""
    return re.search(".{0,3}".join(map(re.escape, kind)), name) is not None


def _is_name_of(code: str, name: str | None) -> bool:
    """Whether the classification gives a code that name."""
    return any(vocabulary().canonical_item(entry.name) == name for entry in vocabulary().code_by_number.get(code, ()))


def _kind_and_year(place: Place) -> str:
    return f"{place.year}年{KIND_NAMES[place.meant]}"


def _places(amount: Amount) -> int:
    exponent = amount.value.amount.as_tuple().exponent
    return -exponent if isinstance(exponent, int) and exponent < 0 else 0


def _alternatives(amount: Amount) -> tuple[Reading, ...]:
    """The readings of which the one that suits another amount is taken; all spending is that of all funds, unless a fund is said."""
    whole = amount.item is not None and amount.item.item in (*SPENDING_TOTALS, *INCOME_TOTALS) and amount.item.fund is None
    whole = whole or amount.readings[0].stated is not None  # what prose tells of all of it, before a table's basic spending
    return amount.readings[:1] if whole else (amount.readings[0], *amount.others)


def _is_plain(amount: Amount) -> bool:
    """Whether the amount is one printed figure."""
    return len(amount.readings) == 1 and not amount.steps


def _of_other_funds(one: Amount, other: Amount) -> bool:
    """Whether the same thing is set beside itself under another fund or portion, as was said."""
    mine, theirs = one.item, other.item
    if mine is None or theirs is None or (mine.fund, mine.portion) == (theirs.fund, theirs.portion):
        return False
    return bool(set(mine.names) & set(theirs.names))


def _are_public(one: Amount, other: Amount) -> bool:
    """Whether the same of the three public expenses of two agencies are set side by side: each form names the fund in its own way."""
    public = one.item is not None and one.item.item in (THREE_PUBLIC, *PARTS_OF[THREE_PUBLIC])
    return public and one.who != other.who and one.item == other.item


def _counted(value: Result, node: Any) -> Result:
    """A number that the prose gives, as an amount that can be reckoned with."""
    if not isinstance(value, Words) or len(value.values) != 1 or not isinstance(node, q.Told):
        return value
    number = value.values[0]
    name = "".join(node.terms) or (node.about.item.said if node.about.item is not None else "")
    return Amount(number.amount * MONEY_UNITS.get(number.unit, Decimal(1)), number, (), name, cited=value.cited)


def _same_figure(one: Amount, other: Amount) -> bool:
    return bool(_figures(one) & _figures(other))


def _member_of(series: Listing, told: Result) -> tuple[str, Amount] | None:
    """The member of a series that an amount is."""
    if not isinstance(told, Amount):
        return None
    return next((pair for pair in series.members if _figures(pair[1]) & _figures(told) or pair[0] == told.label), None)


def _figures(amount: Amount) -> frozenset[str]:
    return frozenset(cell.figure_id for reading in amount.readings for cell in reading.cells) | frozenset(
        reading.stated.figure_id for reading in amount.readings if reading.stated is not None
    )


def _of_two(
    one: Amount, other: Amount, number: Decimal, value: Value, label: str, steps: tuple[Step, ...], parts: Any, **more: Any
) -> Amount:
    """What is computed of two amounts, with all that stands behind either."""
    readings, cited = tuple(dict.fromkeys((*one.readings, *other.readings))), tuple(dict.fromkeys((*one.cited, *other.cited)))
    steps = (*one.steps, *other.steps, *steps)
    return Amount(number, value, readings, label, one.place, one.item, steps, parts, cited, who=one.who, **more)


def _of_kinds(one: Amount, other: Amount) -> bool:
    """Whether the two are budget and final accounts, where the part may exceed the whole."""
    mine, theirs = one.place, other.place
    return mine is not None and theirs is not None and (mine.kind, mine.measure) != (theirs.kind, theirs.measure)


def _distinct_names(amounts: Sequence[Amount]) -> list[str]:
    """A name for each amount that tells it from the others: by thing, agency, year or kind, as they differ."""
    labels = {amount.label for amount in amounts}
    agencies = {amount.who for amount in amounts}
    places = [amount.place for amount in amounts]
    years = {place.year for place in places if place is not None}
    kinds = {place.meant for place in places if place is not None}
    out: list[str] = []
    for amount in amounts:
        bits: list[str] = []
        if len(agencies) > 1 and amount.who:
            bits.append(amount.who)
        if amount.place is not None and len(years) > 1:
            bits.append(f"{amount.place.year}年")
        if amount.place is not None and len(kinds) > 1:
            bits.append(KIND_NAMES[amount.place.meant])
        if len(labels) > 1 or not bits:
            bits.append(amount.label)
        out.append("".join(bits))
    return out


def _when_named(one: Amount, other: Amount) -> str:
    if one.place is None or other.place is None:
        return one.label
    if one.place.year != other.place.year and one.who == other.who:
        return f"{one.place.year}年"
    return _distinct_names([one, other])[0]


def _a_year_before(node: Any, evaluator: Evaluator) -> Any:
    """The same expression about the year before."""

    def back(one: Any) -> Any:
        if not isinstance(one, Pick):
            return one
        agency = evaluator.agency_of(one)
        year = None if isinstance(agency, Missing) else evaluator.year_of(one, agency)
        return one if year is None else replace(one, year=year - 1, earlier=None)

    found = q.rebuilt(node, back)
    return found if found != node else None


__all__ = ["SPENDING", "Evaluator", "Judged", "shown", "when"]

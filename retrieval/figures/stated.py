"""Which statements of the prose give the figure that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from retrieval.figures.cells import Reading, Stated
from retrieval.figures.parts import CALLED, INCOME_TOTALS, PORTION_OF, TOTALS, is_of_forms
from retrieval.question.expression import Item
from retrieval.words.folding import bare
from retrieval.words.lexicon import general_terms
from store.money import MONEY_UNITS
from store.values import Fund, Kind, Measure

_USUAL_FUNDS: tuple[Fund | None, ...] = (None, "all", "fiscal", "general_public")  # statements often leave them to the heading
_WORDS: dict[str, Any] = CALLED["words"]
_AROUND = re.compile(_WORDS["around"])
_ENDING = re.compile(_WORDS["ending"])


def stated_readings(
    asked: Item, stated: Sequence[Stated], year: int, own_year: int, kind: Kind, measure: Measure | None = None
) -> tuple[Reading, ...]:
    """The readings of `asked` in prose: amounts of that item (not changes or shares), in the order of its names."""
    wanted = measure or asked.measure or kind

    def fits(one: Stated) -> bool:
        is_amount = one.measure not in ("change", "change_rate", "share") and one.change is None
        of_year = (one.about_year or own_year) == year and one.unit in MONEY_UNITS
        measured = one.measure in (wanted, None, "count") or (year != own_year and measure is None)
        of_fund = asked.fund in (None, one.fund) or (one.fund is None and asked.item not in TOTALS)
        of_flow = asked.flow is None or one.flow in (asked.flow, None)
        return is_amount and of_year and of_fund and measured and of_flow and _says_what_narrows(asked, one)

    ranked = ((stated_rank(asked, one), one) for one in stated)
    found = [Reading((), name_rank=rank, stated=one) for rank, one in ranked if rank is not None and fits(one)]
    if not found and wanted == "budget" and kind == "final":
        return stated_readings(asked, stated, year, own_year, kind, "adjusted_budget")
    if asked.under is not None:
        inside = [one for one in found if one.stated and any(asked.under in bare(name) for name in one.stated.context)]
        found = inside or (found if is_of_forms(asked.under) else [])
    found.sort(key=lambda reading: (not is_explicit(asked, reading.stated), reading.name_rank))
    unsure = bool(found) and not is_explicit(asked, found[0].stated) and len({reading.value for reading in found}) > 1
    return () if unsure else tuple(found)


def _says_what_narrows(asked: Item, one: Stated) -> bool:
    """Whether a statement names the unit, the portion, and the fund where it is none of the usual ones, that narrow what is asked."""
    words = [name for name, portion in PORTION_OF.items() if portion == asked.portion]
    said = bare("".join((*one.section, *one.context, one.quote)))
    if asked.affiliate is not None and asked.affiliate not in said:
        return False  # what is told of the department is not told of its unit
    of_fund = one.fund is not None or asked.fund in _USUAL_FUNDS or names_fund(said, asked.fund)
    return of_fund and (not words or any(word in said for word in words))


def names_fund(said: str, fund: Fund | None) -> bool:
    """Whether folded words name the fund."""
    return any(term.kind == "fund" and term.fund == fund and word in said for word, term in general_terms().items())


def stated_rank(asked: Item, one: Stated) -> int | None:
    """The rank of the name under which prose states `asked`; None if the statement is about something else.

    Prose wraps names in the agency's own name and in words of fund and form (国家统计局机关运行经费财政拨款预算支出).
    """
    if one.item in asked.names:
        return asked.names.index(one.item)
    said = bare(one.item)
    if asked.fund is not None and one.fund == asked.fund and asked.item in TOTALS and not _AROUND.sub("", said):
        return 0 if one.flow in (asked.flow, None) else None
    term = general_terms().get(said)
    if term is not None and term.names and term.names[0] in asked.names:
        return asked.names.index(term.names[0])
    subject = said.replace(bare(one.agency), "")
    wrapped = (rank for rank, name in enumerate(asked.names) if len(name) >= 3 and name in subject and name not in TOTALS)
    return next((rank for rank in wrapped if not _AROUND.sub("", subject.replace(asked.names[rank], "", 1))), None)


def is_explicit(asked: Item, one: Stated | None) -> bool:
    """Whether the clause itself names what it is about, so that nothing had to be carried into it."""
    return one is not None and _core_of(asked.item or asked.said) in bare(one.quote)


def _core_of(name: str) -> str:
    """A name without the words that prose leaves off or changes (公务接待费, 公务接待支出 → 公务接待); all income and spending by one word.

    >>> _core_of("公务接待费"), _core_of("支出总计")
    ('公务接待', '支')
    """
    if name in TOTALS:
        return _WORDS["income" if name in INCOME_TOTALS else "spending"]
    return _ENDING.sub("", bare(name)) or bare(name)

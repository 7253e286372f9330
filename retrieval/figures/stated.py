"""Which statements of the prose give the figure that is asked for."""

from __future__ import annotations

import re
from collections.abc import Sequence

from retrieval.figures.cells import TOTALS, Reading, Stated
from retrieval.figures.readings import PORTION_OF, is_of_forms
from retrieval.question.expression import Item
from retrieval.words.folding import bare
from retrieval.words.lexicon import general_terms
from store.money import MONEY_UNITS
from store.values import Fund, Kind, Measure

_USUAL_FUNDS: tuple[Fund, ...] = ("all", "fiscal", "general_public")  # statements often leave them to the heading
_WRAPPING = re.compile(r"一般公共预算|政府性基金|财政拨款|拨款|预算|决算|安排的?|支出|资金|涉及|用于|机关|本部门|本单位|数|的|为")


def stated_readings(
    asked: Item, stated: Sequence[Stated], year: int, own_year: int, kind: Kind, measure: Measure | None = None, *, money: bool = True
) -> tuple[Reading, ...]:
    """The readings of `asked` in prose: amounts of that item (not changes or shares), in the order of its names."""
    wanted = measure or asked.measure or ("budget" if kind == "budget" else "final")

    def fits(one: Stated) -> bool:
        is_amount = one.measure not in ("change", "change_rate", "share") and one.change is None
        of_year = (one.about_year or own_year) == year and (not money or one.unit in MONEY_UNITS)
        of_fund = asked.fund in (None, one.fund) or (one.fund is None and asked.item not in TOTALS)
        measured = one.measure in (wanted, None, "count") or (year != own_year and measure is None)
        of_flow = asked.flow is None or one.flow in (asked.flow, None)
        return is_amount and of_year and of_fund and measured and of_flow and _says_what_narrows(asked, one)

    ranked = ((stated_rank(asked, one), one) for one in stated)
    found = [Reading((), name_rank=rank, stated=one) for rank, one in ranked if rank is not None and fits(one)]
    if not found and wanted == "budget" and kind == "final":
        return stated_readings(asked, stated, year, own_year, kind, "adjusted_budget", money=money)
    if asked.under is not None:
        under = asked.under
        found = [one for one in found if one.stated and any(under in bare(name) for name in one.stated.context)] or (
            found if is_of_forms(under) else []
        )
    found.sort(key=lambda reading: (not is_explicit(asked, reading.stated), reading.name_rank))
    if found and not is_explicit(asked, found[0].stated) and len({reading.value for reading in found}) > 1:
        return ()
    return tuple(found)


def _says_what_narrows(asked: Item, one: Stated) -> bool:
    """Whether a statement names the portion, and the fund where it is none of the usual ones, that narrow what is asked."""
    words = [name for name, portion in PORTION_OF.items() if portion == asked.portion]
    said = bare("".join((*one.section, *one.context, one.quote)))
    if asked.affiliate is not None and asked.affiliate not in said:
        return False  # what is told of the department is not told of its unit
    if words and not any(word in said for word in words):
        return False
    return one.fund is not None or asked.fund in (None, *_USUAL_FUNDS) or names_fund(said, asked.fund)


def names_fund(said: str, fund: Fund | None) -> bool:
    """Whether folded words name the fund."""
    return any(term.kind == "fund" and term.fund == fund and word in said for word, term in general_terms().items())


def stated_rank(asked: Item, one: Stated) -> int | None:
    """The rank of the name under which prose states `asked`; None if the statement is about something else.

    Prose wraps names in the agency's own name and in words of fund and form (国家统计局机关运行经费财政拨款预算支出).
    """
    for rank, name in enumerate(asked.names):
        if name == one.item:
            return rank
    if (
        asked.fund is not None
        and one.fund == asked.fund
        and asked.item in TOTALS
        and not _WRAPPING.sub("", bare(one.item)).replace("收入", "").replace("支出", "")
    ):
        return 0 if one.flow in (asked.flow, None) else None
    term = general_terms().get(bare(one.item))
    if term is not None and term.names and term.names[0] in asked.names:
        return asked.names.index(term.names[0])
    subject = bare(one.item).replace(bare(one.agency), "")
    for rank, name in enumerate(asked.names):
        if len(name) >= 3 and name in subject and name not in TOTALS and not _WRAPPING.sub("", subject.replace(name, "", 1)):
            return rank
    return None


def is_explicit(asked: Item, one: Stated | None) -> bool:
    """Whether the clause itself names what it is about, so that nothing had to be carried into it."""
    if one is None:
        return False
    quote = bare(one.quote)
    if asked.item in TOTALS:
        return ("收" if asked.flow == "income" else "支") in quote
    return core_of(asked.item or asked.said) in quote


def core_of(name: str) -> str:
    """A name without the words that prose leaves off or changes (公务接待费, 公务接待支出 → 公务接待); all income and spending by one word.

    >>> core_of("公务接待费"), core_of("支出总计")
    ('公务接待', '支')
    """
    plain = bare(name)
    if name in TOTALS:
        return "收" if "收入" in name else "支"
    return re.sub(r"(?:支出|费用?|经费|拨款|收入|预算)+$", "", plain) or plain

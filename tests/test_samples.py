"""The bundled samples: fictional, marked as such, with figures that add up and prose that agrees."""

import re
from decimal import Decimal
from pathlib import Path

import pytest

from samples.__main__ import contents
from samples.accounts import AGENCIES, SAMPLES, budget_of, final_accounts_of
from samples.forms import Form

CASES = [(agency, year, kind) for agency in AGENCIES["agency"] for kind in ("budget", "final") for year in AGENCIES[f"{kind}_years"]]
IDS = [f"{agency['id']}-{year}-{kind}" for agency, year, kind in CASES]


def amount(text: str) -> Decimal:
    return Decimal(text.replace(",", "") or 0)


def by_code(form: Form) -> dict[str, list[Decimal]]:
    return {row[0]: [amount(cell) for cell in row[2:] if not cell.endswith("%")] for row in form.rows if row[0].isdigit()}


@pytest.mark.parametrize(("agency", "year", "kind"), CASES, ids=IDS)
def test_classes_equal_their_sections_and_sections_their_items_in_every_column(agency, year, kind):
    _, forms = contents(agency, year, kind)
    trees = [form for form in forms if form.header[0][0][0] == "科目编码" and len(by_code(form)) > 2]
    assert trees
    for form in trees:
        codes = by_code(form)
        for parent in codes:
            children = [values for code, values in codes.items() if code[:-2] == parent]
            if children:
                assert codes[parent] == [sum(column) for column in zip(*children, strict=True)], (form.title, parent)


@pytest.mark.parametrize(("agency", "year", "kind"), CASES, ids=IDS)
def test_income_and_expenditure_close_to_the_same_total(agency, year, kind):
    _, forms = contents(agency, year, kind)
    *_, last = forms[0].rows
    assert last[1] == last[3] != ""


@pytest.mark.parametrize(("agency", "year", "kind"), CASES, ids=IDS)
def test_every_amount_in_the_prose_is_printed_in_a_table_or_follows_from_two(agency, year, kind):
    sections, forms = contents(agency, year, kind)
    printed = {amount(cell) for form in forms for row in form.rows for cell in row if re.fullmatch(r"-?[\d,]+\.\d\d", cell)}
    text = "".join(paragraph for section in sections for paragraph in section.paragraphs)
    stated = {Decimal(number) for number in re.findall(r"(\d+\.\d\d)万元", text)}
    procurement = {Decimal(str(value)).quantize(Decimal("0.01")) for value in agency["procurement"].values()}
    procurement.add(sum(procurement))
    followed = {abs(a - b) for a in printed for b in printed}
    # Changes against last year's running expenses and totals come from a budget that is not printed here.
    if kind == "budget":
        now, before = budget_of(agency, year), budget_of(agency, year - 1)
        followed |= {Decimal(abs(now.running - before.running)) / 100, Decimal(abs(now.total - before.total)) / 100}
    assert stated <= printed | procurement | followed


def test_final_accounts_open_with_the_balance_that_the_year_before_closed_with():
    for agency in AGENCIES["agency"]:
        first, second = (final_accounts_of(agency, year) for year in AGENCIES["final_years"])
        assert first.closing == second.opening


def test_the_samples_cover_three_formats_three_agencies_and_both_kinds():
    files = list(SAMPLES.rglob("published.*"))
    assert {path.suffix for path in files} == {".pdf", ".xlsx", ".html"}
    assert len({path.parent.name.split("-")[0] for path in files}) >= 3
    assert {path.parent.name.rsplit("-", 1)[1] for path in files} == {"budget", "final"}


def test_every_sample_says_that_it_is_fictional():
    for page in SAMPLES.rglob("published.html"):
        assert AGENCIES["notice"] in Path(page).read_text("utf-8")

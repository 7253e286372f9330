"""Writes data/samples anew: every agency, year, kind and format of data/samples/agencies.toml."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from samples.accounts import AGENCIES, FORMS, SAMPLES, budget_of, final_accounts_of
from samples.forms import Form, budget_forms, final_forms, numbered
from samples.prose import PROSE, Section, budget_prose, final_prose
from samples.write_page import write_page
from samples.write_pdf import write_pdf
from samples.write_workbook import write_workbook


def main() -> None:
    """Each disclosure goes to data/samples/<agency>-<year>-<kind>/ as published.<format>."""
    for agency in AGENCIES["agency"]:
        for kind in ("budget", "final"):
            for year, formats in zip(AGENCIES[f"{kind}_years"], agency["formats"][kind], strict=True):
                folder = SAMPLES / f"{agency['id']}-{year}-{kind}"
                folder.mkdir(exist_ok=True)
                for extension in formats.split("+"):
                    path = _write(folder, agency, year, kind, extension)
                    print(path.relative_to(SAMPLES.parent.parent), path.stat().st_size)


def contents(agency: dict[str, Any], year: int, kind: str) -> tuple[list[Section], list[Form]]:
    """The prose and the forms of one disclosure."""
    if kind == "budget":
        budget, last = budget_of(agency, year), budget_of(agency, year - 1)
        return budget_prose(budget, last), budget_forms(budget, last)
    accounts = final_accounts_of(agency, year)
    return final_prose(accounts), final_forms(accounts)


def _write(folder: Path, agency: dict[str, Any], year: int, kind: str, extension: str) -> Path:
    sections, forms = contents(agency, year, kind)
    number = PROSE[kind]["number"]
    forms = [Form(number.format(number=form.number), form.title, form.header, form.rows, form.note) for form in numbered(forms)]
    title = PROSE["cover"][kind].format(agency=agency["name"], year=year)
    agency_line, unit_line = FORMS["agency_line"].format(agency=agency["name"]), FORMS["unit_line"].format(unit=FORMS["unit"])
    path = folder / f"published.{extension}"
    heading = (path, title, AGENCIES["notice"], agency_line, unit_line)
    if extension == "pdf":
        write_pdf(*heading, sections, forms)
    elif extension == "html":
        write_page(*heading, sections, forms)
    else:
        write_workbook(*heading, forms)
    return path


if __name__ == "__main__":
    main()

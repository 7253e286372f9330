"""A reader that needs no store: agencies given by name, and whatever labels a test wants them to print."""

from __future__ import annotations

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any, cast

from retrieval.figures.agencies import Directory, Disclosure
from retrieval.figures.cells import Shelf
from retrieval.figures.query import Rows
from retrieval.language.reader import Reader
from retrieval.names.labels import Labels
from retrieval.names.store_names import StoreNames
from retrieval.names.whom import Whom
from store.values import Kind

AGENCIES = ("示例市教育局", "示例市水务局", "示例市图书馆")


PERSONS = SimpleNamespace(item="编制内实有人数", unit="人", measure="count")  # a number of persons, which is no general term


class FewNames(StoreNames):
    """Names of agencies that print next to nothing of their own: the general terms are all there is."""

    def labels(self, agency_id: str) -> list[Labels]:
        return [Labels.of((), cast(Any, [PERSONS]))]

    def tables(self, agency_id: str) -> tuple[str, ...]:
        return ()


def reader_of(agencies: Iterable[str] = AGENCIES, years: Iterable[int] = (2023, 2024, 2025)) -> Reader:
    """A reader about these agencies, each with a budget and final accounts of each year."""
    kinds: tuple[Kind, ...] = ("budget", "final")
    disclosures = [
        Disclosure(f"{name}-{year}-{kind}", name, name, year, kind, None, None, None)
        for name in agencies
        for year in years
        for kind in kinds
    ]
    directory = Directory.of(disclosures)
    return Reader(FewNames(cast(Rows, None), directory, cast(Shelf, None), Whom.of(directory, ())))

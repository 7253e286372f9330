"""A printed name said whole is that name: each row that a disclosure prints answers to its own label."""

from __future__ import annotations

from decimal import Decimal
from itertools import islice

from retrieval.ask import Asker
from retrieval.words.folding import bare
from store.money import MONEY_UNITS
from store.snapshot import Snapshot

SHORTEST = 3  # characters of a name that nothing else is short for


def test_every_row_answers_to_its_own_name(snapshot: Snapshot) -> None:
    asker = Asker.of(snapshot)
    asked = 0
    other: list[str] = []
    for agency in asker.desk.directory.named():
        for disclosure in agency.disclosures:
            cells = [cell for cell in asker.desk.shelf.cells(disclosure.disclosure_id) if cell.amount is not None]
            for label in islice(dict.fromkeys(cell.row_label for cell in cells), 0, None, 3):
                if len(bare(label)) < SHORTEST or bare(label) in bare(agency.name) or bare(label)[0].isdigit():
                    continue
                items = {cell.item for cell in cells if cell.row_label == label}
                printed = {cell.value for cell in cells if cell.row_label == label or cell.item in items}
                answer = asker.ask(f"{agency.name}{disclosure.year}年{label}是多少")
                told = {value.amount * Decimal(MONEY_UNITS.get(value.unit, 1)) for value in answer.values}
                asked += 1
                if not told & printed:
                    other.append(f"{agency.name}{disclosure.year}年{label}是多少: {answer.text[:60]}")
    assert asked > 100
    assert other == []

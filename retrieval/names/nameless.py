"""Disclosures that print no agency's name, and when a question still means one of them.

A workbook of forms may say nowhere whose it is. Its folder's name alone proves nothing, nor do its functions alone; where
both fit the agency that is asked for (the place spelled in the path, the function among the spending items), it is taken,
and the answer says so.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal
from pathlib import PurePath

from retrieval.figures.agencies import PLACE
from retrieval.names.bodies import of_name
from retrieval.words import pinyin
from retrieval.words.folding import bare
from retrieval.words.gazetteer import without_level

MAIN = Decimal("0.3")  # of the largest amount: what an agency is there for
FEWEST = 4  # characters of the function that must stand in an item


@dataclass(frozen=True, slots=True)
class Nameless:
    """A disclosure without a name: where its file lay and what it spends on."""

    agency_id: str
    letters: str  # Latin letters of the folder and file name, run together
    items: tuple[str, ...]  # folded names of its functions

    @classmethod
    def of(cls, agency_id: str, file: str, amounts: Mapping[str, Decimal]) -> Nameless:
        """From the file's path as ingested and the 元 of its functions. The main ones count: all pay for some housing."""
        main = max(amounts.values(), default=Decimal(0)) * MAIN
        items = [item for item, amount in amounts.items() if amount >= main]
        path = PurePath(file)
        letters = re.sub(r"[^a-z]", "", f"{path.parent.name}{path.stem}".lower())
        return cls(agency_id, letters, tuple(bare(item) for item in items))


def meant(name: str, nameless: Sequence[Nameless]) -> str | None:
    """The id of the one nameless disclosure (or series of them) that an agency's name can mean; None if none or several."""
    place = PLACE.match(name)
    if place is None:
        return None
    spelled = pinyin.letters(without_level(place.group(1)))
    function = of_name("office").sub("", bare(name[place.end() :]))
    if len(function) < FEWEST or len(spelled) < FEWEST:
        return None
    fitting = [one for one in nameless if spelled in one.letters and any(function[:FEWEST] in item for item in one.items)]
    return fitting[0].agency_id if len(fitting) == 1 else None

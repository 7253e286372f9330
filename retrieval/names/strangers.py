"""What every city calls its departments, and who is named in a text and is not here: a body of another place, a body without its place
(教育局的招待费), a government, a bare place (武汉的三公经费). A store of one agency must not answer for them.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass

from retrieval.figures.agencies import PLACE, Directory
from retrieval.names.bodies import LEVELS, OFFICES, called_at, departments, of_department, of_name, of_place
from retrieval.words.folding import contains
from retrieval.words.gazetteer import place_at
from retrieval.words.grammar import load

_JOINS: list[str] = load("bodies.toml")["name"]["joins"]
SHORTEST = 4  # characters of a name that is not here

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Department:
    """A place that is here with what every city calls a department (云州公安, 云江省检), said as whom a question is about."""

    start: int
    end: int
    word: str
    name: str  # what the department's name holds
    there: tuple[str, ...]  # the agencies of the place

    def is_of(self, agency: str) -> bool:
        """Whether an agency's name is this department's: 云海市统计和大数据研究院 is no 统计局, an 档案馆 is what is left of its 档案局."""
        if of_name("below").search(agency) and not agency[:-1].endswith((self.name, self.word)):
            return False
        return contains(agency, self.name) or contains(agency, self.word)


def departments_at(text: str, directory: Directory) -> list[Department]:
    """The departments that a text names behind a place that agencies here bear."""
    found: list[Department] = []
    for start, end, ids in directory.places_in(text):
        elsewhere = text[end - 1] not in LEVELS and text[end : end + 1] in LEVELS  # 示例县教育局, where all that is here is 示例市's
        behind = of_place("then").match(text, end)
        at = behind.end() if behind else end
        places = (at, end - 1) if text[end - 1] in LEVELS else (at,)  # 云江|省检
        said = next(((place, word) for place in places if (word := called_at(text, place)) is not None), None)
        if said is not None:
            last = said[0] + len(said[1])
            office = text[last : last + 1] in OFFICES
            found.append(Department(start, last + office, said[1], departments()[said[1]], () if elsewhere else ids))
    return found


def departments_missing(text: str, directory: Directory) -> tuple[Span, ...]:
    """A place that is here with a department that no agency here has there."""
    return tuple(
        (one.start, one.end)
        for one in departments_at(text, directory)
        if not any(one.is_of(name) for agency in one.there for name in directory[agency].names)
    )


def departments_said(text: str) -> list[tuple[int, int, str]]:
    """The departments that a text names by what every city calls them, with what their names hold: (start, end, name)."""
    found: list[tuple[int, int, str]] = []
    for match in of_department("office").finditer(text):
        starts = (match.start() - length for length in range(6, 0, -1) if length <= match.start())
        words = ((at, text[at : match.start()]) for at in starts)
        names = ((at, departments().get(word) or departments().get(word + match.group())) for at, word in words)
        found += [(at, match.end(), name) for at, name in names if name is not None][:1]
    return found


def runs_unknown(text: str, directory: Directory, taken: Sequence[Span]) -> Iterator[Span]:
    """The runs of folded `text` that look like the whole name of an agency, besides what is taken."""
    for match in of_name("like").finditer(text):
        start, end = match.span()
        if any(start < b and end > a for a, b in taken):
            continue
        for stop in of_name("stops").finditer(text, start, end):
            before = text[start : stop.start()]
            joins = stop.group() in _JOINS and _begins_with_place(before, directory) and not of_name("whole").search(before)
            if stop.end() == end - 1:
                end = stop.start()  # 气象台比|局
            elif stop.end() < end - 1 and not joins:  # 自然资源|和|规划局
                start = stop.end()
        place = PLACE.match(text[start:end])
        last = start + (place.end() if place else min(8, end - start - 4))  # 我就想问问|云溪市教育局
        start = next((at for at in range(start, last) if directory.is_place(text, at)), start)
        run = text[start:end]
        named = of_name("whole").search(run) and not of_name("which").search(run) and not of_name("several").search(run)
        if len(run) >= SHORTEST and named and (_begins_with_place(run, directory) or of_name("only").fullmatch(run)):
            yield start, end


def _begins_with_place(run: str, directory: Directory) -> bool:
    """Whether words begin with a place: one that looks so, one of the store's, or one of the country's."""
    return directory.is_place(run, 0) or PLACE.match(run) is not None


def strangers(text: str, directory: Directory) -> Iterable[Span]:
    """The spans of folded `text` that name an agency or place that no agency of `directory` bears, where it names nothing that is."""
    names = [name for agency in directory.alike(text) for name in agency.names]
    known: dict[str, bool] = {}  # one name may be said a thousand times
    for match in (*of_name("alone").finditer(text), *of_name("government").finditer(text)):
        said = match.group(1)
        if said not in known:
            known[said] = of_name("which").search(said) is not None or any(contains(name, said[:-1]) for name in names)
        if not known[said]:
            yield match.span(1)
    for start in [0, *(match.end() for match in of_place("starts").finditer(text))]:
        place = place_at(text, start)
        if place is not None and of_place("alone").match(text, start + len(place)) and not directory.bears(place):
            yield start, start + len(place)

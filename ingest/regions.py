"""Places: which province and city an organisation's name begins with.

Takes a name, gives the region as its full path (`湖北省武汉市`), `中央` for a national body, or None. Places come from
data/vocabulary/regions.csv (the national administrative codes); a place that is not there is taken as printed.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache

from store.vocabulary import plain_label, read_rows

NATIONAL = "中央"

_OF_A_PLACE = re.compile(
    r"^(?:中国人民政治协商会议|中国共产党|中国共产主义青年团|政协|共青团|民革|民盟|民建|民进|农工党|致公党|九三学社|台盟)"
)
_NATIONAL_PREFIX = re.compile(r"国家|中国|中华|国务院|全国|最高人民|中共中央|中央")
_NATIONAL_ENDING = re.compile(r"[一-鿿]{2,12}(?<![省市县区州旗委])(?:部|署|总局|总署)$")
_PRINTED = re.compile(r"(?:[一-鿿]{2,5}?省)?(?:[一-鿿]{2,6}?(?:市|州|盟|地区))?(?:[一-鿿]{1,8}?(?:新区|区|县|旗|市))?")
_PARTY_ORGAN = re.compile(r"^(?:中共)?(?P<place>[一-鿿]{2,20}?[省市县区州旗盟])委(?!员)(?=.)")
_NO_PLACE = re.compile(r"地区|社区|校区|园区|市场|市政|州府|区划|县域|城区")


@dataclass(frozen=True, slots=True)
class _Place:
    code: str
    name: str

    @property
    def province(self) -> str:
        return self.code[:2] + "0000"

    @property
    def city(self) -> str:
        return self.code[:4] + "00"


@cache
def _places() -> Mapping[str, tuple[_Place, ...]]:
    """Name → the places that bear it, provinces first."""
    found: dict[str, list[_Place]] = {}
    for row in read_rows("regions.csv", ("code", "name", "source"), key=("code",)):
        found.setdefault(row["name"], []).append(_Place(row["code"], row["name"]))
    return {name: tuple(sorted(places, key=lambda place: place.code)) for name, places in found.items()}


@cache
def _names() -> Mapping[str, str]:
    """Code → name."""
    return {place.code: place.name for places in _places().values() for place in places}


def region_of(name: str) -> str | None:
    """The region that a name begins with: its full path, `中央`, or None where the name tells none.

    >>> region_of("武汉市教育局"), region_of("上海市静安区财政局"), region_of("国家统计局")
    ('湖北省武汉市', '上海市静安区', '中央')
    """
    plain = plain_label(name)
    if inner := _OF_A_PLACE.match(plain):
        plain = plain[inner.end():].lstrip("（")
    elif _NATIONAL_PREFIX.match(plain):
        return NATIONAL
    plain = plain.removeprefix("中共")
    path, rest = _known_path(plain)
    if path:
        return path + _printed_place(rest)
    if _NATIONAL_ENDING.match(plain) and not _printed_place(plain):
        return NATIONAL
    return _printed_place(plain) or None


def place_before(name: str) -> str:
    """The place as printed at the head of a name; "" if none."""
    plain = plain_label(name).removeprefix("中共")
    rest = plain
    while place := _next_place(rest):
        rest = rest[len(place):]
    return plain[:len(plain) - len(rest)] + _printed_place(rest)


def with_party_name(name: str) -> str:
    """The full official name of a party organ, whose short form leaves 中共 out: 西安市委宣传部 is 中共西安市委宣传部."""
    return f"中共{name}" if _PARTY_ORGAN.match(name) and not name.startswith("中共") else name


def _next_place(text: str) -> str:
    return next((text[:size] for size in range(min(len(text), 12), 1, -1) if text[:size] in _places()), "")


def _known_path(text: str) -> tuple[str, str]:
    """The full path of the known places that a text begins with, and the rest."""
    at: _Place | None = None
    rest = text
    while name := _next_place(rest):
        within = [place for place in _places()[name] if at is None or _within(place, at)]
        if not within or (at is None and len({place.province for place in within}) > 1):
            break
        at, rest = within[0], rest[len(name):]
    if at is None:
        return "", text
    names = [_names().get(code, "") for code in (at.province, at.city, at.code)]
    return "".join(part for index, part in enumerate(names) if part and part not in names[:index]), rest


def _within(place: _Place, outer: _Place) -> bool:
    prefix = outer.code.rstrip("0")
    return place.code != outer.code and place.code.startswith(prefix if len(prefix) % 2 == 0 else prefix + "0")


def _printed_place(text: str) -> str:
    """A place that no list has, by its ending: 示例市, 示例省. Only at the head of a longer name."""
    found = _PRINTED.match(text)
    place = found.group() if found else ""
    return "" if not place or len(place) >= len(text) - 1 or _NO_PLACE.search(place) else place

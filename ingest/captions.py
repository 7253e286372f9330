"""What stands around a table: its number, title, unit, agency, and the notes below.

Takes the printed lines just above (or the grid's own first rows, where they hold the caption) and says what each part
is. All rules are about the form of such lines (单位：…, 公开01表, 注：…), none about a document.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Final

from ingest.matrix import squeeze

UNITS: Final = "亿元|千万元|百万元|万元|千元|元"
_UNIT: Final = re.compile(
    rf"[（(【\[]?(?:金额)?(?:计量)?单位(?:均|统一|一律|都)?[:：为是以]*(?:人民币)?[:：]?({UNITS})(?:人民币)?(?:[、,，/／].{{0,8}}?)?[）)】\]]?(?=$|[^\u4e00-\u9fff]|填|编|制|公|部|表)"
)
_UNIT_ALONE: Final = re.compile(rf"[（(]?({UNITS})[）)]?")
_UNIT_LABELLED: Final = re.compile(rf"[（(]?[\u4e00-\u9fff]{{1,5}}[:：](?:人民币)?({UNITS})[）)]?")
"""A unit under another word or a misprinted one: `货币：万元`, `金位：元`."""

_UNIT_OF_TITLE: Final = re.compile(rf"[（(]({UNITS})[）)]$")
_UNIT_TORN: Final = re.compile(r".*单位[:：](亿|千万|百万|万|千)")
_NUMERAL: Final = r"(?:[0-9０-９]{1,2}|[一二三四五六七八九十]{1,3})(?:[-—－.][0-9]{1,2})?"
_NUMBER: Final = re.compile(
    rf"[（(]?(?P<number>附?(?:\s*(?:部门|单位|预算|决算|公开|财决|财预|批复|附))*\s*(?:表\s*(?:{_NUMERAL})(?![0-9年月])|表\s*[0-9]{{1,2}}(?=20[0-9]{{2}}年)|[0-9０-９]{{1,2}}\s*表(?!格)))[）)]?\s*[:：.．、]?"
)
_AGENCY: Final = re.compile(
    r"^[（(]?[\u4e00-\u9fff]{0,6}(?:部门|单位)(?:[（(](?:部门|单位)[）)])?(?:名称|（?公章）?|\(公章\))?[:：](?P<name>[^:：]*?)(?=$|(?:金额)?单位[:：]|日期|\d{4}年)"
)
_YUAN_APART: Final = re.compile(r"\s元\s*$")
_DATE: Final = re.compile(r"(?:编制|填报|公开)?(?:日期|时间)[:：].*|[（(]?\d{4}年(?:度|\d{1,2}月(?:\d{1,2}日)?)[）)]?")
_TITLE: Final = re.compile(r".*(?:表|明细|目录|一览)(?:[（(][^）)]*[）)])*[\d一二三四五六七八九十]?(?:[（(]续[）)]|续表)?")
_NUMBERING: Final = re.compile(r"^(?:第?[一二三四五六七八九十]+[、.．]|[（(][一二三四五六七八九十]+[）)]|\d{1,2}[、.．](?!\d))")
_NOTE: Final = re.compile(r"^[（(*※]*(?:备?注\d?|说明|附注|特别说明)[一二三1-9]?[:：.、]|^(?:注|备注)$")
_EMPTY_NOTE: Final = re.compile(
    r"(?:本|此|该|故|以上).{0,12}(?:空表|为空|无数据|无此项|无相关)|无.{0,40}(?:安排|支出|收入|预算|收支).{0,20}(?:空|无数据)"
)
_SENTENCE_END: Final = "。；;！!"
MAX_TITLE: Final = 70


@dataclass(frozen=True, slots=True)
class Caption:
    """The caption of a table so far. `unit` is a money unit, `agency` the printed 部门/单位."""

    number: str | None = None
    title: str = ""
    unit: str | None = None
    agency: str | None = None
    torn_unit: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.number or self.title or self.unit or self.agency)


def unit_of_title(title: str) -> str | None:
    """The unit in brackets at a title's end: `部门收支总表（万元）`."""
    found = _UNIT_OF_TITLE.search(title)
    return found.group(1) if found else None


def unit_in(text: str) -> str | None:
    """The money unit that a caption line states: `金额单位：万元` → 万元."""
    found = _UNIT.search(squeeze(text))
    return found.group(1) if found else None


def states_only_unit(text: str) -> bool:
    """Whether a text is a unit line and nothing else: `（单位：万元）`, but not `预算数（单位：万元）`."""
    plain = squeeze(text)
    found = _UNIT.search(plain)
    return found is not None and not (plain[: found.start()] + plain[found.end() :]).strip("（）()")


def read_caption_line(text: str, caption: Caption) -> Caption | None:
    """`caption` with what this line adds; None if the line is no part of a caption. Lines are read from the grid upwards."""
    plain = squeeze(text)
    if not plain:
        return caption
    if caption.torn_unit and (torn := _UNIT_TORN.fullmatch(plain)):
        return replace(caption, unit=torn.group(1) + caption.torn_unit, torn_unit="")
    if alone := _UNIT_ALONE.fullmatch(plain) or _UNIT_LABELLED.fullmatch(plain):
        return replace(caption, unit=caption.unit or alone.group(1), torn_unit="元" if plain == "元" else "")
    if _AGENCY.match(plain) and (torn := _YUAN_APART.search(text)):
        text, caption = text[: torn.start()], replace(caption, torn_unit=caption.torn_unit or "元")
    rest, unit = _take(_UNIT, text, 1)
    rest, number = _take(_NUMBER, rest, "number", edges=True)
    found = _AGENCY.match(squeeze(rest))
    agency = found.group("name") if found else None
    if found:
        rest = squeeze(rest)[found.end() :]
    rest = squeeze(rest)
    dated = bool(_DATE.fullmatch(rest))
    if dated:
        rest = ""
    made = replace(
        caption, unit=caption.unit or unit, number=caption.number or (squeeze(number) if number else None), agency=caption.agency or agency
    )
    if not rest:
        return made if made != caption or unit or number or found or dated else None
    if not is_title(rest):
        return made if (unit or number or found) and len(rest) <= 12 else None
    return made if made.title else replace(made, title=clean_title(rest))


def _take(pattern: re.Pattern[str], text: str, group: int | str, *, edges: bool = False) -> tuple[str, str | None]:
    """Cuts the pattern out of the text: at its beginning or end if `edges`."""
    source = text.strip() if edges else squeeze(text)
    found = pattern.search(source)
    if not found:
        return text, None
    if edges:
        found = pattern.match(source) or next(
            (hit for hit in pattern.finditer(source) if hit.end() == len(source) and hit.start() > 0), None
        )
        if not found or (len(squeeze(source)) == len(squeeze(found.group(0))) - 0 and not found.group(group)):
            return text, None
    return source[: found.start()] + source[found.end() :], found.group(group)


def is_title(plain: str) -> bool:
    """Whether a squeezed line can be a table's title: short, ends as titles do, no sentence."""
    if not 2 <= len(plain) <= MAX_TITLE or plain[-1] in _SENTENCE_END or "。" in plain or plain.startswith("注"):
        return False
    return bool(_TITLE.fullmatch(plain)) and not _NUMBER.fullmatch(plain)


def clean_title(plain: str) -> str:
    """The title without the numbering of the section that it heads, and without a mark of continuation."""
    title = _NUMBERING.sub("", plain)
    return re.sub(r"[（(]续(?:表)?\d?[）)]$|续表$", "", title) or plain


def starts_numbering(plain: str) -> bool:
    """Whether a label begins with a number of a list: 一、（一）1."""
    return bool(_NUMBERING.match(plain))


def names_agency(text: str) -> bool:
    """Whether a line begins as one does that names the table's agency: 部门：…, 编制单位：…"""
    return _AGENCY.match(squeeze(text)) is not None


def is_number_line(text: str) -> bool:
    """Whether a line begins as a table's number does."""
    return bool(_NUMBER.match(text.strip()))


def is_note(text: str) -> bool:
    """Whether a line under a table is its note: 注：…, 说明：…, or says that the form is empty."""
    plain = squeeze(text)
    return bool(_NOTE.match(plain) or (_EMPTY_NOTE.search(plain) and len(plain) < 120))


def says_empty(notes: Sequence[str]) -> bool:
    """Whether a note says that the form has nothing to show. Some say so under a filled form: look at the figures too."""
    return any(_EMPTY_NOTE.search(squeeze(note)) for note in notes)

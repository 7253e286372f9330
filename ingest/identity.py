"""Whose disclosure a file is, of which year, and whether budget or final accounts.

Takes what was read of a file, gives an `Identity`. Everything printed votes: the cover, the headings, the agency lines
above tables, table titles and column headers, the prose; a place where it is stated formally weighs more than a
mention. The file's name votes last and least, because names lie. What nothing states is None.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from functools import cache
from pathlib import PurePath
from typing import Literal, TypeVar

from ingest.numbering import read_numbering
from ingest.regions import place_before, region_of, with_party_name
from ingest.source import Grid, Line, Source
from store.values import Kind, Passage, Table, Warned
from store.vocabulary import plain_label, read_rows, vocabulary

Scope = Literal["department", "unit"]
T = TypeVar("T")

_COVER_LINES = 14          # lines from the top of a file among which its title stands
_BROKEN_OFF = 3            # characters that a wrapped title may leave for its last line
_HEAD_ROWS = 6             # rows of a grid above which the agency and the title of its form stand
_COVER, _HEADING, _AGENCY_LINE, _TABLE, _PROSE, _FILE = 10.0, 3.0, 4.0, 2.0, 1.0, 0.5
_MOST = {_FILE / 2: 0.25, _TABLE / 2: 6.0, _HEADING: 9.0, _AGENCY_LINE: 16.0, _TABLE: 12.0, _PROSE: 8.0, _FILE: 0.5}
"""What one statement weighs by its place, and what all of one kind of place may weigh together."""

_YEAR = re.compile(r"(?<!\d)(20\d{2})年度?(?!\d{1,2}月)")
_CHINESE_YEAR = re.compile(r"二[〇○零0](?P<tens>[〇○零一二三四五六七八九])(?P<ones>[〇○零一二三四五六七八九])年")
_KIND = re.compile(
    r"(?P<level>[省市区县州]级|本级|国家级)?(?P<scope>部门|单位|学校|机关)?(?:综合|财务|收支|整体)*(?P<scope2>部门|单位)?(?P<kind>预算|决算)(?!单位|编制|管理|法|执行情况)"
)
_BOTH = re.compile(r"预[（(]?决[）)]?算|预算?[、和与及]决算|决算?[、和与及]预算")
_AGENCY_LABEL = re.compile(
    r"(?P<label>(?:预算主管|主管|预算|编制|填报|公开|填表|所属)?(?:部\s*门|单\s*位)(?:[（(](?:部门|单位)[）)])?(?:名称|全称)?(?:[（(](?:公章|盖章|签章)[）)])?)"
    r"\s*[:：]\s*(?P<name>.*)", re.DOTALL
)
_NAME_END = re.compile(r"\s{2,}|\s(?=(?:金额)?单位|编制|日期|\d)|(?:金额)?单位\s?[:：]|[；;，,]")
_AFTER_NAME = re.compile(
    r"(?:机关|本级|部门|单位)?(?:20\d{2}年|的?(?:主要)?职[责能]|内设|所属|部门[预决]算|部门只有|共有|机关运行经费|三公|收入|支出|政府采购|政府性基金|[预决]算单位|是|部门概况|概况|基本情况)"
)
_BEFORE_NAME = re.compile(r"(?:^|[，。；：、\n]|年度?|关于|纳入|截至|第[一二三四五]部分|[一二三四五六七八九十]、|[）)])\s*(?=[一-鿿])")
_OWN_YEAR = re.compile(r"(?<!\d)(20\d{2})\s?年度?(?:本部门|本单位|我[一-鿿]|[一-鿿]{4,20}?)?(?:收支)?总?(预算|决算)")
_NOT_OWN = ("本", "我", "各", "其他", "所属", "下属", "市级", "省级", "区级", "县级")
_NOT_A_NAME = re.compile(r"部门|单位|预算|决算|公开|附件|首页|当前位置|经费|收支|收入|支出|拨款|绩效")
_TABLE_NUMBER = re.compile(r"^附?[表件]\d{1,2}(?=20\d{2}年)")
_COLUMN_HEADER = re.compile(r"20\d{2}年度?(?:年初|调整|全年)?(?:预算|决算|执行)数?")
_REPORT = re.compile(r"(?:执行情况|预算草案|决算草案)[^。]{0,30}报告|管理办法|实施条例|中华人民共和国[一-鿿]{2,12}法$|暂行规定|实施细则")
_PLACEHOLDER = re.compile(r"[XxＸ×*＊_]{2,}|某某|（单位）|（部门）")
_OWN_TOPICS = frozenset((
    "duties", "institutions", "budget_units", "balance", "income", "expenditure", "fiscal_appropriation", "three_public",
    "operating_expenses", "procurement", "assets", "government_fund", "state_capital", "general_public_budget", "definitions",
))
_FORM_TITLE = re.compile(r"(?:收支|收入|支出|三公|拨款|基金|采购)[^，。]{0,16}表")
_ENOUGH_TOPICS = 5
_DIGITS = "〇一二三四五六七八九"


@dataclass(frozen=True, slots=True)
class Identity:
    """Who, when and what. None = nothing in the file states it."""

    agency: str | None             # full official name
    affiliate_of: str | None       # the 部门 of this 单位, where printed
    region: str | None             # province and city, or 中央
    year: int | None
    kind: Kind | None
    title: str | None              # the disclosure's title as on its cover
    scope: Scope | None
    is_disclosure: bool
    warnings: tuple[Warned, ...] = ()


@dataclass(frozen=True, slots=True)
class _Said:
    """What one printed place states."""

    weight: float
    agency: str | None = None
    formal: bool = False           # the name stands where a full official name stands
    parent: str | None = None
    year: int | None = None
    kind: Kind | None = None
    scope: Scope | None = None
    region: str | None = None


def identify(source: Source, tables: Sequence[Table], passages: Sequence[Passage], file: str) -> Identity:
    """The identity of one file. `file` is its path; of it only the name counts, and least of all."""
    cover = _cover(source)
    said = [*_of_cover(cover), *_of_agency_lines(source), *_of_tables(source, tables), *_of_prose(passages), *_of_name(file)]
    kind = _winner([(one.kind, one.weight) for one in said])
    year = _winner([(one.year, one.weight) for one in said if one.kind in (None, kind) or one.weight >= _COVER])
    agency = _agency(said)
    parent = _winner([(one.parent, one.weight) for one in said if one.parent != agency])
    scope = _winner([(one.scope, one.weight) for one in said])
    region = (region_of(agency) if agency else None) or _winner([(one.region, one.weight) for one in said])
    if agency and region and not place_before(agency):
        region = region_of(agency) or region
    is_disclosure = _is_disclosure(said, tables, passages, cover, kind)
    title = _title(cover, agency, year, kind)
    return Identity(agency, parent, region, year, kind, title, scope, is_disclosure)


def _winner(votes: Iterable[tuple[T | None, float]]) -> T | None:
    """The value with the most weight; of equals the one stated first."""
    sums: dict[T, float] = defaultdict(float)
    by_place: dict[tuple[T, float], float] = defaultdict(float)
    for value, weight in votes:
        if value is None:
            continue
        room = _MOST.get(weight, float("inf")) - by_place[value, weight]
        by_place[value, weight] += weight
        sums[value] += max(0.0, min(weight, room))
    return max(sums, key=lambda value: sums[value]) if sums else None


def _cover(source: Source) -> list[str]:
    """The lines of the cover: from the top to the contents, the first numbered heading or the first sentence."""
    lines: list[str] = []
    for block in _blocks(source):
        texts = [block.text] if isinstance(block, Line) else [cell.text for cell in block.cells if cell.row < _HEAD_ROWS][:_COVER_LINES]
        for text in texts:
            plain = plain_label(text)
            if re.fullmatch(r"目[录次]", plain) or (len(plain) > 45 and "，" in plain) or len(lines) >= _COVER_LINES:
                return lines
            numbering = read_numbering(plain)
            if numbering and numbering.is_upper and lines:
                return lines
            if plain and not re.fullmatch(r"[\d\-—–－/]+", plain):
                lines.append(plain)
        if isinstance(block, Grid):
            return lines
    return lines


def _blocks(source: Source) -> Iterator[Line | Grid]:
    for page in source.pages:
        yield from page.blocks


def _of_cover(cover: Sequence[str]) -> Iterator[_Said]:
    """What the title on the cover states, in one line or broken over several."""
    stated = False
    for line in cover:
        for one in _read_title(line, _COVER):
            stated = stated or bool(one.agency and one.year)
            yield one
    if not stated:
        yield from _read_title("".join(line for line in cover if not (_AGENCY_LABEL.match(line) or _COLUMN_HEADER.fullmatch(line))), _COVER)


def _read_title(text: str, weight: float) -> Iterator[_Said]:
    """`…局2024年部门预算` | `2026年…局部门预算`: agency, year, kind and scope of a title. Nothing for other texts."""
    plain = _BOTH.sub("", _western_years(plain_label(text)))
    numbering = read_numbering(plain)
    plain = _TABLE_NUMBER.sub("", plain[numbering.end:] if numbering else plain)
    if _COLUMN_HEADER.fullmatch(plain):
        return
    year = _YEAR.search(plain)
    kind = _KIND.search(plain, year.end() if year else 0) or (_KIND.search(plain) if year is None else None)
    if kind is None or "，" in plain[:kind.end()]:
        return
    scope_word = kind.group("scope") or kind.group("scope2")
    scope: Scope | None = "department" if scope_word == "部门" else "unit" if scope_word in ("单位", "学校") else None
    names = [plain[:year.start()], plain[year.end():kind.start()]] if year else [plain[:kind.start()]]
    agency = next((name for name in map(official_name, names) if name), None)
    loose = None if agency or weight < _COVER else next((name for name in map(_loose_name, names) if name), None)
    place = next((name for name in names if name and agency is None and place_before(f"{name}级部门") == name), None)
    yield _Said(weight, agency or (loose if place is None else None), True, None, int(year.group(1)) if year else None,
                "budget" if kind.group("kind") == "预算" else "final", scope, region_of(f"{place}级部门") if place else None)


def _western_years(text: str) -> str:
    def digits(found: re.Match[str]) -> str:
        return f"20{_digit(found.group('tens'))}{_digit(found.group('ones'))}年"
    return _CHINESE_YEAR.sub(digits, text)


def _digit(character: str) -> int:
    return max(0, _DIGITS.find(character))


def _of_agency_lines(source: Source) -> Iterator[_Said]:
    """部门：… lines above tables and in the head of grids; 主管部门 beside another name is the department above it."""
    found: list[tuple[str, str]] = []
    for block in _blocks(source):
        if isinstance(block, Line):
            found += _labelled(block.text, "")
        else:
            head = [cell for cell in block.cells if cell.row < _HEAD_ROWS]
            for index, cell in enumerate(head):
                after = head[index + 1] if index + 1 < len(head) else None
                found += _labelled(cell.text, after.text if after and after.row == cell.row else "")
    names = {name for label, name in found if "主管" not in label and "所属" not in label}
    for label, name in found:
        above = ("主管" in label or "所属" in label) and bool(names - {name})
        yield _Said(_AGENCY_LINE, None if above else name, True, name if above else None)


def _labelled(text: str, beside: str) -> list[tuple[str, str]]:
    match = _AGENCY_LABEL.match(text.strip())
    if match is None or len(text) > 90:
        return []
    printed = match.group("name").strip() or beside.strip()
    name = plain_label(_NAME_END.split(printed, maxsplit=1)[0])
    name = re.sub(r"^[\[【]?\d{3,}[\]】]?[-—]?", "", name)
    name = official_name(name) or (name if re.fullmatch(r"[一-鿿（）·]{3,40}", name) else "")
    return [] if not name or _PLACEHOLDER.search(name) or re.search(r"[百千万亿]*元$", name) else [(match.group("label"), name)]


def _of_tables(source: Source, tables: Sequence[Table]) -> Iterator[_Said]:
    """Table titles (2021年部门综合预算收支总表) and column headers (2024年预算数)."""
    titles = {table.title for table in tables}
    grids = [block for block in _blocks(source) if isinstance(block, Grid)]
    titles |= {cell.text for grid in grids for cell in grid.cells if cell.row < 3 and len(cell.text) < 40}
    for title in sorted(titles):
        if title.rstrip("）)").endswith(("表", "年", "算")) or "表" in title:
            yield from (replace(one, weight=_TABLE, formal=False) for one in _read_title(title, _TABLE))
    yield from _of_performance_forms(grids)
    for table in tables:
        yield from _of_latest([one for header in table.headers if header.axis == "column" for one in _read_header(header.printed.text)])


def _of_latest(said: Sequence[_Said]) -> Iterator[_Said]:
    """What a table's columns say of its latest year: earlier ones stand beside it to be compared."""
    latest = max((one.year for one in said if one.year), default=None)
    yield from (one for one in said if one.year in (None, latest))


def _of_performance_forms(grids: Sequence[Grid]) -> Iterator[_Said]:
    """The year and the agency inside a 绩效目标表: `（2026年度）`, and the cell beside 部门名称."""
    for grid in grids:
        cells = sorted(grid.cells, key=lambda cell: (cell.row, cell.column))
        for cell, after in zip(cells, [*cells[1:], None], strict=True):
            plain = plain_label(cell.text)
            if found := re.fullmatch(r"（?(20\d{2})年度?）?", plain):
                yield _Said(_TABLE / 2, year=int(found.group(1)))
            named = after is not None and after.row == cell.row and re.fullmatch(r"(?:预算)?(?:部门|单位)名称", plain)
            if after and named and (name := official_name(after.text)):
                yield _Said(_TABLE / 2, name, True)


def _read_header(text: str) -> Iterator[_Said]:
    plain = _BOTH.sub("", plain_label(text))
    year = _YEAR.search(plain)
    kind: Kind | None = "final" if re.search(r"决算|执行", plain) else "budget" if "预算" in plain else None
    if kind and re.search(r"比上|增减|上年|年初|调整|全年", plain) is None:
        yield _Said(_TABLE / 2, year=int(year.group(1)) if year else None, kind=kind)


def _of_prose(passages: Sequence[Passage]) -> Iterator[_Said]:
    for label in dict.fromkeys(label for passage in passages for label in passage.section):
        numbering = read_numbering(label)
        words = label[numbering.end:] if numbering else label
        title = list(_read_title(words, _HEADING))
        yield from title
        if not any(one.agency for one in title):
            yield from (_Said(_HEADING, name, True) for name in _names_in(words))
    for passage in passages:
        for name in _names_in(passage.text):
            yield _Said(_PROSE, name)
        for match in _OWN_YEAR.finditer(passage.text):
            yield _Said(_PROSE, None, False, None, int(match.group(1)), "budget" if match.group(2) == "预算" else "final")


def _names_in(text: str) -> list[str]:
    """The organisations that a text names where it speaks of its own agency: before a year, 主要职责, 内设机构 …"""
    found: list[str] = []
    for start in _BEFORE_NAME.finditer(text):
        rest = plain_label(text[start.end():start.end() + 48])
        end = next((m for m in _AFTER_NAME.finditer(rest) if official_name(rest[:m.start()])), None)
        if end is not None and (name := official_name(rest[:end.start()])):
            found.append(name)
    return found


def _of_name(file: str) -> Iterator[_Said]:
    """The file's name: a title in it counts a little, a year set apart in it or its folder less; W0202403… says nothing."""
    path = PurePath(file)
    yield from (replace(one, weight=_FILE, formal=False) for one in _read_title(path.stem, _FILE))
    for part in (path.stem, path.parent.name):
        if found := re.search(r"(?<![\dA-Za-z])(20\d{2})(?!\d)", part):
            yield _Said(_FILE / 2, year=int(found.group(1)))


@cache
def _endings() -> tuple[str, ...]:
    rows = read_rows("organisations.csv", ("ending", "what", "source"), key=("ending",))
    return tuple(sorted((row["ending"] for row in rows), key=len, reverse=True))


def official_name(text: str) -> str:
    """The organisation that a text is the name of, in full; "" if it is none.

    >>> official_name("西安市委宣传部"), official_name("昆明市人民政府办公室机关"), official_name("部门")
    ('中共西安市委宣传部', '昆明市人民政府办公室', '')
    """
    name = re.sub(r"^(?:关于|纳入|截至)", "", plain_label(text)).strip("：:，。、《》_-—|")
    name = re.sub(r"（(?:本级|机关|部门|汇总|[一-鿿]{4,})）$|(?:本级|机关|部门)$", "", name)
    if not re.fullmatch(r"[一-鿿（）·]{3,40}", name) or name.startswith(_NOT_OWN):
        return ""
    if not name.endswith(_endings()) or name in _endings():
        return ""
    if len(name) < 4 and not name.endswith(("部", "署", "局")):
        return ""
    return with_party_name(name)


def _loose_name(text: str) -> str:
    """On a cover, what stands before the year is the agency even where its ending says nothing."""
    name = plain_label(text)
    if _PLACEHOLDER.search(name) or _NOT_A_NAME.search(name) or vocabulary().word_for("fund", f"{name}预算"):
        return ""
    spelled_out = re.fullmatch(r"[一-鿿（）·]{4,30}", name)
    ends_well = re.sub(r"<[^<>]*>", "", name).endswith(_endings())
    return name if spelled_out or (ends_well and re.fullmatch(r"[^，。；：]{4,80}", name)) else ""


def _agency(said: Sequence[_Said]) -> str | None:
    """The name with the most weight, in the fullest form that is printed formally."""
    names = [with_party_name(one.agency) if one.agency else None for one in said]
    best = _winner([(name, one.weight) for name, one in zip(names, said, strict=True)])
    if best is None:
        return None
    fuller = {name for name, one in zip(names, said, strict=True) if name and one.formal and _is_fuller(name, best)}
    return max(fuller, key=len) if fuller else best


def _is_fuller(name: str, short: str) -> bool:
    """Whether `name` is `short` with its place before it."""
    before = name.removesuffix(short)
    return before != name and bool(before) and (place_before(name).startswith(before) or before in ("中共", "中国共产党"))


def _is_disclosure(
    said: Sequence[_Said], tables: Sequence[Table], passages: Sequence[Passage], cover: Sequence[str], kind: Kind | None,
) -> bool:
    """Whether the file is a department's or unit's budget or final accounts at all, rather than a law or a report on one."""
    if any(_REPORT.search(line) for line in cover) and not any(one.scope for one in said if one.weight >= _COVER):
        return False
    titled = any(one.kind and (one.scope or one.agency) and one.weight >= _HEADING for one in said)
    topics = {passage.topic for passage in passages} & _OWN_TOPICS
    named = any(one.agency and one.weight == _AGENCY_LINE for one in said)
    formed = any(table.form is not None or ((named or kind) and _FORM_TITLE.search(table.title)) for table in tables)
    tabled = sum(one.kind is not None and one.weight in (_TABLE, _TABLE / 2) for one in said)
    return titled or formed or len(topics) >= _ENOUGH_TOPICS or (kind is not None and tabled >= 2)


def _title(cover: Sequence[str], agency: str | None, year: int | None, kind: Kind | None) -> str | None:
    """The title as printed on the cover, else one made of what is known."""
    for count in (1, 2, 3, 4):
        for start in range(len(cover)):
            text = "".join(cover[start:start + count])
            if any(one.agency == agency and one.year and one.kind for one in _read_title(text, _COVER)):
                broken = cover[start + count] if start + count < len(cover) else ""
                return text + broken if len(broken) <= _BROKEN_OFF else text
    if agency and year and kind:
        return f"{agency}{year}年{'部门预算' if kind == 'budget' else '部门决算'}"
    return None

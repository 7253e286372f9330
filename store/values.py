"""The values that every room passes to the next: what a disclosure says, with the place where it is printed.

`ingest` makes them, the lake and the snapshot keep them, `retrieval` reads them back. All are frozen: a stage
returns new values, it never edits old ones. Money is `Decimal` in 元; None means that the cell was blank or is not
money, `Decimal(0)` that it printed zero. Pages are 1-based; boxes are points from the page's top left corner.
Terms: docs/glossary.md.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

Kind = Literal["budget", "final"]
"""预算 | 决算."""

Format = Literal["pdf", "scan", "text", "html", "xlsx", "xls", "csv", "docx", "doc", "picture"]

ReadBy = Literal["text_layer", "workbook_cell", "web_cell", "word_cell", "plain_text", "ocr"]
"""How a printed text was got from the file."""

Flow = Literal["income", "expenditure"]
"""收入 | 支出."""

Fund = Literal[
    "all",                 # 全口径: every source together
    "fiscal",              # 财政拨款: the three below together
    "general_public",      # 一般公共预算
    "government_fund",     # 政府性基金预算
    "state_capital",       # 国有资本经营预算
    "fiscal_account",      # 财政专户管理资金
    "business",            # 事业收入
    "operating",           # 经营收入 (of a public institution)
    "superior_subsidy",    # 上级补助收入
    "affiliate_remittance",  # 附属单位上缴收入
    "unit_funds",          # 单位资金: the agency's own, where printed as one
    "other",               # 其他收入
    "carryover",           # 上年结转（结余）
    "reserve",             # 使用非财政拨款结余 / 用事业基金弥补收支差额
]

Classification = Literal[
    "functional",           # 支出功能分类 类/款/项
    "economic_department",  # 部门预算支出经济分类
    "economic_government",  # 政府预算支出经济分类
    "source",               # income by source, and the lines of 收支总表 that say where money comes from
    "nature",               # 基本支出 / 项目支出 … as rows
    "three_public",         # "三公" and what is printed with it (会议费, 培训费, 机关运行经费)
    "affiliate",            # by 预算单位
    "project",              # by project
    "summary",              # 收入总计, 本年支出合计, 年末结转 …
    "statistic",            # 团组数, 人次, 辆, persons, square metres
]

Portion = Literal["total", "basic", "project", "personnel", "running", "operating", "other"]
"""合计 | 基本支出 | 项目支出 | 人员经费 | 公用经费 | 经营支出 | any other printed part."""

Measure = Literal["budget", "adjusted_budget", "final", "change", "change_rate", "share", "count"]
"""预算数 | 全年(调整)预算数 | 决算数/执行数 | 增减额 | 增减% | 占比 | a number of things."""

Level = Literal["class", "section", "item"]
"""类 | 款 | 项, a code's depth."""

Box = tuple[float, float, float, float]
"""x0, top, x1, bottom in points from the top left corner of the page."""


@dataclass(frozen=True, slots=True)
class Printed:
    """A cell as the agency printed it: the only way back to the page."""

    text: str                      # as printed, outer blanks stripped, inner line breaks joined
    page: int | None               # None where the format has no pages (html, docx, txt); a workbook: the sheet's position
    bbox: Box | None               # None where there is no page geometry
    read_by: ReadBy


@dataclass(frozen=True, slots=True)
class Meaning:
    """What the form says about a figure, beside what is printed. None means not known: never guessed.

    `item` is the canonical Chinese name of what the figure is *of*, the same whether the form prints it as a row or as
    a column: numbering (一、 （一） 1. 其中：) and blanks stripped, variants folded by data/vocabulary/items.csv
    ("公务用车购置及运行维护费"). In a 三公 table laid out sideways it comes from the column, and the grand total is "三公经费".
    """

    item: str
    flow: Flow | None = None
    fund: Fund | None = None
    classification: Classification | None = None
    portion: Portion | None = None
    measure: Measure | None = None
    year: int | None = None        # the year the figure is about (上年执行数 of a 2024 budget: 2023)
    role: Literal["total", "subtotal", "leaf"] = "leaf"
    """total: the table's grand total row; subtotal: has children printed in the same table; leaf: neither."""


@dataclass(frozen=True, slots=True)
class Figure:
    """One printed figure of a table. It cannot exist without `printed`."""

    figure_id: str                 # "<document_id[:12]>-<running number, 5 digits>", stable for the same bytes
    row: int                       # 0-based row index within the table, over all its pages
    column: int                    # 0-based figure column index within the table
    row_path: tuple[str, ...]      # label path, outermost first; () where the row has no label
    code: str | None               # printed classification code, 类款项 joined: "2080505"
    level: Level | None
    column_path: tuple[str, ...]   # header path, outermost first, blanks and line breaks taken out
    unit: str                      # as printed, so that display can give it back: "万元", "元", "%", "人", "辆"
    amount: Decimal | None         # 元 for money; None where it isn't money
    number: Decimal                # the printed number itself, in the printed unit
    printed: Printed
    meaning: Meaning
    checks: tuple[str, ...] = ()   # "row_sum:pass", "hierarchy:fail" …: rule id and verdict
    doubt: str | None = None       # why the reading is doubtful (a code of data/messages.toml); None = sure

    @property
    def row_label(self) -> str:
        return self.row_path[-1] if self.row_path else ""


@dataclass(frozen=True, slots=True)
class HeaderCell:
    """A header or row-label cell, kept so that a source can be shown with its headers outlined."""

    axis: Literal["column", "row"]
    first: int                     # first figure column (axis column) or table row (axis row) that it covers
    last: int                      # last one, inclusive
    depth: int                     # 0 = outermost
    printed: Printed


@dataclass(frozen=True, slots=True)
class Table:
    """One published form as read, over all of its pages."""

    table_id: str                  # "<document_id[:12]>-t<nn>"
    number: str | None             # as printed: "预算公开表1"
    title: str                     # as printed, blanks taken out
    form: str | None               # id of a form in data/forms/*.toml; None = not known
    unit: str | None               # as printed beside the table; None where it could not be told (then no money figures)
    pages: tuple[int, ...]
    figures: tuple[Figure, ...]
    headers: tuple[HeaderCell, ...]
    notes: tuple[str, ...] = ()    # 注：… printed below, and the "空表" note of an empty form
    is_empty: bool = False


@dataclass(frozen=True, slots=True)
class Passage:
    """A piece of prose under one heading: a paragraph, or a short run of them."""

    passage_id: str                # "<document_id[:12]>-p<nnn>"
    section: tuple[str, ...]       # heading path, outermost first: ("第一部分 部门概况", "三、部门收支总体情况", "（一）收入预算")
    page: int | None
    last_page: int | None
    boxes: tuple[tuple[int, Box], ...]   # (page, box) of each line
    text: str                      # one paragraph per line; the lines of a paragraph joined without a blank
    topic: str | None = None       # canonical section topic of data/vocabulary/topics.csv: "duties", "institutions", "income", …
    lines: tuple[tuple[int, int | None, Box | None], ...] = ()   # (offset in text, page, box) of each printed line


@dataclass(frozen=True, slots=True)
class Statement:
    """A figure stated in prose with what it is about."""

    statement_id: str              # "<document_id[:12]>-s<nnn>"
    passage_id: str
    subject: str                   # what it is about, canonical where known: "公务接待费", "机关运行经费"
    context: tuple[str, ...]       # the wider subjects it stands under, outermost first: ("三公经费",)
    quote: str                     # the clause as printed
    start: int                     # offset of the quote in the passage's text
    text: str                      # the number as printed: "649.92"
    unit: str                      # "万元", "%", "辆", "个", "批次"
    amount: Decimal | None         # 元 for money
    number: Decimal
    measure: Measure | None
    change: Literal["increase", "decrease", "same"] | None
    year: int | None
    page: int | None
    bbox: Box | None
    reason: str | None = None      # the printed reason of a change, as printed
    fund: Fund | None = None
    flow: Flow | None = None


@dataclass(frozen=True, slots=True)
class Warned:
    """Something that somebody should look at. `code` is an entry of data/messages.toml, `where` its placeholders."""

    code: str
    where: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Unread:
    """A printed number that is neither figure, code, prose nor page furniture, with its place."""

    text: str
    page: int | None
    bbox: Box | None
    why: str


@dataclass(frozen=True, slots=True)
class Document:
    """All that was understood of one file."""

    document_id: str               # SHA-256 of the bytes, hex
    file: str                      # path as ingested
    format: Format
    size: int                      # bytes
    page_count: int | None
    agency: str | None             # full name as printed on the cover or in the heading
    affiliate_of: str | None       # the 部门 that this 单位 belongs to, where printed
    region: str | None
    year: int | None
    kind: Kind | None
    title: str | None              # of the disclosure
    scope: Literal["department", "unit"] | None   # 部门 (with its units) | 单位 / 本级
    tables: tuple[Table, ...]
    passages: tuple[Passage, ...]
    statements: tuple[Statement, ...]
    warnings: tuple[Warned, ...] = ()
    unread: tuple[Unread, ...] = ()
    page_sizes: tuple[tuple[float, float], ...] = ()   # points, as displayed (after rotation)

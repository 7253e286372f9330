"""One clause of prose before a number: what it names, of which year, in which measure, compared with what.

Takes the words between the last mark and a number (`2024年本部门机关运行经费预算比上年增加`), gives a `Clause`. The canonical
names come from store/vocabulary.py; the patterns here are about the form of the language only.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import cache
from typing import Literal, cast

from ingest.numbering import read_numbering
from store.values import Fund, Measure
from store.vocabulary import plain_label, vocabulary

Direction = Literal["increase", "decrease", "same"]

_INCREASE = "增加|增长|上升|提高|上涨|增幅|增|涨幅|升高|多"
_DECREASE = "减少|下降|降低|压减|减幅|降幅|缩减|压缩|减|少"
CHANGE = re.compile(
    rf"(?P<increase>{_INCREASE})?(?P<decrease>{_DECREASE})?(?:了|约|额|率|幅度|比例)?(?:[（(][^（）()]{{0,6}}[）)])?(?:为|是|达|[:：])?$"
)
"""The verb of a change at the end of a clause, directly before its number."""

SAME = re.compile(r"持平|无(?:增减)?变化|没有(?:增减)?变化|无增减|保持不变|相同|(?<!不)一致|无变动|未发生变化|没有变动")

_COMPARED = re.compile(
    r"(?:[，,]?(?:与|同|和|较|比|相比|对比|相较于|同比|环比))(?P<base>(?:\d{4}\s?年?度?|上年度?|去年度?|上一年度?|年初|同期|往年|预算|决算|执行|财政拨款|本部门|“?三公”?经费|[数年度初]|预算数|决算数|部门|同口径)*)"
    r"(?:相比|对比|比较|相较)?"
)
_SHARE = re.compile(r"占(?P<base>[^占]{0,30}?)(?:的?(?:比重|比例|百分比|份额))?(?:的|为|是|达|约)*$")
_COMPLETION = re.compile(r"(?:完成|占)(?:了)?(?:年初|全年|调整|本年)?预算(?:数|的)?(?:的|比例|率)*(?:为|是)?$|(?:完成|执行)率(?:为|是)?$")
_YEAR = re.compile(r"(?<!\d)(20\d{2})年")
_DATE = re.compile(r"(?:截[至止到])?(20\d{2})年(?:\d{1,2}月(?:\d{1,2}日)?)?(?:年?[底末初度])?")
_LAST_YEAR = re.compile(r"(?:上年|去年|上一年)度?")
_LEAD = re.compile(
    r"(?:其中|其(?![他余])|包括|主要包括|包含|分别为|分别是|主要是|主要用于|主要为|具体为|具体包括|另有|另外|另|相应|加上|以及|并|和|及|含|即|分为|一是|二是|三是|四是|共计|共有|共|"
    r"现有|实有|设有|下设|涉及|安排|全年|当年|本年|年度|截至|预计|拟|计划|按规定|合计|总计|的|为|是|有|[，。；：、:;,（(])"
)
_AGENT = re.compile(
    r"(?:本|我)(?:部门|单位|局|委|厅|办|校|院|中心|馆|所|系统|机关|镇|街道|街)(?:本级|机关(?!运行|事业|工资|商品|资本|服务))?|全(?:校|局|系统|部门)|(?:所属)?各(?:预算)?单位|部门[（(]单位[）)]|"
    r"部门(?=预算|收入|支出|整体)|单位(?=预算|收入|支出)"
)
_ORGANISATION = re.compile(
    r"^[一-鿿（）]{3,36}(?:委员会|办公厅|办公室|办事处|人民政府|法院|检察院|管理局|服务中心|中心|总局|大学|学院|学校|中学|小学|医院|局|(?<!大)厅|委(?![托员派内])|馆|所(?![属有需得])|站|院|校|[宣组统]\w{0,3}部)"
    r"(?:[（(](?:本级|机关)[）)]|本级|机关(?!运行|事业|工资|商品|资本|服务)|所属[一-鿿]{0,8}单位)?(?=.{2})"
)
_TAIL = re.compile(
    r"(?:数|额|总额|总金额|金额|总计|合计|共计|总共|共有|共|累计|达到|达|约|为|是|安排|资金安排|预算安排|执行|年初预算|全年预算|调整预算|调整后预算|"
    r"(?<!公共)(?<!基金)(?<!经营)预算|决算|支出决算(?=.)|[:：\s])$"
)
_CODE = re.compile(r"[（(\[【]?(?<!\d)(\d{3,8})(?!\d|\s*[万亿千百元年个])[）)\]】]?[-—－]?")
_FUNDED_BY = re.compile(r"(?:当年)?(?:一般公共预算)?财政拨款(?:资金|支出)?$")
_SPENT = re.compile(r"(?:预算|决算)?支出$")
_FUNDED = re.compile(
    r"^(?:当年)?(?:一般公共预算|财政拨款|政府性基金|国有资本经营)(?:预算)?(?:当年)?(?:财政)?(?:拨款)?(?:安排的?)?"
    r"(?!收入|支出|资金|拨款|财政|预算|当年|安排)(?=.{3})"
)
_LEVELS = re.compile(r"[（(](类|款|项)[）)]")
_GENERIC = frozenset(("", "支出", "收入", "预算", "决算", "金额", "经费", "资金", "数额", "总", "涉及预算", "当年", "年初"))
_TOTALS = {
    "收入": "收入总计", "支出": "支出总计", "预算收入": "收入总计", "预算支出": "支出总计", "总收入": "收入总计", "总支出": "支出总计",
    "收支": "收支总计", "收入支出": "收支总计", "收入、支出": "收支总计", "收、支": "收支总计",
}
WHOLE = frozenset(_TOTALS.values())
"""Names that say only 收入 or 支出: the agency's whole, or short for what the sentence is about."""

_NO_ORGANISATION = re.compile(r"干部|[副正]部|采购|用车|支出|经费|收入")
_LIKE_ORGANISATION = ("机关运行", "机关事业", "机关工资", "行政单位", "事业单位")


@dataclass(frozen=True, slots=True)
class Clause:
    """What the words before a number say. Empty or None = they don't."""

    name: str                      # what it is about, canonical where known; "" where the clause names nothing of its own
    raw: str                       # the same as printed
    outer: tuple[str, ...]         # names printed around it: 类 and 款 before the 项
    plain: str                     # the clause without blanks and quotes
    year: int | None               # printed year of the name (not of a base of comparison)
    last_year: bool                # it speaks of 上年 / 去年, not as a base of comparison
    measure: Measure | None
    direction: Direction | None    # set for a change
    is_base: bool                  # the number is the base of a comparison: 比2025年年初预算数 30385.62 万元
    whole: str                     # of a share: what it is a part of
    fund: Fund | None
    is_whole_agency: bool          # it names the agency or its whole budget, and no item


def read_clause(text: str) -> Clause:
    """What the clause `text`, which ends directly before a number, says about it."""
    plain = _strip_number(plain_label(_strip_number(text.strip())))
    change = CHANGE.search(plain)
    direction: Direction | None = None
    if change and (change.group("increase") or change.group("decrease")):
        direction = "increase" if change.group("increase") else "decrease"
        subject = plain[:change.start()]
    else:
        subject = plain
    compared = _last(_COMPARED, subject)
    is_base = direction is None and compared is not None and compared.end() == len(subject) and bool(compared.group("base"))
    if compared is not None and (direction or is_base):
        subject = subject[:compared.start()]
    if direction is None and not is_base:
        if _COMPLETION.search(plain):
            return _clause(_COMPLETION.sub("", plain), plain, "share", None, False, "预算")
        if share := _SHARE.search(plain):
            return _clause(plain[:share.start()], plain, "share", None, False, share.group("base"))
    return _clause(subject, plain, "change" if direction else None, direction, is_base, "")


def _clause(subject: str, plain: str, measure: Measure | None, direction: Direction | None, is_base: bool, whole: str) -> Clause:
    years = [int(year) for year in _YEAR.findall(subject)]
    last_year = bool(_LAST_YEAR.search(subject)) and "结转" not in subject and "结余" not in subject
    said = measure or _measure(subject)
    bare = _bare(subject)
    name, outer = name_of(bare)
    whole_agency = name in ("", *WHOLE) and (bool(years) or bool(_AGENT.search(subject)) or bool(_organisation(subject)))
    return Clause(name, bare if name else "", outer, plain, years[-1] if years else None, last_year, said, direction, is_base, whole,
                  fund_of(subject), whole_agency)


def fund_of(text: str) -> Fund | None:
    """The source of money that a text names, by the longest word of data/vocabulary/columns.csv."""
    return cast(Fund | None, vocabulary().word_for("fund", plain_label(text)))


def item_of(phrase: str) -> tuple[str, tuple[str, ...]]:
    """The canonical name that a phrase on its own (a heading, a list item) is about, and the names around it."""
    plain = _strip_number(plain_label(_strip_number(phrase.strip()))).removeprefix("关于").removesuffix("表")
    return name_of(plain if _LEVELS.search(plain) or plain in vocabulary().item_by_variant else _bare(plain))


def name_of(text: str) -> tuple[str, tuple[str, ...]]:
    """The canonical name in a bare clause and the names around it; ("", ()) where it names no item.

    >>> name_of("社会保障和就业支出（类）行政事业单位养老支出（款）行政单位离退休（项）")
    ('行政单位离退休', ('社会保障和就业支出', '行政事业单位养老支出'))
    """
    if _LEVELS.search(text):
        parts = [part for part in _LEVELS.sub("\n", text).split("\n") if part.strip()]
        bare = (_CODE.sub("", part).strip("：:，。、") for part in parts)
        names = tuple(_known(part) for part in bare if part not in _GENERIC)
        return (names[-1], names[:-1]) if names else ("", ())
    code = _CODE.match(text)
    if code and code.end() < len(text) and "-" in text[code.end():]:
        *around, inner = (part for part in re.split(r"[-—－]", text[code.end():]) if part)
        return _known(inner), tuple(_known(part) for part in around)
    bare = _CODE.sub("", text).strip()
    if bare in _TOTALS:
        return _TOTALS[bare], ()
    if bare in _GENERIC:
        return "", ()
    return _known(bare), ()


def _known(name: str) -> str:
    """The canonical form of a name: itself known, or known by its longest known ending; else the name as printed."""
    words = vocabulary()
    spent = name.endswith("支出")
    shorter = _FUNDED.sub("", name)
    for candidate in (name, _FUNDED_BY.sub("", name), shorter, _SPENT.sub("", name), _SPENT.sub("", shorter), name + "支出"):
        item = words.item_by_variant.get(candidate)
        if item and not (spent and item.flow == "income"):
            return item.item
        if candidate and candidate in words.codes_by_name:
            return candidate
    for cut in range(1, min(len(name) - 2, 16)):
        ending = name[cut:]
        if ending in words.item_by_variant and ending in _endings():
            return words.canonical_item(ending)
    return _FUNDED.sub("", name) or name


@cache
def _endings() -> frozenset[str]:
    """The item names that keep their meaning whatever stands before them (机关运行经费, but not 财政拨款 or 收入合计)."""
    kept = ("three_public", "statistic")
    return frozenset(plain_label(item.variant) for item in vocabulary().items if item.classification in kept and len(item.variant) >= 4)


def _bare(subject: str) -> str:
    """A clause without its year, agent, lead-in and the words that only say which measure the number is."""
    text = _DATE.sub("", subject)
    if "结转" not in text and "结余" not in text:
        text = _LAST_YEAR.sub("", text)
    for _ in range(12):
        if text in vocabulary().item_by_variant:
            return text
        shorter = _strip_number(text)
        lead = _LEAD.match(shorter) or _AGENT.match(shorter)
        if lead and lead.end() <= len(shorter):
            shorter = shorter[lead.end():]
        if organisation := _organisation(shorter):
            shorter = shorter[len(organisation):]
        if len(tail := _TAIL.sub("", shorter)) < len(shorter) and tail not in ("",):
            shorter = tail
        if shorter == text:
            break
        text = shorter
    text = re.sub(r"(?<=.{2})涉及.*$", "", text)
    if _organisation(f"{text}预算") or re.fullmatch(r"(?:扣除|剔除|不含).*[后外]?", text):
        return ""
    text = re.sub(r"^(?:部门|单位)?(?:综合|财务)?(?:预算)?(?=总?(?:收入|支出|收支|财政拨款|一般公共预算))", "", text)
    text = re.sub(r"^(?:当年|年初|全年|全部|本级)", "", text)
    return re.sub(r"(?<=收入|支出|收支)总$|总(?=收入$|支出$)", "", _TAIL.sub("", text))


def _organisation(text: str) -> str:
    """The organisation's name that a clause begins with; "" if none."""
    if text.startswith(_LIKE_ORGANISATION):
        return ""
    found = _ORGANISATION.match(text)
    if found is None or text in vocabulary().item_by_variant or text in vocabulary().codes_by_name:
        return ""
    return "" if _NO_ORGANISATION.search(found.group()) else found.group()


def _measure(subject: str) -> Measure | None:
    """预算, 全年预算 or 决算, by the last such word of a clause that isn't part of a fund's name."""
    text = re.sub(r"一般公共预算|政府性基金预算|国有资本经营预算|公共预算|部门预算(?=收入|支出)|预算单位|预算内", "", subject)
    if re.search(r"全年预算|调整(?:后)?预算", text):
        return "adjusted_budget"
    budget = text.rfind("预算")
    final = max(text.rfind("决算"), text.rfind("执行数"), text.rfind("实际支出"))
    if budget < 0 and final < 0:
        return None
    return "budget" if budget > final else "final"


def _strip_number(text: str) -> str:
    numbering = read_numbering(text)
    return text[numbering.end:] if numbering and numbering.end < len(text) else text


def _last(pattern: re.Pattern[str], text: str) -> re.Match[str] | None:
    return next(reversed(list(pattern.finditer(text))), None)

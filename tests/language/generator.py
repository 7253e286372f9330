"""The grammar turned round: random expressions over the names of a store, said in the grammar's own words, and what they mean.

What is said is put together from templates: names stand in braces, cue words in capitals (any word of data/grammar/cues.toml that does
only that), so that every word of the data is tried somewhere. Parsing it must give the denotation back.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace
from decimal import Decimal
from functools import cache
from types import SimpleNamespace
from typing import Any, cast

from retrieval.language.reader import Reader
from retrieval.names.labels import Labels
from retrieval.names.store_names import StoreNames
from retrieval.question import expression as q
from retrieval.question.expression import NODES, Item, Pick, Quantity
from retrieval.words.cues import cues
from retrieval.words.grammar import load
from store.values import Kind

from .without_store import reader_of


@dataclass(frozen=True)
class Thing:
    """A name as it is said, with what it means."""

    said: str
    item: Item


@dataclass
class World:
    """What can be named: agencies, years, things and projects of each."""

    reader: Reader
    agencies: list[tuple[str, str]]  # (agency_id, name)
    years: list[int]
    things: dict[str, list[Thing]]
    projects: dict[str, list[Thing]]
    always_names: bool = True  # an agency must be named, for there are several
    misread: tuple[str, ...] = ()  # names that are not read as themselves


@dataclass(frozen=True)
class Case:
    """Something said, and what it means."""

    said: str
    expression: Any
    template: str


def world_of(reader: Reader) -> World:
    """The names of a reader's store, those that alone are read as themselves."""
    names = reader.names
    agencies = [(one.agency_id, one.name) for one in names.directory.named()]
    years = sorted({year for agency, _ in agencies for year in names.directory[agency].years()})
    things: dict[str, list[Thing]] = {}
    projects: dict[str, list[Thing]] = {}
    misread: list[str] = []
    for agency, name in agencies:
        things[agency], projects[agency] = [], []
        labels = {label.text: label for one in names.labels(agency) for known in one.by_text.values() for label in known}
        for text, label in sorted(labels.items()):
            if not 2 <= len(text) <= 14 or label.kind not in ("item", "project") or re.search(r"[\d.（）《》、，：%]", text):
                continue
            read = reader.read(f"{name}的{text}")[0]
            one = read.expression
            alone = [segment for segment in read.segments if segment.text == text and segment.items and not segment.agencies]
            if isinstance(one, Pick) and one.item is not None and alone and not read.unread and not one.item.parts and one.year is None:
                (projects if label.kind == "project" else things)[agency].append(Thing(text, one.item))
            else:
                misread.append(text)
    return World(reader, agencies, years, things, projects, len(agencies) > 1, tuple(misread))


def written_world(agencies: Sequence[str], items: Sequence[str], projects: Sequence[str]) -> World:
    """A world that needs no store: its agencies print these rows."""
    cells = [
        SimpleNamespace(classification=kind, code=None, row_path=(name,), row_label=name, item=name, measure=None)
        for kind, names in (("economic_department", items), ("project", projects))
        for name in names
    ]
    printed = [Labels.of(cast(Any, cells), ())]

    class Written(StoreNames):
        def labels(self, agency_id: str) -> list[Labels]:
            return printed

        def tables(self, agency_id: str) -> tuple[str, ...]:
            return ()

    reader = reader_of(agencies)
    names = reader.names
    reader.names = Written(names.snapshot, names.directory, names.shelf, names.whom)
    return world_of(reader)


@cache
def words_of(cue: str) -> tuple[str, ...]:
    """The words of a cue that do nothing else."""
    return tuple(word for word in load("cues.toml")[cue]["words"] if cues().get(word) == {cue})


class Saying:
    """Says random expressions about one world."""

    def __init__(self, world: World, rng: random.Random) -> None:
        self.world = world
        self.rng = rng
        self.agency, self.name = rng.choice(world.agencies)
        self.year = rng.choice([None, None, *world.years])
        self.kind: Kind | None = rng.choice([None, None, "budget", "final"])

    # ── leaves ──

    def pick(self, item: Item | None = None) -> Pick:
        return Pick(item, self.agency if self.world.always_names or self.named else None, self.year, None, self.kind)

    named = True

    def thing(self, *others: Thing) -> Thing:
        """A thing unlike others, none of which holds its name."""
        pool = self.world.things[self.agency]
        for _ in range(40):
            one = self.rng.choice(pool)
            if all(one.item.item != other.item.item and one.said not in other.said and other.said not in one.said for other in others):
                return one
        return self.rng.choice(pool)

    def things(self, count: int) -> list[Thing]:
        found: list[Thing] = []
        while len(found) < count:
            found.append(self.thing(*found))
        return found

    def project(self) -> Thing:
        return self.rng.choice(self.world.projects[self.agency] or self.world.things[self.agency])

    def word(self, cue: str) -> str:
        return self.rng.choice(words_of(cue))

    def one_of(self, *words: str) -> str:
        return self.rng.choice(words)

    def some(self, cue: str, *words: str, unlike: str = r"^$") -> str:
        """One of these words, or any word that does what the cue does and nothing else."""
        pool = [word for word in words_of(cue) if not re.search(unlike, word)]
        return self.rng.choice(words if words and self.rng.random() < 0.4 else pool)

    def money(self) -> tuple[str, Quantity]:
        number = Decimal(self.rng.choice(["12", "3.5", "460", "1280.75", "20000"]))
        unit = self.rng.choice(["万元", "万元", "元"]) if number > 400 else "万元"
        return f"{number}{unit}", Quantity(number, unit)

    def listed(self, words: Sequence[str]) -> str:
        """A list, with any of the words that join."""
        last = self.one_of("和", "、", "与", "以及", "及", "跟")
        return "、".join(words[:-1]) + last + words[-1] if len(words) > 1 else words[0]

    def context(self) -> str:
        """Whose and when, in any order, once for all."""
        name = self.name if self.world.always_names or self.named else ""
        year = f"{self.year}年" if self.year is not None else ""
        kind = "" if self.kind is None else self.one_of("决算", "部门决算") if self.kind == "final" else "预算"
        said = self.rng.choice(
            [f"{name}{year}{kind}", f"{name}{year}{kind}", f"{year}{name}{kind}", f"{name}{self.one_of('的', '')}{year}{kind}"]
        )
        return said + (self.one_of("的", "", "", "里") if said else "")

    # ── amounts that may stand inside others ──

    def amount(self, depth: int, *without: Thing) -> tuple[str, Any]:
        """An amount as a noun phrase."""
        if depth <= 0 or self.rng.random() < 0.55:
            one = self.thing(*without)
            return one.said, self.pick(one.item)
        kind = self.rng.choice(["plus", "less", "most", "top"])
        if kind == "plus":
            one, other = self.things(2)
            return f"{one.said}{self.one_of('加', '加上')}{other.said}", q.Sum((self.pick(one.item), self.pick(other.item)))
        if kind == "less":
            part, whole = self.things(2)
            return f"{self.one_of('不算', '不含', '扣除', '剔除')}{part.said}的{whole.said}", q.Less(
                self.pick(whole.item), (self.pick(part.item),)
            )
        if kind == "most":
            order = self.rng.choice(["most", "least"])
            return f"{'最大' if order == 'most' else '最小'}的项目", q.Nth(q.Each(self.pick(), "projects"), cast(Any, order))
        count = self.rng.choice([2, 3, 5])
        return f"最大的{'零一二三四五'[count] if count != 2 else '两'}个项目", q.Sum(
            (q.Top(q.Each(self.pick(), "projects"), "most", count),)
        )

    def two(self, depth: int) -> tuple[str, Any, str, Any]:
        left, left_node = self.amount(depth)
        for _ in range(20):
            right, right_node = self.amount(0)
            if right not in left and left not in right and canonical(right_node) != canonical(left_node):
                break
        return left, left_node, right, right_node


Template = Callable[[Saying, int], tuple[str, Any]]
TEMPLATES: dict[str, Template] = {}


def template(make: Template) -> Template:
    TEMPLATES[make.__name__] = make
    return make


# ── figures, sums, differences ──


@template
def pick(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.thing()
    return f"{one.said}{s.one_of('', s.word('HOWMUCH'))}", s.pick(one.item)


@template
def project(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.project()
    return f"{one.said}{s.one_of('', '是多少', '多少钱')}", s.pick(one.item)


@template
def added(s: Saying, depth: int) -> tuple[str, Any]:
    some = s.things(s.rng.choice([2, 3, 4]))
    said = s.listed([one.said for one in some])
    sums = [
        word for word in words_of("SUM") if word != "总的" and not (said.endswith(("支出", "收入")) and word.endswith("计"))
    ]  # 总的多少, 支出合计: totals
    return f"{said}{s.one_of(*sums)}{s.one_of('', '多少', '是多少')}", q.Sum(tuple(s.pick(one.item) for one in some))


@template
def plus(s: Saying, depth: int) -> tuple[str, Any]:
    one, other = s.things(2)
    return f"{one.said}{s.some('PLUS', '加', '加上')}{other.said}{s.one_of('', '是多少', '一共多少')}", q.Sum(
        (s.pick(one.item), s.pick(other.item))
    )


@template
def subtracted(s: Saying, depth: int) -> tuple[str, Any]:
    left, one, right, other = s.two(depth)
    return f"{left}{s.some('SUBTRACT', '减')}{right}{s.one_of('', '是多少', '等于多少')}", q.Minus(one, other, True)


@template
def more_by(s: Saying, depth: int) -> tuple[str, Any]:
    left, one, right, other = s.two(depth)
    return f"{left}{s.one_of('比', '比起')}{right}{s.one_of('多', '少', '高', '低')}{s.one_of('多少', '多少钱', '几多')}", q.Minus(
        one, other
    )


@template
def how_far(s: Saying, depth: int) -> tuple[str, Any]:
    one, other = s.things(2)
    return f"{one.said}{s.one_of('和', '与', '跟')}{other.said}{s.some('DIFF', '差多少', '相差多少', '的差额')}", q.Minus(
        s.pick(one.item), s.pick(other.item)
    )


@template
def between_agencies(s: Saying, depth: int) -> tuple[str, Any]:
    if len(s.world.agencies) < 2:
        return pick(s, depth)
    one = s.thing()
    agency, name = s.rng.choice([other for other in s.world.agencies if other[0] != s.agency])
    mine = s.pick(one.item)
    return f"{one.said}比{name}{s.one_of('', '的')}{s.one_of('多', '少')}多少", q.Minus(mine, replace(mine, agency=agency))


@template
def without(s: Saying, depth: int) -> tuple[str, Any]:
    parts = s.things(s.rng.choice([1, 1, 2]))
    whole = s.thing(*parts)
    said = s.listed([one.said for one in parts])
    node = q.Less(s.pick(whole.item), tuple(s.pick(one.item) for one in parts))
    forms = (
        f"{whole.said}{s.one_of('除了', '除去', '扣除', '刨除')}{said}{s.one_of('还剩多少', '以外是多少', '之外还有多少')}",
        f"{s.some('EXCEPT', '不算', '不含', unlike='除了|除$')}{said}的{whole.said}{s.one_of('', '是多少')}",
        f"{s.some('EXCEPT', '除了')}{said}{s.one_of('，', '以外，', '之外')}{whole.said}{s.one_of('是多少', '多少')}",
    )
    return s.one_of(*forms), node


# ── shares ──


@template
def share(s: Saying, depth: int) -> tuple[str, Any]:
    part, one, whole, other = s.two(depth)
    ask = s.word("PERCENTQ")
    forms = (
        f"{part}{s.one_of('占', '占了', '占到')}{whole}{s.one_of('的', '')}{s.one_of(ask, '比例', '比重是多少')}",
        f"{part}占{whole}{s.one_of('几成', '百分之几', '百分之多少')}",
    )
    return s.one_of(*forms), q.Ratio(one, other)


@template
def share_within(s: Saying, depth: int) -> tuple[str, Any]:
    part, one, whole, other = s.two(0)
    return (
        f"{whole}{s.some('IN', '里', '中', unlike='其中|的$')}{part}{s.one_of('占', '占了')}{s.one_of('几成', '百分之几', '多大比例')}",
        q.Ratio(one, other),
    )


@template
def share_of_implied(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.thing()
    return f"{one.said}{s.one_of('占几成', '占百分之几', '占比多少', '的占比是多少')}", q.Ratio(s.pick(one.item), None)


@template
def shares_of_several(s: Saying, depth: int) -> tuple[str, Any]:
    some = s.things(3)
    said = s.listed([one.said for one in some[:2]])
    return f"{said}{s.one_of('各占', '分别占')}{some[2].said}{s.one_of('几成', '的百分之几')}", q.Named(
        tuple(q.Ratio(s.pick(one.item), s.pick(some[2].item)) for one in some[:2])
    )


@template
def times(s: Saying, depth: int) -> tuple[str, Any]:
    part, one, whole, other = s.two(depth)
    return f"{part}{s.one_of('是', '相当于')}{whole}{s.one_of('', '的')}{s.some('TIMES', '几倍', unlike='顶|抵|当于|番|^是|^的')}", q.Ratio(
        one, other, "times"
    )


@template
def executed(s: Saying, depth: int) -> tuple[str, Any]:
    s.kind = None
    one = s.thing()
    mine = s.pick(one.item)
    return f"{one.said}{s.one_of('的', '')}{s.word('EXEC')}{s.one_of('', '是多少', '多少')}", q.Ratio(
        replace(mine, kind="final"), replace(mine, kind="budget")
    )


@template
def overspent(s: Saying, depth: int) -> tuple[str, Any]:
    s.kind = None
    mine = s.pick(s.thing().item)
    said = next(one.said for one in s.world.things[s.agency] if one.item == mine.item)
    return f"{said}{s.one_of('超支', '超支了', '超预算')}多少", q.Minus(replace(mine, kind="final"), replace(mine, kind="budget"))


@template
def per_car(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.thing()
    mine = s.pick(one.item)
    return f"{one.said}{s.one_of('平均每辆', '每辆', '平均每部')}{s.one_of('多少', '多少钱')}", q.Ratio(
        mine, q.Told("number", replace(mine, item=None), ("车辆",), counter="辆"), "each"
    )


# ── changes ──


@template
def changed(s: Saying, depth: int) -> tuple[str, Any]:
    said, node = s.amount(depth)
    up = s.rng.random() < 0.5
    verb = s.some("UP", "增加", unlike="幅|额|[涨增升多加]得|率") if up else s.some("DOWN", "减少", unlike="幅|得")
    form, ask = s.one_of("amount", "rate"), ""
    ask = s.one_of("多少", "多少钱") if form == "amount" else s.one_of("百分之几", "几个百分点", "百分之多少")
    return f"{said}{s.word('PRIOR')}{verb}{ask}", q.Change(node, None, cast(Any, form), "up" if up else "down")


@template
def changed_how(s: Saying, depth: int) -> tuple[str, Any]:
    said, node = s.amount(0)
    return f"{said}{s.word('PRIOR')}{s.some('CHG', unlike='率|速|幅|%')}", q.Change(node)


@template
def changed_from_year(s: Saying, depth: int) -> tuple[str, Any]:
    if len(s.world.years) < 2:
        return changed(s, depth)
    s.year = None
    before, now = sorted(s.rng.sample(s.world.years, 2))
    one = s.thing()
    mine = s.pick(one.item)
    form = s.one_of("amount", "rate")
    ask = "多少" if form == "amount" else "百分之几"
    since = replace(mine, year=before) if now - before > 1 else None
    return f"{one.said}{now}年比{before}年{s.one_of('增加', '减少', '增加了')}{ask}", q.Change(
        replace(mine, year=now), since, cast(Any, form)
    )


@template
def fell_most(s: Saying, depth: int) -> tuple[str, Any]:
    some = s.things(3)
    up = s.rng.random() < 0.5
    said = s.listed([one.said for one in some])
    verb = s.one_of("涨", "增加", "升") if up else s.one_of("降", "减", "砍", "下降")
    node = q.Nth(q.By(q.Named(tuple(s.pick(one.item) for one in some)), q.Change(q.Hole(), None, "amount", "up" if up else "down")))
    return (
        f"{said}{s.one_of('里', '中', '')}{s.one_of('哪个', '哪项', '哪样')}{s.one_of('比去年', '比上年', '')}"
        f"{verb}得{s.one_of('最多', '最狠', '最厉害')}",
        node,
    )


@template
def projects_changed_most(s: Saying, depth: int) -> tuple[str, Any]:
    up = s.rng.random() < 0.5
    node = q.Nth(q.By(q.Each(s.pick(), "projects"), q.Change(q.Hole(), None, "amount", "up" if up else "down")))
    return f"{s.one_of('哪个项目', '哪个项目比上年')}{'增加' if up else '减少'}{s.one_of('最多', '得最多')}", node


# ── series and one of them ──


@template
def several(s: Saying, depth: int) -> tuple[str, Any]:
    some = s.things(s.rng.choice([2, 3]))
    said = s.listed([one.said for one in some])
    return f"{said}{s.one_of('各', '分别', '各是', '分别是')}多少", q.Named(tuple(s.pick(one.item) for one in some))


@template
def parts(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.thing()
    return f"{one.said}{s.some('LISTQ', '由哪些构成', '有哪些', unlike='哪[几两三]|名单|从哪|由哪些$|^哪')}", q.Each(
        s.pick(one.item), "parts"
    )


@template
def projects(s: Saying, depth: int) -> tuple[str, Any]:
    return s.one_of("有哪些项目", "项目都有哪些", "列出所有项目", "各项目分别多少"), q.Each(s.pick(), "projects")


@template
def over_years(s: Saying, depth: int) -> tuple[str, Any]:
    s.year = None
    one = s.thing()
    return f"{one.said}{s.some('TREND', unlike='一年比')}{s.one_of('', '多少', '是多少')}", q.Each(s.pick(one.item), "years")


@template
def mean(s: Saying, depth: int) -> tuple[str, Any]:
    some = s.things(3)
    said = s.listed([one.said for one in some])
    return f"{said}{s.one_of('平均多少', '平均是多少', '的平均值', '的平均数是多少')}", q.Mean(
        q.Named(tuple(s.pick(one.item) for one in some))
    )


@template
def most(s: Saying, depth: int) -> tuple[str, Any]:
    is_most = s.rng.random() < 0.6
    cue = (
        s.some("MOST", "最多", unlike="排|的$|是$|第一|头|占|老|首|冠|前|拔")
        if is_most
        else s.some("LEAST", "最少", unlike="排|的$|末|倒|名|垫")
    )
    forms = (
        f"{s.one_of('哪个项目', '项目里哪个')}{cue}",
        f"{cue}的项目{s.one_of('是哪个', '是什么', '是多少', '叫什么')}",
        f"花钱{cue}的项目",
    )
    return s.one_of(*forms), q.Nth(q.Each(s.pick(), "projects"), "most" if is_most else "least")


@template
def most_without(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.project()
    return f"{s.some('EXCEPT', unlike='不把|^除$')}{one.said}，{s.one_of('哪个项目最大', '最大的项目是哪个')}", q.Nth(
        q.Less(q.Each(s.pick(), "projects"), (s.pick(one.item),))
    )


@template
def part_most(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.thing()
    return f"{one.said}{s.one_of('里', '中', '里面', '当中')}{s.one_of('哪一项最大', '最大的是什么', '哪项最多')}", q.Nth(
        q.Each(s.pick(one.item), "parts")
    )


@template
def which_more(s: Saying, depth: int) -> tuple[str, Any]:
    some = s.things(2)
    less = s.rng.random() < 0.3
    said = s.listed([one.said for one in some])
    return (
        f"{said}{s.some('WHICH', '哪个', '谁', unlike='是|叫|年|什么|更')}"
        f"{s.one_of('少', '低') if less else s.one_of('多', '高', '更多', '大')}",
        q.Nth(q.Named(tuple(s.pick(one.item) for one in some)), "least" if less else "most"),
    )


@template
def in_place(s: Saying, depth: int) -> tuple[str, Any]:
    place = s.rng.choice([2, 3, 4])
    number = "零一二三四"[place]
    forms = (f"排第{number}的项目是哪个", f"第{number}大的项目{s.one_of('', '是哪个')}", f"项目里排第{number}名的是哪个")
    return s.one_of(*forms), q.Nth(q.Each(s.pick(), "projects"), "most", place)


@template
def top(s: Saying, depth: int) -> tuple[str, Any]:
    count = s.rng.choice([3, 5])
    number = "零一二三四五"[count]
    forms = (f"最大的{number}个项目{s.one_of('', '是哪些', '各多少')}", f"前{number}名的项目", f"金额前{number}的项目有哪些")
    return s.one_of(*forms), q.Top(q.Each(s.pick(), "projects"), "most", count)


@template
def ordered(s: Saying, depth: int) -> tuple[str, Any]:
    some = s.things(3)
    said = s.listed([one.said for one in some])
    forms = (
        (f"项目{s.one_of('从高到低', '从大到小')}排一下", q.Each(s.pick(), "projects")),
        (f"{said}{s.one_of('排个名', '从高到低', '排名')}", q.Named(tuple(s.pick(one.item) for one in some))),
    )
    text, series = s.rng.choice(forms)
    return text, q.Top(series, "most", None)


@template
def placed(s: Saying, depth: int) -> tuple[str, Any]:
    one, whole = s.things(2)
    node = q.Place(q.Each(s.pick(whole.item), "parts"), s.pick(one.item))
    return s.one_of(
        f"{one.said}在{whole.said}{s.one_of('里', '中', '里面')}{s.one_of('排第几', '第几大', '是第几位')}",
        f"{whole.said}里{one.said}排第几",
    ), node


@template
def bounded(s: Saying, depth: int) -> tuple[str, Any]:
    said, quantity = s.money()
    over = s.rng.random() < 0.6
    forms = (
        f"{s.one_of('超过', '高于', '大于') if over else s.one_of('低于', '小于', '不到')}{said}的项目{s.one_of('有哪些', '是哪些', '')}",
        f"{said}{'以上' if over else '以下'}的项目有哪些",
        f"哪些项目{'超过' if over else '低于'}{said}",
    )
    return s.one_of(*forms), q.Where(q.Each(s.pick(), "projects"), "over" if over else "under", quantity)


@template
def how_many_bounded(s: Saying, depth: int) -> tuple[str, Any]:
    said, quantity = s.money()
    return f"{s.one_of('超过', '高于')}{said}的项目有几个", q.Count(q.Where(q.Each(s.pick(), "projects"), "over", quantity))


@template
def how_many(s: Saying, depth: int) -> tuple[str, Any]:
    return s.one_of("一共几个项目", "有几个项目", "有多少个项目", "项目有多少个"), q.Count(q.Each(s.pick(), "projects"))


# ── truths ──


@template
def claimed(s: Saying, depth: int) -> tuple[str, Any]:
    said, node = s.amount(min(depth, 1))
    if isinstance(node, q.Sum) and isinstance(node.parts[0], q.Top):
        said += s.one_of("一共", "合计")
    number, quantity = s.money()
    return f"{said}{s.one_of('是', '为', '')}{number}{s.one_of('', '吗', '，' + s.word('VERIFY'))}", q.Holds(node, "is", quantity)


@template
def claimed_share(s: Saying, depth: int) -> tuple[str, Any]:
    part, one, whole, other = s.two(0)
    percent = s.rng.choice([12, 30, 85])
    return f"{part}占{whole}{s.one_of('的', '')}{percent}%{s.one_of('', '吗', '，' + s.word('VERIFY'))}", q.Holds(
        q.Ratio(one, other), "is", Quantity(Decimal(percent), "%")
    )


@template
def claimed_change(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.thing()
    up = s.rng.random() < 0.5
    rate = s.rng.random() < 0.5
    number, quantity = ("12%", Quantity(Decimal(12), "%")) if rate else s.money()
    verb = s.one_of("增加", "增加了", "增长") if up else s.one_of("减少", "下降", "减少了")
    node = q.Holds(q.Change(s.pick(one.item), None, "rate" if rate else "amount", "up" if up else "down"), "up" if up else "down", quantity)
    return f"{one.said}{s.one_of('比上年', '比去年', '较上年', '同比')}{verb}{number}{s.one_of('', '，对吗')}", node


@template
def claimed_several(s: Saying, depth: int) -> tuple[str, Any]:
    one, other = s.things(2)
    (first, a), (second, b) = s.money(), s.money()
    node = q.All((q.Holds(s.pick(one.item), "is", a), q.Holds(s.pick(other.item), "is", b)))
    return f"{one.said}{first}，{other.said}{second}{s.one_of('', '，', '。') + s.word('VERIFY')}", node


@template
def is_more(s: Saying, depth: int) -> tuple[str, Any]:
    left, one, right, other = s.two(depth)
    less = s.rng.random() < 0.4
    return f"{left}比{right}{s.one_of('少', '低') if less else s.one_of('多', '高')}{s.one_of('', '吗', '，对吗')}", q.Same(
        one, other, "less" if less else "more"
    )


@template
def equal(s: Saying, depth: int) -> tuple[str, Any]:
    one, other = s.things(2)
    return f"{one.said}{s.one_of('和', '与', '跟')}{other.said}{s.some('EQUAL', '一样多', '相等吗', unlike='等于|衡')}", q.Same(
        s.pick(one.item), s.pick(other.item)
    )


@template
def turned(s: Saying, depth: int) -> tuple[str, Any]:
    said, node = s.amount(0)
    direction, words = s.rng.choice(
        (("up", ("增加了", "上升了", "涨了")), ("down", ("减少了", "下降了", "降了")), ("same", words_of("STAYED")))
    )
    prior = s.one_of("比上年", "与上年", "跟去年比") if direction == "same" else ""
    return f"{said}{prior}{s.one_of(*words)}", q.Turned(node, cast(Any, direction))


@template
def exists(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.thing()
    absent = s.rng.random() < 0.4
    said = s.some("ABSENT", "没有", unlike="一分|零|一辆|^没$") if absent else s.some("PRESENT", "有没有", unlike="了没有|有吗")
    return f"{said}{one.said}", q.Exists(s.pick(one.item), absent)


# ── words, and several questions ──


@template
def told(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.thing()
    what, said = s.rng.choice(
        (
            ("reason", f"{one.said}{s.word('WHY')}{s.one_of('减少', '增加', '下降')}"),
            ("reason", f"{one.said}{s.one_of('减少', '增加')}的{s.one_of('原因', '原因是什么', '理由')}"),
            ("purpose", f"{one.said}{s.some('PURPOSE', unlike='买|都|花来|要|拿去|留|主要[干做]')}"),
            (
                "definition",
                s.one_of(
                    f"什么叫{one.said}", f"{one.said}{s.some('DEFINE', unlike='什么[叫是]$|啥[叫是]$|何为|^是什么$|^是啥$|包|定义怎|解释')}"
                ),
            ),
            ("place", f"{one.said}{s.word('WHEREQ')}"),
        )
    )
    direction = "up" if what == "reason" and "增加" in said.removeprefix(one.said) else "down" if what == "reason" else None
    return said, q.Told(cast(Any, what), s.pick(one.item), (), cast(Any, direction))


@template
def told_of_agency(s: Saying, depth: int) -> tuple[str, Any]:
    s.kind = None
    what, said = s.rng.choice(
        (
            ("duties", s.some("DUTY", unlike="归|不管")),
            ("units", s.one_of("有哪些下属单位", "下属单位有哪些")),
            ("offices", s.one_of("有哪些处室", "内设机构有哪些")),
        )
    )
    return said, q.Told(cast(Any, what), s.pick())


@template
def two_questions(s: Saying, depth: int) -> tuple[str, Any]:
    one = s.thing()
    part, left, whole, right = s.two(0)
    return f"{one.said}{s.one_of('多少', '是多少')}？{part}占{whole}几成？", q.Both((s.pick(one.item), q.Ratio(left, right)))


OPENINGS = ("", "", "", "", "请问", "麻烦查一下", "帮我看看", "想问一下", "听说", "我想知道")
ENDINGS = ("", "", "", "？", "呢", "呢？", "啊", "？谢谢")


def cases(world: World, number: int, seed: object = 1) -> list[Case]:
    """Random cases over a world: each template in turn, so that all are tried alike."""
    names = sorted(TEMPLATES)
    found: list[Case] = []
    for at in range(number):
        rng = random.Random(f"{seed}/{at}")
        name = names[at % len(names)]
        saying = Saying(world, rng)
        if not world.things[saying.agency]:
            continue
        saying.named = world.always_names or rng.random() < 0.5
        body, node = TEMPLATES[name](saying, rng.choice([0, 1, 1, 2]))
        text = saying.context() + body
        if not text.endswith(("吗", "对吗", "？", "一下")):
            text += rng.choice(ENDINGS)
        found.append(Case(rng.choice(OPENINGS) + text, node, name))
    return found


def canonical(node: Any) -> Any:
    """An expression without what does not change what it denotes: how a thing was said, the order of what is added, hints for wording."""
    if isinstance(node, Item):
        return (node.item, node.code, node.fund, node.portion, node.affiliate, node.table, node.under, tuple(map(canonical, node.parts)))
    if isinstance(node, Quantity):
        return (node.number.normalize(), node.unit, node.rounded)
    if not isinstance(node, NODES):
        return tuple(map(canonical, node)) if isinstance(node, tuple) else node
    if isinstance(node, q.Change):
        node = replace(node, direction=None)
        if (
            isinstance(node.of, Pick)
            and isinstance(node.since, Pick)
            and node.of.year is not None
            and node.since == replace(node.of, year=node.of.year - 1)
        ):
            node = replace(node, since=None)
    if isinstance(node, q.Told) and node.what != "reason":
        node = replace(node, direction=None)
    values = {one.name: canonical(getattr(node, one.name)) for one in fields(node)}
    if isinstance(node, (q.Sum, q.All)):
        values["parts"] = tuple(sorted(values["parts"], key=repr))
    if isinstance(node, q.Named):
        values["members"] = tuple(sorted(values["members"], key=repr))
    if isinstance(node, q.Minus) and not node.signed:
        values["left"], values["right"] = sorted((values["left"], values["right"]), key=repr)
    return (type(node).__name__, *values.values())


def parsed(world: World, case: Case) -> Any:
    """What a case is read as."""
    return world.reader.read(case.said)[0].expression


def agrees(world: World, case: Case, value: Callable[[Any], Any] | None = None) -> bool:
    """Whether a case is read as it was meant: the same expression, or one with the same value."""
    read = parsed(world, case)
    if canonical(read) == canonical(case.expression):
        return True
    return value is not None and read is not None and type(read) is type(case.expression) and value(read) == value(case.expression)

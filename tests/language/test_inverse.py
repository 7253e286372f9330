"""What the grammar can say, it reads: random expressions over the names of three stores, said in its own words, mean the same again."""

from __future__ import annotations

import random
from collections import Counter

import pytest
from hypothesis import settings

from retrieval.ask import Asker
from retrieval.question.expression import NODES, Quote, walk

from ..properties import examples
from .generator import TEMPLATES, World, agrees, cases, parsed, world_of, written_world

ITEMS = (
    "办公费", "印刷费", "咨询费", "手续费", "水费", "电费", "邮电费",
    "取暖费", "物业管理费", "差旅费", "租赁费", "会议费", "培训费", "公务接待费", "劳务费",
    "委托业务费", "工会经费", "福利费", "基本工资", "津贴补贴", "奖金", "绩效工资",
    "住房公积金", "离休费", "退休费", "抚恤金", "生活补助", "助学金", "教育支出",
    "卫生健康支出", "住房保障支出", "农林水支出", "城乡社区支出",
    "交通运输支出", "商品和服务支出", "工资福利支出", "对个人和家庭的补助", "资本性支出",
    "因公出国（境）费用", "公务用车购置费", "公务用车运行维护费",
)  # fmt: skip
PROJECTS = (
    "老旧小区改造", "校园安全防护", "河道清淤整治", "智慧交通信号优化",
    "基层文化惠民演出", "非遗传承人补助", "数字档案馆建设", "食品安全抽检", "森林防火巡护",
    "养老服务设施提升", "残疾人就业帮扶", "青年人才驿站运营", "农村公路养护",
    "防汛物资储备", "公共自行车维护", "政务服务大厅运行", "历史建筑修缮", "创业孵化基地补贴",
)  # fmt: skip
WRITTEN = {
    "two towns": (
        ("临江市教育局", "临江市水务局", "临江市交通运输局", "青岩县教育局", "青岩县卫生健康局", "青岩县文化和旅游局"),
        ITEMS[:26],
        PROJECTS[:9],
    ),
    "one agency": (("白塔市档案馆",), ITEMS[12:], PROJECTS[6:]),
}
"""Stores that need no documents: agencies with what they print."""
RIGHT = 0.995


@pytest.fixture(scope="module")
def worlds(rules: Asker) -> dict[str, World]:
    """The bundled samples, and the written ones."""
    return {"samples": world_of(rules.reader), **{name: written_world(*names) for name, names in WRITTEN.items()}}


@pytest.mark.hypothesis  # `make fuzz` says 5,000 others of each
@pytest.mark.parametrize("name", ["samples", *WRITTEN])
def test_what_the_grammar_says_it_reads(name: str, worlds: dict[str, World]) -> None:
    world = worlds[name]
    seed = name if settings().derandomize else f"{name} {random.random()}"
    said = cases(world, max(240, examples(100)), seed=seed)
    wrong = [case for case in said if not agrees(world, case)]
    kinds = Counter(case.template for case in wrong)
    told = "\n".join(f"[{case.template}] {case.said}\n  meant {case.expression}\n  read  {parsed(world, case)}" for case in wrong[:12])
    assert len(wrong) <= (1 - RIGHT) * len(said), f"{len(wrong)} of {len(said)} were read as something else: {dict(kinds)}\n{told}"


def test_every_node_is_said(worlds: dict[str, World]) -> None:
    said = cases(worlds["samples"], 6 * len(TEMPLATES))
    assert {type(node) for case in said for node in walk(case.expression)} == set(NODES) - {Quote}  # sentences are pointed at, not said


def test_nearly_every_printed_name_is_read_as_itself(worlds: dict[str, World]) -> None:
    for name, world in worlds.items():
        read = sum(map(len, world.things.values())) + sum(map(len, world.projects.values()))
        assert len(world.misread) <= 0.03 * read, (name, world.misread)

"""Follow-ups and claims, over the samples: each claim as it is true, and changed so that it is not."""

from __future__ import annotations

from pathlib import Path

import pytest

from retrieval.ask import Asker
from retrieval.words.numbers import find_quantities
from store.snapshot import open_snapshot

EDUCATION = "示例市教育局"


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


@pytest.mark.parametrize(("claim", "verdict"), [
    ("2024年预算三公经费是2023年的两倍还多", "supported"),
    ("2024年预算三公经费是2023年的三倍还多", "refuted"),
    ("2024年预算三公经费是2023年的两倍多", "supported"),
    ("2024年预算三公经费是2023年的3.5倍", "refuted"),
    ("2024年预算三公经费不到2023年的两倍", "refuted"),
    ("2024年预算三公经费不到2023年的三倍", "supported"),
    ("2024年预算三公经费是上一年的两倍多", "supported"),
    ("2024年预算三公经费比2023年增长了一倍多", "supported"),
    ("2024年预算三公经费比2023年增长了两倍", "refuted"),
    ("2024年预算三公经费32.41万，同比多了18.18万、增长127.76%", "supported"),
    ("2024年预算三公经费32.41万，同比多了18.18万、增长172.76%", "refuted"),
    ("2024年预算三公经费32.41万，同比多了18.18万、下降127.76%", "refuted"),
    ("2024年预算三公经费32.41万，较上年+127.76%", "supported"),
    ("2024年预算三公经费32.41万，较上年-127.76%", "refuted"),
    ("2024年预算三公经费=32.41万", "supported"),
    ("2024年预算三公几乎全是公务接待费", "refuted"),
    ("2024年预算公务接待4.52万、会议费7.84万，两项加起来12.36万，跟培训费一致", "refuted"),
    ("2024年预算除了项目支出，还有公务接待费4.52万进账", "supported"),
])
def test_a_claim_of_several_figures_or_multiples(asker: Asker, claim: str, verdict: str) -> None:
    for asked in ("，对吗", "，三个数对不对", "，方向没弄反吧"):
        assert asker.ask(EDUCATION + claim + asked).verdict == verdict, claim


@pytest.mark.parametrize(("claim", "verdict"), [
    ("2024年预算接待4.52万出国3.23万", "supported"),
    ("2024年预算接待3.23万出国4.52万", "refuted"),
    ("2024年预算公务接待费4.52万、会议费7.84万培训费9.58万", "supported"),
    ("2024年预算三公32.41万比上年多了18.18万涨127.76%", "supported"),
    ("2024年预算三公32.41万比上年少了18.18万降127.76%", "refuted"),
    ("2024年预算培训费比会议费多1.74万", "supported"),
    ("2024年预算培训费比会议费多17.4万", "refuted"),
    ("2024年预算会议费比培训费多1.74万", "refuted"),
    ("2024年预算会议费7.84万，比培训费少1.74万", "supported"),
    ("2024年预算光养车不算买车6.66万", "supported"),
    ("2024年预算光养车不算买车24.66万", "refuted"),
    ("2024年预算三公32.41万，接待占4.52万", "supported"),
    ("2024年预算接待费4.52万占三公的13.9%", "supported"),
    ("2024年预算接待费4.52万占三公一半还多", "refuted"),
    ("2024年预算接待、出国分别是4.52万、3.23万", "supported"),
    ("2024年预算接待、出国分别是3.23万、4.52万", "refuted"),
    ("2024年预算三公32.41万，七成多都是公车", "supported"),
    ("2024年预算三公32.41万，出国就花了一半", "refuted"),
    ("2024年预算接待费4.52万，连三公的两成都不到", "supported"),
    ("2024年预算接待费4.52万，不到三公的20%", "supported"),
    ("2024年预算接待费4.52万，不到三公的10%", "refuted"),
    ("2024年预算三公从14.23万涨到32.41万", "supported"),
    ("2024年预算三公从32.41万降到14.23万", "refuted"),
    ("2024年预算三公涨到了34.21万", "refuted"),
    ("2024年预算三公和接待费双双下降", "refuted"),
    ("2024年预算三公超过10万元", "supported"),
    ("2024年预算三公不到100万元", "supported"),
    ("2024年预算三公超过33万元", "refuted"),
    ("2024年预算三公不超过33万元", "supported"),
    ("2024年预算三公没有超过30万元", "refuted"),
    ("2024年预算接待费4.52万占三公过半", "refuted"),
    ("2024年预算接待费4.52万，不到三公的一半", "supported"),
    ("2024年预算三公32.41万，公车占了超过五成", "supported"),
    ("2024年预算一辆车都没买", "refuted"),
    ("2024年预算三公一分没比上年多", "refuted"),
])
def test_a_claim_in_one_breath_is_doubted_in_any_words(asker: Asker, claim: str, verdict: str) -> None:
    for said, doubt in (("", "，对吗"), ("听同行跟我讲", " 是不是谣言"), ("看到一篇文章写", "，我怕抄错了"), ("群里说", "，靠得住不")):
        assert asker.ask(f"{said}{EDUCATION}{claim}{doubt}").verdict == verdict, said + claim + doubt


def test_who_won_a_contract_is_no_claim(asker: Asker) -> None:
    assert asker.ask(f"{EDUCATION}2024年那三十万服务采购，最后是哪家公司中的标").verdict is None


@pytest.mark.parametrize("word", ["上年呢", "前一年多少？", "上一年是多少，帮我倒推一下"])
def test_the_year_before_is_that_before_the_year_told(asker: Asker, word: str) -> None:
    wanted = asker.ask(f"{EDUCATION}2023年预算三公经费多少").values
    assert asker.ask(word, (f"{EDUCATION}2024年预算三公经费多少",)).values == wanted


def test_a_fragment_may_leave_off_the_end_of_the_name(asker: Asker) -> None:
    before = (f"{EDUCATION}2025年水费多少",)
    assert asker.ask("电呢", before).values == asker.ask(f"{EDUCATION}2025年电费多少").values
    assert not asker.ask("天气呢", before).values


def test_a_percentage_is_not_taken_off_an_amount(asker: Asker) -> None:
    answer = asker.ask(f"{EDUCATION}2025年预算扣除工资后的差旅费占总支出多少")
    assert all(len({value.unit == "%" for _, value in step.parts}) == 1 for step in answer.steps)


@pytest.mark.parametrize(("text", "number"), [
    ("6.51万三公全是公务接待", "6.51"), ("一千零九十七万三", "1097.3"), ("43万5", "43.5"), ("6万三公经费", "6"), ("43万五险一金", "43"),
    ("四万两千块", "4.2"), ("七百一十五万七千七", "715.77"), ("2060.95万", "2060.95")])
def test_no_name_is_read_as_a_spoken_digit(text: str, number: str) -> None:
    assert f"{find_quantities(text)[0].quantity.number.normalize():f}" == number


@pytest.mark.parametrize(("question", "verdict", "told"), [
    ("示例市图书馆差旅费去年跟今年比省了没", "supported", "2025年预算差旅费比上年减少"),
    ("示例市图书馆差旅费今年跟去年比多了没", "refuted", "2025年预算差旅费比上年减少"),
    ("示例市图书馆差旅费比去年省了没", "supported", "2025年预算差旅费比上年减少"),
    ("示例市图书馆差旅费2025年比2023年多了没", "supported", "2025年预算差旅费比2023年增加"),
    ("示例市图书馆差旅费2023年比2025年省了吗", "supported", "2023年预算差旅费比2025年减少"),
])  # fmt: skip
def test_whether_it_moved_says_since_when(asker: Asker, question: str, verdict: str, told: str):
    answer = asker.ask(question)
    assert answer.verdict == verdict
    assert told in answer.text


def test_how_something_is_done_is_no_amount(asker: Asker):
    answer = asker.ask("示例市教育局课后服务做得怎么样")
    assert not answer.values
    assert answer.options

"""No word of a question is dropped in silence: an answer takes it into account, says that it left it out, or declines."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import pytest

from retrieval.answer.answer import Answer
from retrieval.ask import Asker
from store.snapshot import open_snapshot

EDUCATION, WATER = "示例市教育局", "示例市水务局"
PLAIN = (
    f"{EDUCATION}2025年预算{{}}差旅费多少",
    f"{EDUCATION}2025年预算{{}}三公经费是多少",
    f"{EDUCATION}2025年{{}}支出预算多少",
    f"{EDUCATION}2025年预算{{}}水费和电费一共多少",
    f"{EDUCATION}2025年预算{{}}差旅费比2024年多多少",
    f"{EDUCATION}2025年预算{{}}差旅费比2024年增长百分之几",
    f"{EDUCATION}2025年预算{{}}差旅费占总支出多少",
    f"{EDUCATION}2025年预算{{}}商品和服务支出中最多的三项",
    "2025年预算{}三公经费最多的是哪个部门",
    f"{EDUCATION}和{WATER}2025年预算{{}}三公经费哪个多",
    f"{EDUCATION}和{WATER}2025年预算{{}}三公经费差多少",
    f"{EDUCATION}和{WATER}2025年预算{{}}三公经费一共多少",
    f"{EDUCATION}2023到2025年预算{{}}三公经费走势",
    f"{EDUCATION}2024年{{}}三公经费执行率",
    f"{EDUCATION}2025年预算{{}}三公经费是15.90万元吗",
)
WORDS = (
    "人均", "平均每人", "每天", "每月", "上半年", "第一季度", "3月份", "非财政拨款的", "不是财政拨款的", "自有资金的", "离退休人员的",
    "张三的", "王局长", "全市", "全省", "下属学校的", "新增的", "追加的", "占GDP", "国有资本的", "项目支出里的", "人员经费里的",
    "疫情期间", "学生", "国外", "税前的", "未支付的", "拖欠的", "中央拨的", "上年结转的", "农村", "每名教师", "第三方",
    "不含水费的", "除了水费以外的", "扣除工资后的",
)  # fmt: skip


@pytest.fixture(scope="module")
def asker(sample_store: Path) -> Asker:
    return Asker.of(open_snapshot(sample_store))


def told(answer: Answer) -> tuple[object, ...]:
    return answer.route in ("decline", "clarify"), answer.text, answer.assumptions


@pytest.mark.parametrize("question", PLAIN)
def test_no_word_is_dropped_in_silence(asker: Asker, question: str) -> None:
    plain = told(asker.ask(question.format("")))
    assert not [word for word in WORDS if told(asker.ask(question.format(word))) == plain]


def test_what_is_left_out_is_taken_off_before_figures_are_compared(asker: Asker) -> None:
    def amount(question: str) -> Decimal:
        return asker.ask(question).values[0].amount

    less = [amount(f"{one}2025年预算三公经费不含公务接待费多少") for one in (EDUCATION, WATER)]
    compared = asker.ask(f"{EDUCATION}和{WATER}2025年预算不含接待费的三公经费哪个多")
    assert sorted(less, reverse=True) == [value.amount for value in compared.values[:2]]
    years = [amount(f"{EDUCATION}{year}年预算三公经费不含公务接待费多少") for year in (2023, 2024, 2025)]
    assert [value.amount for value in asker.ask(f"{EDUCATION}近三年三公经费预算不含接待费的走势").values] == years
    for question in (f"{EDUCATION}2025年预算不含接待费的三公经费比2024年少多少", "2025年三公经费除了接待费哪个部门最多"):
        answer = asker.ask(question)
        assert "不含公务接待费" in answer.text
        assert all(len(step.parts) > 1 for step in answer.steps)


def test_what_cannot_be_taken_off_is_named(asker: Asker) -> None:
    assert "不含培训费" in asker.ask(f"{EDUCATION}2025年预算三公经费扣掉培训费比2024年多多少").text
    assert "办公费" not in asker.ask(f"{EDUCATION}2025年预算除办公费外商品和服务支出中最多的三项").text.replace("不含办公费", "")


@pytest.mark.parametrize("question", [
    "2025年预算水费、电费和奖学金一共多少", "2025年预算奖学金加水费合计多少", "2025年预算奖学金比水费多多少"])
def test_a_list_with_a_name_that_is_not_here_is_not_computed_without_it(asker: Asker, question: str) -> None:
    answer = asker.ask(EDUCATION + question)
    assert answer.route == "decline"
    assert "奖学金" in answer.text


def test_a_figure_is_never_called_what_its_sentence_does_not_say(asker: Asker) -> None:
    for narrowed in ("政府性基金的", "上年结转的", "人员经费里的", "项目支出里的"):
        answer = asker.ask(f"{EDUCATION}和{WATER}2025年预算{narrowed}三公经费差多少")
        assert not answer.values


def test_a_whole_that_is_not_published_is_not_replaced_by_another(asker: Asker) -> None:
    for whole in ("GDP", "全市财政支出", "税收"):
        answer = asker.ask(f"{EDUCATION}2025年预算差旅费占{whole}的比重")
        assert answer.route == "decline"


ASKED = f"{EDUCATION}2025年预算三公经费是多少"
BESIDE = (
    "楼下天天挖沟吵得睡不着，{}", "我是开出租的嘛一天到晚在路上跑，{}", "今天早上路过他们大门口，{}", "我表姐在那儿上班我替她问问，{}",
    "单位食堂的菜越来越难吃了，{}", "{}，楼盖得那么气派", "{}，我正在排队你快点讲", "{}[捂脸][强]", "{}😂", "{}？气死我了",
    "示例市教与局，不是，{}", "老公翻手机刷到，{}",
)  # fmt: skip
NARROWING = (
    "城东刚开的分院，{}", "我说的是夜班的，{}", "昨天新来的那批人，{}", "我们城东分院，{}", "城东分院：{}", "{}，外聘人员就行了",
    "{}，我只关心外聘人员", "{}，外聘人员也要算", "{}，花在我们小区的", "{}，外聘人员啊", "{}[本级]",
)  # fmt: skip


@pytest.mark.parametrize("told", BESIDE)
def test_what_is_told_beside_a_question_withholds_nothing(asker: Asker, told: str) -> None:
    plain = asker.ask(ASKED)
    assert plain.values
    assert asker.ask(told.format(ASKED)).values == plain.values


@pytest.mark.parametrize("said", NARROWING)
def test_what_may_narrow_is_no_background(asker: Asker, said: str) -> None:
    assert asker.ask(said.format(ASKED)).values != asker.ask(ASKED).values


RESTRICTING = (
    "{}，打了折以后", "{}，真正到手的", "给小学生的那部分，{}", "他们下面管修车的，{}", "就是很贵的那种，{}", "已经有的那些不问，{}",
    "{}，只算外聘人员的", "{}，夜班的不算", "{}，光说乡下的", "{}，刨去给企业的", "{}，不含税", "{}，城东校区除外", "我只要女职工的，{}",
    "{}，摊到每个人头上", "{}，还没付的那部分", "抛开装修，{}", "{}，按月算", "{}（仅限一楼）", "{}（新增部分）", "{}，截止到6月",
    "{}，最后真正花到老百姓身上的", "{}，不看合同工的", "{}，利息我不要", "{}，别把装修的钱算进来", "{}（不是夜班的）", "{}，临时工那份",
)  # fmt: skip
HARMLESS = (
    "麻烦快点，{}", "我妈让我问的，{}", "{}，急死我了", "{}，写论文要用", "不好意思又来打扰，{}", "{}，我记性差", "我不是本地人，{}",
    "不懂就问，{}", "{}，别嫌我烦", "先不急，{}", "{}，不要骗我", "不瞒您说，{}", "{}，老板等着要", "领导催得紧，{}", "{}，查了半天没找到",
    "孩子做作业要写，{}", "{}，没别的意思", "外行问一句，{}", "{}，别的先不问", "{}（不是抬杠）", "先不说修路，{}", "{}，不用太细",
)  # fmt: skip
SEVERAL = (
    ASKED,
    f"{EDUCATION}2025年预算水费和电费一共多少",
    f"{EDUCATION}2025年预算差旅费比2024年多多少",
    "2025年预算三公经费最多的是哪个部门",
)


@pytest.mark.parametrize("question", SEVERAL)
def test_what_restricts_is_never_passed_over(asker: Asker, question: str) -> None:
    plain = told(asker.ask(question))
    assert not [said for said in RESTRICTING if told(asker.ask(said.format(question))) == plain]


@pytest.mark.parametrize("question", SEVERAL)
def test_what_restricts_nothing_withholds_nothing(asker: Asker, question: str) -> None:
    plain = asker.ask(question).values
    assert not [said for said in HARMLESS if asker.ask(said.format(question)).values != plain]


@pytest.mark.parametrize("said", ["，接待费不算", "，不看公务接待费", "，公务接待费的数我不要", "，接待费别算进去", "，先不算接待费"])
def test_a_part_that_is_not_wanted_is_left_out(asker: Asker, said: str) -> None:
    less = asker.ask(f"{EDUCATION}2025年预算三公经费不含公务接待费多少").values
    assert asker.ask(ASKED + said).values == less


@pytest.mark.parametrize("said", ["先不说2024年，", "先不谈差旅费，", "去年的不看，"])
def test_what_is_another_thing_is_only_not_meant(asker: Asker, said: str) -> None:
    assert asker.ask(said + ASKED).values == asker.ask(ASKED).values


def test_a_time_taken_back_is_not_asked_for(asker: Asker) -> None:
    said = asker.ask(f"{EDUCATION}三公经费，我想问2023年，不对，就是2024年的预算是多少")
    assert said.values == asker.ask(f"{EDUCATION}2024年预算三公经费是多少").values
def test_a_word_that_holds_a_numeral_is_no_amount(asker: Asker) -> None:
    said = asker.ask(f"{EDUCATION}2025年预算三公里除了公务接待费还剩多少")
    assert said.values == asker.ask(f"{EDUCATION}2025年预算三公经费不含公务接待费多少").values


def test_what_is_denied_only_for_assent_is_meant(asker: Asker) -> None:
    said = asker.ask(f"{EDUCATION}2025年预算不是说有三公经费吗，三公经费多少")
    assert said.values == asker.ask(f"{EDUCATION}2025年预算三公经费多少").values


@pytest.mark.parametrize(
    "question",
    [
        f"{EDUCATION}2025年预算一辆公务用车一年要花多少运行维护费",
        f"{EDUCATION}2025年预算一台公车的运行维护费多少",
        f"{EDUCATION}2025年预算该给我个人发多少奖金",
        f"{EDUCATION}2025年预算里的津贴补贴我能领多少",
        f"{EDUCATION}2025年预算幼儿园维修费多少",
        f"{EDUCATION}2025年预算哪场培训最贵",
        f"{EDUCATION}2025年预算商品和服务支出里，政府采购服务和差旅费哪个最多",
    ],
)
def test_what_is_hardly_asked_is_not_put_forward(asker: Asker, question: str) -> None:
    assert asker.ask(question).route in ("decline", "clarify")

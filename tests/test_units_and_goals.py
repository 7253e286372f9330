"""What a disclosure tells of the whole is not told of its unit; and what a project is to achieve is quoted from its table."""

from __future__ import annotations

import pytest

from ingest.pipeline import ingest
from retrieval.ask import Asker
from store.snapshot import open_snapshot

AGENCY, UNIT = "清溪市林草局", "清溪市种苗培育中心"
PAGE = f"""<html><body><h1>{AGENCY}2024年部门预算</h1>
<h2>部门收入预算总表</h2><p>单位：万元</p>
<table><tr><th>单位名称</th><th>总计</th><th>一般公共预算拨款收入</th><th>事业收入</th></tr>
<tr><td>合计</td><td>800.00</td><td>700.00</td><td>100.00</td></tr>
<tr><td>林草局</td><td>500.00</td><td>450.00</td><td>50.00</td></tr>
<tr><td>{UNIT}</td><td>300.00</td><td>250.00</td><td>50.00</td></tr></table>
<h2>一、收支预算情况说明</h2>
<p>2024年支出预算800.00万元，比上年增加90.00万元，增长12.68%。主要原因是造林任务增加。</p>
<h2>二、“三公”经费预算情况说明</h2>
<p>2024年“三公”经费预算12.50万元，比上年减少1.50万元，下降10.71%。</p>
<h2>荒山造林项目绩效目标表</h2>
<table><tr><td>项目名称</td><td colspan="3">荒山造林</td></tr>
<tr><td>年度目标</td><td colspan="3">完成荒山造林五百亩，成活率稳步提高。</td></tr>
<tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>指标值</td></tr>
<tr><td>产出指标</td><td>数量指标</td><td>造林面积</td><td>≥500亩</td></tr>
<tr><td>产出指标</td><td>质量指标</td><td>苗木成活率</td><td>≥85%</td></tr></table>
<h2>护林巡查项目绩效目标表</h2>
<table><tr><td>项目名称</td><td colspan="3">护林巡查</td></tr>
<tr><td>年度目标</td><td colspan="3">全年不发生重大森林火情。</td></tr>
<tr><td>一级指标</td><td>二级指标</td><td>三级指标</td><td>指标值</td></tr>
<tr><td>产出指标</td><td>数量指标</td><td>巡查次数</td><td>≥300次</td></tr></table></body></html>"""


@pytest.fixture(scope="module")
def asker(tmp_path_factory: pytest.TempPathFactory) -> Asker:
    folder = tmp_path_factory.mktemp("goals")
    (folder / "published.html").write_text(PAGE, "utf-8")
    ingest([folder / "published.html"], folder / "store", jobs=1)
    return Asker.of(open_snapshot(folder / "store"))


@pytest.mark.parametrize("question", ["支出多少", "三公经费多少", "2024年支出比去年增加多少", "2024年三公经费比上年少多少"])
def test_prose_about_the_whole_is_no_answer_for_a_unit(asker: Asker, question: str) -> None:
    assert asker.ask(AGENCY + question).values
    answer = asker.ask(UNIT + question)
    assert not answer.values
    assert answer.route == "decline"


def test_a_unit_with_only_an_income_row_is_answered_by_it_and_that_is_said(asker: Asker) -> None:
    answer = asker.ask(f"{UNIT}2024年预算多少")
    assert str(answer.values[0].amount) == "300.00"
    assert any("收入" in said for said in answer.assumptions)
    assert asker.ask(f"{UNIT}2024年收入多少").values == answer.values


@pytest.mark.parametrize("question", ["荒山造林项目的绩效目标是什么", "荒山造林项目要达到什么目标", "荒山造林绩效目标有哪些"])
def test_the_goals_of_a_project_are_quoted(asker: Asker, question: str) -> None:
    answer = asker.ask(f"{AGENCY}2024年{question}")
    assert "荒山造林五百亩" in answer.text
    assert "≥85%" in answer.text
    assert "森林火情" not in answer.text
    assert all(citation.quote for citation in answer.citations)


def test_projects_are_offered_where_none_is_named(asker: Asker) -> None:
    answer = asker.ask(f"{AGENCY}2024年绩效目标是什么")
    assert answer.route == "clarify"
    assert len(answer.options) == 2
    assert "火情" in asker.ask(next(option for option in answer.options if "护林" in option)).text

"""Whose disclosure a file is, of which year and kind."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from ingest.identity import Identity, identify, official_name
from ingest.narrative import read_passages
from ingest.regions import region_of
from ingest.source import Grid, GridCell, Line, Page, Source
from ingest.understand import understand


def source_of(*texts: str, grids: tuple[tuple[str, ...], ...] = ()) -> Source:
    lines = tuple(Line(text, 1, None, ends_paragraph=True) for text in texts)
    sheets = tuple(
        Grid(1, None, len(cells), 1, tuple(GridCell(row, 0, 1, 1, text, None) for row, text in enumerate(cells))) for cells in grids
    )
    return Source("html", "web_cell", (Page(1, None, None, (*lines, *sheets)),))


def identity_of(*texts: str, grids: tuple[tuple[str, ...], ...] = (), file: str = "a.pdf") -> Identity:
    source = source_of(*texts, grids=grids)
    prose = [(1, block) for block in source.pages[0].blocks if isinstance(block, Line)]
    return identify(source, [], read_passages("0" * 64, prose), file)


@pytest.mark.parametrize(
    ("lines", "agency", "year", "kind"),
    [
        (("衡阳市中小企业服务中心", "2024年部门预算公开"), "衡阳市中小企业服务中心", 2024, "budget"),
        (("2026年度", "福州市医疗保障局", "部门预算"), "福州市医疗保障局", 2026, "budget"),
        (("上海市普陀区规划和自然", "资源局", "2024 年度部门决算"), "上海市普陀区规划和自然资源局", 2024, "final"),
        (("2026年深圳市信访局部门预算",), "深圳市信访局", 2026, "budget"),
        (("西南大学", "2023年度部门预算"), "西南大学", 2023, "budget"),
        (("西安市委宣传部2021年部门综合预算",), "中共西安市委宣传部", 2021, "budget"),
        (("国家信访局二〇二六年度部门预算",), "国家信访局", 2026, "budget"),
    ],
)
def test_a_cover_names_agency_year_and_kind(lines: tuple[str, ...], agency: str, year: int, kind: str) -> None:
    found = identity_of(*lines)
    assert (found.agency, found.year, found.kind, found.is_disclosure) == (agency, year, kind, True)


def test_tables_alone_name_the_agency_in_their_agency_lines() -> None:
    form = ("2024年单位财务收支预算总表", "编制单位：东湾区实验中学", "单位：元")
    found = identity_of(grids=(form, form))
    assert (found.agency, found.year, found.kind, found.scope) == ("东湾区实验中学", 2024, "budget", "unit")


def test_the_department_above_a_unit_is_its_affiliation() -> None:
    found = identity_of(grids=(("2024年单位收支预算总表", "主管部门：某市教育局", "预算单位：某市第一中学", "单位：万元"),))
    assert (found.agency, found.affiliate_of) == ("某市第一中学", "某市教育局")


def test_final_accounts_that_speak_of_budgets_stay_final_accounts() -> None:
    found = identity_of(
        "某市民政局2023年度部门决算公开",
        "一、收入情况",
        "2023年年初预算为10万元，2023年部门预算安排12万元，支出决算为9万元。",
        "2024年预算另行公开。",
    )
    assert (found.year, found.kind) == (2023, "final")


def test_the_file_name_does_not_overrule_the_document() -> None:
    found = identity_of("某市民政局2023年部门预算公开", file="某市教育局2019年部门决算 W020240301583291047265.pdf")
    assert (found.agency, found.year, found.kind) == ("某市民政局", 2023, "budget")


def test_two_names_that_look_alike_are_two_agencies() -> None:
    assert identity_of("东湾区教育局2024年部门预算").agency != identity_of("东湾新区教育局2024年部门预算").agency


def test_a_blank_official_form_has_no_agency() -> None:
    assert identity_of("上海市普陀区2026年区级单位预算", "预算单位：上海市普陀区XX单位").agency is None


@pytest.mark.parametrize(
    "lines",
    [
        (
            "中华人民共和国预算法",
            "第一条 为了规范政府收支行为，强化预算约束，制定本法。",
            "第二条 预算、决算的编制、审查、批准，依照本法规定执行。",
        ),
        ("关于2023年预算执行情况和2024年预算草案的报告", "一、2023年预算执行情况", "全市一般公共预算收入100亿元，增长5%。"),
        ("您访问的页面不存在", "请联系网站管理员，或返回首页。"),
    ],
)
def test_a_law_a_report_or_an_error_page_is_no_disclosure(lines: tuple[str, ...]) -> None:
    assert not identity_of(*lines).is_disclosure


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("昆明市人民政府办公室机关", "昆明市人民政府办公室"),
        ("某市民政局（本级）", "某市民政局"),
        ("本部门", ""),
        ("各预算单位", ""),
        ("教育部", "教育部"),
        ("江苏省委办公厅", "中共江苏省委办公厅"),
        ("太原市发展和改革委员会", "太原市发展和改革委员会"),
    ],
)
def test_an_official_name_is_full_and_without_additions(text: str, name: str) -> None:
    assert official_name(text) == name


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("衡阳市中小企业服务中心", "湖南省衡阳市"),
        ("上海市普陀区规划和自然资源局", "上海市普陀区"),
        ("国家信访局", "中央"),
        ("教育部", "中央"),
        ("重庆市人民政府办公厅", "重庆市"),
        ("中共西安市委宣传部", "陕西省西安市"),
        ("义乌市教育局", "浙江省金华市义乌市"),
        ("澄江省公安厅", "澄江省"),
        ("国家市场监督管理总局", "中央"),
        ("西南大学", None),
    ],
)
def test_a_name_tells_the_region(name: str, region: str | None) -> None:
    assert region_of(name) == region


NARRATIVE = """<html><body><h1>某市审计局2026年部门预算公开</h1><p>一、主要职责</p><p>负责全市审计工作，设3个科室。</p>
<p>二、收入预算</p><p>2026年收入预算10.00万元，比上年增加1.00万元。</p></body></html>"""
TABLES = """<html><body><table><tr><td colspan=2>2026年部门收支总表</td></tr><tr><td colspan=2>单位：万元</td></tr>
<tr><td>项目</td><td>2026年预算数</td></tr><tr><td>基本支出</td><td>8.00</td></tr><tr><td>项目支出</td><td>2.00</td></tr>
<tr><td>支出总计</td><td>10.00</td></tr></table></body></html>"""


def test_tables_beside_their_narrative_take_its_agency(tmp_path: Path) -> None:
    from ingest.pipeline import ingest

    alone = TABLES.replace("8.00", "8.0")
    for file, text in (("a/narrative.html", NARRATIVE), ("a/tables.html", TABLES), ("b/tables.html", alone)):
        (tmp_path / file).parent.mkdir(exist_ok=True)
        (tmp_path / file).write_text(text, "utf-8")
    report = ingest([tmp_path / "a", tmp_path / "b"], tmp_path / "store", jobs=1)
    agencies = {f"{Path(done.file).parent.name}/{Path(done.file).name}": done.agency for done in report.documents}
    assert agencies == {"a/narrative.html": "某市审计局", "a/tables.html": "某市审计局", "b/tables.html": None}


def test_shared_disclosures_are_told_by_everything_printed(shared: Path) -> None:
    from ingest.readers import reader_for
    from ingest.understand import understand

    for name, file in (
        ("js-shengwei-2018-budget", "narrative.pdf"),
        ("km-govoffice-2026-budget", "published.html"),
        ("gjxf-2026-budget", "published.pdf"),
    ):
        folder = shared / "disclosures" / "real" / name
        truth = json.loads((folder / "truth.json").read_text("utf-8"))
        data = (folder / file).read_bytes()
        found = understand(reader_for(data, file).read(data, file), document_id="0" * 64, file=file, size=len(data))
        assert (found.agency, found.year, found.kind, found.region) == (truth["agency"], truth["year"], truth["kind"], truth["region"])


@pytest.mark.parametrize("title", ["2025年一般公共预算“三公”经费支出表", "表7 2025年政府性基金预算支出表", "2025年财政拨款收支预算总表"])
def test_the_fund_in_a_tables_title_is_no_agency(title: str) -> None:
    found = identity_of(title, "部门：示例县林草局　单位：万元")
    assert (found.agency, found.year) == ("示例县林草局", 2025)


def test_columns_of_an_earlier_year_do_not_date_the_file() -> None:
    form = Grid(1, None, 3, 3, tuple(
        GridCell(row, column, 1, 1, text, None)
        for row, texts in enumerate((("项目", "2024年预算数", "2025年预算数"), ("合计", "21.50", "18.00"), ("公务接待费", "6.50", "4.00")))
        for column, text in enumerate(texts)
    ))
    lines = tuple(Line(text, 1, None) for text in ("“三公”经费支出表", "部门：示例县林草局　单位：万元"))
    dated = understand(Source("html", "web_cell", (Page(1, None, None, (*lines, form)),)), document_id="0" * 64, file="a.html", size=1)
    assert (dated.agency, dated.year, dated.kind) == ("示例县林草局", 2025, "budget")

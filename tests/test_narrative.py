"""Headings, paragraphs and passages of the prose around the tables."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.narrative import read_passages, topic_of
from ingest.numbering import read_numbering, read_outline
from ingest.source import Line
from store.values import Passage

DOCUMENT = "0" * 64
LEFT, RIGHT, SIZE = 90.0, 510.0, 15.0


def passages_of(*texts: str, page: int | None = None) -> tuple[Passage, ...]:
    """Passages of whole paragraphs, as HTML and DOCX give them."""
    return read_passages(DOCUMENT, [(page, Line(text, page, None, ends_paragraph=True)) for text in texts])


def printed(*lines: tuple[str, float], page: int = 1) -> list[tuple[int | None, Line]]:
    """Lines of a PDF page: text and indent in characters; a line's right edge follows from its text."""
    made: list[tuple[int | None, Line]] = []
    for row, (text, indent) in enumerate(lines):
        left, top = LEFT + indent * SIZE, 80.0 + row * 25
        right = min(RIGHT, left + SIZE * sum(0.5 if c.isascii() else 1.0 for c in text))
        made.append((page, Line(text, page, (left, top, right, top + SIZE), SIZE)))
    return made


def sections(passages: tuple[Passage, ...]) -> list[tuple[str, ...]]:
    return [passage.section for passage in passages]


@pytest.mark.parametrize(
    ("text", "style", "number"),
    [
        ("第三部分 名词解释", "part", 3),
        ("十一、机关运行经费", "chinese", 11),
        ("（二）机构设置", "bracketed_chinese", 2),
        ("3.公务接待费", "arabic", 3),
        ("3、公务接待费", "arabic", 3),
        ("（4）人员经费", "bracketed_arabic", 4),
        ("②公用经费", "circled", 2),
        ("四、2024年收支情况", "chinese", 4),
    ],
)
def test_a_number_before_words_is_read_in_every_style(text: str, style: str, number: int) -> None:
    found = read_numbering(text)
    assert found is not None and (found.style, found.number) == (style, number)


@pytest.mark.parametrize("text", ["1.40万元", "2024年预算", "一般公共预算", "十分重要", "6个科室"])
def test_amounts_years_and_words_are_no_numbering(text: str) -> None:
    assert read_numbering(text) is None


def test_outline_numbers_nest_by_their_points() -> None:
    found = read_outline("4.1收入预算")
    outer = read_outline("4 2024年度收支总体情况")
    assert found is not None and outer is not None
    assert outer.rank < found.rank


def test_headings_nest_and_start_again_under_a_new_part() -> None:
    found = passages_of(
        "第一部分 部门概况", "一、主要职能", "负责全市档案工作。", "第二部分 预算说明", "一、收入预算", "（一）本年收入", "收入预算10万元。"
    )
    assert sections(found) == [("第一部分 部门概况", "一、主要职能"), ("第二部分 预算说明", "一、收入预算", "（一）本年收入")]


def test_a_heading_may_close_with_a_stop_or_a_colon_or_run_into_its_paragraph() -> None:
    found = passages_of(
        "一、收支情况",
        "（一）总体情况。",
        "按照综合预算的原则编制。",
        "（二）收入预算：2024年收入预算10万元。",
        "（三）公用经费 3.50 万元，主要是办公费。",
    )
    assert sections(found) == [("一、收支情况", "（一）总体情况"), ("一、收支情况", "（二）收入预算"), ("一、收支情况", "（三）公用经费")]
    assert found[1].text.startswith("（二）收入预算：2024年"), "a run-in heading stays in the text, so that quotes are exact"


def test_a_numbered_list_of_duties_is_text_and_not_headings() -> None:
    found = passages_of(
        "（一）职能职责。", "1.贯彻执行国家档案工作的方针政策。", "2.组织实施档案事业发展规划。", "（二）机构设置。", "内设3个科室。"
    )
    assert sections(found) == [("（一）职能职责",), ("（二）机构设置",)]
    assert "2.组织实施" in found[0].text


def test_a_list_that_restarts_under_its_own_style_goes_one_level_in() -> None:
    found = passages_of(
        "一、概况",
        "（一）部门职责",
        "（一）职能职责。负责文化工作，拟订规划。",
        "（二）机构设置。设5个科室，共20人。",
        "（二）单位构成",
        "只有本级，没有其他单位。",
    )
    assert sections(found) == [
        ("一、概况", "（一）部门职责", "（一）职能职责"),
        ("一、概况", "（一）部门职责", "（二）机构设置"),
        ("一、概况", "（二）单位构成"),
    ]


def test_bare_outline_numbers_are_headings_where_the_document_numbers_so() -> None:
    found = passages_of(
        "1单位基本情况",
        "负责环境保护，设5个科室。",
        "2收支总体情况",
        "2.1收入预算",
        "收入预算10万元，比上年增加。",
        "2.2支出预算",
        "支出预算10万元，比上年增加。",
    )
    assert sections(found) == [("1单位基本情况",), ("2收支总体情况", "2.1收入预算"), ("2收支总体情况", "2.2支出预算")]


def test_wrapped_lines_join_and_an_indented_line_begins_a_paragraph() -> None:
    lines = printed(
        ("一、收入预算", 2),
        ("2024年本部门收入预算649.92万元，其中一般公共预", 2),
        ("算拨款614.92万元，上年结转35.00万元，收入预算较去年增", 0),
        ("加320.50万元。", 0),
        ("收入预算增加的原因是机构改革以后单位的在职人员有所", 2),
        ("增加，公用经费也相应增加。", 0),
    )
    found = read_passages(DOCUMENT, lines)
    assert found[0].text.split("\n") == [
        "2024年本部门收入预算649.92万元，其中一般公共预算拨款614.92万元，上年结转35.00万元，收入预算较去年增加320.50万元。",
        "收入预算增加的原因是机构改革以后单位的在职人员有所增加，公用经费也相应增加。",
    ]
    assert [start for start, _, _ in found[0].lines] == sorted(start for start, _, _ in found[0].lines)
    assert len(found[0].boxes) == 5


def test_plain_text_lines_join_by_their_length() -> None:
    texts = [
        "第一部分",
        "部门概况",
        "（一）职能职责。",
        "1.贯彻落实中央、省、市有关发展中小企业的法律法规和",
        "方针政策，配合相关部门拟订发展中小企业的措施办法，并协",
        "助实施。",
        "2.协助开展全市中小企业运行监测工作，掌握全市中小企",
        "业运行态势，提出意见建议。",
    ]
    found = read_passages(DOCUMENT, [(None, Line(text, None, None)) for text in texts])
    assert found[0].section == ("第一部分 部门概况", "（一）职能职责")
    assert found[0].text.split("\n")[0].endswith("措施办法，并协助实施。")


def test_page_numbers_running_heads_and_contents_are_no_prose() -> None:
    body = [
        "本部门负责全市档案工作，编制12人。",
        "收入预算10万元，比上年增加2万元。",
        "支出预算10万元，比上年增加2万元。",
        "机关运行经费3万元，与上年持平。",
    ]
    lines: list[tuple[int | None, Line]] = [
        (1, Line(text, 1, None)) for text in ("目 录", "第一部分 部门概况……………1", "一、收入预算....................3", "名词解释 …… 9")
    ]
    for page, text in enumerate(body, 2):
        lines += [(page, Line(one, page, None, ends_paragraph=True)) for one in ("某市档案局2024年部门预算", text, f"— {page} —")]
    text = "\n".join(passage.text for passage in read_passages(DOCUMENT, lines))
    assert text.split("\n") == body


def test_a_contents_list_without_leaders_ends_where_its_first_entry_is_printed_again() -> None:
    found = passages_of(
        "目录", "第一部分 部门概况", "一、主要职能", "第二部分 预算说明", "第一部分 部门概况", "一、主要职能", "负责档案工作，接受查询。"
    )
    assert sections(found) == [("第一部分 部门概况", "一、主要职能")]


def test_titles_and_units_of_tables_are_no_headings() -> None:
    found = passages_of(
        "一、收入预算", "收入预算10万元，比上年增加。", "预算公开表1", "部门收支总表", "单位：万元", "部门：某市档案局 单位：万元"
    )
    assert found[-1].text == "收入预算10万元，比上年增加。"


@pytest.mark.parametrize(
    ("section", "topic"),
    [
        (("第一部分 部门概况", "（一）职能职责"), "duties"),
        (("六、其他重要事项的情况说明", "（二）“三公”经费财政拨款预算"), "three_public"),
        (("七、名词解释", "（一）机关运行经费"), "definitions"),
        (("三、收支情况", "（一）收入预算"), "income"),
        (("六、其他重要事项的情况说明",), "other_matters"),
        (("一、天气",), None),
    ],
)
def test_a_section_has_the_topic_that_its_headings_name(section: tuple[str, ...], topic: str | None) -> None:
    assert topic_of(section) == topic


@given(st.lists(st.text(alphabet="一二三、（）1.2万元预算支出。，：\n 第部分", min_size=1, max_size=30), max_size=12))
def test_any_lines_give_passages_whose_lines_stand_in_their_text(texts: list[str]) -> None:
    for passage in read_passages(DOCUMENT, [(None, Line(text, None, None)) for text in texts]):
        assert passage.text and all(0 <= start < len(passage.text) for start, _, _ in passage.lines)


def test_the_sections_of_the_shared_disclosure_are_found(shared: Path) -> None:
    from ingest.pieces import split_pages
    from ingest.readers import reader_for

    folder = shared / "disclosures" / "hengyang-sme-2024"
    truth = json.loads((folder / "truth.json").read_text("utf-8"))
    for name in ("published.pdf", "published.txt"):
        data = (folder / name).read_bytes()
        _, prose = split_pages(reader_for(data, name).read(data, name))
        found = {tuple(part.replace(" ", "") for part in passage.section) for passage in read_passages(DOCUMENT, prose)}
        wanted = {tuple(part.replace(" ", "") for part in section["path"]) for section in truth["sections"] if section["text"]}
        assert wanted <= found

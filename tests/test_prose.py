"""Questions answered from prose: the right sentence, quoted exactly, and nothing where the prose does not tell."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from ingest.pipeline import ingest
from retrieval.answer.answer import Answer, CitedDocument
from retrieval.answer.values import Words
from retrieval.ask import Asker
from retrieval.prose.counts import stated_numbers
from retrieval.prose.general_answers import general_answer
from retrieval.prose.passages import Prose, Span, fold
from store.snapshot import open_snapshot

AGENCY = "青岚市水务局"

PASSAGES: tuple[tuple[tuple[str, ...], str], ...] = (
    (("一、主要职责",),
     "（一）负责全市水资源统一管理和节约用水工作。\n（二）负责受理供水投诉，维护用水户合法权益。\n（三）完成上级交办的其他任务。"),
    (("二、机构设置",),
     "青岚市水务局内设机构包括：办公室、水资源科、供水科、防汛科共 4个科室。编制内实有人数 36 人，离退休人员 12 人。"),
    (("三、部门预算单位构成",),
     "纳入2024年部门预算编制范围的单位包括：1.青岚市水务局本级；2.青岚市水文站；3.青岚市供水监测中心。"),
    (("四、收支总体情况", "（一）收入预算"),
     "2024年本部门收入预算 812.40万元。收入预算较上年增加 60.10万元，上升 7.99%。主要是新增防汛经费。"),
    (("四、收支总体情况", "（二）支出预算"),
     "2024年本部门支出预算 812.40万元。支出较去年增加 60.10万元，上升 7.99%。主要是人员增加。"),
    (("五、一般公共预算", "（二）项目支出"),
     "2024年项目支出预算 210.00万元，主要是为完成防汛任务而发生的支出，包括堤防维护费、水质监测费等。"),
    (("六、其他重要事项", "（一）“三公”经费"),
     "2024年“三公”经费预算数为 9.00万元，其中，公务接待费 2.00万元，比上年减少 0.50万元，主要原因是厉行节约；公务用车购置费 0.00万元。"
     "“三公”经费预算较上年减少 0.50万元，下降 5.26%。主要是压减接待。"),
    (("六、其他重要事项", "（二）一般性支出"), "2024年会议费预算 1.20万元；培训费预算与上年持平。"),
    (("六、其他重要事项", "（三）政府采购"),
     "2024年政府采购预算总额 80.00万元，其中，货物类采购预算 30.00万元；服务类采购预算 50.00万元。"),
    (("六、其他重要事项", "（四）国有资产"),
     "截至2023年12月底，本部门共有公务用车 5 辆，其中，执法执勤用车 2 辆，其他用车 3 辆；单位价值 100 万元以上专用设备 1 台。"
     "2024年拟新增配置公务用车 0 辆。"),
    (("七、名词解释",),
     "1.基本支出：指为保障机构正常运转而发生的人员支出和公用支出。\n2.机关运行经费：指为保障行政单位运行用于购买货物和服务的各项资金。"),
)



def page(passages: Sequence[tuple[tuple[str, ...], str]]) -> str:
    """A budget as a page: headings over paragraphs."""
    out = [f"<html><body><h1>{AGENCY}2024年部门预算</h1>"]
    above: tuple[str, ...] = ()
    for section, text in passages:
        new = [level for level in range(len(section)) if above[: level + 1] != section[: level + 1]]
        out += [f"<h{level + 2}>{section[level]}</h{level + 2}>" for level in new]
        out += [f"<p>{line}</p>" for line in text.split("\n")]
        above = section
    return "".join(out) + "</body></html>"


Published = Callable[[Sequence[tuple[tuple[str, ...], str]]], Asker]


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Published:
    """Publishes a page of prose and asks about it."""

    def publish(passages: Sequence[tuple[tuple[str, ...], str]]) -> Asker:
        folder: Path = tmp_path_factory.mktemp("prose")
        (folder / "published.html").write_text(page(passages), "utf-8")
        ingest([folder / "published.html"], folder / "store", jobs=1)
        return Asker.of(open_snapshot(folder / "store"))

    return publish


@pytest.fixture(scope="module")
def water(published: Published) -> Asker:
    return published(PASSAGES)


def said(answer: Answer | Words) -> str:
    return "".join(citation.quote or "" for citation in (answer.cited if isinstance(answer, Words) else answer.citations))


def value(answer: Answer) -> list[tuple[str, str]]:
    return [(f"{value.amount:f}", value.unit) for value in answer.values]


def told(published: Published, *texts: str, heading: str = "一、情况说明") -> Asker:
    """A store whose only disclosure says these things."""
    return published([((heading,), text) for text in texts])


def test_a_project_by_another_name_is_not_the_thing_that_the_prose_tells(tmp_path: Path) -> None:
    text = f"""<html><body><h1>{AGENCY}2024年部门预算</h1><h2>项目支出预算表</h2><p>单位：万元</p>
<table><tr><th>项目名称</th><th>合计</th></tr><tr><td>机构运行经费</td><td>56.00</td></tr><tr><td>堤防维护</td><td>90.00</td></tr>
<tr><td>合计</td><td>146.00</td></tr></table>
<h2>一、机关运行经费情况</h2><p>2024年，本部门机关运行经费安排507.80万元，比上年增加9.40万元。</p></body></html>"""
    (tmp_path / "published.html").write_text(text, "utf-8")
    ingest([tmp_path / "published.html"], tmp_path / "store", jobs=1)
    asker = Asker.of(open_snapshot(tmp_path / "store"))
    assert value(asker.ask("水务局2024年机关运行经费是多少"))[0] == ("507.80", "万元")


COUNTS = {
    "青岚市水务局有几个科室": [("4", "个")],
    "水务局的内设机构有多少个？": [("4", "个")],
    "公务车有几辆？": [("5", "辆")],
    "执法执勤用车有几辆": [("2", "辆")],
    "值100万元以上的设备有几台": [("1", "台")],
    "编制内实有人数是多少": [("36", "人")],
    "有多少在职人员和离退休人员": [("36", "人"), ("12", "人")],
    "今年打算新增几辆公务用车": [("0", "辆")],
}


@pytest.mark.parametrize("question", COUNTS)
def test_a_count_is_the_number_printed_for_the_thing_asked(water: Asker, question: str) -> None:
    assert value(water.ask(question)) == COUNTS[question]


REASONS = {
    "收入预算为什么增加": "新增防汛经费",
    "支出预算为什么增加": "人员增加",
    "三公经费为什么减少": "压减接待",
    "公务接待费为什么减少": "厉行节约",
    "招待费怎么少了": "厉行节约",
}


@pytest.mark.parametrize("question", REASONS)
def test_a_reason_is_the_one_printed_for_the_change_asked(water: Asker, question: str) -> None:
    assert REASONS[question] in said(water.ask(question))


def test_no_reason_is_given_for_something_whose_change_is_not_explained(water: Asker) -> None:
    evidence = water.ask("住房公积金为什么增加")
    assert "主要" not in evidence.text


def test_what_an_agency_does_is_quoted_from_its_duties(water: Asker) -> None:
    assert "水资源统一管理" in said(water.ask("水务局是做什么的"))


def test_a_duty_asked_for_is_the_one_that_is_quoted(water: Asker) -> None:
    assert said(water.ask("他们负责受理投诉吗，职责里有没有")).startswith("（二）")


def test_the_offices_are_listed_in_their_own_words(water: Asker) -> None:
    assert "水资源科" in said(water.ask("办事科室有哪些"))


def test_the_units_under_an_agency_are_listed(water: Asker) -> None:
    assert "青岚市供水监测中心" in said(water.ask("下属单位有哪些"))


def test_a_term_is_explained_in_the_documents_words(water: Asker) -> None:
    evidence = water.ask("基本支出是什么意思")
    assert "正常运转" in said(evidence)
    assert not evidence.general_knowledge


def test_a_term_that_the_document_does_not_explain_is_marked_as_general_knowledge(water: Asker) -> None:
    evidence = water.ask("国有资本经营预算是什么意思")
    assert evidence.general_knowledge


def test_what_something_includes_is_quoted(water: Asker) -> None:
    assert "堤防维护费" in said(water.ask("项目支出主要包括哪些内容"))


AMOUNTS = {"政府采购总额是多少": ("80.00", "万元"), "政府采购中服务类采购是多少": ("50.00", "万元"), "会议费是多少": ("1.20", "万元")}


@pytest.mark.parametrize("question", AMOUNTS)
def test_an_amount_that_stands_only_in_prose_is_found(water: Asker, question: str) -> None:
    assert value(water.ask(question)) == [AMOUNTS[question]]


@pytest.mark.parametrize("question", ["咨询费是多少", "租赁费多少钱", "食堂有几个", "有多少辆救护车"])
def test_what_the_prose_does_not_tell_is_not_answered_with_another_number(water: Asker, question: str) -> None:
    answer = water.ask(question)
    assert answer.route == "decline" and not answer.values


CLAIMS = {
    "公务用车5辆，对吗": "supported",
    "公务用车有6辆，对吗": "refuted",
    "有人说他们买了新公务车，属实吗": "refuted",
    "网传今年不买车，真的吗": "supported",
    "会议费1.20万元": "supported",
}


@pytest.mark.parametrize("question", CLAIMS)
def test_a_claim_about_prose_gets_a_verdict_with_the_words_that_decide_it(water: Asker, question: str) -> None:
    evidence = water.ask(question)
    assert evidence.verdict == CLAIMS[question]
    assert evidence.citations


def test_whether_it_rose_or_fell_is_answered_by_the_printed_change(water: Asker) -> None:
    assert "减少 0.50万元" in said(water.ask("今年三公经费比去年多还是少"))


def test_every_quote_stands_in_the_passage_that_it_cites(water: Asker) -> None:
    texts = "".join(text for _, text in PASSAGES)
    for question in (*COUNTS, *REASONS):
        evidence = water.ask(question)
        for citation in evidence.citations:
            assert (citation.quote or "?") in texts


@given(st.text(alphabet="预算 “”\n\u3000(2024)，。；万元Ａ１,", max_size=60))
def test_folding_keeps_the_way_back_to_every_printed_character(text: str) -> None:
    plain, places = fold(text)
    assert len(plain) == len(places)
    assert list(places) == sorted(set(places))


@given(st.text(alphabet="收入 支出“三公”\n。；5辆", min_size=1, max_size=60), st.integers(0, 60), st.integers(0, 60))
def test_a_quote_is_always_cut_from_the_printed_text(text: str, one: int, other: int) -> None:
    prose = spoken(text)
    start, end = sorted((min(one, len(prose.plain)), min(other, len(prose.plain))))
    assert "".join(Span(prose, start, end).quote.split()) in "".join(text.split())


def spoken(text: str) -> Prose:
    return Prose("p", CitedDocument("d", None, None, None, ""), (), None, None, None, (), text, 0)


def test_a_number_belongs_to_the_words_beside_it() -> None:
    found = [number.before for number in stated_numbers(spoken("公务接待2批次、26人次，其中：接待外宾0批次。"))]
    assert found == ["公务接待", "公务接待", "接待外宾"]


def test_a_vehicle_to_be_bought_is_not_a_vehicle_that_is_there(published: Published) -> None:
    store = told(published, "2024年计划购置车辆3辆。")
    assert not store.ask("公务用车有几辆").values
    assert value(store.ask("要买几辆车")) == [("3", "辆")]


@pytest.mark.parametrize(("claim", "verdict"), [
    ("手里有17辆车，对吗", "supported"),
    ("有19辆车，对吗", "refuted"),
    ("17辆车，9辆是执法执勤用车，对吗", "supported"),
    ("有执法执勤用车2辆，对吗", "refuted"),
    ("安排购置车辆4辆，其中执法执勤用车2辆，对吗", "supported"),
    ("安排购置车辆4辆，其中执法执勤用车9辆，对吗", "refuted"),
    ("共有车辆17辆，今年安排购置车辆4辆，其中执法执勤用车2辆，对吗", "supported"),
    ("安排购置车辆4辆、单价100万元以上设备5台，对吗", "refuted"),
    ("单价100万元以上设备有5台，对吗", "supported"),
])
def test_a_claim_of_what_is_to_be_bought_is_judged_by_the_list_of_it(published: Published, claim: str, verdict: str) -> None:
    store = told(
        published, "截至上年底，本部门共有车辆17辆，其中，执法执勤用车9辆、其他用车8辆；单价100万元以上设备5台。",
        "2024年部门预算安排购置车辆4辆，其中：执法执勤用车2辆、其他用车2辆；单价100万元以上设备0台。",
    )  # fmt: skip
    assert store.ask(claim).verdict == verdict


def test_devices_still_to_be_bought_are_not_those_that_are_there(published: Published) -> None:
    store = told(published, "截至上年底，单价100万元以上设备14台。2024年计划购置车辆1辆，单价100万元以上设备6台。")
    assert value(store.ask("手里有几台一百万以上的大设备")) == [("14", "台")]
    assert value(store.ask("还想再添多少台一百万以上的大设备")) == [("6", "台")]


def test_reasons_that_are_counted_are_quoted_to_the_last(published: Published) -> None:
    store = told(published, "支出预算较上年增加175.00万元，主要原因：一是调入人员；二是新建数智平台。")
    assert "数智平台" in said(store.ask("支出为什么增加"))


def test_the_reason_of_a_change_is_found_by_its_amount(published: Published) -> None:
    store = told(published, "机关运行经费增加3.00万元，主要原因是搬迁；项目支出较上年增加690.11万元，主要原因是煤改洁。")
    assert "煤改洁" in said(store.ask("今年比上一年多了快七百万，这钱多在啥地方"))


def test_a_term_is_explained_by_its_own_entry_below_its_class(published: Published) -> None:
    text = (
        "一、住房保障支出（类）住房改革支出（款）提租补贴（项）：反映向职工发放的租金补贴。\n"
        "二、专项收入：指有专项用途的收入。"
    )
    store = told(published, text, heading="第四部分 名词解释")
    assert "租金补贴" in said(store.ask("提租补贴是什么意思"))
    assert "专项用途" in said(store.ask("名词解释里，专项收入怎么讲的"))


def test_a_part_is_not_taken_for_the_whole(published: Published) -> None:
    store = told(published, "公务接待2批次、26人次，其中：接待外宾0批次、0人次。")
    assert value(store.ask("接待了几批次多少人次")) == [("2", "批次"), ("26", "人次")]


def test_of_several_numbers_that_fit_alike_none_is_chosen(published: Published) -> None:
    evidence = told(published, "其中甲类院士2人、乙类院士4人、丙类院士5人。").ask("有多少院士")
    assert evidence.values == ()
    assert "乙类院士4人" in said(evidence)


def test_an_amount_behind_a_word_that_names_no_item_belongs_to_the_name_before_it(published: Published) -> None:
    store = told(published, "（一）热线工作经费，年初预算1,679.00元，绩效目标：接得更快。")
    assert value(store.ask("热线工作经费多少钱")) == [("1679.00", "元")]


def test_a_change_is_about_the_words_next_to_its_verb(published: Published) -> None:
    store = told(
        published,
        "其中：一般公共预算拨款收入500.00万元，本部门预算收入较上年增加10.00万元，主要原因是项目增加；"
        "项目支出减少3.00万元，主要原因是完工。"
    )
    assert "项目增加" in said(store.ask("预算收入为什么增加"))
    assert "完工" in said(store.ask("项目支出为什么减少"))


def test_a_reason_may_stand_in_the_next_sentence_or_before_its_change(published: Published) -> None:
    after = told(published, "机关运行经费比上年增加9.00万元。此项变动较大的原因是口径调整。")
    assert "口径调整" in said(after.ask("机关运行经费为什么增加"))
    before = told(published, "两家单位合并，所以造成了经费收支增加。", heading="六、经费收支增加的原因")
    assert "合并" in said(before.ask("收支为什么增加"))


def test_offices_are_counted_from_their_list_where_no_number_is_printed(published: Published) -> None:
    store = told(published, "内设机构包括：办公室、人事科和财务科。", heading="二、机构设置")
    assert value(store.ask("有几个科室")) == [("3", "个")]


def test_offices_in_a_numbered_list_are_counted(published: Published) -> None:
    store = told(published, "内设机构包括：（一）办公室（二）人事科（三）财务科（核算科）。", heading="二、机构设置")
    assert value(store.ask("有几个科室（含办公室）")) == [("3", "个")]


def test_units_below_an_agency_are_counted_without_the_agency(published: Published) -> None:
    below = "本部门下属单位包括：水文站，供水监测中心（副处级）。"
    every = "纳入2024年部门汇总预算编制范围的预算单位共计3家，具体包括：水务局（本级），水文站，供水监测中心。"
    store = told(published, f"{below}\n{every}", heading="二、单位构成")
    assert value(store.ask("所属的单位有几家")) == [("2", "家")]
    assert value(store.ask("有多少下属单位")) == [("2", "家")]
    assert value(store.ask("部门汇总预算里有几家预算单位")) == [("3", "家")]
    named = told(published, "本部门包括9个机关科室及4个下属单位。", heading="二、单位构成")
    assert value(named.ask("下属单位有多少")) == [("4", "个")]
    other = told(published, "2024年水务局本级1家行政单位的机关运行经费3.00万元。", heading="二、单位构成")
    assert not other.ask("下面有几家单位").values


def test_the_very_noun_that_is_counted_goes_before_the_units(published: Published) -> None:
    store = told(published, "预算单位共有2个，详见下表。下辖乡镇水文站8个，分别设在各乡镇。", heading="三、单位构成")
    assert value(store.ask("下面管着几个乡镇水文站")) == [("8", "个")]


def test_a_list_goes_on_over_the_lines_below_it(published: Published) -> None:
    store = told(published, "所属单位具体包括：\n1.水文站。\n2.供水监测中心。", heading="三、单位构成")
    assert "供水监测中心" in said(store.ask("下属单位有哪些"))


def test_why_something_is_not_there_is_answered_by_the_sentence_that_denies_it(published: Published) -> None:
    store = told(published, "按管理模式，年初不编制因公出国（境）费用预算。", heading="1.因公出国（境）费用")
    assert "不编制" in said(store.ask("怎么没有出国经费预算"))


def test_a_claim_that_something_does_not_exist_is_judged_by_its_denial(published: Published) -> None:
    store = told(published, "本部门只有本级，没有其他二级预算单位。", heading="三、单位构成")
    evidence = store.ask("没有下属单位，对吗")
    assert evidence.verdict == "supported"


def test_why_something_is_not_public_is_told_only_of_what_the_sentence_is_about(published: Published) -> None:
    store = told(published, "公共安全支出的项级科目涉及国家秘密，不予公开。", heading="五、支出说明")
    assert "国家秘密" in said(store.ask("公共安全支出为什么不一项一项讲"))
    assert "国家秘密" not in said(store.ask("三公经费为什么不公开"))


def test_posts_that_nobody_holds_are_reckoned(published: Published) -> None:
    store = told(published, "本部门编制人数130人，实有人数113人。", heading="四、人员情况")
    assert value(store.ask("还空着多少编制"))[0] == ("17", "人")


def test_a_question_without_an_agency_is_explained_beside_a_printed_example(water: Asker) -> None:
    evidence = general_answer("基本支出是什么意思", water.snapshot)
    assert evidence is not None
    assert evidence.general_knowledge
    assert "正常运转" in said(evidence)
    assert general_answer("三公经费是多少", water.snapshot) is None


def test_a_goal_is_given_only_where_a_goal_is_asked(published: Published) -> None:
    store = told(published, "产出指标 聘用人员数量 ≥130人\n效益指标 投诉次数 ≤20次", heading="服务站工作经费")
    assert value(store.ask("服务站工作经费要求聘用多少人")) == [("130", "人")]
    assert not store.ask("聘用了多少人").values


def test_a_code_is_explained_with_the_codes_above_it(water: Asker) -> None:
    evidence = general_answer("2050203是什么", water.snapshot)
    assert evidence is not None
    assert "初中教育" in evidence.text
    assert "205教育支出" in evidence.text
    assert evidence.general_knowledge


def test_how_two_terms_differ_is_told_even_where_one_name_holds_both(water: Asker) -> None:
    evidence = general_answer("结转和结余一样吗", water.snapshot)
    assert evidence is not None
    assert evidence.text.startswith("结转和结余的区别")


def test_a_list_of_units_is_not_counted_for_offices(published: Published) -> None:
    store = told(published, "部门预算包括：水务局本级、水文站。", heading="二、机构设置和单位构成")
    assert not store.ask("有几个科室").values


def test_the_range_of_a_budget_is_not_a_number_of_posts(published: Published) -> None:
    store = told(published, "纳入2024年部门预算编制范围的二级预算单位共有2个。", heading="三、单位构成")
    assert value(store.ask("有几个下属单位")) == [("2", "个")]


def test_a_number_of_things_is_of_the_date_that_is_said(published: Published) -> None:
    store = told(published, "2023年年初本部门共有公务用车9辆，年中3辆报废，截至2023年10月共有公务用车6辆。")
    assert value(store.ask("到2023年10月有几辆公务用车")) == [("6", "辆")]
    assert value(store.ask("2023年年初有几辆公务用车")) == [("9", "辆")]
    assert not store.ask("截至2024年10月花了多少钱").values


def test_an_amount_is_named_by_the_one_thing_that_it_is_spent_on(published: Published) -> None:
    store = told(published, "水利支出（款）其他水利支出（项）200.00万元，主要用于幸福河湖示范建设项目。")
    assert value(store.ask(f"{AGENCY}2024年幸福河湖示范建设安排了多少钱")) == [("200.00", "万元")]
    assert not store.ask(f"{AGENCY}2024年幸福河湖示范建设里市级出多少钱").values
    several = told(published, "水利支出（款）其他水利支出（项）200.00万元，主要用于幸福河湖示范建设和堤防加固。")
    assert not several.ask(f"{AGENCY}2024年幸福河湖示范建设安排了多少钱").values


def test_of_amounts_side_by_side_the_one_beside_the_words_is_meant(published: Published) -> None:
    store = told(published, "2024年需安排水库巡查3144万元，河道巡查9721万元。")
    assert value(store.ask("水库巡查要安排多少钱")) == [("3144", "万元")]
    assert value(store.ask("河道巡查要安排多少钱")) == [("9721", "万元")]


def test_what_an_amount_is_for_may_stand_in_the_sentence_behind_it(published: Published) -> None:
    store = told(published, "2130314-用于防汛的专项支出75.00万元。主要用于购买冲锋舟和救生衣。")
    assert "冲锋舟" in said(store.ask("防汛那75万拿去干什么了"))


def test_what_is_called_a_project_is_the_project_that_bears_its_name(tmp_path: Path) -> None:
    text = f"""<html><body><h1>{AGENCY}2024年部门预算</h1><h2>项目支出预算表</h2><p>单位：万元</p>
<table><tr><th>项目名称</th><th>合计</th></tr><tr><td>临时人员差旅费专项</td><td>56.00</td></tr><tr><td>堤防维护及河道综合治理（转移支付）</td><td>90.00</td></tr>
<tr><td>堤防维护及河道综合治理（西部山区专项资金）</td><td>30.00</td></tr><tr><td>合计</td><td>176.00</td></tr></table>
<h2>基本支出预算表</h2><p>单位：万元</p>
<table><tr><th>科目名称</th><th>合计</th></tr><tr><td>差旅费</td><td>12.00</td></tr><tr><td>委托业务费</td><td>8.00</td></tr>
<tr><td>租赁费</td><td>5.00</td></tr><tr><td>合计</td><td>25.00</td></tr></table></body></html>"""
    (tmp_path / "published.html").write_text(text, "utf-8")
    ingest([tmp_path / "published.html"], tmp_path / "store", jobs=1)
    asker = Asker.of(open_snapshot(tmp_path / "store"))
    assert value(asker.ask(f"{AGENCY}出差旅费的那个专项多少钱")) == [("56.00", "万元")]
    assert value(asker.ask(f"{AGENCY}差旅费多少钱")) == [("12.00", "万元")]
    assert value(asker.ask(f"{AGENCY}西部山区那笔堤防维护及河道综合治理多少钱")) == [("30.00", "万元")]
    assert value(asker.ask(f"{AGENCY}委托第三方办事的费用多少")) == [("8.00", "万元")]
    assert value(asker.ask(f"{AGENCY}租用场地多少钱")) == [("5.00", "万元")]

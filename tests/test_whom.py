"""Whom a question is about: names as people write them, and bodies that are not here."""

from __future__ import annotations

import pytest

from retrieval.ask import Asker
from retrieval.figures.agencies import Directory, Disclosure
from retrieval.names.whom import Whom

AGENCIES = ("云山市文化和旅游局", "云山市财政局", "临江区教育局", "临江新区教育局", "国家信访事务中心", "云山市医疗保障局",
            "云山市东滩街道办事处")


def whom_of(*names: str) -> Whom:
    published = (Disclosure(name, name, name, year, "budget", "department", None, None) for name in names for year in (2023, 2024))
    return Whom.of(Directory.of(published), ())


def named(whom: Whom, said: str) -> list[set[str]]:
    """The agencies of each stretch that names one; a place alone names none."""
    return [{one for body in found.bodies for one in body.agency_ids} for found in whom.find(said) if not found.is_place]


@pytest.fixture(scope="module")
def whom() -> Whom:
    return whom_of(*AGENCIES)


@pytest.mark.parametrize(
    ("said", "agency"),
    [
        ("云山市文化和旅游局2024年预算多少", "云山市文化和旅游局"),
        ("云山文旅局的三公经费", "云山市文化和旅游局"),
        ("云山医保局 差旅费", "云山市医疗保障局"),
        ("听说云山市财政局2024年预算是一亿", "云山市财政局"),
        ("临江新区教育局", "临江新区教育局"),
        ("临江区教育局2024年", "临江区教育局"),
    ],
)
def test_an_agency_is_found_by_its_full_and_by_a_shortened_name(whom: Whom, said: str, agency: str) -> None:
    assert named(whom, said) == [{agency}]


def test_a_short_name_that_fits_two_agencies_decides_nothing(whom: Whom) -> None:
    assert named(whom, "临江教育局2024年的差旅费") == [{"临江区教育局", "临江新区教育局"}]


@pytest.mark.parametrize("said", ["武汉市财政局2024年预算", "云山市教育局的三公经费", "样山市文化和旅游局预算"])
def test_an_agency_that_is_not_there_is_not_taken_for_another(whom: Whom, said: str) -> None:
    assert named(whom, said) == []


@pytest.mark.parametrize("body", [
    "文化和旅游局", "文化广电和旅游局", "自然资源和规划局", "发展和改革委员会", "教育局", "财政局", "医疗保障局", "医保局", "文旅局",
    "信访局", "教育工会", "医疗保障服务中心", "文化旅游协会"])
@pytest.mark.parametrize("place", ["长沙市", "武汉", "青岛", "新疆", "延边州", "杭州市余杭区", "安阳县", "云南省"])
def test_no_other_places_agency_is_answered_by_one_of_ours(whom: Whom, place: str, body: str) -> None:
    said = f"{place}{body}2024年三公经费是多少"
    assert named(whom, said) == []
    assert whom.unknown(said, whom.find(said)), "it is seen to be an agency that is not here"


@pytest.mark.parametrize(
    "said", [
    "云山市东滩街道社区卫生服务中心", "东滩街道党群服务中心", "云山市财政学会",
    "云山市发展和改革委员会", "云山市医疗保障服务中心", "临江区教育工会", "云山市财政和审计局"])
def test_another_body_of_the_same_place_is_not_answered_by_ours(whom: Whom, said: str) -> None:
    assert named(whom, f"{said}2024年三公经费") == []


def test_the_body_above_is_not_the_body_below() -> None:
    names = ("清溪市交通局公路养护中心", "白石市公安局巡逻警察支队", "清溪市人大常委会办公室")
    here = whom_of(*names)
    for said in ("清溪市交通局2024年预算多少", "白石市公安局2024年三公经费"):
        assert named(here, said) == [] and here.unknown(said, here.find(said))
    for said, name in (("清溪市公路养护中心预算", 0), ("白石市公安局巡逻警察支队预算", 1), ("清溪市人大常委会2024年预算", 2)):
        assert named(here, said) == [{names[name]}]


@pytest.mark.parametrize("said", ["公安局的招待费多少", "医院三公经费", "武汉2024年三公经费"])
def test_a_body_or_a_place_that_is_not_here_is_said_to_be_missing(rules: Asker, said: str) -> None:
    answer = rules.ask(said)
    assert answer.route == "decline" and not answer.values
    assert "这里没有" in answer.text and said[:2] in answer.text and "示例市教育局" in answer.text
    then = rules.ask(f"那{said[:3]}呢", ("示例市教育局2024年招待费",))
    assert not then.values


@pytest.mark.parametrize("said", ["示例市哪个局三公经费花得最多", "示例市谁的三公经费最少", "示例市哪家单位差旅费最高"])
def test_which_of_a_places_agencies_is_asked_of_all_that_are_there(rules: Asker, said: str) -> None:
    answer = rules.ask(said)
    assert answer.plan.operation == "rank"
    assert {citation.document.agency for citation in answer.citations} == {"示例市教育局", "示例市水务局", "示例市图书馆"}
    amounts = [value.amount for value in answer.values]
    assert amounts == sorted(amounts, reverse="最少" not in said)


@pytest.mark.parametrize(
    "said", ["我们局三公经费", "本单位三公经费", "小学教育支出多少", "示例市的三公经费", "政府性基金预算", "图书馆三公经费"])
def test_what_is_no_name_of_another_body_is_not_taken_for_one(rules: Asker, said: str) -> None:
    answer = rules.ask(said)
    assert "这里没有" not in answer.text
    assert answer.values or answer.route == "clarify"


@pytest.fixture(scope="module")
def cities() -> Whom:
    names = ("江苏省人民检察院", "江苏省高级人民法院", "中共西安市委宣传部", "西安市人民政府办公厅", "深圳市人民政府办公厅",
             "深圳市人民政府口岸办公室", "长春市信访局", "深圳市信访局", "国家信访局", "上海市统计和大数据研究院",
             "上海市应急管理局执法总队", "上海市文化和旅游局执法总队", "北京市审计局", "北京市财政局",
             "中国共产党广州市委员会宣传部", "泉州市人民政府办公室", "泉州市公安局", "广州市气象局")
    published = (Disclosure(name, name, name, 2024, "budget", "department", None, None) for name in names)
    units = (("泉州市机关事务服务中心", "泉州市人民政府办公室"), ("泉州市公安局晋江国际机场分局", "泉州市公安局"),
             ("广州市气象台", "广州市气象局"), ("无锡机电高等职业技术学校", "泉州市公安局"))
    return Whom.of(Directory.of(published), units)


@pytest.mark.parametrize(
    ("said", "agencies"),
    [
        ("江苏省检2018年会议费", [{"江苏省人民检察院"}]),
        ("北经财政局会议费", [{"北京市财政局"}]),
        ("文化产业专项占西安宣传部总支出几成", [{"中共西安市委宣传部"}]),
        ("广州宣传部三公经费", [{"中国共产党广州市委员会宣传部"}]),
        ("西安 深圳 市府办 会议费", [{"西安市人民政府办公厅"}, {"深圳市人民政府办公厅"}]),
        ("两家信访局，长春的和深圳的，会议费", [{"长春市信访局"}, {"长春市信访局"}, {"深圳市信访局"}]),
        ("长春信访局在北京还养着一个点", [{"长春市信访局"}]),
        ("泉州机关事务中心比府办本级多多少", [{"泉州市人民政府办公室"}, {"泉州市人民政府办公室"}]),
        ("泉州公安 jichang fenju 多少", [{"泉州市公安局"}, {"泉州市公安局"}]),
        ("北京财政局比审计局多多少", [{"北京市财政局"}, {"北京市审计局"}]),
        ("我姐夫在长春信访局上班", [{"长春市信访局"}]),
        ("深圳市政府办公厅 差旅费", [{"深圳市人民政府办公厅"}]),
        ("同在北京，财政局的会议费比审计局多多少", [{"北京市财政局"}, {"北京市财政局"}, {"北京市审计局"}]),
        ("北京市财政局的会议费跟审计局的差多少", [{"北京市财政局"}, {"北京市审计局"}]),
        ("同一个城市的审计局", [{"北京市审计局"}]),
        ("泉州市公安局，跟我们公安局", [{"泉州市公安局"}, {"泉州市公安局"}]),
        ("泉州市公安局和杭州公安局比", [{"泉州市公安局"}]),
        ("机关事务服务中心（泉州）会议费", [{"泉州市人民政府办公室"}]),
        ("上海办公室三公经费", []),
    ],
)
def test_short_forms_over_place_and_function(cities: Whom, said: str, agencies: list[set[str]]) -> None:
    assert named(cities, said) == agencies


@pytest.mark.parametrize("said", [
    "上海统计局会议费", "广州气象站会议费", "江苏省检查费用", "江苏省南通市检察院三公经费", "无锡几所学校", "北京县审计局会议费"])
def test_what_shares_some_characters_with_a_name_is_not_it(cities: Whom, said: str) -> None:
    assert named(cities, said) == []


def test_a_unit_is_not_the_agency_above_it(cities: Whom) -> None:
    (found,) = cities.find("广州气象台三公经费")
    assert [body.unit for body in found.bodies] == ["广州市气象台"]


def test_as_many_as_are_said_are_each_meant(cities: Whom) -> None:
    both, first, second = cities.find("上海有两个执法总队，一个管应急一个管文旅，哪家三公多")
    assert both.is_each and both.bodies == (*first.bodies, *second.bodies)
    assert not any(one.is_each for one in cities.find("上海有三个执法总队，哪家三公多"))


@pytest.mark.parametrize(
    ("said", "written"),
    [
        ("beijing审计局会议费", "北京审计局会议费"),
        ("chengdu公安局会议费", "成都公安局会议费"),
        ("沪审计局会议费", "上海审计局会议费"),
        ("长春市新访局会议费", "长春市信访局会议费"),
        ("江苏高院和南京审计局", "江苏高院和南京审计局"),
        ("excel表里的会议费", "excel表里的会议费"),
    ],
)
def test_places_and_departments_are_written_out(cities: Whom, said: str, written: str) -> None:
    assert cities.written_out(said) == written


def test_a_name_without_its_place_is_where_the_talk_is(cities: Whom) -> None:
    (alone,) = cities.find("那财政局呢")
    assert not alone.is_placed
    (found,) = cities.find("那财政局呢", ("北京市审计局",))
    assert found.is_placed and found.bodies[0].name == "北京市财政局"


def test_a_description_beside_a_name_belongs_to_it(cities: Whom) -> None:
    said = "广州管天气的气象局会议费"
    assert [said[one.start : one.end] for one in cities.find(said) if one.bodies[0].name == "广州市气象局"][-1] == "管天气的气象局"


@pytest.mark.parametrize(("said", "unit"), [("交管支队", 0), ("警校", 1), ("社保中心", 2), ("会展中心", None), ("交通中心", None)])
def test_a_short_name_of_a_unit_is_the_one_that_bears_it_to_its_end(said: str, unit: int | None) -> None:
    units = ("云山市公安局交通管理支队", "云山市人民警察学校", "云山市社会保险管理中心", "云山市国际电子商务发展中心",
             "云山市公安局巡特警支队")
    published = Disclosure("云山市公安局", "云山市公安局", "云山市公安局", 2024, "budget", "department", None, None)
    here = Whom.of(Directory.of([published]), [(name, "云山市公安局") for name in units])
    found = [body.unit for one in here.find(f"云山市公安局{said}三公经费") for body in one.bodies if body.unit is not None]
    assert found == ([] if unit is None else [units[unit]])


@pytest.fixture(scope="module")
def units() -> Whom:
    published = [
        Disclosure(name, name, name, 2024, "budget", "department", None, None) for name in ("云山市文化广电旅游体育局", "云山市交通运输局")
    ]
    below = ("云山市机动车维修与驾驶员培训行业管理处", "云山市道路养护中心东城养护所", "云山市道路养护中心南城养护所", "云山市公路监测站")
    return Whom.of(Directory.of(published), [(name, "云山市交通运输局") for name in below])


def units_of(whom: Whom, said: str) -> set[str]:
    return {body.unit for found in whom.find(said) for body in found.bodies if body.unit is not None}


@pytest.mark.parametrize("said", ["云山文体旅局今年多少钱", "云山体育旅游局的三公"])
def test_a_short_name_may_bear_its_characters_in_another_order(units: Whom, said: str) -> None:
    assert named(units, said) == [{"云山市文化广电旅游体育局"}]


@pytest.mark.parametrize("said", ["云山县文体旅局今年多少钱", "云山市文体卫局今年多少钱"])
def test_a_short_name_with_another_character_is_a_stranger(units: Whom, said: str) -> None:
    assert not named(units, said) and units.unknown(said, units.find(said))


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("云山交通局管驾校和修车铺的那个处多少钱", {"云山市机动车维修与驾驶员培训行业管理处"}),
        ("云山交通局东城南城两个养护所一共多少", {"云山市道路养护中心东城养护所", "云山市道路养护中心南城养护所"}),
        ("云山交通局两家养护锁（东城和南城）一共多少", {"云山市道路养护中心东城养护所", "云山市道路养护中心南城养护所"}),
        ("云山交通局三个养护所一共多少", set[str]()),
        ("云山交通局管食堂的那个处多少钱", set[str]()),
    ],
)
def test_units_by_what_they_are_for_and_as_many_as_are_said(units: Whom, said: str, unit: set[str]) -> None:
    assert units_of(units, said) == unit


def test_the_other_name_of_a_unit_in_brackets_is_its_name() -> None:
    agency = "云山市城市管理局"
    published = [Disclosure(agency, agency, agency, 2024, "budget", "department", None, None)]
    whom = Whom.of(Directory.of(published), [("云山市应急保障中心（云山市燃气事务中心）", agency)])
    found = whom.find("云山燃气事务中心今年预算多少")
    assert [body.unit for one in found for body in one.bodies] == ["云山市应急保障中心"]


@pytest.fixture(scope="module")
def house() -> Whom:
    names = ("云山科技大学附属学校", "云山市生态环境局", "云山市医疗保障局", "云山市住房和城乡建设委员会人才开发评价中心", "云山市司法局")
    published = [Disclosure(name, name, name, 2024, "budget", "department", None, None) for name in names]
    offices = [(f"云山市生态环境局{place}分局", "云山市生态环境局") for place in ("临江", "白石", "清溪")]
    return Whom.of(Directory.of(published), [*offices, *((f"云山市{side}郊监狱", "云山市司法局") for side in "东西南北")])


@pytest.mark.parametrize(
    ("said", "agency"),
    [
        ("云科大附校电费多少", "云山科技大学附属学校"),
        ("yunshan yibaoju 三公经费多少", "云山市医疗保障局"),
        ("云山环保局三公经费多少", "云山市生态环境局"),
    ],
)
def test_a_name_by_its_initials_in_letters_or_by_another_word(house: Whom, said: str, agency: str) -> None:
    assert named(house, house.written_out(said)) == [{agency}]


@pytest.mark.parametrize(
    ("said", "unit"),
    [
        ("云山环保局临江分局今年预算多少", {"云山市生态环境局临江分局"}),
        ("白石环保分局今年预算多少，云山的", {"云山市生态环境局白石分局"}),
        ("云山临江、清溪两个分局预算一共多少", {"云山市生态环境局临江分局", "云山市生态环境局清溪分局"}),
        ("云山东南西北四个郊的监狱一共多少", {f"云山市{side}郊监狱" for side in "东西南北"}),
        ("云山两个分局预算一共多少", set[str]()),
    ],
)
def test_units_are_told_apart_by_what_is_said_before_their_kind(house: Whom, said: str, unit: set[str]) -> None:
    assert units_of(house, house.written_out(said)) == unit


def test_the_beginning_of_a_name_said_again_is_no_stranger(house: Whom) -> None:
    said = "人才开发评价中心，云山住建委的，物业费多少"
    assert not house.unknown(said, house.find(said))
    both = "云山住建委和人才开发评价中心物业费一共多少"
    assert house.unknown(both, house.find(both)), "beside a name it may be the body above"


@pytest.mark.parametrize("question", ["示例市教育局本身不算，哪个单位预算最多", "示例市教育局不算，三公经费一共多少"])
def test_no_figure_with_an_agency_that_is_not_counted(rules: Asker, question: str) -> None:
    answer = rules.ask(question)
    assert answer.route != "tables" and not answer.values


def test_a_text_that_ends_within_a_printed_name_names_it_no_more(rules: Asker) -> None:
    labels = rules.reader.names.labels(next(iter(rules.desk.directory.agencies)))[0]
    name = max(labels.by_text, key=len)
    for end in range(2, len(name)):
        assert all(last <= end and name[first:last] in labels.by_text for first, last, _ in labels.exact(name[:end]))

"""The page, driven in a real browser over a store of the bundled samples."""

import re
import shutil

import pytest

from tests.browser import ask, chromium, free_port, ready, serve_command, served


@pytest.fixture(scope="module")
def address(sample_store):
    port = free_port()
    with served(serve_command(sample_store, port), port) as address:
        yield address


@pytest.fixture(scope="module")
def context():
    with chromium() as context:
        yield context


@pytest.fixture
def page(context, address):
    page = context.new_page()
    hosts: list[str] = []
    page.on("request", lambda request: hosts.append(request.url.split("/")[2].split(":")[0]) if "://" in request.url else None)
    page.goto(address)
    ready(page)
    yield page
    assert set(hosts) <= {"127.0.0.1"}, "the page asked another host for something"
    page.close()


def test_an_empty_chat_suggests_questions_and_a_click_asks_one(page):
    page.get_by_text("可以这样问").wait_for()
    suggestion = page.get_by_role("button", name=re.compile("三公经费"))
    suggestion.first.click()
    page.locator(".mz-answer").first.wait_for()
    assert "万元" in page.locator(".mz-answer").first.inner_text()


def test_an_answer_opens_to_the_page_picture_of_its_cell(page):
    answer = ask(page, "示例市教育局2025年三公经费多少")
    assert re.search(r"15\.14\s*万元", answer.inner_text())
    page.get_by_text(re.compile("来源 1")).first.click()
    picture = page.locator("[data-testid=stImage] img").first
    picture.wait_for()
    assert picture.evaluate("image => image.naturalWidth") > 400
    page.get_by_text("实线框").wait_for()


def test_a_source_without_pages_shows_its_table_with_the_cell_marked(page):
    ask(page, "示例市水务局2024年预算三公经费合计多少")
    page.get_by_text(re.compile("来源 1")).first.click()
    cited = page.locator(".mz-table .cited")
    cited.first.wait_for()
    assert re.fullmatch(r"[\d,.]+", cited.first.inner_text())


def test_a_computed_figure_shows_its_parts_as_a_sum(page):
    ask(page, "示例市教育局2025年办公费和差旅费加起来多少")
    parts = page.locator(".mz-sum tr")
    parts.first.wait_for()
    amounts = [float(re.search(r"[\d,.]+", row.locator("td").last.inner_text()).group().replace(",", "")) for row in parts.all()]
    assert amounts[-1] == pytest.approx(sum(amounts[:-1]), abs=1e-9)


def test_many_sources_are_shown_a_few_at_first_and_all_when_asked_for(page):
    ask(page, "近三年示例市教育局预算五险一金")
    more = page.get_by_role("button", name=re.compile(r"显示其余\d+条来源"))
    more.wait_for()
    hidden = int(re.search(r"\d+", more.inner_text()).group())
    sources = page.locator("[data-testid=stExpander]", has_text=re.compile(r"来源 \d+"))
    few = sources.count()
    more.click()
    more.wait_for(state="detached")
    assert sources.count() == few + hidden


def test_a_follow_up_takes_over_what_was_said(page):
    ask(page, "示例市教育局2025年三公经费多少")
    answer = ask(page, "那去年呢")
    assert "2024" in answer.inner_text()


def test_markup_in_a_question_is_shown_as_text(page):
    page.on("dialog", lambda dialog: pytest.fail("a script ran"))
    ask(page, "<img src=x onerror=alert(1)>三公经费<b>多少</b>")
    assert page.locator("[data-testid=stChatMessage] img[src=x]").count() == 0


def test_half_composed_pinyin_is_not_sent_by_enter(page):
    box = page.get_by_test_id("stChatInputTextArea")
    box.focus()
    box.evaluate("""box => {
        box.dispatchEvent(new CompositionEvent('compositionstart', {bubbles: true}));
        box.dispatchEvent(new KeyboardEvent('keydown', {key: 'Enter', code: 'Enter', keyCode: 229, isComposing: true, bubbles: true}));
    }""")
    page.wait_for_timeout(300)
    assert page.locator("[data-testid=stChatMessage]").count() == 0


def test_the_plan_and_the_query_stand_behind_a_fold(page):
    ask(page, "示例市教育局2025年三公经费多少")
    assert page.get_by_text("SELECT").count() == 0
    page.get_by_text("查询与理解方式").click()
    page.get_by_text("SELECT").first.wait_for()


def test_the_shelf_lists_the_files_and_shows_a_table(page):
    page.get_by_role("link", name="已收录的公开文件").click()
    page.get_by_text(re.compile("个部门")).wait_for()
    page.locator(".mz-table").first.wait_for()
    page.get_by_label("按部门、年份或文件名筛选").fill("没有这样的部门")
    page.keyboard.press("Enter")
    page.get_by_text("没有符合").wait_for()


def test_the_page_speaks_english_when_asked(page):
    page.get_by_text("English").click()
    page.get_by_text("Try asking").wait_for()


def test_a_store_that_is_taken_away_says_what_to_run(context, sample_store, tmp_path):
    store = tmp_path / "store"
    shutil.copytree(sample_store, store)
    port = free_port()
    with served(serve_command(store, port), port) as address:
        (store / "current").unlink()
        page = context.new_page()
        page.goto(address)
        page.get_by_text("mingzhang ingest").first.wait_for()
        assert "Traceback" not in page.content()
        page.close()

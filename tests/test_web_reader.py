"""Saved web pages: the article and its tables, without the site around them."""

from __future__ import annotations

from ingest.readers.web import WebPageReader
from ingest.source import Grid, Line

PAGE = """<!DOCTYPE html><html><head><meta charset="{charset}"><title>某局2024年部门预算_某市政府</title>
<style>.x{{}}</style><script>var a = "<table>";</script></head><body>
<table width="1000"><tr><td><a href="/">首页</a> <a href="/a">政务公开</a> <a href="/b">办事服务</a></td></tr>
<tr><td><div style="display:none">看不见的话123.45万元</div><h1>某局2024年部门预算</h1>
<div id="zoom"><p>　　一、部门职责。贯彻落实国家有关法律法规和方针政策，拟订规划并组织实施，承担行业监管、统计调查和安全生产指导工作。</p>
<table border="1"><tr><td rowspan="2">项目</td><td colspan="2">支出</td></tr><tr><td>基本支出</td><td>项目支出</td></tr>
<tr><td>&nbsp;&nbsp;教育<br>支出</td><td>1,234.50</td><td></td></tr></table>
<p>注：本表反映支出情况。</p></div></td></tr></table>
<footer>版权所有 <a href="/x">联系我们</a></footer></body></html>"""


def _blocks(charset: str = "utf-8") -> tuple[object, ...]:
    data = PAGE.format(charset=charset).encode("gb18030" if charset == "gb2312" else "utf-8")
    assert WebPageReader().recognises(data[:8192], "page.pdf")
    return WebPageReader().read(data, "页.html").pages[0].blocks


def test_menus_scripts_footers_and_hidden_text_are_left_out() -> None:
    text = "\n".join(block.text for block in _blocks() if isinstance(block, Line))
    assert "部门职责" in text and "注：本表" in text
    for furniture in ("首页", "版权所有", "看不见", "var a"):
        assert furniture not in text


def test_the_pages_heading_is_read_even_outside_the_article() -> None:
    first = _blocks()[0]
    assert isinstance(first, Line)
    assert (first.text, first.heading) == ("某局2024年部门预算", 1)


def test_spans_hard_blanks_and_line_breaks_of_a_cell_are_kept() -> None:
    grid = next(block for block in _blocks() if isinstance(block, Grid))
    cells = {(cell.row, cell.column): cell for cell in grid.cells}
    assert (cells[0, 0].row_span, cells[0, 1].column_span) == (2, 2)
    assert cells[2, 0].text == "\xa0\xa0教育\n支出"
    assert cells[2, 1].text == "1,234.50"


def test_a_page_that_says_gb2312_is_read_as_gb18030() -> None:
    assert [str(block) for block in _blocks("gb2312")] == [str(block) for block in _blocks()]


def test_a_table_that_only_lays_out_the_page_is_no_grid() -> None:
    assert sum(isinstance(block, Grid) for block in _blocks()) == 1


def test_rows_that_span_absurdly_are_bounded() -> None:
    rows = "<tr><td colspan='999999999'>合计</td><td>1</td></tr><tr><td>甲</td><td>2</td></tr>"
    data = f"<html><body><table>{rows}</table></body></html>".encode()
    grid = WebPageReader().read(data, "x.html").pages[0].blocks[0]
    assert isinstance(grid, Grid)
    assert grid.columns <= 2_000


def test_a_tables_caption_stands_before_it() -> None:
    rows = "<tr><td>项目</td><td>金额</td></tr><tr><td>合计</td><td>1.00</td></tr>"
    table = f"<table border=1><caption>收入支出决算总表</caption>{rows}</table>"
    page = f"<html><body><h1>某局2024年部门决算</h1><p>单位：万元</p>{table}</body></html>".encode()
    blocks = WebPageReader().read(page, "页.html").pages[0].blocks
    at = next(index for index, block in enumerate(blocks) if isinstance(block, Grid))
    before = blocks[at - 1]
    assert isinstance(before, Line) and before.text == "收入支出决算总表"

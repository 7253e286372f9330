"""What is understood can be said as a question that is read back as the same, so that it can be offered to click."""

from __future__ import annotations

import pytest

from retrieval.question import expression as q
from retrieval.question.as_question import as_question

from .generator import TEMPLATES, canonical, cases, written_world

WORLD = written_world(
    ("云山市教育局",), ("差旅费", "印刷费", "公务接待费", "办公费", "电费", "培训费"), ("校舍维修工程", "教师培训项目", "课后服务补助")
)
NAMES = dict(WORLD.agencies)


def reads_back(node: object) -> bool:
    asked = as_question(node, NAMES)
    return asked is not None and canonical(WORLD.reader.read(asked)[0].expression) == canonical(node)


def test_most_of_what_the_grammar_can_say_is_read_back():
    told = [(one.template, one.expression) for one in cases(WORLD, 6 * len(TEMPLATES), "offer")]
    said = [(name, node) for name, node in told if as_question(node, NAMES) is not None]
    assert len(said) >= 0.6 * len(told)
    lost = [(name, as_question(node, NAMES)) for name, node in said if not reads_back(node)]
    assert len(lost) <= 0.03 * len(said), lost


@pytest.mark.parametrize("node", [q.Count(q.Place(q.Pick(), q.Pick())), q.Quote((("p", 0, 1),))])
def test_what_has_no_plain_wording_is_not_said(node: object):
    assert as_question(node, NAMES) is None

"""No number is shown that nothing proves."""

from __future__ import annotations

from decimal import Decimal

from retrieval.answer.answer import Citation, CitedDocument, Step, Value
from retrieval.answer.number_check import allowed, numbers, without_unproved

DOCUMENT = CitedDocument("d", "示例市教育局", 2024, "budget", "published.pdf")


def test_numbers_are_read_without_commas_and_trailing_zeros() -> None:
    assert numbers("共1,234.50万元，占20.00%") == {Decimal("1234.5"), Decimal("20")}


def test_a_sentence_with_an_unproved_number_is_dropped() -> None:
    proved = allowed([Value(Decimal("3.50"), "万元")], (), [], ["2024"])
    assert without_unproved("2024年办公费为3.50万元。其中99万元用于别处。", proved) == "2024年办公费为3.50万元。"


def test_parts_of_a_computation_and_words_of_a_quote_are_proved() -> None:
    step = Step("sum", Value(Decimal("5"), "万元"), (("甲", Value(Decimal("2"), "万元")), ("乙", Value(Decimal("3"), "万元"))))
    cited = Citation(DOCUMENT, 3, quote="比上年增加 7.20万元")
    proved = allowed([], [step], [cited], [])
    assert {Decimal("2"), Decimal("3"), Decimal("5"), Decimal("7.2"), Decimal("2024"), Decimal("2023")} <= {
        n.normalize() for n in proved
    }


def test_a_printed_cell_proves_its_own_number() -> None:
    cited = Citation(DOCUMENT, 3, table="一般公共预算支出表", row="行政运行", column="本年预算", cell="1,234.50")
    assert without_unproved("行政运行为1,234.50万元。", allowed([], (), [cited], [])) == "行政运行为1,234.50万元。"

"""Whether one figure is a part of another, by what the forms print: what may be taken off it, and must not be added to it."""

from __future__ import annotations

from retrieval.figures.cells import SPENDING_TOTALS, TOTALS, Cell, Reading
from retrieval.words.folding import bare
from store.vocabulary import vocabulary

THREE_PUBLIC = "三公经费"
VEHICLES = "公务用车购置及运行维护费"
CARS = ("公务用车购置费", "公务用车运行维护费")
PARTS_OF: dict[str, tuple[str, ...]] = {
    THREE_PUBLIC: ("因公出国（境）费用", "公务接待费", VEHICLES, *CARS),
    VEHICLES: CARS,
    "基本支出": ("人员经费", "公用经费"),
    "政府采购": ("政府采购货物", "政府采购工程", "政府采购服务"),
}


def is_part_of(part: Reading, whole: Reading) -> bool:
    """Whether the forms say that one figure is a part of the other: by code, by label path, or by what the items are."""
    if part.stated is not None or whole.stated is not None or part.value > whole.value:
        return False
    one, all_ = part.first, whole.first
    if one.portion in ("basic", "project") and all_.portion in ("total", None) and all_.item in SPENDING_TOTALS:
        return True
    if all_.item in TOTALS:
        return one.item not in TOTALS and one.flow in (all_.flow, None)
    if any(len(child) > len(parent) and child.startswith(parent) for child in _codes(one) for parent in _codes(all_)):
        return True
    if one.item in PARTS_OF.get(all_.item, ()):
        return True
    labels = [bare(label) for label in one.row_path[:-1]]
    return one.table_id == all_.table_id and bare(all_.row_label) in labels if all_.row_label else False


def _codes(cell: Cell) -> set[str]:
    """The codes that the cell prints, or that its item bears in the classification."""
    if cell.code is not None:
        return {cell.code}
    return {code.code for code in vocabulary().codes_by_name.get(cell.item, ())}

"""The picture in docs/architecture.md is true: every module has a place in it, and every place a module."""

import re
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ROOMS = ("cli", "ingest", "prompts", "retrieval", "serving", "store", "ui")
TEXT = (ROOT / "docs" / "architecture.md").read_text("utf-8")


def test_every_module_has_a_place_in_the_architecture():
    modules = {path.name for room in ROOMS for path in (ROOT / room).rglob("*.py")} - {"__init__.py"}
    assert {name for name in modules if f"`{name}`" not in TEXT and f"/{name}`" not in TEXT} == set()


def test_every_file_that_the_architecture_names_is_there():
    there = {path.name for room in ROOMS for path in (ROOT / room).rglob("*")} | {"app.py"}
    assert {name for name in re.findall(r"`([a-z_]+\.(?:py|sql))`", TEXT) if name not in there} == set()

"""The default run draws the same each time, and what `make fuzz` finds is tried by every run from then on."""

from __future__ import annotations

import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path

import pytest
from hypothesis import is_hypothesis_test

from tests.properties import drawn_names, findings

TESTS = Path(__file__).resolve().parent
HOOKS = """
from hypothesis import settings
from tests.properties import pytest_collection_modifyitems, pytest_runtest_makereport
settings.load_profile("fixed")
"""
PROPERTY = """
from hypothesis import given
from hypothesis import strategies as st

def half(amount):
    return amount / 2

@given(amount=st.decimals(0, 10**12, places=2), words=st.text(max_size=3))
def test_half(tmp_path_factory, amount, words):
    assert half(amount) * 2 == amount
    print("drawn", amount, ascii(words))
"""


def run(folder: Path, *options: str) -> str:
    """What pytest says of the tests in a folder that has our hooks."""
    command = [sys.executable, "-m", "pytest", "-p", "no:cacheprovider", "-p", "_hypothesis_pytestplugin", "-s", *options, str(folder)]
    settings = {**os.environ, "PYTHONPATH": str(TESTS.parent), "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}      # others' plugins take seconds
    done = subprocess.run(command, cwd=folder, env=settings, capture_output=True, text=True, check=False)
    return done.stdout + done.stderr


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A folder with one property and our hooks."""
    (tmp_path / "conftest.py").write_text(HOOKS, "utf-8")
    return tmp_path


def test_what_is_found_by_chance_fails_in_every_run_until_it_is_mended(folder: Path) -> None:
    test, found = folder / "test_halves.py", folder / "found" / "test_halves.test_half.txt"
    broken = PROPERTY.replace("amount / 2", "amount // 2")
    test.write_text(broken, "utf-8")
    said = run(folder, "--hypothesis-profile=looking")
    assert f"kept in {found}" in said, said
    assert found.read_text("utf-8") == "{'amount': Decimal('0.01'), 'words': ''}\n"

    said = run(folder)             # the default run stops at what was found, before it draws anything
    assert "Failing explicit example" in said and "Decimal('0.01')" in said, said
    assert found.read_text("utf-8").count("\n") == 1

    test.write_text(PROPERTY, "utf-8")
    said = run(folder)
    assert "1 passed" in said and "drawn 0.01 ''" in said, said


def test_a_default_run_keeps_nothing_and_draws_the_same_each_time(folder: Path) -> None:
    test = folder / "test_halves.py"
    test.write_text(PROPERTY, "utf-8")
    drawn = [[line for line in run(folder).splitlines() if "drawn" in line] for _ in range(2)]
    assert len(drawn[0]) >= 100
    assert drawn[0] == drawn[1]
    assert not (folder / "found").exists() and not (folder / ".hypothesis" / "examples").exists()


def test_every_finding_belongs_to_a_property_and_names_its_arguments() -> None:
    kept = sorted((TESTS / "found").glob("*.txt"))
    assert kept
    for path in kept:
        module, _, name = path.stem.partition(".")
        test = getattr(import_module(f"tests.{module}"), name)
        assert is_hypothesis_test(test), path.name
        for arguments in findings(path, test):
            assert set(arguments) == drawn_names(test), path.name

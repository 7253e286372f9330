"""How properties are tried, and what broke one: the arguments, kept as lines of Python and tried first in every run.

`make fuzz` draws other arguments each time. Those that break a property are written to `found/`, one file a test, one line
a finding; from then on they are explicit examples of that test, in the default run too. Hypothesis's own store of
examples cannot do that: runs that draw the same each time do not read it, and it forgets them when the test's code changes.
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from decimal import Decimal
from functools import wraps
from inspect import signature
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, example, is_hypothesis_test, settings
from hypothesis.errors import HypothesisException
from hypothesis.internal.conjecture import providers

from store import values

# The default run is the same each time: no chance, no memory of runs before, no clock.
settings.register_profile("fixed", derandomize=True, database=None, deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.register_profile(
    "looking", settings.get_profile("fixed"), derandomize=False, max_examples=5000, print_blob=True, report_multiple_bugs=False
)
# Hypothesis also draws constants of whatever modules of ours are loaded, unless "tests" is in the path to them: a test run
# alone, or in a clone elsewhere, or after any change of ours would see other arguments. There is no setting for it.
providers.is_local_module_file = lambda path: False

_broken: dict[Any, str] = {}
"""The last arguments that broke a test. Hypothesis ends with the smallest."""


def examples(number: int) -> int:
    """How many examples a test takes that takes `number` in the default run: `make fuzz` multiplies it as it does all others."""
    return number * settings().max_examples // settings.get_profile("default").max_examples


def property_of(item: pytest.Item) -> Any:
    """The function of a collected test if Hypothesis draws its arguments, else None."""
    test = getattr(item, "obj", None)
    return test if test is not None and is_hypothesis_test(test) else None


def file_of(item: pytest.Item) -> Path:
    """Where the findings about a test are kept."""
    return item.path.parent / "found" / f"{item.path.stem}.{getattr(item, 'originalname', item.name)}.txt"


def drawn_names(test: Any) -> set[str]:
    """The names of the arguments that Hypothesis draws; the others are fixtures."""
    return set(signature(test.hypothesis.inner_test).parameters) - set(signature(test).parameters)


def findings(path: Path, test: Any) -> list[dict[str, Any]]:
    """The arguments kept in a file. A line names what the test's module names, and the values of `store/values.py`."""
    lines = path.read_text("utf-8").split("\n") if path.is_file() else []
    return [_value(line, test) for line in lines if line]


def _value(line: str, test: Any) -> dict[str, Any]:
    return eval(line, {**vars(values), **test.hypothesis.inner_test.__globals__, "Decimal": Decimal})


def replay(item: pytest.Item) -> None:
    """Makes what was found about a test its explicit examples."""
    test = property_of(item)
    for arguments in findings(file_of(item), test):
        example(**arguments)(test)


def watch(item: pytest.Item) -> None:
    """Notes the arguments with which a test breaks."""
    test = property_of(item)
    inner: Callable[..., Any] = test.hypothesis.inner_test
    names = drawn_names(test)

    @wraps(inner)
    def watched(*args: Any, **kwargs: Any) -> Any:
        try:
            return inner(*args, **kwargs)
        except HypothesisException:
            raise                  # arguments that the test does not take
        except (Exception, pytest.fail.Exception):
            given = signature(inner).bind(*args, **kwargs).arguments
            _broken[test] = repr({name: value for name, value in given.items() if name in names})
            raise

    test.hypothesis.inner_test = watched


def keep(item: pytest.Item) -> str | None:
    """Writes down what broke a watched test; says where, or why it cannot be written. None if nothing was noted."""
    line = _broken.pop(property_of(item), None)
    if line is None:
        return None
    try:
        faithful = "\n" not in line and repr(_value(line, property_of(item))) == line
    except (SyntaxError, NameError, AttributeError, TypeError, ValueError):
        faithful = False
    if not faithful:
        return f"not kept, since it cannot be written as a line of Python; use @reproduce_failure as printed above: {line}"
    path = file_of(item)
    path.parent.mkdir(exist_ok=True)
    known = path.read_text("utf-8") if path.is_file() else ""
    if line not in known.split("\n"):
        path.write_text(f"{known}{line}\n", "utf-8")
    return f"kept in {path}: every run tries it from now on"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Adds what was found before; with the profile "looking", takes note of what is found."""
    seen: set[Any] = set()
    for item in items:
        test = property_of(item)
        if test is None or test in seen:
            continue
        seen.add(test)
        replay(item)
        if settings.get_current_profile_name() == "looking":
            watch(item)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item: pytest.Item, call: pytest.CallInfo[None]) -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Keeps what broke a watched test."""
    report = yield
    if call.when == "call" and (told := keep(item)):
        report.sections.append(("found", told))
    return report

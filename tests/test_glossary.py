"""docs/glossary.md decides the words: every identifier of store/values.py stands in it."""

from __future__ import annotations

import dataclasses
import re
import typing
from pathlib import Path

from store import values

GLOSSARY = Path(__file__).parents[1] / "docs" / "glossary.md"
PLURALS = ("tables", "figures", "headers", "passages", "statements", "warnings", "unread", "checks", "meaning")
"""Fields that hold several of a thing that the glossary names, or one by its class."""


def known() -> set[str]:
    coded = re.findall(r"`([^`]+)`", GLOSSARY.read_text(encoding="utf-8"))
    return {word for code in coded for word in re.findall(r"[A-Za-z_]+", code)}


def test_every_closed_set_of_words_is_explained() -> None:
    literals = [getattr(values, name) for name in dir(values) if typing.get_origin(getattr(values, name)) is typing.Literal]
    missing = {word for literal in literals for word in typing.get_args(literal)} - known()
    assert missing == set()


def test_every_field_of_a_value_is_explained() -> None:
    classes = [getattr(values, name) for name in dir(values) if dataclasses.is_dataclass(getattr(values, name))]
    fields = {field.name for value in classes for field in dataclasses.fields(value)}
    assert fields - known() - set(PLURALS) == set()

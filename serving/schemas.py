"""The schemas of docs/schemas/ made ready for others: definitions of other files brought in, references pointing where asked.

The same files describe what the command line prints, what an MCP tool takes and gives, and what the HTTP API documents.
"""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path
from typing import Any

FOLDER = Path(__file__).resolve().parent.parent / "docs" / "schemas"
LOCAL = "#/$defs/"


def bundled(file: str, definition: str | None = None, prefix: str = LOCAL) -> tuple[dict[str, Any], dict[str, Any]]:
    """A schema (or one of its definitions), and all definitions that it needs; references begin with `prefix`.

    Definitions of all files share one space of names; a test holds that no two files define the same name differently.
    """
    content = _read(file)
    body = content["$defs"][definition] if definition else {key: value for key, value in content.items() if key not in ("$defs", "$schema")}
    needed: dict[str, Any] = {}
    return _pointed(body, file, prefix, needed), needed


def standing_alone(file: str, definition: str | None = None) -> dict[str, Any]:
    """A schema with everything it needs inside: for a tool's input or output."""
    body, needed = bundled(file, definition)
    return body | ({"$defs": needed} if needed else {})


def _pointed(node: Any, file: str, prefix: str, needed: dict[str, Any]) -> Any:
    if isinstance(node, list):
        return [_pointed(each, file, prefix, needed) for each in node]
    if not isinstance(node, dict):
        return node
    made = {key: _pointed(value, file, prefix, needed) for key, value in node.items() if key != "$ref"}
    reference = node.get("$ref")
    if isinstance(reference, str):
        other, _, name = reference.partition(LOCAL)
        made["$ref"] = prefix + name
        if name not in needed:
            needed[name] = {}          # before its own references are followed: definitions may be recursive
            home = other.removesuffix("#").removesuffix(".json") or file
            needed[name] = _pointed(_read(home)["$defs"][name], home, prefix, needed)
    return made


@cache
def _read(file: str) -> dict[str, Any]:
    return json.loads((FOLDER / f"{file}.json").read_text("utf-8"))

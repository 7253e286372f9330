"""Prompts as versioned files: `<name>.v<version>.md`, its reply's schema `<name>.schema.json`, its cases `<name>.cases.jsonl`.

A file has front matter (name, version, variables, schema), then a part for the system and one for the user. Unknown fields,
unused or undeclared variables, and missing or extra values are errors that name them: a prompt that says less than it should
is worse than none.
"""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

HERE = Path(__file__).parent
FIELDS = frozenset(("name", "version", "variables", "schema"))

_FRONT = re.compile(r"\A---\n(?P<front>.*?)\n---\n(?P<text>.*)\Z", re.DOTALL)
_PARTS = re.compile(r"\A\s*# system\n(?P<system>.*?)\n# user\n(?P<user>.*)\Z", re.DOTALL)
_VARIABLE = re.compile(r"\{\{(\w+)\}\}")


class PromptError(ValueError):
    """A prompt file, or what it was filled with, is not as it should be."""


@dataclass(frozen=True, slots=True)
class Rendered:
    """A prompt with its variables filled in: what a model is sent."""

    prompt: str  # name, version and digest of the file: goes into the trace and the cache's key
    system: str
    user: str
    schema: Mapping[str, Any] | None  # of the reply; None where it is plain text


@dataclass(frozen=True, slots=True)
class Prompt:
    """A prompt file."""

    name: str
    version: str
    variables: frozenset[str]
    system: str
    user: str
    schema: Mapping[str, Any] | None
    digest: str

    @property
    def id(self) -> str:
        """plan.v1:1f2e3d4c"""
        return f"{self.name}.v{self.version}:{self.digest[:8]}"

    def render(self, **values: str) -> Rendered:
        """The prompt with its variables filled in. Raises PromptError that names a missing or extra value.

        A value is put in as it is: braces in it are not read again.
        """
        missing, extra = self.variables - values.keys(), values.keys() - self.variables
        if missing or extra:
            raise PromptError(f"{self.id}: missing {sorted(missing)}, extra {sorted(extra)}")

        def filled(text: str) -> str:
            return _VARIABLE.sub(lambda match: values[match.group(1)], text)

        return Rendered(self.id, filled(self.system), filled(self.user), self.schema)


@cache
def load(name: str, version: str | None = None, folder: Path = HERE) -> Prompt:
    """The prompt of that name, in its latest version or the one named. Raises PromptError."""
    files = {path.name.split(".v")[1].removesuffix(".md"): path for path in folder.glob(f"{name}.v*.md")}
    if not files or (version is not None and version not in files):
        raise PromptError(f"there is no prompt {name} {version or ''} in {folder}")
    return read(files[version or max(files, key=int)])


def read(path: Path) -> Prompt:
    """One prompt file. Raises PromptError if anything in it is unknown, missing, or unused."""
    content = path.read_text("utf-8")
    whole = _FRONT.match(content)
    parts = _PARTS.match(whole["text"]) if whole else None
    if whole is None or parts is None:
        raise PromptError(f"{path.name}: wants front matter, then '# system' and '# user'")
    front = dict(_field(path, line) for line in whole["front"].splitlines())
    if front.keys() != FIELDS:
        raise PromptError(f"{path.name}: fields are {sorted(front)}, not {sorted(FIELDS)}")
    if path.name != f"{front['name']}.v{front['version']}.md":
        raise PromptError(f"{path.name} says that it is {front['name']}.v{front['version']}.md")
    declared = frozenset(re.findall(r"\w+", front["variables"]))
    used = frozenset(_VARIABLE.findall(whole["text"]))
    if declared != used:
        raise PromptError(f"{path.name}: variables declared {sorted(declared)}, used {sorted(used)}")
    schema = None if front["schema"] == "none" else json.loads((path.parent / front["schema"]).read_text("utf-8"))
    digest = hashlib.sha256((content + json.dumps(schema, sort_keys=True)).encode()).hexdigest()
    return Prompt(front["name"], front["version"], declared, parts["system"].strip(), parts["user"].strip(), schema, digest)


def _field(path: Path, line: str) -> tuple[str, str]:
    name, colon, value = line.partition(":")
    if not colon:
        raise PromptError(f"{path.name}: {line!r} is no field")
    return name.strip(), value.strip()

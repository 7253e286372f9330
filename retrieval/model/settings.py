"""Which model, if any, takes part in answering: from the environment, then `[model]` of ./mingzhang.toml. Off by default.

    MINGZHANG_MODEL       name of the model as its server knows it; nothing is asked of any model without it
    MINGZHANG_MODEL_URL   address of an OpenAI-compatible endpoint (http://localhost:8000/v1), or of Ollama
    MINGZHANG_MODEL_KEY   its key, from the environment only: a key has no place in a file
    MINGZHANG_MODEL_…     any other field of `ModelSettings` in capitals (MINGZHANG_MODEL_SECONDS=12)
"""

from __future__ import annotations

import os
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal, cast

from store.errors import BadSetting
from store.settings import FILE

PREFIX = "MINGZHANG_MODEL"

Provider = Literal["openai", "ollama"]
Ask = Literal["unsure", "always"]

_CHOICES: Mapping[str, tuple[str, ...]] = {"provider": ("openai", "ollama"), "ask": ("unsure", "always")}


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """A model and what it may use up. Money is in the currency of the prices, whatever that is."""

    name: str
    url: str | None = None  # None: the provider's own address
    key: str | None = None
    provider: Provider = "openai"
    ask: Ask = "always"  # when the question is read by the model too: always, or where the grammar is unsure
    embeddings: str | None = None  # an embedding model of the same endpoint, for passages near in meaning; None: none
    seconds: Decimal = Decimal(12)  # for all that the model does for one answer
    attempts: int = 2  # replies asked for in one step: the first, and repairs with the error
    reply_tokens: int = 500  # of one reply at most
    answer_tokens: int = 40_000  # read and written for one answer at most
    process_tokens: int = 20_000_000  # read and written by this process at most
    price_read: Decimal = Decimal(0)  # for a million tokens
    price_written: Decimal = Decimal(0)
    process_cost: Decimal = Decimal(10)  # spent by this process at most
    failures: int = 3  # in a row, after which the model is left alone
    rest: int = 60  # seconds that it is left alone for


def model_settings(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> ModelSettings | None:
    """The settings of this run; None where no model is named. Raises BadSetting that names what is wrong."""
    given: dict[str, object] = {**_from_file((folder or Path()) / FILE), **_from_environment(environment)}
    if not given.get("name"):
        return None
    known = {field.name: field for field in fields(ModelSettings)}
    unknown = given.keys() - known.keys()
    if unknown:
        raise BadSetting(name=", ".join(sorted(unknown)), value="", wanted=", ".join(sorted(known)))
    read: dict[str, Any] = {name: _read(name, str(known[name].type), value) for name, value in given.items()}
    return ModelSettings(**read)


def _from_environment(environment: Mapping[str, str]) -> dict[str, object]:
    start = f"{PREFIX}_"
    found: dict[str, object] = {name.removeprefix(start).lower(): value for name, value in environment.items() if name.startswith(start)}
    return found | ({"name": environment[PREFIX]} if PREFIX in environment else {})


def _from_file(path: Path) -> dict[str, object]:
    try:
        section = tomllib.loads(path.read_text("utf-8")).get("model", {})
    except FileNotFoundError:
        return {}
    if not isinstance(section, dict):
        raise BadSetting(name="model", value=str(section), wanted="[model]")
    found = cast(dict[str, object], section)
    if "key" in found:
        raise BadSetting(name="key", value="…", wanted=f"{PREFIX}_KEY")
    return found


def _read(name: str, kind: str, value: object) -> object:
    """A value as its field's type. Raises BadSetting."""
    text = str(value).strip()
    if name in _CHOICES:
        if text not in _CHOICES[name]:
            raise BadSetting(name=name, value=text, wanted=" | ".join(_CHOICES[name]))
        return text
    if kind in ("int", "Decimal"):
        return _number(name, kind, text)
    return text or None


def _number(name: str, kind: str, text: str) -> int | Decimal:
    try:
        number = int(text) if kind == "int" else Decimal(text)
    except (ValueError, InvalidOperation) as error:
        raise BadSetting(name=name, value=text, wanted="0, 1, 2, …") from error
    if not Decimal(number).is_finite() or not 0 <= number <= 10**9:
        raise BadSetting(name=name, value=text, wanted="0, 1, 2, …")
    return number

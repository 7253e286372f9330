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
from decimal import Decimal
from pathlib import Path
from typing import Annotated, Any, ClassVar, Literal, cast

from annotated_types import Interval

from store.errors import BadSetting
from store.settings import FILE

PREFIX = "MINGZHANG_MODEL"

Provider = Literal["openai", "ollama"]
Ask = Literal["unsure", "always"]

Count = Annotated[int, Interval(ge=0, le=10**9)]
Amount = Annotated[Decimal, Interval(ge=0, le=10**9)]


@dataclass(frozen=True, slots=True)
class ModelSettings:
    """A model and what it may use up. Money is in the currency of the prices, whatever that is."""

    __pydantic_config__: ClassVar[dict[str, Any]] = {"extra": "forbid"}

    name: str
    url: str | None = None  # None: the provider's own address
    key: str | None = None
    provider: Provider = "openai"
    ask: Ask = "always"  # when the question is read by the model too: always, or where the grammar is unsure
    embeddings: str | None = None  # an embedding model of the same endpoint, for passages near in meaning; None: none
    seconds: Amount = Decimal(12)  # for all that the model does for one answer
    attempts: Count = 2  # replies asked for in one step: the first, and repairs with the error
    reply_tokens: Count = 500  # of one reply at most
    answer_tokens: Count = 40_000  # read and written for one answer at most
    process_tokens: Count = 20_000_000  # read and written by this process at most
    price_read: Amount = Decimal(0)  # for a million tokens
    price_written: Amount = Decimal(0)
    process_cost: Amount = Decimal(10)  # spent by this process at most
    failures: Count = 3  # in a row, after which the model is left alone
    rest: Count = 60  # seconds that it is left alone for


def model_settings(environment: Mapping[str, str] = os.environ, folder: Path | None = None) -> ModelSettings | None:
    """The settings of this run; None where no model is named. Raises BadSetting that names what is wrong."""
    given: dict[str, object] = {**_from_file((folder or Path()) / FILE), **_from_environment(environment)}
    if not given.get("name"):
        return None
    from pydantic import TypeAdapter, ValidationError

    try:
        return TypeAdapter(ModelSettings).validate_python({name: value for name, value in given.items() if value != ""})
    except ValidationError as error:
        wrong = error.errors()[0]
        name, known = str(wrong["loc"][0]), [field.name for field in fields(ModelSettings)]
        if name not in known:  # its value may be a secret
            raise BadSetting(name=name, value="", wanted=", ".join(sorted(known))) from None
        raise BadSetting(name=name, value=str(given[name]), wanted=wrong.get("ctx", {}).get("expected", "0, 1, 2, …")) from error


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

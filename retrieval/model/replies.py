"""A model's reply as typed values, or nothing: JSON of exactly the promised shape. Past this nothing knows who wrote it."""

from __future__ import annotations

import re
from typing import Annotated, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

_FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n\s*```\s*\Z", re.DOTALL)


class BadReply(ValueError):
    """A reply that is not what was asked for: `str` says what is wrong, for the model to repair."""


class ReadingReply(BaseModel):
    """prompts/read.schema.json"""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    do: Literal["read", "search", "ask", "none"]
    text: Annotated[str, Field(max_length=1500)]
    unread: Annotated[list[Annotated[str, Field(max_length=40)]], Field(max_length=6)] = []


T = TypeVar("T", bound=BaseModel)


def read_reply(kind: type[T], text: str) -> T:
    """The reply as `kind`. Raises BadReply."""
    fenced = _FENCED.match(text)
    try:
        return kind.model_validate_json(fenced[1] if fenced else text)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:4])
        raise BadReply(told[:400]) from error

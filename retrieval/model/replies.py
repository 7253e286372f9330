"""A model's reply as typed values, or nothing: JSON of exactly the promised shape. Past this nothing knows who wrote it."""

from __future__ import annotations

import json
import re
from typing import Annotated, Any, Literal, TypeVar

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from store.values import Fund, Kind, Portion

LONGEST = 20_000  # characters of a reply

Name = Annotated[str, Field(min_length=1, max_length=60)]
_FENCED = re.compile(r"\A\s*```(?:json)?\s*\n(.*?)\n\s*```\s*\Z", re.DOTALL)


class BadReply(ValueError):
    """A reply that is not what was asked for: `str` says what is wrong, for the model to repair."""


class _Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)


class ItemReply(_Strict):
    """A thing asked about: the question's words, and the published name that they mean."""

    said: Name
    name: Name
    fund: Fund | None
    portion: Portion | None


class PlanReply(_Strict):
    """prompts/plan.schema.json"""

    operation: Literal[
        "lookup", "sum", "difference", "share", "growth", "trend", "rank", "compare", "list", "count", "define", "explain", "decline"]
    agencies: Annotated[list[Name], Field(max_length=6)]
    years: Annotated[list[Annotated[int, Field(ge=1990, le=2100)]], Field(max_length=6)]
    kind: Kind | None
    items: Annotated[list[ItemReply], Field(max_length=6)]
    base: ItemReply | None
    within: ItemReply | None
    over: Literal["items", "agencies", "years", "kinds"] | None
    unit: Literal["元", "万元", "亿元", "%"] | None
    order: Literal["most", "least"] | None
    limit: Annotated[int, Field(ge=1, le=50)] | None
    wants_reason: bool


Compute = Literal["list", "sum", "average", "difference", "share", "ratio", "most", "least", "count"]


class QueryReply(_Strict):
    """prompts/sql.schema.json"""

    sql: Annotated[str, Field(min_length=1, max_length=4000)]
    compute: Compute


class ExcerptReply(_Strict):
    """prompts/quote.schema.json"""

    sentences: Annotated[list[Annotated[int, Field(ge=1, le=40)]], Field(max_length=4)]


T = TypeVar("T", bound=BaseModel)


def read_reply(kind: type[T], text: str) -> T:
    """The reply as `kind`. Raises BadReply."""
    if len(text) > LONGEST:
        raise BadReply("the reply is too long")
    fenced = _FENCED.match(text)
    try:
        content = json.loads(fenced[1] if fenced else text, object_pairs_hook=_once, parse_constant=_refuse)
        return kind.model_validate(content)
    except ValidationError as error:
        told = "; ".join(f"{'.'.join(map(str, one['loc']))}: {one['msg']}" for one in error.errors()[:4])
        raise BadReply(told[:400]) from error
    except (ValueError, RecursionError) as error:
        raise BadReply(f"not JSON of the promised shape: {str(error)[:100]}") from error


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        raise ValueError("a key is there twice")
    return found


def _refuse(constant: str) -> Any:
    raise ValueError(f"{constant} is no number")

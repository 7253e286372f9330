"""The OpenAPI 3.1 description of the HTTP API, made from the operations and the schemas of docs/schemas/.

OpenAPI 3.1 speaks the same JSON Schema (2020-12) as those files: definitions move to components/schemas and are otherwise
the same, so what the API gives and what its description says cannot part.
"""

from __future__ import annotations

from collections.abc import Mapping
from importlib.metadata import version
from typing import Any

from serving.operations import OPERATIONS, Name, Operation
from serving.schemas import bundled

PREFIX = "#/components/schemas/"
ERRORS = {
    "400": "the request is wrong", "413": "the body is too large", "503": "too many questions at once; see Retry-After",
    "504": "the answer took too long", "500": "our mistake"}
SOURCES: dict[Name, str] = {
    "ask": "citations/0/figure_id", "check": "citations/0/figure_id", "find_figures": "figures/0/figure_id"}
"""Where a result names a figure or passage whose source can be opened."""

FIGURE_ID: dict[str, Any] = {"name": "figure_id", "in": "path", "required": True}


def description(paths: Mapping[str, Name]) -> dict[str, Any]:
    """The description of the API; `paths` says at which path an operation is served."""
    shared: dict[str, Any] = {}
    error = _schema(shared, "error")
    described = {path: _both(OPERATIONS[name], shared, error) for path, name in paths.items()}
    source = OPERATIONS["open_source"]
    asked = _schema(shared, "requests", source.name)["properties"]["figure_id"]
    parameter = FIGURE_ID | {"schema": asked}
    described["/sources/{figure_id}"] = {"get": {
        "operationId": source.name, "summary": source.title, "description": source.description, "parameters": [parameter],
        "responses": _responses(_json(_schema(shared, *source.result)), error, missing=True)}}
    described["/sources/{figure_id}/picture"] = {"get": {
        "operationId": "draw_source", "summary": "The page with the cell, its row and its headers outlined", "parameters": [parameter],
        "responses": _responses({"image/png": {"schema": {"type": "string", "format": "binary"}}}, error, missing=True)}}
    described["/health"] = {"get": {
        "operationId": "health", "summary": "The snapshot that questions are answered from",
        "responses": {"200": {"description": "it serves", "content": _json({
            "type": "object", "required": ["snapshot"], "properties": {"snapshot": {"type": "string"}}})}}}}
    return {
        "openapi": "3.1.0",
        "info": {
            "title": "明账 (Mingzhang)", "version": version("mingzhang"), "license": {"name": "Apache-2.0", "identifier": "Apache-2.0"},
            "description": "Published budgets and final accounts of Chinese government departments, asked in plain Chinese. Every figure "
            "of an answer is printed in a cited cell or computed from cited cells. Keys may be added, never renamed."},
        "paths": described,
        "components": {"schemas": dict(sorted(shared.items()))},
    }


def _both(operation: Operation, shared: dict[str, Any], error: dict[str, Any]) -> dict[str, Any]:
    """GET with the arguments in the query, POST with the same as JSON."""
    takes = _schema(shared, "requests", operation.name)
    responses = _responses(_json(_schema(shared, *operation.result)), error)
    if operation.name in SOURCES:
        found = {"figure_id": f"$response.body#/{SOURCES[operation.name]}"}
        responses["200"]["links"] = {
            name: {"operationId": name, "parameters": found} for name in (OPERATIONS["open_source"].name, "draw_source")}
    told = {"summary": operation.title, "description": operation.description, "responses": responses}
    parameters = [
        {"name": name, "in": "query", "required": name in takes.get("required", ()), "schema": schema}
        for name, schema in takes["properties"].items()]
    return {
        "get": {"operationId": operation.name, "parameters": parameters, **told},
        "post": {"operationId": f"{operation.name}_by_body", "requestBody": {"required": True, "content": _json(takes)}, **told},
    }


def _schema(shared: dict[str, Any], file: str, definition: str | None = None) -> dict[str, Any]:
    body, needed = bundled(file, definition, PREFIX)
    shared.update(needed)
    return body


def _json(schema: dict[str, Any]) -> dict[str, Any]:
    return {"application/json": {"schema": schema}}


def _responses(content: dict[str, Any], error: dict[str, Any], *, missing: bool = False) -> dict[str, Any]:
    errors = ERRORS | ({"404": "no such figure, or no picture of it"} if missing else {})
    return {"200": {"description": "found", "content": content}} | {
        status: {"description": said, "content": _json(error)} for status, said in sorted(errors.items())}

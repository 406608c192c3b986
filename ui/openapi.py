"""What /openapi.json says beyond what FastAPI knows: how to sign in, and that every refusal is a problem+json."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import chain
from typing import Any

from fastapi import APIRouter, FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute

_PROBLEM = {
    "type": "object",
    "required": ["type", "title", "status", "detail"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string", "description": "the status in words"},
        "status": {"type": "integer"},
        "detail": {"type": "string", "description": "what happened, and what to do"},
    },
}
_REFUSED = {
    "description": "refused or out of reach, and what to do (RFC 9457)",
    "content": {"application/problem+json": {"schema": {"$ref": "#/components/schemas/Problem"}}},
}
_BEARER = {"type": "http", "scheme": "bearer", "description": "of POST /v1/sessions, or of POST /v1/conversations"}
_FASTAPIS_OWN = ("HTTPValidationError", "ValidationError")


def install(app: FastAPI, routers: Sequence[APIRouter]) -> None:
    """Makes the application describe itself so; `routers` are those it includes."""

    def describe() -> dict[str, Any]:
        if app.openapi_schema is None:
            app.openapi_schema = _described(app, routers)
        return app.openapi_schema

    app.openapi = describe  # type: ignore[method-assign]


def _described(app: FastAPI, routers: Sequence[APIRouter]) -> dict[str, Any]:
    schema = get_openapi(title=app.title, version=app.version, description=app.description, routes=app.routes)
    components = schema.setdefault("components", {})
    schemas = components.setdefault("schemas", {})
    schemas["Problem"] = _PROBLEM
    for name in _FASTAPIS_OWN:
        schemas.pop(name, None)
    components["securitySchemes"] = {"bearer": _BEARER}
    for route, operation in _operations(routers, schema):
        operation["responses"].pop("422", None)
        operation["responses"] = {"4XX": _REFUSED, "503": _REFUSED} | operation["responses"]
        _secure(route, operation)
    return schema


def _operations(routers: Sequence[APIRouter], schema: dict[str, Any]) -> Iterator[tuple[APIRoute, dict[str, Any]]]:
    for route in chain.from_iterable(router.routes for router in routers):
        if isinstance(route, APIRoute) and route.include_in_schema:
            for method in route.methods or ():
                yield route, schema["paths"][route.path_format][method.lower()]


def _secure(route: APIRoute, operation: dict[str, Any]) -> None:
    """A token is asked for where a dependency reads it; what the operation itself reads may be left out."""
    parameters = [one for one in operation.get("parameters", ()) if one["name"] != "authorization"]
    if len(parameters) == len(operation.get("parameters", ())):
        return
    operation["parameters"] = parameters
    optional = any(field.alias == "authorization" for field in route.dependant.header_params)
    operation["security"] = [{}, {"bearer": []}] if optional else [{"bearer": []}]

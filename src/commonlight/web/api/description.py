"""The OpenAPI document as rows of a page."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

__all__ = ["operations_of"]


def operations_of(document: Mapping[str, Any]) -> dict[str, list[dict[str, Any]]]:
    """The operations by subject, each with its parameters and the parts of its answer."""
    found: dict[str, list[dict[str, Any]]] = {}
    for path, methods in document["paths"].items():
        for method, operation in methods.items():
            row = _operation(document, method, path, operation)
            found.setdefault(operation["tags"][0], []).append(row)
    return found


def _operation(
    document: Mapping[str, Any], method: str, path: str, operation: Mapping[str, Any]
) -> dict[str, Any]:
    return {
        "id": operation["operationId"],
        "method": method.upper(),
        "path": path,
        "text": operation.get("description", ""),
        "is_public": not operation.get("security"),
        "parameters": [_parameter(one) for one in operation.get("parameters", ())],
        "body": _parts(document, operation.get("requestBody", {})),
        "answer": _parts(document, _success(operation)),
        "media_types": sorted(_success(operation).get("content", {})),
    }


def _parameter(given: Mapping[str, Any]) -> dict[str, Any]:
    schema = given.get("schema", {})
    bounds = [f"{name} {schema[name]}" for name in ("minimum", "maximum") if name in schema]
    return {
        "name": given["name"],
        "place": given["in"],
        "required": given.get("required", False),
        "type": _type(schema),
        "bounds": ", ".join(bounds),
        "text": given.get("description", ""),
    }


def _success(operation: Mapping[str, Any]) -> Mapping[str, Any]:
    answers = operation["responses"]
    key = next(status for status in answers if str(status).startswith("2"))
    found: Mapping[str, Any] = answers[key]
    return found


def _parts(document: Mapping[str, Any], holder: Mapping[str, Any]) -> list[dict[str, str]]:
    """The members of an object that is sent."""
    schema = holder.get("content", {}).get("application/json", {}).get("schema", {})
    schema = _resolved(document, schema.get("items", schema))
    return [
        {"name": name, "type": _type(one)} for name, one in schema.get("properties", {}).items()
    ]


def _resolved(document: Mapping[str, Any], schema: Mapping[str, Any]) -> Mapping[str, Any]:
    name = schema.get("$ref", "").rsplit("/", 1)[-1]
    found: Mapping[str, Any] = document["components"]["schemas"][name] if name else schema
    return found


def _type(schema: Mapping[str, Any]) -> str:
    if "anyOf" in schema:
        return " | ".join(_type(one) for one in schema["anyOf"])
    if "$ref" in schema:
        return str(schema["$ref"]).rsplit("/", 1)[-1]
    if schema.get("type") == "array":
        return f"[{_type(schema.get('items', {}))}]"
    return str(schema.get("format") or schema.get("type") or "any")

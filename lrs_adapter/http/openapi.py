"""The published description of the statement resource, made from the models."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from lrs_adapter.hr.events import Event
from lrs_adapter.http.openapi_examples import HR_EVENT_EXAMPLE, PROBLEM_EXAMPLE, STATEMENT_EXAMPLE
from lrs_adapter.wire.problems import MEDIA_TYPE
from schemas.xapi import statement_json_schema

_TEMPLATE = "#/components/schemas/{model}"
_STATEMENT = {"$ref": "#/components/schemas/Statement"}
_VERSION_HEADER = {
    "name": "X-Experience-API-Version",
    "in": "header",
    "required": True,
    "description": "1.0, 1.0.x, 2.0 or 2.0.x. A lenient credential may leave it out.",
    "schema": {"type": "string", "pattern": r"^[12]\.0(\.[0-9]{1,4})?$", "examples": ["1.0.3", "2.0.0"]},
}
_STATEMENT_ID = {
    "name": "statementId",
    "in": "query",
    "required": True,
    "description": "Id of the statement. A lenient credential may leave it to the body.",
    "schema": {"type": "string", "format": "uuid"},
}
_PROBLEM = {
    "type": "object",
    "description": "RFC 9457. `faults` names the statement by its index from 0, the place as a JSON pointer, "
    "the value found and the rule's section.",
    "required": ["type", "title", "status", "detail", "correlation_id"],
    "properties": {
        "type": {"type": "string"},
        "title": {"type": "string"},
        "status": {"type": "integer"},
        "detail": {"type": "string"},
        "correlation_id": {"type": "string"},
        "fault_count": {"type": "integer"},
        "faults": {
            "type": "array",
            "items": {
                "type": "object",
                "properties": {
                    "statement": {"type": "integer"},
                    "pointer": {"type": "string"},
                    "message": {"type": "string"},
                    "value": {"type": "string"},
                    "section": {"type": "string"},
                },
            },
        },
    },
}
_MULTIPART = {
    "type": "string",
    "format": "binary",
    "description": "The statements as application/json in the first part, then the data of attachments: each "
    "with `Content-Transfer-Encoding: binary` and, in `X-Experience-API-Hash`, the `sha2` of its attachment.",
}
_READING = {
    400: "The parameters do not name one statement.",
    401: "The credentials are missing or wrong.",
    403: "The credential lacks the scope.",
    404: "The statement is not among those that were accepted lately.",
    503: "The end of the log cannot be read now.",
}
_REFUSALS = {
    400: "The request or a statement is not valid; nothing was kept.",
    401: "The credentials are missing or wrong.",
    403: "The credential lacks the scope.",
    408: "The body came too slowly.",
    409: "An id was used before, for another statement; nothing was kept.",
    413: "The body or the batch is too large.",
    415: "The body has a content coding such as gzip.",
    429: "The credential sends too fast; send again after `Retry-After` seconds.",
    503: "The statements could not be stored now; send them again after `Retry-After` seconds.",
}


def _as_problems(
    refusals: dict[int, str], examples: Mapping[int, Any] = MappingProxyType({})
) -> dict[int | str, dict[str, Any]]:
    """The refusals as responses of an operation."""
    schema = {"$ref": "#/components/schemas/Problem"}
    content = {MEDIA_TYPE: {"schema": schema, "example": PROBLEM_EXAMPLE}}
    return {
        status: {
            "description": text,
            "content": content if status == 400 else {MEDIA_TYPE: {"schema": schema}},
        }
        for status, text in refusals.items()
    }


def _body(schema: dict[str, Any], example: Any) -> dict[str, Any]:
    content: dict[str, Any] = {"application/json": {"schema": schema, "example": example}}
    return {"required": True, "content": content | {"multipart/mixed": {"schema": _MULTIPART}}}


POST_STATEMENTS = {
    "parameters": [_VERSION_HEADER],
    "requestBody": _body(
        {"oneOf": [_STATEMENT, {"type": "array", "items": _STATEMENT}]}, [STATEMENT_EXAMPLE]
    ),
}
PUT_STATEMENT = {
    "parameters": [_VERSION_HEADER, _STATEMENT_ID],
    "requestBody": _body(_STATEMENT, STATEMENT_EXAMPLE),
}

GET_STATEMENT = {
    "parameters": [
        _VERSION_HEADER,
        {**_STATEMENT_ID, "required": False, "description": "Id of a statement that was not voided."},
        {
            **_STATEMENT_ID,
            "name": "voidedStatementId",
            "required": False,
            "description": "Or of one that was.",
        },
        {"name": "attachments", "in": "query", "schema": {"type": "boolean", "default": False}},
    ],
}

REFUSALS = _as_problems(_REFUSALS, {400: PROBLEM_EXAMPLE})
READ_REFUSALS = _as_problems(_READING)
HR_EVENT = {
    "parameters": [
        {"name": name, "in": "header", "required": True, "description": text, "schema": {"type": "string"}}
        for name, text in (
            ("webhook-id", "The nonce of the event: an id counts once."),
            ("webhook-timestamp", "Seconds since the epoch; at most 300 s from the receiver's clock."),
            ("webhook-signature", "`v1,` and the base64 of HMAC-SHA256 over `id.timestamp.body`."),
        )
    ],
    "requestBody": {
        "required": True,
        "content": {
            "application/json": {
                "schema": {"$ref": "#/components/schemas/HrEvent"},
                "example": HR_EVENT_EXAMPLE,
            }
        },
    },
}
_HR_REFUSALS = {
    400: "The event is not valid; nothing was kept.",
    401: "It is not signed, not in time, or not by a secret that is known.",
    409: "An event with this id was taken before.",
    413: "The body is too large.",
    503: "The links could not be stored now; send them again after `Retry-After` seconds.",
}
HR_REFUSALS = _as_problems(_HR_REFUSALS)


def describe(app: FastAPI) -> dict[str, Any]:
    """The OpenAPI document of `app`, with the schemas of statements, events and problems."""
    document = get_openapi(
        title=app.title, version=app.version, description=app.description, routes=app.routes
    )
    statement = statement_json_schema(_TEMPLATE)
    definitions = statement.pop("$defs", {})
    components = document.setdefault("components", {})
    event = Event.model_json_schema(ref_template=_TEMPLATE)
    definitions |= event.pop("$defs", {})
    components["schemas"] = {**definitions, "Statement": statement, "Problem": _PROBLEM, "HrEvent": event}
    components["securitySchemes"] = {
        scheme: {"type": "http", "scheme": scheme} for scheme in ("basic", "bearer")
    }
    return document

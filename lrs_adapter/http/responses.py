"""Responses in the two forms that this server gives: JSON and problems."""

from typing import Any
from uuid import uuid4

import orjson
from starlette.responses import Response

from lrs_adapter.statements.stored import Stored
from lrs_adapter.wire.multipart import join_parts
from lrs_adapter.wire.problems import Problem, problem_body, problem_headers


def json_response(body: Any, status: int = 200) -> Response:
    """`body` as JSON."""
    return Response(orjson.dumps(body), status, media_type="application/json")


def problem_response(problem: Problem, correlation_id: str) -> Response:
    """`problem` as problem+json."""
    body = orjson.dumps(problem_body(problem, correlation_id))
    return Response(body, problem.status, headers=problem_headers(problem))


def statement_response(found: Stored) -> Response:
    """A statement that is given back, with the data of its attachments where that was found."""
    headers = {"last-modified": found.last_modified}
    if not found.attachments:
        return Response(found.text, headers=headers, media_type="application/json")
    boundary = uuid4().hex
    body = join_parts(found.text, found.attachments, boundary)
    return Response(body, headers=headers, media_type=f"multipart/mixed; boundary={boundary}")

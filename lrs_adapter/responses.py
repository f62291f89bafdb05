"""Responses in the two forms that this server gives: JSON and problems."""

from typing import Any

import orjson
from starlette.responses import Response

from lrs_adapter.problems import Problem, problem_body, problem_headers


def json_response(body: Any, status: int = 200) -> Response:
    """`body` as JSON."""
    return Response(orjson.dumps(body), status, media_type="application/json")


def problem_response(problem: Problem, correlation_id: str) -> Response:
    """`problem` as problem+json."""
    body = orjson.dumps(problem_body(problem, correlation_id))
    return Response(body, problem.status, headers=problem_headers(problem))

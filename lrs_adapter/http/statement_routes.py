"""The xAPI resources that this server has: statements and about."""

from collections.abc import Awaitable, Callable
from datetime import UTC, datetime
from typing import Any

from fastapi import APIRouter, Request, Response

from lrs_adapter.http.openapi import GET_STATEMENT, POST_STATEMENTS, PUT_STATEMENT, READ_REFUSALS, REFUSALS
from lrs_adapter.http.responses import json_response, problem_response, statement_response
from lrs_adapter.statements.alternate import as_meant
from lrs_adapter.statements.reader import Reader
from lrs_adapter.statements.receiver import Receiver
from lrs_adapter.statements.stored import iso
from lrs_adapter.statements.versions import supported
from lrs_adapter.wire.asked import Asked, asked_of
from lrs_adapter.wire.facts import Facts, facts_of
from lrs_adapter.wire.problems import Problem
from schemas.mounts import Mount

_READING = ("GET", "HEAD")
_METHODS = ("POST", "PUT", *_READING)
_SECURED: dict[str, Any] = {"security": [{"basic": []}, {"bearer": []}]}

_Answer = Callable[[Request], Awaitable[Response]]


def xapi_router(receiver: Receiver, reader: Reader, mount: Mount, form_limit: int) -> APIRouter:
    """Routes below a mount. `form_limit` is the largest form of the alternate request syntax, bytes."""
    router = APIRouter(prefix=mount.prefix, tags=["xAPI"])

    async def answer(request: Request) -> Response:
        asked = await as_meant(asked_of(request, mount), _METHODS, form_limit)
        if isinstance(asked, Problem):
            return _refused(asked, facts_of(request))
        return await (_read(reader, asked) if asked.method in _READING else _store(receiver, asked))

    _add_storing(router, answer)
    _add_reading(router, answer)
    _add_about(router, mount)
    return router


def _add_storing(router: APIRouter, answer: _Answer) -> None:
    @router.post(
        "/statements",
        summary="Store one statement or an array of them",
        response_description="The ids, in the order of the request.",
        response_model=list[str],
        responses=REFUSALS,
        openapi_extra=POST_STATEMENTS | _SECURED,
    )
    @router.post("/statements/", include_in_schema=False)
    async def post_statements(request: Request) -> Response:
        return await answer(request)

    @router.put(
        "/statements",
        status_code=204,
        summary="Store one statement under its id",
        response_description="Stored.",
        response_class=Response,
        responses=REFUSALS,
        openapi_extra=PUT_STATEMENT | _SECURED,
    )
    @router.put("/statements/", include_in_schema=False)
    async def put_statement(request: Request) -> Response:
        return await answer(request)


def _add_reading(router: APIRouter, answer: _Answer) -> None:
    @router.get(
        "/statements",
        summary="Give one statement back that was accepted lately",
        response_class=Response,
        responses=READ_REFUSALS,
        openapi_extra=GET_STATEMENT | _SECURED,
    )
    @router.get("/statements/", include_in_schema=False)
    @router.head("/statements", include_in_schema=False)
    @router.head("/statements/", include_in_schema=False)
    async def get_statement(request: Request) -> Response:
        return await answer(request)


def _add_about(router: APIRouter, mount: Mount) -> None:
    @router.get("/about", summary="The xAPI versions that are supported", response_model=dict[str, list[str]])
    @router.get("/about/", include_in_schema=False)
    async def about() -> Response:
        return json_response({"version": supported(mount)})


async def _read(reader: Reader, asked: Asked) -> Response:
    through = datetime.now(UTC)
    found = await reader.read(asked)
    response = _refused(found, asked.facts) if isinstance(found, Problem) else statement_response(found)
    if response.status_code != 503:
        response.headers["x-experience-api-consistent-through"] = iso(through)
    return response


async def _store(receiver: Receiver, asked: Asked) -> Response:
    ids = await receiver.receive(asked)
    if isinstance(ids, Problem):
        return _refused(ids, asked.facts)
    return json_response(ids) if asked.method == "POST" else Response(status_code=204)


def _refused(problem: Problem, facts: Facts) -> Response:
    facts.reason = problem.code
    return problem_response(problem, facts.correlation_id)

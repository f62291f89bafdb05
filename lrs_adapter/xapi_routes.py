"""The xAPI resources that this server has: statements and about."""

from typing import Any

from fastapi import APIRouter, Request, Response

from lrs_adapter.alternate import as_meant
from lrs_adapter.asked import Asked, asked_of
from lrs_adapter.facts import facts_of
from lrs_adapter.openapi import POST_STATEMENTS, PUT_STATEMENT, REFUSALS
from lrs_adapter.problems import Problem
from lrs_adapter.receiver import Receiver
from lrs_adapter.responses import json_response, problem_response
from lrs_adapter.versions import supported
from schemas.mounts import Mount

_METHODS = ("POST", "PUT")
_SECURED: dict[str, Any] = {"security": [{"basic": []}, {"bearer": []}]}


def xapi_router(receiver: Receiver, mount: Mount, form_limit: int) -> APIRouter:
    """Routes below a mount. `form_limit` is the largest form of the alternate request syntax, bytes."""
    router = APIRouter(prefix=mount.prefix, tags=["xAPI"])

    async def answer(request: Request) -> Response:
        asked = await as_meant(asked_of(request, mount), _METHODS, form_limit)
        outcome = asked if isinstance(asked, Problem) else await _stored(receiver, asked)
        if isinstance(outcome, Response):
            return outcome
        facts = facts_of(request)
        facts.reason = outcome.code
        return problem_response(outcome, facts.correlation_id)

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

    @router.get("/about", summary="The xAPI versions that are supported", response_model=dict[str, list[str]])
    @router.get("/about/", include_in_schema=False)
    async def about() -> Response:
        return json_response({"version": supported(mount)})

    return router


async def _stored(receiver: Receiver, asked: Asked) -> Response | Problem:
    ids = await receiver.receive(asked)
    if isinstance(ids, Problem):
        return ids
    return json_response(ids) if asked.method == "POST" else Response(status_code=204)

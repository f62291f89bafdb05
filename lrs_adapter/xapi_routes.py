"""The xAPI resources that this server has: statements and about."""

from typing import Any

from fastapi import APIRouter, Request, Response

from lrs_adapter.delivery import Method
from lrs_adapter.facts import facts_of
from lrs_adapter.openapi import POST_STATEMENTS, PUT_STATEMENT, REFUSALS
from lrs_adapter.problems import Problem
from lrs_adapter.receiver import Receiver
from lrs_adapter.responses import json_response, problem_response
from lrs_adapter.versions import SUPPORTED

_SECURED: dict[str, Any] = {"security": [{"basic": []}, {"bearer": []}]}


def xapi_router(receiver: Receiver, prefix: str) -> APIRouter:
    """Routes below `prefix`."""
    router = APIRouter(prefix=prefix, tags=["xAPI"])

    async def answer(request: Request, method: Method) -> Response:
        outcome = await receiver.receive(request, method)
        facts = facts_of(request)
        if isinstance(outcome, Problem):
            facts.reason = outcome.code
            return problem_response(outcome, facts.correlation_id)
        return json_response(outcome) if method == "POST" else Response(status_code=204)

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
        return await answer(request, "POST")

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
        return await answer(request, "PUT")

    @router.get("/about", summary="The xAPI versions that are supported", response_model=dict[str, list[str]])
    @router.get("/about/", include_in_schema=False)
    async def about() -> Response:
        return json_response({"version": SUPPORTED})

    return router

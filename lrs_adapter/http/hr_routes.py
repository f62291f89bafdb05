"""The address of the HR webhook."""

from fastapi import APIRouter, Request, Response

from lrs_adapter.hr.receiver import HrReceiver
from lrs_adapter.http.openapi import HR_EVENT, HR_REFUSALS
from lrs_adapter.http.responses import json_response, problem_response
from lrs_adapter.wire.facts import facts_of
from lrs_adapter.wire.problems import Problem

HR_PREFIX = "/hr"


def hr_router(receiver: HrReceiver) -> APIRouter:
    """`POST /hr/events`."""
    router = APIRouter(prefix=HR_PREFIX, tags=["HR"])

    @router.post(
        "/events",
        summary="Take a hire, change or terminate event",
        response_description="How many links were made.",
        response_model=dict[str, int],
        responses=HR_REFUSALS,
        openapi_extra=HR_EVENT,
    )
    async def post_event(request: Request) -> Response:
        outcome = await receiver.receive(request)
        facts = facts_of(request)
        if isinstance(outcome, Problem):
            facts.reason = outcome.code
            return problem_response(outcome, facts.correlation_id)
        return json_response({"links": outcome})

    return router

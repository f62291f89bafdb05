"""What operators ask: does it live, is it ready, what does it count."""

from fastapi import APIRouter, Response
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, generate_latest

from lrs_adapter.http.responses import json_response
from lrs_adapter.log.statement_log import StatementLog


def ops_router(statement_log: StatementLog, registry: CollectorRegistry) -> APIRouter:
    """`/healthz`, `/readyz` and `/metrics`."""
    router = APIRouter(tags=["operations"])

    @router.get("/healthz", summary="200 while the process lives")
    async def healthz() -> Response:
        return json_response({"status": "alive"})

    @router.get("/readyz", summary="200 once Kafka and the topic are known, else 503")
    async def readyz() -> Response:
        if statement_log.partitions is None:
            return json_response({"status": "waiting", "for": "Kafka"}, 503)
        return json_response({"status": "ready", "partitions": statement_log.partitions})

    @router.get("/metrics", summary="Prometheus metrics")
    async def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    return router

"""The application: settings in, a served FastAPI app out."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial
from importlib.metadata import version

import structlog
from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException

from lrs_adapter.access.nonces import Nonces
from lrs_adapter.hr.identity_rules import read_identity_rules
from lrs_adapter.hr.receiver import HrFeedOptions, HrReceiver
from lrs_adapter.hr.rows import HomePages
from lrs_adapter.http.envelope import Envelope
from lrs_adapter.http.hr_routes import hr_router
from lrs_adapter.http.intake import Intake
from lrs_adapter.http.openapi import describe
from lrs_adapter.http.ops_routes import ops_router
from lrs_adapter.http.responses import problem_response
from lrs_adapter.http.statement_routes import xapi_router
from lrs_adapter.log.statement_log import StatementLog
from lrs_adapter.parts import Parts, parts_for
from lrs_adapter.wire.facts import facts_of
from lrs_adapter.wire.problems import Problem
from schemas import log_events
from schemas.errors import SettingsError
from schemas.metrics import AdapterMetrics
from schemas.mounts import parse_mounts
from schemas.settings import AdapterSettings, env_name
from schemas.spans import OpenSpan, no_span
from schemas.webhook_signature import parse_secret

log = structlog.get_logger()

_DESCRIPTION = "Receives xAPI statements and acknowledges them once Kafka has."


def create_app(
    settings: AdapterSettings, registry: CollectorRegistry | None = None, open_span: OpenSpan = no_span
) -> FastAPI:
    """Build the application. Raises `ConfigError` if the credentials file is wrong."""
    registry = registry or CollectorRegistry()
    metrics = AdapterMetrics(registry)
    parts = parts_for(settings, metrics, now_us, open_span)
    app = FastAPI(
        title="Readystream statement receiver",
        version=version("readystream"),
        description=_DESCRIPTION,
        lifespan=partial(_lifespan, parts),
        redirect_slashes=False,
        exception_handlers={HTTPException: _http_problem},
    )
    mounts = parse_mounts(settings.mounts)
    app.add_middleware(
        Envelope, mounts=mounts, metrics=metrics, intake=_intake(settings, metrics), open_span=open_span
    )
    for mount in mounts:
        app.include_router(xapi_router(parts.receiver, parts.reader, mount, settings.body_limit_bytes))
    if secrets := _webhook_secrets(settings):
        app.include_router(hr_router(_hr_receiver(settings, secrets, parts.statement_log)))
    app.include_router(ops_router(parts.statement_log, registry))
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _intake(settings: AdapterSettings, metrics: AdapterMetrics) -> Intake:
    room = max(settings.max_receiving_bytes, settings.body_limit_bytes)
    return Intake(room, settings.body_timeout_s, metrics.receiving_bytes)


def _hr_receiver(
    settings: AdapterSettings, secrets: Sequence[bytes], statement_log: StatementLog
) -> HrReceiver:
    pages = HomePages(settings.hr_sso_home_page, settings.hr_hris_home_page)
    rules = read_identity_rules(settings.identity_rules_file)
    return HrReceiver(
        secrets=secrets,
        nonces=Nonces(settings.hr_nonces_dir),
        options=HrFeedOptions(settings.tenant_key_bytes, settings.hr_source, pages, rules),
        statement_log=statement_log,
        clock=now_us,
    )


def _webhook_secrets(settings: AdapterSettings) -> list[bytes]:
    secrets = settings.hr_webhook_secrets
    try:
        return [] if secrets is None else [parse_secret(one) for one in secrets.get_secret_value().split()]
    except ValueError:
        problem = f"{env_name(AdapterSettings, 'hr_webhook_secrets')}: after whsec_ base64 is needed"
        raise SettingsError("the environment", [problem]) from None


def now_us() -> int:
    """Microseconds since the epoch, UTC."""
    return time.time_ns() // 1000


@asynccontextmanager
async def _lifespan(parts: Parts, _: FastAPI) -> AsyncIterator[None]:
    async with parts.running():
        log.info(log_events.ADAPTER_STARTED)
        yield
    log.info(log_events.ADAPTER_STOPPED)


async def _http_problem(request: Request, error: Exception) -> Response:
    """404 and 405 in the form of all other refusals."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    headers = dict(error.headers or {}) if isinstance(error, HTTPException) else {}
    title = "This server has no such resource or method."
    detail = f"{request.method} {request.url.path}"
    problem = Problem(status, f"http-{status}", title, detail, headers=headers)
    facts = facts_of(request)
    facts.reason = problem.code
    return problem_response(problem, facts.correlation_id)

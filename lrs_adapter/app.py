"""The application: settings in, a served FastAPI app out."""

import time
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from functools import partial

import httpx
import structlog
from fastapi import FastAPI, Request, Response
from prometheus_client import CollectorRegistry
from starlette.exceptions import HTTPException

from lrs_adapter.attachment_store import AttachmentStore
from lrs_adapter.authentication import Authenticator
from lrs_adapter.credentials import Credential, parse_credentials, read_file
from lrs_adapter.credentials_watch import CredentialsWatch
from lrs_adapter.envelope import Envelope
from lrs_adapter.facts import facts_of
from lrs_adapter.hr_receiver import HrFeedOptions, HrReceiver
from lrs_adapter.hr_routes import hr_router
from lrs_adapter.hr_rows import HomePages
from lrs_adapter.in_flight import InFlight
from lrs_adapter.issuers import is_loopback
from lrs_adapter.nonces import Nonces
from lrs_adapter.openapi import describe
from lrs_adapter.ops_routes import ops_router
from lrs_adapter.problems import Problem
from lrs_adapter.rate_limit import RateLimits
from lrs_adapter.receiver import Limits, Receiver
from lrs_adapter.responses import problem_response
from lrs_adapter.statement_log import StatementLog
from lrs_adapter.webhook_signature import parse_secret
from lrs_adapter.xapi_routes import xapi_router
from schemas import log_events
from schemas.errors import SettingsError
from schemas.metrics import AdapterMetrics
from schemas.mounts import parse_mounts
from schemas.settings import AdapterSettings, env_name

_ISSUER_TIMEOUT_S = 3.0

log = structlog.get_logger()

_DESCRIPTION = "Receives xAPI statements and acknowledges them once Kafka has."


def create_app(settings: AdapterSettings, registry: CollectorRegistry | None = None) -> FastAPI:
    """Build the application. Raises `ConfigError` if the credentials file is wrong."""
    path = settings.credentials_file
    text = read_file(path)
    file = parse_credentials(text, str(path))
    _warn_of_samples(file.credentials, settings.host)
    registry = registry or CollectorRegistry()
    metrics = AdapterMetrics(registry)
    statement_log = StatementLog(
        settings.kafka_bootstrap_servers,
        idempotent=settings.producer_idempotence,
        ack_timeout_s=settings.ack_timeout_s,
        in_flight=InFlight(settings.max_in_flight_bytes, metrics.in_flight_bytes),
    )
    http = httpx.AsyncClient(timeout=_ISSUER_TIMEOUT_S)
    authenticator = Authenticator(file, http)
    watch = CredentialsWatch(path, text, settings.credentials_reload_s, authenticator.replace)
    receiver = Receiver(
        authenticator=authenticator,
        rate_limits=RateLimits(time.monotonic),
        attachments=AttachmentStore(settings.attachments_dir),
        statement_log=statement_log,
        limits=Limits(settings.body_limit_bytes, settings.batch_limit),
        tenant_key=settings.tenant_key_bytes,
        metrics=metrics,
        clock=now_us,
    )
    app = FastAPI(
        title="Readystream statement receiver",
        description=_DESCRIPTION,
        lifespan=partial(_lifespan, statement_log, watch, http),
        redirect_slashes=False,
        exception_handlers={HTTPException: _http_problem},
    )
    mounts = parse_mounts(settings.mounts)
    app.add_middleware(Envelope, mounts=mounts, metrics=metrics)
    for mount in mounts:
        app.include_router(xapi_router(receiver, mount, settings.body_limit_bytes))
    if settings.hr_webhook_secrets is not None:
        app.include_router(hr_router(_hr_receiver(settings, statement_log)))
    app.include_router(ops_router(statement_log, registry))
    app.openapi = partial(describe, app)  # type: ignore[method-assign]  # FastAPI's own way to extend it
    return app


def _hr_receiver(settings: AdapterSettings, statement_log: StatementLog) -> HrReceiver:
    pages = HomePages(settings.hr_sso_home_page, settings.hr_hris_home_page)
    return HrReceiver(
        secrets=_webhook_secrets(settings),
        nonces=Nonces(settings.hr_nonces_dir),
        options=HrFeedOptions(settings.tenant_key_bytes, settings.hr_source, pages),
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
async def _lifespan(
    statement_log: StatementLog, watch: CredentialsWatch, http: httpx.AsyncClient, _: FastAPI
) -> AsyncIterator[None]:
    statement_log.start()
    log.info(log_events.ADAPTER_STARTED)
    async with http, watch.running():
        yield
    await statement_log.stop()
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


def _warn_of_samples(credentials: Sequence[Credential], host: str) -> None:
    for credential in credentials:
        if credential.sample and not is_loopback(host):
            log.warning(log_events.ADAPTER_SAMPLE_CREDENTIAL, credential=credential.name, host=host)

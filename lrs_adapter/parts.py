"""What the application is made of, wired together, started and stopped."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass

import httpx
import structlog

from lrs_adapter.access.authentication import Authenticator
from lrs_adapter.access.credentials import Credential, parse_credentials, read_file
from lrs_adapter.access.credentials_watch import CredentialsWatch
from lrs_adapter.access.issuers import is_loopback
from lrs_adapter.access.rate_limit import RateLimits
from lrs_adapter.attachments.objects import attachments_for
from lrs_adapter.log.memory import Memory
from lrs_adapter.log.reader import LogReader
from lrs_adapter.log.statement_log import StatementLog
from lrs_adapter.log.tail import Tail
from lrs_adapter.statements.reader import Reader
from lrs_adapter.statements.receiver import Limits, Receiver
from lrs_adapter.wire.in_flight import InFlight
from schemas import log_events
from schemas.metrics import AdapterMetrics
from schemas.mounts import parse_mounts
from schemas.settings import AdapterSettings
from schemas.spans import OpenSpan, no_span

_ISSUER_TIMEOUT_S = 3.0

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Parts:
    """The two sides of the statement resource, and what runs behind them."""

    receiver: Receiver
    reader: Reader
    statement_log: StatementLog
    tail: Tail
    log_reader: LogReader
    watch: CredentialsWatch
    http: httpx.AsyncClient

    @asynccontextmanager
    async def running(self) -> AsyncIterator[None]:
        """Started on entry; on exit what was accepted is flushed and everything is closed."""
        self.statement_log.start()
        self.tail.start()
        async with self.http, self.watch.running():
            yield
        await asyncio.gather(self.statement_log.stop(), self.tail.stop(), self.log_reader.close())


def parts_for(
    settings: AdapterSettings,
    metrics: AdapterMetrics,
    clock: Callable[[], int],
    open_span: OpenSpan = no_span,
) -> Parts:
    """Build them. `clock` gives microseconds since the epoch. Raises `ConfigError` for wrong credentials."""
    path = settings.credentials_file
    text = read_file(path)
    mounts = parse_mounts(settings.mounts)
    file = parse_credentials(text, str(path), mounts)
    _warn_of_samples(file.credentials, settings.host)
    http = httpx.AsyncClient(timeout=_ISSUER_TIMEOUT_S)
    authenticator = Authenticator(file, http)
    attachments = attachments_for(settings)
    memory = Memory(settings.memory_statements)
    tail = Tail(settings.kafka_bootstrap_servers, memory, settings.memory_statements, metrics)
    log_reader = LogReader(settings.kafka_bootstrap_servers)
    statement_log = _statement_log(settings, metrics)
    receiver = Receiver(
        authenticator=authenticator,
        rate_limits=RateLimits(time.monotonic),
        attachments=attachments,
        memory=memory,
        statement_log=statement_log,
        limits=Limits(settings.body_limit_bytes, settings.batch_limit),
        tenant_key=settings.tenant_key_bytes,
        metrics=metrics,
        clock=clock,
        open_span=open_span,
    )
    reader = Reader(
        authenticator=authenticator,
        memory=memory,
        tail=tail,
        log=log_reader,
        attachments=attachments,
        homepage=settings.authority_homepage,
    )
    watch = CredentialsWatch(
        path, text, mounts=mounts, every_s=settings.credentials_reload_s, replace=authenticator.replace
    )
    return Parts(receiver, reader, statement_log, tail, log_reader, watch, http)


def _statement_log(settings: AdapterSettings, metrics: AdapterMetrics) -> StatementLog:
    return StatementLog(
        settings.kafka_bootstrap_servers,
        idempotent=settings.producer_idempotence,
        ack_timeout_s=settings.ack_timeout_s,
        in_flight=InFlight(settings.max_in_flight_bytes, metrics.in_flight_bytes),
    )


def _warn_of_samples(credentials: Sequence[Credential], host: str) -> None:
    for credential in credentials:
        if credential.sample and not is_loopback(host):
            log.warning(log_events.ADAPTER_SAMPLE_CREDENTIAL, credential=credential.name, host=host)

"""Following one source: round after round, with pauses that fit how the last one ended."""

import asyncio
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from random import SystemRandom

import structlog

from lrs_adapter.attachments.objects import attachments_for
from lrs_adapter.bulk.writer import log_writer
from lrs_adapter.pull.backoff import Backoff
from lrs_adapter.pull.checkpoints import read_checkpoint
from lrs_adapter.pull.lrs_client import LrsClient, Trouble
from lrs_adapter.pull.progress import Progress
from lrs_adapter.pull.rounds import Rounds
from lrs_adapter.pull.sources import Source
from schemas import log_events
from schemas.errors import UnavailableError
from schemas.metrics import PullMetrics
from schemas.settings import PullSettings

_SECOND_US = 1_000_000

log = structlog.get_logger()


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What all followers of a process share. `secrets` by name of the variable."""

    settings: PullSettings
    secrets: Mapping[str, str]
    metrics: PullMetrics


class Follower:
    """Follows one source until it is stopped."""

    def __init__(self, source: Source, surroundings: Surroundings) -> None:
        settings = surroundings.settings
        self._source = source
        self._settings = settings
        self._secret = surroundings.secrets[source.secret_env]
        self._metrics = surroundings.metrics
        self._backoff = Backoff(settings.pull_backoff_s, settings.pull_backoff_max_s, SystemRandom())
        self._stopping = asyncio.Event()

    @property
    def name(self) -> str:
        """The source's name."""
        return self._source.name

    def stop(self) -> None:
        """Ask it to end; a cancellation alone can be swallowed by the Kafka client."""
        self._stopping.set()

    async def run(self) -> None:
        """Follow; connections to Kafka and to the LRS are made anew after Kafka was away."""
        while not self._stopping.is_set():
            try:
                await self._connected()
            except UnavailableError as error:
                await self._pause(self._troubled(Trouble("kafka", str(error))))

    async def _connected(self) -> None:
        settings = self._settings
        client = LrsClient(
            self._source,
            self._secret,
            timeout_s=settings.pull_timeout_s,
            page_bytes=settings.pull_page_bytes,
        )
        servers = settings.kafka_bootstrap_servers
        async with client, log_writer(servers, idempotent=settings.producer_idempotence) as writer:
            cursor = await read_checkpoint(servers, writer, self._source.name)
            rounds = Rounds(
                self._source.name,
                client=client,
                writer=writer,
                attachments=attachments_for(settings),
                progress=Progress(cursor, round(self._source.overlap_s * _SECOND_US)),
                tenant_key=settings.tenant_key_bytes,
                metrics=self._metrics,
            )
            while not self._stopping.is_set():
                await self._pause(self._after(await rounds.run()))

    def _after(self, trouble: Trouble | None) -> float:
        if trouble is not None:
            return self._troubled(trouble)
        self._backoff.succeeded()
        return self._source.poll_s

    def _troubled(self, trouble: Trouble) -> float:
        name = self._source.name
        pause_s = self._backoff.failed(trouble.retry_after_s)
        self._metrics.troubles.labels(name, trouble.reason).inc()
        log.warning(
            log_events.PULL_TROUBLE,
            source=name,
            reason=trouble.reason,
            detail=trouble.detail,
            pause_s=round(pause_s, 1),
        )
        return pause_s

    async def _pause(self, seconds: float) -> None:
        with suppress(TimeoutError):
            await asyncio.wait_for(self._stopping.wait(), seconds)

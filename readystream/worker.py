"""The worker process: the two stages on the Faust engine, with its operator's addresses."""

import asyncio
import time
from collections.abc import Callable, Mapping
from functools import partial
from typing import TYPE_CHECKING

import structlog
from prometheus_client import CollectorRegistry

from readystream.config_files import read_configuration
from readystream.ops import ops_server
from readystream.tracing import tell_chunk, tracing
from schemas import log_events
from schemas.metrics import WorkerMetrics
from schemas.settings import WorkerSettings
from streams.core.limits import DeadLetterLimit
from streams.core.person_stage import PersonStage
from streams.core.persona_stage import PersonaStage
from streams.core.retention import Retention
from streams.engine.app import build_app
from streams.engine.config import EngineConfig
from streams.engine.health import Health
from streams.engine.run import run_worker
from streams.records import Chunk

if TYPE_CHECKING:
    from readystream.otel import Tracing

_log = structlog.get_logger()


def _now_us() -> int:
    return time.time_ns() // 1000


def _editions_observer(metrics: WorkerMetrics) -> Callable[[int, bool], None]:
    """Keeps the gauge, and logs when a partition becomes mixed or is so no more."""
    known: dict[int, bool] = {}

    def observe(partition: int, is_mixed: bool) -> None:
        if known.get(partition, False) != is_mixed:
            event = log_events.WORKER_MIXED_EDITIONS if is_mixed else log_events.WORKER_ONE_EDITION
            _log.warning(event, partition=partition)
        known[partition] = is_mixed
        metrics.mixed_editions.labels(str(partition)).set(is_mixed)

    return observe


def stages(settings: WorkerSettings, metrics: WorkerMetrics) -> tuple[PersonaStage, PersonStage]:
    """The stages as the settings want them. Raises `ConfigError` for faulty configuration files."""
    skill_map, roles = read_configuration(settings.skill_map_file, settings.role_profiles_file)

    def observe(outcomes: Mapping[str, int]) -> None:
        for outcome, count in outcomes.items():
            metrics.outcomes.labels(outcome).inc(count)

    def observe_deleted(table: str, rows: int) -> None:
        metrics.deleted.labels(table).inc(rows)

    retention = Retention(
        settings.day_retention_days, settings.evidence_retention_days, settings.ledger_horizon_days
    )
    persona = PersonaStage(
        skill_map,
        partitions=settings.partitions,
        epoch=settings.topic_epoch,
        as_of=settings.as_of_now,
        retention=retention,
        observe_deleted=observe_deleted,
        observe=observe,
        observe_editions=_editions_observer(metrics),
        now_us=_now_us,
        limit=DeadLetterLimit(settings.dead_letter_streak, settings.dead_letter_ratio),
        snapshot_every_s=settings.snapshot_every_s,
    )
    person = PersonStage(
        skill_map,
        roles,
        partitions=settings.partitions,
        epoch=settings.topic_epoch,
        as_of=settings.as_of_now,
        now_us=_now_us,
        retention=retention,
        observe_deleted=observe_deleted,
    )
    return persona, person


def _engine_config(
    settings: WorkerSettings, metrics: WorkerMetrics, traced: "Tracing | None"
) -> EngineConfig:
    def on_chunk(stage: str, chunk: Chunk, seconds: float) -> None:
        metrics.records.labels(stage).inc(len(chunk.records))
        metrics.chunk_seconds.labels(stage).observe(seconds)
        if traced is not None:
            tell_chunk(traced, stage, chunk, seconds)

    return EngineConfig(
        app_id=settings.app_id,
        bootstrap_servers=settings.kafka_bootstrap_servers,
        partitions=settings.partitions,
        data_dir=settings.data_dir,
        replication_factor=settings.replication_factor,
        producer_idempotence=settings.producer_idempotence,
        session_timeout_s=settings.session_timeout_s,
        heartbeat_s=settings.heartbeat_s,
        rebalance_timeout_s=settings.rebalance_timeout_s,
        commit_interval_s=settings.commit_interval_s,
        chunk_max=settings.chunk_max,
        sweep_interval_s=settings.sweep_interval_s,
        watchdog_s=settings.watchdog_s,
        on_chunk=on_chunk,
    )


def run(settings: WorkerSettings) -> None:
    """Run a worker until SIGTERM or SIGINT."""
    with tracing(settings, "worker") as traced:
        asyncio.run(_run(settings, traced))


async def _run(settings: WorkerSettings, traced: "Tracing | None") -> None:
    registry = CollectorRegistry()
    metrics = WorkerMetrics(registry)
    health = Health()
    metrics.ready.set_function(lambda: float(health.ready))
    for topic in (*PersonaStage.topics, *PersonStage.topics):
        metrics.lag.labels(topic).set_function(partial(health.lag_of, topic))
    app = build_app(_engine_config(settings, metrics, traced), stages(settings, metrics), health)
    async with ops_server(settings.ops_host, settings.ops_port, registry, lambda: health.ready):
        await run_worker(app)

"""Spans of a statement on its way, as OpenTelemetry's own exporter in memory sees them."""

import asyncio
import subprocess
import sys
from collections.abc import Sequence
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from opentelemetry.sdk.trace import ReadableSpan
from opentelemetry.sdk.trace.export import SimpleSpanProcessor
from opentelemetry.sdk.trace.export.in_memory_span_exporter import InMemorySpanExporter
from prometheus_client import CollectorRegistry

from readystream.otel import LINKS, Tracing
from readystream.topics import create_topics
from readystream.tracing import tell_chunk, tell_insert, tracing
from readystream.worker import _engine_config, stages
from schemas.metrics import WorkerMetrics
from schemas.settings import KafkaSettings, WorkerSettings
from schemas.topics import CATALOGUE, EVENTS, STATEMENTS
from sinks.buffer import Block, Buffer
from sinks.health import SinkHealth
from sinks.records import RawRecord
from streams.records import Chunk, Record
from tests.contract.adapter_kit import is_ready, serving, settings_for, statement, until
from tests.services.kafka import PARTITIONS, Kafka
from tests.unit.streams.pipeline import Pipeline

SENT = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
TRACE_ID = 0x4BF92F3577B34DA6A3CE929D0E0E4736


class Traced:
    """A process whose spans are kept in memory."""

    def __init__(self) -> None:
        self._exporter = InMemorySpanExporter()
        self.tracing = Tracing("test", SimpleSpanProcessor(self._exporter))

    @property
    def spans(self) -> Sequence[ReadableSpan]:
        """What has ended."""
        return self._exporter.get_finished_spans()


@pytest.fixture
def traced() -> Traced:
    return Traced()


def _accepted(kafka: Kafka, home: Path, traced: Traced, **headers: str) -> list[Any]:
    """What an adapter that is traced writes for one statement."""
    with serving(settings_for(kafka, home), kafka, traced.tracing.open) as adapter:
        until(lambda: is_ready(adapter), 20)
        with adapter.sender(**headers) as sender:
            sender.post("/statements", json=[statement()]).raise_for_status()
        return adapter.recorded(sender)


def _processed(traced: Traced, records: Sequence[Any]) -> list[Record]:
    """What a worker that is traced publishes of them."""
    settings = WorkerSettings(partitions=PARTITIONS)
    metrics = WorkerMetrics(CollectorRegistry())
    pipeline = Pipeline(stages(settings, metrics), PARTITIONS)
    for record in records:
        pipeline._append(STATEMENTS.name, record.partition, record.key, record.value, tuple(record.headers))
    pipeline.settle()
    chunk = Chunk(STATEMENTS.name, records[0].partition, records)
    _engine_config(settings, metrics, traced.tracing).on_chunk("persona", chunk, 0.01)
    return pipeline.records(EVENTS)


def _inserted(traced: Traced, records: Sequence[Record]) -> None:
    """Has a sink that is traced take them."""
    buffer = Buffer((EVENTS.name, 0), 0)
    raws = [
        RawRecord(EVENTS.name, 0, one.offset, 0, one.key or b"", one.value, one.headers, 0) for one in records
    ]
    buffer.add(raws, 0.0)
    block = buffer.block()
    assert isinstance(block, Block)
    SinkHealth(on_insert=partial(tell_insert, traced.tracing)).inserted(block, 1, 0.01)


def test_adapter_worker_and_sink_tell_of_a_statement_in_one_trace(
    kafka: Kafka, tmp_path: Path, traced: Traced
) -> None:
    asyncio.run(create_topics(kafka.bootstrap, CATALOGUE, PARTITIONS, replication=1))

    accepted = _accepted(kafka, tmp_path, traced, traceparent=SENT)
    _inserted(traced, _processed(traced, accepted))

    spans = {span.name: span for span in traced.spans if span.context and span.context.trace_id == TRACE_ID}
    request = spans.pop("POST /xapi")
    assert spans.keys() == {"send xapi.statements", "process persona", "insert learning_events"}
    assert request.context is not None
    assert {span.parent and span.parent.span_id for span in spans.values()} == {request.context.span_id}
    assert request.parent is not None
    assert request.parent.span_id == 0x00F067AA0BA902B7
    (record,) = accepted
    own = f"00-{TRACE_ID:032x}-{request.context.span_id:016x}-01"
    assert dict(record.headers)["traceparent"].decode() == own


def test_a_batch_of_many_requests_is_linked_to_some_of_them(traced: Traced) -> None:
    told = [b"00-%032x-%016x-01" % (number, number) for number in range(1, 100)]
    records = [Record(n, b"", b"", (("traceparent", one),)) for n, one in enumerate(told + told)]

    tell_chunk(traced.tracing, "persona", Chunk(STATEMENTS.name, 3, records), 0.5)

    (span,) = traced.spans
    assert span.parent is None
    assert [link.context.trace_id for link in span.links] == list(range(1, LINKS + 1))
    assert span.attributes is not None
    assert span.attributes["messaging.batch.message_count"] == 198
    assert span.start_time is not None
    assert span.end_time is not None
    assert span.end_time - span.start_time == 500_000_000


@pytest.mark.parametrize("header", [b"00-%032x-%016x-00" % (1, 1), b"nonsense", b"\xff"])
def test_work_that_nobody_samples_is_not_told(traced: Traced, header: bytes) -> None:
    records = [Record(0, b"", b"", (("traceparent", header),)), Record(1, b"", b"", ())]
    tell_chunk(traced.tracing, "persona", Chunk(STATEMENTS.name, 3, records), 0.5)
    assert not traced.spans


def test_without_the_setting_opentelemetrys_sdk_is_not_even_loaded() -> None:
    asked = (
        "import sys; from schemas.settings import KafkaSettings; from readystream.tracing import tracing\n"
        "with tracing(KafkaSettings(), 'adapter') as traced: assert traced is None\n"
        "print([name for name in sys.modules if name.startswith('opentelemetry')])"
    )
    found = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert found.stdout.strip() == "[]"


def test_with_it_a_collector_that_is_away_holds_nobody_up(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_ENDPOINT", "http://127.0.0.1:9")
    monkeypatch.setenv("OTEL_EXPORTER_OTLP_TIMEOUT", "1")
    with tracing(KafkaSettings(traces=True), "adapter") as traced:
        assert traced is not None
        with traced.open("POST /xapi", "server", None) as own:
            assert own.startswith("00-")

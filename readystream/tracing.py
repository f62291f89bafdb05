"""Whether a process is traced, and by what."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from schemas.errors import ConfigError
from schemas.settings import KafkaSettings

if TYPE_CHECKING:
    from readystream.otel import Tracing
    from sinks.buffer import Block
    from streams.records import Chunk


@contextmanager
def tracing(settings: KafkaSettings, process: str) -> Iterator["Tracing | None"]:
    """What makes the spans of this process while the block runs; None if they are switched off.

    Raises `ConfigError` if they are switched on and OpenTelemetry is not installed.
    """
    if not settings.traces:
        yield None
        return
    try:
        from readystream.otel import otlp  # noqa: PLC0415 - an extra that is loaded by those who want it
    except ImportError as error:
        problem = f"READYSTREAM_TRACES needs pip install 'readystream[otel]': {error}"
        raise ConfigError("the installation", [problem]) from None
    made = otlp(process)
    try:
        yield made
    finally:
        made.close()


def tell_chunk(traced: "Tracing", stage: str, chunk: "Chunk", seconds: float) -> None:
    """A chunk is done, with all its effects acknowledged."""
    about = (record.headers for record in chunk.records)
    attributes = _of(chunk.topic, chunk.partition, len(chunk.records))
    traced.did(f"process {stage}", "consumer", seconds, about, attributes)


def tell_insert(traced: "Tracing", block: "Block", seconds: float) -> None:
    """ClickHouse has taken a block."""
    about = (raw.headers for raw in block.raws)
    attributes = _of(*block.partition, len(block.raws)) | {"db.collection.name": block.table.name}
    traced.did(f"insert {block.table.name}", "client", seconds, about, attributes)


def _of(topic: str, partition: int, records: int) -> dict[str, str | int]:
    """Attributes under the names of OpenTelemetry's conventions for messaging."""
    return {
        "messaging.system": "kafka",
        "messaging.destination.name": topic,
        "messaging.destination.partition.id": str(partition),
        "messaging.batch.message_count": records,
    }

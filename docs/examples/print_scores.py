"""Prints every change of a readiness score, and what holds when it starts.

Needs aiokafka and fastavro, with a schema registry also httpx: pip install aiokafka fastavro httpx
"""

import asyncio
import json
import os
from contextlib import suppress
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any

import httpx
from aiokafka import AIOKafkaConsumer
from fastavro import parse_schema, schemaless_reader

BOOTSTRAP = os.environ.get("KAFKA_BOOTSTRAP_SERVERS", "127.0.0.1:9092")
REGISTRY = os.environ.get("SCHEMA_REGISTRY_URL", "")
SCHEMA_FILE = Path(os.environ.get("SCHEMA_FILE", "schemas/avro/scores.readiness.avsc"))


@cache
def schema_of(number: int) -> Any:
    """The schema that a record was written with: the registry's, or the file of the release that writes."""
    if REGISTRY:
        text = httpx.get(f"{REGISTRY}/schemas/ids/{number}").raise_for_status().json()["schema"]
    else:
        text = SCHEMA_FILE.read_text(encoding="utf-8")
    return parse_schema(json.loads(text))


def decoded(data: bytes) -> Any:
    """The value: Avro, behind a zero byte and the id of its schema."""
    return schemaless_reader(BytesIO(data[5:]), schema_of(int.from_bytes(data[1:5], "big")), None)


def sentence(value: Any) -> str:
    """What a value says. A score of None is not a low score."""
    if value is None:
        return "withdrawn"
    if value["score"] is None:
        return f"not enough evidence yet, confidence {value['confidence']:.2f}"
    told = f"{value['score']:.1f} ({value['low']:.0f} to {value['high']:.0f}), {value['status']}"
    why = ", ".join(item["statement_id"] for item in value["top_evidence"])
    return f"{told}, because of {why}" if why else told


async def main() -> None:
    """Read from the beginning, keep the greatest version of each key."""
    held: dict[str, int] = {}
    # Without a group: every start reads the topic anew, which is what a table in memory wants.
    consumer = AIOKafkaConsumer("scores.readiness", bootstrap_servers=BOOTSTRAP, auto_offset_reset="earliest")
    async with consumer:
        async for record in consumer:
            key = record.key.decode()
            version = int(dict(record.headers)["version"])
            if version > held.get(key, -1):  # an equal one is a repetition, a smaller one comes too late
                held[key] = version
                print(key, sentence(None if record.value is None else decoded(record.value)), flush=True)


if __name__ == "__main__":
    with suppress(KeyboardInterrupt):  # Ctrl-C is how it ends
        asyncio.run(main())

"""The Avro schemas of the records, as they are shipped in `schemas/avro`, and what names them."""

import json
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastavro.schema import to_parsing_canonical_form


@lru_cache
def raw_schema(topic_name: str) -> dict[str, Any]:
    """The schema of a topic's value."""
    text = files("schemas").joinpath(f"avro/{topic_name}.avsc").read_text(encoding="utf-8")
    schema: dict[str, Any] = json.loads(text)
    return schema


def schema_version(topic_name: str) -> str:
    """The semantic version of the topic's schema."""
    return str(raw_schema(topic_name)["version"])


@lru_cache
def schema_id(topic_name: str) -> int:
    """Deterministic id of the topic's schema, 31 bits of the digest of its canonical form."""
    canonical = to_parsing_canonical_form(raw_schema(topic_name))
    return int.from_bytes(sha256(canonical.encode()).digest()[:4], "big") >> 1

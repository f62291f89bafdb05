"""The Avro schemas of the records, and what names them.

`schemas/avro/TOPIC.avsc` is what this release writes. `schemas/released/TOPIC/VERSION.avsc` is what any
release has written: records of theirs are in the log, so each of them stays readable.
"""

import json
from collections.abc import Mapping
from functools import lru_cache
from hashlib import sha256
from importlib.resources import files
from typing import Any

from fastavro.schema import to_parsing_canonical_form

Schema = dict[str, Any]
_HOME = files("schemas")


@lru_cache
def raw_schema(topic_name: str) -> Schema:
    """The schema of a topic's value."""
    schema: Schema = json.loads(_HOME.joinpath(f"avro/{topic_name}.avsc").read_text(encoding="utf-8"))
    return schema


@lru_cache
def released(topic_name: str) -> Mapping[str, Schema]:
    """The released schemas of a topic by their semantic versions, oldest first; none of a new topic."""
    folder = _HOME.joinpath("released", topic_name)
    found = folder.iterdir() if folder.is_dir() else ()
    schemas = [json.loads(file.read_text(encoding="utf-8")) for file in found]
    return {schema["version"]: schema for schema in sorted(schemas, key=lambda one: numbers(one["version"]))}


def known(topic_name: str) -> Mapping[str, Schema]:
    """Every schema that records of the topic may have been written with, by version, oldest first."""
    current = raw_schema(topic_name)
    return {**released(topic_name), current["version"]: current}


def numbers(version: str) -> tuple[int, int, int]:
    """A semantic version as numbers, which compare: major, minor, patch."""
    major, minor, patch = map(int, version.split("."))
    return major, minor, patch


def schema_version(topic_name: str) -> str:
    """The semantic version of the topic's schema."""
    return str(raw_schema(topic_name)["version"])


def schema_id(schema: Schema) -> int:
    """Deterministic id of a schema: 31 bits of the digest of its canonical form."""
    canonical = to_parsing_canonical_form(schema)
    return int.from_bytes(sha256(canonical.encode()).digest()[:4], "big") >> 1

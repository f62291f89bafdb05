"""Accepted statements, as the adapter writes them: a company's learning, or such from ever more people."""

import uuid
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date, timedelta
from functools import lru_cache
from random import Random
from typing import Any

import orjson

from readystream.dev.generator import Statement, generate
from schemas import codec
from schemas.equality import content_digest
from schemas.partitions import partition_for
from schemas.persona import canonical_key, persona_id
from schemas.topics import STATEMENTS
from schemas.xapi import is_voiding
from tests.bench.records import BenchRecord
from tests.services.kafka import PARTITIONS

AS_OF = date(2026, 11, 21)
_TENANT_KEY = b"bench-tenant-key"
_ARRIVED_US = 1_800_000_000_000_000
_DAYS, _STATEMENTS_PER_LEARNER = 90, 110
_TEMPLATE_LEARNERS = 100


def company(statements: int, seed: int = 7) -> Iterator[BenchRecord]:
    """The first `statements` statements of a company's ninety days, resends and voids included."""
    learners = statements // _STATEMENTS_PER_LEARNER + 50
    made = _generated(learners, seed)
    if len(made) < statements:
        raise ValueError(f"{learners} learners made {len(made)} statements, not {statements}")
    return (record for statement in made[:statements] for record in _records(statement))


def crowd(learners: Iterable[int], seed: int) -> Iterator[BenchRecord]:
    """One statement of each of these learners in turn, like one of the company's, with an id of its own."""
    chance = Random(seed)
    templates = [one for one in _generated(_TEMPLATE_LEARNERS, 7) if not is_voiding(one)]
    for learner in learners:
        statement = chance.choice(templates) | {
            "id": str(uuid.UUID(int=chance.getrandbits(128), version=4)),
            "actor": _actor(learner),
        }
        yield from _records(statement)


def crowd_persona(learner: int) -> str:
    """The persona of one of the crowd."""
    return _persona({"actor": _actor(learner)})


def _actor(learner: int) -> Mapping[str, Any]:
    return {"account": {"homePage": "https://bench.example.com", "name": f"learner-{learner}"}}


@lru_cache(maxsize=2)
def _generated(learners: int, seed: int) -> Sequence[Statement]:
    simulation = generate(learners, _DAYS, seed, AS_OF - timedelta(days=1))
    return [
        statement for delivery in simulation.deliveries if delivery.valid for statement in delivery.statements
    ]


def _records(statement: Statement) -> Iterator[BenchRecord]:
    """The statement's record, and for a void a copy in every other partition."""
    persona = _persona(statement)
    voids = str(statement["object"]["id"]).lower() if is_voiding(statement) else ""
    key = persona or str(statement["id"]).lower()
    value: dict[str, Any] = {
        "statement_id": str(statement["id"]).lower(),
        "persona_id": persona,
        "statement": orjson.dumps(statement),
        "received_at": _ARRIVED_US,
        "stored_at": _ARRIVED_US,
        "credential": "bench",
        "source": "http",
        "xapi_version": "1.0.3",
        "correlation_id": "0198c1f4-7c7b-7c52-9c1c-5b1f0e6f2a11",
        "voids": voids,
        "copy": False,
        "digest": content_digest(statement),
    }
    home = partition_for(key, PARTITIONS)
    yield BenchRecord(key, codec.encode(STATEMENTS, value), home)
    if voids:
        copy = codec.encode(STATEMENTS, {**value, "copy": True})
        yield from (BenchRecord(key, copy, place) for place in range(PARTITIONS) if place != home)


def _persona(statement: Mapping[str, Any]) -> str:
    key = canonical_key(statement["actor"])
    return "" if key is None else persona_id(_TENANT_KEY, key)

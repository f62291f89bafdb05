"""The records that a statement becomes."""

import json

from lrs_adapter.log.record import Record
from lrs_adapter.statements.batch import Bad, Kept
from lrs_adapter.statements.dead_letters import dead_letter
from lrs_adapter.statements.judgement import read_batch
from lrs_adapter.statements.records import Stamp, records
from lrs_adapter.wire.problems import Problem
from schemas.codec import decode
from schemas.dead_letter import DeadLetter
from schemas.equality import content_digest
from schemas.outcomes import Fault
from schemas.persona import canonical_key, persona_id
from schemas.topics import DEAD_LETTERS, STATEMENTS, partition_for
from tests.unit.adapter.samples import ID, OTHER_ID, STATEMENT, VOID, delivery

HEADERS = (
    ("correlation_id", b"correlation-1"),
    ("content-type", b"application/avro"),
    ("schema_version", b"1.0.0"),
)
TENANT_KEY = b"a key of this tenant alone"
STAMP = Stamp(
    source="http",
    credential=delivery().credential.name,
    xapi_version=delivery().version,
    correlation_id=delivery().correlation_id,
    received_at=1_000,
    stored_at=2_000,
    tenant_key=TENANT_KEY,
    partitions=4,
)


def _keep(statement: dict[str, object]) -> Kept:
    outcome = read_batch(json.dumps(statement | {"id": ID}).encode(), delivery(), 1)
    assert not isinstance(outcome, Problem)
    return outcome.kept[0]


def _records(statement: dict[str, object]) -> list[Record]:
    return list(records(_keep(statement), STAMP))


def test_a_statement_goes_to_its_actors_partition() -> None:
    (record,) = _records(STATEMENT)
    key = canonical_key(STATEMENT["actor"])
    assert key is not None
    persona = persona_id(TENANT_KEY, key)
    assert record.key == persona.encode()
    assert record.partition == partition_for(persona, 4)
    assert record.headers == HEADERS
    assert decode(STATEMENTS, record.value) == {
        "statement_id": ID,
        "persona_id": persona,
        "statement": json.dumps(STATEMENT | {"id": ID}).encode(),
        "received_at": 1_000,
        "stored_at": 2_000,
        "credential": "lms",
        "source": "http",
        "xapi_version": "1.0.3",
        "correlation_id": "correlation-1",
        "voids": "",
        "copy": False,
        "edition": "",
        "rederives": -1,
        "digest": content_digest(STATEMENT | {"id": ID}),
    }


def test_a_void_goes_to_every_partition_and_counts_once() -> None:
    made = _records(VOID)
    values = [decode(STATEMENTS, record.value) for record in made]
    assert {record.partition for record in made} == {0, 1, 2, 3}
    assert [value["copy"] for value in values] == [False, True, True, True]
    assert {value["voids"] for value in values} == {OTHER_ID}
    assert made[0].partition == partition_for(made[0].key.decode(), 4)
    assert len({record.key for record in made}) == 1


def test_an_actor_that_identifies_nobody_is_spread_by_statement() -> None:
    anonymous = {"objectType": "Group", "member": [STATEMENT["actor"]]}
    (record,) = _records(STATEMENT | {"actor": anonymous})
    assert record.key == ID.encode()
    assert decode(STATEMENTS, record.value)["persona_id"] == ""


def test_an_identified_group_is_a_persona_of_its_own() -> None:
    account = {"homePage": "https://lms.example.com/", "name": "team"}
    (record,) = _records(STATEMENT | {"actor": {"objectType": "Group", "account": account}})
    key = canonical_key({"account": account})
    assert key is not None
    assert record.key == persona_id(TENANT_KEY, key).encode()


def test_a_bad_statement_becomes_a_dead_letter_under_its_id() -> None:
    faults = (Fault("/verb/id", "must be an IRI", '"x"'), Fault("", "is odd"))
    record = dead_letter(Bad(ID.upper(), b'{"a": 1.0}', "invalid", faults), delivery(), failed_at=3_000)
    assert (record.topic, record.partition, record.key) == (DEAD_LETTERS.name, None, ID.encode())
    assert record.headers == HEADERS
    assert DeadLetter.decode(record.value) == DeadLetter(
        reason="invalid",
        where="adapter",
        detail="/verb/id must be an IRI; is odd",
        key=ID.encode(),
        value=b'{"a": 1.0}',
        failed_at=3_000,
        correlation_id="correlation-1",
        credential=delivery().credential.name,
    )

"""The records that an import writes."""

import json

import pytest

from lrs_adapter.bulk.judge import Judged, judge
from lrs_adapter.bulk.records import dead_letter, statement_records
from schemas.codec import decode
from schemas.equality import content_digest
from schemas.headers import traceparent_of
from schemas.outcomes import Fault, Rejected
from schemas.persona import canonical_key, persona_id
from schemas.topics import DEAD_LETTERS, STATEMENTS, partition_for
from schemas.xapi import parse_timestamp
from tests.unit.bulk.samples import ID, STATEMENT, TRACEPARENT, arrival, text


def judged(raw: bytes) -> Judged:
    found = judge(raw)
    assert isinstance(found, Judged)
    return found


def test_a_statement_is_recorded_as_imported() -> None:
    (record,) = statement_records(judged(text()), arrival())
    key = canonical_key(STATEMENT["actor"])
    assert key is not None
    persona = persona_id(arrival().tenant_key, key)
    assert record.topic == STATEMENTS.name
    assert (record.key, record.partition) == (persona.encode(), partition_for(persona, 4))
    assert decode(STATEMENTS, record.value) == {
        "statement_id": ID,
        "persona_id": persona,
        "statement": text(),
        "received_at": arrival().now_us,
        "stored_at": arrival().now_us,
        "credential": "import",
        "source": "import",
        "xapi_version": "1.0.3",
        "correlation_id": "import-1",
        "voids": "",
        "copy": False,
        "edition": "",
        "rederives": -1,
        "digest": content_digest(json.loads(text())),
    }


@pytest.mark.parametrize(
    ("timestamp", "stored", "moment"),
    [
        ("2026-03-01T10:00:00Z", "2026-03-02T00:00:00Z", None),
        (None, "2026-03-02T00:00:00Z", "2026-03-02T00:00:00Z"),
        (None, "2100-01-01T00:00:00Z", None),
        (None, "0001-01-01T00:00:00Z", None),
        (None, None, None),
    ],
)
def test_what_has_no_timestamp_happened_when_it_was_first_stored(
    timestamp: str | None, stored: str | None, moment: str | None
) -> None:
    (record,) = statement_records(judged(text(timestamp=timestamp, stored=stored)), arrival())
    expected = arrival().now_us if moment is None else parse_timestamp(moment)
    assert decode(STATEMENTS, record.value)["stored_at"] == expected


def test_statements_and_refused_rows_carry_the_trace_of_their_delivery() -> None:
    (record,) = statement_records(judged(text()), arrival())
    rejected = Rejected((Fault("/verb/id", "must be an IRI"),))
    letter = dead_letter(rejected, place="lms.ndjson", row=7, raw=b"{}", arrival=arrival())
    for one in (record, letter):
        assert traceparent_of(one.headers) == TRACEPARENT.encode()
        assert dict(one.headers)["correlation_id"] == b"import-1"


def test_a_void_goes_to_every_partition() -> None:
    verb = {"id": "http://adlnet.gov/expapi/verbs/voided"}
    target = {"objectType": "StatementRef", "id": ID.upper()}
    made = list(statement_records(judged(text(id=None, verb=verb, object=target)), arrival()))
    values = [decode(STATEMENTS, record.value) for record in made]
    assert {record.partition for record in made} == {0, 1, 2, 3}
    assert len(made) == 4
    assert [value["copy"] for value in values] == [False, True, True, True]
    assert {value["voids"] for value in values} == {ID}


def test_a_refused_row_is_kept_whole_and_says_where_it_stood() -> None:
    rejected = Rejected((Fault("score", "not a number", "secret"), Fault("", "odd")))
    letter = dead_letter(rejected, place="lms.csv", row=7, raw=b"u1,sql\n", arrival=arrival())
    again = dead_letter(rejected, place="lms.csv", row=7, raw=b"u1,sql\n", arrival=arrival())
    assert letter == again
    assert letter.topic == DEAD_LETTERS.name
    value = decode(DEAD_LETTERS, letter.value)
    assert value["reason"] == "invalid"
    assert value["where"] == "import"
    assert value["detail"] == "lms.csv, row 7: score: not a number; row: odd"
    assert (value["topic"], value["partition"], value["offset"]) == ("", -1, 7)
    assert (value["key"], value["value"]) == (b"lms.csv|7", b"u1,sql\n")
    assert letter.partition == partition_for("lms.csv|7", 4)
    assert "secret" not in value["detail"]

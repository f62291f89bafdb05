"""The headers of records."""

from schemas.avro_schemas import schema_version
from schemas.headers import headers, told, traceparent_of
from schemas.topics import EVENTS, READINESS

TRACEPARENT = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"


def test_a_value_says_how_to_read_it() -> None:
    said = dict(headers(READINESS, "delivery", version=7))
    assert said == {
        "correlation_id": b"delivery",
        "version": b"7",
        "content-type": b"application/avro",
        "schema_version": schema_version(READINESS.name).encode(),
    }


def test_a_tombstone_says_only_why_it_came() -> None:
    assert told("delivery", version=0) == (("correlation_id", b"delivery"), ("version", b"0"))


def test_the_trace_context_is_found_again() -> None:
    assert traceparent_of(headers(EVENTS, "delivery", version=1, traceparent=TRACEPARENT)) == TRACEPARENT
    assert traceparent_of(headers(EVENTS, "delivery", version=1)) == b""

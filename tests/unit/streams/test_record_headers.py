"""The headers of what the stages send: causes are carried on where one record comes of one statement."""

from schemas.topics import DEAD_LETTERS, ENGAGEMENT, EVENTS, PERSONA_STATE, READINESS, SKILLS
from tests.unit.streams.samples import Said, accept, build

PASSED = Said(1, "lena", "passed", scaled=0.9)
FIRST = b"00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
SECOND = b"00-11111111111111111111111111111111-2222222222222222-00"


def test_events_carry_the_trace_context_of_the_statement_that_caused_them() -> None:
    pipeline = build()
    accept(pipeline, PASSED, traceparent=FIRST)
    pipeline.settle()
    accept(pipeline, Said(9, "lena", "voided", voids=1), traceparent=SECOND)
    pipeline.settle()
    found = [dict(record.headers)["traceparent"] for record in pipeline.records(EVENTS)]
    assert sorted(found) == sorted([FIRST, SECOND, SECOND])  # the event, its withdrawal, and the void's own


def test_figures_name_their_schema_and_no_trace() -> None:
    pipeline = build()
    accept(pipeline, PASSED, traceparent=FIRST)
    pipeline.settle()
    for topic in (PERSONA_STATE, ENGAGEMENT, SKILLS, READINESS):
        for record in pipeline.records(topic):
            assert record.value is not None
            assert dict(record.headers).keys() == {
                "correlation_id",
                "version",
                "content-type",
                "schema_version",
            }


def test_a_dead_letter_carries_the_cause_of_the_refused_record() -> None:
    pipeline = build()
    accept(pipeline, PASSED, traceparent=FIRST, timestamp="yesterday")
    pipeline.settle()
    (letter,) = pipeline.records(DEAD_LETTERS)
    assert dict(letter.headers)["traceparent"] == FIRST


def test_a_tombstone_has_no_schema() -> None:
    pipeline = build()
    accept(pipeline, PASSED)
    accept(pipeline, Said(9, "lena", "voided", voids=1))
    pipeline.settle()
    tombstones = [record for record in pipeline.records(PERSONA_STATE) if record.value is None]
    assert tombstones
    assert all(dict(record.headers).keys() == {"correlation_id", "version"} for record in tombstones)

from prometheus_client import CollectorRegistry

from schemas.metrics import SinkMetrics
from schemas.topics import EVENTS, STATEMENTS
from sinks.buffer import Block, Buffer
from sinks.health import SinkHealth
from tests.unit.sinks.records import example, raw

RECEIVED_S = 1_793_620_800.0
HERE = (STATEMENTS.name, 3)


def block_of_statements(*ages_s: float) -> Block:
    """Statements that were received so many seconds before and after `RECEIVED_S`."""
    buffer = Buffer(HERE, 0)
    for offset, age_s in enumerate(ages_s):
        received_at = int((RECEIVED_S - age_s) * 1e6)
        buffer.add([raw(STATEMENTS, example(STATEMENTS, received_at=received_at), offset=offset)], 0.0)
    block = buffer.block()
    assert block is not None
    return block


def test_freshness_is_observed_for_the_first_and_told_for_the_last() -> None:
    registry = CollectorRegistry()
    health = SinkHealth(SinkMetrics(registry), clock=lambda: RECEIVED_S + 1)

    health.inserted(block_of_statements(4, 2, 1), rows=3, seconds=0.1)

    assert health.freshness_s == 2.0
    assert registry.get_sample_value("readystream_sink_freshness_seconds_sum") == 5.0
    assert registry.get_sample_value("readystream_sink_rows_total", {"table": "statements"}) == 3


def test_only_statements_tell_freshness() -> None:
    health = SinkHealth(clock=lambda: RECEIVED_S)
    buffer = Buffer((EVENTS.name, 3), 0)
    buffer.add([raw(EVENTS, example(EVENTS))], 0.0)
    block = buffer.block()
    assert block is not None

    health.inserted(block, rows=1, seconds=0.1)

    assert health.freshness_s is None
    assert (health.rows["learning_events"], health.last_insert_at) == (1, RECEIVED_S)


def test_lag_is_what_lies_between_the_committed_position_and_the_end() -> None:
    registry = CollectorRegistry()
    health = SinkHealth(SinkMetrics(registry))
    labels = {"topic": STATEMENTS.name, "partition": "3"}

    health.owned({HERE: 5})
    health.seen({HERE: 9})
    before = registry.get_sample_value("readystream_sink_lag_records", labels)
    health.committed({HERE: 9})
    health.seen({HERE: 9})

    assert before == 4
    assert health.lag == {HERE: 0}


def test_partitions_that_were_lost_have_no_lag_any_more() -> None:
    registry = CollectorRegistry()
    health = SinkHealth(SinkMetrics(registry))
    health.owned({HERE: 5})
    health.seen({HERE: 9})

    health.lost()

    assert not health.ready
    assert not registry.get_sample_value("readystream_sink_lag_records", {"topic": HERE[0], "partition": "3"})


def test_it_is_ready_while_it_owns_partitions_and_clickhouse_answers() -> None:
    health = SinkHealth(clock=lambda: 7.0)
    states = [health.ready]
    health.owned({HERE: 0})
    states.append(health.ready)
    health.unavailable()
    states.append(health.ready)
    health.available()
    states.append(health.ready)

    assert states == [False, True, False, True]

"""What a worker knows of its lag, and when it is ready."""

from streams.engine.health import Health


def test_lag_is_what_was_behind_a_chunk_when_it_was_fetched() -> None:
    health = Health()
    health.assigned([0, 1])
    health.processed("statements", 0, records=5, next_offset=5, end=20)
    health.processed("statements", 1, records=5, next_offset=7, end=8)
    health.processed("links", 0, records=1, next_offset=1, end=1)

    assert health.lag_of("statements") == 16
    assert health.lag_of("links") == 0


def test_lag_goes_with_progress_and_with_the_partitions() -> None:
    health = Health()
    health.processed("statements", 0, records=5, next_offset=5, end=20)
    health.processed("statements", 0, records=15, next_offset=20, end=20)
    assert health.lag_of("statements") == 0

    health.processed("statements", 0, records=1, next_offset=21, end=40)
    health.processed("statements", 0, records=1, next_offset=22)  # its end was not told: what was known stays
    assert health.lag_of("statements") == 19
    health.revoked()
    assert health.lag_of("statements") == 0


def test_a_worker_is_not_ready_before_its_tables_are_and_while_partitions_move() -> None:
    health = Health()
    health.restored(1000)
    assert not health.ready
    health.assigned([0])
    assert health.ready
    health.revoked()
    assert not health.ready

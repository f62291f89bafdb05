"""Rows of a partition behave like a dictionary that can be searched by owner."""

from hypothesis import given
from hypothesis import strategies as st

from streams.engine.rows import PartitionRows

keys = st.sampled_from([b"a", b"b", b"a|1", b"a|2", b"a|1|x", b"ab|1", b"b|", b"|", b""])
writes = st.lists(st.tuples(keys, st.none() | st.binary(max_size=2)), max_size=40)


@given(writes)
def test_like_a_dictionary(rows: list[tuple[bytes, bytes | None]]) -> None:
    held = PartitionRows()
    held.apply(rows, len(rows))
    expected = {key: value for key, value in dict(rows).items() if value is not None}
    for key, value in rows:
        if value is None and dict(rows)[key] is None:
            expected.pop(key, None)

    assert len(held) == len(expected)
    assert held.next_offset == len(rows)
    assert all(held.get(key) == expected.get(key) for key, _ in rows)
    owners = {key.split(b"|")[0] for key in expected}
    assert held.owners(b"", 100) == sorted(owners - {b""})
    for owner in (b"a", b"b", b"ab", b"", b"nobody"):
        found = sorted((key, value) for key, value in expected.items() if key.startswith(owner + b"|"))
        assert list(held.scan(owner)) == found


def test_a_row_without_an_owner_part_is_its_own_owner() -> None:
    rows = PartitionRows()
    rows.apply([(b"swept", b"1"), (b"ann|x", b"2")], 2)
    assert rows.owners(b"", 100) == [b"ann", b"swept"]
    assert list(rows.scan(b"swept")) == []


@given(writes, st.integers(1, 3))
def test_owners_come_in_slices(rows: list[tuple[bytes, bytes | None]], limit: int) -> None:
    held = PartitionRows()
    held.apply(rows, len(rows))
    met = held.owners(b"", limit)
    while len(step := held.owners(met[-1], limit) if met else []) == limit:
        met += step
    assert met + step == held.owners(b"", 100)


@given(writes, st.lists(st.sampled_from([b"a", b"a|1", b"ab|1", b"|"]), max_size=3), st.integers(1, 3))
def test_a_walk_meets_every_row_that_stays_and_none_that_is_gone(
    rows: list[tuple[bytes, bytes | None]], deleted: list[bytes], limit: int
) -> None:
    held = PartitionRows()
    held.apply([(key, value) for key, value in rows if key], len(rows))
    before = {key: value for key, _ in rows if (value := held.get(key)) is not None}
    met = held.walk(b"", limit)
    held.apply([(key, None) for key in deleted], 0)
    while met and len(step := held.walk(met[-1][0], limit)) == limit:
        met += step
    met += step if met else []
    assert [key for key, _ in met] == sorted({key for key, _ in met})
    assert {*before.items()} - {(key, before.get(key)) for key in deleted} <= {*met} <= {*before.items()}

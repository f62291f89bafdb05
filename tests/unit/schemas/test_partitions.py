"""Placement agrees with other Kafka clients, and keeps what belongs together together."""

from aiokafka.partitioner import murmur2 as clients_murmur2
from hypothesis import given
from hypothesis import strategies as st

from schemas.partitions import murmur2, partition_for


@given(st.binary(max_size=64))
def test_murmur2_is_the_clients(data: bytes) -> None:
    assert murmur2(data) == clients_murmur2(data) & 0xFFFFFFFF


@given(
    st.text(alphabet=st.characters(codec="utf-8", exclude_characters="|"), min_size=1),
    st.text(),
    st.integers(1, 64),
)
def test_composite_keys_lie_with_their_owner(owner: str, rest: str, partitions: int) -> None:
    assert partition_for(f"{owner}|{rest}", partitions) == partition_for(owner, partitions)
    assert 0 <= partition_for(owner, partitions) < partitions

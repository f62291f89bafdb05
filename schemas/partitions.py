"""Which partition a key belongs to.

Composite keys (`person|skill`) are placed by the part before the first `|`, so that everything about one
persona or person stands in one partition. For a plain key the answer equals that of the Java client's
default partitioner (murmur2), so other producers agree without being told.
"""

from functools import lru_cache

_MASK = 0xFFFFFFFF
_SEED = 0x9747B28C
_MULTIPLIER = 0x5BD1E995


def murmur2(data: bytes) -> int:
    """MurmurHash2, 32 bits, with the seed that Kafka clients use (Austin Appleby, public domain)."""
    length = len(data)
    h = _SEED ^ length
    whole = length & ~3
    for i in range(0, whole, 4):
        k = int.from_bytes(data[i : i + 4], "little") * _MULTIPLIER & _MASK
        k ^= k >> 24
        h = (h * _MULTIPLIER & _MASK) ^ (k * _MULTIPLIER & _MASK)
    if whole < length:
        h = (h ^ int.from_bytes(data[whole:], "little")) * _MULTIPLIER & _MASK
    h ^= h >> 13
    h = h * _MULTIPLIER & _MASK
    return h ^ h >> 15


@lru_cache(maxsize=200_000)
def _owner_hash(owner: str) -> int:
    return murmur2(owner.encode()) & 0x7FFFFFFF


def partition_for(key: str, partitions: int) -> int:
    """Partition of `key` among `partitions`, by the part before the first `|`."""
    return _owner_hash(key.partition("|")[0]) % partitions

"""The readers on inputs that Hypothesis makes, on any machine; `make fuzz` goes deeper."""

import json
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.fuzz.seeds import seeds
from tests.fuzz.target import READERS, consume
from tests.unit.xapi.samples import FULL, MINIMAL, place, places

SEEDS = tuple(seeds())
NUMBERS = st.integers() | st.floats() | st.sampled_from([2**63, 2**64, -(2**63) - 1, 1e308, 5e-324])
TEXTS = st.text() | st.sampled_from(
    ["", "\x00", "a" * 5000, "mailto:a@b", "P1Y", "2026-01-01T00:00:00Z", "en"]
)
JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | NUMBERS | TEXTS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXTS, inner, max_size=4),
    max_leaves=20,
)
PLACES = sorted({pointer for pointer, _ in places(FULL)} - {""})


def test_every_seed() -> None:
    for seed in SEEDS:
        consume(seed)


@settings(deadline=None)
@pytest.mark.parametrize("reader", READERS, ids=lambda reader: reader.__name__)
@given(body=st.binary(max_size=400))
def test_any_bytes(reader: Any, body: bytes) -> None:
    reader(body)


@settings(deadline=None, max_examples=300)
@given(
    st.sampled_from(SEEDS), st.lists(st.tuples(st.integers(0, 100_000), st.binary(max_size=6)), max_size=6)
)
def test_damaged_seeds(seed: bytes, damage: list[tuple[int, bytes]]) -> None:
    for position, piece in damage:
        at = 1 + position % len(seed)
        seed = seed[:at] + piece + seed[at + len(piece) // 2 :]
    consume(seed)


@settings(deadline=None, max_examples=300)
@given(st.sampled_from([FULL, MINIMAL]), st.sampled_from(PLACES), JSON, st.integers(0, 4))
def test_anything_at_any_place_of_a_statement(
    statement: dict[str, Any], pointer: str, value: Any, reader: int
) -> None:
    changed = place(FULL, pointer, value) if statement is FULL else {**statement, "context": value}
    consume(bytes([reader]) + json.dumps(changed).encode())

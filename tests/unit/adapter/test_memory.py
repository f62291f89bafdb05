"""What an adapter remembers of accepted statements, and what it forgets."""

import pytest

from lrs_adapter.log.memory import Memory, Place
from tests.unit.adapter.samples import ID, OTHER_ID

ONE, TWO = b"1" * 16, b"2" * 16
PLACE = Place(3, 2**40)


def _id(number: int) -> str:
    return f"{number:08d}-b88b-4b20-a0a5-a4c32391aaa0"


def test_an_unknown_id_contradicts_nothing() -> None:
    memory = Memory(10)
    assert not memory.contradicts(ID, ONE)
    assert memory.place_of(ID) is None


def test_what_was_accepted_is_contradicted_by_another_meaning_only() -> None:
    memory = Memory(10)
    memory.remember(ID, ONE, PLACE)
    assert not memory.contradicts(ID.upper(), ONE)
    assert memory.contradicts(ID.upper(), TWO)
    assert not memory.contradicts(OTHER_ID, TWO)
    assert memory.place_of(ID) == PLACE


def test_the_first_place_and_meaning_count() -> None:
    memory = Memory(10)
    memory.remember(ID, ONE, PLACE)
    memory.remember(ID, TWO, Place(0, 7))
    assert memory.place_of(ID) == PLACE
    assert memory.contradicts(ID, TWO)


def test_an_id_is_remembered_at_its_place_alone() -> None:
    memory = Memory(10)
    memory.remember(ID, ONE, PLACE)
    assert memory.has(ID.upper())
    assert memory.has(ID, PLACE)
    assert not memory.has(ID, Place(PLACE.partition, PLACE.offset + 1))
    assert not memory.has(OTHER_ID)


@pytest.mark.parametrize("limit", [1, 2, 10, 1000])
def test_it_holds_its_limit_at_most_and_half_of_it_at_least(limit: int) -> None:
    memory = Memory(limit)
    for number in range(5 * limit):
        memory.remember(_id(number), ONE, Place(0, number))
    assert limit // 2 <= len(memory) <= max(2, limit)
    assert memory.place_of(_id(5 * limit - 1)) == Place(0, 5 * limit - 1)
    assert memory.place_of(_id(0)) is None


def test_it_remembers_voids_within_the_same_bounds() -> None:
    memory = Memory(10)
    memory.voids(ID.upper())
    assert memory.is_voided(ID)
    assert not memory.is_voided(OTHER_ID)
    for number in range(20):
        memory.voids(_id(number))
    assert not memory.is_voided(ID)


def test_it_can_be_cleared() -> None:
    memory = Memory(10)
    memory.remember(ID, ONE, PLACE)
    memory.voids(ID)
    memory.clear()
    assert len(memory) == 0
    assert not memory.is_voided(ID)

"""The shape of every noun: what is known, what is required, of which type."""

from typing import Any

import pytest

from tests.unit.xapi.samples import FULL, MINIMAL, SUBSTATEMENT, faults, place, places, pointers, remove

EVERYWHERE = [pointer for pointer, _ in places(FULL)]
OBJECTS = [
    pointer
    for pointer, value in places(FULL)
    if isinstance(value, dict) and not pointer.endswith(("/extensions", "/display", "/name", "/description"))
]
REQUIRED = [
    "/actor",
    "/verb",
    "/object",
    "/verb/id",
    "/object/id",
    "/actor/account/homePage",
    "/actor/account/name",
    "/actor/member/0/mbox",
    "/authority/mbox_sha1sum",
    "/object/definition/choices/0/id",
    "/object/definition/choices/1/id",
    "/object/definition/interactionType",
    "/context/statement/id",
    "/context/contextActivities/parent/0/id",
    "/context/contextActivities/grouping/id",
    "/context/contextActivities/other/0/id",
    "/context/instructor/openid",
    "/context/team/member",
    "/context/team/member/0/mbox",
    "/attachments/0/usageType",
    "/attachments/0/display",
    "/attachments/0/contentType",
    "/attachments/0/length",
    "/attachments/0/sha2",
]
OPTIONAL = [pointer for pointer in EVERYWHERE if pointer not in REQUIRED and "objectType" not in pointer]


@pytest.mark.parametrize("version", ["1.0", "1.0.3", "2.0.0"])
@pytest.mark.parametrize("statement", [MINIMAL, FULL, MINIMAL | {"object": SUBSTATEMENT}])
def test_valid_statements_are_accepted(statement: dict[str, Any], version: str) -> None:
    assert faults(statement, version) == ()


@pytest.mark.parametrize("pointer", EVERYWHERE)
def test_null_is_allowed_nowhere_but_in_extensions(pointer: str) -> None:
    assert pointers(place(FULL, pointer, None))


@pytest.mark.parametrize(("pointer", "value"), list(places(FULL)))
def test_no_value_is_coerced(pointer: str, value: object) -> None:
    wrong: list[object] = ["5", 5, True, [], {}, ["5"], {"5": 5}]
    for other in wrong:
        same_kind = type(other) is type(value) or (isinstance(value, float) and type(other) is int)
        if not same_kind and not _also_allowed(pointer, other):
            assert any(found.startswith(pointer) for found in pointers(place(FULL, pointer, other))), other


def _also_allowed(pointer: str, value: object) -> bool:
    """A list of activities may be given as one, and one as a list; the empty list needs no member."""
    return "contextActivities" in pointer and isinstance(value, list)


@pytest.mark.parametrize("pointer", ["", *OBJECTS])
def test_unknown_properties_are_refused(pointer: str) -> None:
    added = f"{pointer}/unknownProperty"
    assert added in pointers(place(FULL, added, 1))


@pytest.mark.parametrize("pointer", EVERYWHERE)
def test_the_letter_case_of_a_property_matters(pointer: str) -> None:
    parent, _, name = pointer.rpartition("/")
    if not name.isdecimal() and not parent.endswith(("/display", "/name", "/description")):
        value = dict(places(FULL))[pointer]
        swapped = place(remove(FULL, pointer), f"{parent}/{name.swapcase()}", value)
        assert f"{parent}/{name.swapcase()}" in pointers(swapped)


@pytest.mark.parametrize("pointer", REQUIRED)
def test_required_properties_are_required(pointer: str) -> None:
    found = pointers(remove(FULL, pointer))
    assert found
    assert all(pointer.startswith(place_of_fault) for place_of_fault in found)


@pytest.mark.parametrize("pointer", OPTIONAL)
def test_all_else_is_optional(pointer: str) -> None:
    assert pointers(remove(FULL, pointer)) == []


@pytest.mark.parametrize("value", [None, 5, "x", True, [], [MINIMAL]])
def test_a_statement_is_an_object(value: object) -> None:
    (fault,) = faults(value)
    assert (fault.pointer, fault.message) == ("", "must be an object")

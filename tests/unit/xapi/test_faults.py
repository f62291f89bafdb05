"""What a sender is told, and that no input is too strange to be told about."""

import json
from copy import deepcopy
from typing import Any

from hypothesis import given
from hypothesis import strategies as st

from schemas.outcomes import Accepted, Rejected
from schemas.xapi import validate_statement
from schemas.xapi.faults import EXCERPT_LENGTH
from tests.unit.xapi.samples import FULL, MINIMAL, faults, place, places, pointers

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=12,
)


def test_all_faults_come_at_once() -> None:
    statement = {
        "actor": {"mbox": "x", "openid": "y", "zzz": 1},
        "verb": {"display": {"a12345": "x"}},
        "object": {"objectType": "Foo"},
        "result": {"score": {"scaled": "5", "min": 3, "max": 1}, "success": 1},
    }
    assert pointers(statement) == [
        "/actor/mbox",
        "/actor/openid",
        "/actor/zzz",
        "/actor",
        "/verb/id",
        "/verb/display/a12345",
        "/object/objectType",
        "/result/score/scaled",
        "/result/score/max",
        "/result/success",
    ]


def test_a_fault_says_where_what_and_by_which_rule() -> None:
    (fault,) = faults(place(MINIMAL, "/verb/id", "nope"))
    assert fault.pointer == "/verb/id"
    assert fault.message == "must be an IRI with a scheme (RFC 3987)"
    assert fault.excerpt == '"nope"'
    assert fault.section == "IEEE 9274.1.1 4.2.7; xAPI 1.0.3 Data 4.3"


def test_the_section_is_that_of_the_nearest_noun() -> None:
    (score,) = faults(MINIMAL | {"result": {"score": {"raw": "5"}}})
    (attachment,) = faults(MINIMAL | {"attachments": 5})
    (unknown,) = faults(MINIMAL | {"colour": "red"})
    assert score.section.endswith("Data 2.4.5.1")
    assert attachment.section.endswith("Data 2.4.11")
    assert unknown.section.endswith("Data 2.2")


def test_pointers_escape_what_rfc_6901_asks() -> None:
    assert pointers(MINIMAL | {"a/b~c": 1}) == ["/a~1b~0c"]


def test_excerpts_are_short() -> None:
    huge: list[Any] = ["x" * 10_000, list(range(10_000)), {str(i): i for i in range(10_000)}]
    for value in huge:
        (fault,) = faults(MINIMAL | {"timestamp": value})
        assert 0 < len(fault.excerpt) <= EXCERPT_LENGTH


def test_depth_is_no_danger() -> None:
    deep: Any = 1
    for _ in range(100_000):
        deep = [deep]
    assert faults(MINIMAL | {"result": {"extensions": {"https://example.com/x": deep}}}) == ()
    (fault,) = faults(MINIMAL | {"timestamp": deep})
    assert fault.pointer == "/timestamp"


def test_nothing_is_altered() -> None:
    before = deepcopy(FULL)
    validate_statement(FULL, "1.0.3")
    assert json.dumps(before) == json.dumps(FULL)


@given(JSON)
def test_any_json_gets_an_answer(value: Any) -> None:
    assert isinstance(validate_statement(value, "2.0.0"), Rejected)


@given(st.sampled_from([pointer for pointer, _ in places(FULL)]), JSON)
def test_any_json_at_any_place_gets_an_answer_about_that_place(pointer: str, value: Any) -> None:
    outcome = validate_statement(place(FULL, pointer, value), "1.0.3")
    if isinstance(outcome, Accepted):
        return
    assert all(fault.message and fault.section for fault in outcome.faults)
    assert any(fault.pointer.split("/")[:2] == pointer.split("/")[:2] for fault in outcome.faults)

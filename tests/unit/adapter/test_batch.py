"""Batches are taken whole or not at all."""

import json
from uuid import UUID

import pytest

from lrs_adapter.batch import Kept, read_batch
from lrs_adapter.delivery import Delivery
from lrs_adapter.problems import Problem
from tests.unit.adapter.samples import ID, OTHER_ID, STATEMENT, VOID, body, credential, delivery

LIMIT = 10


def _kept(text: bytes, how: Delivery) -> tuple[Kept, ...]:
    outcome = read_batch(text, how, LIMIT)
    assert not isinstance(outcome, Problem), outcome
    return outcome


def _refused(text: bytes, how: Delivery) -> Problem:
    outcome = read_batch(text, how, LIMIT)
    assert isinstance(outcome, Problem)
    return outcome


def test_one_object_and_an_array_are_both_taken() -> None:
    single = json.dumps(STATEMENT | {"id": ID}).encode()
    assert [kept.raw for kept in _kept(single, delivery())] == [single]
    several = body(STATEMENT | {"id": OTHER_ID}, STATEMENT | {"id": ID})
    assert [kept.id for kept in _kept(several, delivery())] == [OTHER_ID, ID]
    assert _kept(b"[]", delivery()) == ()


def test_a_missing_id_is_made_and_written_into_the_text() -> None:
    (kept,) = _kept(body(STATEMENT), delivery())
    assert str(UUID(kept.id)) == kept.id
    assert json.loads(kept.raw) == {"id": kept.id, **STATEMENT}


def test_one_bad_statement_refuses_all() -> None:
    problem = _refused(body(STATEMENT, STATEMENT | {"verb": {"id": "x"}}, {"actor": 5}), delivery())
    assert problem.status == 400
    assert [(found.statement, found.fault.pointer) for found in problem.faults] == [
        (1, "/verb/id"),
        (2, "/actor"),
        (2, "/verb"),
        (2, "/object"),
    ]


def test_the_same_id_twice_refuses_all_in_any_letter_case() -> None:
    problem = _refused(body(STATEMENT | {"id": ID}, STATEMENT, STATEMENT | {"id": ID.upper()}), delivery())
    (found,) = problem.faults
    assert (found.statement, found.fault.pointer) == (2, "/id")
    assert found.fault.message == "is also the id of statement 0"


@pytest.mark.parametrize("text", [b"", b"nonsense", b"[{]", b"[1,]", b'{"a":1,"a":2}'])
def test_malformed_bodies(text: bytes) -> None:
    problem = _refused(text, delivery())
    assert (problem.status, problem.code) == (400, "malformed-json")


def test_a_malformed_element_is_named_by_its_index() -> None:
    problem = _refused(b"[" + json.dumps(STATEMENT).encode() + b',{"a":1,"a":2}]', delivery())
    assert problem.detail == 'Statement 1, counted from 0: An object names "a" more than once.'


def test_larger_batches_than_allowed() -> None:
    assert len(_kept(body(*[STATEMENT] * LIMIT), delivery())) == LIMIT
    assert _refused(body(*[STATEMENT] * (LIMIT + 1)), delivery()).status == 413


@pytest.mark.parametrize("in_body", [{}, {"id": ID}, {"id": ID.upper()}])
def test_put_takes_the_parameters_id(in_body: dict[str, str]) -> None:
    (kept,) = _kept(json.dumps(STATEMENT | in_body).encode(), delivery("PUT", ID))
    assert kept.id == in_body.get("id", ID)
    assert json.loads(kept.raw)["id"] == kept.id


@pytest.mark.parametrize(
    ("text", "parameter"),
    [
        (json.dumps(STATEMENT | {"id": OTHER_ID}).encode(), ID),
        (json.dumps(STATEMENT).encode(), None),
        (body(STATEMENT | {"id": ID}), ID),
        (b"[]", ID),
    ],
)
def test_put_takes_one_statement_of_one_id(text: bytes, parameter: str | None) -> None:
    assert _refused(text, delivery("PUT", parameter)).status == 400


def test_voiding_needs_its_scope() -> None:
    void = body(STATEMENT, VOID)
    refused = _refused(void, delivery(sender=credential("statements/write")))
    assert (refused.status, refused.detail) == (403, "The scope statements/void is needed.")
    allowed = delivery(sender=credential("statements/write", "statements/void"))
    assert [kept.voids for kept in _kept(void, allowed)] == ["", OTHER_ID]

"""Batches are taken whole or not at all."""

import json
from uuid import UUID

import pytest

from lrs_adapter.statements.batch import Bad, Batch, Kept
from lrs_adapter.statements.delivery import Delivery
from lrs_adapter.statements.judgement import read_batch
from lrs_adapter.wire.problems import Problem
from tests.unit.adapter.samples import ID, OTHER_ID, STATEMENT, VOID, body, credential, delivery

LIMIT = 10
TOLERANT = credential(accept_good=True)


def _kept(text: bytes, how: Delivery) -> tuple[Kept, ...]:
    outcome = read_batch(text, how, LIMIT)
    assert not isinstance(outcome, Problem), outcome
    assert outcome.bad == ()
    return outcome.kept


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


def _taken(text: bytes, how: Delivery) -> Batch:
    outcome = read_batch(text, how, LIMIT)
    assert isinstance(outcome, Batch), outcome
    return outcome


def test_accept_good_keeps_the_good_and_names_the_rest() -> None:
    invalid = STATEMENT | {"id": OTHER_ID, "verb": {"id": "x"}}
    texts = [json.dumps(one).encode() for one in (STATEMENT, invalid, STATEMENT | {"id": ID})]
    batch = _taken(b"[" + b",".join([*texts, b'{"a": 1, "a": 2}']) + b"]", delivery(sender=TOLERANT))
    assert [type(entry) for entry in batch.entries] == [Kept, Bad, Kept, Bad]
    assert [bad.raw for bad in batch.bad] == [texts[1], b'{"a": 1, "a": 2}']
    assert [(bad.reason, bad.faults[0].pointer) for bad in batch.bad] == [
        ("invalid", "/verb/id"),
        ("malformed", ""),
    ]
    assert batch.ids[1:3] == [OTHER_ID, ID]
    assert len({str(UUID(identifier)) for identifier in batch.ids}) == 4


def test_accept_good_makes_an_id_where_there_is_none_to_use() -> None:
    batch = _taken(body({"id": 5}, {"id": "x"}, "text", None), delivery(sender=TOLERANT))
    assert batch.kept == ()
    assert len({str(UUID(identifier)) for identifier in batch.ids}) == 4


def test_accept_good_sets_a_void_without_the_right_aside() -> None:
    sender = credential("statements/write", accept_good=True)
    batch = _taken(body(STATEMENT, VOID), delivery(sender=sender))
    (bad,) = batch.bad
    assert (bad.reason, bad.faults[0].message) == ("forbidden", "needs the scope statements/void")


def test_accept_good_puts_a_bad_statement_under_the_parameters_id() -> None:
    batch = _taken(b'{"actor": 5}', delivery("PUT", ID, TOLERANT))
    assert batch.ids == [ID]
    assert batch.kept == ()


@pytest.mark.parametrize("text", [b"", b"nonsense", b"[{]", b'{"a":1,"a":2}'])
def test_accept_good_does_not_take_what_is_no_statement_at_all(text: bytes) -> None:
    outcome = read_batch(text, delivery(sender=TOLERANT), LIMIT)
    assert isinstance(outcome, Problem)
    assert outcome.code == "malformed-json"

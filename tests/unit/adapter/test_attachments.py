"""Attachments: the data that comes along belongs to a statement, and what is described comes along."""

import json
from hashlib import sha384, sha512
from typing import Any

import pytest

from lrs_adapter.statements.batch import Batch
from lrs_adapter.statements.judgement import read_batch
from lrs_adapter.wire.problems import Problem
from tests.unit.adapter.attachments_kit import (
    BOUNDARY,
    SIGNATURE,
    TEXT,
    described,
    mixed,
    part_of,
    signature,
    sum_of,
)
from tests.unit.adapter.samples import ID, OTHER_ID, STATEMENT, credential, delivery

FILE_URL = "https://files.example.com/1"
OTHER = b"other data"


def _with(*attachments: dict[str, Any], **changes: Any) -> dict[str, Any]:
    return {**STATEMENT, "attachments": list(attachments), **changes}


def _outcome(body: bytes, *, accept_good: bool = False) -> Batch | Problem:
    sender = credential(accept_good=accept_good)
    return read_batch(body, delivery(sender=sender, boundary=BOUNDARY), limit=10)


def _taken(body: bytes, *, accept_good: bool = False) -> Batch:
    outcome = _outcome(body, accept_good=accept_good)
    assert isinstance(outcome, Batch), outcome
    return outcome


def _refused(body: bytes) -> Problem:
    outcome = _outcome(body)
    assert isinstance(outcome, Problem)
    assert outcome.status == 400
    return outcome


@pytest.mark.parametrize(
    "statements", [[], [STATEMENT], STATEMENT, [_with(described(TEXT, fileUrl=FILE_URL))], _with()]
)
def test_no_data_need_come_along(statements: Any) -> None:
    assert _taken(mixed(statements)).sent == {}


def test_data_comes_along_with_its_statements() -> None:
    batch = _taken(mixed([_with(described(TEXT)), _with(described(OTHER))], [part_of(TEXT), part_of(OTHER)]))
    assert batch.sent == {sum_of(TEXT): TEXT, sum_of(OTHER): OTHER}
    assert len(batch.kept) == 2


def test_one_part_serves_several_attachments() -> None:
    substatement = {**STATEMENT, "objectType": "SubStatement", "attachments": [described(TEXT)]}
    statements = [
        _with(described(TEXT, fileUrl=FILE_URL), described(TEXT)),
        STATEMENT | {"object": substatement},
    ]
    assert _taken(mixed(statements, [part_of(TEXT)])).sent == {sum_of(TEXT): TEXT}


@pytest.mark.parametrize("algorithm", [sha384, sha512])
def test_sums_of_any_length_in_any_letter_case(algorithm: Any) -> None:
    named = algorithm(TEXT).hexdigest().upper()
    body = mixed(_with(described(TEXT, sha2=named)), [part_of(TEXT, X_Experience_API_Hash=named.lower())])
    assert _taken(body).sent == {named.lower(): TEXT}


def test_the_statements_text_stays_as_it_is() -> None:
    text = (
        b'{"id": "%s", "result": {"score": {"raw": 1.0}}, ' % ID.encode() + json.dumps(STATEMENT)[1:].encode()
    )
    body = mixed(5).replace(b"\r\n\r\n5", b"\r\n\r\n" + text)
    assert [kept.raw for kept in _taken(body).kept] == [text]


@pytest.mark.parametrize(
    ("statement", "pointer"),
    [
        (_with(described(OTHER)), "/attachments/0/sha2"),
        (_with(described(TEXT), described(OTHER)), "/attachments/1/sha2"),
        (
            STATEMENT | {"object": {**_with(described(OTHER)), "objectType": "SubStatement"}},
            "/object/attachments/0/sha2",
        ),
    ],
)
def test_missing_data_is_named(statement: dict[str, Any], pointer: str) -> None:
    (found,) = _refused(mixed([_with(described(TEXT)), statement], [part_of(TEXT)])).faults
    assert (found.statement, found.fault.pointer, found.fault.excerpt) == (1, pointer, f'"{sum_of(OTHER)}"')


def test_json_bodies_have_no_data_to_go_with_attachments() -> None:
    body = json.dumps([_with(described(TEXT, fileUrl=FILE_URL)), _with(described(TEXT))]).encode()
    outcome = read_batch(body, delivery(), limit=10)
    assert isinstance(outcome, Problem)
    assert [(found.statement, found.fault.pointer) for found in outcome.faults] == [
        (1, "/attachments/0/sha2")
    ]


def test_stray_data_is_named() -> None:
    problem = _refused(mixed(_with(described(TEXT)), [part_of(TEXT), part_of(OTHER)]))
    assert problem.detail == f"No statement has an attachment with the sum {sum_of(OTHER)}."


@pytest.mark.parametrize(
    ("part", "says"),
    [
        (
            part_of(TEXT, X_Experience_API_Hash=None),
            "Part 1, counted from 0, has no header X-Experience-API-Hash",
        ),
        (part_of(TEXT, Content_Transfer_Encoding=None), "needs the header Content-Transfer-Encoding"),
        (part_of(TEXT, Content_Transfer_Encoding="base64"), "with the value binary"),
        (part_of(OTHER, X_Experience_API_Hash=sum_of(TEXT)), "SHA-2 sum is not the one"),
        (part_of(TEXT, X_Experience_API_Hash="abc"), "SHA-2 sum is not the one"),
    ],
)
def test_wrong_parts_are_named(part: bytes, says: str) -> None:
    problem = _refused(mixed(_with(described(TEXT)), [part]))
    assert problem.code == "attachment-part"
    assert says in problem.detail


@pytest.mark.parametrize(
    "body", [b"", mixed(STATEMENT, media_type="text/plain"), f"--{BOUNDARY}--".encode(), b"nonsense"]
)
def test_the_first_part_has_the_statements(body: bytes) -> None:
    assert _refused(body).code == "malformed-multipart"


def test_accept_good_sets_a_statement_aside_whose_data_is_missing() -> None:
    statements = [_with(described(OTHER), id=OTHER_ID), _with(described(TEXT), id=ID)]
    batch = _taken(mixed(statements, [part_of(TEXT)]), accept_good=True)
    assert batch.ids == [OTHER_ID, ID]
    assert [bad.faults[0].pointer for bad in batch.bad] == ["/attachments/0/sha2"]


def test_accept_good_keeps_the_data_of_what_it_sets_aside() -> None:
    batch = _taken(mixed([{**_with(described(TEXT)), "verb": 5}], [part_of(TEXT)]), accept_good=True)
    assert batch.kept == ()
    assert batch.sent == {sum_of(TEXT): TEXT}


def _signed(data: bytes, **changes: Any) -> bytes:
    given = {"usageType": SIGNATURE, "contentType": "application/octet-stream", **changes}
    return mixed(_with(described(data, **given)), [part_of(data)])


@pytest.mark.parametrize("algorithm", ["RS256", "RS384", "RS512"])
def test_signatures(algorithm: str) -> None:
    assert len(_taken(_signed(signature({"alg": algorithm}))).kept) == 1


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (signature({"alg": "HS256"}), "RS256, RS384, RS512"),
        (signature({"alg": "none"}, signed=b""), "three segments"),
        (signature({}), "RS256, RS384, RS512"),
        (signature([]), "JSON objects"),
        (signature({"alg": "RS256"}, "text"), "JSON objects"),
        (b"e30.{}.e30", "three segments"),
        (b"e30.e30", "three segments"),
        (b"", "three segments"),
        (b"e30.J30.e30", "JSON objects"),
    ],
)
def test_what_is_no_signature(data: bytes, says: str) -> None:
    (found,) = _refused(_signed(data)).faults
    assert found.fault.pointer == "/attachments/0"
    assert says in found.fault.message


def test_a_signature_has_its_media_type() -> None:
    (found,) = _refused(_signed(signature({"alg": "RS256"}), contentType="text/plain")).faults
    assert found.fault.pointer == "/attachments/0/contentType"

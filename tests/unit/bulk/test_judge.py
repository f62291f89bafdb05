"""Judging rows."""

import json

import pytest

from lrs_adapter.bulk.judge import Judged, content_id, judge
from schemas.outcomes import Rejected
from tests.unit.bulk.samples import ID, STATEMENT, text

DEEP = text(id=None, result={"extensions": {"https://example.com/x": json.loads("[" * 260 + "]" * 260)}})


def kept(raw: bytes) -> Judged:
    judged = judge(raw)
    assert isinstance(judged, Judged)
    return judged


def test_a_valid_statement_keeps_its_bytes() -> None:
    raw = text()
    judged = kept(raw)
    assert (judged.kept.id, judged.kept.raw, judged.version) == (ID, raw, "1.0.3")


@pytest.mark.parametrize(("named", "version"), [("1.0.0", "1.0.0"), ("2.0.0", "2.0.0"), (None, "1.0.3")])
def test_it_is_judged_by_the_version_it_names(named: str | None, version: str) -> None:
    assert kept(text(version=named)).version == version


def test_a_missing_id_is_made_of_the_content() -> None:
    raw = text(id=None)
    first, second = kept(raw), kept(json.dumps(dict(reversed(json.loads(raw).items()))).encode())
    assert first.kept.id == second.kept.id == content_id(json.loads(raw))
    assert json.loads(first.kept.raw) == {**STATEMENT, "id": first.kept.id}
    other = kept(text(id=None, timestamp="2026-03-01T10:00:01Z"))
    assert other.kept.id != first.kept.id


@pytest.mark.parametrize(
    "raw", [b"", b"{", b"null", b"{}", b'"x"', b'{"id":"a","id":"b"}', b"\xff", b"NaN", DEEP]
)
def test_what_is_no_statement_is_rejected(raw: bytes) -> None:
    assert isinstance(judge(raw), Rejected)


def test_every_fault_is_named() -> None:
    judged = judge(text(id="x", verb=None))
    assert isinstance(judged, Rejected)
    assert {fault.pointer for fault in judged.faults} == {"/id", "/verb"}

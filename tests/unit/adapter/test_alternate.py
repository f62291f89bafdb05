"""The alternate request syntax of 1.0.3: what a form stands for."""

import asyncio
from collections.abc import Mapping
from urllib.parse import urlencode

import pytest

from lrs_adapter.statements.alternate import as_meant
from lrs_adapter.wire.asked import Asked
from lrs_adapter.wire.body import read_body
from lrs_adapter.wire.problems import Problem
from schemas.mounts import Mount
from tests.unit.adapter.samples import BOTH, ID, ONE, TWO, asked

FORM = {"content-type": "application/x-www-form-urlencoded", "x-experience-api-version": "1.0.3"}
TEXT = '{"actor": {"name": "Ana & Ö = 1 + 1"}}'
CONTENT = {"content": TEXT}


def _meant(request: Asked, limit: int = 10_000) -> Asked | Problem:
    return asyncio.run(as_meant(request, ("POST", "PUT"), limit))


def _form(
    fields: Mapping[str, str],
    *,
    headers: Mapping[str, str] = FORM,
    mount: Mount = BOTH,
    method: str = "PUT",
) -> Asked:
    body = urlencode(fields).encode()
    return asked("POST", headers, {"method": method}, body, mount)


def _body(request: Asked) -> bytes | Problem:
    return asyncio.run(read_body(request.body, 10_000))


def test_a_form_is_unfolded_into_the_request_that_is_meant() -> None:
    fields = {
        "statementId": ID,
        "content": TEXT,
        "Authorization": "Basic eA==",
        "X-Experience-API-Version": "1.0.1",
    }
    meant = _meant(_form(fields))
    assert isinstance(meant, Asked)
    assert (meant.method, meant.parameters) == ("PUT", {"statementId": ID})
    assert meant.headers["authorization"] == "Basic eA=="
    assert meant.headers["x-experience-api-version"] == meant.facts.version == "1.0.1"
    assert meant.headers["content-type"] == "application/json"
    assert _body(meant) == TEXT.encode()


def test_headers_of_the_request_hold_where_the_form_has_none() -> None:
    meant = _meant(_form(CONTENT, headers=FORM | {"authorization": "Basic eA=="}))
    assert isinstance(meant, Asked)
    assert meant.headers["authorization"] == "Basic eA=="
    assert meant.headers["x-experience-api-version"] == "1.0.3"


@pytest.mark.parametrize(
    "request_",
    [
        asked("POST", FORM, {}),
        asked("PUT", FORM, {"method": "POST"}),
        _form(CONTENT, mount=TWO),
    ],
    ids=["no parameter", "no POST", "a mount without 1.0"],
)
def test_other_requests_stay_as_they_are(request_: Asked) -> None:
    assert _meant(request_) is request_


@pytest.mark.parametrize(
    ("request_", "says"),
    [
        (asked("POST", FORM, {"method": "PUT", "statementId": ID}), "no parameter but method"),
        (_form(CONTENT, method="DELETE"), "one of POST, PUT"),
        (
            _form(CONTENT, headers={"content-type": "application/json"}),
            "must be application/x-www-form-urlencoded",
        ),
        (_form(CONTENT, headers={}), "must be application/x-www-form-urlencoded"),
        (_form({"statementId": ID}), "no field content"),
        (_form(CONTENT, headers=FORM | {"x-experience-api-version": "2.0.0"}), "xAPI 2.0"),
        (_form({**CONTENT, "X-Experience-API-Version": "2.0.0"}), "xAPI 2.0"),
        (asked("POST", FORM, {"method": "PUT"}, b'{"x":"a=b"}'), "no field content"),
        (asked("POST", FORM, {"method": "PUT"}, b"content"), "not a form"),
        (asked("POST", FORM, {"method": "PUT"}, b"content=%ff"), "not a form"),
        (asked("POST", FORM, {"method": "PUT"}, b"content=\xff"), "not a form"),
        (asked("POST", FORM, {"method": "PUT"}, b"a=1&" * 200 + b"content=x"), "not a form"),
    ],
)
def test_refusals(request_: Asked, says: str) -> None:
    refused = _meant(request_)
    assert isinstance(refused, Problem)
    assert (refused.status, refused.code) == (400, "alternate-syntax")
    assert says in refused.detail


@pytest.mark.parametrize("mount", [BOTH, ONE])
def test_a_form_has_a_limit(mount: Mount) -> None:
    refused = _meant(_form({"content": "x" * 200}, mount=mount), limit=100)
    assert isinstance(refused, Problem)
    assert refused.status == 413

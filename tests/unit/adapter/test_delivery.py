"""What a request must say before its body is read."""

from typing import Any, Literal

import pytest

from lrs_adapter.statements.delivery import Delivery, delivery_of
from lrs_adapter.statements.versions import answer_version
from lrs_adapter.wire.problems import Problem
from schemas.mounts import Mount
from tests.unit.adapter.samples import BOTH, ID, ONE, TWO, asked, credential

JSON = {"content-type": "application/json", "x-experience-api-version": "1.0.3"}
Mode = Literal["strict", "lenient"]


def _outcome(
    method: Literal["POST", "PUT"] = "POST",
    headers: dict[str, str] | None = None,
    parameters: dict[str, str] | None = None,
    mode: Mode = "strict",
    scopes: Any = ("all",),
    mount: Mount = BOTH,
) -> Delivery | Problem:
    sender = credential(*scopes, mode=mode)
    request = asked(method, JSON if headers is None else headers, parameters or {}, mount=mount)
    return delivery_of(request, sender)


def _status(outcome: Delivery | Problem) -> int:
    return outcome.status if isinstance(outcome, Problem) else 200


@pytest.mark.parametrize("version", ["1.0", "1.0.0", "1.0.3", "1.0.17", "2.0", "2.0.0", "2.0.5"])
def test_known_versions(version: str) -> None:
    outcome = _outcome(headers=JSON | {"x-experience-api-version": version})
    assert isinstance(outcome, Delivery)
    assert outcome.version == version


@pytest.mark.parametrize(
    "version", ["", "1", "0.95", "1.1.0", "2.1", "3.0.0", "1.0.3.1", "1.0.", "v1.0.3", " 1.0.3"]
)
@pytest.mark.parametrize("mode", ["strict", "lenient"])
def test_unknown_versions(version: str, mode: Mode) -> None:
    assert _status(_outcome(headers=JSON | {"x-experience-api-version": version}, mode=mode)) == 400


def test_a_missing_version_is_assumed_for_lenient_senders_only() -> None:
    headers = {"content-type": "application/json"}
    assert _status(_outcome(headers=headers)) == 400
    outcome = _outcome(headers=headers, mode="lenient")
    assert isinstance(outcome, Delivery)
    assert outcome.version == "1.0.3"


@pytest.mark.parametrize(
    ("version", "mount", "answered"),
    [
        ("1.0", BOTH, "1.0.3"),
        ("1.0.1", BOTH, "1.0.3"),
        ("2.0", BOTH, "2.0.0"),
        ("2.0.9", BOTH, "2.0.0"),
        (None, BOTH, "2.0.0"),
        ("9", BOTH, "2.0.0"),
        (None, ONE, "1.0.3"),
        ("9", ONE, "1.0.3"),
        ("2.0.0", ONE, "1.0.3"),
        ("1.0.3", TWO, "2.0.0"),
    ],
)
def test_the_version_of_the_answer(version: str | None, mount: Mount, answered: str) -> None:
    assert answer_version(version, mount) == answered


@pytest.mark.parametrize(("version", "mount"), [("2.0.0", ONE), ("1.0.3", TWO)])
def test_a_mount_of_one_line_refuses_the_other(version: str, mount: Mount) -> None:
    outcome = _outcome(headers=JSON | {"x-experience-api-version": version}, mount=mount)
    assert isinstance(outcome, Problem)
    assert (outcome.status, outcome.code) == (400, "version-unsupported")
    assert outcome.detail.endswith(f"send {mount.lines[0]} or {mount.lines[0]}.x.")


@pytest.mark.parametrize(("mount", "assumed"), [(BOTH, "1.0.3"), (ONE, "1.0.3"), (TWO, "2.0.0")])
def test_what_is_assumed_is_what_the_mount_speaks(mount: Mount, assumed: str) -> None:
    outcome = _outcome(headers={"content-type": "application/json"}, mode="lenient", mount=mount)
    assert isinstance(outcome, Delivery)
    assert outcome.version == assumed


@pytest.mark.parametrize(
    "media_type", ["application/json", "Application/JSON; charset=UTF-8", "application/json;"]
)
def test_json_is_supported(media_type: str) -> None:
    assert _status(_outcome(headers=JSON | {"content-type": media_type})) == 200


@pytest.mark.parametrize(
    "headers",
    [
        {"content-type": "text/plain"},
        {"content-type": "multipart/form-data; boundary=x"},
        {"content-type": "application/x-www-form-urlencoded"},
        {"content-type": "application/json; charset=latin-1"},
        {"content-type": ""},
    ],
)
def test_other_types_are_not(headers: dict[str, str]) -> None:
    assert _status(_outcome(headers=JSON | headers)) == 400


def test_content_codings_are_not() -> None:
    assert _status(_outcome(headers=JSON | {"content-encoding": "gzip"})) == 415


@pytest.mark.parametrize(
    ("media_type", "boundary"),
    [
        ("multipart/mixed; boundary=-------314159265358979323846", "-------314159265358979323846"),
        ("Multipart/Mixed;boundary=x", "x"),
        ('multipart/mixed; charset=UTF-8; boundary="a b:c"', "a b:c"),
        (f"multipart/mixed; boundary={'x' * 70}", "x" * 70),
    ],
)
def test_multipart_is_supported(media_type: str, boundary: str) -> None:
    outcome = _outcome(headers=JSON | {"content-type": media_type})
    assert isinstance(outcome, Delivery)
    assert outcome.boundary == boundary


@pytest.mark.parametrize(
    "media_type",
    [
        "multipart/mixed",
        "multipart/mixed; boundary=",
        'multipart/mixed; boundary="x "',
        f"multipart/mixed; boundary={'x' * 71}",
        "multipart/mixed; boundary=ü",
    ],
)
def test_multipart_needs_a_boundary(media_type: str) -> None:
    outcome = _outcome(headers=JSON | {"content-type": media_type})
    assert isinstance(outcome, Problem)
    assert (outcome.status, outcome.code) == (400, "content-type")


def test_the_refusal_of_a_type_names_those_that_are_supported() -> None:
    outcome = _outcome(headers=JSON | {"content-type": "text/plain"})
    assert isinstance(outcome, Problem)
    assert outcome.detail == "text/plain is not supported. Supported: application/json, multipart/mixed."


def test_a_missing_type_is_forgiven_to_lenient_senders() -> None:
    assert _status(_outcome(headers={"x-experience-api-version": "1.0.3"}, mode="lenient")) == 200
    assert _status(_outcome(headers={"x-experience-api-version": "1.0.3"})) == 400


@pytest.mark.parametrize(
    ("method", "parameters", "mode", "status"),
    [
        ("PUT", {"statementId": ID}, "strict", 200),
        ("PUT", {}, "strict", 400),
        ("PUT", {}, "lenient", 200),
        ("PUT", {"statementId": "x"}, "lenient", 400),
        ("PUT", {"statementid": ID}, "strict", 400),
        ("PUT", {"statementId": ID, "foo": "bar"}, "strict", 400),
        ("POST", {"statementId": ID}, "strict", 400),
        ("POST", {"method": "PUT"}, "strict", 400),
    ],
)
def test_parameters(
    method: Literal["POST", "PUT"], parameters: dict[str, str], mode: Mode, status: int
) -> None:
    assert _status(_outcome(method, parameters=parameters, mode=mode)) == status


def test_the_parameters_id_is_lower_case() -> None:
    outcome = _outcome("PUT", parameters={"statementId": ID.upper()})
    assert isinstance(outcome, Delivery)
    assert outcome.statement_id == ID


def test_writing_needs_its_scope() -> None:
    outcome = _outcome(scopes=("statements/void",))
    assert isinstance(outcome, Problem)
    assert (outcome.status, outcome.detail) == (403, "The scope statements/write is needed.")

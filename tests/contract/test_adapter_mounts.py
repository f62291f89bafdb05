"""Several mounts in one process: each with its own version policy, and 1.0's alternate request syntax."""

from typing import Any

import httpx
import pytest

from tests.contract.adapter_kit import ONE, PREFIX, TWO, Adapter, decoded, new_id, statement

MOUNTS = {PREFIX: ("1.0.3", "2.0.0"), ONE: ("1.0.3",), TWO: ("2.0.0",)}


@pytest.mark.parametrize("mount", MOUNTS)
@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_a_mount_takes_the_versions_that_it_speaks(adapter: Adapter, mount: str, version: str) -> None:
    with adapter.sender(version=version, mount=mount) as sender:
        response = sender.post("/statements", json=statement())
    spoken = version in MOUNTS[mount]
    assert response.status_code == (200 if spoken else 400)
    assert response.headers["x-experience-api-version"] == (version if spoken else MOUNTS[mount][-1])


@pytest.mark.parametrize("mount", MOUNTS)
def test_about_tells_what_the_mount_speaks(adapter: Adapter, mount: str) -> None:
    response = httpx.get(f"{adapter.url}{mount}/about")
    told = response.json()["version"]
    assert set(MOUNTS[mount]) <= set(told)
    assert {version[0] for version in told} == {version[0] for version in MOUNTS[mount]}
    assert response.headers["x-experience-api-version"] == MOUNTS[mount][-1]


@pytest.mark.parametrize(("mount", "assumed"), [(PREFIX, "1.0.3"), (ONE, "1.0.3"), (TWO, "2.0.0")])
def test_a_lenient_sender_is_held_to_what_the_mount_speaks(
    adapter: Adapter, mount: str, assumed: str
) -> None:
    with adapter.sender("lenient", None, mount) as sender:
        assert sender.post("/statements", json=statement()).status_code == 200
        (record,) = adapter.recorded(sender)
    assert decoded(record)["xapi_version"] == assumed


def test_a_credential_is_good_for_its_mounts_alone(adapter: Adapter) -> None:
    sent = statement()
    with adapter.sender("local") as sender:
        assert sender.post("/statements", json=sent).status_code == 200
        assert sender.get("/statements", params={"statementId": sent["id"]}).status_code == 200
    with adapter.sender("local", mount=ONE) as sender:
        refused = sender.post("/statements", json=statement())
        assert (refused.status_code, refused.json()["type"]) == (
            403,
            "urn:readystream:problem:forbidden-mount",
        )
        assert sender.get("/statements", params={"statementId": sent["id"]}).status_code == 403
        assert adapter.recorded(sender) == []


def test_a_form_stands_for_a_put(adapter: Adapter) -> None:
    sent = statement()
    form = {"statementId": sent["id"], "content": _text(sent), "X-Experience-API-Version": "1.0.2"}
    with adapter.sender(version=None) as sender:
        response = sender.post("/statements?method=PUT", data=form)
        (record,) = adapter.recorded(sender)
    assert (response.status_code, response.headers["x-experience-api-version"]) == (204, "1.0.3")
    assert decoded(record)["statement"].decode() == form["content"]


def test_a_form_may_bring_the_credentials(adapter: Adapter) -> None:
    with adapter.sender() as sender:
        authorization = sender.build_request("GET", "/")
        authorization = next(sender.auth.auth_flow(authorization))  # type: ignore[union-attr]
    form = {
        "content": _text([statement(), statement()]),
        "X-Experience-API-Version": "1.0.3",
        "Authorization": authorization.headers["authorization"],
    }
    address = f"{adapter.url}{ONE}/statements?method=POST"
    assert len(httpx.post(address, data=form).json()) == 2
    assert httpx.post(address, data={**form, "Authorization": ""}).status_code == 401


@pytest.mark.parametrize(("mount", "version"), [(PREFIX, "2.0.0"), (TWO, "2.0.0"), (TWO, "1.0.3")])
def test_2_0_has_no_forms(adapter: Adapter, mount: str, version: str) -> None:
    form = {"statementId": new_id(), "content": _text(statement())}
    with adapter.sender(version=version, mount=mount) as sender:
        assert sender.post("/statements?method=PUT", data=form).status_code == 400
        assert adapter.recorded(sender) == []


def _text(value: Any) -> str:
    return httpx.Request("POST", "http://x", json=value).content.decode()

"""What senders and operators can rely on: addresses, codes, headers, the published description."""

import uuid
from typing import Any

import httpx
import pytest

from tests.contract.adapter_kit import PREFIX, SECRET, Adapter, new_id, statement

ADDRESSES = ["/statements", "/statements/", "/statements?"]


@pytest.mark.parametrize("address", ADDRESSES)
def test_post_answers_200_and_all_ids_in_order(adapter: Adapter, address: str) -> None:
    statements = [statement() for _ in range(20)]
    with adapter.sender() as sender:
        response = sender.post(address, json=statements)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    assert response.json() == [sent["id"] for sent in statements]


def test_post_answers_duplicates_like_anything_else(adapter: Adapter) -> None:
    sent = statement()
    with adapter.sender() as sender:
        answers = [sender.post("/statements", json=body) for body in (sent, [sent], sent)]
    assert [(answer.status_code, answer.json()) for answer in answers] == [(200, [sent["id"]])] * 3


def test_post_answers_the_id_that_was_made(adapter: Adapter) -> None:
    sent = statement()
    del sent["id"]
    with adapter.sender() as sender:
        (made,) = sender.post("/statements", json=sent).json()
    assert str(uuid.UUID(made)) == made


def test_post_of_no_statements_answers_no_ids(adapter: Adapter) -> None:
    with adapter.sender() as sender:
        response = sender.post("/statements", json=[])
    assert (response.status_code, response.json()) == (200, [])


@pytest.mark.parametrize("address", ADDRESSES[:2])
def test_put_answers_204(adapter: Adapter, address: str) -> None:
    sent = statement()
    with adapter.sender() as sender:
        response = sender.put(address, json=sent, params={"statementId": sent["id"]})
    assert (response.status_code, response.content) == (204, b"")


def test_put_without_parameter_is_for_lenient_senders(adapter: Adapter) -> None:
    with adapter.sender("strict") as strict, adapter.sender("lenient") as lenient:
        assert strict.put("/statements", json=statement()).status_code == 400
        assert lenient.put("/statements", json=statement()).status_code == 204


@pytest.mark.parametrize("asked", ["1.0", "1.0.0", "1.0.3", "2.0", "2.0.0"])
def test_the_answer_names_the_latest_version_of_the_line(adapter: Adapter, asked: str) -> None:
    with adapter.sender(version=asked) as sender:
        response = sender.post("/statements", json=statement())
    assert response.status_code == 200
    assert response.headers["x-experience-api-version"] == ("2.0.0" if asked[0] == "2" else "1.0.3")


def test_a_missing_version_is_for_lenient_senders(adapter: Adapter) -> None:
    with adapter.sender("strict", None) as strict, adapter.sender("lenient", None) as lenient:
        assert strict.post("/statements", json=statement()).status_code == 400
        assert lenient.post("/statements", json=statement()).status_code == 200


@pytest.mark.parametrize(
    ("method", "path", "status"),
    [
        ("GET", f"{PREFIX}/about", 200),
        ("POST", f"{PREFIX}/statements", 401),
        ("DELETE", f"{PREFIX}/statements", 405),
        ("GET", f"{PREFIX}/nothing", 404),
        ("GET", "/", 404),
        ("GET", "/healthz", 200),
    ],
)
def test_every_answer_names_version_and_correlation(
    adapter: Adapter, method: str, path: str, status: int
) -> None:
    headers = {"X-Experience-API-Version": "1.0.2", "X-Correlation-ID": "my-own-id-17"}
    response = httpx.request(method, f"{adapter.url}{path}", headers=headers)
    assert response.status_code == status
    assert response.headers["x-experience-api-version"] == "1.0.3"
    assert response.headers["x-correlation-id"] == "my-own-id-17"
    if status >= 400:
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json()["correlation_id"] == "my-own-id-17"


def test_about_needs_neither_version_nor_credentials(adapter: Adapter) -> None:
    response = httpx.get(f"{adapter.url}{PREFIX}/about")
    assert response.json() == {"version": ["1.0.0", "1.0.1", "1.0.2", "1.0.3", "2.0.0"]}
    assert response.headers["x-experience-api-version"] == "2.0.0"


def test_the_description_covers_the_statement_resource(adapter: Adapter) -> None:
    document: dict[str, Any] = httpx.get(f"{adapter.url}/openapi.json").json()
    resource = document["paths"][f"{PREFIX}/statements"]
    for method, success in (("post", "200"), ("put", "204")):
        assert set(resource[method]["responses"]) == {
            success,
            "400",
            "401",
            "403",
            "408",
            "409",
            "413",
            "415",
            "429",
            "503",
        }
        assert resource[method]["requestBody"]["required"]
    assert {"200", "400", "401", "403", "404", "503"} == set(resource["get"]["responses"]) - {"422"}
    schemas = document["components"]["schemas"]
    assert {"actor", "verb", "object", "result", "context"} <= set(schemas["Statement"]["properties"])
    assert _references(document) <= set(schemas)


def _references(node: Any) -> set[str]:
    if isinstance(node, dict):
        own = {node["$ref"].rpartition("/")[2]} if isinstance(node.get("$ref"), str) else set()
        return own.union(*map(_references, node.values()))
    return set().union(*map(_references, node)) if isinstance(node, list) else set()


def test_operators_see_life_readiness_and_counts(adapter: Adapter) -> None:
    before = _accepted(adapter)
    with adapter.sender() as sender:
        sender.post("/statements", json=[statement(), statement()])
        sender.post("/statements", json=[statement(), {"id": new_id()}])
    assert httpx.get(f"{adapter.url}/readyz").json() == {"status": "ready", "partitions": 4}
    assert _accepted(adapter) == before + 2
    assert 'readystream_adapter_requests_total{method="POST",status="400"}' in _metrics(adapter)
    assert "readystream_adapter_in_flight_bytes 0.0" in _metrics(adapter)


def _metrics(adapter: Adapter) -> str:
    return httpx.get(f"{adapter.url}/metrics").text


def _accepted(adapter: Adapter) -> float:
    name = 'readystream_adapter_statements_accepted_total{credential="strict"} '
    return sum(
        float(line.removeprefix(name)) for line in _metrics(adapter).splitlines() if line.startswith(name)
    )


def test_a_connection_serves_many_requests(adapter: Adapter) -> None:
    with adapter.sender() as sender:
        for _ in range(50):
            assert sender.post("/statements", json=statement()).status_code == 200


def test_the_wrong_secret_never_passes_after_the_right_one_has(adapter: Adapter) -> None:
    with adapter.sender() as sender:
        assert sender.post("/statements", json=statement()).status_code == 200
        for secret in ("", SECRET[:-1], SECRET + "x"):
            response = sender.post("/statements", json=statement(), auth=("strict", secret))
            assert response.status_code == 401
            assert response.headers["www-authenticate"].startswith("Basic ")

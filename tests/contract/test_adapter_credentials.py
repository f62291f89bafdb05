"""What differs by credential: accepting the good ones of a batch, how fast, and with which scheme."""

import json

import httpx

from tests.contract.adapter_kit import SECRET, Adapter, decoded, new_id, statement, void_of


def test_a_forwarder_loses_neither_the_good_nor_the_bad(adapter: Adapter) -> None:
    good, invalid, void = statement(), statement(verb={"id": "x"}), void_of(new_id())
    with adapter.sender("forwarder") as sender:
        response = sender.post("/statements", json=[good, invalid, 5, void])
    assert response.status_code == 200
    ids = response.json()
    assert (ids[0], ids[1], ids[3]) == (good["id"], invalid["id"], void["id"])
    assert [decoded(record)["statement_id"] for record in adapter.recorded(sender)] == [good["id"]]
    letters = {letter["key"].decode(): letter for letter in adapter.dead_letters(sender)}
    assert set(letters) == {ids[1], ids[2], ids[3]}
    assert [letters[one]["reason"] for one in ids[1:]] == ["invalid", "invalid", "forbidden"]
    assert json.loads(letters[ids[1]]["value"]) == invalid
    assert "/verb/id" in letters[ids[1]]["detail"]


def test_a_forwarders_put_of_a_bad_statement(adapter: Adapter) -> None:
    invalid = statement(actor={})
    with adapter.sender("forwarder", version=None) as sender:
        assert sender.put("/statements", json=invalid).status_code == 204
    (letter,) = adapter.dead_letters(sender)
    assert (letter["key"].decode(), letter["where"]) == (invalid["id"], "adapter")


def test_everybody_elses_bad_statements_are_refused_and_not_kept(adapter: Adapter) -> None:
    with adapter.sender("lenient") as sender:
        assert sender.post("/statements", json=[statement(), statement(actor={})]).status_code == 400
    assert adapter.dead_letters(sender) == []


def test_too_fast_a_sender_is_told_when_to_come_again(adapter: Adapter) -> None:
    with adapter.sender("slow") as sender:
        assert sender.post("/statements", json=[statement() for _ in range(10)]).status_code == 200
        response = sender.post("/statements", json=statement())
    assert response.status_code == 429
    assert 1 <= int(response.headers["retry-after"]) <= 100
    assert response.json()["type"].endswith("rate-limit")
    assert len(adapter.recorded(sender)) == 10


def test_a_bearer_token_is_key_dot_secret(adapter: Adapter) -> None:
    headers = {"X-Experience-API-Version": "1.0.3"}
    with httpx.Client(headers=headers) as client:
        answers = [
            client.post(
                f"{adapter.url}/xapi/statements",
                json=statement(),
                headers={"Authorization": f"Bearer strict.{secret}"},
            )
            for secret in (SECRET, "guess")
        ]
    assert [answer.status_code for answer in answers] == [200, 401]
    assert "Bearer " in answers[1].headers["www-authenticate"]

"""The HR webhook on a served receiver: signed events become links, once."""

import asyncio
import hmac
import json
import time
import uuid
from base64 import b64encode
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from hashlib import sha256
from pathlib import Path
from typing import Any

import httpx
import pytest
from pydantic import SecretStr
from structlog.testing import capture_logs

from lrs_adapter.app import create_app
from readystream.topics import create_topics
from schemas.codec import decode
from schemas.errors import SettingsError
from schemas.persona import email_key, person_id, persona_id
from schemas.settings import AdapterSettings
from schemas.topics import DEAD_LETTERS, HR_ATTRIBUTES, LINKS, STATEMENTS
from tests.contract.adapter_kit import (
    TENANT_KEY,
    Adapter,
    all_records,
    is_ready,
    serving,
    settings_for,
    until,
)
from tests.services.kafka import PARTITIONS, Kafka

_TOPICS = [STATEMENTS, DEAD_LETTERS, LINKS, HR_ATTRIBUTES]
SECRET = "the-secret-of-these-tests"
OLD_SECRET = "the-secret-before-this-one"


@pytest.fixture
def settings(kafka: Kafka, tmp_path: Path) -> AdapterSettings:
    asyncio.run(create_topics(kafka.bootstrap, _TOPICS, PARTITIONS, replication=1))
    return settings_for(
        kafka,
        tmp_path,
        hr_webhook_secrets=f"{SECRET} {OLD_SECRET}",
        hr_nonces_dir=tmp_path / "nonces",
        hr_sso_home_page="https://sso.example.com",
    )


@pytest.fixture
def adapter(kafka: Kafka, settings: AdapterSettings) -> Iterator[Adapter]:
    with serving(settings, kafka) as served:
        until(lambda: is_ready(served), 20)
        yield served


def _event(address: str, **changes: Any) -> bytes:
    employee = {"employee_id": "E1", "emails": [address], "hire_date": "2024-05-01"}
    return json.dumps(
        {"type": "hire", "effective_date": "2024-05-01", "employee": employee} | changes
    ).encode()


def _signed(body: bytes, secret: str = SECRET, age_s: int = 0) -> dict[str, str]:
    identifier, timestamp = uuid.uuid4().hex, int(time.time()) - age_s
    content = f"{identifier}.{timestamp}.".encode() + body
    signature = b64encode(hmac.digest(secret.encode(), content, sha256)).decode()
    return {
        "webhook-id": identifier,
        "webhook-timestamp": str(timestamp),
        "webhook-signature": f"v1,{signature}",
    }


def _post(adapter: Adapter, body: bytes, headers: dict[str, str]) -> httpx.Response:
    return httpx.post(f"{adapter.url}/hr/events", content=body, headers=headers, timeout=30)


def _address() -> str:
    return f"{uuid.uuid4().hex}@example.com"


def _links(kafka: Kafka, address: str) -> list[dict[str, Any]]:
    persona = persona_id(TENANT_KEY.encode(), email_key(address))
    found = asyncio.run(all_records(kafka.bootstrap, topic=LINKS))
    values = [decode(LINKS, record.value) for record in found if record.key == persona.encode()]
    return [value for value in values if value["rule"] == "email"]


@pytest.mark.parametrize("secret", [SECRET, OLD_SECRET])
def test_a_signed_event_becomes_links(adapter: Adapter, kafka: Kafka, secret: str) -> None:
    address = _address()
    body = _event(address)
    answer = _post(adapter, body, _signed(body, secret))
    assert (answer.status_code, answer.json()) == (200, {"links": 2})
    (link,) = _links(kafka, address)
    assert (link["action"], link["source"], link["actor"]) == ("link", "hr", "hr-webhook")
    assert link["correlation_id"] == answer.headers["x-correlation-id"]


def test_a_signed_event_says_what_somebody_does(adapter: Adapter, kafka: Kafka) -> None:
    employee = {"employee_id": uuid.uuid4().hex, "job_role": "data-engineer"}
    body = _event(_address(), employee=employee)
    assert _post(adapter, body, _signed(body)).status_code == 200
    person = person_id(TENANT_KEY.encode(), employee["employee_id"])
    found = asyncio.run(all_records(kafka.bootstrap, topic=HR_ATTRIBUTES))
    (said,) = [decode(HR_ATTRIBUTES, record.value) for record in found if record.key == person.encode()]
    assert (said["job_role"], said["source"]) == ("data-engineer", "hr")


def test_altered_old_and_unsigned_events_are_refused(adapter: Adapter, kafka: Kafka) -> None:
    address = _address()
    body = _event(address)
    refused = [
        _post(adapter, body + b" ", _signed(body)),
        _post(adapter, body, _signed(body, "a secret of somebody else")),
        _post(adapter, body, _signed(body, age_s=301)),
        _post(adapter, body, _signed(body, age_s=-330)),
        _post(adapter, body, _signed(body) | {"webhook-id": "another"}),
        _post(adapter, body, {}),
    ]
    assert [(one.status_code, one.json()["type"].rpartition(":")[2]) for one in refused] == [
        (401, "webhook-wrong"),
        (401, "webhook-wrong"),
        (401, "webhook-stale"),
        (401, "webhook-stale"),
        (401, "webhook-wrong"),
        (401, "webhook-unsigned"),
    ]
    assert _links(kafka, address) == []


def test_a_replay_is_refused_by_every_receiver_and_after_a_restart(
    kafka: Kafka, settings: AdapterSettings
) -> None:
    address = _address()
    body = _event(address)
    headers = _signed(body)
    with serving(settings, kafka) as one, serving(settings, kafka) as other:
        until(lambda: is_ready(one) and is_ready(other), 20)
        assert _post(one, body, headers).status_code == 200
        assert [_post(adapter, body, headers).status_code for adapter in (one, other)] == [409, 409]
    with serving(settings, kafka) as restarted:
        until(lambda: is_ready(restarted), 20)
        replayed = _post(restarted, body, headers)
    assert (replayed.status_code, replayed.json()["type"]) == (
        409,
        "urn:readystream:problem:webhook-replayed",
    )
    assert len(_links(kafka, address)) == 1


def test_of_many_replays_at_once_one_is_taken(kafka: Kafka, settings: AdapterSettings) -> None:
    address = _address()
    body = _event(address)
    headers = _signed(body)
    with serving(settings, kafka) as one, serving(settings, kafka) as other:
        until(lambda: is_ready(one) and is_ready(other), 20)
        with ThreadPoolExecutor(8) as pool:
            answers = list(pool.map(lambda n: _post((one, other)[n % 2], body, headers), range(24)))
    codes = [answer.status_code for answer in answers]
    assert codes.count(200) == 1
    assert set(codes) <= {200, 409, 503}
    assert len(_links(kafka, address)) == 1


def test_an_event_that_could_not_be_kept_is_taken_at_the_next_attempt(
    kafka: Kafka, settings: AdapterSettings
) -> None:
    address = _address()
    body = _event(address)
    headers = _signed(body)
    away = settings.model_copy(update={"kafka_bootstrap_servers": "127.0.0.1:1"})
    with serving(away, kafka) as adapter:
        refused = _post(adapter, body, headers)
    assert (refused.status_code, refused.headers["retry-after"]) == (503, "5")
    with serving(settings, kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        assert _post(adapter, body, headers).status_code == 200
    assert len(_links(kafka, address)) == 1


def test_without_a_place_for_nonces_nothing_is_taken(kafka: Kafka, settings: AdapterSettings) -> None:
    address = _address()
    body = _event(address)
    settings.hr_nonces_dir.write_text("a file where the directory should be")
    with serving(settings, kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        assert _post(adapter, body, _signed(body)).status_code == 503
    assert _links(kafka, address) == []


def test_what_is_wrong_is_told_and_nothing_personal_logged(kafka: Kafka, settings: AdapterSettings) -> None:
    body = _event("very.private")
    with capture_logs() as lines, serving(settings, kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        answer = _post(adapter, body, _signed(body))
        large = b"[" * (1 << 21)
        too_large = _post(adapter, large, _signed(large))
    assert (answer.status_code, too_large.status_code) == (400, 413)
    assert "/employee/emails" in answer.json()["detail"]
    assert "very.private" not in answer.text + str(lines)
    told = [line for line in lines if line["event"] == "adapter.request"]
    assert [(line["credential"], line["status"], line["reason"]) for line in told] == [
        ("hr-webhook", 400, "invalid-event"),
        ("", 413, "too-large"),
    ]


def test_a_secret_that_is_no_base64_is_told_at_start(settings: AdapterSettings) -> None:
    wrong = settings.model_copy(update={"hr_webhook_secrets": SecretStr("whsec_not-base64-at-all-no")})
    with pytest.raises(SettingsError, match="READYSTREAM_HR_WEBHOOK_SECRETS") as caught:
        create_app(wrong)
    assert "not-base64" not in str(caught.value)


def test_without_a_secret_there_is_no_webhook(kafka: Kafka, settings: AdapterSettings) -> None:
    body = _event(_address())
    with serving(settings.model_copy(update={"hr_webhook_secrets": None}), kafka) as adapter:
        assert _post(adapter, body, _signed(body)).status_code == 404

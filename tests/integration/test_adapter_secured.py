"""Who gets in, on a served receiver: tokens, credentials that change while it runs, TLS, the audit line."""

import asyncio
import json
import ssl
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
import trustme
from structlog.testing import capture_logs

from lrs_adapter.access.secret_hash import hash_secret
from lrs_adapter.http.tls import tls_of
from readystream.topics import create_topics
from schemas.errors import SettingsError
from schemas.settings import AdapterSettings
from schemas.topics import DEAD_LETTERS, STATEMENTS
from tests.contract.adapter_kit import (
    SECRET,
    Adapter,
    is_ready,
    serving,
    settings_for,
    statement,
    until,
    void_of,
)
from tests.integration.issuer_kit import AUDIENCE, ISSUER, KeyServer, key_server, new_key, public, token
from tests.services.kafka import PARTITIONS, Kafka

KEY = new_key()
VERSION = {"X-Experience-API-Version": "1.0.3"}


@pytest.fixture(scope="module")
def issuer() -> Iterator[KeyServer]:
    with key_server(public(KEY, "one")) as served:
        yield served


def _credentials(issuer: KeyServer, *more: dict[str, Any]) -> str:
    named = {"name": "idp", "issuer": ISSUER, "audience": AUDIENCE, "jwks_url": issuer.url}
    moodle = {"name": "moodle", "token": {"issuer": "idp", "value": "moodle"}, "scopes": ["statements/write"]}
    return json.dumps({"credentials": [moodle, *more], "issuers": [named]})


def _basic(name: str) -> dict[str, Any]:
    return {"name": name, "key": name, "secret": hash_secret(SECRET), "scopes": ["all"]}


def _settings(kafka: Kafka, home: Path, issuer: KeyServer, **changes: Any) -> AdapterSettings:
    asyncio.run(create_topics(kafka.bootstrap, [STATEMENTS, DEAD_LETTERS], PARTITIONS, replication=1))
    path = home / "who.json"
    path.write_text(_credentials(issuer, _basic("lms")))
    return settings_for(kafka, home, credentials_file=path, credentials_reload_s=0.05, **changes)


def _post(adapter: Adapter, body: Any, **headers: str) -> httpx.Response:
    return httpx.post(f"{adapter.url}/xapi/statements", json=body, headers={**VERSION, **headers})


def test_a_token_writes_what_its_scopes_allow(kafka: Kafka, tmp_path: Path, issuer: KeyServer) -> None:
    with serving(_settings(kafka, tmp_path, issuer), kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        bearer = {"Authorization": f"Bearer {token(KEY)}"}
        assert _post(adapter, statement(), **bearer).status_code == 200
        assert _post(adapter, void_of(statement()["id"]), **bearer).status_code == 403
        unscoped = _post(adapter, statement(), Authorization=f"Bearer {token(KEY, scope='openid')}")
        assert (unscoped.status_code, unscoped.json()["type"]) == (403, "urn:readystream:problem:forbidden")
        forged = _post(adapter, statement(), Authorization=f"Bearer {token(new_key())}")
        assert forged.status_code == 401
        assert 'error="invalid_token"' in forged.headers["www-authenticate"]


def test_credentials_change_while_it_runs(kafka: Kafka, tmp_path: Path, issuer: KeyServer) -> None:
    settings = _settings(kafka, tmp_path, issuer)
    path = settings.credentials_file

    def status(adapter: Adapter, name: str) -> int:
        with adapter.sender(name) as sender:
            return sender.post("/statements", json=statement()).status_code

    with capture_logs() as lines, serving(settings, kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        assert (status(adapter, "lms"), status(adapter, "new")) == (200, 401)
        path.write_text(_credentials(issuer, _basic("new")))
        until(lambda: status(adapter, "new") == 200, 20)
        assert status(adapter, "lms") == 401
        path.write_text('{"credentials": [{"name": "new", "secret": "in the clear"}]}')
        until(lambda: any(line["event"] == "adapter.credentials.kept" for line in lines), 20)
        assert status(adapter, "new") == 200
        path.unlink()
        until(lambda: sum(line["event"] == "adapter.credentials.kept" for line in lines) == 2, 20)
        assert status(adapter, "new") == 200
        path.write_text(_credentials(issuer, _basic("lms")))
        until(lambda: status(adapter, "lms") == 200, 20)
    kept = [line for line in lines if line["event"] == "adapter.credentials.kept"]
    assert "credentials/0/secret" in str(kept[0]["problems"])
    assert "in the clear" not in str(lines)


def test_the_audit_line_names_the_credential_and_nothing_personal(
    kafka: Kafka, tmp_path: Path, issuer: KeyServer
) -> None:
    with capture_logs() as lines, serving(_settings(kafka, tmp_path, issuer), kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        with adapter.sender("lms") as sender:
            sender.post("/statements", json=statement())
            sender.post("/statements", json=void_of("no uuid"))
            sender.get("/nowhere")
        _post(adapter, statement(), Authorization=f"Bearer lms.{SECRET}x")
        _post(adapter, statement(), Authorization="Bearer jane.doe@example.com.x")
        _post(adapter, statement(), Authorization=f"Bearer {token(KEY, scope='email', email='jane.doe')}")
        counted = httpx.get(f"{adapter.url}/metrics").text
    told = [line for line in lines if line["event"] == "adapter.request"]
    assert [(line["credential"], line["status"], line["reason"]) for line in told] == [
        ("lms", 200, ""),
        ("lms", 400, "invalid-statement"),
        ("", 404, "http-404"),
        ("lms", 401, "unauthenticated"),
        ("", 401, "unauthenticated"),
        ("moodle", 403, "forbidden"),
    ]
    assert "jane" not in str(lines)
    assert 'refused_total{credential="moodle",reason="forbidden"} 1.0' in counted


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


def _tls(home: Path, authority: trustme.CA) -> dict[str, Path]:
    own = authority.issue_cert("127.0.0.1")
    chain, key = home / "chain.pem", home / "key.pem"
    chain.write_bytes(b"".join(part.bytes() for part in own.cert_chain_pems))
    key.write_bytes(own.private_key_pem.bytes())
    return {"tls_certificate_file": chain, "tls_key_file": key}


def test_https_and_nothing_else(
    kafka: Kafka, tmp_path: Path, issuer: KeyServer, authority: trustme.CA
) -> None:
    trusting = ssl.create_default_context()
    authority.configure_trust(trusting)
    settings = _settings(kafka, tmp_path, issuer, **_tls(tmp_path, authority))
    with serving(settings, kafka) as adapter:
        assert httpx.get(f"{adapter.url}/healthz", verify=trusting).status_code == 200
        with pytest.raises(httpx.ConnectError):
            httpx.get(f"{adapter.url}/healthz")
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{adapter.url.replace('https', 'http')}/healthz")


def test_senders_show_certificates_where_they_are_asked_to(
    kafka: Kafka, tmp_path: Path, issuer: KeyServer, authority: trustme.CA
) -> None:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    files = _tls(tmp_path, authority) | {"tls_client_ca_file": tmp_path / "ca.pem"}
    known, stranger = ssl.create_default_context(), ssl.create_default_context()
    for context, signer in ((known, authority), (stranger, trustme.CA())):
        authority.configure_trust(context)
        signer.issue_cert("lms@example.com").configure_cert(context)
    with serving(_settings(kafka, tmp_path, issuer, **files), kafka) as adapter:
        assert httpx.get(f"{adapter.url}/healthz", verify=known).status_code == 200
        with pytest.raises(httpx.TransportError):
            httpx.get(f"{adapter.url}/healthz", verify=stranger)


def test_tls_files_that_do_not_go_together(tmp_path: Path, kafka: Kafka, authority: trustme.CA) -> None:
    files = _tls(tmp_path, authority)
    other = tmp_path / "other.pem"
    other.write_bytes(authority.issue_cert("127.0.0.1").private_key_pem.bytes())
    wrong: list[dict[str, Path | None]] = [
        {"tls_key_file": None},
        {"tls_certificate_file": None},
        {"tls_key_file": other},
        {"tls_client_ca_file": tmp_path / "nowhere.pem"},
    ]
    for change in wrong:
        settings = settings_for(kafka, tmp_path, **{**files, **change})
        with pytest.raises(SettingsError, match="READYSTREAM_TLS"):
            tls_of(settings)

"""Settings are validated at start, and all problems are named in one message."""

from pathlib import Path

import pytest

from schemas.errors import SettingsError
from schemas.settings import AdapterSettings, SinkSettings, WorkerSettings, load


@pytest.fixture(autouse=True)
def _tenant_key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READYSTREAM_TENANT_KEY", "sixteen characters or more")


def test_every_problem_is_named_with_its_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("READYSTREAM_TENANT_KEY")
    monkeypatch.setenv("READYSTREAM_ADAPTER_PORT", "eighty")
    monkeypatch.setenv("READYSTREAM_ADAPTER_MOUNTS", "xapi/")
    with pytest.raises(SettingsError) as caught:
        load(AdapterSettings)
    message = str(caught.value)
    assert len(caught.value.problems) == 3
    for name in ("READYSTREAM_TENANT_KEY", "ADAPTER_PORT", "ADAPTER_MOUNTS"):
        assert name in message


def test_backing_services_are_chosen_by_their_customary_variables(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("KAFKA_BOOTSTRAP_SERVERS", "kafka:9092")
    monkeypatch.setenv("CLICKHOUSE_DSN", "http://reader:secret@clickhouse:8123")
    settings = load(SinkSettings)
    assert settings.kafka_bootstrap_servers == "kafka:9092"
    assert settings.dsn == "http://reader:secret@clickhouse:8123"
    assert "secret@" not in repr(settings)


def test_secret_is_read_from_a_file(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    secret = tmp_path / "tenant_key"
    secret.write_text("a key that lives in a file\n")
    monkeypatch.setenv("READYSTREAM_TENANT_KEY", f"@{secret}")
    assert load(AdapterSettings).tenant_key_bytes == b"a key that lives in a file"


def test_missing_secret_file_is_a_problem_not_a_crash(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READYSTREAM_TENANT_KEY", "@/nowhere/tenant_key")
    with pytest.raises(SettingsError, match="cannot read"):
        load(AdapterSettings)


def test_as_of_is_a_date_or_today(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("READYSTREAM_AS_OF", "1970-01-11")
    assert load(WorkerSettings).as_of_now() == 10
    monkeypatch.setenv("READYSTREAM_AS_OF", "the day before")
    with pytest.raises(SettingsError, match="READYSTREAM_AS_OF"):
        load(WorkerSettings)

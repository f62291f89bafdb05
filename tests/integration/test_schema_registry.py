"""Schemas at a registry server: what we ask of it, and what becomes of us when it fails."""

import json
from collections.abc import Iterator
from contextlib import contextmanager

import httpx
import pytest
from typer.testing import CliRunner

from readystream.cli import cli
from readystream.cli.start import take_ids
from readystream.doctor import _registry
from readystream.schema_registry.client import PAUSES_S, SchemaRegistry, open_registry
from readystream.schema_registry.subjects import COMPATIBILITY, ids, problems, register
from schemas import codec
from schemas.avro_schemas import raw_schema, schema_id, schema_version
from schemas.errors import ConfigError, UnavailableError
from schemas.examples import EXAMPLES
from schemas.settings import RegistrySettings
from schemas.topics import CATALOGUE, EVENTS, READINESS
from tests.integration.registry_kit import Registry, serving

SUBJECT = "scores.readiness-value"
ONE = (READINESS,)


@pytest.fixture
def server() -> Iterator[Registry]:
    with serving(Registry()) as registry:
        yield registry


@contextmanager
def client_of(server: Registry, timeout_s: float = 5.0) -> Iterator[tuple[SchemaRegistry, list[float]]]:
    """Our client, and the pauses that it made."""
    pauses: list[float] = []
    with httpx.Client(timeout=timeout_s) as http:
        yield SchemaRegistry(http, server.url, pauses.append), pauses


def test_every_schema_is_registered_once(server: Registry) -> None:
    with client_of(server) as (registry, _):
        first = list(register(registry, CATALOGUE))
        again = list(register(registry, CATALOGUE))
        assert not list(problems(registry, CATALOGUE))
        given = ids(registry, CATALOGUE)
    assert all(one.is_new for one in first)
    assert not any(one.is_new for one in again)
    assert [one.id for one in first] == [one.id for one in again]
    assert set(server.levels.values()) == {COMPATIBILITY}
    assert server.subjects.keys() == {f"{topic.name}-value" for topic in CATALOGUE}
    assert given[READINESS.name] == {schema_version(READINESS.name): server.subjects[SUBJECT][0]}


def test_how_a_subject_may_grow_is_set_before_it_grows(server: Registry) -> None:
    smaller = {**raw_schema(READINESS.name), "fields": raw_schema(READINESS.name)["fields"][:2]}
    server.answer("POST", f"/subjects/{SUBJECT}/versions", {"schema": json.dumps(smaller)})
    server.levels[SUBJECT] = "NONE"
    with client_of(server) as (registry, _):
        told = list(problems(registry, ONE))
        with pytest.raises(ConfigError, match="409 409: Schema being registered is incompatible"):
            list(register(registry, ONE))
    assert told == [
        f"{SUBJECT} has compatibility NONE, not BACKWARD_TRANSITIVE",
        f"{SUBJECT}: schema {schema_version(READINESS.name)} does not fit its version(s) 1",
    ]
    assert server.levels[SUBJECT] == COMPATIBILITY
    assert len(server.subjects[SUBJECT]) == 1


def test_a_schema_that_only_grew_is_added(server: Registry) -> None:
    current = raw_schema(READINESS.name)
    older = {**current, "fields": [one for one in current["fields"] if one["name"] != "score"]}
    server.answer("POST", f"/subjects/{SUBJECT}/versions", {"schema": json.dumps(older)})
    server.levels[SUBJECT] = COMPATIBILITY
    with client_of(server) as (registry, _):
        assert list(problems(registry, ONE)) == [
            f"{SUBJECT}: schema {schema_version(READINESS.name)} is not registered"
        ]
        (done,) = register(registry, ONE)
    assert (done.id, done.is_new) == (2, True)


def test_an_answer_that_is_lost_registers_nothing_twice(server: Registry) -> None:
    with client_of(server) as (registry, pauses):
        server.troubles = ["lost"]
        number = registry.register(SUBJECT, raw_schema(READINESS.name))
    assert pauses == [PAUSES_S[0]]
    assert server.subjects == {SUBJECT: [number]}


@pytest.mark.parametrize("trouble", [503, 429, "lost"])
def test_a_registry_in_trouble_is_asked_thrice(server: Registry, trouble: int | str) -> None:
    with client_of(server) as (registry, pauses):
        server.troubles = [trouble] * 3
        with pytest.raises(UnavailableError, match=server.url):
            registry.versions(SUBJECT)
        assert pauses == list(PAUSES_S)
        server.troubles = [trouble] * 2
        assert registry.versions(SUBJECT) == []
    assert len(server.asked) == 6


def test_a_silent_registry_is_not_waited_for(server: Registry) -> None:
    server.troubles = ["silent"] * 3
    with (
        client_of(server, timeout_s=0.05) as (registry, _),
        pytest.raises(UnavailableError, match="ReadTimeout"),
    ):
        registry.versions(SUBJECT)


def test_an_address_that_is_no_registry_is_told(server: Registry) -> None:
    with client_of(server) as (registry, _):
        elsewhere = SchemaRegistry(registry.client, f"{server.url}/somewhere")
        with pytest.raises(UnavailableError, match="without an id"):
            elsewhere.register(SUBJECT, raw_schema(READINESS.name))


def test_credentials_are_sent_and_a_refusal_is_not_asked_again(server: Registry) -> None:
    server.user, server.password = "readystream", "a secret"
    right = RegistrySettings.model_validate(
        {
            "schema_registry_url": f"{server.url}/",
            "schema_registry_user": server.user,
            "schema_registry_password": server.password,
        }
    )
    with open_registry(right) as registry:
        assert registry.versions(SUBJECT) == []
    with client_of(server) as (registry, pauses), pytest.raises(ConfigError, match="401"):
        registry.versions(SUBJECT)
    assert not pauses


def _run(server: Registry, monkeypatch: pytest.MonkeyPatch, *arguments: str) -> tuple[int, str]:
    monkeypatch.setenv("SCHEMA_REGISTRY_URL", server.url)
    result = CliRunner().invoke(cli, arguments)
    return result.exit_code, result.output


def test_the_command_registers_and_checks(server: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    code, said = _run(server, monkeypatch, "schemas", "check")
    assert code == 1
    assert f"{SUBJECT} is missing" in said
    code, said = _run(server, monkeypatch, "schemas", "register", "--json")
    assert code == 0
    assert {json.loads(line)["subject"] for line in said.splitlines()} == server.subjects.keys()
    assert _run(server, monkeypatch, "schemas", "register") == (0, "nothing to register\n")
    assert _run(server, monkeypatch, "schemas", "check")[0] == 0


def test_the_doctor_says_what_to_do(server: Registry, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("SCHEMA_REGISTRY_URL", server.url)
    (*_, last) = _registry()
    assert (last.check, last.remedy) == ("schemas", "readystream schemas register")
    with client_of(server) as (registry, _):
        list(register(registry, CATALOGUE))
    (finding,) = _registry()
    assert finding.is_well
    server.user = "somebody"
    (finding,) = _registry()
    assert "401" in finding.said


@pytest.fixture
def _local_ids_again() -> Iterator[None]:
    yield
    codec.adopt({})


@pytest.mark.usefixtures("_local_ids_again")
def test_a_process_writes_with_the_ids_of_the_registry(server: Registry) -> None:
    settings = RegistrySettings.model_validate({"schema_registry_url": server.url})
    with pytest.raises(ConfigError, match=r"scores.readiness is missing: run readystream schemas register"):
        take_ids(settings)
    assert _id_before(codec.encode(EVENTS, EXAMPLES[EVENTS.name])) == schema_id(raw_schema(EVENTS.name))
    with client_of(server) as (registry, _):
        list(register(registry, CATALOGUE))
    take_ids(settings)
    written = codec.encode(EVENTS, EXAMPLES[EVENTS.name])
    assert _id_before(written) == server.subjects["learning.events-value"][0]
    asked = len(server.asked)
    assert codec.decode(EVENTS, written) == EXAMPLES[EVENTS.name]
    assert len(server.asked) == asked  # nothing is asked of it while a process runs


def _id_before(data: bytes) -> int:
    return int.from_bytes(data[1:5], "big")

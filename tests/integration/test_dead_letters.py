"""`readystream dead-letters` against a broker: each letter is settled once."""

import asyncio
from collections.abc import Mapping
from typing import Any

import orjson
import pytest
from aiokafka import AIOKafkaProducer, TopicPartition
from typer.testing import CliRunner

from readystream.cli import cli
from readystream.topics import end_offsets
from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD_LETTERS, STATEMENTS
from streams.engine.restore import read_to_end
from tests.services.kafka import Kafka
from tests.unit.dead_letters.test_replay import FROM_A_TOPIC, REFUSED

RUNNER = CliRunner()


@pytest.fixture
async def letters(empty_kafka: Kafka, monkeypatch: pytest.MonkeyPatch) -> Kafka:
    """A broker with three letters: a record of a topic (told twice), a valid statement, one that is not."""
    for name, value in (
        empty_kafka.environment | {"READYSTREAM_TENANT_KEY": "a tenant key of tests"}
    ).items():
        monkeypatch.setenv(name, value)
    async with AIOKafkaProducer(bootstrap_servers=empty_kafka.bootstrap) as producer:
        for letter in (FROM_A_TOPIC, FROM_A_TOPIC, REFUSED, still_bad()):
            await producer.send_and_wait(DEAD_LETTERS.name, letter.encode(), key=letter.key)
    return empty_kafka


def still_bad() -> DeadLetter:
    return DeadLetter(
        reason="invalid",
        where="adapter",
        detail="",
        key=b"bad",
        value=b"{}",
        failed_at=3_000_000,
        correlation_id="another delivery",
        credential="moodle",
    )


def statements(kafka: Kafka) -> list[Any]:
    return asyncio.run(_statements(kafka))


async def _statements(kafka: Kafka) -> list[Any]:
    found: list[Any] = []
    ends = await end_offsets(kafka.bootstrap, STATEMENTS.name)
    places = {TopicPartition(STATEMENTS.name, number): 0 for number in ends}
    await read_to_end(kafka.bootstrap, places, lambda _, records: found.extend(records))
    return found


def run(*arguments: str, exit_code: int = 0) -> list[Mapping[str, Any]]:
    result = RUNNER.invoke(cli, ["dead-letters", *arguments, "--json"])
    assert result.exit_code == exit_code, result.output
    return [orjson.loads(line) for line in result.stdout.splitlines()]


def test_open_letters_are_listed_once_each(letters: Kafka) -> None:
    assert [letter["id"] for letter in run("list")] == [FROM_A_TOPIC.id, REFUSED.id, still_bad().id]
    assert [letter["id"] for letter in run("list", "--only", "credential=moodle")] == [still_bad().id]
    assert run("list", "--only", "reason=invalid", "--until", "1970-01-01T00:00:01")[0]["id"] == REFUSED.id
    assert statements(letters) == []


def test_a_list_for_people_has_everything_and_fits_a_narrow_terminal(letters: Kafka) -> None:
    said = RUNNER.invoke(cli, ["dead-letters", "list"]).stdout

    assert max(map(len, said.splitlines())) <= 80
    for letter in (FROM_A_TOPIC, REFUSED, still_bad()):
        assert all(word in said for word in (letter.id, letter.reason, letter.where, letter.detail))
    assert said.endswith("3 open letters\n")


def test_show_has_the_record_itself(letters: Kafka) -> None:
    shown = RUNNER.invoke(cli, ["dead-letters", "show", REFUSED.id])

    assert orjson.loads(shown.stdout)["record"] == orjson.loads(REFUSED.value)
    assert RUNNER.invoke(cli, ["dead-letters", "show", "no such letter"]).exit_code == 1


def test_a_letter_is_replayed_once_and_what_cannot_be_stays_open(letters: Kafka) -> None:
    done = run("replay", "--all", "--note", "mended", exit_code=1)

    assert [(one["id"], one["resolution"]) for one in done] == [
        (FROM_A_TOPIC.id, "replayed"),
        (REFUSED.id, "replayed"),
        (still_bad().id, ""),
    ]
    assert "still not valid" in done[2]["why_not"]
    assert run("replay", FROM_A_TOPIC.id, REFUSED.id) == []
    replayed = statements(letters)
    assert sorted(record.key for record in replayed if record.value == FROM_A_TOPIC.value) == [b"persona"]
    assert len(replayed) == 2
    assert [letter["id"] for letter in run("list")] == [still_bad().id]


def test_a_dropped_letter_is_settled_and_sends_nothing(letters: Kafka) -> None:
    assert [one["resolution"] for one in run("drop", still_bad().id[:6], "--note", "a test")] == ["dropped"]

    assert still_bad().id not in [letter["id"] for letter in run("list")]
    assert statements(letters) == []


def test_to_settle_everything_takes_a_word(letters: Kafka) -> None:
    for verb in (["replay"], ["drop", "--note", "all of them"]):
        refused = RUNNER.invoke(cli, ["dead-letters", *verb])
        assert refused.exit_code == 2
        assert "--all" in refused.output

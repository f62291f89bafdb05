"""`readystream identity import`: what a feed changes goes to the log, and the headcount is counted there."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from lrs_adapter.hr.link_log import Link, publish_links
from readystream.identity_log import IdentityLog, read_identity_log
from schemas.persona import email_key, person_id, persona_id
from schemas.topics import AUDIT
from tests.integration.bulk_kit import Read, read_log
from tests.integration.test_bulk_import import imported, ndjson, statement
from tests.services.kafka import PARTITIONS, Kafka

KEY = "a key for tests alone"
HEADER = "employee_id,sso_guid,emails,hire_date,end_date"
ANA, BOB = "E1,g1,a@example.com,2020-01-01,", "E2,g2,b@example.com,2024-01-01,"


class _Command:
    """The command on one broker."""

    def __init__(self, kafka: Kafka, home: Path) -> None:
        self._kafka = kafka
        self._feed = home / "people.csv"

    def run(self, *rows: str, options: tuple[str, ...] = ()) -> tuple[int, str]:
        """(exit code, everything printed) of an import of these rows."""
        self._feed.write_text("\n".join((HEADER, *rows)), encoding="utf-8")
        command = [sys.executable, "-m", "readystream", "identity", "import", str(self._feed)]
        command += ["--sso-home-page", "https://sso.example.com", "--as-of", "2026-03-01", *options]
        return self._ended(command)

    def aliases(self) -> tuple[int, str]:
        """The same of `readystream identity aliases`."""
        return self._ended([sys.executable, "-m", "readystream", "identity", "aliases"])

    def _ended(self, command: list[str]) -> tuple[int, str]:
        environment = {**os.environ, **self._kafka.environment, "READYSTREAM_TENANT_KEY": KEY}
        ended = subprocess.run(
            command, env=environment, capture_output=True, text=True, timeout=60, check=False
        )
        return ended.returncode, ended.stdout + ended.stderr

    async def accept(self, home: Path, *addresses: str) -> None:
        """Import a statement of each."""
        actors = [{"mbox": f"mailto:{address}"} for address in addresses]
        rows = [statement(number, actor=actor) for number, actor in enumerate(actors)]
        await imported(self._kafka, ndjson(home / "a.ndjson", *rows))

    async def audit(self, count: int) -> list[Read]:
        """All of `identity.audit`."""
        return await read_log(self._kafka, AUDIT, count)

    async def log(self) -> IdentityLog:
        """What the log says."""
        return await read_identity_log(self._kafka.bootstrap)

    async def publish(self, link: Link) -> None:
        """Write a link of somebody else's."""
        await publish_links(
            self._kafka.bootstrap, [link], partitions=PARTITIONS, idempotent=not self._kafka.is_embedded
        )


@pytest.fixture
def command(empty_kafka: Kafka, tmp_path: Path) -> _Command:
    return _Command(empty_kafka, tmp_path)


async def test_a_delta_and_a_complete_feed(command: _Command) -> None:
    code, said = command.run(ANA, BOB, options=("--headcount", "2"))
    assert (code, "6 begin" in said, "2 joined" in said) == (0, True, True), said
    code, said = command.run(ANA, BOB)
    assert (code, "0 begin, 0 end, 6 stay" in said, "0 links written" in said) == (0, True, True), said
    code, said = command.run(BOB, options=("--complete", "--dry-run"))
    assert (code, "1 left" in said, "nothing was written" in said) == (0, True, True), said
    assert len([one for one in (await command.log()).standing("hr") if one.end is None]) == 6
    code, said = command.run(BOB, options=("--complete", "--headcount", "1"))
    assert (code, "1 left" in said, "3 links written" in said) == (0, True, True), said
    lasting = {one.person_id for one in (await command.log()).standing("hr") if one.end is None}
    assert lasting == {person_id(KEY.encode(), "E2")}


async def test_a_headcount_that_differs_writes_nothing(command: _Command) -> None:
    code, said = command.run(ANA, options=("--headcount", "2"))
    assert (code, "the feed names 1, 2 were expected" in said) == (1, True), said
    assert (await command.log()).standing("hr") == ()
    code, said = command.run(options=("--complete",))
    assert (code, "names nobody" in said) == (2, True), said


async def test_somebody_who_is_not_linked_is_a_mismatch(command: _Command) -> None:
    assert command.run("E1,,a@example.com,2020-01-01,2028-01-01")[0] == 0
    code, said = command.run("E2,,a@example.com,2025-01-01,2027-01-01")
    assert (code, "1 are not linked" in said) == (1, True), said


async def test_bad_rows_are_named_and_good_ones_written(command: _Command) -> None:
    code, said = command.run(ANA, "E2,,nonsense,2024-01-01,")
    assert (code, "people.csv: 3/emails: " in said, "3 links written" in said) == (1, True, True), said


async def test_what_a_person_withdrew_stays_withdrawn(command: _Command) -> None:
    assert command.run(ANA)[0] == 0
    persona = persona_id(KEY.encode(), email_key("a@example.com"))
    withdrawn: Link = {
        "persona_id": persona,
        "person_id": person_id(KEY.encode(), "E1"),
        "action": "unlink",
        "rule": "human",
        "source": "desk",
        "confidence": 1.0,
        "valid_from": 0,
        "valid_to": None,
        "actor": "somebody",
        "reason": "not hers",
        "recorded_at": 1,
        "correlation_id": "c",
    }
    await command.publish(withdrawn)
    code, said = command.run(ANA)
    assert (code, "0 begin, 0 end, 2 stay, 1 were withdrawn" in said) == (0, True), said
    assert persona not in {one.persona_id for one in (await command.log()).standing("hr")}


async def test_while_kafka_is_away_the_command_says_so(tmp_path: Path) -> None:
    away = Kafka("127.0.0.1:1", "embedded")
    code, said = _Command(away, tmp_path).run(ANA)
    assert (code, "readystream: " in said) == (3, True), said


async def test_identity_rules_deny_hold_back_and_link_aliases(command: _Command, tmp_path: Path) -> None:
    code, said = command.run("E1,,ana@gmail.com,,", "E2,,info@example.com,,", "E3,,joao@example.com,,")
    assert (code, "3/emails" in said, "4 links written" in said) == (1, True, True), said
    for number in range(5):
        await command.publish(_linked_by_hand(f"persona{number}", "E3"))
    code, said = command.run("E3,,maria@example.com;joao@example.com,,")
    assert (code, "1 links wait" in said) == (1, True), said

    await command.accept(tmp_path, "ana+sql@gmail.com", "joao+sql@example.com", "nobody+x@gmail.com")
    code, said = command.aliases()
    assert (code, "3 aliases seen, 2 of a mailbox" in said) == (0, True), said
    assert "1 links written, 1 wait" in said
    assert "0 links written, 1 wait" in command.aliases()[1]
    [link] = (await command.log()).standing("sub-addressing")
    assert link.persona_id == persona_id(KEY.encode(), email_key("ana+sql@gmail.com"))
    assert (link.person_id, link.rule) == (person_id(KEY.encode(), "E1"), "email_alias")
    reviews = {(one.value["rule"], one.value["other_rule"]) for one in await command.audit(3)}
    assert reviews == {("email", "too_many"), ("email_alias", "sub_address")}


def _linked_by_hand(persona: str, employee: str) -> Link:
    return {
        "persona_id": persona,
        "person_id": person_id(KEY.encode(), employee),
        "action": "link",
        "rule": "email",
        "source": "by hand",
        "confidence": 1.0,
        "valid_from": 0,
        "valid_to": None,
        "actor": "test",
        "reason": "",
        "recorded_at": 0,
        "correlation_id": "c",
    }

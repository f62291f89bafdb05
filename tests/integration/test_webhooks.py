"""Outgoing webhooks against a broker and receivers that are slow, broken and picky."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from aiohttp import web
from typer.testing import CliRunner

from readystream.cli import cli
from readystream.dead_letters.desk import open_letters
from readystream.dead_letters.selection import Selection
from schemas.dead_letter import DeadLetter
from schemas.settings import OperatorSettings
from schemas.topics import ALERTS, READINESS
from sinks.webhooks.courier import Step
from tests.integration.sink_kit import eventually
from tests.integration.webhook_kit import delivered, delivering, publish, receiving, to
from tests.services.kafka import Kafka
from tests.unit.webhooks.samples import SECRET

KEY = "somebody|data-analyst"
IDS = [f"marketplace:scores.readiness:0:0:{offset}" for offset in range(9)]


def broken(_id: str, _tries: int) -> web.Response:
    return web.Response(status=500)


class CrashError(Exception):
    """Ends the process between two steps."""


@contextmanager
def crashing() -> Iterator[None]:
    """A block that ends by such a crash."""
    with pytest.raises(ExceptionGroup) as caught:
        yield
    assert caught.group_contains(CrashError)


async def letters(kafka: Kafka) -> list[DeadLetter]:
    """The open letters."""
    settings = OperatorSettings(kafka_bootstrap_servers=kafka.bootstrap, tenant_key="a tenant key of tests")
    return [filed.letter for filed in await open_letters(settings, Selection())]


async def test_events_come_signed_in_order_and_a_slow_receiver_holds_nobody_up(empty_kafka: Kafka) -> None:
    await publish(empty_kafka, READINESS, [{"score": 60.0}, {"score": 71.0}, None, {"score": 72.0}], KEY)
    await publish(empty_kafka, ALERTS, [{}], "somebody")

    async with receiving() as slow, receiving() as quick:
        slow.open.clear()
        both = to(slow, id="slow"), to(quick, topics=("scores.readiness", "scores.alerts"))
        async with delivering(empty_kafka, *both) as health:
            await eventually(lambda: len(quick.ids) == 5)
            assert slow.ids == []
            assert health.ready
            slow.open.set()
            await eventually(lambda: len(slow.ids) == 4)

    readiness = [event for event in quick.events if event["subject"] == KEY]
    assert [event["id"] for event in readiness] == IDS[:4]
    assert [event["data"].get("score") for event in readiness] == [60.0, 71.0, None, 72.0]
    assert readiness[2]["type"] == "readystream.readiness.withdrawn"
    assert max(slow.tries.values()) == 1


async def test_what_is_never_taken_is_a_dead_letter_and_a_replay_delivers_it_once(
    empty_kafka: Kafka, monkeypatch: pytest.MonkeyPatch, tmp_path_factory: pytest.TempPathFactory
) -> None:
    await publish(empty_kafka, READINESS, [{}], KEY)

    async with receiving(broken) as receiver, receiving() as other:
        subscriptions = to(receiver), to(other, id="other", topics=("scores.readiness", "dead.letters"))
        async with delivering(empty_kafka, *subscriptions) as health:
            await eventually(
                lambda: bool(health.metrics.deliveries.labels("marketplace", "dead_letter")._value.get())
            )
            assert receiver.tries == {IDS[0]: 4}
            (letter,) = await letters(empty_kafka)
            assert (letter.where, letter.reason) == ("webhook:marketplace", "undelivered")
            assert letter.detail == "HTTP 500 at try 4"

            receiver.answers = lambda _id, _tries: web.Response()
            file = tmp_path_factory.mktemp("config") / "webhooks.yaml"
            entry = f"id: marketplace, url: '{receiver.url}', topics: [scores.readiness], secret_env: SECRET"
            file.write_text(f"{{version: '1', subscriptions: [{{{entry}}}]}}")
            for name, value in {
                **empty_kafka.environment,
                "READYSTREAM_TENANT_KEY": "a tenant key of tests",
                "READYSTREAM_WEBHOOKS_FILE": str(file),
                "SECRET": SECRET,
            }.items():
                monkeypatch.setenv(name, value)
            for _ in range(2):
                done = await asyncio.to_thread(CliRunner().invoke, cli, ["dead-letters", "replay", "--all"])
                assert done.exit_code == 0, done.output
            await eventually(lambda: bool(receiver.ids))
            await publish(empty_kafka, READINESS, [{}], KEY)
            await eventually(
                lambda: IDS[1] in receiver.ids and IDS[1].replace("marketplace", "other") in other.ids
            )

    assert receiver.ids == IDS[:2]
    assert [event["type"] for event in other.events] == ["readystream.readiness.updated"] * 2
    assert await letters(empty_kafka) == []


@pytest.mark.parametrize("step", [Step.DELIVERED, Step.LETTER])
async def test_after_a_crash_before_the_commit_the_same_id_comes_again(
    empty_kafka: Kafka, step: Step
) -> None:
    await publish(empty_kafka, READINESS, [{}, {}], KEY)

    def crash(done: Step) -> None:
        if done is step:
            raise CrashError

    async with receiving() as receiver:
        if step is Step.LETTER:
            receiver.answers = lambda _id, _tries: web.Response(status=422)
        with crashing():
            async with asyncio.timeout(30):
                await delivered(empty_kafka, to(receiver), after=crash)
        async with delivering(empty_kafka, to(receiver)):
            await eventually(lambda: receiver.tries[IDS[1]] == 1)

    assert receiver.tries == {IDS[0]: 2, IDS[1]: 1}
    assert len(await letters(empty_kafka)) == (2 if step is Step.LETTER else 0)


async def test_a_stop_waits_for_the_request_on_its_way(empty_kafka: Kafka) -> None:
    await publish(empty_kafka, READINESS, [{}, {}], KEY)
    async with receiving() as receiver:
        receiver.open.clear()
        async with delivering(empty_kafka, to(receiver)):
            await eventually(lambda: bool(receiver.tries))
            asyncio.get_running_loop().call_later(0.2, receiver.open.set)
        assert receiver.ids == IDS[:1]
        async with delivering(empty_kafka, to(receiver)):
            await eventually(lambda: len(receiver.ids) == 2)

    assert receiver.tries == dict.fromkeys(IDS[:2], 1)


async def test_a_process_that_joins_amid_deliveries_shares_them_and_nothing_is_left_out(
    empty_kafka: Kafka,
) -> None:
    values = [{"score": float(number)} for number in range(30)]
    await publish(empty_kafka, READINESS, values, KEY)
    await publish(empty_kafka, READINESS, values, "nobody|data-analyst", partition=1)

    async with receiving() as receiver:
        receiver.pause_s = 0.02
        one, two = to(receiver), to(receiver)
        async with delivering(empty_kafka, one):
            await eventually(lambda: len(receiver.ids) > 4)
            async with delivering(empty_kafka, two):
                await eventually(lambda: len(set(receiver.ids)) == 60)

    for subject in (KEY, "nobody|data-analyst"):
        scores = [event["data"]["score"] for event in receiver.events if event["subject"] == subject]
        assert list(dict.fromkeys(scores)) == [float(number) for number in range(30)]


async def test_a_receiver_that_names_a_time_is_left_alone_until_then(empty_kafka: Kafka) -> None:
    await publish(empty_kafka, READINESS, [{}], KEY)

    def busy(_id: str, tries: int) -> web.Response:
        return web.Response(status=429, headers={"Retry-After": "1"}) if tries == 1 else web.Response()

    async with receiving(busy) as receiver, delivering(empty_kafka, to(receiver)):
        await eventually(lambda: bool(receiver.ids))

    first, second = receiver.times
    assert second - first >= 1.0


async def test_refusals_and_redirects_are_not_tried_again(empty_kafka: Kafka) -> None:
    await publish(empty_kafka, READINESS, [{}, {}, {}], KEY)

    async with receiving() as elsewhere:

        def picky(identifier: str, _tries: int) -> web.Response:
            if identifier == IDS[0]:
                return web.Response(status=400)
            if identifier == IDS[1]:
                return web.Response(status=307, headers={"Location": elsewhere.url})
            return web.Response()

        async with receiving(picky) as receiver, delivering(empty_kafka, to(receiver)):
            await eventually(lambda: receiver.ids == [IDS[2]])

    assert receiver.tries == dict.fromkeys(IDS[:3], 1)
    assert not elsewhere.tries
    assert [(one.reason, one.detail) for one in await letters(empty_kafka)] == [
        ("refused", "HTTP 400 at try 1"),
        ("refused", "HTTP 307 at try 1"),
    ]


async def test_no_answer_in_time_is_tried_again(empty_kafka: Kafka) -> None:
    await publish(empty_kafka, READINESS, [{}], KEY)
    async with receiving() as receiver:
        receiver.open.clear()
        async with delivering(empty_kafka, to(receiver), webhook_timeout_s=0.3):
            await eventually(lambda: receiver.tries[IDS[0]] == 2)
            receiver.open.set()
            await eventually(lambda: bool(receiver.ids))

    assert set(receiver.ids) == {IDS[0]}

"""What is told of a record, to whom, and under which id."""

import re
from dataclasses import replace
from typing import Any

import orjson
import pytest

from schemas.dead_letter import DeadLetter
from schemas.examples import EXAMPLES
from schemas.topics import ALERTS, DEAD_LETTERS, READINESS, SKILLS, Topic
from sinks.records import Refused
from sinks.webhooks.delivery import Delivery, delivery
from sinks.webhooks.subscriptions import FILTERS, Subscription
from tests.unit.sinks.records import example, raw
from tests.unit.webhooks.samples import subscription

EVERYTHING = subscription(topics=tuple(FILTERS))


def told(to: Subscription, topic: Topic, value: bytes | None, **coordinates: Any) -> dict[str, Any] | None:
    """The event that `to` gets of a record, None for none."""
    made = delivery(to, raw(topic, value, **coordinates))
    assert not isinstance(made, Refused), made
    return None if made is None else orjson.loads(made.body)


def test_an_event_is_a_cloud_event_with_days_as_dates() -> None:
    event = told(EVERYTHING, READINESS, example(READINESS), key=b"somebody|data-analyst")

    assert event is not None
    data = event.pop("data")
    assert event == {
        "specversion": "1.0",
        "id": "marketplace:scores.readiness:1:3:7",
        "source": "/readystream/scores.readiness",
        "type": "readystream.readiness.updated",
        "subject": "somebody|data-analyst",
        "time": "2026-11-02T12:00:00+00:00",
        "datacontenttype": "application/json",
        "correlationid": "delivery",
    }
    assert data.keys() == EXAMPLES[READINESS.name].keys()
    assert (data["as_of"], data["top_evidence"][0]["day"]) == ("2026-11-02", "2026-11-02")
    assert data["score"] == 69.0


def test_a_null_score_stays_null() -> None:
    value = example(READINESS, score=None, status="insufficient_evidence")
    event = told(EVERYTHING, READINESS, value)
    assert event is not None
    assert event["data"]["score"] is None


@pytest.mark.parametrize(("topic", "part"), [(READINESS, "role"), (SKILLS, "skill")])
def test_a_tombstone_is_a_withdrawal_with_its_version(topic: Topic, part: str) -> None:
    event = told(EVERYTHING, topic, None, key=b"somebody|a|b", version=b"99")

    assert event is not None
    assert event["type"].endswith(".withdrawn")
    assert event["data"] == {"person_id": "somebody", part: "a|b", "version": 99}


def test_the_types_of_the_other_events() -> None:
    alert = told(EVERYTHING, ALERTS, example(ALERTS))
    opened = told(EVERYTHING, DEAD_LETTERS, example(DEAD_LETTERS))
    settled = told(EVERYTHING, DEAD_LETTERS, example(DEAD_LETTERS, resolution="dropped"))

    assert [event and event["type"] for event in (alert, opened, settled)] == [
        "readystream.alert.raised",
        "readystream.dead-letter.opened",
        "readystream.dead-letter.settled",
    ]


def test_trace_context_goes_along_where_the_record_has_it() -> None:
    parent = "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01"
    record = raw(ALERTS, example(ALERTS))
    record = record._replace(headers=[*record.headers, ("traceparent", parent.encode())])

    made = delivery(EVERYTHING, record)
    assert isinstance(made, Delivery)
    assert orjson.loads(made.body)["traceparent"] == parent


@pytest.mark.parametrize("topic", [READINESS, SKILLS, ALERTS], ids=lambda topic: topic.name)
def test_events_of_figures_name_people_by_pseudonyms_alone(topic: Topic) -> None:
    event = told(EVERYTHING, topic, example(topic))
    assert event is not None
    pseudonyms = re.compile(r"[a-z0-9]{26}")
    named = [value for name, value in _leaves("", event) if name in ("person_id", "persona_id")]
    assert named
    assert all(pseudonyms.fullmatch(value) for value in named)
    assert "@" not in orjson.dumps(event).decode()


def test_of_a_dead_letter_nothing_personal_is_told() -> None:
    address = "lena@example.com"
    value = example(
        DEAD_LETTERS,
        key=address.encode(),
        value=f'{{"actor":{{"mbox":"mailto:{address}"}}}}'.encode(),
        detail=f"row of {address}",
        note=f"asked {address}",
    )
    event = told(EVERYTHING, DEAD_LETTERS, value, key=address.encode())

    assert event is not None
    assert "@" not in orjson.dumps(event).decode()
    assert event["data"]["reason"] == "conflict"
    assert event["subject"] == event["data"]["id"]


def _leaves(name: str, value: Any) -> list[tuple[str, Any]]:
    if isinstance(value, dict):
        return [leaf for inner, one in value.items() for leaf in _leaves(inner, one)]
    if isinstance(value, list):
        return [leaf for one in value for leaf in _leaves(name, one)]
    return [(name, value)]


# ── who is told ──


def test_a_subscription_gets_its_topics_alone() -> None:
    assert told(subscription(), ALERTS, example(ALERTS)) is None


def test_filters_look_at_the_fields_of_each_topic() -> None:
    both = subscription(
        topics=("scores.readiness", "skills.levels"), where={"role": ["data-analyst"], "skill": ["sql"]}
    )
    assert told(both, READINESS, example(READINESS, role="data-analyst"))
    assert told(both, READINESS, example(READINESS, role="team-lead")) is None
    assert told(both, SKILLS, example(SKILLS, skill="sql"))
    assert told(both, SKILLS, example(SKILLS, skill="data-analysis")) is None


def test_a_withdrawal_passes_a_filter_by_status_but_not_one_by_another_role() -> None:
    wants = subscription(where={"role": ["data-analyst"], "status": ["candidate"]})
    assert told(wants, READINESS, example(READINESS, status="developing")) is None
    assert told(wants, READINESS, None, key=b"somebody|data-analyst")
    assert told(wants, READINESS, None, key=b"somebody|team-lead") is None


def test_what_cannot_be_decoded_is_nothing_to_tell() -> None:
    for record in (
        raw(READINESS, b"of another release"),
        raw(READINESS, None, version=None),
        raw(READINESS, None, key=b"nobody"),
        raw(READINESS, example(READINESS), version=b"-1"),
        raw(READINESS, example(READINESS), key=b"\xff"),
        raw(ALERTS, None),
    ):
        assert isinstance(delivery(EVERYTHING, record), Refused)


# ── ids, letters and replays ──


def test_the_id_is_made_of_the_record_and_the_subscription_alone() -> None:
    ids = {
        made.id
        for to in (subscription(), subscription(id="other"))
        for offset in (7, 8)
        for _ in range(2)
        if isinstance(made := delivery(to, raw(READINESS, example(READINESS), offset=offset)), Delivery)
    }
    assert len(ids) == 4


def _letter(**changes: Any) -> tuple[Delivery, DeadLetter]:
    made = delivery(subscription(), raw(READINESS, example(READINESS)))
    assert isinstance(made, Delivery)
    return made, replace(made.letter("undelivered", "HTTP 500 at try 4", 1), **changes)


def test_a_replay_is_the_same_event_under_the_same_id() -> None:
    made, letter = _letter(resolution="replayed")

    again = delivery(subscription(), raw(DEAD_LETTERS, letter.encode(), offset=99))

    assert isinstance(again, Delivery)
    assert (again.id, again.body, again.attempt) == (made.id, made.body, 2)
    assert again.letter("undelivered", "", 2).id != letter.id


def test_a_letter_of_a_delivery_is_told_to_nobody_but_replayed_to_its_own() -> None:
    for letter, to in (
        (_letter()[1], EVERYTHING),
        (_letter(resolution="dropped")[1], EVERYTHING),
        (_letter(resolution="replayed")[1], subscription(id="other", topics=tuple(FILTERS))),
    ):
        assert told(to, DEAD_LETTERS, letter.encode()) is None

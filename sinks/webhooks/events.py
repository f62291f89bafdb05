"""What a receiver is told of a record: a CloudEvents 1.0 envelope in JSON. Pure.

Days are ISO dates here, not numbers. Nothing says who a person is: of dead letters, the only records with
personal data, content, key, detail and note stay behind.
"""

from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import orjson

from schemas.dead_letter import DeadLetter
from schemas.headers import TRACEPARENT
from schemas.topics import ALERTS, DEAD_LETTERS, READINESS, SKILLS
from sinks.webhooks.records import Record

CONTENT_TYPE: Final = "application/cloudevents+json; charset=utf-8"

_EPOCH = date(1970, 1, 1)
_DAYS = frozenset({"as_of", "day"})
_LETTER_FIELDS = (
    *("reason", "where", "topic", "partition", "offset", "epoch"),
    *("credential", "attempt", "correlation_id", "resolution"),
)
_KEYS = {READINESS.name: ("person_id", "role"), SKILLS.name: ("person_id", "skill")}
_NOUNS = {READINESS.name: "readiness", SKILLS.name: "skill"}


def event(record: Record, identifier: str) -> bytes:
    """The event of `record` under `identifier`; the same record gives the same bytes."""
    told = data(record)
    envelope = {
        "specversion": "1.0",
        "id": identifier,
        "source": f"/readystream/{record.raw.topic}",
        "type": _type(record),
        "subject": told["id"] if record.raw.topic == DEAD_LETTERS.name else record.key,
        "time": _time(record.raw.timestamp_ms * 1000),
        "datacontenttype": "application/json",
        "data": told,
    }
    traced = {
        "correlationid": record.raw.correlation_id,
        "traceparent": (record.raw.header(TRACEPARENT) or b"").decode(errors="replace"),
    }
    return orjson.dumps(envelope | {name: value for name, value in traced.items() if value})


def data(record: Record) -> dict[str, Any]:
    """What the event says; of a record that is withdrawn its key and version."""
    if record.value is None:
        names = _KEYS[record.raw.topic]
        return dict(zip(names, record.key.split("|", 1), strict=True)) | {"version": record.version}
    if record.raw.topic == DEAD_LETTERS.name:
        return _letter(record.value)
    return {name: _readable(name, value) for name, value in record.value.items()}


def _type(record: Record) -> str:
    match record.raw.topic:
        case ALERTS.name:
            return "readystream.alert.raised"
        case DEAD_LETTERS.name:
            is_open = record.value is not None and not record.value["resolution"]
            return f"readystream.dead-letter.{'opened' if is_open else 'settled'}"
        case topic:
            return f"readystream.{_NOUNS[topic]}.{'withdrawn' if record.value is None else 'updated'}"


def _letter(value: Mapping[str, Any]) -> dict[str, Any]:
    told = {name: value[name] for name in _LETTER_FIELDS}
    return {"id": DeadLetter(**value).id, "failed_at": _time(value["failed_at"])} | told


def _readable(name: str, value: Any) -> Any:
    if isinstance(value, dict):
        return {inner: _readable(inner, one) for inner, one in value.items()}
    if isinstance(value, list):
        return [_readable(name, one) for one in value]
    return (_EPOCH + timedelta(days=value)).isoformat() if name in _DAYS else value


def _time(microseconds: int) -> str:
    """RFC 3339, UTC."""
    return (datetime(1970, 1, 1, tzinfo=UTC) + timedelta(microseconds=microseconds)).isoformat()

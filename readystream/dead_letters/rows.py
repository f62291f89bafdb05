"""Letters as rows: without the record, for lists, and whole, with the record decoded."""

import json
from datetime import UTC, datetime
from typing import Any

from schemas import codec
from schemas.dead_letter import DeadLetter
from schemas.errors import CodecError
from schemas.topics import by_name


def summary(letter: DeadLetter) -> dict[str, Any]:
    """The letter without the record's content."""
    return {
        "id": letter.id,
        "failed_at": datetime.fromtimestamp(letter.failed_at / 1_000_000, UTC).isoformat(),
        "reason": letter.reason,
        "where": letter.where,
        "detail": letter.detail,
        "topic": letter.topic,
        "partition": letter.partition,
        "offset": letter.offset,
        "epoch": letter.epoch,
        "credential": letter.credential,
        "attempt": letter.attempt,
        "correlation_id": letter.correlation_id,
    }


def whole(letter: DeadLetter) -> dict[str, Any]:
    """The letter with its key and its record. It may hold personal data."""
    return summary(letter) | {"key": _readable(letter.key), "record": _record(letter)}


def _record(letter: DeadLetter) -> Any:
    """The record decoded if its topic's schema fits, else its text, else its bytes in hexadecimal."""
    if letter.topic:
        try:
            value = codec.decode(by_name(letter.topic), letter.value)
        except (CodecError, KeyError):
            return _readable(letter.value)
        return {
            name: _readable(field) if isinstance(field, bytes) else field for name, field in value.items()
        }
    return _readable(letter.value)


def _readable(data: bytes) -> Any:
    try:
        return json.loads(data)
    except ValueError:
        pass
    try:
        return data.decode()
    except UnicodeDecodeError:
        return data.hex()

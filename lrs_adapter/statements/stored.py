"""A statement as we give it back: what was sent, with what is ours to set.

Pure. `stored` and `authority` are ours, `timestamp` is in UTC and the stored time where none was sent, a
missing `version` is filled in, and a single context activity becomes a list of one. Everything else keeps its
text. IEEE 9274.1.1 4.1.6.1, 4.2.2 and 4.2.7; xAPI 1.0.3 Data 2.4.6 to 2.4.10.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Any

import msgspec

_MEMBERS = msgspec.json.Decoder(dict[str, msgspec.Raw])
_ASSUMED = {"1": "1.0.0", "2": "2.0.0"}


@dataclass(frozen=True, slots=True)
class Stored:
    """A statement's text, when it was stored (UTC), and the data of its attachments by SHA-2 sum."""

    text: bytes
    stored: datetime
    attachments: Mapping[str, bytes] = field(default_factory=dict)

    @property
    def last_modified(self) -> str:
        """The stored time as HTTP writes it."""
        return format_datetime(self.stored, usegmt=True)


def stored_from(record: Mapping[str, Any], homepage: str) -> Stored:
    """From a record of `xapi.statements`. `homepage` is that of the accounts that senders have here."""
    members = _MEMBERS.decode(record["statement"])
    stored = datetime.fromtimestamp(record["stored_at"] / 1_000_000, UTC)
    account = {"homePage": homepage, "name": record["credential"]}
    sent = msgspec.json.decode(members["timestamp"], type=str) if "timestamp" in members else iso(stored)
    ours: dict[str, object] = {
        "stored": iso(stored),
        "authority": {"objectType": "Agent", "account": account},
        "timestamp": _in_utc(sent),
    }
    filled = {"version": _ASSUMED[record["xapi_version"][0]]} | _listed(members) | ours
    return Stored(msgspec.json.encode(filled), stored)


def _listed(members: dict[str, msgspec.Raw]) -> dict[str, msgspec.Raw]:
    """The members of a statement or SubStatement, with lists where a context has single activities."""
    changed = dict(members)
    if "object" in members:
        changed["object"] = _encoded(_listed(_MEMBERS.decode(members["object"])))
    context = _MEMBERS.decode(members.get("context", b"{}"))
    if "contextActivities" in context:
        changed["context"] = _encoded(context | {"contextActivities": _lists(context["contextActivities"])})
    return changed


def _lists(raw: msgspec.Raw) -> msgspec.Raw:
    roles = _MEMBERS.decode(raw)
    return _encoded({role: one if _is_list(one) else _encoded([one]) for role, one in roles.items()})


def _is_list(raw: msgspec.Raw) -> bool:
    return bytes(raw).lstrip().startswith(b"[")


def _encoded(value: object) -> msgspec.Raw:
    return msgspec.Raw(msgspec.json.encode(value))


def _in_utc(timestamp: str) -> str:
    if timestamp.endswith("Z"):
        return timestamp
    try:
        moment = datetime.fromisoformat(timestamp)
    except ValueError:
        return timestamp  # a form that the specification allows and Python does not read
    return iso(moment if moment.tzinfo else moment.replace(tzinfo=UTC))


def iso(moment: datetime) -> str:
    """A moment as statements have it: UTC, to the microsecond."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds").replace("+00:00", "Z")

"""A statement, as far as it decides what it counts for.

Only the parts that matter are read. Verbs, activities and contexts come in the same words again and again, so
each wording is read once and remembered; what is remembered are values, so nobody can tell.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import Any, NamedTuple

import msgspec
import orjson
from msgspec import Raw, Struct

from schemas.errors import ReadystreamError
from schemas.xapi.timestamp import parse_timestamp
from streams.core import verbs
from streams.core.results import Result, read_result
from streams.core.setting import Setting, read_setting
from streams.core.verbs import Verb

_INTERACTION = "http://adlnet.gov/expapi/activities/cmi.interaction"
# Wordings remembered of each part. Those of long statements are not, so that they take 32 MiB at the most.
_REMEMBERED = 4096
_LONG = 4096


class Underivable(ReadystreamError):  # noqa: N818 - a property of the statement, not a fault of ours
    """A statement that the core cannot process; `reason_code` and `detail` go to the dead letter."""

    def __init__(self, reason_code: str, detail: str) -> None:
        super().__init__(f"{reason_code}: {detail}")
        self.reason_code = reason_code
        self.detail = detail


class Activity(Struct, frozen=True, gc=False):
    """The object of a statement. All is empty when it is an agent, a group, a reference to another statement,
    or a SubStatement, which says what somebody intends.

    `is_question`: an interaction activity (xAPI 1.0.3 Part Two 2.4.4.1). With a parent it is an item of a
    quiz, whatever verb reports it, and the quiz itself is the evidence.
    """

    iri: str = ""
    name: str = ""
    is_question: bool = False


class Statement(Struct, frozen=True, gc=False):
    """What a statement says. `said_us` is its timestamp in microseconds since the epoch, UTC, or None."""

    verb_iri: str
    verb: Verb
    activity: Activity
    setting: Setting
    result: Result
    said_us: int | None
    is_by_group: bool


class _Parts(Struct, gc=False):
    """A statement's JSON, taken apart and no further."""

    actor: Raw = Raw()
    verb: Raw = Raw()
    object: Raw = Raw()
    result: Raw = Raw()
    context: Raw = Raw()
    timestamp: Any = None


_take_apart = msgspec.json.Decoder(_Parts).decode


def read_statement(text: bytes) -> Statement:
    """Read the JSON of a statement; a malformed part is as good as an absent one.

    Raises `Underivable` for what is no JSON object, for one without a verb or with a timestamp that is no
    time.
    """
    try:
        parts = _take_apart(text)
        read = _fresh if len(text) > _LONG else _remembering
        verb_iri, verb = read.verb(bytes(parts.verb))
        return Statement(
            verb_iri=verb_iri,
            verb=verb,
            activity=read.activity(bytes(parts.object)),
            setting=read.setting(bytes(parts.context)),
            result=_result(bytes(parts.result)),
            said_us=_said_us(parts.timestamp),
            is_by_group=_is_group(bytes(parts.actor)),
        )
    except msgspec.ValidationError as error:
        raise Underivable("not_an_object", str(error)) from None
    except (msgspec.DecodeError, orjson.JSONDecodeError, RecursionError) as error:
        raise Underivable("not_json", str(error)) from None


def _value(text: bytes) -> Any:
    return orjson.loads(text) if text else None


def _verb(text: bytes) -> tuple[str, Verb]:
    verb = _value(text)
    iri = verb.get("id") if isinstance(verb, dict) else None
    if not isinstance(iri, str) or not iri:
        raise Underivable("no_verb", "the statement has no verb with an id")
    return iri, verbs.lookup(iri)


def _activity(text: bytes) -> Activity:
    value = _value(text)
    if not isinstance(value, dict):
        return Activity()
    definition = value.get("definition")
    if not isinstance(definition, dict):
        definition = {}
    is_question = "interactionType" in definition or definition.get("type") == _INTERACTION
    iri = value.get("id")
    if value.get("objectType", "Activity") != "Activity" or not isinstance(iri, str):
        return Activity()
    return Activity(iri, _readable(definition.get("name")), is_question)


def _readable(names: Any) -> str:
    """English where there is English, else the first language of the alphabet."""
    if not isinstance(names, dict) or not names:
        return ""
    language = min(names, key=lambda tag: (not tag.startswith("en"), tag))
    return str(names[language])


def _setting(text: bytes) -> Setting:
    return read_setting(_value(text))


def _result(text: bytes) -> Result:
    return read_result(_value(text))


def _said_us(timestamp: Any) -> int | None:
    if timestamp is None:
        return None
    if not isinstance(timestamp, str):
        raise Underivable("bad_timestamp", "the timestamp is not text")
    try:
        return parse_timestamp(timestamp)
    except (ValueError, OverflowError) as error:
        raise Underivable("bad_timestamp", str(error)) from error


def _is_group(actor: bytes) -> bool:
    """A group credits none of its members: who of them did it is not said."""
    if b"Group" not in actor and b"\\" not in actor:  # the word, or an escape that may spell it
        return False
    value = _value(actor)
    return isinstance(value, dict) and value.get("objectType") == "Group"


class _Readers(NamedTuple):
    verb: Callable[[bytes], tuple[str, Verb]]
    activity: Callable[[bytes], Activity]
    setting: Callable[[bytes], Setting]


_fresh = _Readers(_verb, _activity, _setting)
_remembering = _Readers(
    verb=lru_cache(_REMEMBERED)(_verb),
    activity=lru_cache(_REMEMBERED)(_activity),
    setting=lru_cache(_REMEMBERED)(_setting),
)

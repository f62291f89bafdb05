"""From the text of a row to a statement to keep, or to what is wrong with it."""

import re
from dataclasses import dataclass
from typing import Any
from uuid import UUID, uuid5

import orjson

from lrs_adapter.statements.batch import Kept
from lrs_adapter.wire.json_text import Malformed, parse, with_id
from schemas.outcomes import Fault, Rejected
from schemas.xapi import validate_statement

_NAMESPACE = UUID("7d0f1f2a-5a3c-5c55-9b1e-2f7c5a0d9f34")
_VERSION = re.compile(r"[12]\.0(?:\.[0-9]{1,4})?")
DEFAULT_VERSION = "1.0.3"


@dataclass(frozen=True, slots=True)
class Judged:
    """A valid statement and the xAPI version whose rules it was judged by."""

    kept: Kept
    version: str


def judge(raw: bytes) -> Judged | Rejected:
    """Judge one statement by the version that it names, else by 1.0.3."""
    parsed = parse(raw)
    if isinstance(parsed, Malformed):
        return Rejected((Fault("", parsed.detail),))
    version = _version(parsed.value)
    outcome = validate_statement(parsed.value, version)
    if isinstance(outcome, Rejected):
        return outcome
    return Judged(_kept(raw, parsed.value), version)


def content_id(value: Any) -> str:
    """The id of a statement that brings none: the same content has the same id, in any file and any order."""
    return str(uuid5(_NAMESPACE, orjson.dumps(value, option=orjson.OPT_SORT_KEYS).decode()))


def _version(value: Any) -> str:
    named = value.get("version") if isinstance(value, dict) else None
    return named if isinstance(named, str) and _VERSION.fullmatch(named) else DEFAULT_VERSION


def _kept(raw: bytes, value: dict[str, Any]) -> Kept:
    named = value.get("id")
    if named is not None:
        return Kept(named, raw, value)
    made = content_id(value)
    return Kept(made, with_id(raw, made), value)

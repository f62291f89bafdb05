"""Rules between a statement's object and the rest of it."""

from collections.abc import Iterator, Mapping
from typing import Any

from schemas.xapi import spec
from schemas.xapi.rules import Breach
from schemas.xapi.verb import VOIDED


def revision_needs_activity(statement: Mapping[str, Any], _: str) -> Iterator[Breach]:
    """`revision` and `platform` describe an Activity (xAPI 1.0.3 Data 2.4.6)."""
    context, target = statement.get("context"), statement.get("object")
    if not isinstance(context, dict) or not isinstance(target, dict):
        return
    if target.get("objectType", "Activity") == "Activity":
        return
    for name in ("revision", "platform"):
        if name in context:
            message = "must not be given unless the object is an Activity"
            yield Breach(("context", name), message, context[name], spec.CONTEXT)


def voiding_names_a_statement(statement: Mapping[str, Any], _: str) -> Iterator[Breach]:
    """The object of the verb `voided` is a StatementRef (xAPI 1.0.3 Data 2.3.2)."""
    if is_voiding(statement) and _object_type(statement) != "StatementRef":
        message = "must be StatementRef where the verb is voided"
        yield Breach(("object", "objectType"), message, _object_type(statement), spec.VOIDING)


def is_voiding(statement: Mapping[str, Any]) -> bool:
    """Whether the statement's verb is `voided`."""
    verb = statement.get("verb")
    return isinstance(verb, dict) and verb.get("id") == VOIDED


def _object_type(statement: Mapping[str, Any]) -> Any:
    target = statement.get("object")
    return target.get("objectType") if isinstance(target, dict) else None

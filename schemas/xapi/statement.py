"""Statement: who did what, and all that is known about it.

IEEE 9274.1.1 4.2.2 and 4.2.4, xAPI 1.0.3 Data 2.4.
"""

import re
from collections.abc import Iterator, Mapping
from typing import Annotated, Any, NotRequired

from pydantic import Tag, with_config
from typing_extensions import TypedDict

from schemas.xapi import spec
from schemas.xapi.activity import Activity
from schemas.xapi.actor import Actor
from schemas.xapi.agent import Agent
from schemas.xapi.attachment import Attachment
from schemas.xapi.authority import Authority
from schemas.xapi.context import Context
from schemas.xapi.group import Group
from schemas.xapi.kinds import by_object_type
from schemas.xapi.noun import STRICT
from schemas.xapi.object_rules import revision_needs_activity, voiding_names_a_statement
from schemas.xapi.remembered import Remembered
from schemas.xapi.result import Result
from schemas.xapi.rules import Breach, rules
from schemas.xapi.statement_ref import StatementRef
from schemas.xapi.substatement import SubStatement
from schemas.xapi.timestamp import TimestampText
from schemas.xapi.uuids import Uuid
from schemas.xapi.verb import Verb

StatementTarget = Annotated[
    Annotated[Activity, Tag("<Activity>")]
    | Annotated[Agent, Tag("<Agent>")]
    | Annotated[Group, Tag("<Group>")]
    | Annotated[StatementRef, Tag("<StatementRef>")]
    | Annotated[SubStatement, Tag("<SubStatement>")],
    by_object_type(("Activity", "Agent", "Group", "StatementRef", "SubStatement"), spec.OBJECT),
]

_VERSION_1 = re.compile(r"1\.0(?:\.[0-9]+)?")
_VERSION_1_OR_2 = re.compile(r"[12]\.0(?:\.[0-9]+)?")


@with_config(STRICT)
class StatementObject(TypedDict):
    """The properties of a statement. A sender's `stored` and `authority` are provenance, never ours."""

    id: NotRequired[Uuid]
    actor: Annotated[Actor, Remembered()]
    verb: Annotated[Verb, Remembered()]
    object: Annotated[StatementTarget, Remembered()]
    result: NotRequired[Result]
    context: NotRequired[Context]
    timestamp: NotRequired[TimestampText]
    stored: NotRequired[TimestampText]
    authority: NotRequired[Annotated[Authority, Remembered()]]
    version: NotRequired[str]
    attachments: NotRequired[list[Attachment]]


def known_version(statement: Mapping[str, Any], version: str) -> Iterator[Breach]:
    """A request of 1.0 carries statements of 1.0; one of 2.0 also those of 2.0."""
    named = statement.get("version")
    allowed = _VERSION_1 if version.startswith("1.") else _VERSION_1_OR_2
    if isinstance(named, str) and not allowed.fullmatch(named):
        yield Breach(
            ("version",), f"is not a version that a request of {version} can carry", named, spec.VERSION
        )


Statement = Annotated[
    StatementObject, rules(known_version, revision_needs_activity, voiding_names_a_statement)
]

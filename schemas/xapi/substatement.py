"""SubStatement: an intention or a future act, as the object of a statement.

IEEE 9274.1.1 4.2.2.3, xAPI 1.0.3 Data 2.4.4.3. It has no id, stored, version or authority, and does not
contain another.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import Tag, with_config
from typing_extensions import TypedDict

from schemas.xapi import spec
from schemas.xapi.activity import Activity
from schemas.xapi.actor import Actor
from schemas.xapi.agent import Agent
from schemas.xapi.attachment import Attachment
from schemas.xapi.context import Context
from schemas.xapi.group import Group
from schemas.xapi.kinds import by_object_type
from schemas.xapi.noun import STRICT
from schemas.xapi.object_rules import revision_needs_activity
from schemas.xapi.result import Result
from schemas.xapi.rules import rules
from schemas.xapi.statement_ref import StatementRef
from schemas.xapi.timestamp import TimestampText
from schemas.xapi.verb import Verb

SubObject = Annotated[
    Annotated[Activity, Tag("<Activity>")]
    | Annotated[Agent, Tag("<Agent>")]
    | Annotated[Group, Tag("<Group>")]
    | Annotated[StatementRef, Tag("<StatementRef>")],
    by_object_type(("Activity", "Agent", "Group", "StatementRef"), spec.STATEMENT_OBJECT),
]


@with_config(STRICT)
class SubStatementObject(TypedDict):
    """The properties of a SubStatement."""

    objectType: Literal["SubStatement"]
    actor: Actor
    verb: Verb
    object: SubObject
    result: NotRequired[Result]
    context: NotRequired[Context]
    timestamp: NotRequired[TimestampText]
    attachments: NotRequired[list[Attachment]]


SubStatement = Annotated[SubStatementObject, rules(revision_needs_activity)]

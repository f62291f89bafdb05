"""Group: a collection of Agents, identified by itself or anonymous.

IEEE 9274.1.1 4.2.2.1, xAPI 1.0.3 Data 2.4.2.2. Members are Agents: a Group does not contain Groups.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from schemas.xapi.account import Account
from schemas.xapi.agent import Agent
from schemas.xapi.identifier import Mbox, MboxSha1Sum, identifier_or_members
from schemas.xapi.iri import Iri
from schemas.xapi.noun import STRICT
from schemas.xapi.rules import rules


@with_config(STRICT)
class GroupObject(TypedDict):
    """The properties of a Group."""

    objectType: Literal["Group"]
    name: NotRequired[str]
    member: NotRequired[list[Agent]]
    mbox: NotRequired[Mbox]
    mbox_sha1sum: NotRequired[MboxSha1Sum]
    openid: NotRequired[Iri]
    account: NotRequired[Account]


Group = Annotated[GroupObject, rules(identifier_or_members)]

"""Agent: one individual or system.

IEEE 9274.1.1 4.2.2.1, xAPI 1.0.3 Data 2.4.2.1.
"""

from typing import Annotated, Literal, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from schemas.xapi.account import Account
from schemas.xapi.identifier import Mbox, MboxSha1Sum, one_identifier
from schemas.xapi.iri import Iri
from schemas.xapi.noun import STRICT
from schemas.xapi.rules import rules


@with_config(STRICT)
class AgentObject(TypedDict):
    """The properties of an Agent."""

    objectType: NotRequired[Literal["Agent"]]
    name: NotRequired[str]
    mbox: NotRequired[Mbox]
    mbox_sha1sum: NotRequired[MboxSha1Sum]
    openid: NotRequired[Iri]
    account: NotRequired[Account]


Agent = Annotated[AgentObject, rules(one_identifier)]

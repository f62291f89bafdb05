"""Authority: who asserts that the statement is true.

IEEE 9274.1.1 4.2.4.2, xAPI 1.0.3 Data 2.4.9. An Agent, or an anonymous Group of two: an application and its
user.
"""

from collections.abc import Iterator, Mapping
from typing import Annotated, Any

from schemas.xapi import spec
from schemas.xapi.actor import Actor
from schemas.xapi.identifier import IDENTIFIERS
from schemas.xapi.rules import Breach, rules


def application_and_user(authority: Mapping[str, Any], _: str) -> Iterator[Breach]:
    """A Group as authority is anonymous and has exactly two members."""
    if authority.get("objectType") != "Group":
        return
    for name in IDENTIFIERS:
        if name in authority:
            yield Breach((name,), "must be absent: the group is anonymous", authority[name], spec.AUTHORITY)
    members = authority.get("member")
    if isinstance(members, list) and len(members) != 2:
        yield Breach(("member",), "must be two Agents", len(members), spec.AUTHORITY)


Authority = Annotated[Actor, rules(application_and_user)]

"""What a link decision did, for people who answer for it: moves of days, conflicts, what waits for review."""

from collections.abc import Iterator
from typing import Any

from streams.core import links
from streams.core.identity import Assertion, contradicted

Entry = dict[str, Any]
"""A value of `identity.audit`."""


def audit_entries(
    persona: str,
    before: tuple[Assertion, ...],
    after: tuple[Assertion, ...],
    claim: Assertion,
    correlation_id: str,
) -> Iterator[Entry]:
    """Entries for what `claim` changed between `before` and `after`, and for what stood against it.

    A claim that is known already, as in a replay, changes nothing and gives no entry.
    """
    if claim in before:
        return
    common = {
        "persona_id": persona,
        "rule": claim.rule,
        "source": claim.source,
        "version": claim.version,
        "correlation_id": correlation_id,
    }
    for old, new in sorted(links.owners(before, after, persona)):
        if old != new:
            yield common | {
                "kind": "moved",
                "person_id": new,
                "other_person_id": old,
                "other_rule": "",
            }
    if claim.action == "link" and not claim.trust:
        yield common | {
            "kind": "review",
            "person_id": claim.person_id,
            "other_person_id": "",
            "other_rule": "unsure",
        }
    for standing in contradicted(before, claim):
        yield common | {
            "kind": "conflict",
            "person_id": claim.person_id,
            "other_person_id": standing.person_id,
            "other_rule": standing.rule,
        }

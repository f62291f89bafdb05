"""From what HR claims to values of `identity.links`."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from lrs_adapter.hr.link_log import Link
from lrs_adapter.hr.rows import Claim
from schemas.outcomes import Fault
from schemas.persona import person_id, persona_id

_FOREVER = 1 << 31


@dataclass(frozen=True, slots=True)
class Provenance:
    """Who says it: the name of the source, the process, when (microseconds since the epoch)."""

    tenant_key: bytes
    source: str
    actor: str
    recorded_at_us: int
    correlation_id: str

    def link(
        self,
        persona: str,
        person: str,
        rule: str,
        *,
        confidence: float,
        start: int,
        end: int | None,
        reason: str,
    ) -> Link:
        """A link on the days `[start, end)`, counted from 1970-01-01; without an end it lasts."""
        return {
            "persona_id": persona,
            "person_id": person,
            "action": "link",
            "rule": rule,
            "source": self.source,
            "confidence": confidence,
            "valid_from": start,
            "valid_to": end,
            "actor": self.actor,
            "reason": reason,
            "recorded_at": self.recorded_at_us,
            "correlation_id": self.correlation_id,
        }


def link(claim: Claim, said: Provenance, *, start: int | None = None, end: int | None = None) -> Link:
    """The link of a claim; `start` and `end` go before the claim's own."""
    return said.link(
        persona_id(said.tenant_key, claim.key),
        person_id(said.tenant_key, claim.row.employee_id),
        claim.rule.name,
        confidence=claim.rule.confidence,
        start=claim.start if start is None else start,
        end=claim.end if end is None else end,
        reason=claim.rule.reason,
    )


def agreed(claims: Sequence[Claim]) -> tuple[list[Claim], list[Fault]]:
    """(claims that one employee makes alone, faults of the others).

    An address may be one employee's until a day and another's from then on.
    """
    by_key: defaultdict[str, list[Claim]] = defaultdict(list)
    for claim in claims:
        by_key[claim.key].append(claim)
    contested = {key for key, of_key in by_key.items() if _is_contested(of_key)}
    faults = [
        claim.row.fault(claim.column, "other employees claim it too: it is linked to nobody")
        for claim in claims
        if claim.key in contested
    ]
    return [claim for claim in claims if claim.key not in contested], list(dict.fromkeys(faults))


def _is_contested(claims: Iterable[Claim]) -> bool:
    """Whether two employees have the identifier on the same day."""
    taken_until: dict[str, int] = {}
    for claim in sorted(claims, key=lambda claim: claim.start):
        own = claim.row.employee_id
        if any(until > claim.start for who, until in taken_until.items() if who != own):
            return True
        until = _FOREVER if claim.end is None else claim.end
        taken_until[own] = max(until, taken_until.get(own, 0))
    return False

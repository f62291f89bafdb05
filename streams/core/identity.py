"""Identity: to which person a persona belongs on a day, from everything that was ever said about it.

The log of links is folded into the assertions that still stand. The same set of records gives the same
assertions in whatever order they come, so late links, merges and unmerges need no replay.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from operator import attrgetter

# Whom to believe, the highest first (rank 7 to 1). A rule that is not listed, such as a probabilistic
# match, is for people to review: it never links.
TRUST: Mapping[str, int] = {
    "human": 7,
    "sso_guid": 6,
    "hris_id": 5,
    "lms_feed": 4,
    "email": 3,
    "email_sha1": 2,
    "email_alias": 1,
}


@dataclass(frozen=True, slots=True)
class Assertion:
    """One record about a persona: it is, or is no longer said to be, `person_id`.

    A link holds on the UTC days from `valid_from` until before `valid_to` (None: it lasts). `version` is
    that of the record's origin and grows with the log.
    """

    person_id: str
    action: str
    rule: str
    confidence: float
    valid_from: int
    valid_to: int | None
    version: int
    source: str

    @property
    def trust(self) -> int:
        """Rank of the rule; 0 for one that never links."""
        return TRUST.get(self.rule, 0)

    def holds_on(self, day: int) -> bool:
        """Whether it is a link that is in force on that day."""
        started = self.action == "link" and self.trust > 0 and self.valid_from <= day
        return started and (self.valid_to is None or day < self.valid_to)

    def ends(self, other: "Assertion") -> bool:
        """Whether `other`, an earlier record about the same person, no longer counts because of this one.

        An unlink withdraws, for all days, what its own rule and every less trusted one said: whoever knows
        that the persona is not that person outranks a weaker hint that it is, and not a stronger one. A
        link replaces the same link, by the same rule and source from the same day on: this is how an end
        is set to one that lasted.
        """
        if other.version >= self.version or other.person_id != self.person_id:
            return False
        if self.action == "unlink":
            return self.trust >= other.trust
        return other.action == "link" and self._same_link(other)

    def _same_link(self, other: "Assertion") -> bool:
        return (self.rule, self.source, self.valid_from) == (other.rule, other.source, other.valid_from)


def fold(assertions: tuple[Assertion, ...], new: Assertion) -> tuple[Assertion, ...]:
    """The assertions that stand once `new` is known, oldest first.

    Unlinks stay, to withdraw links that come late. Ending is transitive, hence the result depends on the
    set of records and not on their order.
    """
    known = {*assertions, new}
    standing = (one for one in known if not any(other.ends(one) for other in known))
    return tuple(sorted(standing, key=attrgetter("version")))


def person_on(assertions: tuple[Assertion, ...], persona_id: str, day: int) -> str:
    """The person a persona belongs to on a UTC day: the most trusted link in force, among equals the latest.

    A persona that nobody links is its own provisional person.
    """
    if not assertions:
        return persona_id
    holding = [one for one in assertions if one.holds_on(day)]
    if not holding:
        return persona_id
    return max(holding, key=lambda one: (one.trust, one.version, one.person_id)).person_id


def persons(assertions: tuple[Assertion, ...], persona_id: str) -> frozenset[str]:
    """Everybody the persona may belong to on some day, itself as a provisional person included."""
    linked = (one.person_id for one in assertions if one.action == "link" and one.trust > 0)
    return frozenset((persona_id, *linked))


def contradicted(assertions: tuple[Assertion, ...], new: Assertion) -> tuple[Assertion, ...]:
    """Links to somebody else, at least as trusted as `new`, that are in force while it would be.

    They keep the persona: a less trusted rule never overrides a more trusted one. Worth a look by people.
    """
    if new.action != "link":
        return ()
    return tuple(
        one
        for one in assertions
        if one.action == "link"
        and one.person_id != new.person_id
        and one.trust >= new.trust
        and _overlap(one, new)
    )


def _overlap(one: Assertion, other: Assertion) -> bool:
    return _before_end(one.valid_from, other) and _before_end(other.valid_from, one)


def _before_end(day: int, link: Assertion) -> bool:
    return link.valid_to is None or day < link.valid_to

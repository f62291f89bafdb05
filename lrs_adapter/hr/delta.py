"""What an HR feed changes: its links, compared with those that stand. Pure.

Only the feed's own source is looked at: what people and other systems said about the same personas stays, and
what people withdrew is not said again. Days are counted from 1970-01-01.

An identifier that a feed no longer lists for an employee ends on the day of the import. So do all identifiers
of employees whom a *complete* feed no longer names. An address that goes on to somebody else ends for the one
before it begins for the other, so that no day is claimed twice.
"""

from collections import defaultdict
from collections.abc import Collection
from dataclasses import dataclass

from lrs_adapter.hr.feed import HrFeed
from lrs_adapter.hr.link_log import Link

Claimed = tuple[str, str, str]
"""(persona, person, rule)."""


@dataclass(frozen=True, slots=True)
class Standing:
    """A link of the feed's source that stands: it holds on days `[start, end)`, for ever without an end."""

    persona_id: str
    person_id: str
    rule: str
    confidence: float
    start: int
    end: int | None

    @property
    def claimed(self) -> Claimed:
        """What it claims, whenever."""
        return self.persona_id, self.person_id, self.rule

    def holds_on(self, day: int) -> bool:
        """Whether it holds on that day or will begin after it."""
        return self.end is None or max(day, self.start) < self.end


@dataclass(frozen=True, slots=True)
class Delta:
    """What to write, ends before beginnings, and what the feed comes to.

    Links that have `begun`, have `ended`, are `unchanged`, and are `barred` since people withdrew them; what
    others have on all the days of a claim is none of these. Of the people, `joined` had no link before, and
    `left` are not in a complete feed any more.
    """

    links: tuple[Link, ...]
    begun: int = 0
    ended: int = 0
    unchanged: int = 0
    barred: int = 0
    joined: frozenset[str] = frozenset()
    left: frozenset[str] = frozenset()


def delta(
    feed: HrFeed,
    standing: Collection[Standing],
    barred: Collection[Claimed],
    *,
    day: int,
    is_complete: bool,
) -> Delta:
    """Compare the feed with what stands on `day`."""
    comparison = _Comparison(feed, standing, barred, day)
    known = {one.person_id for one in standing if one.holds_on(day)}
    left = frozenset(known - feed.people) if is_complete else frozenset()
    comparison.shorten()
    comparison.begin()
    comparison.end_what_is_gone(feed.people | left)
    named = frozenset(person for _, person, _ in comparison.wanted)
    return Delta(
        (*comparison.ends.values(), *comparison.begins),
        begun=len(comparison.begins),
        ended=len(comparison.ends),
        unchanged=comparison.unchanged,
        barred=comparison.barred_links,
        joined=named - known,
        left=left,
    )


class _Comparison:
    """Collects what to write; the steps are to be taken in the order of the methods."""

    def __init__(
        self, feed: HrFeed, standing: Collection[Standing], barred: Collection[Claimed], day: int
    ) -> None:
        self._feed = feed
        self._barred = barred
        self._day = day
        self._standing = [one for one in standing if one.holds_on(one.start)]
        self._by_identifier: defaultdict[tuple[str, str], list[Standing]] = defaultdict(list)
        for one in sorted(self._standing, key=lambda one: one.start):
            self._by_identifier[one.persona_id, one.rule].append(one)
        self.wanted = {_claimed(link): link for link in sorted(feed.links, key=lambda one: one["valid_from"])}
        self.begins: list[Link] = []
        self.ends: dict[Standing, Link] = {}
        self.unchanged = 0
        self.barred_links = 0

    def shorten(self) -> None:
        """End what the feed says ends earlier."""
        for claimed, link in self.wanted.items():
            end = link["valid_to"]
            for one in self._own(claimed) if end is not None else ():
                if one.end is None or one.end > end:
                    self._end(one, end)

    def begin(self) -> None:
        """Begin what does not stand yet, where there is room."""
        for claimed, link in self.wanted.items():
            if claimed in self._barred:
                self.barred_links += 1
            elif any(self._end_of(one) == link["valid_to"] for one in self._own(claimed)):
                self.unchanged += not any(one in self.ends for one in self._own(claimed))
            elif (start := self._room(claimed, link)) is not None:
                self.begins.append(link | {"valid_from": start})

    def end_what_is_gone(self, people: Collection[str]) -> None:
        """End what the feed no longer says of `people`; a person with a bad row keeps everything."""
        for one in self._standing:
            is_gone = one.claimed not in self.wanted and one.person_id not in self._feed.faulty
            if is_gone and self._end_of(one) is None and one.person_id in people:
                self._end(one, self._day)

    def _room(self, claimed: Claimed, link: Link) -> int | None:
        """The first day on which the identifier is free, once those who are not to keep it let go of it."""
        start: int = link["valid_from"]
        end: int | None = link["valid_to"]
        persona, person, rule = claimed
        for other in self._by_identifier[persona, rule]:
            until = self._end_of(other)
            if other.person_id == person or _are_apart(start, end, other.start, until):
                continue
            if until is None:
                until = self._leaving_day(other, start, end)
            if until is None or not _is_before(until, end):
                return None
            start = max(start, until)
        return start

    def _leaving_day(self, other: Standing, start: int, end: int | None) -> int | None:
        """The day from which an open link makes room; None if it stays."""
        leaves = start if other.start < start <= self._day else max(self._day, other.start)
        if other.claimed in self.wanted or not _is_before(leaves, end):
            return None
        self._end(other, leaves)
        return leaves

    def _own(self, claimed: Claimed) -> list[Standing]:
        persona, person, rule = claimed
        return [one for one in self._by_identifier[persona, rule] if one.person_id == person]

    def _end_of(self, one: Standing) -> int | None:
        ended = self.ends.get(one)
        end: int | None = one.end if ended is None else ended["valid_to"]
        return end

    def _end(self, one: Standing, end: int) -> None:
        self.ends[one] = self._feed.provenance.link(
            one.persona_id,
            one.person_id,
            one.rule,
            confidence=one.confidence,
            start=one.start,
            end=max(one.start, end),
            reason="no longer so in the HR feed",
        )


def _is_before(day: int, end: int | None) -> bool:
    return end is None or day < end


def _are_apart(start: int, end: int | None, other_start: int, other_end: int | None) -> bool:
    """Whether `[start, end)` and the other stretch of days have none in common."""
    return not (_is_before(other_start, end) and _is_before(start, other_end))


def _claimed(link: Link) -> Claimed:
    return link["persona_id"], link["person_id"], link["rule"]

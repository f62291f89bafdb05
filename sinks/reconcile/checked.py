"""Tables that can be compared with their topic, row by row."""

from dataclasses import dataclass

from schemas.topics import (
    ENGAGEMENT,
    EVENTS,
    HR_ATTRIBUTES,
    LINKS,
    READINESS,
    SKILLS,
    SNAPSHOTS,
    STATEMENTS,
    Topic,
)
from sinks.table import Table
from sinks.tables import BY_TOPIC

_BY_ORIGIN = "origin_epoch = {epoch}"
_BY_PLACE = "bitShiftRight(version, 56) = {epoch}"  # as the place in the log gives versions
_BY_VERSION = "bitShiftRight(version, 58) = {epoch}"  # as the person stage makes versions


@dataclass(frozen=True, slots=True)
class Checked:
    """A topic and what it must look like in ClickHouse.

    `name` is the table that readers see, `targets` those that a wrong row is taken from, the first of which
    takes the right one. Rows with the same `key` supersede each other by `version`. `epoch` selects the rows
    of one incarnation of the topics.
    """

    topic: Topic
    name: str
    key: str
    version: str
    epoch: str
    targets: tuple[str, ...]

    @property
    def table(self) -> Table:
        """How records become rows."""
        return BY_TOPIC[self.topic.name]


CHECKED_STATEMENTS = Checked(
    STATEMENTS,
    "statements",
    "origin_partition, origin_offset",
    "toUInt64(1)",
    _BY_ORIGIN,
    ("statements",),
)
CHECKED_EVENTS = Checked(
    EVENTS,
    "learning_events",
    "toDate32(event_time), statement_id",
    "version",
    _BY_ORIGIN,
    ("learning_events",),
)
CHECKED_SNAPSHOTS = Checked(
    SNAPSHOTS,
    "reconciliation_snapshots",
    "partition, kind, cell, offset",
    "toUInt64(1)",
    "epoch = {epoch}",
    ("reconciliation_snapshots",),
)
CHECKED_LINKS = Checked(
    LINKS,
    "identity_links",
    "persona_id, origin_partition, origin_offset",
    "version",
    _BY_ORIGIN,
    ("identity_links",),
)
CHECKED_ATTRIBUTES = Checked(
    HR_ATTRIBUTES,
    "hr_attributes",
    "person_id, valid_from, recorded_at, source",
    "version",
    _BY_PLACE,
    ("hr_attributes",),
)
CHECKED_ENGAGEMENT = Checked(
    ENGAGEMENT,
    "engagement_windows",
    "window_days, person_id",
    "version",
    _BY_VERSION,
    ("engagement_windows",),
)
CHECKED_SKILLS = Checked(
    SKILLS, "skill_levels", "skill, person_id", "version", _BY_VERSION, ("skill_levels",)
)
CHECKED_READINESS = Checked(
    READINESS,
    "readiness_current",
    "role, person_id",
    "version",
    _BY_VERSION,
    ("readiness", "readiness_current"),
)
PUBLISHED = (CHECKED_LINKS, CHECKED_ATTRIBUTES, CHECKED_ENGAGEMENT, CHECKED_SKILLS, CHECKED_READINESS)
"""Compared with the whole of their topic each time: they are small, or compacted."""

"""Which table the records of each topic become rows of; one module per table.

`BY_TOPIC` is the registry: everything that needs a table of a topic asks it.
"""

from collections.abc import Mapping

from sinks.table import Table
from sinks.tables.dead_letters import DEAD_LETTERS_TABLE
from sinks.tables.engagement_windows import ENGAGEMENT_WINDOWS_TABLE
from sinks.tables.hr_attributes import HR_ATTRIBUTES_TABLE
from sinks.tables.identity_audit import IDENTITY_AUDIT_TABLE
from sinks.tables.identity_links import IDENTITY_LINKS_TABLE
from sinks.tables.learning_events import LEARNING_EVENTS_TABLE
from sinks.tables.readiness import READINESS_TABLE
from sinks.tables.readiness_alerts import READINESS_ALERTS_TABLE
from sinks.tables.reconciliation_snapshots import RECONCILIATION_SNAPSHOTS_TABLE
from sinks.tables.skill_levels import SKILL_LEVELS_TABLE
from sinks.tables.statements import STATEMENTS_TABLE

_TABLES = (
    STATEMENTS_TABLE,
    IDENTITY_LINKS_TABLE,
    HR_ATTRIBUTES_TABLE,
    LEARNING_EVENTS_TABLE,
    ENGAGEMENT_WINDOWS_TABLE,
    SKILL_LEVELS_TABLE,
    READINESS_TABLE,
    READINESS_ALERTS_TABLE,
    IDENTITY_AUDIT_TABLE,
    RECONCILIATION_SNAPSHOTS_TABLE,
    DEAD_LETTERS_TABLE,
)
BY_TOPIC: Mapping[str, Table] = {table.topic.name: table for table in _TABLES}

"""Pipeline health: how fresh, how much, what was refused, and whether the figures agree with the log."""

from dashboards.dashboard import Clock, Dashboard, Section
from dashboards.panel import Column, Kind, Size, Unit, low_is_good, panel, tile
from dashboards.variables import SOURCE

_HALF = low_is_good(attention=2, problem=10)
_MOST = low_is_good(attention=10, problem=60)
_DRIFT = low_is_good(attention=1e-9, problem=0.01)
_NONE_EXPECTED = low_is_good(attention=1, problem=100)

DASHBOARD = Dashboard(
    "pipeline",
    "Pipeline health",
    "Whether statements arrive, how soon they are readable, and what was refused.",
    Clock.ARRIVALS,
    (SOURCE,),
    (
        Section(
            "At a glance",
            (
                tile("accepted", Column("statements", "Accepted", Unit.STATEMENTS)),
                tile("freshness", Column("most_within", "Readable within", Unit.SECONDS, thresholds=_MOST)),
                tile("waiting", Column("statements", "Waiting", Unit.STATEMENTS, thresholds=_NONE_EXPECTED)),
                tile(
                    "refused", Column("records", "Open dead letters", Unit.RECORDS, thresholds=_NONE_EXPECTED)
                ),
            ),
        ),
        Section(
            "Arrivals",
            (
                panel(
                    "arrival_rate",
                    Kind.TIME_SERIES,
                    Size(12, 9),
                    Column("time", "Time", Unit.TIME),
                    Column("source", "Source"),
                    Column("statements", "Statements", Unit.STATEMENTS),
                ),
                panel(
                    "freshness_over_time",
                    Kind.LINES,
                    Size(12, 9),
                    Column("time", "Time", Unit.TIME),
                    Column("half_within", "Half within", Unit.SECONDS),
                    Column("most_within", "95 % within", Unit.SECONDS),
                    Column("slowest", "All within", Unit.SECONDS),
                ),
                panel(
                    "arrivals",
                    Kind.TABLE,
                    Size(12, 8),
                    Column("source", "Source"),
                    Column("accepted", "Accepted", Unit.STATEMENTS),
                    Column("duplicates", "Sent before", Unit.STATEMENTS),
                    Column("newest", "Newest arrival", Unit.TIME),
                    Column("half_within", "Half within", Unit.SECONDS, thresholds=_HALF),
                    Column("most_within", "95 % within", Unit.SECONDS, thresholds=_MOST),
                ),
                panel(
                    "positions",
                    Kind.TABLE,
                    Size(12, 8),
                    Column("topic", "Topic"),
                    Column("partitions", "Partitions", Unit.ITEMS),
                    Column("records", "Records up to", Unit.RECORDS),
                    Column("newest", "Last written", Unit.TIME),
                ),
            ),
        ),
        Section(
            "Reconciliation",
            (
                panel(
                    "reconciliations",
                    Kind.TABLE,
                    Size(12, 9),
                    Column("verdict", "Verdict", Unit.CODE),
                    Column("finished", "Ended", Unit.TIME),
                    Column("drift", "Drift", Unit.SHARE, thresholds=_DRIFT),
                    Column("differences", "Differences", Unit.RECORDS),
                    Column("repaired_rows", "Repaired", Unit.ROWS),
                    Column("up_to", "Partition: up to record", Unit.ID),
                ),
                panel(
                    "findings",
                    Kind.TABLE,
                    Size(12, 9),
                    Column("kind", "What", Unit.CODE),
                    Column("place", "Where"),
                    Column("key", "Which", Unit.ID),
                    Column("expected", "Should say"),
                    Column("found", "Says"),
                ),
                panel(
                    "snapshots",
                    Kind.TABLE,
                    Size(24, 7),
                    Column("partition", "Epoch / partition", Unit.ID),
                    Column("told_up_to", "Told up to record", Unit.OFFSET),
                    Column("behind", "Records after it", Unit.RECORDS),
                    Column("cells", "Cells", Unit.ROWS),
                    Column("told", "Told", Unit.TIME),
                ),
            ),
        ),
        Section(
            "Refused",
            (
                panel(
                    "dead_letters_over_time",
                    Kind.TIME_SERIES,
                    Size(10, 9),
                    Column("time", "Time", Unit.TIME),
                    Column("reason", "Reason", Unit.CODE),
                    Column("records", "Records", Unit.RECORDS),
                ),
                panel(
                    "dead_letters",
                    Kind.TABLE,
                    Size(14, 9),
                    Column("reason", "Reason", Unit.CODE),
                    Column("step", "Refused by", Unit.CODE),
                    Column("records", "Records", Unit.RECORDS),
                    Column("open", "of them open", Unit.RECORDS, thresholds=_NONE_EXPECTED),
                    Column("newest", "Newest", Unit.TIME),
                    Column("example", "What was wrong with it"),
                ),
            ),
        ),
    ),
)

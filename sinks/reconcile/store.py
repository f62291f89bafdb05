"""Reports as rows of ClickHouse."""

from clickhouse_connect.driver.client import Client

from sinks.clickhouse import insert_settings
from sinks.reconcile.report import Report

_DAY_COLUMNS = ["partition", "facts", "day", "told", "wrong", "told_checksum", "found_checksum"]
_FINDING_COLUMNS = ["kind", "place", "partition", "key", "expected", "found"]


def store(client: Client, report: Report) -> None:
    """Write the report: one row for the run, its days, its findings."""
    run = {
        "run_id": report.run_id,
        "started_at": report.started_us // 1000,
        "finished_at": report.finished_us // 1000,
        "verdict": report.verdict.value,
        "threshold": report.threshold,
        "worst_ratio": report.worst,
        "offsets": sorted(report.offsets.items()),
        "figures": [(one.figure, one.expected, one.difference) for one in report.figures.values()],
        "event_copies": report.event_copies,
        "repaired": sorted(report.repaired.items()),
    }
    _insert(client, "reconciliation_runs", list(run), [list(run.values())])
    same = [report.run_id, report.started_us // 1000]
    days = [
        [*same, partition, one.facts, one.day, one.told, one.wrong, one.told_checksum, one.found_checksum]
        for partition, checks in report.days.items()
        for one in checks
    ]
    _insert(client, "reconciliation_days", ["run_id", "started_at", *_DAY_COLUMNS], days)
    findings = [
        [*same, one.kind.value, one.table, one.partition, one.key, one.expected, one.found]
        for one in report.findings
    ]
    _insert(client, "reconciliation_findings", ["run_id", "started_at", *_FINDING_COLUMNS], findings)


def _insert(client: Client, table: str, columns: list[str], rows: list[list[object]]) -> None:
    if rows:
        client.insert(table, rows, column_names=columns, settings=insert_settings(client))

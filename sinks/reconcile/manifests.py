"""The manifests of the workers' snapshots: which of them stand on rows that are all there."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from clickhouse_connect.driver.client import Client

_MANIFESTS = """
SELECT
    offset,
    maxIf(days_since, kind = 'manifest'),
    maxIf(evidence_since, kind = 'manifest'),
    maxIf(previous_offset, kind = 'manifest'),
    maxIf(rows, kind = 'manifest') = countIf(kind = 'row')
        AND maxIf(checksum, kind = 'manifest')
            = toString(sumIf(row_checksum, kind = 'row'))
FROM
(
    SELECT *, reinterpretAsUInt64(substring(MD5(concat(cell, '\n', content)), 1, 8)) AS row_checksum
    FROM reconciliation_snapshots FINAL
)
WHERE epoch = {epoch:Int32} AND partition = {partition:Int32}
GROUP BY offset
HAVING countIf(kind = 'manifest') > 0
ORDER BY offset
"""


@dataclass(frozen=True, slots=True)
class Manifest:
    """One snapshot: rows that changed after `previous`, as they were at `offset`.

    Day cells are complete from UTC day `days_since` on, evidence from `evidence_since` on.
    `is_whole` says that the rows that ClickHouse has are those that the worker counted and summed.
    """

    offset: int
    days_since: int
    evidence_since: int
    previous: int
    is_whole: bool


def manifests(client: Client, epoch: int, partition: int) -> list[Manifest]:
    """All snapshots of a partition, oldest first."""
    asked = {"epoch": epoch, "partition": partition}
    rows = client.query(_MANIFESTS, parameters=asked).result_rows
    return [
        Manifest(offset, days, evidence, previous, bool(is_whole))
        for offset, days, evidence, previous, is_whole in rows
    ]


def hole(found: Sequence[Manifest]) -> tuple[int, int] | None:
    """Offsets (first, last) that no whole snapshot covers, up to the newest one; None if all are covered.

    A worker that was killed while it wrote a snapshot writes one that overlaps it.
    """
    reached = -1
    for manifest in _whole(found):
        if manifest.previous > reached:
            break
        reached = max(reached, manifest.offset)
    newest = max((one.offset for one in found), default=-1)
    return (reached + 1, newest) if reached < newest else None


def _whole(found: Sequence[Manifest]) -> Iterable[Manifest]:
    return sorted((one for one in found if one.is_whole), key=lambda one: (one.previous, one.offset))

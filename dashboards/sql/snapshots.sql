-- title: Snapshots
-- description: Up to which record of the log each partition's state was last told for comparison, how many records came
--   after it, and how many cells the snapshots hold; whatever is chosen above.
-- unit: records
-- empty: No worker has told its state yet: the first snapshot comes on schedule.

SELECT
    concat(toString(epoch), ' / ', toString(partition)) AS partition,
    snapshot.offset AS told_up_to,
    greatest(newest.offset - snapshot.offset, 0) AS behind,
    snapshot.cells AS cells,
    snapshot.told AS told
FROM
(
    SELECT
        epoch,
        partition,
        maxIf(offset, kind = 'manifest') AS offset,
        uniqExactIf(cell, kind = 'row') AS cells,
        maxIf(ingested_at, kind = 'manifest') AS told
    FROM reconciliation_snapshots
    GROUP BY epoch, partition
    HAVING countIf(kind = 'manifest') > 0
) AS snapshot
LEFT JOIN
(
    SELECT origin_epoch AS epoch, origin_partition AS partition, max(origin_offset) AS offset
    FROM statements
    GROUP BY epoch, partition
) AS newest USING epoch, partition
ORDER BY epoch, snapshot.partition

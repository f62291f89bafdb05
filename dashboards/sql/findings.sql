-- title: What the last reconciliation found
-- description: The largest discrepancies of the latest run. Repairing publishes or writes anew what is wrong.
-- unit: records
-- empty: The last reconciliation found nothing wrong, or none has run yet.

SELECT
    kind,
    place,
    key,
    expected,
    found
FROM reconciliation_findings FINAL
WHERE run_id = (SELECT argMax(run_id, started_at) FROM reconciliation_runs)
ORDER BY kind, place, partition, key
LIMIT 200

-- title: Reconciliations
-- description: The latest fifty comparisons of the figures with the log and with what the workers told, up to exact
--   offsets, and what they came to. Drift is the largest relative difference of a figure.
-- unit: records
-- empty: Nothing has been reconciled yet: run `readystream reconcile`.

SELECT
    verdict,
    finished_at AS finished,
    worst_ratio AS drift,
    arraySum(arrayMap(one -> one.difference, figures)) AS differences,
    arraySum(arrayMap(one -> one.rows, repaired)) AS repaired_rows,
    arrayStringConcat(arrayMap(one -> concat(toString(one.partition), ': ', toString(one.offset)), offsets), ', ') AS up_to
FROM reconciliation_runs FINAL
ORDER BY started_at DESC, run_id
LIMIT 50

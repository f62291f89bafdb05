-- title: Records received
-- description: Each time that a record with this id was accepted: the first counts, others are duplicates. Shown
--   without who: the raw log keeps the whole text, byte for byte.
-- unit: records
-- empty: No statement with this id was accepted. Follow a statement id from another dashboard, or type one above.

SELECT
    received_at,
    credential AS source,
    accepted_statements.source AS way,
    xapi_version,
    concat(toString(origin_epoch), ' / ', toString(origin_partition), ' / ', toString(origin_offset)) AS origin,
    dateDiff('millisecond', received_at, ingested_at) / 1000 AS readable_after,
    concat('{', arrayStringConcat(arrayMap(
        name -> concat('"', name, '":', JSONExtractRaw(accepted_statements.statement, name)),
        arrayFilter(
            name -> JSONHas(accepted_statements.statement, name)
                AND (name != 'object' OR JSONExtractString(accepted_statements.statement, name, 'objectType') IN ('', 'Activity', 'StatementRef')),
            ['id', 'verb', 'object', 'result', 'timestamp']
        )
    ), ','), '}') AS statement
FROM accepted_statements
WHERE statement_id = ${statement:singlequote}
ORDER BY origin_epoch, origin_offset, origin_partition
LIMIT 20

-- title: Waiting
-- description: Distinct accepted statements with neither a learning event nor a dead letter yet.
-- unit: statements
-- empty: Everything accepted has been processed.

SELECT uniqExact(statement_id) AS statements
FROM accepted_statements
WHERE $__timeFilter(stored_at)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND statement_id NOT IN (
        SELECT statement_id FROM learning_events WHERE stored_at >= $__fromTime - INTERVAL 1 DAY
    )
    AND (origin_epoch, origin_partition, origin_offset) NOT IN (
        SELECT epoch, partition, offset FROM dead_letters WHERE topic = 'xapi.statements'
    )

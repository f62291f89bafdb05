-- title: Duplicates by source
-- description: Records of the last 30 days of arrivals that the source had sent before in them, and the statement that came most often.
-- unit: statements
-- empty: No statement has arrived yet.

SELECT
    source,
    sum(times) AS accepted,
    sum(times - 1) AS duplicates,
    duplicates / accepted AS share,
    max(times) AS most_often,
    if(duplicates = 0, '', argMax(statement_id, bitShiftLeft(toUInt128(times), 64) + cityHash64(statement_id))) AS statement
FROM
(
    SELECT credential AS source, statement_id, count() AS times
    FROM accepted_statements
    WHERE stored_at > (SELECT max(stored_at) FROM accepted_statements) - INTERVAL 30 DAY
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    GROUP BY source, statement_id
)
GROUP BY source
ORDER BY share DESC, source

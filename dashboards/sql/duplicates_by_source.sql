-- title: Duplicates by source
-- description: Records of this time range that the source had sent before in it, and the statement that came most often.
-- unit: statements
-- empty: No statement arrived in this time range.

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
    WHERE $__timeFilter(stored_at)
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    GROUP BY source, statement_id
)
GROUP BY source
ORDER BY share DESC, source

-- title: Accepted
-- description: Records that were acknowledged to their senders; duplicates count.
-- unit: statements
-- empty: No statement arrived in this time range.

SELECT count() AS statements
FROM accepted_statements
WHERE $__timeFilter(stored_at)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)

-- title: Duplicates
-- description: Share of the records accepted in this time range that had been sent before in it. They change no figure.
-- unit: share
-- empty: No statement arrived in this time range.

SELECT if(count() = 0, NULL, 1 - uniqExact(sipHash128(statement_id)) / count()) AS duplicates
FROM accepted_statements
WHERE $__timeFilter(stored_at)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)

-- title: Duplicates
-- description: Share of the records of the last 30 days of arrivals that had been sent before in them. They change no figure.
-- unit: share
-- empty: No statement has arrived yet.

SELECT if(count() = 0, NULL, 1 - uniqExact(sipHash128(statement_id)) / count()) AS duplicates
FROM accepted_statements
WHERE stored_at > (SELECT max(stored_at) FROM accepted_statements) - INTERVAL 30 DAY
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)

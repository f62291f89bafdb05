-- title: Duplicates
-- description: Share of accepted records that had been sent before. They change no figure.
-- unit: share
-- empty: No statement has arrived yet.

SELECT if(count() = 0, NULL, 1 - uniqExact(statement_id) / count()) AS duplicates
FROM accepted_statements
WHERE $__conditionalAll(credential IN (${source:singlequote}), $source)

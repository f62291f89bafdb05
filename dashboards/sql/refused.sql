-- title: Open dead letters
-- description: Records that could not be processed, kept whole, and not replayed or dropped yet; of any time.
-- unit: records
-- empty: No record waits to be looked at.

SELECT count() AS records
FROM dead_letters FINAL
WHERE resolution = ''
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)

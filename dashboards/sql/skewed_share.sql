-- title: Clock ahead
-- description: Share of statements whose time lay in the future when they came; they count from their arrival.
-- unit: share
-- empty: No statement in this time range.

SELECT if(count() = 0, NULL, avg(skewed)) AS skewed
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)

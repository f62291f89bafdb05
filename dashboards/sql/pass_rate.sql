-- title: Pass rate
-- description: Passes among statements that were judged as passed or failed, every attempt counted.
-- unit: share
-- empty: Nothing was assessed in this time range.

SELECT if(sum(passes + fails) = 0, NULL, sum(passes) / sum(passes + fails)) AS passed
FROM events_resolved
WHERE $__timeFilter(event_time)
    AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    AND $__conditionalAll(activity IN (${course:singlequote}), $course)

-- title: Unmapped activities
-- description: Share of judged or completed activities, questions aside, that the skill map does not name.
-- unit: share
-- empty: Nothing was judged or completed in this time range.

SELECT if(count() = 0, NULL, countIf(NOT is_mapped) / count()) AS unmapped
FROM
(
    SELECT max(notEmpty(evidence)) AS is_mapped
    FROM events_resolved
    WHERE $__timeFilter(event_time)
        AND activity != ''
        AND verb_class IN ('assessed', 'exposure', 'credential')
        AND verb NOT LIKE '%/answered'
        AND $__conditionalAll(credential IN (${source:singlequote}), $source)
    GROUP BY activity
)

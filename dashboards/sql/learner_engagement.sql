-- title: Engagement
-- description: Of 100, over 30 days, as things stand now. Shown beside readiness, never part of it.
-- unit: points
-- empty: New, or unknown here: there is no engagement score yet.

SELECT max(score) AS score
FROM current_engagement
WHERE window_days = 30 AND person_id = ${person:singlequote}

-- title: Engagement
-- description: People by engagement, as things stand now. Shown beside readiness, never part of it. Low activity
--   can mean part-time work, leave or illness.
-- unit: people
-- empty: No engagement has been computed yet.

SELECT
    label,
    count() AS people
FROM current_engagement
WHERE window_days = 30
GROUP BY label
ORDER BY indexOf(['active', 'new', 'disengaging', 'inactive'], toString(label))

-- title: Engagement
-- description: People by engagement in the last 30 days, whatever is chosen above. Shown beside readiness, never
--   part of it: low activity can mean part-time work, leave or illness.
-- unit: people
-- empty: No engagement has been computed yet.

SELECT
    label,
    count() AS people
FROM current_engagement
WHERE window_days = 30
GROUP BY label
ORDER BY indexOf(['active', 'new', 'disengaging', 'inactive'], toString(label))

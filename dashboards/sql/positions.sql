-- title: How far each topic is written
-- description: What the sink has announced last, over all partitions, whatever is chosen above. A topic that stands
--   still while others move has nothing new, or a sink that lags.
-- unit: records
-- empty: No sink has written yet.

SELECT
    topic,
    count() AS partitions,
    sum(end_offset + 1) AS records,
    max(written_at) AS newest
FROM ingest_intent FINAL
GROUP BY topic
ORDER BY newest DESC, topic

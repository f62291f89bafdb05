-- title: The learning event
-- description: What the pipeline made of the statement, its person by links as they stand now.
-- unit: records
-- empty: No statement with this id gave a learning event. Follow a statement id from another dashboard, or type one above.

SELECT
    if(link.person_id != '' AND event_day < link.valid_to, link.person_id, event.persona_id) AS person,
    event.persona_id AS persona,
    event_time AS time,
    if(skewed, 'ahead, arrival counts', 'plausible') AS skewed,
    verb,
    if(verb_class = 'none', 'other', verb_class) AS verb_class,
    if(activity_name != '', concat(activity_name, ' · ', activity), activity) AS activity,
    5 * arraySum(run -> run.last - run.first + 1, slots) AS active_minutes,
    arrayStringConcat(arrayFilter(word -> word != '', [
        if(completions > 0, 'completion', ''),
        if(passes > 0, 'pass', ''),
        if(fails > 0, 'fail', ''),
        if(sessions > 0, 'session', '')
    ]), ', ') AS counts_as,
    if(voided, 'voided: nothing of it counts', 'counts') AS state,
    concat(toString(origin_epoch), ' / ', toString(origin_partition), ' / ', toString(origin_offset)) AS origin,
    correlation_id
FROM
(
    SELECT *, toDate32(event_time) AS event_day
    FROM learning_events FINAL
    WHERE statement_id = ${statement:singlequote}
) AS event
ASOF LEFT JOIN persona_person AS link
    ON event.persona_id = link.persona_id AND event.event_day >= link.valid_from

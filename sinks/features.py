"""The SQL of features as of a date: engagement in windows, joined with what HR said, as known by then.

Parameters of the query: `as_of`, a UTC day since 1970-01-01, and `known`, its end in microseconds.
"""

from collections.abc import Sequence

from schemas.xapi.verb import VOIDED

# A statement that was voided later still counts: nobody knew.
_EVENTS = f"""
SELECT persona_id, slots, if(empty(slots), toInt32(toDate32(event_time)), slots[-1].day) AS event_day,
       completions, passes, fails, sessions
FROM learning_events FINAL
WHERE received_at < fromUnixTimestamp64Micro({{known:Int64}}) AND persona_id != '' AND verb != '{VOIDED}'
  AND NOT (voided AND statement_id IN
  (
      SELECT voids FROM statements
      WHERE voids != '' AND received_at < fromUnixTimestamp64Micro({{known:Int64}})
  ))
SETTINGS do_not_merge_across_partitions_select_final = 1
"""

# A slot that several statements or personas mark counts once; a day has at most twelve hours.
_DAYS = f"""
SELECT
    person_id,
    day,
    sum(own) AS statements,
    sum(own * completions) AS completions,
    sum(own * passes) AS passes,
    sum(own * fails) AS fails,
    sum(own * sessions) AS sessions,
    least(5 * length(groupUniqArrayArray(active)), 720) AS minutes
FROM
(
    SELECT person_id, run.1 AS day, run.1 = event_day AS own, completions, passes, fails, sessions,
        range(toUInt16(run.2), toUInt16(run.3 + 1)) AS active
    FROM
    (
        SELECT part.* EXCEPT persona_id,
            if(span.persona_id = '', part.persona_id, span.person_id) AS person_id
        FROM
        (
            SELECT *, arrayJoin(if(empty(slots), [(event_day, toInt32(0), toInt32(-1))],
                arrayMap(one -> (one.day, one.first, one.last), slots))) AS run, run.1 AS run_day
            FROM ({_EVENTS})
        ) AS part
        ASOF LEFT JOIN SPANS AS span ON part.persona_id = span.persona_id AND part.run_day >= span.valid_from
    )
    WHERE day <= {{as_of:Int32}}
)
GROUP BY person_id, day
"""

_COUNTED = ("statements", "completions", "passes", "fails", "sessions")

_ATTRIBUTES = """
SELECT person_id,
    argMax((job_role, status, manager_id, hire_date), (valid_from, recorded_at, version)) AS said
FROM hr_attributes
WHERE recorded_at < fromUnixTimestamp64Micro({known:Int64}) AND toInt32(valid_from) <= {as_of:Int32}
GROUP BY person_id
"""


def features_sql(spans: str, windows: Sequence[int]) -> str:
    """One row per person, learners and employees alike. `spans` is the table of whose a persona was.

    `score_W` is the engagement score of the window, null for who is known for less than 14 days.
    """
    measured = ",\n    ".join(column for days in windows for column in _window(days))
    return f"""
SELECT
    person_id,
    toDate32({{as_of:Int32}}) AS as_of,
    said.1 AS job_role,
    said.2 AS status,
    said.3 AS manager_id,
    if(isNull(said.4), NULL, {{as_of:Int32}} - toInt32(said.4)) AS tenure_days,
    {{as_of:Int32}} + 1 - first_day AS days_known,
    if(isNull(last_day), NULL, {{as_of:Int32}} - last_day) AS days_idle,
    {measured}
FROM
(
    SELECT if(days.person_id = '', hr.person_id, days.person_id) AS person_id, hr.said AS said, days.*
    FROM
    (
        SELECT person_id, groupArray((day, minutes, {", ".join(_COUNTED)})) AS active,
            toNullable(min(day)) AS first_day, if(max(minutes) = 0, NULL, maxIf(day, minutes > 0)) AS last_day
        FROM ({_DAYS.replace("SPANS", spans)})
        GROUP BY person_id
    ) AS days
    FULL OUTER JOIN ({_ATTRIBUTES}) AS hr ON days.person_id = hr.person_id
)
ORDER BY person_id
"""


def _window(days: int) -> list[str]:
    inside = f"arrayFilter(one -> one.1 > {{as_of:Int32}} - {days}, active)"
    minutes = f"arraySum(arrayMap(one -> one.2, {inside}))"
    active = f"length(arrayFilter(one -> one.2 > 0, {inside}))"
    counts = [
        f"arraySum(arrayMap(one -> one.{place}, {inside})) AS {name}_{days}"
        for place, name in enumerate(_COUNTED, start=3)
    ]
    score = (
        f"if({{as_of:Int32}} + 1 - first_day < 14 OR isNull(first_day), NULL, "
        f"100 * (0.3 * ifNull(pow(2, -days_idle / 14), 0) + 0.4 * least(1, {active} / (8 * {days} / 30)) "
        f"+ 0.3 * (1 - exp(-{minutes} / (4 * {days})))))"
    )
    return [
        f"{active} AS active_days_{days}",
        f"{minutes} AS active_minutes_{days}",
        *counts,
        f"{score} AS score_{days}",
    ]

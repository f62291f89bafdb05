"""Cells recomputed in SQL from `learning_events` at an exact offset, against those the workers told.

Both sides are brought to the same typed facts: a row for each persona and day, and a row for each item of
evidence. A statement counts when its own offset is within the scope, so what has arrived since changes
nothing; what was voided or derived anew since is left to the next snapshot.
"""

from collections import Counter

from clickhouse_connect.driver.client import Client

from schemas.xapi.verb import VOIDED
from sinks.reconcile.findings import DayCheck, FigureDrift, Finding, Kind
from sinks.reconcile.scope import Scope

_SUMMED = ("statements", "completions", "passes", "fails", "sessions", "active_slots")
_FIGURES = (*_SUMMED, "time_source")
_EVIDENCE = "evidence"

_EVENTS = """
SELECT *, if(empty(slots), toInt32(toDate32(event_time)), slots[-1].day) AS event_day
FROM learning_events FINAL
WHERE origin_epoch = {epoch:Int32} AND origin_partition = {partition:Int32}
  AND origin_offset <= {offset:Int64} AND toInt32(toDate32(event_time)) >= {first:Int32}
SETTINGS do_not_merge_across_partitions_select_final = 1
"""

_COUNTED = f"""
SELECT * FROM ({_EVENTS}) WHERE NOT voided AND persona_id != '' AND verb != '{VOIDED}'
"""

# Events that have changed since: of a voided one nobody knows whether it stood then, of any other whether its
# evidence was what it is now. What they belong to is compared at the next snapshot.
_MOVED_DAYS = f"""
SELECT persona_id, arrayJoin(arrayPushBack(slots.day, event_day))
FROM ({_EVENTS}) WHERE voided AND version > {{version:UInt64}}
"""
_MOVED_ITEMS = f"SELECT statement_id FROM ({_EVENTS}) WHERE version > {{version:UInt64}}"

_TOLD = """
SELECT substringIndex(cell, '|', 1) AS persona, substring(cell, length(persona) + 4) AS rest,
       argMax(content, offset) AS told
FROM reconciliation_snapshots
WHERE epoch = {epoch:Int32} AND partition = {partition:Int32} AND kind = 'row' AND offset <= {offset:Int64}
  AND substring(cell, position(cell, '|') + 1, 1) = '%s'
GROUP BY cell
HAVING told != ''
"""

_COMPARED = """
SELECT %s, anyIf(facts, is_told) AS said, anyIf(facts, NOT is_told) AS has,
       countIf(is_told) > 0 AS is_said, countIf(NOT is_told) > 0 AS is_had
FROM (SELECT %s, facts, true AS is_told FROM told UNION ALL SELECT %s, facts, false AS is_told FROM found)
GROUP BY %s
"""

# The 288 slots of a day are five words of 64 bits, the lowest first.
_DAYS = f"""
WITH told AS
(
    SELECT
        persona,
        toInt32(rest) AS day,
        JSONExtract(told, 'Tuple(Int64, Int64, Int64, Int64, Int64, String, String)') AS cell,
        unhex(leftPad(cell.7, 80, '0')) AS bits,
        (cell.1, cell.2, cell.3, cell.4, cell.5,
         arrayMap(k -> reinterpretAsUInt64(reverse(substring(bits, 33 - 8 * k, 8))), range(5)),
         cell.6) AS facts
    FROM ({_TOLD % "d"})
    WHERE day >= {{first:Int32}}
),
found AS
(
    SELECT
        persona_id AS persona,
        run.1 AS day,
        (toInt64(sum(own)), toInt64(sum(own * completions)), toInt64(sum(own * passes)),
         toInt64(sum(own * fails)), toInt64(sum(own * sessions)), groupBitOrForEach(words),
         ['cmi5', 'scorm', 'video', 'slots'][min(rank)]) AS facts
    FROM
    (
        SELECT *, run, run.1 = event_day AS own,
            if(run.2 < 0, 4, transform(time_source, ['cmi5', 'scorm', 'video'], [1, 2, 3], 4)) AS rank,
            arrayMap(k -> if(run.2 < 0 OR run.2 > 64 * k + 63 OR run.3 < 64 * k, toUInt64(0), bitShiftLeft(
                bitShiftRight(toUInt64(18446744073709551615),
                    toUInt8(63 - least(run.3 - 64 * k, 63) + greatest(run.2 - 64 * k, 0))),
                toUInt8(greatest(run.2 - 64 * k, 0)))), range(5)) AS words
        FROM ({_COUNTED})
        ARRAY JOIN if(empty(slots), [(event_day, toInt32(-1), toInt32(-1))],
            arrayMap(one -> (one.day, one.first, one.last), slots)) AS run
    )
    WHERE run.1 >= {{first:Int32}}
    GROUP BY persona_id, run.1
),
compared AS
(
    SELECT *, arrayResize(said.6, 5, 0) AS said_slots, arrayResize(has.6, 5, 0) AS has_slots
    FROM ({_COMPARED % (("persona, day",) * 4)})
    WHERE (persona, day) NOT IN ({_MOVED_DAYS})
)
"""

_ITEM = "Tuple(String, String, String, Int32, Int64, String, Int64, Int64, String, Bool)"
_ITEMS = f"""
WITH told AS
(
    SELECT persona, item.1 AS skill, item.6 AS statement, item.3 AS activity, item.2 AS class,
        (item.4, item.5, item.7, item.8, item.9, item.10) AS facts
    FROM ({_TOLD % "s"}) ARRAY JOIN JSONExtract(told, 'Array({_ITEM})') AS item
    WHERE item.4 >= {{first:Int32}}
),
found AS
(
    SELECT persona_id AS persona, item.skill AS skill, item.statement_id AS statement,
        item.activity AS activity, item.evidence_class AS class,
        argMax((item.day, item.event_ms, item.weight, item.outcome, item.mapping, item.reviewed), place)
            AS facts
    FROM ({_COUNTED}) ARRAY JOIN evidence AS item, arrayEnumerate(evidence) AS place
    WHERE item.day >= {{first:Int32}}
    GROUP BY persona, skill, statement, activity, class
),
compared AS
(
    SELECT * FROM ({_COMPARED % (("persona, skill, statement, activity, class",) * 4)})
    WHERE statement NOT IN ({_MOVED_ITEMS})
)
"""

_DAYS_SUMMARY = f"""{_DAYS}
SELECT
    day,
    countIf(is_said),
    countIf(said != has),
    groupBitXorIf(cityHash64(persona, said), is_said),
    groupBitXorIf(cityHash64(persona, has), is_had),
    [sum(said.1), sum(said.2), sum(said.3), sum(said.4), sum(said.5),
     sum(toInt64(arraySum(arrayMap(word -> bitCount(word), said_slots)))), toInt64(countIf(is_said))],
    arrayMap(n -> toInt64(n),
    [sum(abs(has.1 - said.1)), sum(abs(has.2 - said.2)), sum(abs(has.3 - said.3)), sum(abs(has.4 - said.4)),
     sum(abs(has.5 - said.5)),
     sum(arraySum(arrayMap((one, other) -> bitCount(bitXor(one, other)), said_slots, has_slots))),
     countIf(said.7 != has.7)])
FROM compared
GROUP BY day
ORDER BY day
"""

_ITEMS_SUMMARY = f"""{_ITEMS}
SELECT
    if(is_said, said.1, has.1) AS day,
    countIf(is_said),
    countIf(said != has),
    groupBitXorIf(cityHash64(persona, skill, statement, activity, class, said), is_said),
    groupBitXorIf(cityHash64(persona, skill, statement, activity, class, has), is_had)
FROM compared
GROUP BY day
ORDER BY day
"""

_DAYS_TOP = f"""{_DAYS}
SELECT persona, day, is_said, is_had, toString(said), toString(has)
FROM compared WHERE said != has
ORDER BY abs(has.1 - said.1) DESC, persona, day LIMIT {{top:UInt32}}
"""

_ITEMS_TOP = f"""{_ITEMS}
SELECT persona, skill, statement, is_said, is_had, toString(said), toString(has)
FROM compared WHERE said != has
ORDER BY abs(has.3 - said.3) DESC, persona, skill, statement LIMIT {{top:UInt32}}
"""

_WRONG_DAYS = f"{_DAYS} SELECT DISTINCT persona FROM compared WHERE said != has"
_WRONG_ITEMS = f"{_ITEMS} SELECT DISTINCT persona FROM compared WHERE said != has"


def compare_days(client: Client, scope: Scope) -> tuple[list[DayCheck], list[FigureDrift]]:
    """Checksums by UTC day of all day cells, and the drift of each of their figures."""
    rows = client.query(_DAYS_SUMMARY, parameters=scope.days).result_rows
    expected, off = Counter[str](), Counter[str]()
    for row in rows:
        expected.update(dict(zip(_FIGURES, row[5], strict=True)))
        off.update(dict(zip(_FIGURES, row[6], strict=True)))
    drift = [FigureDrift(figure, expected[figure], off[figure]) for figure in _FIGURES]
    return [DayCheck("days", *row[:5]) for row in rows], drift


def compare_evidence(client: Client, scope: Scope) -> tuple[list[DayCheck], FigureDrift]:
    """The same of all items of evidence."""
    rows = client.query(_ITEMS_SUMMARY, parameters=scope.items).result_rows
    drift = FigureDrift(_EVIDENCE, sum(row[1] for row in rows), sum(row[2] for row in rows))
    return [DayCheck(_EVIDENCE, *row) for row in rows], drift


def top_discrepancies(client: Client, scope: Scope, top: int) -> list[Finding]:
    """The cells and items that differ most, at most `top` of each."""
    days = client.query(_DAYS_TOP, parameters={**scope.days, "top": top}).result_rows
    items = client.query(_ITEMS_TOP, parameters={**scope.items, "top": top}).result_rows
    return [
        *(_finding(scope, f"{persona}|d|{day}", *sides) for persona, day, *sides in days),
        *(_finding(scope, f"{persona}|s|{skill}|{item}", *sides) for persona, skill, item, *sides in items),
    ]


def _finding(scope: Scope, key: str, is_said: int, is_had: int, said: str, has: str) -> Finding:
    kind = Kind.ALTERED if is_said and is_had else Kind.MISSING if is_said else Kind.SURPLUS
    return Finding(
        kind, "learning_events", scope.partition, key, said if is_said else "", has if is_had else ""
    )


def wrong_personas(client: Client, scope: Scope) -> set[str]:
    """Everybody of whom a cell differs."""
    days = client.query(_WRONG_DAYS, parameters=scope.days).result_rows
    items = client.query(_WRONG_ITEMS, parameters=scope.items).result_rows
    return {row[0] for row in (*days, *items)}

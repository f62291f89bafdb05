"""What an HR feed says besides identifiers."""

from lrs_adapter.hr.attributes import attributes, changed
from lrs_adapter.hr.feed import parse_feed
from schemas import codec
from schemas.persona import person_id
from schemas.topics import HR_ATTRIBUTES

TENANT = b"the tenant of the tests"
FEED = """employee_id,emails,hire_date,end_date,job_role,manager_id,status
E1,ana@example.com,2019-04-01,,team-lead,,active
E2,joao@example.com,,2026-12-31,data-analyst,E1,leaving
E3,not an address,,,data-analyst,E1,active
"""


def test_faultless_rows_say_it_from_the_day_of_the_feed_and_under_pseudonyms() -> None:
    feed = parse_feed(FEED, TENANT, source="hris", recorded_at_us=7, correlation_id="c")

    first, second = attributes(feed.rows, feed.provenance, 20_000)

    assert first == {
        "person_id": person_id(TENANT, "E1"),
        "valid_from": 20_000,
        "job_role": "team-lead",
        "manager_id": "",
        "status": "active",
        "hire_date": 17_987,
        "end_date": None,
        "source": "hris",
        "recorded_at": 7,
        "correlation_id": "c",
    }
    assert (second["manager_id"], second["hire_date"], second["end_date"]) == (
        first["person_id"],
        None,
        20_818,
    )
    assert codec.decode(HR_ATTRIBUTES, codec.encode(HR_ATTRIBUTES, second)) == second
    assert "@" not in str((first, second))


def test_only_what_is_new_is_said_again() -> None:
    feed = parse_feed(FEED, TENANT, source="hris", recorded_at_us=7, correlation_id="c")
    said = attributes(feed.rows, feed.provenance, 20_000)
    later = attributes(feed.rows, feed.provenance, 20_001)
    known = {one["person_id"]: one for one in said}

    assert changed(said, {}) == said
    assert changed(later, known) == ()
    known[later[0]["person_id"]] |= {"job_role": "analyst"}
    assert changed(later, known) == later[:1]

"""A person is the sum of their personas whenever the pipeline is quiet, and nobody else is left over."""

from collections import Counter

from hypothesis import given, settings
from hypothesis import strategies as st

from schemas import codec
from schemas.topics import AUDIT, ENGAGEMENT, LINKS, SKILLS
from tests.chaos.log import Logged
from tests.chaos.people import Owners
from tests.unit.streams.pipeline import Pipeline
from tests.unit.streams.samples import DAY, Linked, Said, accept, build, link, persona
from tests.unit.streams.test_stages import feed, histories, link_logs, mixed, window

AS_OF = DAY + 20


def owners(pipeline: Pipeline) -> Owners:
    """Whom each persona belongs to, by code that is not the pipeline's."""
    records = [codec.decode(LINKS, record.value or b"") for record in pipeline.records(LINKS)]
    return Owners([Logged(0, place, value) for place, value in enumerate(records)])


def expected(pipeline: Pipeline, heard: list[Said]) -> Counter[str]:
    """Statements of each person in 180 days, counted one by one."""
    owner = owners(pipeline)
    voided = {one.voids for one in heard}
    standing = {one.number: one for one in heard if one.voids is None and one.number not in voided}
    days = ((persona(one.who), one.day) for one in standing.values() if one.day > AS_OF - 180)
    return Counter(owner.on(who, day) for who, day in days)


@settings(max_examples=60, deadline=None)
@given(history=histories(), linked=link_logs(), pauses=st.lists(st.booleans(), min_size=20), data=st.data())
def test_at_every_quiet_moment_persons_are_sums_of_their_personas(
    history: list[Said], linked: list[Linked], pauses: list[bool], data: st.DataObject
) -> None:
    pipeline = build(as_of=lambda: AS_OF)
    heard: list[Said] = []
    entries: list[Said | Linked] = data.draw(mixed(history, linked))
    for entry, pause in zip(entries, [*pauses, *[True] * len(entries)], strict=False):
        feed(pipeline, entry)
        if isinstance(entry, Said):
            heard.append(entry)
        if pause:
            pipeline.settle()
            found = {who: window(pipeline, who)["statements"] for who in pipeline.latest(ENGAGEMENT)}
            wanted = expected(pipeline, heard)
            assert found == dict(wanted)
            assert {key.split("|")[0] for key in pipeline.latest(SKILLS)} <= wanted.keys()


def test_an_unsure_claim_links_nobody_and_waits_for_review() -> None:
    pipeline = build()
    accept(pipeline, Said(1, "lena", "passed"))
    link(pipeline, Linked("lena", "person-1", rule="probabilistic"))
    pipeline.settle()
    assert set(pipeline.latest(ENGAGEMENT)) == {persona("lena")}
    [entry] = [codec.decode(AUDIT, record.value or b"") for record in pipeline.records(AUDIT)]
    assert (entry["kind"], entry["person_id"], entry["other_rule"]) == ("review", "person-1", "unsure")

"""What the generator promises about a simulation."""

import time
from collections import defaultdict
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta

import orjson
import pytest

from readystream.dev.generator import Simulation, Statement, generate
from readystream.dev.generator.faulty import FAULTS, sound_statement
from readystream.dev.generator.recorder import iso_duration
from readystream.dev.generator.senders import TIME_FORMATS
from schemas.equality import content_digest
from schemas.outcomes import Accepted, Rejected
from schemas.persona import canonical_key
from schemas.xapi import validate_statement
from schemas.xapi.duration import parse_duration
from tests.unit.dev.conftest import DAYS, END, LEARNERS, SEED
from tests.unit.dev.recount import links

_CMI5_SESSION = "https://w3id.org/xapi/cmi5/context/extensions/sessionid"


def _bytes(simulation: Simulation) -> bytes:
    sent = [(one.version, one.valid, one.statements) for one in simulation.deliveries]
    return orjson.dumps([sent, simulation.people_csv, simulation.hr_after])


def _sent(simulation: Simulation) -> list[Statement]:
    return [statement for one in simulation.deliveries if one.valid for statement in one.statements]


def test_the_same_seed_gives_the_same_bytes(simulation: Simulation) -> None:
    again = generate(LEARNERS, DAYS, seed=SEED, end=END)
    assert _bytes(again) == _bytes(simulation)
    assert again.truth == simulation.truth


def test_another_seed_gives_another_company() -> None:
    one, other = generate(5, 20, seed=1, end=END), generate(5, 20, seed=2, end=END)
    assert _bytes(one) != _bytes(other)


@pytest.mark.parametrize(("learners", "days"), [(0, 30), (1, 1), (3, 400)])
def test_any_size(learners: int, days: int) -> None:
    simulation = generate(learners, days, seed=3, end=END)
    assert simulation.truth.distinct_statements == len({one["id"] for one in _sent(simulation)})
    assert len(simulation.hr_rows) <= learners


def test_valid_deliveries_hold_valid_statements(simulation: Simulation) -> None:
    for delivery in simulation.deliveries:
        outcomes = [validate_statement(one, delivery.version) for one in delivery.statements]
        expected = Accepted if delivery.valid else Rejected
        assert all(isinstance(outcome, expected) for outcome in outcomes), (delivery, outcomes)


@pytest.mark.parametrize("fault", FAULTS)
@pytest.mark.parametrize("version", ["1.0.3", "2.0.0"])
def test_each_fault_alone_makes_a_statement_invalid(fault: Callable[[Statement], None], version: str) -> None:
    statement = sound_statement("6690e6c9-3ef0-4ed3-8b37-7f3964730bee")
    assert validate_statement(statement, version) == Accepted()
    fault(statement)
    assert isinstance(validate_statement(statement, version), Rejected)


def test_no_batch_holds_an_id_twice(simulation: Simulation) -> None:
    for delivery in simulation.deliveries:
        ids = [statement["id"] for statement in delivery.statements]
        assert len(set(ids)) == len(ids)


def test_a_resend_means_the_same(simulation: Simulation) -> None:
    digests: dict[str, bytes] = {}
    texts: dict[str, set[bytes]] = {}
    for statement in _sent(simulation):
        digest = content_digest(statement)
        assert digests.setdefault(statement["id"], digest) == digest
        texts.setdefault(statement["id"], set()).add(orjson.dumps(statement))
    assert any(len(spellings) > 1 for spellings in texts.values())


def test_time_stays_within_the_simulated_days(simulation: Simulation) -> None:
    first = END - timedelta(days=DAYS - 1)
    for statement in _sent(simulation):
        day = datetime.fromisoformat(statement["timestamp"]).astimezone(UTC).date()
        assert first <= day <= END or day > END + timedelta(days=365)


def test_senders_write_in_many_ways(simulation: Simulation) -> None:
    statements = _sent(simulation)
    assert {one.get("version") for one in statements} == {None, "1.0.0", "1.0.3", "2.0.0"}
    assert {len(one["timestamp"]) for one in statements} >= {20, 24, 28, 29, 32}
    kinds = {kind for one in statements for kind in one["actor"] if kind not in ("name", "objectType")}
    assert kinds == {"account", "mbox", "mbox_sha1sum", "openid"}
    spellings: dict[str | None, set[str]] = {}
    for one in statements:
        identifier = {
            name: value for name, value in one["actor"].items() if name not in ("name", "objectType")
        }
        spellings.setdefault(canonical_key(one["actor"]), set()).add(str(identifier))
    assert max(map(len, spellings.values())) > 1


def test_all_time_formats_tell_the_same_instant() -> None:
    at = datetime(2026, 10, 31, 23, 59, 59, 123_000, tzinfo=UTC)
    told = {datetime.fromisoformat(written(at)) for written in TIME_FORMATS}
    assert told == {at, at.replace(microsecond=0)}


def test_voids_come_before_and_after_their_target_or_name_none(simulation: Simulation) -> None:
    place: dict[str, int] = {}
    statements = _sent(simulation)
    for index, statement in enumerate(statements):
        place.setdefault(statement["id"], index)
    voids = [one for one in statements if one["verb"]["id"].endswith("/voided")]
    distances = [
        place[one["id"]] - place[target] for one in voids if (target := one["object"]["id"]) in place
    ]
    assert min(distances) < 0 < max(distances)
    assert len(distances) < len(voids)


def test_statements_come_late_and_out_of_order(simulation: Simulation) -> None:
    times = [datetime.fromisoformat(one["timestamp"]) for one in _sent(simulation)]
    usual = [at for at in times if at.date() <= END]
    newest, behind = usual[0], []
    for at in usual:
        newest = max(newest, at)
        behind.append(newest - at)
    assert max(behind) > timedelta(days=1)


def test_some_sessions_run_past_midnight(simulation: Simulation) -> None:
    days: defaultdict[str, set[date]] = defaultdict(set)
    for statement in _sent(simulation):
        session = statement.get("context", {}).get("extensions", {}).get(_CMI5_SESSION)
        if session:
            days[session].add(datetime.fromisoformat(statement["timestamp"]).astimezone(UTC).date())
    assert {len(touched) for touched in days.values()} == {1, 2}


def test_statements_arrive_before_the_hr_feed(simulation: Simulation) -> None:
    assert 0 < simulation.hr_after < 1
    linked = links(simulation)
    assert len(linked) > simulation.truth.personas / 2
    unlinked = [person for person in simulation.truth.persons if person.employee_id is None]
    several = [person for person in simulation.truth.persons if len(person.identifiers) > 1]
    assert unlinked
    assert several


def test_ids_look_like_random_uuids(simulation: Simulation) -> None:
    for statement in _sent(simulation):
        assert statement["id"][14] == "4"
        assert statement["id"][19] in "89ab"


@pytest.mark.parametrize(
    ("seconds", "written"), [(0, "PT0.00S"), (59.999, "PT1M0.00S"), (754.5, "PT12M34.50S")]
)
def test_durations(seconds: float, written: str) -> None:
    assert iso_duration(seconds) == written
    assert parse_duration(written).seconds == pytest.approx(round(seconds, 2))


def test_scale_and_speed(capsys: pytest.CaptureFixture[str]) -> None:
    began = time.perf_counter()
    simulation = generate(LEARNERS, DAYS, seed=SEED, end=END)
    seconds = time.perf_counter() - began
    statements = simulation.truth.distinct_statements
    with capsys.disabled():
        print(f"\n{statements} statements in {seconds:.2f} s: {statements / seconds:.0f}/s")
    assert 15_000 <= statements <= 25_000

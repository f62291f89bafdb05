"""Statements that a receiver must refuse, each breaking one rule of the specification."""

from collections.abc import Callable
from random import Random

from readystream.dev.generator.delivery import Delivery, Statement
from readystream.dev.generator.recorder import new_uuid

_MOST_IN_A_BATCH = 3


def sound_statement(statement_id: str) -> Statement:
    """A statement with nothing wrong, for a fault to be put in."""
    return {
        "id": statement_id,
        "actor": {"objectType": "Agent", "mbox": "mailto:broken.sender@example.com"},
        "verb": {"id": "http://adlnet.gov/expapi/verbs/experienced"},
        "object": {"objectType": "Activity", "id": "https://learn.example.com/library/broken"},
    }


def _without_verb(statement: Statement) -> None:
    del statement["verb"]


def _without_actor(statement: Statement) -> None:
    del statement["actor"]


def _two_identifiers(statement: Statement) -> None:
    statement["actor"]["openid"] = "https://id.example.org/broken"


def _no_identifier(statement: Statement) -> None:
    statement["actor"] = {"objectType": "Agent", "name": "Somebody"}


def _bad_id(statement: Statement) -> None:
    statement["id"] = statement["id"][:-1]


def _relative_activity(statement: Statement) -> None:
    statement["object"]["id"] = "library/broken"


def _score_out_of_range(statement: Statement) -> None:
    statement["result"] = {"score": {"scaled": 7.5}}


def _success_as_text(statement: Statement) -> None:
    statement["result"] = {"success": "true"}


def _bad_duration(statement: Statement) -> None:
    statement["result"] = {"duration": "12 minutes"}


def _bad_timestamp(statement: Statement) -> None:
    statement["timestamp"] = "yesterday"


def _unknown_property(statement: Statement) -> None:
    statement["learner"] = "u1001"


def _voids_an_activity(statement: Statement) -> None:
    statement["verb"] = {"id": "http://adlnet.gov/expapi/verbs/voided"}


FAULTS: tuple[Callable[[Statement], None], ...] = (
    _without_verb,
    _without_actor,
    _two_identifiers,
    _no_identifier,
    _bad_id,
    _relative_activity,
    _score_out_of_range,
    _success_as_text,
    _bad_duration,
    _bad_timestamp,
    _unknown_property,
    _voids_an_activity,
)


def faulty_delivery(rng: Random) -> Delivery:
    """A batch of one to three statements of which none may be accepted."""
    return Delivery(tuple(_faulty(rng) for _ in range(rng.randint(1, _MOST_IN_A_BATCH))), valid=False)


def _faulty(rng: Random) -> Statement:
    statement = sound_statement(new_uuid(rng))
    rng.choice(FAULTS)(statement)
    return statement

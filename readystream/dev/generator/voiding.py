"""Corrections: an administrator voids statements, some of them before they have even arrived."""

from datetime import datetime, timedelta
from random import Random

from readystream.dev.generator import verbs
from readystream.dev.generator.company import Persona
from readystream.dev.generator.recorder import Deed, new_uuid
from readystream.dev.generator.senders import LMS, LMS_HOME

_ACCOUNT = {"account": {"homePage": LMS_HOME, "name": "records-admin"}}
ADMIN = Persona(_ACCOUNT, ({"objectType": "Agent", "name": "Records admin"} | _ACCOUNT,), None)

_VOIDED_SHARE = 0.015
_BEFORE_TARGET = 0.3
_UNKNOWN_TARGET = 0.05
_CORRECTED = frozenset(
    verb.iri for verb in (verbs.COMPLETED, verbs.PASSED, verbs.FAILED, verbs.ATTENDED, verbs.ANSWERED)
)

Arrivals = list[tuple[datetime, Deed]]


def void_some(rng: Random, arrivals: Arrivals) -> Arrivals:
    """Voiding statements for a share of `arrivals`, whose deeds are marked as voided.

    Only outcomes are voided, never what opens or closes a session. A few voids name a statement that
    never comes.
    """
    voids = []
    for arrival, deed in arrivals:
        if deed.verb.iri in _CORRECTED and rng.random() < _VOIDED_SHARE:
            deed.voided = True
            voids.append(_void(rng, arrival, deed.at, deed.statement["id"]))
            if rng.random() < _UNKNOWN_TARGET:
                voids.append(_void(rng, arrival, deed.at, new_uuid(rng)))
    return voids


def _void(rng: Random, arrival: datetime, target_at: datetime, target: str) -> tuple[datetime, Deed]:
    """A void that reaches the receiver up to an hour before its target, or up to three days after it."""
    minutes = rng.uniform(-60, -1) if rng.random() < _BEFORE_TARGET else rng.uniform(1, 4320)
    at = target_at + timedelta(minutes=1)
    statement = {
        "id": new_uuid(rng),
        "actor": ADMIN.actor(rng),
        "verb": verbs.VOIDED.spellings[LMS.spelling],
        "object": {"objectType": "StatementRef", "id": target},
        "timestamp": at.isoformat(timespec="milliseconds"),
        "version": LMS.version,
    }
    return arrival + timedelta(minutes=minutes), Deed(ADMIN, LMS, verbs.VOIDED, at, statement)

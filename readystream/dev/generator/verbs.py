"""The verbs that the simulated senders use, with the display maps that each of them writes."""

from dataclasses import dataclass
from typing import Any

_ADL = "http://adlnet.gov/expapi/verbs"


@dataclass(frozen=True, slots=True)
class Verb:
    """A verb: its IRI and the ways in which senders write the same verb.

    `is_activity` is false for what a system or an administrator does: it is no activity of the learner.
    """

    iri: str
    spellings: tuple[dict[str, Any], ...]
    is_activity: bool = True


def _verb(iri: str, german: str, *, is_activity: bool = True) -> Verb:
    english = iri.rsplit("/", 1)[1]
    displays = ({"en": english}, {"en-US": english}, {"en": english, "de": german})
    return Verb(iri, (*({"id": iri, "display": display} for display in displays), {"id": iri}), is_activity)


ANSWERED = _verb(f"{_ADL}/answered", "beantwortet")
ATTEMPTED = _verb(f"{_ADL}/attempted", "versucht")
ATTENDED = _verb(f"{_ADL}/attended", "teilgenommen")
COMPLETED = _verb(f"{_ADL}/completed", "abgeschlossen")
EXPERIENCED = _verb(f"{_ADL}/experienced", "erlebt")
FAILED = _verb(f"{_ADL}/failed", "nicht bestanden")
INITIALIZED = _verb(f"{_ADL}/initialized", "begonnen")
LAUNCHED = _verb(f"{_ADL}/launched", "gestartet")
PASSED = _verb(f"{_ADL}/passed", "bestanden")
REGISTERED = _verb(f"{_ADL}/registered", "angemeldet", is_activity=False)
RESUMED = _verb(f"{_ADL}/resumed", "fortgesetzt")
SUSPENDED = _verb(f"{_ADL}/suspended", "unterbrochen")
TERMINATED = _verb(f"{_ADL}/terminated", "beendet")
VOIDED = _verb(f"{_ADL}/voided", "ungültig", is_activity=False)

SATISFIED = _verb("https://w3id.org/xapi/adl/verbs/satisfied", "erfüllt", is_activity=False)

PAUSED = _verb("https://w3id.org/xapi/video/verbs/paused", "angehalten")
PLAYED = _verb("https://w3id.org/xapi/video/verbs/played", "abgespielt")
SEEKED = _verb("https://w3id.org/xapi/video/verbs/seeked", "gesprungen")

EARNED = _verb("http://id.tincanapi.com/verb/earned", "erworben")
VIEWED = _verb("http://id.tincanapi.com/verb/viewed", "angesehen")

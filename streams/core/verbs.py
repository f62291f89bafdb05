"""What a verb says: one table from verb IRIs, aliases included, to the few meanings that matter here.

Classes: *assessed* (somebody or something judged), *exposure* (went through it), *credential* (was
awarded), *engagement* (something happened), *none* (an act of a system or an administrator: neither
evidence nor activity of the learner). A verb that is not in the table is engagement.
"""

from msgspec import Struct


class Verb(Struct, frozen=True):
    """A meaning: its name in the ADL vocabulary, its class, and the success that the verb itself asserts."""

    name: str
    verb_class: str
    success: bool | None = None


# Where each prefix is defined: ADL vocabulary, cmi5 9.3, Tin Can registry, Activity Streams 1.0 (in both
# spellings that senders use), Open Badges, ADL's TLA and AcrossX vocabularies.
_PREFIXES: dict[str, tuple[str, ...]] = {
    "adl": ("http://adlnet.gov/expapi/verbs/",),
    "cmi5": ("https://w3id.org/xapi/adl/verbs/",),
    "tincan": ("http://id.tincanapi.com/verb/",),
    "streams": ("http://activitystrea.ms/schema/1.0/", "http://activitystrea.ms/"),
    "badges": (
        "http://specification.openbadges.org/xapi/verbs/",
        "http://standard.openbadges.org/xapi/verbs/",
    ),
    "tla": ("https://w3id.org/xapi/tla/verbs/",),
    "acrossx": ("https://w3id.org/xapi/acrossx/verbs/",),
}

_IRIS: dict[Verb, tuple[str, ...]] = {
    Verb("passed", "assessed", success=True): ("adl:passed", "tla:passed"),
    Verb("failed", "assessed", success=False): ("adl:failed", "tla:failed"),
    Verb("mastered", "assessed", success=True): ("adl:mastered", "tincan:mastered"),
    Verb("scored", "assessed"): ("adl:scored", "tincan:scored", "tla:scored", "acrossx:evaluated"),
    Verb("answered", "assessed"): ("adl:answered", "tincan:answered", "streams:answer"),
    Verb("completed", "exposure"): ("adl:completed", "tla:completed", "streams:complete"),
    Verb("attended", "exposure"): ("adl:attended", "streams:attend"),
    Verb("earned", "credential"): ("tincan:earned", "badges:earned", "badges:earned.json"),
    Verb("initialized", "engagement"): ("adl:initialized", "tla:initialized", "streams:start"),
    Verb("resumed", "engagement"): ("adl:resumed", "tla:resumed"),
    Verb("suspended", "engagement"): ("adl:suspended", "tla:suspended"),
    Verb("terminated", "engagement"): ("adl:terminated", "tla:terminated", "streams:terminate"),
    Verb("abandoned", "engagement"): ("cmi5:abandoned", "tla:abandoned"),
    Verb("waived", "none"): ("cmi5:waived", "tla:waived"),
    Verb("satisfied", "none"): ("cmi5:satisfied", "tla:satisfied", "streams:satisfy"),
    Verb("registered", "none"): ("adl:registered", "tla:registered", "tincan:unregistered"),
    Verb("assigned", "none"): ("streams:assign",),
    Verb("imported", "none"): ("adl:imported",),
    Verb("asked", "none"): ("adl:asked",),
    Verb("voided", "none"): ("adl:voided",),
}


def _expand(short: str) -> list[str]:
    prefix, name = short.split(":")
    return [start + name for start in _PREFIXES[prefix]]


_BY_IRI = {iri: verb for verb, shorts in _IRIS.items() for short in shorts for iri in _expand(short)}
_OTHER = Verb("", "engagement")


def lookup(iri: str) -> Verb:
    """The meaning of a verb IRI."""
    return _BY_IRI.get(iri, _OTHER)

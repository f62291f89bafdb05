"""Our schemas as subjects of a registry server: what it lacks, and the ids that it gives."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Final

from readystream.schema_registry.client import SchemaRegistry
from schemas.avro_schemas import known, raw_schema
from schemas.errors import ConfigError
from schemas.topics import Topic

COMPATIBILITY: Final = "BACKWARD_TRANSITIVE"
"""What reads with a version reads everything that any earlier one wrote: the log is kept for years."""


def subject_of(topic: Topic) -> str:
    """The subject of the topic's values, by the topic alone (Confluent's TopicNameStrategy)."""
    return f"{topic.name}-value"


@dataclass(frozen=True, slots=True)
class Registered:
    """What `register` did: the schema's version and its id. `is_new`: it was not there before."""

    subject: str
    version: str
    id: int
    is_new: bool


def register(registry: SchemaRegistry, topics: Iterable[Topic]) -> Iterator[Registered]:
    """Register the schemas of this release, and set how subjects may grow.

    A subject's level is set before anything is added to it, for the server checks by that; of a subject that
    is not there yet some servers keep no level, so there it is set afterwards. Raises `ConfigError` for a
    schema that the server refuses, and `UnavailableError`; repeated, it does what is left.
    """
    for topic in topics:
        subject, schema = subject_of(topic), raw_schema(topic.name)
        if registry.versions(subject):
            _set_level(registry, subject)
        number = registry.id_of(subject, schema)
        is_new = number is None
        if number is None:
            number = registry.register(subject, schema)
            _set_level(registry, subject)
        yield Registered(subject, schema["version"], number, is_new)


def problems(registry: SchemaRegistry, topics: Iterable[Topic]) -> Iterator[str]:
    """What is wrong with each subject, in words."""
    for topic in topics:
        subject, schema = subject_of(topic), raw_schema(topic.name)
        versions = registry.versions(subject)
        if not versions:
            yield f"{subject} is missing"
            continue
        if (level := registry.compatibility(subject)) != COMPATIBILITY:
            yield f"{subject} has compatibility {level or 'unset'}, not {COMPATIBILITY}"
        if registry.id_of(subject, schema) is None:
            older = [str(one) for one in versions if not registry.can_follow(subject, one, schema)]
            said = f"does not fit its version(s) {', '.join(older)}" if older else "is not registered"
            yield f"{subject}: schema {schema['version']} {said}"


def ids(registry: SchemaRegistry, topics: Iterable[Topic]) -> dict[str, dict[str, int]]:
    """The server's ids: topic → version of the schema → id, of every version that it has.

    Raises `ConfigError` if it lacks a schema that this release writes.
    """
    found: dict[str, dict[str, int]] = {}
    missing = []
    for topic in topics:
        numbers = {
            version: registry.id_of(subject_of(topic), schema)
            for version, schema in known(topic.name).items()
        }
        found[topic.name] = {version: number for version, number in numbers.items() if number is not None}
        if (current := raw_schema(topic.name)["version"]) not in found[topic.name]:
            missing.append(f"schema {current} of {topic.name} is missing: run readystream schemas register")
    if missing:
        raise ConfigError(f"the schema registry at {registry.url}", missing)
    return found


def _set_level(registry: SchemaRegistry, subject: str) -> None:
    if registry.compatibility(subject) != COMPATIBILITY:
        registry.set_compatibility(subject, COMPATIBILITY)

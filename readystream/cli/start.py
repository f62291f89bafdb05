"""What every verb does first that reads or writes records: settings, log, ids of schemas."""

from typing import TypeVar

from readystream import logs
from schemas import codec
from schemas.settings import KafkaSettings, RegistrySettings, load

SettingsT = TypeVar("SettingsT", bound=KafkaSettings)


def started(settings: type[SettingsT], process: str) -> SettingsT:
    """The settings from the environment, once the log is set up and a registry server has told its ids.

    Raises `SettingsError`, and what `take_ids` raises.
    """
    read = load(settings)
    logs.configure(read.log_level, read.log_format, process=process)
    if read.schema_registry_url:
        take_ids(read)
    return read


def take_ids(settings: RegistrySettings) -> None:
    """Write from now on with the ids of the registry server.

    It is asked here and never again, so that it may be away while processes run. Raises `UnavailableError`
    while it is away, and `ConfigError` if it lacks a schema that this release writes.
    """
    from readystream.schema_registry.client import open_registry
    from readystream.schema_registry.subjects import ids
    from schemas.topics import CATALOGUE

    with open_registry(settings) as registry:
        codec.adopt(ids(registry, CATALOGUE))

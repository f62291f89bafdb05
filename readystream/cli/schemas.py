"""`readystream schemas …`."""

import typer

from readystream.cli.exits import EXIT_NO
from readystream.cli.output import Json, tell
from readystream.cli.verb import verb
from schemas.errors import SettingsError
from schemas.settings import RegistrySettings, load

cli = typer.Typer(help="Register and check the schemas at a registry server.", no_args_is_help=True)


@verb(cli, "register", "SCHEMA_REGISTRY_URL=http://127.0.0.1:8081 readystream schemas register")
def register(as_json: Json = False) -> None:
    """Register the schemas of this release and set how they may grow. Repeat it as often as you like.

    Run it before the processes of a new release start: they ask for the ids and write with those.
    """
    from readystream.schema_registry.client import open_registry
    from readystream.schema_registry.subjects import register as register_all
    from schemas.topics import CATALOGUE

    with open_registry(_settings()) as registry:
        done = list(register_all(registry, CATALOGUE))
    said = [f"registered {one.subject} {one.version} as {one.id}" for one in done if one.is_new]
    values = (
        {"subject": one.subject, "version": one.version, "id": one.id, "is_new": one.is_new} for one in done
    )
    tell(values, said or ["nothing to register"], as_json=as_json)


@verb(
    cli,
    "check",
    "SCHEMA_REGISTRY_URL=http://127.0.0.1:8081 readystream schemas check",
    no="a schema is missing or does not fit, or a subject may grow otherwise",
)
def check(as_json: Json = False) -> None:
    """Say what is wrong with the schemas at the registry."""
    from readystream.schema_registry.client import open_registry
    from readystream.schema_registry.subjects import problems
    from schemas.topics import CATALOGUE

    with open_registry(_settings()) as registry:
        found = list(problems(registry, CATALOGUE))
    said = found or ["the registry has the schemas of this release"]
    tell(({"problem": problem} for problem in found), said, as_json=as_json)
    raise typer.Exit(EXIT_NO if found else 0)


def _settings() -> RegistrySettings:
    settings = load(RegistrySettings)
    if not settings.schema_registry_url:
        raise SettingsError("the environment", ["SCHEMA_REGISTRY_URL: needed here, and not set"])
    return settings

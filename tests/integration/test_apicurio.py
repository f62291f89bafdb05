"""Our schemas at a real registry: registered, checked, grown, and refused where records would be lost."""

from collections.abc import Iterator

import pytest

from readystream.schema_registry.client import SchemaRegistry, open_registry
from readystream.schema_registry.subjects import COMPATIBILITY, ids, problems, register
from schemas.avro_schemas import raw_schema, schema_version
from schemas.errors import ConfigError
from schemas.settings import RegistrySettings
from schemas.topics import CATALOGUE, READINESS
from tests.services.schema_registry import ApicurioRegistry

pytestmark = pytest.mark.apache

SUBJECT = f"{READINESS.name}-value"


@pytest.fixture(scope="module")
def registry(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SchemaRegistry]:
    """A server with the schemas of this release."""
    with ApicurioRegistry(tmp_path_factory.mktemp("apicurio") / "log") as server:
        settings = RegistrySettings.model_validate(
            {"schema_registry_url": server.url, "schema_registry_timeout_s": 30}
        )
        with open_registry(settings) as client:
            assert len(list(problems(client, CATALOGUE))) == len(CATALOGUE)
            assert all(one.is_new for one in register(client, CATALOGUE))
            yield client


def test_registering_again_changes_nothing(registry: SchemaRegistry) -> None:
    assert not any(one.is_new for one in register(registry, CATALOGUE))
    assert not list(problems(registry, CATALOGUE))
    assert registry.versions(SUBJECT) == [1]


def test_ids_are_told_by_version(registry: SchemaRegistry) -> None:
    given = ids(registry, CATALOGUE)
    assert given.keys() == {topic.name for topic in CATALOGUE}
    assert given[READINESS.name].keys() == {schema_version(READINESS.name)}
    assert len({number for versions in given.values() for number in versions.values()}) == len(CATALOGUE)


def test_a_subject_grows_and_never_forgets_how_to_read(registry: SchemaRegistry) -> None:
    old = raw_schema(READINESS.name)
    new = {"name": "note", "type": "string", "doc": "New."}
    lossy = {**old, "fields": [*old["fields"], new]}
    grown = {**old, "fields": [*old["fields"], {**new, "default": ""}]}
    assert not registry.can_follow(SUBJECT, 1, lossy)
    with pytest.raises(ConfigError, match="409"):
        registry.register(SUBJECT, lossy)
    assert registry.can_follow(SUBJECT, 1, grown)
    number = registry.register(SUBJECT, grown)
    assert registry.register(SUBJECT, grown) == registry.id_of(SUBJECT, grown) == number
    assert registry.versions(SUBJECT) == [1, 2]


def test_a_level_that_somebody_changed_is_told_and_mended(registry: SchemaRegistry) -> None:
    registry.set_compatibility(SUBJECT, "NONE")
    assert list(problems(registry, [READINESS])) == [
        f"{SUBJECT} has compatibility NONE, not BACKWARD_TRANSITIVE"
    ]
    list(register(registry, [READINESS]))
    assert registry.compatibility(SUBJECT) == COMPATIBILITY

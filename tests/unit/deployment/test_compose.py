"""The compose file fits the compose specification, holds no secret and names what the processes read.

There is no engine here to run it: these checks and the images' documentation stand in for that.
"""

import json
import re
import subprocess
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest
import yaml
from jsonschema import Draft7Validator, ValidationError
from typer.core import TyperGroup
from typer.main import get_command

from readystream.cli import cli
from schemas.settings import AdapterSettings, SinkSettings, WorkerSettings, env_name
from tests.documents import ROOT, blocks

OURS = ("topics", "schemas", "adapter", "worker", "sink", "webhooks", "pull", "reconcile")


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    """The compose file, its YAML anchors resolved."""
    document: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
    return document


@pytest.fixture(scope="module")
def specification() -> dict[str, Any]:
    """The JSON schema of the compose specification, as the check-jsonschema package ships it."""
    package = find_spec("check_jsonschema")
    assert package is not None
    assert package.origin is not None
    schemas = Path(package.origin).parent / "builtin_schemas" / "vendor"
    schema: dict[str, Any] = json.loads((schemas / "compose-spec.json").read_text("utf-8"))
    return schema


def test_fits_the_specification(compose: dict[str, Any], specification: dict[str, Any]) -> None:
    Draft7Validator(specification).validate(compose)


def test_the_check_can_fail(compose: dict[str, Any], specification: dict[str, Any]) -> None:
    with pytest.raises(ValidationError):
        Draft7Validator(specification).validate(compose | {"services": {"kafka": {"image": 4}}})


def test_secrets_are_files_that_a_service_is_given(compose: dict[str, Any]) -> None:
    for service in compose["services"].values():
        mounted = [f"/run/secrets/{name}" for name in service.get("secrets", ())]
        whole = any(volume.endswith(":/run/secrets:ro") for volume in service.get("volumes", ()))
        for name, value in service.get("environment", {}).items():
            if re.search(r"PASSWORD|TENANT_KEY|DSN", name):
                place = re.fullmatch(r"@?(/run/secrets/\w+)", value)
                assert place is not None, f"{name} holds a value"
                assert whole or place[1] in mounted


def test_the_how_to_makes_every_secret(compose: dict[str, Any], tmp_path: Path) -> None:
    page = ROOT / "docs" / "how-to" / "deploy-with-compose.md"
    making = next(block.text for block in blocks(page) if "openssl" in block.text)

    subprocess.run(["bash", "-e", "-c", making], cwd=tmp_path, check=True)

    for secret in compose["secrets"].values():
        assert (tmp_path / secret["file"]).read_text("utf-8").strip()


def test_every_variable_is_one_that_a_process_reads(compose: dict[str, Any]) -> None:
    known = {
        env_name(settings, field)
        for settings in (AdapterSettings, WorkerSettings, SinkSettings)
        for field in settings.model_fields
    }
    known |= {f"READYSTREAM_{name}" for name in known}
    for name in OURS:
        assert set(compose["services"][name]["environment"]) <= known


def test_every_command_is_a_verb(compose: dict[str, Any]) -> None:
    root = get_command(cli)
    assert isinstance(root, TyperGroup)
    assert {compose["services"][name]["command"][0] for name in OURS} <= set(root.commands)


def test_all_that_runs_has_a_health_check(compose: dict[str, Any]) -> None:
    without = {name for name, service in compose["services"].items() if "healthcheck" not in service}
    assert without == {"topics", "schemas"}


def test_the_worker_can_be_scaled(compose: dict[str, Any]) -> None:
    assert not {"ports", "container_name"} & compose["services"]["worker"].keys()


def test_image_copies_everything_that_the_distribution_holds() -> None:
    dockerfile = (ROOT / "Dockerfile").read_text("utf-8")
    packages = re.search(r"^packages = \[(.*)\]$", (ROOT / "pyproject.toml").read_text("utf-8"), re.MULTILINE)
    assert packages is not None
    for name in re.findall(r'"(\w+)"', packages[1]):
        assert f"COPY {name} /src/{name}" in dockerfile
    assert "USER 10001" in dockerfile

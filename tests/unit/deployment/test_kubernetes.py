"""The manifests fit Kubernetes' schemas, hang together, and name what the processes read."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import kubernetes_validate
import pytest
import yaml

from schemas.settings import AdapterSettings, SinkSettings, WorkerSettings, env_name
from schemas.topics import CATALOGUE
from tests.documents import ROOT
from tests.unit.cli.lines import verb_of

KUBERNETES = ROOT / "deploy" / "kubernetes"
BASE = KUBERNETES / "base"
PROCESS = KUBERNETES / "components" / "process"
VERSION = "1.33"
Manifest = dict[str, Any]


def _read(path: Path) -> list[Any]:
    return list(yaml.safe_load_all(path.read_text("utf-8")))


def _kustomizations() -> dict[Path, Manifest]:
    return {path.parent: _read(path)[0] for path in sorted(KUBERNETES.rglob("kustomization.yaml"))}


def _resources(kind: str = "") -> list[Manifest]:
    """Every resource, with the patch that all pods get."""
    found = []
    for folder, kustomization in _kustomizations().items():
        names = kustomization.get("resources", ())
        files = [folder / name for name in names if (folder / name).is_file()]
        found += [resource for file in files for resource in _read(file)]
    for resource in found:
        if resource["kind"] in {"Deployment", "Job"}:
            _add_all(resource)
    return [resource for resource in found if resource["kind"] == kind or not kind]


def _add_all(resource: Manifest) -> None:
    """Apply the JSON patch, which only adds members (RFC 6902)."""
    for operation in _read(PROCESS / "pod.yaml")[0]:
        assert operation["op"] == "add"
        *way, last = operation["path"].split("/")[1:]
        place: Any = resource
        for step in way:
            place = place[int(step)] if isinstance(place, list) else place[step]
        place[last] = operation["value"]


def _pods() -> Iterator[tuple[str, Manifest, Manifest]]:
    """(name, pod, its container) of everything that runs."""
    for resource in [*_resources("Deployment"), *_resources("Job")]:
        pod = resource["spec"]["template"]["spec"]
        yield resource["metadata"]["name"], pod, pod["containers"][0]


@pytest.mark.parametrize(
    "resource",
    [one for one in _resources() if one["apiVersion"] != "keda.sh/v1alpha1"],
    ids=lambda one: f"{one['kind']}-{one['metadata']['name']}",
)
def test_a_resource_fits_its_schema(resource: Manifest) -> None:
    kubernetes_validate.validate(resource, VERSION, strict=True)


def test_the_check_can_fail() -> None:
    wrong = _resources("Deployment")[0]
    wrong["spec"]["template"]["spec"]["containers"][0]["arg"] = ["worker"]
    with pytest.raises(kubernetes_validate.ValidationError):
        kubernetes_validate.validate(wrong, VERSION, strict=True)


def test_everything_that_a_kustomization_names_is_there() -> None:
    for folder, kustomization in _kustomizations().items():
        for name in [*kustomization.get("resources", ()), *kustomization.get("components", ())]:
            assert (folder / name).exists(), f"{folder}: {name}"
        for patch in kustomization.get("patches", ()):
            assert (folder / patch["path"]).exists()


def test_whoever_brings_pods_brings_what_all_pods_get() -> None:
    for folder, kustomization in _kustomizations().items():
        files = [folder / name for name in kustomization.get("resources", ())]
        kinds = {resource["kind"] for file in files if file.is_file() for resource in _read(file)}
        named = {(folder / name).resolve() for name in kustomization.get("components", ())}
        assert (PROCESS in named) == bool(kinds & {"Deployment", "Job"}), folder


def test_what_shares_partitions_or_serves_is_not_taken_away_whole() -> None:
    budgets = {resource["metadata"]["name"] for resource in _resources("PodDisruptionBudget")}
    deployments = {resource["metadata"]["name"] for resource in _resources("Deployment")}
    assert deployments - budgets == {"reconcile"}


def test_files_of_the_overlay_are_those_that_the_how_to_makes() -> None:
    overlay = _kustomizations()[KUBERNETES / "overlays" / "production"]
    page = (ROOT / "docs" / "how-to" / "deploy-on-kubernetes.md").read_text("utf-8")
    for generator in [*overlay["configMapGenerator"], *overlay["secretGenerator"]]:
        for name in generator.get("files", ()):
            assert (ROOT / name).exists() or f"> {name}" in page


def test_every_command_is_a_verb() -> None:
    assert {verb_of(f"readystream {' '.join(container['args'])}") for _, _, container in _pods()} == {
        "readystream adapter",
        "readystream pull",
        "readystream worker",
        "readystream sink",
        "readystream reconcile",
        "readystream schemas register",
        "readystream topics create",
        "readystream webhooks",
    }


def test_every_variable_is_one_that_a_process_reads() -> None:
    known = {
        env_name(settings, field)
        for settings in (AdapterSettings, WorkerSettings, SinkSettings)
        for field in settings.model_fields
    }
    known |= {f"READYSTREAM_{name}" for name in known}
    told = {
        line.partition("=")[0]
        for kustomization in _kustomizations().values()
        for generator in kustomization.get("configMapGenerator", ())
        for line in generator.get("literals", ())
    }
    assert told <= known


def test_all_pods_are_without_root_and_read_only() -> None:
    for name, pod, container in _pods():
        assert pod["securityContext"]["runAsNonRoot"], name
        assert container["securityContext"]["readOnlyRootFilesystem"], name
        assert container["resources"]["limits"]["memory"], name


def test_what_runs_on_is_probed_at_its_own_port() -> None:
    for deployment in _resources("Deployment"):
        container = deployment["spec"]["template"]["spec"]["containers"][0]
        probes = {probe: container[probe]["httpGet"]["path"] for probe in ("livenessProbe", "readinessProbe")}
        annotated = deployment["spec"]["template"]["metadata"]["annotations"]["prometheus.io/port"]
        assert probes == {"livenessProbe": "/healthz", "readinessProbe": "/readyz"}
        assert annotated == str(container["ports"][0]["containerPort"])


def test_selectors_find_their_pods() -> None:
    names = {name for name, _, _ in _pods()}
    for resource in [*_resources("Deployment"), *_resources("PodDisruptionBudget")]:
        assert resource["spec"]["selector"]["matchLabels"]["app.kubernetes.io/name"] in names
    for service in _resources("Service"):
        assert service["spec"]["selector"]["app.kubernetes.io/name"] in names


def test_scaling_looks_at_the_groups_and_topics_that_are_read() -> None:
    groups = {
        "worker": WorkerSettings.model_fields["app_id"].default,
        "sink": SinkSettings.model_fields["sink_group_id"].default,
    }
    environment = _kustomizations()[BASE]["configMapGenerator"][0]["literals"]
    for scaled in _resources("ScaledObject"):
        target = scaled["spec"]["scaleTargetRef"]["name"]
        trigger = scaled["spec"]["triggers"][0]["metadata"]
        assert trigger["consumerGroup"] == groups.pop(target)
        assert trigger["topic"] in {topic.name for topic in CATALOGUE}
        assert f"READYSTREAM_PARTITIONS={scaled['spec']['maxReplicaCount']}" in environment
    assert not groups

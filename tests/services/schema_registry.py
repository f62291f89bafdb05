"""Apicurio Registry, which speaks Confluent's API: brought by Maven once and kept under `.cache/`."""

import fcntl
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

import httpx

from readystream.embedded.ports import LOOPBACK
from readystream.embedded.service import Service
from schemas.errors import ConfigError
from tests.services.apache_kafka.jars import program

_VERSION = "2.6.13.Final"
_CACHE = Path(__file__).parents[2] / ".cache" / "apicurio"
_COPY = "org.apache.maven.plugins:maven-dependency-plugin:3.8.1:copy"
_ARTIFACT = f"io.apicurio:apicurio-registry-app:{_VERSION}:tar.gz:all"


class ApicurioRegistry(Service):
    """A server that keeps everything in memory."""

    name = "apicurio"
    stop_grace_s = 10.0
    ready_within_s = 90.0

    @property
    def url(self) -> str:
        """Where it speaks Confluent's API."""
        return f"http://{LOOPBACK}:{self.port}/apis/ccompat/v7"

    def command(self) -> list[str]:
        jar = _home() / f"apicurio-registry-app-{_VERSION}-runner.jar"
        return [program("java"), "-Xmx512m", "-XX:TieredStopAtLevel=1", "-jar", str(jar)]

    def environment(self) -> Mapping[str, str]:
        return {"QUARKUS_HTTP_HOST": LOOPBACK, "QUARKUS_HTTP_PORT": str(self.port)}

    def answers(self) -> bool:
        try:
            return httpx.get(f"{self.url}/subjects", timeout=2.0, trust_env=False).is_success
        except httpx.HTTPError:
            return False


def _home() -> Path:
    """Where its jars are; they are fetched if they are not there yet."""
    home = _CACHE / _VERSION
    _CACHE.mkdir(parents=True, exist_ok=True)
    with (_CACHE / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not home.exists():
            _fetch(home)
    return home


def _fetch(home: Path) -> None:
    with tempfile.TemporaryDirectory(dir=_CACHE) as half_done:
        command = [program("mvn"), "--batch-mode", "--quiet", _COPY]
        command += [f"-Dartifact={_ARTIFACT}", f"-DoutputDirectory={half_done}"]
        done = subprocess.run(command, capture_output=True, text=True, check=False, cwd=half_done)
        if done.returncode:
            raise ConfigError("the Apicurio harness", [f"Maven failed: {done.stdout}{done.stderr}"])
        (archive,) = Path(half_done).glob("*.tar.gz")
        unpacked = Path(half_done) / "unpacked"
        shutil.unpack_archive(archive, unpacked)
        unpacked.rename(home)

"""Files as they are opened: compressed, damaged, not what the manifest says."""

import gzip
import zipfile
from hashlib import sha256
from pathlib import Path

import pytest
from backports import zstd

from lrs_adapter.bulk.source import DamagedError, content_name, identify, open_source
from schemas.errors import ConfigError

CONTENT = b'{"a":1}\n' * 10_000


def packed(home: Path, suffix: str) -> Path:
    path = home / f"log.ndjson{suffix}"
    match suffix:
        case ".gz":
            path.write_bytes(gzip.compress(CONTENT))
        case ".zst":
            path.write_bytes(zstd.compress(CONTENT))
        case ".zip":
            with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
                archive.writestr("log.ndjson", CONTENT)
        case _:
            path.write_bytes(CONTENT)
    return path


@pytest.mark.parametrize("suffix", ["", ".gz", ".zst", ".zip"])
def test_every_kind_of_file_gives_its_content(tmp_path: Path, suffix: str) -> None:
    path = packed(tmp_path, suffix)
    assert content_name(path) == "log.ndjson"
    with open_source(path, 200) as stream:
        assert stream.read() == CONTENT


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".zip"])
def test_a_bomb_ends_at_its_bound(tmp_path: Path, suffix: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("lrs_adapter.bulk.source._GRACE_BYTES", 1000)
    with open_source(packed(tmp_path, suffix), 2) as stream, pytest.raises(DamagedError, match="far more"):
        stream.read()


@pytest.mark.parametrize("suffix", [".gz", ".zst", ".zip"])
def test_damage_in_the_middle_is_told(tmp_path: Path, suffix: str) -> None:
    path = packed(tmp_path, suffix)
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 20] = b"\xff" * 20
    path.write_bytes(data)
    with pytest.raises((DamagedError, ConfigError)):
        _read_all(path)


@pytest.mark.parametrize("suffix", [".gz", ".zst"])
def test_a_file_that_is_cut_off_is_told(tmp_path: Path, suffix: str) -> None:
    path = packed(tmp_path, suffix)
    path.write_bytes(path.read_bytes()[:-12])
    with pytest.raises(DamagedError):
        _read_all(path)


def _read_all(path: Path) -> None:
    with open_source(path, 200) as stream:
        stream.read()


def test_an_archive_of_several_files_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "many.zip"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("a.ndjson", "")
        archive.writestr("b.ndjson", "")
    with pytest.raises(ConfigError, match="holds 2"):
        open_source(path, 200)


@pytest.mark.parametrize("name", ["missing.ndjson", "missing.ndjson.gz", "missing.zip"])
def test_a_missing_file_is_a_configuration_fault(tmp_path: Path, name: str) -> None:
    with pytest.raises(ConfigError):
        open_source(tmp_path / name, 200)


def test_a_manifest_is_believed_and_checked(tmp_path: Path) -> None:
    path = packed(tmp_path, ".gz")
    manifest = tmp_path / f"{path.name}.sha256"
    digest = sha256(path.read_bytes()).hexdigest()
    assert not identify(path).verified
    manifest.write_text(f"{digest}  {path.name}\n")
    assert identify(path).verified
    assert identify(path).digest == digest
    manifest.write_text(f"{'0' * 64}  {path.name}\n")
    with pytest.raises(ConfigError, match="SHA-256"):
        identify(path)
    manifest.write_text("")
    with pytest.raises(ConfigError, match="SHA-256"):
        identify(path)

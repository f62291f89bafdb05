"""Attachment data on the file system."""

import hashlib
from pathlib import Path

from lrs_adapter.attachments.store import NOT_STORED, AttachmentStore

DATA = b"a certificate"
SUM = hashlib.sha256(DATA).hexdigest()


def _files(directory: Path) -> list[Path]:
    return [path for path in directory.rglob("*") if path.is_file()]


async def test_data_is_kept_once_under_its_sum(tmp_path: Path) -> None:
    store = AttachmentStore(tmp_path / "new" / "attachments")
    for _ in range(2):
        assert await store.keep({SUM: DATA}) is None
    assert _files(tmp_path) == [store.path_of(SUM)]
    assert store.path_of(SUM).read_bytes() == DATA


async def test_no_data_makes_no_directory(tmp_path: Path) -> None:
    assert await AttachmentStore(tmp_path / "attachments").keep({}) is None
    assert not (tmp_path / "attachments").exists()


async def test_a_disk_that_does_not_take_it_is_a_503(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"in the way")
    refused = await AttachmentStore(tmp_path / "file").keep({SUM: DATA})
    assert refused == NOT_STORED
    assert (NOT_STORED.status, NOT_STORED.retry_after_s) == (503, 30.0)

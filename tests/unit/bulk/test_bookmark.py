"""How far an import came outlives it, and a disk that takes nothing is told in words."""

from hashlib import sha256
from pathlib import Path

import pytest

from lrs_adapter.bulk.bookmark import Bookmark
from schemas.errors import UnavailableError


def test_what_was_noted_is_known_to_the_next_import_of_the_same(tmp_path: Path) -> None:
    Bookmark(tmp_path, "file", "log").set(20_000)

    assert Bookmark(tmp_path, "file", "log").rows() == 20_000
    assert Bookmark(tmp_path, "file", "another log").rows() == 0


def test_a_full_disk_ends_the_import_with_what_to_look_at(tmp_path: Path) -> None:
    (tmp_path / f"{sha256(b'file').hexdigest()}.new").symlink_to("/dev/full")

    with pytest.raises(UnavailableError, match=f"in {tmp_path} how far it came: No space left on device"):
        Bookmark(tmp_path, "file").set(10_000)
    assert Bookmark(tmp_path, "file").rows() == 0

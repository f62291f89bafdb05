"""A nonce counts once: for one holder at a time, and for nobody once it is spent."""

import os
import time
from pathlib import Path

from lrs_adapter.access.nonces import KEPT_S, Held, Nonces


def test_it_is_ours_until_it_is_spent(tmp_path: Path) -> None:
    one, other = Nonces(tmp_path / "made"), Nonces(tmp_path / "made")
    with one.claim("n") as first:
        assert isinstance(first, Held)
        with other.claim("n") as second, other.claim("m") as third:
            assert second == "held"
            assert isinstance(third, Held)
    with other.claim("n") as again:
        assert isinstance(again, Held)
        again.spend()
    for nonces in (one, other, Nonces(tmp_path / "made")):
        with nonces.claim("n") as late:
            assert late == "spent"


def test_a_holder_that_dies_lets_go(tmp_path: Path) -> None:
    child = os.fork()
    if child == 0:
        with Nonces(tmp_path).claim("n"):
            os._exit(0)
    os.waitpid(child, 0)
    with Nonces(tmp_path).claim("n") as nonce:
        assert isinstance(nonce, Held)


def test_names_tell_nothing_and_lead_nowhere(tmp_path: Path) -> None:
    with Nonces(tmp_path).claim("../ana@example.com"):
        pass
    (file,) = tmp_path.iterdir()
    assert len(file.name) == 64


def test_old_ones_are_forgotten(tmp_path: Path) -> None:
    for name in ("old", "new"):
        with Nonces(tmp_path).claim(name) as nonce:
            assert isinstance(nonce, Held)
            nonce.spend()
    old = min(tmp_path.iterdir(), key=lambda path: path.stat().st_mtime_ns)
    long_ago = time.time() - KEPT_S - 1
    os.utime(old, (long_ago, long_ago))
    with Nonces(tmp_path).claim("old") as again:
        assert isinstance(again, Held)
    with Nonces(tmp_path).claim("new") as kept:
        assert kept == "spent"

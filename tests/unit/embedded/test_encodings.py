"""Compressed bodies, compressed by the client itself: a block at a time."""

from typing import Any

import pytest
from clickhouse_connect.driver.compression import get_compressor

from readystream.embedded.encodings import UndecodableError, decode

BLOCKS = [b"first " * 1000, b"second " * 1000, b"third"]


def compressed(encoding: str) -> bytes:
    compressor: Any = get_compressor(encoding)
    return b"".join(compressor.compress_block(block) for block in BLOCKS) + (compressor.flush() or b"")


@pytest.mark.parametrize("encoding", ["lz4", "zstd", "gzip"])
def test_every_block_is_decoded(encoding: str) -> None:
    assert decode(encoding, compressed(encoding)) == b"".join(BLOCKS)


@pytest.mark.parametrize("encoding", ["", "identity"])
def test_what_is_not_encoded_stays(encoding: str) -> None:
    assert decode(encoding, b"as it is") == b"as it is"


@pytest.mark.parametrize("encoding", ["lz4", "zstd", "gzip"])
def test_a_frame_cut_short_is_an_error(encoding: str) -> None:
    with pytest.raises(UndecodableError, match=encoding):
        decode(encoding, compressed(encoding)[:-3])


def test_other_encodings_are_named() -> None:
    with pytest.raises(UndecodableError, match=r"br is not one of identity, lz4, zstd, gzip"):
        decode("br", b"")

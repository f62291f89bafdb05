"""Content encodings that ClickHouse clients compress inserts with."""

import gzip
import importlib
import sys
from collections.abc import Callable

_ZSTD = "compression.zstd" if sys.version_info >= (3, 14) else "backports.zstd"


class UndecodableError(Exception):
    """The body is not what its Content-Encoding says, or nothing here decodes it."""


def decode(encoding: str, body: bytes) -> bytes:
    """`body` without its `encoding`; all frames of it, for clients send one per block.

    Raises `UndecodableError`, also when the last frame is cut short.
    """
    decoder = _DECODERS.get(encoding.lower())
    if decoder is None:
        raise UndecodableError(
            f"Content-Encoding {encoding} is not one of {', '.join(filter(None, _DECODERS))}"
        )
    try:
        return decoder(body)
    except Exception as error:  # each library has an error class of its own
        raise UndecodableError(f"cannot decode the {encoding} body: {error}") from error


def _lz4(body: bytes) -> bytes:
    """Every LZ4 frame in `body`, joined."""
    frame = importlib.import_module("lz4.frame")
    parts: list[bytes] = []
    while body:
        decompressor = frame.LZ4FrameDecompressor()
        parts.append(decompressor.decompress(body))
        if not decompressor.eof:
            raise EOFError("the last frame is incomplete")
        body = decompressor.unused_data or b""
    return b"".join(parts)


def _zstd(body: bytes) -> bytes:
    decompressed: bytes = importlib.import_module(_ZSTD).decompress(body)
    return decompressed


_DECODERS: dict[str, Callable[[bytes], bytes]] = {
    "": bytes,
    "identity": bytes,
    "lz4": _lz4,
    "zstd": _zstd,
    "gzip": gzip.decompress,
}

"""The body of an HTTP request, whole or not at all."""

from collections.abc import Iterator
from email.message import Message
from io import BufferedIOBase

MAX_BODY_BYTES = 1 << 30


class BodyError(Exception):
    """The body is cut short, too large or malformed; what follows on the connection is not to be trusted."""


def read_body(headers: Message, stream: BufferedIOBase) -> bytes:
    """The body that `headers` announce on `stream`, transfer encoding undone. Raises `BodyError`.

    Read to its end before anything is done with it: of a request that breaks off, nothing happens.
    """
    if headers.get("Transfer-Encoding", "").lower() == "chunked":
        return b"".join(_chunks(stream))
    return _exactly(stream, _size(headers.get("Content-Length", "0"), base=10))


def _chunks(stream: BufferedIOBase) -> Iterator[bytes]:
    total = 0
    while size := _size(stream.readline(100).partition(b";")[0].decode("ascii", "replace"), base=16):
        total += size
        if total > MAX_BODY_BYTES:
            raise BodyError(f"the body is larger than {MAX_BODY_BYTES} bytes")
        yield _exactly(stream, size)
        stream.readline(100)
    while stream.readline(10_000).strip():  # trailers end with an empty line
        pass


def _size(text: str, base: int) -> int:
    try:
        size = int(text.strip(), base)
    except ValueError:
        raise BodyError(f"{text!r} is no length of a body") from None
    if not 0 <= size <= MAX_BODY_BYTES:
        raise BodyError(f"the body is larger than {MAX_BODY_BYTES} bytes")
    return size


def _exactly(stream: BufferedIOBase, size: int) -> bytes:
    data = stream.read(size)
    if len(data) != size:
        raise BodyError(f"the body ends after {len(data)} of {size} bytes")
    return data

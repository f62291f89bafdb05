"""Reading a request's body within its limit."""

from collections.abc import AsyncIterable

from starlette.requests import ClientDisconnect

from lrs_adapter.wire.problems import Problem, bad_request, too_large


def declared_too_large(content_length: str | None, limit: int) -> Problem | None:
    """Refuse by `Content-Length` before anything is read."""
    if content_length is not None and content_length.isdecimal() and int(content_length) > limit:
        return _refusal(limit)
    return None


async def read_body(chunks: AsyncIterable[bytes], limit: int) -> bytes | Problem:
    """The whole body, or the refusal as soon as it exceeds `limit` bytes."""
    parts: list[bytes] = []
    size = 0
    try:
        async for chunk in chunks:
            size += len(chunk)
            if size > limit:
                return _refusal(limit)
            parts.append(chunk)
    except ClientDisconnect:
        return bad_request("hung-up", "The sender hung up before the body was complete.")
    return b"".join(parts)


def _refusal(limit: int) -> Problem:
    return too_large(f"The body may have {limit} bytes at most. Send fewer statements at a time.")

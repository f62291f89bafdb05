"""Attachment data in an S3-compatible object store, addressed by its content.

Reads: the same objects, for statements that are read back.
Writes: `<prefix>/<first two digits>/<SHA-2 sum>`, in lower-case hexadecimal digits.
Key: the sum that the statement names as `sha2`; data that is sent twice replaces itself.
State: the objects. Endpoint, region and credentials are those of the `AWS_` variables.
Guarantee: `keep` returns None only once the store has confirmed all data.
On failure: a `Problem` 503, within some seconds; objects that are there already stay.
"""

import asyncio
from collections.abc import Collection, Mapping
from datetime import timedelta

import obstore
import structlog
from obstore.exceptions import BaseError
from obstore.store import S3Store

from lrs_adapter.attachments.store import NOT_STORED, Attachments, AttachmentStore
from lrs_adapter.wire.problems import Problem
from schemas import log_events
from schemas.errors import UnavailableError
from schemas.settings import AttachmentSettings

_TIMEOUT = "3s"
_RETRY_WITHIN = timedelta(seconds=4)

log = structlog.get_logger()


def attachments_for(settings: AttachmentSettings) -> Attachments:
    """Where the settings say: a bucket if they name one, else a directory."""
    url = settings.attachments_url
    return AttachmentObjects(url) if url else AttachmentStore(settings.attachments_dir)


class AttachmentObjects:
    """A bucket of attachment data, `s3://BUCKET/PREFIX`."""

    def __init__(self, url: str) -> None:
        self._store = S3Store.from_url(
            url,
            client_options={"timeout": _TIMEOUT, "connect_timeout": _TIMEOUT, "allow_http": True},
            retry_config={"max_retries": 1, "retry_timeout": _RETRY_WITHIN},
        )

    async def keep(self, sent: Mapping[str, bytes]) -> Problem | None:
        """Store data by its SHA-2 sum, which the caller has checked."""
        puts = [obstore.put_async(self._store, _name(sha2), data) for sha2, data in sent.items()]
        try:
            await asyncio.gather(*puts)
        except (BaseError, OSError) as error:
            log.warning(log_events.ADAPTER_ATTACHMENTS_NOT_STORED, error=type(error).__name__)
            return NOT_STORED
        return None

    async def found(self, sums: Collection[str]) -> dict[str, bytes]:
        """The data with these SHA-2 sums, as far as it is here. Raises `UnavailableError`."""
        lowered = [sha2.lower() for sha2 in sums]
        data = await asyncio.gather(*map(self._get, lowered))
        return {sha2: found for sha2, found in zip(lowered, data, strict=True) if found is not None}

    async def _get(self, sha2: str) -> bytes | None:
        try:
            result = await obstore.get_async(self._store, _name(sha2))
            return bytes(await result.bytes_async())
        except FileNotFoundError:
            return None
        except (BaseError, OSError) as error:
            raise UnavailableError(f"the object store did not give {sha2}: {type(error).__name__}") from error


def _name(sha2: str) -> str:
    return f"{sha2[:2]}/{sha2}"

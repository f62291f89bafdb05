"""Attachment data in an object store that speaks S3 over HTTP."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest
from aiohttp import web

from lrs_adapter.attachments.objects import AttachmentObjects
from lrs_adapter.attachments.store import NOT_STORED
from schemas.errors import UnavailableError
from tests.unit.adapter.attachments_kit import sum_of

SENT = {sum_of(data): data for data in (b"one", b"two", bytes(range(256)) * 4000)}


class Bucket:
    """Objects by path, behind as much of S3 as puts and gets need; it insists on signed requests."""

    def __init__(self) -> None:
        self.objects: dict[str, bytes] = {}
        self.status = 200

    async def answer(self, request: web.Request) -> web.Response:
        """One request."""
        if not request.headers.get("Authorization", "").startswith("AWS4-HMAC-SHA256 Credential=key/"):
            return web.Response(status=403)
        headers = {"ETag": '"1"', "Last-Modified": "Mon, 02 Nov 2026 10:00:00 GMT"}
        if self.status != 200:
            return web.Response(status=self.status)
        if request.method == "PUT":
            self.objects[request.path] = await request.read()
            return web.Response(headers=headers)
        found = self.objects.get(request.path)
        return web.Response(status=404) if found is None else web.Response(body=found, headers=headers)


@asynccontextmanager
async def _serving(bucket: Bucket, environment: pytest.MonkeyPatch) -> AsyncIterator[AttachmentObjects]:
    app = web.Application(client_max_size=1 << 22)
    app.router.add_route("*", "/{path:.*}", bucket.answer)
    runner = web.AppRunner(app)
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    port = runner.addresses[0][1]
    for name, value in {
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{port}",
        "AWS_REGION": "eu-central-1",
        "AWS_ACCESS_KEY_ID": "key",
        "AWS_SECRET_ACCESS_KEY": "secret",
    }.items():
        environment.setenv(name, value)
    try:
        yield AttachmentObjects("s3://learning/attachments")
    finally:
        await runner.cleanup()


async def test_data_is_kept_under_its_sum_and_given_back(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket()
    async with _serving(bucket, monkeypatch) as store:
        for _ in range(2):
            assert await store.keep(SENT) is None
        found = await store.found([*map(str.upper, SENT), sum_of(b"another")])
    assert bucket.objects == {f"/learning/attachments/{s[:2]}/{s}": data for s, data in SENT.items()}
    assert found == SENT


async def test_nothing_is_acknowledged_that_the_store_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket()
    async with _serving(bucket, monkeypatch) as store:
        bucket.status = 503
        assert await store.keep(SENT) is NOT_STORED
        with pytest.raises(UnavailableError):
            await store.found(SENT)
        bucket.status = 200
        assert await store.keep(SENT) is None


async def test_a_store_that_is_away_is_an_answer_in_time(monkeypatch: pytest.MonkeyPatch) -> None:
    async with _serving(Bucket(), monkeypatch) as store:
        pass
    async with asyncio.timeout(20):
        assert await store.keep(SENT) is NOT_STORED
        assert await store.keep({}) is None

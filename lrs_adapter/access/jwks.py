"""The public keys of an issuer: fetched over HTTP, kept, and fetched again as they rotate.

Reads: the JSON Web Key Set (RFC 7517) at the issuer's address.
Writes: nothing.
State: the keys and when they were fetched, in memory.
Guarantee: a key that the issuer took back is not used for longer than ten minutes while the issuer answers,
and for longer than a day in no case.
On failure: an issuer that is down, slow or answers nonsense leaves the known keys in use for a day. A token
under a key that is not known gets 503 while the issuer cannot be asked, since it may be right.
"""

import asyncio
from collections.abc import Callable, Mapping
from typing import Any, Final

import httpx
import orjson
import structlog
from jwt import PyJWK, PyJWTError

from lrs_adapter.access.issuers import Issuer
from lrs_adapter.wire.problems import Problem
from schemas import log_events

FRESH_S: Final = 600.0
USABLE_S: Final = 86_400.0
PAUSE_S: Final = 5.0
"""Between two fetches: strangers who invent key ids must not make us a burden to the issuer."""

_TIMEOUT_S = 3.0
_LONGEST = 262_144
_NEVER = float("-inf")

log = structlog.get_logger()


class KeySource:
    """The keys of one issuer. `clock` gives seconds and never goes back."""

    def __init__(self, issuer: Issuer, http: httpx.AsyncClient, clock: Callable[[], float]) -> None:
        self._issuer = issuer
        self._http = http
        self._clock = clock
        self._keys: dict[str | None, PyJWK] = {}
        self._fetched_at = self._asked_at = _NEVER
        self._turn = asyncio.Lock()

    async def find(self, kid: str | None) -> PyJWK | Problem | None:
        """The key that a token names; None if the issuer has no such key, a 503 if it cannot be asked now."""
        found = self._known(kid)
        if found is not None and (self._is_fresh() or self._turn.locked()):
            return found
        await self._refresh()
        found = self._known(kid)
        if found is None and not self._just_fetched():
            return _wait(self._issuer.name)
        return found

    def _known(self, kid: str | None) -> PyJWK | None:
        if self._clock() - self._fetched_at > USABLE_S:
            return None
        if kid is None and len(self._keys) == 1:
            return next(iter(self._keys.values()))
        return self._keys.get(kid)

    def _is_fresh(self) -> bool:
        return self._clock() - self._fetched_at <= FRESH_S

    def _just_fetched(self) -> bool:
        """Whether the keys are those of the latest time that we asked, so that what is not there is not."""
        return self._fetched_at == self._asked_at != _NEVER

    async def _refresh(self) -> None:
        async with self._turn:
            if self._clock() - self._asked_at < PAUSE_S:
                return
            self._asked_at = self._clock()
            keys = await self._fetch()
            if keys is not None:
                self._keys, self._fetched_at = keys, self._asked_at

    async def _fetch(self) -> dict[str | None, PyJWK] | None:
        try:
            async with asyncio.timeout(_TIMEOUT_S):
                return _usable(await self._read(), self._issuer)
        except (httpx.HTTPError, httpx.InvalidURL, TimeoutError, ValueError) as error:
            log.warning(log_events.ADAPTER_ISSUER, issuer=self._issuer.name, error=type(error).__name__)
            return None

    async def _read(self) -> Any:
        body = bytearray()
        async with self._http.stream("GET", self._issuer.jwks_url) as response:
            response.raise_for_status()
            async for chunk in response.aiter_bytes():
                body += chunk
                if len(body) > _LONGEST:
                    raise ValueError("the key set is too long")
        return orjson.loads(body)


def _usable(document: Any, issuer: Issuer) -> dict[str | None, PyJWK]:
    """The keys that fit the issuer's algorithm, by id. Raises `ValueError` for what is no key set."""
    listed = document.get("keys") if isinstance(document, dict) else None
    if not isinstance(listed, list):
        raise ValueError("not a JSON Web Key Set")  # noqa: TRY004 - a fault of the document
    made = {_kid(one): _key(one, issuer) for one in listed if isinstance(one, dict)}
    return {kid: key for kid, key in made.items() if key is not None}


def _kid(listed: Mapping[str, Any]) -> str | None:
    kid = listed.get("kid")
    return kid if isinstance(kid, str) else None


def _key(listed: Mapping[str, Any], issuer: Issuer) -> PyJWK | None:
    """A key for signatures by the issuer's algorithm; None for others, which a set may well hold."""
    if listed.get("use", "sig") != "sig" or listed.get("alg", issuer.algorithm) != issuer.algorithm:
        return None
    try:
        return PyJWK(dict(listed), issuer.algorithm)
    except (PyJWTError, ValueError, TypeError, KeyError):
        return None


def _wait(issuer: str) -> Problem:
    detail = f"The keys of the issuer {issuer} cannot be fetched now. Nothing was kept."
    return Problem(
        503, "issuer-not-reached", "The token cannot be checked now.", detail, retry_after_s=PAUSE_S
    )

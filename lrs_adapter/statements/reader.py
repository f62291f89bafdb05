"""Reading back: a single statement that was accepted lately, by this adapter or another.

Reads: the memory of accepted statements, `xapi.statements` at one place, the data of attachments.
Writes: nothing.
Key: the parameter `statementId`, or `voidedStatementId`.
State: none of its own.
Guarantee: a statement that any adapter acknowledged before the request is found as long as it is remembered:
the adapter first reads the log up to where it ended when it was asked.
On failure: a `Problem`; 503 while the end of the log is not to be had, 404 only if it was read.
"""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import msgspec
import orjson

from lrs_adapter.access.authentication import Authenticator
from lrs_adapter.access.credentials import Credential
from lrs_adapter.attachments.store import Attachments
from lrs_adapter.log.memory import Memory
from lrs_adapter.log.reader import LogReader
from lrs_adapter.log.tail import Tail
from lrs_adapter.statements.delivery import barred, is_uuid
from lrs_adapter.statements.ids_only import ids_only
from lrs_adapter.statements.stored import Stored, stored_from
from lrs_adapter.statements.versions import HEADER, negotiate
from lrs_adapter.wire.asked import Asked
from lrs_adapter.wire.problems import Problem, bad_request, unavailable
from schemas.errors import UnavailableError

_IDS = ("statementId", "voidedStatementId")
_CATCH_UP_S = 2.0
_NOT_READ = unavailable("not-read", "The end of the log, or an attachment, cannot be read now.", 2.0)


class Reader:
    """Finds statements. `homepage` is that of the accounts that stand as `authority`."""

    def __init__(
        self,
        *,
        authenticator: Authenticator,
        memory: Memory,
        tail: Tail,
        log: LogReader,
        attachments: Attachments,
        homepage: str,
    ) -> None:
        self._authenticator = authenticator
        self._memory = memory
        self._tail = tail
        self._log = log
        self._attachments = attachments
        self._homepage = homepage

    async def read(self, asked: Asked) -> Stored | Problem:
        """The statement that the parameters name."""
        credential = await self._authenticator.authenticate(asked.headers.get("authorization"))
        if isinstance(credential, Problem):
            return credential
        asked.facts.credential = credential.name
        wrong = _refusal(asked, credential)
        if wrong is not None:
            return wrong
        voided, statement_id = _named(asked.parameters)
        try:
            record = await self._record(statement_id)
            if record is None or not _may_see(credential, record) or voided != self._is_voided(record):
                return _not_found(statement_id)
            return await self._given(record, asked.parameters)
        except UnavailableError:
            return _NOT_READ

    async def _record(self, statement_id: str) -> dict[str, Any] | None:
        """The statement's record; None if it is not remembered. Raises `UnavailableError`."""
        if not await self._tail.caught_up(_CATCH_UP_S):
            raise UnavailableError("the end of the log was not reached in time")
        place = self._memory.place_of(statement_id)
        record = None if place is None else await self._log.read(place)
        return record if record is not None and record["statement_id"] == statement_id.lower() else None

    def _is_voided(self, record: Mapping[str, Any]) -> bool:
        """A voiding statement cannot be voided itself."""
        return not record["voids"] and self._memory.is_voided(record["statement_id"])

    async def _given(self, record: Mapping[str, Any], parameters: Mapping[str, str]) -> Stored:
        stored = stored_from(record, self._homepage)
        if parameters.get("format") == "ids":
            stored = replace(stored, text=orjson.dumps(ids_only(orjson.loads(stored.text))))
        if parameters.get("attachments") != "true":
            return stored
        listed = msgspec.json.decode(record["statement"]).get("attachments", ())
        return replace(stored, attachments=await self._attachments.found({one["sha2"] for one in listed}))


def _refusal(asked: Asked, credential: Credential) -> Problem | None:
    refused = barred(credential, asked.mount, "statements/read/mine")
    if refused is not None:
        return refused
    version = negotiate(asked.headers.get(HEADER), credential, asked.mount)
    if isinstance(version, Problem):
        return version
    return _wrong_parameters(asked.parameters)


def _wrong_parameters(parameters: Mapping[str, str]) -> Problem | None:
    named = [name for name in _IDS if name in parameters]
    if len(named) != 1:
        return _refused(
            "Name one statement, by statementId or voidedStatementId. There are no other queries."
        )
    if unknown := sorted(set(parameters) - {*_IDS, "attachments", "format"}):
        return _refused(f"Parameters that may not stand beside {named[0]}: {', '.join(unknown)[:200]}.")
    if not is_uuid(parameters[named[0]]):
        return _refused(f"The parameter {named[0]} must be a UUID.")
    if parameters.get("attachments", "false") not in ("true", "false"):
        return _refused("The parameter attachments must be true or false.")
    if parameters.get("format", "exact") not in ("exact", "ids"):
        return _refused("Statements are given in the formats exact and ids.")
    return None


def _named(parameters: Mapping[str, str]) -> tuple[bool, str]:
    """Whether a voided statement is asked for, and its id."""
    voided = "voidedStatementId" in parameters
    return voided, parameters[_IDS[voided]]


def _may_see(credential: Credential, record: Mapping[str, Any]) -> bool:
    return credential.may("all") or record["credential"] == credential.name


def _refused(detail: str) -> Problem:
    return bad_request("query", detail)


def _not_found(statement_id: str) -> Problem:
    detail = f"{statement_id} is not among the statements that were accepted lately."
    return Problem(404, "not-found", "There is no such statement here.", detail)

"""What we ask of a schema registry server, by the API that Confluent's, Karapace, Apicurio and Redpanda have.

Reads: versions of subjects, their compatibility.
Writes: versions of subjects, their compatibility.
Key: the subject.
State: none.
Guarantee: each request may be repeated: the server gives the same schema in a subject the same id.
On failure: a server that is away, slow, overloaded or answers nonsense is asked again twice, then
`UnavailableError`; one that refuses us or a schema is not asked again, `ConfigError`.

Source: https://docs.confluent.io/platform/current/schema-registry/develop/api.html
"""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any, Final, Literal
from urllib.parse import quote

import httpx

from schemas.avro_schemas import Schema
from schemas.errors import ConfigError, UnavailableError
from schemas.settings import RegistrySettings

PAUSES_S: Final = (0.5, 2.0)
_MEDIA_TYPE = "application/vnd.schemaregistry.v1+json"
_BUSY = 429
_MOST_ID = 2**32 - 1
_NOTHING: Final = 404

Method = Literal["GET", "POST", "PUT"]


@contextmanager
def open_registry(settings: RegistrySettings) -> Iterator["SchemaRegistry"]:
    """The server that the settings name."""
    password = settings.schema_registry_password
    credentials = (settings.schema_registry_user, password.get_secret_value() if password else "")
    with httpx.Client(
        auth=credentials if settings.schema_registry_user else None,
        headers={"Accept": f"{_MEDIA_TYPE}, application/json", "Content-Type": _MEDIA_TYPE},
        timeout=settings.schema_registry_timeout_s,
    ) as client:
        yield SchemaRegistry(client, settings.schema_registry_url.rstrip("/"))


@dataclass(frozen=True, slots=True)
class SchemaRegistry:
    """A server at `url`. Every method raises `UnavailableError` and `ConfigError`."""

    client: httpx.Client
    url: str
    pause: Callable[[float], None] = time.sleep

    def id_of(self, subject: str, schema: Schema) -> int | None:
        """The id of `schema` in `subject`; None if it is not there."""
        found = self._ask("POST", f"/subjects/{quote(subject)}", _sent(schema))
        return None if found is None else self._id(found)

    def register(self, subject: str, schema: Schema) -> int:
        """Add a version to `subject`, unless it has it; returns the id."""
        return self._id(self._ask("POST", f"/subjects/{quote(subject)}/versions", _sent(schema)))

    def versions(self, subject: str) -> list[int]:
        """The numbers of the versions of `subject`; none if it does not exist."""
        found = self._ask("GET", f"/subjects/{quote(subject)}/versions")
        return list(found or ())

    def compatibility(self, subject: str) -> str:
        """The level that is set for `subject`; empty without one."""
        found = self._ask("GET", f"/config/{quote(subject)}")
        return str(found["compatibilityLevel"]) if found else ""

    def set_compatibility(self, subject: str, level: str) -> None:
        """Set the level of `subject`."""
        self._ask("PUT", f"/config/{quote(subject)}", {"compatibility": level})

    def can_follow(self, subject: str, version: int, schema: Schema) -> bool:
        """Whether `schema` is compatible with that version of `subject`, by the level that is set."""
        path = f"/compatibility/subjects/{quote(subject)}/versions/{version}"
        found = self._ask("POST", path, _sent(schema))
        return found is not None and bool(found["is_compatible"])

    def _ask(self, method: Method, path: str, body: dict[str, Any] | None = None) -> Any:
        """The server's answer; None for "there is no such thing"."""
        for pause_s in (*PAUSES_S, None):
            answer = self._once(method, path, body)
            if isinstance(answer, httpx.Response):
                return self._said(answer)
            if pause_s is None:
                break
            self.pause(pause_s)
        raise UnavailableError(f"the schema registry at {self.url}: {answer}")

    def _once(self, method: Method, path: str, body: dict[str, Any] | None) -> httpx.Response | str:
        """An answer that holds, or what is wrong for the moment."""
        try:
            answer = self.client.request(method, f"{self.url}{path}", json=body)
        except httpx.TransportError as error:
            return type(error).__name__
        if answer.is_server_error or answer.status_code == _BUSY:
            return f"status {answer.status_code}"
        return answer if _is_json(answer) else f"status {answer.status_code} without JSON: is it a registry?"

    def _said(self, answer: httpx.Response) -> Any:
        said = answer.json()
        if answer.is_success:
            return said
        code = said.get("error_code") if isinstance(said, dict) else None
        if answer.status_code == _NOTHING and str(code).startswith(str(_NOTHING)):
            return None
        message = said.get("message") if isinstance(said, dict) else said
        raise ConfigError(f"the schema registry at {self.url}", [f"{answer.status_code} {code}: {message}"])

    def _id(self, answer: Any) -> int:
        number = answer.get("id") if isinstance(answer, dict) else None
        if not isinstance(number, int) or not 0 <= number <= _MOST_ID:
            raise UnavailableError(f"the schema registry at {self.url} answered without an id")
        return number


def _is_json(answer: httpx.Response) -> bool:
    try:
        answer.json()
    except ValueError:
        return False
    return True


def _sent(schema: Schema) -> dict[str, Any]:
    return {"schemaType": "AVRO", "schema": json.dumps(schema, ensure_ascii=False)}

"""The alternate request syntax: any request, put into the form of a POST.

For senders in browsers that could not send other methods or headers. xAPI 1.0.3 Communication 1.3; 2.0 has
abolished it. The address has the parameter `method` and no other; headers, parameters and, as `content`, the
body are fields of the form.
"""

from collections.abc import AsyncIterator, Mapping
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl

from lrs_adapter.statements.versions import HEADER, line_of
from lrs_adapter.wire.asked import Asked
from lrs_adapter.wire.body import declared_too_large, read_body
from lrs_adapter.wire.problems import Problem, bad_request

_FORM = "application/x-www-form-urlencoded"
_WITH_BODY: Final = ("POST", "PUT")
_HEADERS: Final = frozenset(
    {"authorization", HEADER, "content-type", "content-length", "if-match", "if-none-match"}
)
_FIELDS = 100
"""Most fields of a form; the specification has about twenty."""


async def as_meant(asked: Asked, methods: tuple[str, ...], limit: int) -> Asked | Problem:
    """The request that a form stands for; any other request as it is. `limit` is the largest form, bytes."""
    if asked.method != "POST" or "method" not in asked.parameters or "1.0" not in asked.mount.lines:
        return asked
    wrong = _wrong_address(asked, methods) or declared_too_large(asked.headers.get("content-length"), limit)
    if wrong is not None:
        return wrong
    body = await read_body(asked.body, limit)
    if isinstance(body, Problem):
        return body
    try:
        fields = dict(parse_qsl(body.decode(), strict_parsing=True, max_num_fields=_FIELDS, errors="strict"))
    except ValueError:
        return _refused("The body is not a form in URL encoding.")
    return _unfolded(asked, fields)


def _wrong_address(asked: Asked, methods: tuple[str, ...]) -> Problem | None:
    if set(asked.parameters) != {"method"}:
        return _refused("The address may have no parameter but method.")
    if asked.parameters["method"] not in methods:
        return _refused(f"The parameter method must be one of {', '.join(methods)}.")
    if asked.headers.get("content-type", "").partition(";")[0].strip().lower() != _FORM:
        return _refused(f"With the parameter method the body must be {_FORM}.")
    return None


def _unfolded(asked: Asked, fields: Mapping[str, str]) -> Asked | Problem:
    method = asked.parameters["method"]
    headers = {**asked.headers, "content-type": "application/json"}
    headers |= {name.lower(): value for name, value in fields.items() if name.lower() in _HEADERS}
    headers.pop("content-length", None)
    asked.facts.version = headers.get(HEADER)
    if line_of(asked.facts.version) == "2.0":
        return _refused("xAPI 2.0 has no alternate request syntax.")
    if method in _WITH_BODY and "content" not in fields:
        return _refused("The form has no field content.")
    others = _HEADERS | {"content"}
    parameters = {name: value for name, value in fields.items() if name.lower() not in others}
    body = _stream(fields.get("content", "").encode())
    return replace(asked, method=method, headers=headers, parameters=parameters, body=body)


async def _stream(body: bytes) -> AsyncIterator[bytes]:
    yield body


def _refused(detail: str) -> Problem:
    return bad_request("alternate-syntax", detail)

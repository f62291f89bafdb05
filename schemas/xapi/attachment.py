"""Attachment: data that belongs to a statement, described here and carried beside it or elsewhere.

IEEE 9274.1.1 4.2.2.6, xAPI 1.0.3 Data 2.4.11.
"""

from typing import Annotated, NotRequired

from pydantic import Field, with_config
from typing_extensions import TypedDict

from schemas.xapi import spec
from schemas.xapi.iri import Iri, Irl
from schemas.xapi.language import LanguageMap
from schemas.xapi.noun import STRICT
from schemas.xapi.text import Text

_TOKEN = r"[A-Za-z0-9!#$%&'*+.^_`|~\-]+"  # noqa: S105  an RFC 7230 token, nothing secret
MediaType = Annotated[
    str,
    Text(
        rf"{_TOKEN}/{_TOKEN}(?:[ \t]*;[^\x00-\x1f\x7f]*)?",
        "must be a media type such as text/plain (RFC 2046)",
        spec.ATTACHMENT,
        "media-type",
    ),
]
Sha2 = Annotated[
    str,
    Text(
        "(?:[0-9A-Fa-f]{56}|[0-9A-Fa-f]{64}|[0-9A-Fa-f]{96}|[0-9A-Fa-f]{128})",
        "must be a SHA-2 sum in hexadecimal digits",
        spec.ATTACHMENT,
        "sha2",
    ),
]


@with_config(STRICT)
class Attachment(TypedDict):
    """`length` is in octets; `fileUrl` says where the data is when it is not in the request."""

    usageType: Iri
    display: LanguageMap
    description: NotRequired[LanguageMap]
    contentType: MediaType
    length: Annotated[int, Field(ge=0)]
    sha2: Sha2
    fileUrl: NotRequired[Irl]

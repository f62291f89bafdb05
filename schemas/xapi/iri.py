"""Internationalised Resource Identifiers: RFC 3987 `IRI`, which always has a scheme.

IEEE 9274.1.1 4.2.7, xAPI 1.0.3 Data 4.3. Any scheme is an IRI (`block-v1:…` of Open edX is one); a relative
reference is not.
"""

from typing import Annotated

from schemas.xapi import spec
from schemas.xapi.text import Text

_UCS = (
    "\u00a0-\ud7ff\uf900-\ufdcf\ufdf0-\uffef"
    + "".join(f"{chr(plane << 16)}-{chr((plane << 16) + 0xFFFD)}" for plane in range(1, 14))
    + f"{chr(0xE1000)}-{chr(0xEFFFD)}"
)
_PRIVATE = f"\ue000-\uf8ff{chr(0xF0000)}-{chr(0xFFFFD)}{chr(0x100000)}-{chr(0x10FFFD)}"
_UNRESERVED = rf"A-Za-z0-9\-._~{_UCS}"
_SUB_DELIMITERS = r"!$&'()*+,;="
_ESCAPE = "%[0-9A-Fa-f]{2}"

_NAME = f"(?:[{_UNRESERVED}{_SUB_DELIMITERS}]|{_ESCAPE})*"
_USER = f"(?:[{_UNRESERVED}{_SUB_DELIMITERS}:]|{_ESCAPE})*"
_LITERAL = rf"\[(?:[0-9A-Fa-f:.]+|[vV][0-9A-Fa-f]+\.[{_UNRESERVED}{_SUB_DELIMITERS}:]+)\]"
_AUTHORITY = f"(?:{_USER}@)?(?:{_LITERAL}|{_NAME})(?::[0-9]*)?"
_CHARACTER = f"(?:[{_UNRESERVED}{_SUB_DELIMITERS}:@]|{_ESCAPE})"
_SEGMENTS = f"(?:/{_CHARACTER}*)*"
_PATH = f"(?:/{_CHARACTER}+{_SEGMENTS}|/|{_CHARACTER}+{_SEGMENTS})?"
_QUERY = f"(?:[{_UNRESERVED}{_SUB_DELIMITERS}:@/?{_PRIVATE}]|{_ESCAPE})*"
_FRAGMENT = f"(?:{_CHARACTER}|[/?])*"

IRI_PATTERN = (
    rf"[A-Za-z][A-Za-z0-9+.\-]*:(?://{_AUTHORITY}{_SEGMENTS}|{_PATH})(?:\?{_QUERY})?(?:#{_FRAGMENT})?"
)

Iri = Annotated[str, Text(IRI_PATTERN, "must be an IRI with a scheme (RFC 3987)", spec.IRI, "iri")]
Irl = Annotated[str, Text(IRI_PATTERN, "must be an IRL: a whole address (RFC 3987)", spec.IRI, "iri")]

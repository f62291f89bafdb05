"""Language tags (RFC 5646) and language maps.

IEEE 9274.1.1 4.2.7, xAPI 1.0.3 Data 4.2.
"""

from typing import Annotated

from schemas.xapi import spec
from schemas.xapi.text import Text

_LANGUAGE = "(?:[A-Za-z]{2,3}(?:-[A-Za-z]{3}){0,3}|[A-Za-z]{4}|[A-Za-z]{5,8})"
_SCRIPT = "(?:-[A-Za-z]{4})?"
_REGION = "(?:-(?:[A-Za-z]{2}|[0-9]{3}))?"
_VARIANTS = "(?:-(?:[A-Za-z0-9]{5,8}|[0-9][A-Za-z0-9]{3}))*"
_EXTENSIONS = "(?:-[0-9A-WY-Za-wy-z](?:-[A-Za-z0-9]{2,8})+)*"
_PRIVATE = "[xX](?:-[A-Za-z0-9]{1,8})+"
_IRREGULAR = (
    "(?i:en-gb-oed|i-ami|i-bnn|i-default|i-enochian|i-hak|i-klingon|i-lux|i-mingo|i-navajo|i-pwn|i-tao"
    "|i-tay|i-tsu|sgn-be-fr|sgn-be-nl|sgn-ch-de)"
)
LANGUAGE_PATTERN = (
    f"{_LANGUAGE}{_SCRIPT}{_REGION}{_VARIANTS}{_EXTENSIONS}(?:-{_PRIVATE})?|{_PRIVATE}|{_IRREGULAR}"
)

LanguageTag = Annotated[
    str, Text(LANGUAGE_PATTERN, "must be a language tag such as en-US (RFC 5646)", spec.LANGUAGE, "language")
]
LanguageMap = dict[LanguageTag, str]

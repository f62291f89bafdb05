"""Verb: what was done.

IEEE 9274.1.1 4.2.2.2, xAPI 1.0.3 Data 2.4.3.
"""

from typing import Final, NotRequired

from pydantic import with_config
from typing_extensions import TypedDict

from schemas.xapi.iri import Iri
from schemas.xapi.language import LanguageMap
from schemas.xapi.noun import STRICT

VOIDED: Final = "http://adlnet.gov/expapi/verbs/voided"


@with_config(STRICT)
class Verb(TypedDict):
    """The `id` carries the meaning; `display` is for people."""

    id: Iri
    display: NotRequired[LanguageMap]

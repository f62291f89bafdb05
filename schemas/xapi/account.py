"""Account: a login at a system, named by the system's home page.

IEEE 9274.1.1 4.2.2.1, xAPI 1.0.3 Data 2.4.2.4.
"""

from pydantic import with_config
from typing_extensions import TypedDict

from schemas.xapi.iri import Irl
from schemas.xapi.noun import STRICT


@with_config(STRICT)
class Account(TypedDict):
    """`name` is unique within `homePage` only: two systems both have a "student1"."""

    homePage: Irl
    name: str

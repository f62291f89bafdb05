"""Statement reference: another statement, by its id.

IEEE 9274.1.1 4.2.2.3, xAPI 1.0.3 Data 2.4.4.3. The target need not have arrived, nor ever arrive.
"""

from typing import Literal

from pydantic import with_config
from typing_extensions import TypedDict

from schemas.xapi.noun import STRICT
from schemas.xapi.uuids import Uuid


@with_config(STRICT)
class StatementRef(TypedDict):
    """A reference to the statement with this `id`."""

    objectType: Literal["StatementRef"]
    id: Uuid

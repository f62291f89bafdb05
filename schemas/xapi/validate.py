"""The one question that receivers ask: is this a valid statement, and if not, why not?

Nothing here alters the statement: its bytes travel on as they came. Deep or huge values are no danger:
extensions are not walked, patterns take linear time, and the parser before this bounds the depth.
"""

from typing import Any

from pydantic import TypeAdapter, ValidationError

from schemas.outcomes import Accepted, Outcome, Rejected
from schemas.xapi.faults import faults
from schemas.xapi.statement import Statement

STATEMENT: TypeAdapter[Any] = TypeAdapter(Statement)
_ACCEPTED = Accepted()


def validate_statement(obj: Any, version: str) -> Outcome:
    """Judge one parsed JSON value as a statement in a request that speaks xAPI `version`, e.g. 1.0.3.

    Returns `Accepted`, or `Rejected` with all faults at once.
    """
    try:
        STATEMENT.validate_python(obj, context={"version": version})
    except ValidationError as error:
        return Rejected(faults(error, obj))
    return _ACCEPTED


def statement_json_schema(ref_template: str) -> dict[str, Any]:
    """JSON Schema of a statement, with its definitions under `$defs`, for published descriptions."""
    return STATEMENT.json_schema(ref_template=ref_template)

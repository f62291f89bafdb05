"""When two statements say the same thing (IEEE 9274.1.1 section 4.2; xAPI 1.0.3 Part Three 1.4).

A resend of a statement may carry another `stored`, another `display` or a fuller activity definition and
is still the same statement. The same id with a different meaning is a conflict.
"""

from collections.abc import Mapping
from hashlib import blake2b
from typing import Any

import orjson

_STATEMENT_ONLY = frozenset({"id", "stored", "timestamp", "version", "authority", "attachments"})
_DIGEST_BYTES = 16


def _significant(value: Any) -> Any:
    if isinstance(value, list):
        return [_significant(item) for item in value]
    if not isinstance(value, dict):
        return value
    return {key: _significant(item) for key, item in value.items() if key not in {"definition", "display"}}


def content_digest(statement: Mapping[str, Any]) -> bytes:
    """16 bytes that are equal for statements with the same meaning."""
    meaning = {
        key: item if key == "result" else _significant(item)
        for key, item in statement.items()
        if key not in _STATEMENT_ONLY
    }
    return blake2b(orjson.dumps(meaning, option=orjson.OPT_SORT_KEYS), digest_size=_DIGEST_BYTES).digest()

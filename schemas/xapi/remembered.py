"""Parts of statements that repeat, judged once: the same actors, verbs and activities come again and again.

Only what is valid is remembered, as its JSON text. Everything else is judged in full, so a faulty statement
gets the faults that it would get without a memory. A part that is the same text is the same value: no rule of
a part looks at anything outside of it but the version, of which rules tell 1.0 and 2.0 apart alone.
"""

from typing import Any

import orjson
from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema

MOST = 16_384
"""Parts of one property that are remembered; then all of them are forgotten."""

LONGEST = 2_048
"""Bytes of JSON. With `MOST` it bounds the memory of a property to 32 MB; most parts have a few hundred."""


class Remembered:
    """Annotation of a property: a value found valid before needs no second look."""

    def __init__(self) -> None:
        self._valid: set[tuple[str, bytes]] = set()

    def __len__(self) -> int:
        return len(self._valid)

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The property's own schema, wrapped."""
        return core_schema.with_info_wrap_validator_function(self._check, handler(source))

    def _check(
        self,
        value: Any,
        inner: core_schema.ValidatorFunctionWrapHandler,
        info: core_schema.ValidationInfo[Any],
    ) -> Any:
        try:
            known = info.context["version"][:1], orjson.dumps(value)
        except TypeError:  # nested more deeply than it writes, and no JSON at all
            return inner(value)
        if known in self._valid:
            return value
        checked = inner(value)
        self._remember(known)
        return checked

    def _remember(self, known: tuple[str, bytes]) -> None:
        if len(known[1]) > LONGEST:
            return
        if len(self._valid) >= MOST:
            self._valid.clear()
        self._valid.add(known)

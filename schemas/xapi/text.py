"""Strings with a format: a pattern checked in one pass, a message that says what is expected.

The patterns run in pydantic-core's regular expression engine, whose time is linear in the length of the
text: no input makes it slow.
"""

from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema


@dataclass(frozen=True, slots=True)
class Text:
    """Annotation of a `str` that must match `pattern` from its first character to its last.

    `message` completes the sentence "this value …"; `section` is the rule it comes from; `name` is the JSON
    Schema format that the published description uses.
    """

    pattern: str
    message: str
    section: str
    name: str

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The pattern as a core schema that fails with our message."""
        return core_schema.custom_error_schema(
            core_schema.str_schema(pattern=f"^(?:{self.pattern})$", strict=True),
            custom_error_type="format",
            custom_error_message=self.message,
            custom_error_context={"section": self.section},
        )

    def __get_pydantic_json_schema__(
        self, schema: CoreSchema, handler: GetJsonSchemaHandler
    ) -> JsonSchemaValue:
        """A named format instead of the pattern, which not every reader's engine understands."""
        return {"type": "string", "format": self.name}

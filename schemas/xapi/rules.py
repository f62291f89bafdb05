"""Rules between properties: checked beside the shape, so that one answer names every fault."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any

from pydantic import GetCoreSchemaHandler, ValidationError
from pydantic_core import CoreSchema, InitErrorDetails, PydanticCustomError, core_schema


@dataclass(frozen=True, slots=True)
class Breach:
    """A broken rule: where (names below the noun), what is expected, the value found, and the section."""

    path: tuple[str | int, ...]
    message: str
    value: Any
    section: str


Rule = Callable[[Mapping[str, Any], str], Iterable[Breach]]
"""`rule(noun, version)`: the breaches in a JSON object whose members may still be of any type."""


@dataclass(frozen=True, slots=True)
class Rules:
    """Annotation of a noun: `rules` are checked together with its shape."""

    rules: tuple[Rule, ...]

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        """The noun's own schema, wrapped."""
        return core_schema.with_info_wrap_validator_function(self._check, handler(source))

    def _check(
        self,
        value: Any,
        inner: core_schema.ValidatorFunctionWrapHandler,
        info: core_schema.ValidationInfo[Any],
    ) -> Any:
        breaches = self._breaches(value, info.context["version"])
        try:
            checked = inner(value)
        except ValidationError as error:
            if not breaches:
                raise
            raise _together(error, breaches) from None
        if breaches:
            raise ValidationError.from_exception_data("noun", _details(breaches))
        return checked

    def _breaches(self, value: Any, version: str) -> list[Breach]:
        if not isinstance(value, dict):
            return []
        return [breach for rule in self.rules for breach in rule(value, version)]


def rules(*checks: Rule) -> Rules:
    """Annotate a noun with rules between its properties."""
    return Rules(checks)


def _details(breaches: Iterable[Breach]) -> list[InitErrorDetails]:
    return [_detail("rule", b.message, {"section": b.section}, b.path, b.value) for b in breaches]


def _together(error: ValidationError, breaches: Iterable[Breach]) -> ValidationError:
    found = [
        _detail(item["type"], item["msg"], item.get("ctx", {}), item["loc"], item["input"])
        for item in error.errors(include_url=False)
    ]
    return ValidationError.from_exception_data("noun", [*found, *_details(breaches)])


def _detail(
    kind: str, message: str, context: Mapping[str, Any], path: tuple[str | int, ...], value: Any
) -> InitErrorDetails:
    named = PydanticCustomError(kind, "{message}", {**context, "message": message})
    return InitErrorDetails(type=named, loc=path, input=value)

"""What was found valid once is not judged again, and nothing else changes."""

from typing import Annotated, Any

from pydantic import TypeAdapter, ValidationError

from schemas.xapi.remembered import LONGEST, MOST, Remembered
from schemas.xapi.verb import Verb
from tests.unit.xapi.samples import FULL, MINIMAL, STATEMENT_REF, SUBSTATEMENT, faults, place, pointers


def _judge(memory: Remembered) -> TypeAdapter[Any]:
    return TypeAdapter(Annotated[Verb, memory])


def _judged(judge: TypeAdapter[Any], value: object) -> bool:
    try:
        judge.validate_python(value, context={"version": "1.0.3"})
    except ValidationError:
        return False
    return True


def test_valid_parts_are_remembered_and_faulty_ones_are_not() -> None:
    memory = Remembered()
    judge = _judge(memory)
    for _ in range(2):
        assert _judged(judge, {"id": "https://example.com/v"})
        assert not _judged(judge, {"id": "no iri"})
        assert not _judged(judge, {"id": "https://example.com/v", "more": 1})
    assert len(memory) == 1


def test_the_memory_is_bounded_in_number_and_in_bytes() -> None:
    memory = Remembered()
    judge = _judge(memory)
    for number in range(MOST + 1):
        assert _judged(judge, {"id": f"https://example.com/{number}"})
    assert 1 <= len(memory) <= MOST
    known = len(memory)
    assert _judged(judge, {"id": "https://example.com/" + "v" * LONGEST})
    assert len(memory) == known


def test_a_part_is_known_by_version() -> None:
    inner = {**SUBSTATEMENT, "context": {"contextAgents": []}}
    statement = place(MINIMAL, "/object", inner)
    for _ in range(2):
        assert pointers(statement, "2.0.0") == []
        assert pointers(statement, "1.0.3") == ["/object/context/contextAgents"]


def test_rules_between_parts_hold_for_parts_that_are_known() -> None:
    assert pointers(FULL) == []
    assert pointers(place(MINIMAL, "/object", STATEMENT_REF)) == []
    together = place(FULL, "/object", STATEMENT_REF)
    assert pointers(together) == ["/context/revision", "/context/platform"]


def test_a_part_too_deep_to_remember_is_judged() -> None:
    deep: Any = 1
    for _ in range(300):
        deep = {"a": deep}
    extended = place(MINIMAL, "/object/definition", {"extensions": {"https://example.com/x": deep}})
    assert faults(extended) == ()
    assert pointers(place(extended, "/object/definition/type", "no iri")) == ["/object/definition/type"]

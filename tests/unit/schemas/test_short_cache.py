"""Short texts are computed once, long ones each time."""

from schemas.short_cache import LONGEST, cached_if_short


def test_only_short_texts_are_remembered() -> None:
    calls: list[str] = []

    @cached_if_short(most=2)
    def twice(text: str) -> str:
        calls.append(text)
        return text * 2

    long = "x" * (LONGEST + 1)
    assert [twice("a"), twice("a"), twice(long), twice(long)] == ["aa", "aa", long * 2, long * 2]
    assert calls == ["a", long, long]

"""A cache for functions of short texts. Long ones are computed each time, so that it bounds bytes as well."""

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import ParamSpec, TypeVar

LONGEST = 256
"""Characters (or bytes) of all arguments together."""

P = ParamSpec("P")
R = TypeVar("R")


def cached_if_short(most: int) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Decorate a pure function of texts: it remembers `most` results for arguments of `LONGEST` in all."""

    def decorated(function: Callable[P, R]) -> Callable[P, R]:
        cached = lru_cache(maxsize=most)(function)

        @wraps(function)
        def called(*args: P.args, **kwargs: P.kwargs) -> R:
            if kwargs or sum(map(len, args)) > LONGEST:  # type: ignore[arg-type]  # they are texts
                return function(*args, **kwargs)
            return cached(*args)

        return called

    return decorated

"""What processes tell of their work, where somebody traces it. Traceparents are those of W3C trace context.

The defaults are deaf, so that a process that nobody traces pays nothing for it.
"""

from collections.abc import Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from typing import Final, Literal

Kind = Literal["server", "producer", "consumer", "client"]
"""The role of a span, as OpenTelemetry calls it."""

Attributes = Mapping[str, str | int]

OpenSpan = Callable[[str, Kind, str | None], AbstractContextManager[str]]
"""Opens a span of that name and kind for the length of a block, under the parent of that traceparent; None:
within the span that is open already. Gives the span's own traceparent, which is empty if nobody traces."""

_NOTHING: Final = nullcontext("")


def no_span(_name: str, _kind: Kind, _parent: str | None) -> AbstractContextManager[str]:
    """Opens nothing."""
    return _NOTHING

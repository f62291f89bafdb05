"""One request of an LRS: the batch of statements it forwards, and what a receiver has to make of it."""

from dataclasses import dataclass
from typing import Any

Statement = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Delivery:
    """A batch of statements as one POST carries it.

    `version` is the `X-Experience-API-Version` it is sent with. `valid` is false for a batch that a
    receiver must refuse as a whole: each of its statements breaks the specification.
    """

    statements: tuple[Statement, ...]
    version: str = "1.0.3"
    valid: bool = True

"""What goes into a topic."""

from dataclasses import dataclass

from schemas.headers import Headers
from schemas.topics import STATEMENTS


@dataclass(frozen=True, slots=True)
class Record:
    """What is handed to the producer. Without a `partition` the key decides, as Java clients have it."""

    partition: int | None
    key: bytes
    value: bytes
    headers: Headers
    topic: str = STATEMENTS.name

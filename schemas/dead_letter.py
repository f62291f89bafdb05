"""A dead letter: a record that could not be processed, whole, with the reason."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass
from hashlib import sha256

from schemas import codec
from schemas.topics import DEAD_LETTERS

ATTEMPT_HEADER = "attempt"
NOWHERE = -1
_ID_LENGTH = 16


@dataclass(frozen=True, slots=True, kw_only=True)
class DeadLetter:
    """One letter; the fields are those of the topic's schema.

    `failed_at` is in microseconds since the epoch, UTC. What never was in a topic has no coordinates.
    """

    reason: str
    where: str
    detail: str
    key: bytes
    value: bytes
    failed_at: int
    correlation_id: str
    credential: str = ""
    topic: str = ""
    partition: int = NOWHERE
    offset: int = NOWHERE
    epoch: int = 0
    attempt: int = 1
    resolution: str = ""
    note: str = ""

    @property
    def id(self) -> str:
        """Names the letter: the same failure of the same record has the same id, however often it is told."""
        place = f"{self.topic}|{self.epoch}|{self.partition}|{self.offset}|{self.where}|{self.attempt}"
        digest = sha256(b"\n".join((place.encode(), self.key, self.value)))
        return digest.hexdigest()[:_ID_LENGTH]

    def encode(self) -> bytes:
        """The value for the topic."""
        return codec.encode(DEAD_LETTERS, asdict(self))

    @classmethod
    def decode(cls, data: bytes) -> "DeadLetter":
        """Inverse of `encode`. Raises `CodecError`."""
        return cls(**codec.decode(DEAD_LETTERS, data))


def attempt_of(headers: Mapping[str, bytes]) -> int:
    """Which try a record is: 1, unless it was replayed from a letter."""
    told = headers.get(ATTEMPT_HEADER, b"1")
    return int(told) if told.isdigit() and len(told) < 6 else 1

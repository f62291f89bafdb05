"""Which letters are meant, and which of them are still open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from schemas.dead_letter import DeadLetter

FIELDS = ("reason", "where", "topic", "credential")


@dataclass(frozen=True, slots=True, kw_only=True)
class Selection:
    """Letters that an operator means; what is empty or None does not narrow it.

    `ids` may be given by their beginnings, `fields` says what some of `FIELDS` must be. `since_us` is
    inclusive and `until_us` exclusive, microseconds since the epoch.
    """

    ids: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)
    since_us: int | None = None
    until_us: int | None = None

    @property
    def is_everything(self) -> bool:
        """Whether nothing narrows it."""
        return self == Selection()

    def wants(self, letter: DeadLetter) -> bool:
        """Whether `letter` is meant."""
        return (
            (not self.ids or letter.id.startswith(self.ids))
            and all(getattr(letter, name) == value for name, value in self.fields.items())
            and (self.since_us is None or letter.failed_at >= self.since_us)
            and (self.until_us is None or letter.failed_at < self.until_us)
        )


@dataclass(frozen=True, slots=True)
class Filed:
    """A letter and where it lies: the record's key and partition, which its settlement gets as well."""

    letter: DeadLetter
    key: bytes
    partition: int


def still_open(filed: Iterable[Filed]) -> list[Filed]:
    """The letters that nobody has settled, each once however often it was told, oldest first."""
    known: dict[str, Filed] = {}
    settled: set[str] = set()
    for one in filed:
        if one.letter.resolution:
            settled.add(one.letter.id)
        else:
            known.setdefault(one.letter.id, one)
    left = (one for name, one in known.items() if name not in settled)
    return sorted(left, key=lambda one: (one.letter.failed_at, one.letter.id))

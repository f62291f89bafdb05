"""What a letter is replayed as: the records that it should have become in the first place."""

from collections.abc import Iterable
from dataclasses import dataclass, replace

from lrs_adapter.bulk.judge import Judged, judge
from lrs_adapter.bulk.records import stored_at
from lrs_adapter.log.record import Record
from lrs_adapter.statements.batch import Kept
from lrs_adapter.statements.records import Stamp, records
from lrs_adapter.wire.json_text import with_id
from schemas.dead_letter import ATTEMPT_HEADER, DeadLetter
from schemas.headers import told
from schemas.outcomes import Rejected
from sinks.webhooks.delivery import subscription_of

_UNKNOWN = "the file that READYSTREAM_WEBHOOKS_FILE names has no subscription {}"
_SOURCES = {"adapter": "http", "import": "import", "pull": "pull"}


@dataclass(frozen=True, slots=True)
class Unreplayable:
    """Why a letter cannot be replayed, in words."""

    why: str


@dataclass(frozen=True, slots=True)
class Replay:
    """How statements are written, and who is told of events.

    `now_us` is in microseconds since the epoch, `subscriptions` holds the ids of the webhooks file.
    """

    tenant_key: bytes
    partitions: int
    now_us: int
    subscriptions: frozenset[str] = frozenset()

    def records(self, letter: DeadLetter) -> list[Record] | Unreplayable:
        """The records of `letter`.

        A record that was in a topic goes there again as it was, into its own partition; should it fail
        again, its letter says which attempt that was. A statement that was refused at the door is judged
        anew, by the rules of this release, and keeps its id. An event needs no record: the subscription
        that it is for reads in `dead.letters` that its letter was settled by a replay.
        """
        subscription = subscription_of(letter)
        if subscription is not None:
            known = subscription in self.subscriptions
            return [] if known else Unreplayable(_UNKNOWN.format(subscription))
        if letter.topic:
            return [_again(letter)] if letter.value else Unreplayable("it has no content")
        if letter.reason == "forbidden":
            return Unreplayable("its sender may not void statements")
        judged = judge(letter.value)
        if isinstance(judged, Rejected):
            first = judged.faults[0]
            return Unreplayable(f"it is still not valid: {first.pointer} {first.message}")
        return list(_marked(records(_named(judged, letter), self._stamp(judged, letter)), letter))

    def _stamp(self, judged: Judged, letter: DeadLetter) -> Stamp:
        return Stamp(
            source=_SOURCES[letter.where],  # type: ignore[arg-type]  # a subset of the literals
            credential=letter.credential,
            xapi_version=judged.version,
            correlation_id=letter.correlation_id,
            received_at=letter.failed_at,
            stored_at=stored_at(judged.kept, self.now_us),
            tenant_key=self.tenant_key,
            partitions=self.partitions,
        )


def _again(letter: DeadLetter) -> Record:
    said = (*told(letter.correlation_id), _attempt(letter))
    return Record(letter.partition, letter.key, letter.value, said, letter.topic)


def _named(judged: Judged, letter: DeadLetter) -> Kept:
    """The statement under the id that its sender was told, where it brought none of its own."""
    if letter.where != "adapter" or "id" in judged.kept.value:
        return judged.kept
    told = letter.key.decode()
    return Kept(told, with_id(letter.value, told), judged.kept.value)


def _marked(made: Iterable[Record], letter: DeadLetter) -> Iterable[Record]:
    for record in made:
        yield replace(record, headers=(*record.headers, _attempt(letter)))


def _attempt(letter: DeadLetter) -> tuple[str, bytes]:
    return ATTEMPT_HEADER, str(letter.attempt + 1).encode()

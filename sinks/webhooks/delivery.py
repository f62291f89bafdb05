"""One event on its way to one subscription: what it is called, and where it comes from. Pure."""

from dataclasses import dataclass

from schemas.dead_letter import DeadLetter
from schemas.topics import DEAD_LETTERS
from sinks.records import RawRecord, Refused
from sinks.webhooks.events import data, event
from sinks.webhooks.records import Record, decode
from sinks.webhooks.subscriptions import FILTERS, Filters, Subscription

_WHERE = "webhook:"
_REPLAYED = "replayed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Delivery:
    """An event and the record that it tells of. `attempt` is 1, and one more for each replay."""

    subscription: str
    topic: str
    partition: int
    offset: int
    epoch: int
    key: bytes
    body: bytes
    correlation_id: str
    attempt: int = 1

    @property
    def id(self) -> str:
        """The same for every try, after a crash and in a replay: receivers know it again by this."""
        return _identifier(self.subscription, self.topic, self.epoch, self.partition, self.offset)

    def letter(self, reason: str, detail: str, failed_at_us: int) -> DeadLetter:
        """The letter of a delivery that failed; its value is the event."""
        return DeadLetter(
            reason=reason,
            where=where(self.subscription),
            detail=detail,
            topic=self.topic,
            partition=self.partition,
            offset=self.offset,
            epoch=self.epoch,
            key=self.key,
            value=self.body,
            attempt=self.attempt,
            failed_at=failed_at_us,
            correlation_id=self.correlation_id,
        )


def where(subscription: str) -> str:
    """The step that letters of a subscription name."""
    return _WHERE + subscription


def subscription_of(letter: DeadLetter) -> str | None:
    """The id of the subscription whose delivery the letter is about, if it is about one."""
    return letter.where.removeprefix(_WHERE) if letter.where.startswith(_WHERE) else None


def delivery(subscription: Subscription, raw: RawRecord) -> Delivery | Refused | None:
    """What `subscription` is to be told of `raw`: None if nothing, `Refused` if nobody can read it."""
    record = decode(raw)
    if isinstance(record, Refused):
        return record
    if record.raw.topic == DEAD_LETTERS.name and record.value is not None:
        letter = DeadLetter(**record.value)
        if subscription_of(letter) is not None:
            return _replayed(subscription, letter)
    if raw.topic not in subscription.topics or not _passes(subscription.where, record):
        return None
    identifier = _identifier(subscription.id, raw.topic, raw.epoch, raw.partition, raw.offset)
    return Delivery(
        subscription=subscription.id,
        topic=raw.topic,
        partition=raw.partition,
        offset=raw.offset,
        epoch=raw.epoch,
        key=raw.key,
        body=event(record, identifier),
        correlation_id=raw.correlation_id,
    )


def _replayed(subscription: Subscription, letter: DeadLetter) -> Delivery | None:
    """A letter of ours that an operator has settled by a replay. Nobody is told of other such letters:
    a receiver that is down would be told of its own without end.
    """
    if subscription_of(letter) != subscription.id or letter.resolution != _REPLAYED:
        return None
    return Delivery(
        subscription=subscription.id,
        topic=letter.topic,
        partition=letter.partition,
        offset=letter.offset,
        epoch=letter.epoch,
        key=letter.key,
        body=letter.value,
        correlation_id=letter.correlation_id,
        attempt=letter.attempt + 1,
    )


def _passes(filters: Filters, record: Record) -> bool:
    """Whether every filter for fields of this topic lets it through; what a withdrawal lacks does."""
    told = data(record)
    wanted = ((told.get(name), getattr(filters, name)) for name in FILTERS[record.raw.topic])
    return all(not listed or value is None or value in listed for value, listed in wanted)


def _identifier(subscription: str, topic: str, epoch: int, partition: int, offset: int) -> str:
    return f"{subscription}:{topic}:{epoch}:{partition}:{offset}"

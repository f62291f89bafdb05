"""How LRSs forward what happened: in batches, some late, some again, some of it broken.

Each system is behind an LRS that forwards its statements in the order in which they reached it. That is
not the order in which they happened: every statement takes its own while, and devices that were offline
hand in whole sessions days later. An LRS that missed an answer sends the batch again, or a batch that is
cut elsewhere.
"""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from itertools import pairwise
from random import Random

from readystream.dev.generator.delivery import Delivery, Statement
from readystream.dev.generator.faulty import faulty_delivery
from readystream.dev.generator.recorder import Deed, stamp_arrival
from readystream.dev.generator.senders import SENDERS, Sender
from readystream.dev.generator.voiding import Arrivals, void_some

_OFFLINE = 0.04
_SENT_AGAIN = 0.03
_CUT_ELSEWHERE = 0.02
_FAULTY = 0.02


@dataclass(slots=True)
class Forwarded:
    """All deliveries in order, and what the forwarding added to what happened.

    `voids` are the voiding deeds, `duplicates` counts statements in valid deliveries beyond the first of
    each id, `rejected` those in deliveries that must be refused.
    """

    deliveries: list[Delivery] = field(default_factory=list)
    voids: list[Deed] = field(default_factory=list)
    duplicates: int = 0
    rejected: int = 0


@dataclass(frozen=True, slots=True)
class _Sent:
    at: datetime
    delivery: Delivery


def forward_all(rng: Random, sessions: list[list[Deed]]) -> Forwarded:
    """Put everything that happened into deliveries, in the order in which they are sent."""
    arrivals = [arrival for session in sessions for arrival in _arrivals(rng, session)]
    voids = void_some(rng, arrivals)
    arrivals += voids
    arrivals.sort(key=lambda arrival: arrival[0])
    for at, deed in arrivals:
        stamp_arrival(deed, at)
    forwarded = Forwarded(voids=[deed for _, deed in voids])
    sent = [one for sender in SENDERS for one in _from_sender(rng, sender, arrivals, forwarded)]
    sent += _faulty(rng, sent, forwarded)
    sent.sort(key=lambda one: one.at)
    forwarded.deliveries = [one.delivery for one in sent]
    return forwarded


def _arrivals(rng: Random, session: list[Deed]) -> Arrivals:
    """When each statement of a session reaches its LRS."""
    offline_s = rng.uniform(3_600, 3 * 86_400) if rng.random() < _OFFLINE else 0.0
    return [(deed.at + timedelta(seconds=offline_s + rng.expovariate(1 / 40)), deed) for deed in session]


def _from_sender(rng: Random, sender: Sender, arrivals: Arrivals, forwarded: Forwarded) -> list[_Sent]:
    firsts = _batches(rng, sender, [arrival for arrival in arrivals if arrival[1].sender is sender])
    repeats = _sent_again(rng, firsts) + _cut_elsewhere(rng, firsts)
    forwarded.duplicates += sum(len(one.delivery.statements) for one in repeats)
    return firsts + repeats


def _batches(rng: Random, sender: Sender, arrivals: Arrivals) -> list[_Sent]:
    batches = []
    begin = 0
    while begin < len(arrivals):
        batch = arrivals[begin : begin + rng.randint(1, sender.batch)]
        statements = tuple(deed.statement for _, deed in batch)
        batches.append(_Sent(batch[-1][0], Delivery(statements, sender.header)))
        begin += len(batch)
    return batches


def _sent_again(rng: Random, firsts: list[_Sent]) -> list[_Sent]:
    """Whole batches a second time, up to two hours later."""
    return [
        _Sent(one.at + timedelta(seconds=rng.uniform(1, 7_200)), _rewritten(rng, one.delivery))
        for one in firsts
        if rng.random() < _SENT_AGAIN
    ]


def _rewritten(rng: Random, delivery: Delivery) -> Delivery:
    """The same statements, byte for byte or as another serialiser writes them: equal under the rules."""
    if rng.random() < 0.5:
        return delivery
    return Delivery(tuple(map(_as_another_writes, delivery.statements)), delivery.version)


def _as_another_writes(statement: Statement) -> Statement:
    turned = {name: statement[name] for name in reversed(statement)}
    return turned | {"verb": {"id": statement["verb"]["id"]}}


def _cut_elsewhere(rng: Random, firsts: list[_Sent]) -> list[_Sent]:
    """The end of one batch together with the beginning of the next, after both."""
    return [
        _Sent(
            later.at + timedelta(seconds=rng.uniform(1, 600)),
            Delivery(_second_half(one.delivery) + _first_half(later.delivery), one.delivery.version),
        )
        for one, later in pairwise(firsts)
        if rng.random() < _CUT_ELSEWHERE
    ]


def _first_half(delivery: Delivery) -> tuple[Statement, ...]:
    return delivery.statements[: (len(delivery.statements) + 1) // 2]


def _second_half(delivery: Delivery) -> tuple[Statement, ...]:
    return delivery.statements[len(delivery.statements) // 2 :]


def _faulty(rng: Random, sent: list[_Sent], forwarded: Forwarded) -> list[_Sent]:
    """Deliveries that must be refused, in between the sound ones."""
    faulty = [_Sent(one.at, faulty_delivery(rng)) for one in sent if rng.random() < _FAULTY]
    forwarded.rejected = sum(len(one.delivery.statements) for one in faulty)
    return faulty

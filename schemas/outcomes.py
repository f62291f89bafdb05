"""Expected outcomes as values: what was accepted, what was refused, and why."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Fault:
    """One thing that is wrong with a record.

    `pointer` is a JSON pointer (RFC 6901) into the record, or `row/column` for a table; `excerpt` is the
    offending value, shortened; `section` names the rule of the specification that it breaks.
    """

    pointer: str
    message: str
    excerpt: str = ""
    section: str = ""


@dataclass(frozen=True, slots=True)
class Accepted:
    """Nothing is wrong."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """Refused, with every fault that was found."""

    faults: tuple[Fault, ...]


Outcome = Accepted | Rejected

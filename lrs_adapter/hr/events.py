"""Events of an HR system, hire, change and terminate, turned into links and attributes. Pure.

An event is a JSON object: `type`, `effective_date`, `employee` with the fields of the HR feed
(`lrs_adapter.hr.rows`; `emails` and `lms_user_ids` are arrays), and for a change `previous`, the employee as
it was before.

- `hire`: everything that the employee has is linked from `hire_date` on.
- `change`: what is new is linked from `effective_date` on, what is gone ends there.
- `terminate`: e-mail addresses end at `effective_date`, the first day on which they are no longer theirs.

An event that gives the employee's `job_role`, `manager_id` or `status` says all three from `effective_date`
on, as a row of the feed does: those that it leaves out are empty then. One that gives none says nothing of
them.

An event is applied without knowing the log, so it ends links that began at `hire_date`; what began by a
change ends with the next complete import.
"""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Annotated, Any, Literal, cast

from pydantic import BaseModel, ConfigDict, Field, ValidationError

from lrs_adapter.hr.attributes import Attributes, attributes
from lrs_adapter.hr.link_log import Link
from lrs_adapter.hr.links import Provenance, agreed, link
from lrs_adapter.hr.rows import NO_RULES, Claim, HomePages, Row, days, read_row
from lrs_adapter.wire.json_text import Malformed, parse
from schemas.identity_rules import IdentityRules
from schemas.outcomes import Fault, Rejected

Text = Annotated[str, Field(max_length=1000)]
Listed = Annotated[str, Field(max_length=1000, pattern=r"^[^;]*$")]


class Employee(BaseModel):
    """The employee as the HR feed would have it; further fields are passed over."""

    model_config = ConfigDict(frozen=True)

    employee_id: Text
    sso_guid: Text = ""
    emails: tuple[Listed, ...] = ()
    lms_user_ids: tuple[Listed, ...] = ()
    hire_date: Text = ""
    job_role: Text = ""
    manager_id: Text = ""
    status: Text = ""

    @property
    def is_described(self) -> bool:
        """Whether the event says what the employee does, and not only who it is."""
        return not self.model_fields_set.isdisjoint(("job_role", "manager_id", "status"))

    def row(self, place: str) -> Row:
        """The same as a row of the feed."""
        listed = {"emails": ";".join(self.emails), "lms_user_ids": ";".join(self.lms_user_ids)}
        cells = cast("dict[str | None, Any]", self.model_dump() | listed)
        return Row(place, cells)


class Event(BaseModel):
    """One event; further fields are passed over."""

    model_config = ConfigDict(frozen=True)

    type: Literal["hire", "change", "terminate"]
    effective_date: Annotated[str, Field(pattern=r"^\d{4}-\d\d-\d\d$")]
    employee: Employee
    previous: Employee | None = None


@dataclass(frozen=True, slots=True)
class Said:
    """What an event says: links, and at most one record of attributes."""

    links: tuple[Link, ...]
    attributes: tuple[Attributes, ...]


@dataclass(frozen=True, slots=True)
class _Claims:
    """What the employee has now, and what it had before."""

    now: Sequence[Claim]
    before: Sequence[Claim]


def read_event(
    body: bytes, said: Provenance, home_pages: HomePages, rules: IdentityRules = NO_RULES
) -> Said | Rejected:
    """What an event says, or everything that is wrong with it."""
    event = _event(body)
    if isinstance(event, Rejected):
        return event
    claims, faults = _read(event, home_pages, rules)
    if faults:
        return Rejected(tuple(faults))
    return Said(tuple(_links(event, claims, said)), _described(event, said))


def _described(event: Event, said: Provenance) -> tuple[Attributes, ...]:
    """The first day on which somebody is gone comes after the last one."""
    if not event.employee.is_described:
        return ()
    effective = days(event.effective_date)
    (value,) = attributes([event.employee.row("/employee")], said, effective)
    return (value | {"end_date": effective - 1 if event.type == "terminate" else None},)


def _event(body: bytes) -> Event | Rejected:
    parsed = parse(body)
    if isinstance(parsed, Malformed):
        return Rejected((Fault("", parsed.detail),))
    try:
        return Event.model_validate_json(body)
    except ValidationError as error:
        found = error.errors(include_input=False, include_url=False)
        return Rejected(tuple(Fault(_pointer(one["loc"]), one["msg"]) for one in found))


def _pointer(location: tuple[int | str, ...]) -> str:
    return "".join(f"/{part}" for part in location)


def _read(event: Event, home_pages: HomePages, rules: IdentityRules) -> tuple[_Claims, list[Fault]]:
    now, faults = read_row(event.employee.row("/employee"), home_pages, rules)
    before: list[Claim] = []
    if event.previous is not None:
        before, more = read_row(event.previous.row("/previous"), home_pages, rules)
        faults += more
    faults += _relations(event)
    return _Claims(agreed(now)[0], before), faults


def _relations(event: Event) -> Iterator[Fault]:
    try:
        days(event.effective_date)
    except ValueError:
        yield Fault("/effective_date", "not an ISO date, such as 2026-03-01")
    previous = event.previous
    if event.type == "change" and previous is None:
        yield Fault("/previous", "a change needs the employee as it was before")
    if previous is not None and previous.employee_id != event.employee.employee_id:
        yield Fault("/previous/employee_id", "is of another employee")


def _links(event: Event, claims: _Claims, said: Provenance) -> Iterator[Link]:
    effective = days(event.effective_date)
    if event.type == "hire":
        yield from (link(claim, said) for claim in claims.now)
    elif event.type == "terminate":
        yield from (_ended(claim, said, effective) for claim in claims.now if claim.rule.ends)
    else:
        had, has = _identifiers(claims.before), _identifiers(claims.now)
        yield from (_ended(one, said, effective) for one in claims.before if (one.rule, one.key) not in has)
        yield from (
            link(one, said, start=max(one.start, effective))
            for one in claims.now
            if (one.rule, one.key) not in had
        )


def _identifiers(claims: Sequence[Claim]) -> set[tuple[object, str]]:
    return {(claim.rule, claim.key) for claim in claims}


def _ended(claim: Claim, said: Provenance, end: int) -> Link:
    return link(claim, said, end=max(claim.start, end))

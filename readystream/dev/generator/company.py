"""The simulated company: its learners, the accounts each of them has, and what the HR system knows.

Everybody is invented; all addresses are at example.com and example.org.
"""

from dataclasses import dataclass
from datetime import date, timedelta
from hashlib import sha1
from random import Random
from typing import Any

from readystream.dev.generator.catalogue import TRACKS
from readystream.dev.generator.names import FAMILY, GIVEN
from readystream.dev.generator.rhythm import Pace, any_pace
from readystream.dev.generator.senders import ACADEMY, ACADEMY_HOME, LMS, LMS_HOME, SSO_HOME, Sender

Identifier = dict[str, Any]
HrRow = dict[str, str]

HR_COLUMNS = (
    "employee_id",
    "sso_guid",
    "emails",
    "lms_user_ids",
    "hire_date",
    "job_role",
    "manager_id",
    "status",
)

_ROLES = tuple(TRACKS)
_UTC_OFFSETS_MIN = (-480, -300, 0, 60, 60, 60, 120, 120, 330)
_AT_ACADEMY = 0.2
_UNKNOWN_TO_HR = 0.12
_WITHOUT_LMS_ID = 0.05
_WITH_OPENID = 0.06
_WITH_HASHED_ADDRESS = 0.55
_WITH_SECOND_ADDRESS = 0.25
_WITHOUT_HIRE_DATE = 0.15
_ON_LEAVE = 0.03
_TEAM = 10


@dataclass(frozen=True, eq=False)
class Persona:
    """One xAPI identifier of somebody.

    `actors` are the ways in which a sender writes it; `employee_id` is the employee whom the HR feed
    links it to, None if the feed does not know it.
    """

    identifier: Identifier
    actors: tuple[Identifier, ...]
    employee_id: str | None

    def actor(self, rng: Random) -> Identifier:
        """The actor as one session writes it: nearly always the usual way."""
        return self.actors[0] if rng.random() < 0.9 else rng.choice(self.actors)


@dataclass(frozen=True, eq=False)
class Employee:
    """Who somebody is at work. `number` counts from 0; `hired` is the first day of employment."""

    number: int
    name: str
    handle: str
    guid: str
    home: Sender
    pace: Pace
    hired: date

    @property
    def role(self) -> str:
        """The role aimed for: they go round, so that a small company has every one of them too."""
        return _ROLES[self.number % len(_ROLES)]

    @property
    def address(self) -> str:
        """Work e-mail."""
        return f"{self.handle}@{'example.org' if self.home is ACADEMY else 'example.com'}"

    @property
    def account(self) -> dict[str, str]:
        """Account at the learning system. Both systems use the same names: the home page decides."""
        if self.home is ACADEMY:
            return {"homePage": ACADEMY_HOME, "name": f"u{1000 + self.number - 1}"}
        return {"homePage": LMS_HOME, "name": f"u{1000 + self.number}"}


@dataclass(frozen=True, eq=False)
class Learner:
    """An employee with accounts at the LMS, the quiz tool and the video platform.

    `starts` is the first day on which something may be learned; `hr_row` is None for people whom the HR
    system does not know.
    """

    employee: Employee
    starts: date
    utc_offset_min: int
    at_lms: Persona
    at_quiz: Persona
    at_video: Persona
    hr_row: HrRow | None


def found_company(rng: Random, size: int, first: date, last: date) -> list[Learner]:
    """Invent `size` learners who may be active between `first` and `last`."""
    return [_learner(rng, _employee(rng, number, first, last), size, first) for number in range(size)]


def _employee(rng: Random, number: int, first: date, last: date) -> Employee:
    given, family = rng.choice(GIVEN), rng.choice(FAMILY)
    pace = any_pace(rng)
    return Employee(
        number=number,
        name=f"{given[0]} {family[0]}",
        handle=f"{given[1]}.{family[1]}{number}",
        guid=f"{rng.getrandbits(128):032x}",
        home=ACADEMY if rng.random() < _AT_ACADEMY else LMS,
        pace=pace,
        hired=_hire_date(rng, pace, first, last),
    )


def _hire_date(rng: Random, pace: Pace, first: date, last: date) -> date:
    if pace is not Pace.NEW:
        return first - timedelta(days=rng.randint(30, 3000))
    span = (last - first).days
    return first + timedelta(days=rng.randint(span * 3 // 4, span) - 1)


def _learner(rng: Random, employee: Employee, size: int, first: date) -> Learner:
    row = None if rng.random() < _UNKNOWN_TO_HR else _hr_row(rng, employee, size)
    return Learner(
        employee=employee,
        starts=max(first, employee.hired + timedelta(days=1)),
        utc_offset_min=rng.choice(_UTC_OFFSETS_MIN),
        at_lms=_lms_persona(employee, row),
        at_quiz=_quiz_persona(rng, employee, row),
        at_video=_video_persona(rng, employee, row),
        hr_row=row,
    )


def _hr_row(rng: Random, employee: Employee, size: int) -> HrRow:
    account = employee.account
    has_second = rng.random() < _WITH_SECOND_ADDRESS
    has_lms_id = rng.random() >= _WITHOUT_LMS_ID
    has_date = employee.pace is Pace.NEW or rng.random() >= _WITHOUT_HIRE_DATE
    return {
        "employee_id": _employee_id(employee.number),
        "sso_guid": f"{SSO_HOME}#{employee.guid}",
        "emails": employee.address + (f";{employee.handle}@people.example.com" if has_second else ""),
        "lms_user_ids": f"{account['homePage']}#{account['name']}" if has_lms_id else "",
        "hire_date": employee.hired.isoformat() if has_date else "",
        "job_role": employee.role,
        "manager_id": _employee_id(rng.randrange(-(-size // _TEAM))),
        "status": "leave" if rng.random() < _ON_LEAVE else "active",
    }


def _employee_id(number: int) -> str:
    return f"E{10_000 + number}"


def _persona(
    employee: Employee, row: HrRow | None, identifier: Identifier, other_spelling: Identifier, *, listed: bool
) -> Persona:
    """A persona; `listed` says whether an HR row, if there is one, names this identifier."""
    named = {"objectType": "Agent", "name": employee.name}
    actors = (named | identifier, identifier, named | other_spelling)
    return Persona(identifier, actors, row["employee_id"] if row and listed else None)


def _lms_persona(employee: Employee, row: HrRow | None) -> Persona:
    account = employee.account
    capitalised = account | {"homePage": account["homePage"].replace("example", "Example")}
    listed = row is not None and bool(row["lms_user_ids"])
    return _persona(employee, row, {"account": account}, {"account": capitalised}, listed=listed)


def _quiz_persona(rng: Random, employee: Employee, row: HrRow | None) -> Persona:
    if rng.random() < _WITH_OPENID:
        openid = {"openid": f"https://id.example.org/{employee.handle}"}
        return _persona(employee, row, openid, openid, listed=False)
    address = f"mailto:{employee.address}"
    capitalised = {"mbox": address.replace("@example", "@Example")}
    return _persona(employee, row, {"mbox": address}, capitalised, listed=True)


def _video_persona(rng: Random, employee: Employee, row: HrRow | None) -> Persona:
    if rng.random() < _WITH_HASHED_ADDRESS:
        digest = sha1(f"mailto:{employee.address}".encode(), usedforsecurity=False).hexdigest()
        return _persona(employee, row, {"mbox_sha1sum": digest}, {"mbox_sha1sum": digest}, listed=True)
    account = {"account": {"homePage": SSO_HOME, "name": employee.guid}}
    return _persona(employee, row, account, account, listed=True)

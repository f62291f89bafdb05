"""What an HR system says of an employee, and the identifiers that follow from it.

- `employee_id`: required. The person's id is a pseudonym made of it.
- `sso_guid`: account at the identity provider, as `homePage#name`, or the bare name where `HomePages.sso`
  says whose it is.
- `emails`, `lms_user_ids`: several are separated by `;`. An LMS user is `homePage#name`, for example
  `https://lms.example.com#u1001`, split at the first `#`: two systems both have a "u1001".
- `hire_date`: ISO date, the first day on which the links hold; empty: since ever.
- `end_date`: ISO date, the last day of those who leave. E-mail addresses are theirs until then, since
  addresses get reused; accounts go on, as what they learned stays theirs.
- `job_role`, `manager_id`, `status`: no link follows from them.

Identifiers that the identity rules deny are faults. The mailbox that an address is a sure alias of is linked
too, as `email_alias`.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from schemas.identity_rules import IdentityRules
from schemas.outcomes import Fault
from schemas.persona import account_key, email_key, email_sha1_key

COLUMNS = (
    "employee_id",
    "sso_guid",
    "emails",
    "lms_user_ids",
    "hire_date",
    "end_date",
    "job_role",
    "manager_id",
    "status",
)
_EPOCH = date(1970, 1, 1)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_HOME_PAGE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$")
_EXCERPT = 40
NO_RULES = IdentityRules()


@dataclass(frozen=True, slots=True)
class HomePages:
    """Home pages of accounts that are named without one.

    `sso` of bare names in `sso_guid`; with `hris` the account whose name is the employee id is linked too.
    """

    sso: str = ""
    hris: str = ""


@dataclass(frozen=True, slots=True)
class Rule:
    """A rule that links: its name in the log, how sure it is, why, and whether its links end by leaving."""

    name: str
    confidence: float
    reason: str
    ends: bool = False


SSO = Rule("sso_guid", 0.99, "account at the identity provider")
HRIS = Rule("hris_id", 0.98, "account named by the employee id")
LMS = Rule("lms_feed", 0.95, "LMS user of the HR feed")
MAIL = Rule("email", 0.9, "e-mail of the HR feed", ends=True)
HASHED_MAIL = Rule("email_sha1", 0.85, "hash of an e-mail of the HR feed", ends=True)
MAILBOX = Rule("email_alias", 0.7, "mailbox that an e-mail of the HR feed is an alias of", ends=True)


@dataclass(frozen=True, slots=True)
class Row:
    """One employee as the HR system writes it; `place` says where that stands."""

    place: str
    cells: Mapping[str | None, Any]

    @property
    def employee_id(self) -> str:
        """The employee's id; empty if the row has none."""
        return self.cell("employee_id")

    @property
    def first_day(self) -> int:
        """Days since 1970-01-01 from which the links hold. Raises `ValueError` for what is no date."""
        written = self.cell("hire_date")
        return days(written) if written else 0

    @property
    def end(self) -> int | None:
        """The first day on which addresses are no longer theirs; None while they stay."""
        written = self.cell("end_date")
        return days(written) + 1 if written else None

    def cell(self, column: str) -> str:
        """The trimmed text; empty where there is no such column."""
        return str(self.cells.get(column, "")).strip()

    def values(self, column: str) -> list[str]:
        """The trimmed parts of a cell that may hold several."""
        return [part for text in self.cell(column).split(";") if (part := text.strip())]

    def fault(self, column: str, message: str, excerpt: str = "") -> Fault:
        """Something wrong with a cell."""
        return Fault(f"{self.place}/{column}", message, excerpt[:_EXCERPT])


@dataclass(frozen=True, slots=True)
class Claim:
    """What a row says: the employee has the identifier `key`, named in `column`, on days `[start, end)`."""

    row: Row
    column: str
    rule: Rule
    key: str
    start: int
    end: int | None


def read_row(
    row: Row, home_pages: HomePages, rules: IdentityRules = NO_RULES
) -> tuple[list[Claim], list[Fault]]:
    """(claims, faults) of a row; it claims nothing if anything in it is wrong."""
    faults = list(_row_faults(row, rules.most_of_a_kind))
    named = [*_emails(row, rules), *_accounts(row, home_pages, rules)]
    faults += [one for one in named if isinstance(one, Fault)]
    if faults:
        return [], faults
    return [_claim(row, *one) for one in named if not isinstance(one, Fault)], []


def days(written: str) -> int:
    """Days since 1970-01-01 of an ISO date. Raises `ValueError`."""
    return (date.fromisoformat(written) - _EPOCH).days


def _claim(row: Row, column: str, rule: Rule, key: str) -> Claim:
    return Claim(row, column, rule, key, row.first_day, row.end if rule.ends else None)


def _row_faults(row: Row, most: int) -> Iterator[Fault]:
    if not row.employee_id:
        yield row.fault("employee_id", "an employee id is required")
    if None in row.cells:
        yield row.fault("", "the row has more cells than the header has names")
    wrong = [column for column in ("hire_date", "end_date") if not _is_date(row.cell(column))]
    for column in wrong:
        yield row.fault(column, "not an ISO date, such as 2026-03-01", row.cell(column))
    if not wrong and row.end is not None and row.end <= row.first_day:
        yield row.fault("end_date", "is before hire_date")
    for column in ("emails", "lms_user_ids"):
        if len(row.values(column)) > most:
            yield row.fault(column, f"more than {most}: somebody has to look at this first")


def _is_date(written: str) -> bool:
    try:
        days(written or "1970-01-01")
    except ValueError:
        return False
    return True


Named = tuple[str, Rule, str]
"""(column, rule, canonical key) of an identifier."""


def _emails(row: Row, rules: IdentityRules) -> Iterator[Named | Fault]:
    for address in row.values("emails"):
        if not _EMAIL.fullmatch(address):
            yield row.fault("emails", "not an e-mail address", address)
        elif rules.denies_email(address):
            yield row.fault("emails", "a shared mailbox or nobody's, by the identity rules", address)
        else:
            yield "emails", MAIL, email_key(address)
            yield "emails", HASHED_MAIL, email_sha1_key(address)
            if (mailbox := rules.mailbox(address)) and mailbox.is_sure:
                yield "emails", MAILBOX, email_key(mailbox.address)


def _accounts(row: Row, home_pages: HomePages, rules: IdentityRules) -> Iterator[Named | Fault]:
    for user in row.values("lms_user_ids"):
        yield _account(row, "lms_user_ids", LMS, user, rules)
    if guid := row.cell("sso_guid"):
        named = guid if "#" in guid or not home_pages.sso else f"{home_pages.sso}#{guid}"
        yield _account(row, "sso_guid", SSO, named, rules)
    if home_pages.hris:
        yield _account(row, "employee_id", HRIS, f"{home_pages.hris}#{row.employee_id}", rules)


def _account(row: Row, column: str, rule: Rule, text: str, rules: IdentityRules) -> Named | Fault:
    home_page, _, name = text.partition("#")
    if not name or not _HOME_PAGE.match(home_page):
        return row.fault(column, "not an account, such as https://lms.example.com#u1001", text)
    if rules.denies_account(home_page, name):
        return row.fault(column, "an account of nobody, by the identity rules", text)
    return column, rule, account_key(home_page, name)

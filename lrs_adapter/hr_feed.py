"""The HR feed: a CSV export of who has which identifiers, turned into links.

The first row names the columns; their order is free, further columns are passed over. One row for each
employee:

- `employee_id`: required. The person's id is a pseudonym made of it.
- `sso_guid`: account at the identity provider, as `homePage#name`, or the bare name where `HomePages.sso`
  says whose it is.
- `emails`, `lms_user_ids`: several are separated by `;`. An LMS user is `homePage#name`, for example
  `https://lms.example.com#u1001`, split at the first `#`: two systems both have a "u1001".
- `hire_date`: ISO date, the first day on which the links hold; empty: since ever.
- `job_role`, `manager_id`, `status`: no link follows from them. Links of those who leave go on: what they
  learned stays theirs.

Reads: the text of the file.
Writes: nothing; `publish_links` sends the links.
Key: persona.
State: none; importing the same feed again asserts the same links again.
Guarantee: an identifier that two employees claim is linked to neither of them.
On failure: a bad row is `Rejected`, its faults placed by row and column; all other rows go on.
"""

import csv
import re
from collections import defaultdict
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from io import StringIO
from typing import Any

from lrs_adapter.link_log import Link, publish_links
from schemas.errors import ConfigError
from schemas.outcomes import Fault, Rejected
from schemas.persona import account_key, email_key, email_sha1_key, person_id, persona_id

__all__ = ["HomePages", "HrFeed", "parse_feed", "publish_links"]

_EPOCH = date(1970, 1, 1)
_EMAIL = re.compile(r"[^@\s]+@[^@\s]+")
_HOME_PAGE = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:\S+$")
_EXCERPT = 40
_MOST_OF_A_KIND = 5
_ACTOR = "identity-import"


@dataclass(frozen=True, slots=True)
class HomePages:
    """Home pages of accounts that the feed names without one.

    `sso` of bare names in `sso_guid`; with `hris` the account whose name is the employee id is linked too.
    """

    sso: str = ""
    hris: str = ""


@dataclass(frozen=True, slots=True)
class HrFeed:
    """What a feed comes to: values for `identity.links`, and one `Rejected` for each bad row."""

    links: tuple[Link, ...]
    rejected: tuple[Rejected, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong, by row; the pointer is `row/column`, the header being row 1."""
        return tuple(fault for rejection in self.rejected for fault in rejection.faults)


@dataclass(frozen=True, slots=True)
class _Rule:
    """A rule that links: its name in the log, how sure it is, and why it says so."""

    name: str
    confidence: float
    reason: str


_SSO = _Rule("sso_guid", 0.99, "account at the identity provider")
_HRIS = _Rule("hris_id", 0.98, "account named by the employee id")
_LMS = _Rule("lms_feed", 0.95, "LMS user of the HR feed")
_MAIL = _Rule("email", 0.9, "e-mail of the HR feed")
_HASHED_MAIL = _Rule("email_sha1", 0.85, "hash of an e-mail of the HR feed")


@dataclass(frozen=True, slots=True)
class _Row:
    """A row of the file; `number` counts from 1, which is the header."""

    number: int
    cells: Mapping[str | None, Any]

    def cell(self, column: str) -> str:
        """The trimmed text; empty where the file has no such column."""
        return str(self.cells.get(column, "")).strip()

    def values(self, column: str) -> list[str]:
        """The trimmed parts of a cell that may hold several."""
        return [part for text in self.cell(column).split(";") if (part := text.strip())]

    def fault(self, column: str, message: str, excerpt: str = "") -> Fault:
        """Something wrong with a cell."""
        return Fault(f"{self.number}/{column}", message, excerpt[:_EXCERPT])


@dataclass(frozen=True, slots=True)
class _Claim:
    """What a row says: the employee has the identifier `key`, named in `column`."""

    row: _Row
    column: str
    rule: _Rule
    key: str


def parse_feed(
    text: str,
    tenant_key: bytes,
    *,
    source: str,
    recorded_at_us: int,
    correlation_id: str,
    home_pages: HomePages | None = None,
) -> HrFeed:
    """The links that a feed asserts.

    `source` names the feed, `recorded_at_us` is in microseconds since the epoch, UTC. Raises `ConfigError`
    for a text that is no CSV table with a column `employee_id`.
    """
    common = {"source": source, "recorded_at": recorded_at_us, "correlation_id": correlation_id}
    read = [_read(row, home_pages or HomePages()) for row in _rows(text)]
    claims, contested = _agreed([claim for row_claims, _ in read for claim in row_claims])
    links = tuple(_link(claim, tenant_key, common) for claim in claims)
    return HrFeed(links, _rejections([*(fault for _, faults in read for fault in faults), *contested]))


def _rows(text: str) -> list[_Row]:
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")), restval="")
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        rows = [_Row(number, cells) for number, cells in enumerate(reader, start=2)]
    except csv.Error as error:
        raise ConfigError("HR feed", [f"not CSV, line {reader.line_num}: {error}"]) from None
    if "employee_id" not in reader.fieldnames:
        raise ConfigError("HR feed", ["the first row names no column employee_id"])
    return rows


def _read(row: _Row, home_pages: HomePages) -> tuple[list[_Claim], list[Fault]]:
    """(claims, faults) of a row; it claims nothing if anything in it is wrong."""
    found = [*_row_faults(row), *_emails(row), *_accounts(row, home_pages)]
    faults = [one for one in found if isinstance(one, Fault)]
    return ([] if faults else [one for one in found if isinstance(one, _Claim)]), faults


def _row_faults(row: _Row) -> Iterator[Fault]:
    if not row.cell("employee_id"):
        yield row.fault("employee_id", "an employee id is required")
    if None in row.cells:
        yield row.fault("", "the row has more cells than the header has names")
    try:
        _first_day(row)
    except ValueError:
        yield row.fault("hire_date", "not an ISO date, such as 2026-03-01", row.cell("hire_date"))
    for column in ("emails", "lms_user_ids"):
        if len(row.values(column)) > _MOST_OF_A_KIND:
            yield row.fault(column, f"more than {_MOST_OF_A_KIND}: somebody has to look at this first")


def _first_day(row: _Row) -> int:
    """Days since 1970-01-01 from which the links hold. Raises ValueError for what is no date."""
    written = row.cell("hire_date")
    return (date.fromisoformat(written) - _EPOCH).days if written else 0


def _emails(row: _Row) -> Iterator[_Claim | Fault]:
    for address in row.values("emails"):
        if _EMAIL.fullmatch(address):
            yield _Claim(row, "emails", _MAIL, email_key(address))
            yield _Claim(row, "emails", _HASHED_MAIL, email_sha1_key(address))
        else:
            yield row.fault("emails", "not an e-mail address", address)


def _accounts(row: _Row, home_pages: HomePages) -> Iterator[_Claim | Fault]:
    for user in row.values("lms_user_ids"):
        yield _account(row, "lms_user_ids", _LMS, user)
    if guid := row.cell("sso_guid"):
        named = guid if "#" in guid or not home_pages.sso else f"{home_pages.sso}#{guid}"
        yield _account(row, "sso_guid", _SSO, named)
    if home_pages.hris:
        yield _account(row, "employee_id", _HRIS, f"{home_pages.hris}#{row.cell('employee_id')}")


def _account(row: _Row, column: str, rule: _Rule, text: str) -> _Claim | Fault:
    home_page, _, name = text.partition("#")
    if not name or not _HOME_PAGE.match(home_page):
        return row.fault(column, "not an account, such as https://lms.example.com#u1001", text)
    return _Claim(row, column, rule, account_key(home_page, name))


def _agreed(claims: Sequence[_Claim]) -> tuple[list[_Claim], list[Fault]]:
    """(claims that one employee makes alone, faults of the others)."""
    claimants: defaultdict[str, set[str]] = defaultdict(set)
    for claim in claims:
        claimants[claim.key].add(claim.row.cell("employee_id"))
    agreed = [claim for claim in claims if len(claimants[claim.key]) == 1]
    contested = [
        claim.row.fault(claim.column, "other employees claim it too: it is linked to nobody")
        for claim in claims
        if len(claimants[claim.key]) > 1
    ]
    return agreed, list(dict.fromkeys(contested))


def _rejections(faults: Iterable[Fault]) -> tuple[Rejected, ...]:
    by_row: defaultdict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_row[int(fault.pointer.partition("/")[0])].append(fault)
    return tuple(Rejected(tuple(by_row[row])) for row in sorted(by_row))


def _link(claim: _Claim, tenant_key: bytes, common: Mapping[str, Any]) -> Link:
    return {
        **common,
        "persona_id": persona_id(tenant_key, claim.key),
        "person_id": person_id(tenant_key, claim.row.cell("employee_id")),
        "action": "link",
        "rule": claim.rule.name,
        "confidence": claim.rule.confidence,
        "valid_from": _first_day(claim.row),
        "valid_to": None,
        "actor": _ACTOR,
        "reason": claim.rule.reason,
    }

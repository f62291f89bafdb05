"""The HR feed: a CSV export of who has which identifiers, turned into links.

The first row names the columns (`lrs_adapter.hr.rows`); their order is free, further columns are passed over.
One row for each employee.

Reads: the text of the file.
Writes: nothing; `publish_links` sends the links.
Key: persona.
State: none; importing the same feed again asserts the same links again.
Guarantee: an identifier that two employees claim for the same day is linked to neither of them.
On failure: a bad row is `Rejected`, its faults placed by row and column; all other rows go on.
"""

import csv
from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass
from io import StringIO

from lrs_adapter.hr.link_log import Link, publish_links
from lrs_adapter.hr.links import Provenance, agreed, link
from lrs_adapter.hr.rows import NO_RULES, HomePages, Row, read_row
from schemas.errors import ConfigError
from schemas.identity_rules import IdentityRules
from schemas.outcomes import Fault, Rejected
from schemas.persona import person_id

__all__ = ["HomePages", "HrFeed", "parse_feed", "publish_links"]

_ACTOR = "identity-import"


@dataclass(frozen=True, slots=True)
class HrFeed:
    """What a feed comes to: values for `identity.links`, and one `Rejected` for each bad row.

    `people` are the ids of everybody that it names, `faulty` of those with a bad row among them; `rows` are
    those without a fault.
    """

    provenance: Provenance
    links: tuple[Link, ...]
    rejected: tuple[Rejected, ...]
    people: frozenset[str]
    faulty: frozenset[str]
    rows: tuple[Row, ...]

    @property
    def faults(self) -> tuple[Fault, ...]:
        """Everything that is wrong, by row; the pointer is `row/column`, the header being row 1."""
        return tuple(fault for rejection in self.rejected for fault in rejection.faults)


def parse_feed(
    text: str,
    tenant_key: bytes,
    *,
    source: str,
    recorded_at_us: int,
    correlation_id: str,
    home_pages: HomePages | None = None,
    rules: IdentityRules = NO_RULES,
) -> HrFeed:
    """The links that a feed asserts.

    `source` names the feed, `recorded_at_us` is in microseconds since the epoch, UTC. Raises `ConfigError`
    for a text that is no CSV table with a column `employee_id`.
    """
    said = Provenance(tenant_key, source, _ACTOR, recorded_at_us, correlation_id)
    rows = _rows(text)
    read = [read_row(row, home_pages or HomePages(), rules) for row in rows]
    claims, contested = agreed([claim for row_claims, _ in read for claim in row_claims])
    faults = [*(fault for _, faults in read for fault in faults), *contested]
    places = {_place(fault) for fault in faults}
    return HrFeed(
        said,
        tuple(link(claim, said) for claim in claims),
        _rejections(faults),
        _people(rows, tenant_key),
        _people((row for row in rows if row.place in places), tenant_key),
        tuple(row for row in rows if row.place not in places),
    )


def _rows(text: str) -> list[Row]:
    reader = csv.DictReader(StringIO(text.removeprefix("\ufeff")), restval="")
    try:
        reader.fieldnames = [name.strip().lower() for name in reader.fieldnames or ()]
        rows = [Row(str(number), cells) for number, cells in enumerate(reader, start=2)]
    except csv.Error as error:
        raise ConfigError("HR feed", [f"not CSV, line {reader.line_num}: {error}"]) from None
    if "employee_id" not in reader.fieldnames:
        raise ConfigError("HR feed", ["the first row names no column employee_id"])
    return rows


def _people(rows: Iterable[Row], tenant_key: bytes) -> frozenset[str]:
    return frozenset(person_id(tenant_key, row.employee_id) for row in rows if row.employee_id)


def _place(fault: Fault) -> str:
    return fault.pointer.partition("/")[0]


def _rejections(faults: Iterable[Fault]) -> tuple[Rejected, ...]:
    by_row: defaultdict[int, list[Fault]] = defaultdict(list)
    for fault in faults:
        by_row[int(_place(fault))].append(fault)
    return tuple(Rejected(tuple(by_row[row])) for row in sorted(by_row))

"""The readers of foreign bytes, each with what must hold of its outcome.

The first byte of an input chooses the reader, the rest is for it. A fault is an exception.
"""

import tempfile
from collections.abc import Callable
from io import BufferedReader, BytesIO
from pathlib import Path
from typing import Any

import orjson

from lrs_adapter.access.authentication import basic_pair, bearer_pair
from lrs_adapter.access.credentials import Credential, parse_credentials
from lrs_adapter.access.tokens import is_token
from lrs_adapter.access.webhook_signature import Seal, read_seal
from lrs_adapter.bulk.entries import csv_entries, statement_entries
from lrs_adapter.bulk.judge import Judged
from lrs_adapter.bulk.mapping import CsvMapping, parse_mapping
from lrs_adapter.bulk.source import open_source
from lrs_adapter.hr.events import Said, read_event
from lrs_adapter.hr.feed import parse_feed
from lrs_adapter.hr.links import Provenance
from lrs_adapter.hr.rows import HomePages
from lrs_adapter.statements.batch import Batch
from lrs_adapter.statements.delivery import Delivery
from lrs_adapter.statements.judgement import read_batch
from lrs_adapter.statements.records import Stamp, records
from lrs_adapter.wire.multipart import boundary_of
from lrs_adapter.wire.problems import Problem, problem_body
from schemas.config_text import read_yaml
from schemas.equality import content_digest
from schemas.errors import ConfigError
from schemas.outcomes import Rejected
from tests.unit.core.samples import derived

_ROOT = Path(__file__).parents[2]
_MAPPING: CsvMapping = parse_mapping(
    (_ROOT / "config/csv-mapping.csv").read_text(encoding="utf-8"), "mapping"
)
_SENDER = Credential.model_validate(
    {"name": "fuzz", "token": {"issuer": "x", "value": "y"}, "scopes": ["all"], "mode": "lenient"}
)
_GENEROUS = _SENDER.model_copy(update={"accept_good": True})
_STAMP = Stamp(
    source="http",
    credential="fuzz",
    xapi_version="1.0.3",
    correlation_id="c",
    received_at=1,
    stored_at=2,
    tenant_key=b"a key of the fuzz target",
    partitions=2,
)
_SAID = Provenance(b"a key of the fuzz target", "hr", "fuzz", 1, "c")
_LIMIT = 50
BOUNDARY = "fuzz"


def _delivery(version: str, boundary: str = "", sender: Credential = _SENDER) -> Delivery:
    return Delivery("POST", sender, version, "c", None, boundary)


def _statements(delivery: Delivery, body: bytes) -> None:
    outcome = read_batch(body, delivery, _LIMIT)
    if isinstance(outcome, Problem):
        assert outcome.status in (400, 403, 413)
        orjson.dumps(problem_body(outcome, "c"))
        return
    assert isinstance(outcome, Batch)
    for kept in outcome.kept:
        assert orjson.loads(kept.raw)["id"] == kept.id
        assert list(records(kept, _STAMP))
        _work(kept.value)


def _work(statement: dict[str, Any]) -> None:
    """What a worker does with a statement that was accepted: no valid one may stop it."""
    assert content_digest(statement)
    assert derived(statement)


def json_1_0(body: bytes) -> None:
    """Statements as JSON, by the rules of 1.0.3."""
    _statements(_delivery("1.0.3"), body)


def json_2_0(body: bytes) -> None:
    """Statements as JSON, by the rules of 2.0.0."""
    _statements(_delivery("2.0.0"), body)


def json_accept_good(body: bytes) -> None:
    """Statements of a sender whose bad ones are set aside."""
    _statements(_delivery("1.0.3", sender=_GENEROUS), body)


def multipart(body: bytes) -> None:
    """Statements with attachments."""
    _statements(_delivery("1.0.3", BOUNDARY), body)


def import_file(body: bytes) -> None:
    """NDJSON or a JSON array."""
    for entry in statement_entries(BufferedReader(BytesIO(body))):
        assert all(isinstance(one, Judged | Rejected) for one in entry.findings)


def import_csv(body: bytes) -> None:
    """An LMS export below its header."""
    header = ",".join(column.source for column in _MAPPING.columns).encode() + b"\n"
    for entry in csv_entries(BufferedReader(BytesIO(header + body)), _MAPPING):
        assert all(isinstance(one, Judged | Rejected) for one in entry.findings)


def import_packed(body: bytes) -> None:
    """A compressed file; the first byte chooses how."""
    suffix = (".gz", ".zst", ".zip")[body[0] % 3] if body else ".gz"
    with tempfile.NamedTemporaryFile(suffix=f".ndjson{suffix}") as file:
        file.write(body[1:])
        file.flush()
        try:
            with open_source(Path(file.name), 1) as stream:
                for entry in statement_entries(stream):
                    assert entry.findings
        except ConfigError:
            return


def hr_event(body: bytes) -> None:
    """An event of the HR webhook."""
    outcome = read_event(body, _SAID, HomePages("https://sso.example.com", "https://hr.example.com"))
    assert isinstance(outcome, Said | Rejected)


def hr_feed(body: bytes) -> None:
    """An HR feed."""
    try:
        parse_feed(body.decode(errors="replace"), b"key", source="s", recorded_at_us=1, correlation_id="c")
    except ConfigError:
        return


def headers(body: bytes) -> None:
    """Values of headers: credentials, tokens, boundaries, signatures."""
    text = body.decode("latin-1")
    basic_pair(f"Basic {text}")
    bearer_pair(f"Bearer {text}")
    is_token(text)
    boundary_of(f"multipart/mixed; {text}")
    parts = [*text.split("\n", 2), "", ""][:3]
    names = ("webhook-id", "webhook-timestamp", "webhook-signature")
    seal = read_seal(dict(zip(names, parts, strict=True)), 1.0)
    assert isinstance(seal, Problem) or (isinstance(seal, Seal) and not seal.fits(b"", [b"secret"]))


def configuration(body: bytes) -> None:
    """Files of operators."""
    text = body.decode(errors="replace")
    for read in (parse_credentials, parse_mapping, read_yaml):
        try:
            read(text, "file")
        except ConfigError:
            continue


READERS: tuple[Callable[[bytes], None], ...] = (
    json_1_0,
    json_2_0,
    json_accept_good,
    multipart,
    import_file,
    import_csv,
    import_packed,
    hr_event,
    hr_feed,
    headers,
    configuration,
)


def consume(data: bytes) -> None:
    """Feed one input to the reader that its first byte chooses."""
    if data:
        READERS[data[0] % len(READERS)](data[1:])

"""Settings, read from the environment and validated at start: every problem is named at once.

Backing services are chosen by address alone. Each process has a class that names just what it needs;
`load` builds it or raises `SettingsError`.
"""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Literal, Self, TypeVar

from pydantic import (
    AfterValidator,
    AliasChoices,
    BeforeValidator,
    Field,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, SettingsConfigDict

from schemas.errors import SettingsError
from schemas.mounts import parse_mounts
from schemas.webhook_signature import MIN_SECRET

_MIN_TENANT_KEY = 16


def _env(name: str) -> AliasChoices:
    return AliasChoices(name, f"READYSTREAM_{name}")


def _checked_mounts(text: str) -> str:
    parse_mounts(text)
    return text


def _file_or_value(value: object) -> object:
    """`@/run/secrets/tenant_key` reads the secret from a file, as container platforms hand it over."""
    if isinstance(value, str) and value.startswith("@"):
        try:
            return Path(value[1:]).read_text(encoding="utf-8").strip()
        except OSError as error:
            raise ValueError(f"cannot read {value[1:]}: {error.strerror}") from error
    return value


Secret = Annotated[SecretStr, BeforeValidator(_file_or_value)]


class RegistrySettings(BaseSettings):
    """Where the ids of schemas come from."""

    model_config = SettingsConfigDict(env_prefix="READYSTREAM_", extra="ignore", populate_by_name=True)

    schema_registry_url: str = Field(
        "",
        validation_alias=_env("SCHEMA_REGISTRY_URL"),
        pattern=r"^(https?://\S+)?$",
        description="Schema registry server with Confluent's API, asked for the ids of schemas at start; "
        "empty: ids are made from the schemas themselves.",
    )
    schema_registry_user: str = Field(
        "", validation_alias=_env("SCHEMA_REGISTRY_USER"), description="User there; empty: nobody."
    )
    schema_registry_password: Secret | None = Field(
        None,
        validation_alias=_env("SCHEMA_REGISTRY_PASSWORD"),
        description="Password of that user, or @FILE.",
    )
    schema_registry_timeout_s: float = Field(
        5.0, gt=0, description="How long to wait for an answer of the registry, seconds; it is asked thrice."
    )


class KafkaSettings(RegistrySettings):
    """What every process that talks to Kafka needs."""

    kafka_bootstrap_servers: str = Field(
        "127.0.0.1:9092",
        validation_alias=_env("KAFKA_BOOTSTRAP_SERVERS"),
        description="Kafka brokers, host:port, comma-separated.",
        min_length=1,
    )
    partitions: int = Field(
        4, ge=1, le=1024, description="Partitions of every topic that shares the person key space."
    )
    replication_factor: int = Field(1, ge=1, le=7, description="Replicas of every topic that we create.")
    topic_epoch: int = Field(
        0, ge=0, lt=32, description="Incarnation of the topics: raise it by one after making them anew."
    )
    producer_idempotence: bool = Field(
        default=True, description="Idempotent producers; off only for the embedded broker, which has none."
    )
    ops_host: str = Field("127.0.0.1", description="Address of /healthz, /readyz and /metrics.")
    ops_port: int = Field(0, ge=0, le=65535, description="Port of the same; 0 switches them off.")
    traces: bool = Field(
        default=False,
        description="Send spans by OTLP over HTTP; needs `readystream[otel]`. The `OTEL_` variables of "
        "OpenTelemetry say where to (`OTEL_EXPORTER_OTLP_ENDPOINT`) and which (`OTEL_TRACES_SAMPLER`).",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged.")
    log_format: Literal["json", "console"] = Field("json", description="How log lines look.")


class TenantSettings(BaseSettings):
    """The key that makes pseudonyms."""

    model_config = SettingsConfigDict(env_prefix="READYSTREAM_", extra="ignore", populate_by_name=True)

    tenant_key: Secret = Field(
        description="Secret that persona ids are made with, at least 16 characters, or @FILE. "
        "Changing it makes everybody a stranger.",
        min_length=_MIN_TENANT_KEY,
    )

    @property
    def tenant_key_bytes(self) -> bytes:
        """The key as bytes."""
        return self.tenant_key.get_secret_value().encode()


class HrSettings(BaseSettings):
    """What the HR feed and the HR webhook have in common."""

    model_config = SettingsConfigDict(env_prefix="READYSTREAM_", extra="ignore", populate_by_name=True)

    hr_source: str = Field(
        "hr",
        min_length=1,
        description="Name of the HR system in links; a later entry of it replaces earlier ones.",
    )
    hr_sso_home_page: str = Field(
        "", description="Home page of the identity provider's accounts, where `sso_guid` is a bare name."
    )
    hr_hris_home_page: str = Field(
        "", description="Home page of accounts that are named by the employee id; empty: there are none."
    )
    identity_rules_file: Path = Field(
        Path("config/identity-rules.yaml"), description="Which identifiers never link, and which are aliases."
    )


def _long_secrets(value: SecretStr | None) -> SecretStr | None:
    if value is not None and any(len(one) < MIN_SECRET for one in value.get_secret_value().split()):
        raise ValueError(f"each secret needs at least {MIN_SECRET} characters")
    return value


class AttachmentSettings(BaseSettings):
    """Where the data of attachments goes."""

    model_config = SettingsConfigDict(env_prefix="READYSTREAM_", extra="ignore", populate_by_name=True)

    attachments_dir: Path = Field(
        Path(".data/attachments"), description="Where the data of attachments is kept, by its SHA-2 sum."
    )
    attachments_url: str = Field(
        "",
        pattern=r"^(s3://[^/\s]+(/\S*)?)?$",
        description="`s3://BUCKET/PREFIX` keeps them in an S3-compatible store; its address, region "
        "and keys the `AWS_` variables give (`AWS_ENDPOINT_URL`, `AWS_REGION`, ...).",
    )


class AdapterSettings(KafkaSettings, TenantSettings, HrSettings, AttachmentSettings):
    """The HTTP receiver."""

    host: str = Field("127.0.0.1", validation_alias=_env("ADAPTER_HOST"), description="Address to listen on.")
    port: int = Field(
        8010, ge=0, le=65535, validation_alias=_env("ADAPTER_PORT"), description="Port to listen on."
    )
    mounts: Annotated[str, AfterValidator(_checked_mounts)] = Field(
        "/xapi",
        validation_alias=_env("ADAPTER_MOUNTS"),
        description="Paths before /statements and /about, comma-separated. `/xapi=1.0` speaks xAPI 1.0.x "
        "alone, `/xapi=2.0` 2.0.x alone, `/xapi` both.",
    )
    credentials_file: Path = Field(
        Path("config/credentials.json"), description="Who may send: names, hashed secrets, scopes."
    )
    credentials_reload_s: float = Field(
        5.0, gt=0, description="How often to look whether the credentials file has changed, seconds."
    )
    tls_certificate_file: Path | None = Field(
        None, description="PEM certificate chain; with it and its key the receiver speaks HTTPS alone."
    )
    tls_key_file: Path | None = Field(None, description="PEM private key of the certificate.")
    tls_client_ca_file: Path | None = Field(
        None, description="PEM authorities: senders must show a certificate of one of them as well."
    )
    authority_homepage: str = Field(
        "http://localhost",
        validation_alias=_env("ADAPTER_AUTHORITY_HOMEPAGE"),
        pattern=r"^[A-Za-z][A-Za-z0-9+.-]*:\S+$",
        description="Home page of the account, named as the credential, that stands as authority of a "
        "statement that is read back.",
    )
    memory_statements: int = Field(
        200_000,
        ge=1000,
        description="Accepted statements remembered, for 409 and for reading back; 200 bytes each.",
    )
    body_limit_bytes: int = Field(8 << 20, ge=1024, description="Largest request body, bytes.")
    body_timeout_s: float = Field(30.0, gt=0, description="How long a request body may take, seconds.")
    max_receiving_bytes: int = Field(
        256 << 20, ge=1 << 16, description="Bytes of bodies in memory at once before answering 503."
    )
    batch_limit: int = Field(5000, ge=1, description="Most statements in one request.")
    hr_webhook_secrets: Annotated[Secret | None, AfterValidator(_long_secrets)] = Field(
        None,
        description="Secret of the HR webhook, at least 24 characters, or @FILE; several, while it is being "
        "changed, are separated by blanks. Without it there is no webhook.",
    )
    hr_nonces_dir: Path = Field(
        Path(".data/hr-nonces"),
        description="Where nonces of the HR webhook are kept; several receivers share it.",
    )
    ack_timeout_s: float = Field(
        4.0, gt=0, description="How long to wait for Kafka before answering 503, seconds."
    )
    max_in_flight_bytes: int = Field(
        64 << 20, ge=1 << 16, description="Bytes of statements on their way to Kafka before answering 503."
    )


def as_of_day(value: object) -> object:
    """Check `today` or an ISO date."""
    if isinstance(value, str) and value != "today":
        date.fromisoformat(value)
    return value


class WorkerSettings(KafkaSettings):
    """The stream worker."""

    app_id: str = Field("readystream", min_length=1, description="Consumer group and changelog prefix.")
    data_dir: Path = Field(Path(".data/worker"), description="Where a worker keeps local files.")
    skill_map_file: Path = Field(Path("config/skill-map.yaml"), description="Which activity teaches what.")
    role_profiles_file: Path = Field(Path("config/role-profiles.yaml"), description="What each role asks.")
    as_of: Annotated[str, BeforeValidator(as_of_day)] = Field(
        "today", description="Last UTC day that figures include: an ISO date, or today."
    )
    day_retention_days: int = Field(
        400,
        ge=180,
        description="How long what somebody did on a day is kept for windows and idle time, days.",
    )
    evidence_retention_days: int = Field(
        1825, ge=1, description="How long evidence counts towards skill levels, days."
    )
    ledger_horizon_days: int = Field(
        1825,
        ge=180,
        description="How long statement ids are remembered, days; no shorter than the other two. A statement "
        "that is older and whose id is not known any more is refused: it could be a resend.",
    )
    session_timeout_s: float = Field(10.0, gt=0, description="Silence after which a worker counts as dead.")
    heartbeat_s: float = Field(2.0, gt=0, description="Time between heartbeats.")
    rebalance_timeout_s: float = Field(20.0, gt=0, description="Time to join a rebalance.")
    commit_interval_s: float = Field(0.5, gt=0, description="Time between offset commits.")
    chunk_max: int = Field(
        5000, ge=1, description="Most records handled as one step; fewer come when there is no backlog."
    )
    sweep_interval_s: float = Field(60.0, gt=0, description="How often to look whether a new day has begun.")
    snapshot_every_s: float = Field(
        3600.0, gt=0, description="How often each partition's state is written for reconciliation."
    )
    dead_letter_streak: int = Field(
        1000, ge=0, description="Stop when more records in a row than this could not be processed."
    )
    dead_letter_ratio: float = Field(
        0.5, ge=0, le=1, description="Stop when more than this share of 10,000 records was refused."
    )
    watchdog_s: float = Field(
        120.0, gt=0, description="Stop when there is lag and nothing moved for so long."
    )

    @model_validator(mode="after")
    def _remembers_what_counts(self) -> Self:
        if self.ledger_horizon_days < max(self.day_retention_days, self.evidence_retention_days):
            raise ValueError(
                "READYSTREAM_LEDGER_HORIZON_DAYS must not be shorter than READYSTREAM_DAY_RETENTION_DAYS and "
                "READYSTREAM_EVIDENCE_RETENTION_DAYS: what counts has to be remembered"
            )
        return self

    def as_of_now(self) -> int:
        """The `as_of` day at this moment, days since 1970-01-01."""
        day = datetime.now(UTC).date() if self.as_of == "today" else date.fromisoformat(self.as_of)
        return (day - date(1970, 1, 1)).days


class ClickHouseSettings(BaseSettings):
    """Where ClickHouse is."""

    model_config = SettingsConfigDict(env_prefix="READYSTREAM_", extra="ignore", populate_by_name=True)

    clickhouse_dsn: Secret = Field(
        SecretStr("http://default@127.0.0.1:8123"),
        validation_alias=_env("CLICKHOUSE_DSN"),
        description="ClickHouse over HTTP: http(s)://user:password@host:port, or @FILE.",
    )
    clickhouse_database: str = Field(
        "readystream",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        validation_alias=_env("CLICKHOUSE_DATABASE"),
        description="Database to use.",
    )

    @property
    def dsn(self) -> str:
        """The address, with its password."""
        return self.clickhouse_dsn.get_secret_value()


class SinkSettings(KafkaSettings, ClickHouseSettings):
    """Kafka to ClickHouse."""

    sink_group_id: str = Field("readystream-sink", min_length=1, description="Consumer group of the sink.")
    flush_rows: int = Field(10_000, ge=1, description="Insert a partition's rows once there are so many.")
    flush_age_s: float = Field(
        0.2, gt=0, description="Insert rows that have waited so long, seconds; four times it for upserts."
    )
    session_timeout_s: float = Field(10.0, gt=0, description="Silence after which a sink counts as dead.")
    heartbeat_s: float = Field(2.0, gt=0, description="Time between heartbeats.")


class WebhookSettings(KafkaSettings):
    """Outgoing webhooks."""

    webhooks_file: Path = Field(Path("config/webhooks.yaml"), description="Who is told what, and where.")
    skill_map_file: Path = Field(Path("config/skill-map.yaml"), description="The skills to filter by.")
    role_profiles_file: Path = Field(Path("config/role-profiles.yaml"), description="The roles to filter by.")
    webhook_group_id: str = Field(
        "readystream-webhooks",
        min_length=1,
        description="What consumer groups begin with; the id of the subscription follows.",
    )
    webhook_timeout_s: float = Field(
        10.0, gt=0, description="How long a receiver may take to answer, seconds."
    )
    webhook_backoff_s: float = Field(
        1.0,
        gt=0,
        description="Longest pause before the first retry, seconds; doubled before each further one.",
    )
    webhook_retry_after_max_s: float = Field(
        300.0, ge=0, description="Longest `Retry-After` of a receiver that is complied with, seconds."
    )
    webhook_in_flight: int = Field(
        8, ge=1, le=1000, description="Most requests at once to one receiver, each of another key."
    )
    session_timeout_s: float = Field(10.0, gt=0, description="Silence after which a process counts as dead.")
    heartbeat_s: float = Field(2.0, gt=0, description="Time between heartbeats.")


class ReconcileSettings(SinkSettings):
    """Comparing ClickHouse with the workers, with Kafka and with LRSs."""

    reconcile_threshold: float = Field(
        0.0, ge=0, description="Relative drift of a figure up to which the exit code is 0."
    )
    reconcile_patience_s: float = Field(
        60.0, ge=0, description="How long to wait for the sink to write what was published."
    )


class PageSettings(ClickHouseSettings):
    """The page that draws the dashboards without Grafana."""

    page_host: str = Field("127.0.0.1", description="Address to listen on.")
    page_port: int = Field(8011, ge=0, le=65535, description="Port to listen on.")


class IdentitySettings(KafkaSettings, TenantSettings, HrSettings):
    """The identity commands."""


class RederiveSettings(KafkaSettings):
    """Deriving evidence anew."""

    skill_map_file: Path = Field(Path("config/skill-map.yaml"), description="The skill map to derive by.")


class OperatorSettings(KafkaSettings, TenantSettings):
    """Commands that look after the pipeline."""

    webhooks_file: Path = Field(Path("config/webhooks.yaml"), description="Whom events may be replayed to.")


class ImportSettings(KafkaSettings, TenantSettings):
    """Import of files."""

    import_credential: str = Field(
        "import",
        min_length=1,
        description="Name that imported statements carry; the skill map trusts them by it.",
    )
    csv_credential: str = Field(
        "csv-import", min_length=1, description="The same for statements made of an LMS export."
    )
    import_dir: Path = Field(
        Path(".data/import"), description="Where an interrupted import finds how far it came."
    )
    import_max_ratio: int = Field(
        200, ge=1, description="How many times its size a compressed file may unpack to, beyond 64 MiB."
    )


class PullSettings(KafkaSettings, TenantSettings, AttachmentSettings):
    """Fetching from LRSs."""

    sources_file: Path = Field(Path("config/sources.yaml"), description="Which LRSs are read, and how.")
    pull_group_id: str = Field(
        "readystream-pull", min_length=1, description="Consumer group in which pullers share the sources."
    )
    pull_timeout_s: float = Field(30.0, gt=0, description="How long to wait for an LRS's answer, seconds.")
    pull_page_bytes: int = Field(
        64 << 20, ge=1 << 16, description="Largest page that an LRS may answer with."
    )
    pull_backoff_s: float = Field(
        1.0, gt=0, description="Longest pause after a first failure; doubled by each further one."
    )
    pull_backoff_max_s: float = Field(300.0, gt=0, description="Longest pause after any number of failures.")
    session_timeout_s: float = Field(10.0, gt=0, description="Silence after which a puller counts as dead.")
    heartbeat_s: float = Field(2.0, gt=0, description="Time between heartbeats.")


SettingsT = TypeVar("SettingsT", bound=BaseSettings)


def load(settings: type[SettingsT]) -> SettingsT:
    """Read `settings` from the environment. Raises `SettingsError` that names every problem."""
    try:
        return settings()
    except ValidationError as error:
        problems = [_sentence(settings, item["loc"], item["msg"]) for item in error.errors()]
        raise SettingsError("the environment", problems) from None


def env_name(settings: type[BaseSettings], field: str) -> str:
    """The environment variable that sets `field`."""
    alias = settings.model_fields[field].validation_alias
    if isinstance(alias, AliasChoices):
        return str(alias.choices[0])
    return f"READYSTREAM_{field.upper()}"


def _sentence(settings: type[BaseSettings], location: tuple[int | str, ...], message: str) -> str:
    first = str(location[0]) if location else ""
    name = env_name(settings, first) if first in settings.model_fields else first
    return f"{name}: {message}"

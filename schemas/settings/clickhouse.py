"""ClickHouse, and whatever writes to it or reads from it."""

from pydantic import Field, SecretStr

from schemas.settings.base import Secret, Settings, env_alias
from schemas.settings.kafka import KafkaSettings


class ClickHouseSettings(Settings):
    """Where ClickHouse is."""

    clickhouse_dsn: Secret = Field(
        SecretStr("http://default@127.0.0.1:8123"),
        validation_alias=env_alias("CLICKHOUSE_DSN"),
        description="ClickHouse over HTTP: http(s)://user:password@host:port, or @FILE.",
    )
    clickhouse_database: str = Field(
        "readystream",
        pattern=r"^[A-Za-z_][A-Za-z0-9_]*$",
        validation_alias=env_alias("CLICKHOUSE_DATABASE"),
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

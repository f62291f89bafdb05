"""Where Kafka and the schema registry are."""

from typing import Literal

from pydantic import Field

from schemas.settings.base import Secret, Settings, env_alias


class RegistrySettings(Settings):
    """Where the ids of schemas come from."""

    schema_registry_url: str = Field(
        "",
        validation_alias=env_alias("SCHEMA_REGISTRY_URL"),
        pattern=r"^(https?://\S+)?$",
        description="Schema registry server with Confluent's API, asked for the ids of schemas at start; "
        "empty: ids are made from the schemas themselves.",
    )
    schema_registry_user: str = Field(
        "", validation_alias=env_alias("SCHEMA_REGISTRY_USER"), description="User there; empty: nobody."
    )
    schema_registry_password: Secret | None = Field(
        None,
        validation_alias=env_alias("SCHEMA_REGISTRY_PASSWORD"),
        description="Password of that user, or @FILE.",
    )
    schema_registry_timeout_s: float = Field(
        5.0, gt=0, description="How long to wait for an answer of the registry, seconds; it is asked thrice."
    )


class KafkaSettings(RegistrySettings):
    """What every process that talks to Kafka needs."""

    kafka_bootstrap_servers: str = Field(
        "127.0.0.1:9092",
        validation_alias=env_alias("KAFKA_BOOTSTRAP_SERVERS"),
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
        description="Send spans (adapter, worker, sink) by OTLP over HTTP; needs `readystream[otel]`. The "
        "`OTEL_` variables of OpenTelemetry say where to (`OTEL_EXPORTER_OTLP_ENDPOINT`) and which "
        "(`OTEL_TRACES_SAMPLER`).",
    )
    log_level: Literal["debug", "info", "warning", "error"] = Field("info", description="Least level logged.")
    log_format: Literal["json", "console"] = Field("json", description="How log lines look.")

"""The HTTP receiver, and where the data of attachments goes."""

from pathlib import Path
from typing import Annotated

from pydantic import AfterValidator, Field, SecretStr

from schemas.mounts import parse_mounts
from schemas.settings.base import Secret, Settings, env_alias
from schemas.settings.kafka import KafkaSettings
from schemas.settings.people import HrSettings, TenantSettings
from schemas.webhook_signature import MIN_SECRET


def _checked_mounts(text: str) -> str:
    parse_mounts(text)
    return text


def _long_secrets(value: SecretStr | None) -> SecretStr | None:
    if value is not None and any(len(one) < MIN_SECRET for one in value.get_secret_value().split()):
        raise ValueError(f"each secret needs at least {MIN_SECRET} characters")
    return value


class AttachmentSettings(Settings):
    """Where the data of attachments goes."""

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

    host: str = Field(
        "127.0.0.1", validation_alias=env_alias("ADAPTER_HOST"), description="Address to listen on."
    )
    port: int = Field(
        8010, ge=0, le=65535, validation_alias=env_alias("ADAPTER_PORT"), description="Port to listen on."
    )
    mounts: Annotated[str, AfterValidator(_checked_mounts)] = Field(
        "/xapi",
        validation_alias=env_alias("ADAPTER_MOUNTS"),
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
        validation_alias=env_alias("ADAPTER_AUTHORITY_HOMEPAGE"),
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

"""Statements that are fetched from LRSs or imported from files."""

from pathlib import Path

from pydantic import Field

from schemas.settings.adapter import AttachmentSettings
from schemas.settings.kafka import KafkaSettings
from schemas.settings.people import TenantSettings


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

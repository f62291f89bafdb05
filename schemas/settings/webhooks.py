"""Outgoing webhooks, and operators who replay their events."""

from pathlib import Path

from pydantic import Field

from schemas.settings.kafka import KafkaSettings
from schemas.settings.people import TenantSettings


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


class OperatorSettings(KafkaSettings, TenantSettings):
    """Commands that look after the pipeline."""

    webhooks_file: Path = Field(Path("config/webhooks.yaml"), description="Whom events may be replayed to.")

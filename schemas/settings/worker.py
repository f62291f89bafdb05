"""The stream worker."""

from datetime import UTC, date, datetime
from pathlib import Path
from typing import Annotated, Self

from pydantic import BeforeValidator, Field, model_validator

from schemas.settings.kafka import KafkaSettings


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


class RederiveSettings(KafkaSettings):
    """Deriving evidence anew."""

    skill_map_file: Path = Field(Path("config/skill-map.yaml"), description="The skill map to derive by.")

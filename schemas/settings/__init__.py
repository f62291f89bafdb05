"""Settings, read from the environment and validated at start: every problem is named at once.

Backing services are chosen by address alone. Each process has a class that names just what it needs;
`load` builds it or raises `SettingsError`.
"""

from schemas.settings.adapter import AdapterSettings, AttachmentSettings
from schemas.settings.base import Secret, env_name, load
from schemas.settings.clickhouse import ClickHouseSettings, PageSettings, ReconcileSettings, SinkSettings
from schemas.settings.kafka import KafkaSettings, RegistrySettings
from schemas.settings.people import HrSettings, IdentitySettings, TenantSettings
from schemas.settings.sources import ImportSettings, PullSettings
from schemas.settings.webhooks import OperatorSettings, WebhookSettings
from schemas.settings.worker import RederiveSettings, WorkerSettings, as_of_day

__all__ = [
    "AdapterSettings",
    "AttachmentSettings",
    "ClickHouseSettings",
    "HrSettings",
    "IdentitySettings",
    "ImportSettings",
    "KafkaSettings",
    "OperatorSettings",
    "PageSettings",
    "PullSettings",
    "ReconcileSettings",
    "RederiveSettings",
    "RegistrySettings",
    "Secret",
    "SinkSettings",
    "TenantSettings",
    "WebhookSettings",
    "WorkerSettings",
    "as_of_day",
    "env_name",
    "load",
]

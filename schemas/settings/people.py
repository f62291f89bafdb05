"""Who people are: the key of pseudonyms, and the HR feed."""

from pathlib import Path

from pydantic import Field

from schemas.settings.base import Secret, Settings
from schemas.settings.kafka import KafkaSettings

_MIN_TENANT_KEY = 16


class TenantSettings(Settings):
    """The key that makes pseudonyms."""

    tenant_key: Secret = Field(
        description="Secret that persona ids are made with, at least 16 characters, or @FILE. "
        "Changing it makes everybody a stranger.",
        min_length=_MIN_TENANT_KEY,
    )

    @property
    def tenant_key_bytes(self) -> bytes:
        """The key as bytes."""
        return self.tenant_key.get_secret_value().encode()


class HrSettings(Settings):
    """What the HR feed and the HR webhook have in common."""

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


class IdentitySettings(KafkaSettings, TenantSettings, HrSettings):
    """The identity commands."""

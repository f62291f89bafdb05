"""TLS options of the receiver: a certificate of its own and, if wanted, certificates of its senders."""

import ssl
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from schemas.errors import SettingsError
from schemas.settings import AdapterSettings, env_name


@dataclass(frozen=True, slots=True)
class Tls:
    """PEM files. With `client_ca` a sender without a certificate of such an authority gets no connection."""

    certificate: Path
    key: Path
    client_ca: Path | None

    @property
    def options(self) -> dict[str, Any]:
        """Arguments of `uvicorn.Config`."""
        own = {"ssl_certfile": str(self.certificate), "ssl_keyfile": str(self.key)}
        if self.client_ca is None:
            return own
        return own | {"ssl_ca_certs": str(self.client_ca), "ssl_cert_reqs": ssl.CERT_REQUIRED}


def tls_of(settings: AdapterSettings) -> Tls | None:
    """The options; None for plain HTTP. Raises `SettingsError` for files that do not go together."""
    certificate, key, client_ca = (
        settings.tls_certificate_file,
        settings.tls_key_file,
        settings.tls_client_ca_file,
    )
    if certificate is None and key is None and client_ca is None:
        return None
    if certificate is None or key is None:
        raise SettingsError("the environment", [f"{_CERTIFICATE} and {_KEY} need each other"])
    _try(certificate, key, client_ca)
    return Tls(certificate, key, client_ca)


def _try(certificate: Path, key: Path, client_ca: Path | None) -> None:
    """Load the files once, so that a wrong one is told with its name at start."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    problems = []
    try:
        context.load_cert_chain(certificate, key)
    except OSError as error:
        problems.append(f"{_CERTIFICATE} and {_KEY}: {error}")
    try:
        if client_ca is not None:
            context.load_verify_locations(client_ca)
    except OSError as error:
        problems.append(f"{_CLIENT_CA}: {error}")
    if problems:
        raise SettingsError("the environment", problems)


_CERTIFICATE, _KEY, _CLIENT_CA = (
    env_name(AdapterSettings, f"tls_{name}_file") for name in ("certificate", "key", "client_ca")
)

"""The sources file: which LRSs are read, and how."""

from collections.abc import Iterator, Mapping
from typing import Annotated, Literal
from urllib.parse import urlsplit

from pydantic import AfterValidator, BaseModel, ConfigDict, Field

from schemas.config_text import Entry, entries, read_yaml, repeated, texts, validate


def _web_address(text: str) -> str:
    parts = urlsplit(text)
    if parts.scheme not in ("http", "https") or not parts.hostname or parts.query or parts.fragment:
        raise ValueError("must be an http or https address without query")
    return text.rstrip("/")


class Source(BaseModel):
    """One LRS. The secret stays in the environment: `secret_env` names its variable.

    With `attachments` their data is fetched too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    name: Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._-]{0,63}$")]
    endpoint: Annotated[str, AfterValidator(_web_address)]
    key: Annotated[str, Field(min_length=1, pattern=r"^[^:\x00-\x1f]+$")]
    secret_env: Annotated[str, Field(pattern=r"^[A-Za-z_][A-Za-z0-9_]*$")]
    version: Literal["1.0.3", "2.0.0"] = "1.0.3"
    attachments: bool = False
    overlap_s: Annotated[float, Field(ge=0, le=86_400)] = 60.0
    poll_s: Annotated[float, Field(gt=0, le=86_400)] = 10.0


class SourcesFile(BaseModel):
    """The whole file."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    sources: tuple[Source, ...]


def parse_sources(text: str, environment: Mapping[str, str], source: str) -> tuple[Source, ...]:
    """Read the file. Raises `ConfigError` that names every problem, missing secrets included."""
    document = read_yaml(text, source)
    return validate(SourcesFile, document, source, _relations(document, environment)).sources


def _relations(document: Entry, environment: Mapping[str, str]) -> Iterator[str]:
    listed = entries(document, "sources")
    if document.get("sources") == []:
        yield "sources: no LRS is named"
    yield from (f"the name {name} is used more than once" for name in repeated(texts(listed, "name")))
    for name in sorted(set(texts(listed, "secret_env"))):
        if not environment.get(name):
            yield f"the environment variable {name} holds no secret"

"""SQL on its way to the engine."""

from collections.abc import Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class Statement:
    """SQL with what it runs under.

    `format` names how results are written, or how inserted data is; `parameters` are the values of
    `{name:Type}` in ClickHouse's escaped text form.
    """

    sql: str
    format: str = "TabSeparated"
    database: str | None = None
    settings: Mapping[str, str] = field(default_factory=dict)
    parameters: Mapping[str, str] = field(default_factory=dict)

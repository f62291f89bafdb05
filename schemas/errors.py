"""The one error tree.

::

    ReadystreamError
    ├── ConfigError          a settings or configuration file is wrong; every problem is named
    │   └── SettingsError    the environment's settings are wrong
    ├── CodecError           bytes do not decode to the record that the topic promises
    ├── MigrationError       the database is not what the migrations say
    ├── UnavailableError     a backing service does not answer; worth trying again
    ├── Underivable          a statement that the stream core cannot process (streams.core.statement)
    └── TooManyDeadLetters   the stream has to stop instead of setting more aside (streams.core.limits)

Expected outcomes, such as a statement that is refused, are values (`schemas.outcomes`), not exceptions.
"""

from collections.abc import Iterable


class ReadystreamError(Exception):
    """Root of everything this project raises on purpose."""


class ConfigError(ReadystreamError):
    """A configuration is wrong.

    `problems` holds one sentence for each thing to mend, so that one reading mends them all.
    """

    def __init__(self, source: str, problems: Iterable[str]) -> None:
        self.source = source
        self.problems = tuple(problems)
        listed = "".join(f"\n  - {problem}" for problem in self.problems)
        super().__init__(f"{source} has {len(self.problems)} problem(s):{listed}")


class SettingsError(ConfigError):
    """The environment's settings are wrong."""


class CodecError(ReadystreamError):
    """Bytes do not decode to the record that the topic promises."""


class MigrationError(ReadystreamError):
    """The database is not what the migrations say it should be."""


class UnavailableError(ReadystreamError):
    """A backing service does not answer. `retry_after_s` says when another try makes sense, in seconds."""

    def __init__(self, message: str, retry_after_s: float = 1.0) -> None:
        super().__init__(message)
        self.retry_after_s = retry_after_s

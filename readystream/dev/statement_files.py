"""Files of statements as deliveries: what somebody exported from an LRS, sent as an LRS would."""

from collections.abc import Iterator
from pathlib import Path
from random import Random

import orjson

from readystream.dev.generator import Delivery, Statement
from schemas.errors import ConfigError


def deliveries_from_file(
    path: Path, batch: int, *, version: str = "1.0.3", repeat: int = 1, shuffle_seed: int | None = None
) -> list[Delivery]:
    """Deliveries of up to `batch` statements each from a file: see `deliveries`.

    `.json` holds an array of statements or one statement; any other name one statement a line (NDJSON).
    Raises `ConfigError` for a file that holds something else.
    """
    statements = parse_statements(path.read_bytes(), path.name)
    return deliveries(statements, batch, version=version, repeat=repeat, shuffle_seed=shuffle_seed)


def deliveries(
    statements: list[Statement],
    batch: int,
    *,
    version: str = "1.0.3",
    repeat: int = 1,
    shuffle_seed: int | None = None,
) -> list[Delivery]:
    """Batch statements, all of them `repeat` times over; with a seed, statements and batches in any order.

    No batch holds an id twice: a receiver must refuse one that does.
    """
    rng = None if shuffle_seed is None else Random(shuffle_seed)  # noqa: S311 - an order, not a secret
    sent: list[Delivery] = []
    for _ in range(repeat):
        ordered = statements if rng is None else rng.sample(statements, len(statements))
        sent += (Delivery(tuple(part), version) for part in _batches(ordered, batch))
    if rng is not None:
        rng.shuffle(sent)
    return sent


def _batches(statements: list[Statement], most: int) -> Iterator[list[Statement]]:
    batch: list[Statement] = []
    ids: set[str] = set()
    for statement in statements:
        statement_id = str(statement.get("id", "")).lower()
        if len(batch) == most or statement_id in ids:
            yield batch
            batch, ids = [], set()
        batch.append(statement)
        if statement_id:
            ids.add(statement_id)
    if batch:
        yield batch


def parse_statements(data: bytes, name: str) -> list[Statement]:
    """The statements of a file called `name`: see `deliveries_from_file`."""
    if not name.endswith(".json"):
        lines = ((f"{name} line {number}", line) for number, line in enumerate(data.splitlines(), start=1))
        return [_statement(_parsed(line, where), where) for where, line in lines if line.strip()]
    document = _parsed(data, name)
    listed = document if isinstance(document, list) else [document]
    return [_statement(item, f"{name} item {number}") for number, item in enumerate(listed, start=1)]


def _statement(value: object, where: str) -> Statement:
    if not isinstance(value, dict):
        raise ConfigError(where, ["it is no JSON object"])
    return value


def _parsed(data: bytes, where: str) -> object:
    try:
        return orjson.loads(data)
    except orjson.JSONDecodeError as error:
        raise ConfigError(where, [f"not JSON: {error}"]) from None

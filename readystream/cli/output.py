"""What verbs print: sentences and tables for people, or JSON for pipelines, an object a line."""

import json
from collections.abc import Iterable, Mapping
from typing import Annotated, Any

import typer

Json = Annotated[bool, typer.Option("--json", help="Print JSON: an object a line, and nothing else.")]


def print_json(values: Iterable[Mapping[str, Any]]) -> None:
    """Print a line for each value. Dates and UUIDs become text."""
    for value in values:
        typer.echo(json.dumps(value, ensure_ascii=False, default=str))


def tell(values: Iterable[Mapping[str, Any]], sentences: Iterable[str], *, as_json: bool) -> None:
    """Print `values` as JSON, or `sentences`."""
    if as_json:
        print_json(values)
    else:
        for sentence in sentences:
            typer.echo(sentence)

"""`readystream credentials …`."""

from typing import Annotated

import typer

from readystream.cli.verb import verb

cli = typer.Typer(help="Secrets of the systems that send statements.", no_args_is_help=True)


@verb(cli, "hash", "readystream credentials hash", away=False)
def hash_(
    secret: Annotated[str, typer.Option(prompt=True, hide_input=True, help="Asked for when not given.")],
) -> None:
    """Print the hash of a secret, for the credentials file."""
    from lrs_adapter.access.secret_hash import hash_secret

    typer.echo(hash_secret(secret))

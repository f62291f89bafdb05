"""`python -m readystream`: the same as the `readystream` command."""

from readystream.cli import app

app()

"""Serving the application: one process, one event loop, a stop that finishes what was accepted."""

import gc
import socket

import uvicorn
from fastapi import FastAPI

from lrs_adapter.app import create_app
from lrs_adapter.http.protocol import BoundedProtocol
from lrs_adapter.http.tls import Tls, tls_of
from schemas.errors import ConfigError
from schemas.settings import AdapterSettings
from schemas.spans import OpenSpan, no_span

_BACKLOG = 2048
_STOP_WITHIN_S = 15
_MOST_CONNECTIONS = 4096
"""Further ones are answered 503."""


def serve(settings: AdapterSettings, open_span: OpenSpan = no_span) -> None:
    """Listen and serve until SIGTERM or SIGINT. Raises `ConfigError`, also if the port is taken."""
    app = create_app(settings, open_span=open_span)
    server = server_for(app, tls_of(settings))
    _collect_seldom()
    with bind(settings.host, settings.port) as listener:
        server.run(sockets=[listener])


def _collect_seldom() -> None:
    """Spare requests the garbage collector: what is loaded by now stays, and batches leave hardly any cycles.

    A full collection would stop everything for some 50 ms each time, and the many small ones cost a sixth of
    the processor time.
    """
    gc.collect()
    gc.freeze()
    gc.set_threshold(50_000, 20, 20)


def server_for(app: FastAPI, tls: Tls | None = None) -> uvicorn.Server:
    """A server without a logging set-up of its own; on stop, requests under way are finished first."""
    config = uvicorn.Config(
        app,
        **({} if tls is None else tls.options),
        log_config=None,
        access_log=False,
        server_header=False,
        http=BoundedProtocol,
        ws="none",
        lifespan="on",
        limit_concurrency=_MOST_CONNECTIONS,
        timeout_graceful_shutdown=_STOP_WITHIN_S,
    )
    return uvicorn.Server(config)


def bind(host: str, port: int) -> socket.socket:
    """A listening socket; port 0 takes a free one. Bound before anything else, so that no other takes it.

    Raises `ConfigError` if the address cannot be listened on.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listener = socket.socket(family, socket.SOCK_STREAM)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind((host, port))
    except OSError as error:
        listener.close()
        raise ConfigError(f"{host}:{port}", [f"cannot listen on it: {error.strerror}"]) from None
    listener.listen(_BACKLOG)
    return listener

"""An issuer of tokens on loopback: keys that rotate, an address for them that can be down, slow or odd."""

import json
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

import jwt
from cryptography.hazmat.primitives.asymmetric.rsa import RSAPrivateKey, generate_private_key
from jwt.algorithms import RSAAlgorithm

ISSUER = "https://idp.example.com/"
AUDIENCE = "readystream"


def new_key(bits: int = 2048) -> RSAPrivateKey:
    """A key pair."""
    return generate_private_key(public_exponent=65537, key_size=bits)


def public(key: RSAPrivateKey, kid: str | None, **changes: Any) -> dict[str, Any]:
    """The key as an issuer publishes it."""
    made: dict[str, Any] = RSAAlgorithm.to_jwk(key.public_key(), as_dict=True)
    return {**made, "use": "sig", "alg": "RS256", **({} if kid is None else {"kid": kid}), **changes}


def claims(**changes: Any) -> dict[str, Any]:
    """Claims of a good token; a change to None leaves the claim out."""
    now = int(time.time())
    made = {
        "iss": ISSUER,
        "aud": AUDIENCE,
        "sub": "moodle",
        "iat": now,
        "exp": now + 300,
        "scope": "openid statements/write",
        **changes,
    }
    return {name: value for name, value in made.items() if value is not None}


def token(key: Any, kid: str | None = "one", algorithm: str = "RS256", **changes: Any) -> str:
    """A token with `claims(**changes)`."""
    headers = None if kid is None else {"kid": kid}
    return jwt.encode(claims(**changes), key, algorithm=algorithm, headers=headers)


@dataclass
class KeyServer:
    """What the address answers, and how often it was asked."""

    url: str = ""
    keys: list[dict[str, Any]] = field(default_factory=list)
    status: int = 200
    body: bytes | None = None
    asked: int = 0
    go_on: threading.Event = field(default_factory=threading.Event)

    def answer(self) -> bytes:
        """The body of the next answer."""
        return json.dumps({"keys": self.keys}).encode() if self.body is None else self.body


@contextmanager
def key_server(*keys: dict[str, Any]) -> Iterator[KeyServer]:
    """Serve the keys on a free port. Answers wait while `go_on` is cleared."""
    state = KeyServer(keys=list(keys))
    state.go_on.set()

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            state.asked += 1
            body, status = state.answer(), state.status
            state.go_on.wait(10)
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, *_: object) -> None:
            """Nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as server:
        state.url = f"http://127.0.0.1:{server.server_port}/jwks"
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        try:
            yield state
        finally:
            state.go_on.set()
            server.shutdown()
            thread.join()

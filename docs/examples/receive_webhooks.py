"""Takes webhooks at 127.0.0.1, checks who they are from, and prints each event once.

Needs nothing but Python. MARKETPLACE_WEBHOOK_SECRET is the secret, PORT the port (8777).
"""

import hmac
import json
import os
from base64 import b64encode
from contextlib import suppress
from email.message import Message
from http.server import BaseHTTPRequestHandler, HTTPServer
from time import time

SECRET = os.environ["MARKETPLACE_WEBHOOK_SECRET"].encode()
TAKEN: set[str] = set()  # a service keeps the ids of the last days in its database


def is_genuine(headers: Message, body: bytes, secret: bytes) -> bool:
    """Whether a request was signed with the secret within the last five minutes."""
    sent_at = headers["webhook-timestamp"]
    content = f"{headers['webhook-id']}.{sent_at}.".encode() + body
    expected = "v1," + b64encode(hmac.digest(secret, content, "sha256")).decode()
    signed = any(hmac.compare_digest(one, expected) for one in headers["webhook-signature"].split())
    return signed and abs(time() - int(sent_at)) <= 300


class Receiver(BaseHTTPRequestHandler):
    """Answers 204 once an event is taken, 401 to anybody else."""

    def do_POST(self) -> None:
        """Take an event."""
        body = self.rfile.read(int(self.headers["content-length"]))
        try:
            genuine = is_genuine(self.headers, body, SECRET)
        except (AttributeError, TypeError, ValueError):  # without our headers, or with others in their place
            genuine = False
        if genuine and self.headers["webhook-id"] not in TAKEN:
            TAKEN.add(self.headers["webhook-id"])
            event = json.loads(body)
            print(event["type"], event["subject"], event["data"].get("score"), flush=True)
        self.send_response(204 if genuine else 401)
        self.end_headers()

    def log_message(self, *_: object) -> None:
        """Say nothing of requests."""


if __name__ == "__main__":
    with HTTPServer(("127.0.0.1", int(os.environ.get("PORT", "8777"))), Receiver) as server:
        print(f"listening at http://127.0.0.1:{server.server_port}/", flush=True)
        with suppress(KeyboardInterrupt):
            server.serve_forever()

"""What a run of the suite says: its log, counted by what each test does."""

import json
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final, Literal, get_args

Doing = Literal["sends", "reads one statement", "asks for more", "takes no request to tell by"]

_REQUEST = re.compile(r"^(GET|POST|PUT|HEAD|DELETE) (\S+) HTTP", re.MULTILINE)
_BOTH: Final = (False, True)
_STATUS = re.compile(r"^HTTP/1.1 (\d+)", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Result:
    """One test: where it stands in the suite, whether it passed, its requests and the statuses they got."""

    path: tuple[str, ...]
    passed: bool
    error: str
    requests: tuple[tuple[str, str], ...]
    statuses: tuple[str, ...]

    @property
    def doing(self) -> Doing:
        """What the test needs of a receiver; queries and other resources than statements are `more`."""
        if not self.requests:
            return "takes no request to tell by"
        kinds = [_kind(method, address) for method, address in self.requests]
        if "more" in kinds:
            return "asks for more"
        return "reads one statement" if "read" in kinds else "sends"

    @property
    def rejecting(self) -> bool:
        """Whether the last answer was a refusal, which a test that passed had asked for."""
        return bool(self.statuses) and self.statuses[-1] >= "400"


def read_results(log: Path) -> list[Result]:
    """The tests of a log that the suite wrote."""
    return list(_tests(json.loads(log.read_text())["log"], ()))


def table(results: list[Result]) -> Iterator[str]:
    """Lines of a Markdown table: passed of all, accepting and rejecting tests apart."""
    counts = Counter((one.doing, one.rejecting, one.passed) for one in results)
    yield "| what a test does | accepting | rejecting |"
    yield "|---|---|---|"
    for doing in get_args(Doing):
        cells = [
            f"{counts[doing, rejecting, True]} of {sum(counts[doing, rejecting, passed] for passed in _BOTH)}"
            for rejecting in _BOTH
        ]
        yield f"| {doing} | {cells[0]} | {cells[1]} |"


def _kind(method: str, address: str) -> str:
    path, _, query = address.partition("?")
    if path.rstrip("/").endswith("/about"):
        return "send"
    if not path.rstrip("/").endswith("/statements") or method == "DELETE":
        return "more"
    reads = method in ("GET", "HEAD") or "method=GET" in query
    return "send" if not reads else "read" if "tatementId=" in query else "more"


def _tests(node: dict[str, Any], path: tuple[str, ...]) -> Iterator[Result]:
    children = node.get("tests") or []
    if not children:
        text = node.get("log") or ""
        requests = tuple(_REQUEST.findall(text))
        error = str(node.get("error") or "")
        yield Result(path, node["status"] == "passed", error, requests, tuple(_STATUS.findall(text)))
    for child in children:
        yield from _tests(child, (*path, child.get("title") or child.get("name") or ""))

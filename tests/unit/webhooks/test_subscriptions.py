"""The webhooks file: read, or refused with every problem named."""

import re
from pathlib import Path

import pytest

from schemas.errors import ConfigError
from schemas.topics import CATALOGUE
from sinks.webhooks.secrets import read_secrets
from sinks.webhooks.subscriptions import FILTERS, Filters, Subscriptions, check_names, parse_subscriptions
from tests.unit.webhooks.samples import SECRET, subscription

SHIPPED = Path(__file__).parents[3] / "config" / "webhooks.yaml"


def problems(text: str) -> str:
    with pytest.raises(ConfigError) as caught:
        parse_subscriptions(text, "webhooks.yaml")
    return str(caught.value)


def one(**fields: str) -> str:
    """A file of one subscription in JSON, which is YAML."""
    entry = {"id": "a", "url": "https://a.example", "topics": "[scores.alerts]", "secret_env": "A", **fields}
    written = ", ".join(f"{name}: {value}" for name, value in entry.items() if value)
    return f'{{version: "1", subscriptions: [{{{written}}}]}}'


def test_the_file_that_ships_subscribes_nobody_and_its_example_is_valid() -> None:
    text = SHIPPED.read_text("utf-8")
    assert parse_subscriptions(text, "it").subscriptions == ()

    commented = [line[1:] for line in text.splitlines() if re.match(r"#   (- |  )\w+:", line)]
    example = "\n".join(["version: '1'", "subscriptions:", *commented])
    (read,) = parse_subscriptions(example, "the example").subscriptions
    assert (read.id, read.start, read.where) == ("marketplace", "earliest", Filters(role=("data-analyst",)))


def test_filters_are_for_fields_of_topics_of_the_catalogue() -> None:
    assert set(FILTERS) <= {topic.name for topic in CATALOGUE}
    assert {name for names in FILTERS.values() for name in names} == set(Filters.model_fields)


@pytest.mark.parametrize(
    "url", ["https://a.example:8443/x?y=z", "http://127.0.0.1:9", "http://[::1]/", "http://localhost/a"]
)
def test_receivers_speak_https_or_are_on_this_machine(url: str) -> None:
    assert parse_subscriptions(one(url=f'"{url}"'), "it").subscriptions[0].url == url


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"url": "http://10.0.0.7/hooks"}, "must be https"),
        ({"url": "http://127.0.0.1.example.com/"}, "must be https"),
        ({"url": "ftp://a.example"}, "must be an https address"),
        ({"url": '"https:///hooks"'}, "must be an https address"),
        ({"url": '"https://a.example/#x"'}, "must be an https address"),
        ({"url": "https://me:secret@a.example"}, "no user and no password"),
        ({"url": "https://a.example:99999"}, "Port out of range"),
        ({"topics": "[xapi.statements]"}, "scores.readiness"),
        ({"topics": "[]"}, "at least 1 item"),
        ({"where": "{skill: [sql]}"}, "none of the topics has skill to filter by"),
        ({"where": "{status: [ready]}"}, "insufficient_evidence"),
        ({"where": "{colour: [red]}"}, "where.colour"),
        ({"secret_env": ""}, "either secret_env or secret_file"),
        ({"secret_file": "/run/secrets/a"}, "either secret_env or secret_file"),
        ({"id": "A b"}, "subscriptions.0.id"),
        ({"start": "yesterday"}, "'latest' or 'earliest'"),
    ],
    ids=str,
)
def test_what_is_wrong_is_named(fields: dict[str, str], said: str) -> None:
    assert said in problems(one(**fields))


def test_an_id_is_one_subscription() -> None:
    twice = one().replace("[{", "[{id: a, url: https://b.example, topics: [scores.alerts], secret_env: B}, {")
    assert "the id a is used more than once" in problems(twice)


def test_a_filter_for_what_there_is_not_would_never_let_anything_through() -> None:
    wants = subscription(
        topics=("scores.readiness", "skills.levels"), where={"role": ["cook"], "skill": ["sql"]}
    )
    listed = Subscriptions(version="1", subscriptions=(wants,))

    with pytest.raises(ConfigError) as caught:
        check_names(listed, "it", roles=["data-analyst"], skills=["sql"])
    assert caught.value.problems == ("marketplace: there is no role cook",)
    check_names(listed, "it", roles=["cook"], skills=["sql"])


def test_secrets_come_from_a_variable_or_a_file_and_may_be_two(tmp_path: Path) -> None:
    file = tmp_path / "secret"
    file.write_text("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw another-secret-that-is-long\n")
    entries = (subscription(), subscription(id="other", secret_env=None, secret_file=file))

    found = read_secrets(
        Subscriptions(version="1", subscriptions=entries), {"SECRET": SECRET.replace(" ", "-")}, "it"
    )

    assert found["marketplace"] == (SECRET.replace(" ", "-").encode(),)
    assert [len(secret) for secret in found["other"]] == [24, 27]


def test_every_secret_that_is_missing_is_named(tmp_path: Path) -> None:
    entries = (
        subscription(id="none"),
        subscription(id="short", secret_env="SHORT"),
        subscription(id="away", secret_env=None, secret_file=tmp_path / "nothing"),
    )
    with pytest.raises(ConfigError) as caught:
        read_secrets(Subscriptions(version="1", subscriptions=entries), {"SHORT": "short"}, "it")
    assert caught.value.problems == (
        "none: the variable SECRET holds no secret",
        "short: the variable SHORT: each secret needs at least 24 characters",
        f"away: cannot read {tmp_path / 'nothing'}: No such file or directory",
    )

"""How people name somebody, and that an address never leaves the reader."""

import pytest

from readystream.identifiers import Kind, Named, read_identifier
from schemas.errors import ConfigError
from schemas.persona import account_key, canonical_key, email_key, person_id, persona_id

KEY = b"a key for tests alone"


def persona(key: str | None) -> Named:
    return Named(persona_id(KEY, str(key)), Kind.PERSONA)


@pytest.mark.parametrize(
    ("written", "named"),
    [
        ("Ana@Example.com", persona(email_key("ana@example.com"))),
        (" mailto:ana@example.com\n", persona(email_key("ana@example.com"))),
        ("ab" * 20, persona(f"mbox_sha1sum|{'ab' * 20}")),
        ("AB" * 20, persona(f"mbox_sha1sum|{'ab' * 20}")),
        ("https://lms.example.com#u#7", persona(account_key("https://lms.example.com", "u#7"))),
        ("openid:HTTP://id.example", persona(canonical_key({"openid": "http://id.example/"}))),
        ("employee:E1", Named(person_id(KEY, "E1"), Kind.PERSON)),
        ("a2" * 13, Named("a2" * 13, Kind.EITHER)),
    ],
)
def test_each_form_gives_the_id_that_the_pipeline_uses(written: str, named: Named) -> None:
    assert read_identifier(written, KEY) == named


@pytest.mark.parametrize("written", ["", "ana", "ana@", "employee:", "openid:", "ana @example.com", "#u1"])
def test_what_names_nobody_is_refused_and_not_repeated(written: str) -> None:
    with pytest.raises(ConfigError) as refused:
        read_identifier(written, KEY)

    assert "an identifier is none of" in str(refused.value)
    assert not written or "ana @" not in str(refused.value)

"""Canonical keys: the same identifier in another spelling is the same persona, and no other is."""

from hashlib import sha1

import pytest

from schemas.persona import account_key, canonical_key, email_key, email_sha1_key, person_id, persona_id

KEY = b"a tenant's secret key"


@pytest.mark.parametrize(
    ("actor", "key"),
    [
        ({"mbox": "mailto:Lena@Example.COM"}, "mbox|mailto:lena@example.com"),
        ({"mbox": "mailto:zoe\u0308@example.com"}, "mbox|mailto:zo\u00eb@example.com"),
        ({"mbox": "mailto:a@b\u00fccher.example"}, "mbox|mailto:a@xn--bcher-kva.example"),
        ({"mbox_sha1sum": "ABCDEF01" * 5}, "mbox_sha1sum|" + "abcdef01" * 5),
        ({"openid": "HTTPS://ID.Example.com:443/Lena"}, "openid|https://id.example.com/Lena"),
        ({"openid": "https://id.example.com"}, "openid|https://id.example.com/"),
        (
            {"openid": "https://id.example.com/a/./b/../%7elena%2f?x=%c3%bc"},
            "openid|https://id.example.com/a/~lena%2F?x=%C3%BC",
        ),
        ({"openid": "https://id.example.com/a/b/.."}, "openid|https://id.example.com/a/"),
        (
            {"account": {"homePage": "http://LMS.example.com:80/a", "name": "Student1"}},
            "account|http://lms.example.com/a\x1fStudent1",
        ),
        ({"openid": "http://[no.address]/"}, "openid|http://[no.address]/"),
        ({"objectType": "Group", "member": []}, None),
    ],
)
def test_canonical_key(actor: dict[str, object], key: str | None) -> None:
    assert canonical_key(actor) == key


def test_home_page_is_part_of_an_account() -> None:
    assert account_key("https://a.example", "student1") != account_key("https://b.example", "student1")


def test_sha1_is_of_the_whole_mailto_iri() -> None:
    digest = sha1(b"mailto:lena@example.com", usedforsecurity=False).hexdigest()
    assert email_sha1_key("Lena@example.com") == f"mbox_sha1sum|{digest}"


def test_ids_are_pseudonyms_of_26_characters() -> None:
    first = persona_id(KEY, email_key("lena@example.com"))
    assert len(first) == 26
    assert first == persona_id(KEY, email_key("LENA@example.com"))
    assert first != persona_id(b"another tenant's key", email_key("lena@example.com"))
    assert "|" not in first


def test_person_and_persona_never_meet() -> None:
    assert person_id(KEY, "4711") != persona_id(KEY, "4711")

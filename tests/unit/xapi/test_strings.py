"""Strings with a format: IRIs, language tags, UUIDs, e-mail addresses, sums, media types."""

import string
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.unit.xapi.samples import FULL, MINIMAL, place, pointers

IRIS = [
    "http://example.com",
    "https://example.com:8443/a/b;c=1?q=%20x#frag",
    "block-v1:edX+DemoX+2026+type@problem+block@abc",
    "urn:uuid:fd41c918-b88b-4b20-a0a5-a4c32391aaa0",
    "tag:adlnet.gov,2013:expapi:0.9:activities:attempt",
    "mailto:ana@example.com",
    "act:1",
    "http://[2001:db8::1]:80/",
    "http://пример.example/путь",
    "http://例え.jp/パス?クエリ#フラグ",
    "x:",
]
NOT_IRIS = [
    "",
    "ab=c://should.fail.com",
    "/relative",
    "relative",
    "//example.com/x",
    "#fragment",
    "1http://example.com",
    "http://exa mple.com/",
    "http://example.com/<x>",
    'http://example.com/"x"',
    "http://example.com/{x}",
    "http://example.com/%zz",
    "http://example.com/a\nb",
    "http://example.com/\n",
    "http://example.com/\ud7ff\ufffe",
    " http://example.com",
]
TAGS = [
    "en",
    "en-US",
    "de-CH-1996",
    "zh-Hant-TW",
    "es-419",
    "sl-rozaj-biske",
    "x-private",
    "i-klingon",
    "und",
]
TAGS += ["en-u-ca-gregory", "zh-cmn-Hans-CN", "en-US-x-twain", "art-lojban", "en-GB-oed"]
NOT_TAGS = [
    "",
    "a",
    "a12345678",
    "a12345",
    "something",
    "en_US",
    "en-",
    "-en",
    "en-USA-",
    "en US",
    "1n",
    "en--US",
]
MBOXES = ["mailto:a@b.example", "mailto:ana.o'neil+tag@sub.example.com", "MAILTO:a@b.example"]
MBOXES += ["mailto:жанна@пример.example", "mailto:a%b@example.com"]
NOT_MBOXES = ["", "a@b.example", "mailto:should.fail.com", "http://should.fail.com", "mailto:@b.example"]
NOT_MBOXES += ["mailto:a@", "mailto:a b@c.example", "mailto:a@b@c.example", "mailto:a@b.example?subject=x"]
NOT_MBOXES += ["mailto: a@b.example", "mailto:a@b.example\n"]
MEDIA_TYPES = ["text/plain", "application/vnd.api+json", 'text/plain; charset="utf-8"', "video/mp4;codecs=x"]
NOT_MEDIA_TYPES = ["", "text", "text/", "/plain", "text plain", "text/plain\n", "a/b/c"]


@pytest.mark.parametrize("value", IRIS)
def test_iris(value: str) -> None:
    assert pointers(place(MINIMAL, "/verb/id", value)) == []


@pytest.mark.parametrize("value", NOT_IRIS)
def test_not_iris(value: str) -> None:
    assert pointers(place(MINIMAL, "/verb/id", value)) == ["/verb/id"]


@pytest.mark.parametrize(
    "pointer",
    [
        "/object/id",
        "/object/definition/type",
        "/object/definition/moreInfo",
        "/actor/account/homePage",
        "/context/instructor/openid",
        "/attachments/0/usageType",
        "/attachments/0/fileUrl",
    ],
)
def test_iris_are_asked_for_everywhere(pointer: str) -> None:
    assert pointers(place(FULL, pointer, "ab=c://should.fail.com")) == [pointer]


@pytest.mark.parametrize("parent", ["/object/definition", "/result", "/context"])
def test_extension_keys_are_iris(parent: str) -> None:
    wrong = place(FULL, f"{parent}/extensions", {"should fail": 1, "https://example.com/a~/b": 1})
    assert pointers(wrong) == [f"{parent}/extensions/should fail"]


@pytest.mark.parametrize("tag", TAGS)
def test_language_tags(tag: str) -> None:
    assert pointers(place(FULL, "/context/language", tag)) == []
    assert pointers(place(MINIMAL, "/verb/display", {tag: "x"})) == []


@pytest.mark.parametrize("tag", NOT_TAGS)
def test_not_language_tags(tag: str) -> None:
    assert pointers(place(FULL, "/context/language", tag)) == ["/context/language"]
    assert pointers(place(MINIMAL, "/verb/display", {tag: "x"})) == [f"/verb/display/{tag}"]


@given(st.uuids(), st.sampled_from([str.upper, str.lower]))
def test_uuids_of_any_version_and_case(uuid: UUID, case: object) -> None:
    assert callable(case)
    assert pointers(MINIMAL | {"id": case(str(uuid))}) == []


@pytest.mark.parametrize(
    "value",
    [
        "",
        "AA97B177-9383-4934-8543-0F91A7A028368",
        "MA97B177-9383-4934-8543-0F91A7A02836",
        "fd41c918b88b4b20a0a5a4c32391aaa0",
        "{fd41c918-b88b-4b20-a0a5-a4c32391aaa0}",
        "urn:uuid:fd41c918-b88b-4b20-a0a5-a4c32391aaa0",
        "fd41c918-b88b-4b20-a0a5-a4c32391aaa0\n",
    ],
)
@pytest.mark.parametrize("pointer", ["/id", "/context/registration", "/context/statement/id"])
def test_not_uuids(pointer: str, value: str) -> None:
    assert pointers(place(FULL, pointer, value)) == [pointer]


@pytest.mark.parametrize("value", MBOXES)
def test_mboxes(value: str) -> None:
    assert pointers(MINIMAL | {"actor": {"mbox": value}}) == []


@pytest.mark.parametrize("value", NOT_MBOXES)
def test_not_mboxes(value: str) -> None:
    assert pointers(MINIMAL | {"actor": {"mbox": value}}) == ["/actor/mbox"]


@given(st.text(alphabet=string.hexdigits, min_size=38, max_size=42))
def test_sha1_sums_have_forty_digits(digits: str) -> None:
    expected = [] if len(digits) == 40 else ["/actor/mbox_sha1sum"]
    assert pointers(MINIMAL | {"actor": {"mbox_sha1sum": digits}}) == expected


@pytest.mark.parametrize("length", [0, 40, 55, 63, 65, 127])
def test_other_lengths_are_no_sha2(length: int) -> None:
    assert pointers(place(FULL, "/attachments/0/sha2", "a" * length)) == ["/attachments/0/sha2"]


@pytest.mark.parametrize("length", [56, 64, 96, 128])
def test_sha2_sums(length: int) -> None:
    assert pointers(place(FULL, "/attachments/0/sha2", "aB" * (length // 2))) == []


@pytest.mark.parametrize("value", MEDIA_TYPES)
def test_media_types(value: str) -> None:
    assert pointers(place(FULL, "/attachments/0/contentType", value)) == []


@pytest.mark.parametrize("value", NOT_MEDIA_TYPES)
def test_not_media_types(value: str) -> None:
    assert pointers(place(FULL, "/attachments/0/contentType", value)) == ["/attachments/0/contentType"]

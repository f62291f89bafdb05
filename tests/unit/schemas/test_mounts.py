"""The text form of mounts."""

import pytest

from schemas.mounts import Mount, parse_mounts


def test_a_mount_speaks_both_lines_unless_it_names_one() -> None:
    assert parse_mounts("/xapi, /data/xAPI=1.0 ,/v2=2.0,/all=2.0+1.0") == (
        Mount("/xapi", ("1.0", "2.0")),
        Mount("/data/xAPI", ("1.0",)),
        Mount("/v2", ("2.0",)),
        Mount("/all", ("1.0", "2.0")),
    )


@pytest.mark.parametrize(
    "text",
    ["", "xapi", "/xapi/", "/", "/xapi=", "/xapi=1.1", "/xapi=1.0+", "/a,/a", "/a,", "/a b", "/a=1.0=2.0"],
)
def test_what_is_no_mount(text: str) -> None:
    with pytest.raises(ValueError, match=r"is not PREFIX|is none of|given twice"):
        parse_mounts(text)

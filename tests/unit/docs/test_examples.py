"""What the documentation tells people to write is what files here take. `tests/unit/cli` tries commands."""

import json
import re

from dashboards.sql_text import parse as parse_sql
from lrs_adapter.access.credentials import parse_credentials
from lrs_adapter.pull.sources import parse_sources
from schemas.role_profiles import parse_role_profiles
from schemas.skill_map import parse_skill_map
from tests.documents import ROOT, blocks, pages

HOW_TO = sorted((ROOT / "docs" / "how-to").glob("*.md"))


def test_every_make_target_exists() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE))
    typed = [block.text for page in pages() for block in blocks(page) if block.language == "sh"]
    named = {name for text in typed for name in re.findall(r"^make ([a-z-]+)", text, re.MULTILINE)}

    assert named <= targets
    assert len(named) > 5


def test_examples_of_files_are_read() -> None:
    skill_map = parse_skill_map((ROOT / "config" / "skill-map.yaml").read_text("utf-8"))
    secret = {"ACADEMY_LRS_SECRET": "a secret"}
    examples = _examples()

    assert parse_skill_map(examples["write-a-skill-map", "yaml"]).mappings
    assert parse_role_profiles(examples["add-a-role", "yaml"], skill_map).roles
    assert parse_sources(examples["pull-from-an-lrs", "yaml"], secret, "the page")
    assert parse_credentials(examples["connect", "json"], "the page").credentials
    assert parse_sql(examples["add-a-panel", "sql"]).header["title"]
    ralph = examples["connect-ralph", "json"]
    assert parse_credentials(f'{{"credentials": [{ralph}]}}', "the page").credentials[0].accept_good


def _examples() -> dict[tuple[str, str], str]:
    """The last block of each language on each how-to page, with a whole hash where a page shortens one."""
    whole = json.loads((ROOT / "config" / "credentials.json").read_text("utf-8"))["credentials"][0]["secret"]
    return {
        (page.stem, block.language): block.text.replace("scrypt$14$8$1$…", whole)
        for page in HOW_TO
        for block in blocks(page)
    }

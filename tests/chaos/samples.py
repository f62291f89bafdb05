"""A log in miniature for the tests of the recount."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import orjson

from tests.chaos.catalogue import SkillCatalogue
from tests.chaos.log import AcceptedLog, Logged

TODAY = date(2026, 6, 30)
NOON = datetime(2026, 6, 30, 12, tzinfo=UTC)
ADL = "http://adlnet.gov/expapi/verbs/"

CATALOGUE = SkillCatalogue(
    map={
        "version": "1",
        "skills": [{"id": "sql", "half_life_days": 365}],
        "mappings": [
            {"activity": "https://example.com/*", "skill": "sql", "confidence": 1.0, "reviewed": True},
            {
                "activity": "https://example.com/certificate/*",
                "skill": "sql",
                "confidence": 1.0,
                "reviewed": True,
                "evidence_class": "credential",
            },
        ],
    },
    profiles={
        "version": "1",
        "roles": [
            {"id": "analyst", "skills": [{"skill": "sql", "required": 65, "weight": 1, "critical": True}]}
        ],
    },
)


def said(number: int, verb: str, activity: str = "", days_ago: int = 0, **more: Any) -> dict[str, Any]:
    """A statement of Lena's; `activity` is one of its own unless given."""
    return {
        "id": str(number),
        "actor": {"mbox": "mailto:lena@example.com"},
        "verb": {"id": ADL + verb},
        "object": {"id": f"https://example.com/{activity or number}"},
        "timestamp": (NOON - timedelta(days=days_ago)).isoformat(),
        **more,
    }


def judged(number: int, scaled: float, activity: str = "", days_ago: int = 0) -> dict[str, Any]:
    """A test of Lena's."""
    return said(number, "scored", activity, days_ago, result={"score": {"scaled": scaled}})


def voided(number: int, target: int) -> dict[str, Any]:
    """A statement that voids another one."""
    return said(number, "voided", object={"objectType": "StatementRef", "id": str(target)})


def linked(person: str, rule: str = "email", action: str = "link", **more: Any) -> dict[str, Any]:
    """Something said about whom Lena's address belongs to."""
    link = {"persona_id": "lena", "person_id": person, "action": action, "rule": rule, "source": "hr"}
    return {**link, "valid_from": 0, "valid_to": None, **more}


def log(*statements: dict[str, Any], links: tuple[dict[str, Any], ...] = ()) -> AcceptedLog:
    """A log of one partition."""
    records = [Logged(0, offset, _accepted(statement)) for offset, statement in enumerate(statements)]
    return AcceptedLog(records, [Logged(0, offset, link) for offset, link in enumerate(links)])


def _accepted(statement: dict[str, Any]) -> dict[str, Any]:
    return {
        "statement_id": statement["id"],
        "persona_id": "lena",
        "statement": orjson.dumps(statement),
        "stored_at": int(NOON.timestamp() * 1_000_000),
        "credential": "lms",
        "voids": statement["object"]["id"] if statement["verb"]["id"] == ADL + "voided" else "",
        "copy": False,
    }

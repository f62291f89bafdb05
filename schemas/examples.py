"""One example of each topic's record: for documentation, tests and consumers who want to see one."""

from typing import Any

from schemas.topics import (
    ALERTS,
    AUDIT,
    DEAD_LETTERS,
    ENGAGEMENT,
    EVENTS,
    LINKS,
    PERSONA_STATE,
    READINESS,
    SKILLS,
    STATEMENTS,
)

_PERSONA = "k3v5q2m7x4r6t8w9y1z3b5d7fa"
_PERSON = "p7n5l3j1h9g8f6d4s2a1q3w5ea"
_STATEMENT = "6690e6c9-3ef0-4ed3-8b37-7f3964730bee"
_DELIVERY = "0198c1f4-7c7b-7c52-9c1c-5b1f0e6f2a11"
_ACTIVITY = "https://learn.example.com/cmi5/sql-basics"
_RECEIVED = 1_793_620_800_000_000
_DAY = 20_759

_EVIDENCE = {
    "skill": "data-analysis",
    "evidence_class": "assessed",
    "activity": _ACTIVITY,
    "day": _DAY,
    "event_ms": 1_793_577_600_000 + 36_000_000,
    "statement_id": _STATEMENT,
    "weight": 1_800_000,
    "outcome": 1_620_000,
    "mapping": "2026.1",
    "reviewed": True,
}
_TOP_EVIDENCE = {
    "statement_id": _STATEMENT,
    "persona_id": _PERSONA,
    "evidence_class": "assessed",
    "activity": _ACTIVITY,
    "day": _DAY,
    "contribution": 31.2,
}


def _window(days: int, active_days: int, minutes: int, score: float) -> dict[str, Any]:
    return {
        "days": days,
        "active_days": active_days,
        "active_minutes": minutes,
        "statements": active_days * 6,
        "completions": 1,
        "passes": 1,
        "fails": 0,
        "sessions": active_days,
        "score": score,
    }


EXAMPLES: dict[str, dict[str, Any]] = {
    STATEMENTS.name: {
        "statement_id": _STATEMENT,
        "persona_id": _PERSONA,
        "statement": (
            b'{"id":"6690e6c9-3ef0-4ed3-8b37-7f3964730bee","actor":{"mbox":"mailto:lena@example.com"},'
            b'"verb":{"id":"http://adlnet.gov/expapi/verbs/passed"},'
            b'"object":{"id":"https://learn.example.com/cmi5/sql-basics"},'
            b'"result":{"success":true,"score":{"scaled":0.9}},"timestamp":"2026-11-02T10:00:00Z"}'
        ),
        "received_at": _RECEIVED,
        "stored_at": _RECEIVED,
        "credential": "lms",
        "source": "http",
        "xapi_version": "1.0.3",
        "correlation_id": _DELIVERY,
        "voids": "",
        "copy": False,
    },
    LINKS.name: {
        "persona_id": _PERSONA,
        "person_id": _PERSON,
        "action": "link",
        "rule": "email",
        "source": "people.csv",
        "confidence": 0.9,
        "valid_from": 20_000,
        "valid_to": None,
        "actor": "identity-import",
        "reason": "work e-mail of the HR feed",
        "recorded_at": _RECEIVED,
        "correlation_id": _DELIVERY,
    },
    EVENTS.name: {
        "statement_id": _STATEMENT,
        "persona_id": _PERSONA,
        "person_id": _PERSON,
        "verb": "http://adlnet.gov/expapi/verbs/passed",
        "verb_class": "assessed",
        "activity": _ACTIVITY,
        "activity_name": "SQL basics",
        "registration": "",
        "event_time": _DAY * 86_400_000_000 + 36_000_000_000,
        "skewed": False,
        "stored_at": _RECEIVED,
        "received_at": _RECEIVED,
        "slots": [{"day": _DAY, "first": 120, "last": 120}],
        "time_source": "slots",
        "completions": 0,
        "passes": 1,
        "fails": 0,
        "sessions": 0,
        "evidence": [_EVIDENCE],
        "voided": False,
        "credential": "lms",
        "origin_partition": 2,
        "origin_offset": 41,
        "origin_epoch": 0,
        "version": 42,
        "correlation_id": _DELIVERY,
    },
    PERSONA_STATE.name: {
        "person_id": _PERSON,
        "persona_id": _PERSONA,
        "cell": {
            "day": _DAY,
            "slots": (1 << 120).to_bytes(36, "little"),
            "statements": 1,
            "completions": 0,
            "passes": 1,
            "fails": 0,
            "sessions": 0,
            "time_source": "slots",
        },
        "link_version": 7,
        "version": 42,
        "correlation_id": _DELIVERY,
    },
    ENGAGEMENT.name: {
        "person_id": _PERSON,
        "as_of": _DAY,
        "label": "active",
        "trend": 0.2,
        "last_active_day": _DAY,
        "time_source": "cmi5",
        "windows": [
            _window(7, 2, 95, 82.1),
            _window(30, 9, 410, 90.3),
            _window(90, 21, 980, 84.6),
            _window(180, 30, 1_400, 76.9),
        ],
        "version": 2_818_048,
        "correlation_id": _DELIVERY,
    },
    SKILLS.name: {
        "person_id": _PERSON,
        "skill": "data-analysis",
        "as_of": _DAY,
        "level": 56.2,
        "confidence": 0.47,
        "low": 26.1,
        "high": 84.0,
        "evidence_count": 1,
        "unreviewed_share": 0.0,
        "top_evidence": [_TOP_EVIDENCE],
        "mapping": "2026.1",
        "model": "beta-1",
        "version": 2_818_048,
        "correlation_id": _DELIVERY,
    },
    READINESS.name: {
        "person_id": _PERSON,
        "role": "data-analyst",
        "profile": "2026.1",
        "mapping": "2026.1",
        "model": "beta-1",
        "as_of": _DAY,
        "score": 69.0,
        "low": 40.0,
        "high": 90.0,
        "confidence": 0.47,
        "status": "developing",
        "blocked_by": ["data-analysis"],
        "gaps": [
            {
                "skill": "data-analysis",
                "level": 56.2,
                "required": 70.0,
                "gap": 13.8,
                "priority": 0.59,
                "confidence": 0.47,
                "critical": True,
            }
        ],
        "top_evidence": [_TOP_EVIDENCE],
        "raise_most": "data-analysis",
        "version": 2_818_048,
        "correlation_id": _DELIVERY,
    },
    ALERTS.name: {
        "alert_id": f"{_PERSON}|data-analyst|1",
        "person_id": _PERSON,
        "role": "data-analyst",
        "score": 71.4,
        "status": "candidate",
        "confidence": 0.66,
        "profile": "2026.1",
        "as_of": _DAY,
        "version": 2_818_048,
        "correlation_id": _DELIVERY,
    },
    AUDIT.name: {
        "kind": "moved",
        "persona_id": _PERSONA,
        "person_id": _PERSON,
        "other_person_id": _PERSONA,
        "rule": "email",
        "other_rule": "",
        "source": "people.csv",
        "version": 7,
        "correlation_id": _DELIVERY,
    },
    DEAD_LETTERS.name: {
        "reason": "conflict",
        "where": "persona",
        "detail": "this id was used before for a statement that says something else",
        "topic": STATEMENTS.name,
        "partition": 2,
        "offset": 57,
        "epoch": 0,
        "key": _PERSONA.encode(),
        "value": b"\x00",
        "attempt": 1,
        "failed_at": _RECEIVED,
        "correlation_id": _DELIVERY,
    },
}

"""Examples for the published description: what a sender writes, and what a refusal looks like."""

import json
from typing import Any

from schemas.examples import EXAMPLES
from schemas.topics import STATEMENTS

STATEMENT_EXAMPLE: dict[str, Any] = json.loads(EXAMPLES[STATEMENTS.name]["statement"])

PROBLEM_EXAMPLE: dict[str, Any] = {
    "type": "urn:readystream:problem:invalid-statement",
    "title": "A statement is not valid.",
    "status": 400,
    "detail": "1 fault(s) in statement(s) 0, counted from 0. Nothing was kept.",
    "correlation_id": "0198c1f47c7b7c529c1c5b1f0e6f2a11",
    "fault_count": 1,
    "faults": [
        {
            "statement": 0,
            "pointer": "/verb/id",
            "message": "must be an IRI with a scheme (RFC 3987)",
            "value": '"passed"',
            "section": "IEEE 9274.1.1 4.2.7; xAPI 1.0.3 Data 4.3",
        }
    ],
}

HR_EVENT_EXAMPLE: dict[str, Any] = {
    "type": "change",
    "effective_date": "2026-03-01",
    "employee": {"employee_id": "E1", "emails": ["ana.costa@example.com"], "hire_date": "2024-05-01"},
    "previous": {"employee_id": "E1", "emails": ["ana@example.com"], "hire_date": "2024-05-01"},
}

"""The published description, held against the receiver by Schemathesis."""

import asyncio
from base64 import b64encode
from collections.abc import Iterator
from typing import Any

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from hypothesis import strategies as st
from schemathesis.checks import not_a_server_error
from schemathesis.core.result import Ok
from schemathesis.generation import GenerationMode
from schemathesis.specs.openapi.checks import response_schema_conformance, status_code_conformance

from readystream.topics import create_topics
from schemas.topics import DEAD_LETTERS, LINKS, STATEMENTS
from tests.contract.adapter_kit import SECRET, Adapter, is_ready, serving, settings_for, until
from tests.services.kafka import PARTITIONS, Kafka

# Schemathesis itself draws from `random` within its strategies.
pytestmark = pytest.mark.filterwarnings("ignore::hypothesis.errors.HypothesisDeprecationWarning")

Case = schemathesis.Case[Any]
EXAMPLES = settings().max_examples // 20
CHECKS = [not_a_server_error, status_code_conformance, response_schema_conformance]
AUTHORIZATION = "Basic " + b64encode(f"lenient:{SECRET}".encode()).decode()


@pytest.fixture(scope="module")
def adapter(kafka: Kafka, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Adapter]:
    asyncio.run(create_topics(kafka.bootstrap, [STATEMENTS, DEAD_LETTERS, LINKS], PARTITIONS, replication=1))
    home = tmp_path_factory.mktemp("schema")
    served = settings_for(
        kafka, home, hr_webhook_secrets="the-secret-of-these-tests", hr_nonces_dir=home / "n"
    )
    with serving(served, kafka) as adapter:
        until(lambda: is_ready(adapter), 20)
        yield adapter


@pytest.mark.parametrize("mode", [GenerationMode.POSITIVE, GenerationMode.NEGATIVE], ids=["right", "wrong"])
def test_every_operation_answers_as_described(adapter: Adapter, mode: GenerationMode) -> None:
    schema = schemathesis.openapi.from_url(f"{adapter.url}/openapi.json")
    operations = [found.ok() for found in schema.get_all_operations() if isinstance(found, Ok)]
    for operation in operations:
        if mode is GenerationMode.POSITIVE or operation.body:
            _hold(adapter, operation.as_strategy(generation_mode=mode))
    assert len(operations) >= 5


def _hold(adapter: Adapter, cases: st.SearchStrategy[Case]) -> None:
    @settings(
        max_examples=EXAMPLES,
        deadline=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
    )
    @given(cases)
    def holds(case: Case) -> None:
        response = case.call(base_url=adapter.url, headers={"Authorization": AUTHORIZATION})
        case.validate_response(response, checks=CHECKS)

    holds()

"""Schemathesis asks the query-result Lambda everything that the OpenAPI document allows, and much that it does not."""

from collections import Counter
from typing import Any

import pytest
import schemathesis
from schemathesis.engine import events, from_schema
from schemathesis.openapi.checks import RejectedPositiveData

from tests.contract.adapter import QueryResultApi
from tests.unit.lambdas.support import tables

EXAMPLES = 40
OPERATIONS = {"POST /query/user", "POST /query/marketing", "POST /query/fail", "GET /health"}


def filter_failure(context: Any, failure: Any, case: Any, response: Any) -> bool:
    """A made-up next_token fits the schema, and is rightly refused all the same: a token is opaque."""
    is_refused_token = response.status_code == 400 and response.json().get("field") == "next_token"
    return not (is_refused_token and isinstance(failure, RejectedPositiveData))


@pytest.fixture
def api(dynamodb: Any, document: dict[str, Any]) -> Any:
    """The Lambda behind its document, over a table that holds something."""
    tables.fill(dynamodb, [tables.item(created_at=time, ap_id="web", marketing_id="m") for time in range(30)])
    schema = schemathesis.openapi.from_wsgi("/openapi.json", QueryResultApi(document))
    schema.hook(filter_failure)
    schema.config.generation.update(max_examples=EXAMPLES)
    return schema


def test_every_answer_is_as_the_document_says(api: Any) -> None:
    asked: Counter[str] = Counter()
    complaints = []
    for event in from_schema(api).execute():
        if isinstance(event, (events.NonFatalError, events.FatalError)):
            complaints.append(str(event))
        if isinstance(event, events.ScenarioFinished):
            asked[event.recorder.label] += len(event.recorder.cases)
            checks = [check for checks in event.recorder.checks.values() for check in checks]
            complaints += [f"{event.recorder.label}: {c.failure_info.failure}" for c in checks if c.failure_info]
    assert complaints == []
    assert all(asked[operation] for operation in OPERATIONS), asked

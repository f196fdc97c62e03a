"""The document stays inside what API Gateway can import, and says the names that are binding."""

from collections.abc import Iterator
from typing import Any

import jsonschema
import pytest

# https://docs.aws.amazon.com/apigateway/latest/developerguide/api-gateway-known-issues.html
NOT_IMPORTABLE = {"nullable", "example", "examples", "oneOf", "anyOf", "discriminator", "readOnly", "exclusiveMinimum"}
OPERATIONS = {("/query/user", "post"), ("/query/marketing", "post"), ("/query/fail", "post"), ("/health", "get")}


def keys(value: Any) -> Iterator[str]:
    """Every key anywhere in a document."""
    if isinstance(value, dict):
        yield from value
    for part in value.values() if isinstance(value, dict) else value if isinstance(value, list) else ():
        yield from keys(part)


def test_title_version_and_operations_are_the_required_ones(document: dict[str, Any]) -> None:
    assert (document["info"]["title"], document["info"]["version"]) == ("Internal Query API", "1.0.0")
    assert {(path, method) for path, item in document["paths"].items() for method in item} == OPERATIONS


def test_nothing_is_used_that_api_gateway_cannot_import(document: dict[str, Any]) -> None:
    assert NOT_IMPORTABLE.isdisjoint(keys(document))
    assert all(name.isalnum() for name in document["components"]["schemas"])


def test_every_answer_has_a_status_of_its_own(document: dict[str, Any]) -> None:
    statuses = {s for item in document["paths"].values() for operation in item.values() for s in operation["responses"]}
    assert all(status.isdigit() for status in statuses)


def test_every_schema_is_a_valid_draft_4_schema(document: dict[str, Any]) -> None:
    for schema in document["components"]["schemas"].values():
        jsonschema.Draft4Validator.check_schema(schema)


@pytest.mark.parametrize("kind", ["BAD_REQUEST_BODY", "BAD_REQUEST_PARAMETERS"])
def test_the_gateways_own_refusal_says_what_is_wrong(document: dict[str, Any], kind: str) -> None:
    template = document["x-amazon-apigateway-gateway-responses"][kind]["responseTemplates"]["application/json"]
    assert '"message": "$context.error.validationErrorString"' in template
    assert '"correlation_id": "$context.requestId"' in template


def test_the_body_of_every_operation_is_validated(document: dict[str, Any]) -> None:
    validator = document["x-amazon-apigateway-request-validators"][document["x-amazon-apigateway-request-validator"]]
    assert validator == {"validateRequestBody": True, "validateRequestParameters": True}

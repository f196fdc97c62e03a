"""The OpenAPI document, the handler's models and the query-result Lambda accept and refuse the same bodies."""

import json
from typing import Any

import jsonschema
import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import BaseModel, ValidationError
from query_handler import models
from query_result import request
from query_result.errors import InvalidRequestError

QUERIES: list[tuple[str, str, type[BaseModel]]] = [
    ("UserQuery", "user_id", models.UserQuery),
    ("MarketingQuery", "marketing_id", models.MarketingQuery),
    ("FailQuery", "transaction_id", models.FailQuery),
]
FIELDS = ["user_id", "marketing_id", "transaction_id", "limit", "next_token", "ap_id", "other"]
TEXT = st.text(st.characters(exclude_categories=["Cs"]), max_size=4)
AT_THE_EDGES = st.sampled_from([0, 1, 100, 101, "", "x" * 256, "x" * 257, "x" * 4096, "x" * 4097, "\U0001f600" * 256])
ANY_VALUE = (
    AT_THE_EDGES | st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | TEXT
)
ANY_VALUE |= st.lists(TEXT, max_size=2) | st.dictionaries(TEXT, TEXT, max_size=2)


def bodies(id_field: str) -> st.SearchStrategy[Any]:
    """Nearly right objects, any objects, and any JSON."""
    nearly = st.fixed_dictionaries(
        {id_field: TEXT | ANY_VALUE},
        optional={"limit": st.integers(-1, 102) | ANY_VALUE, "next_token": TEXT | ANY_VALUE, "ap_id": TEXT | ANY_VALUE},
    )
    return nearly | st.dictionaries(st.sampled_from(FIELDS), ANY_VALUE) | ANY_VALUE


def document_accepts(document: dict[str, Any], name: str, body: Any) -> bool:
    return jsonschema.Draft4Validator(document["components"]["schemas"][name]).is_valid(body)


def model_accepts(model: type[BaseModel], body: Any) -> bool:
    try:
        model.model_validate(body)
    except ValidationError:
        return False
    return True


def lambda_accepts(id_field: str, body: Any) -> bool:
    try:
        request.parse(json.dumps(body), id_field)
    except InvalidRequestError:
        return False
    return True


@pytest.mark.parametrize(("name", "id_field", "model"), QUERIES)
@given(data=st.data())
def test_all_three_judge_alike(
    document: dict[str, Any], name: str, id_field: str, model: type[BaseModel], data: st.DataObject
) -> None:
    body = data.draw(bodies(id_field))
    verdict = document_accepts(document, name, body)
    assert (model_accepts(model, body), lambda_accepts(id_field, body)) == (verdict, verdict)


@pytest.mark.parametrize(("name", "id_field", "model"), QUERIES)
@pytest.mark.parametrize(
    ("field", "accepted", "refused"),
    [
        ("id", ["x", "x" * 256, "\U0001f600" * 256], ["", "x" * 257, None, 1]),
        ("ap_id", ["x", "x" * 256], ["", "x" * 257, None, 1]),
        ("next_token", ["x", "x" * 4096], ["", "x" * 4097, None, 1]),
        ("limit", [1, 10, 100], [0, 101, -1, 10.0, "10", True, None]),
        ("other", [], ["x"]),
    ],
)
def test_all_three_draw_the_same_lines(
    document: dict[str, Any],
    name: str,
    id_field: str,
    model: type[BaseModel],
    field: str,
    accepted: list[Any],
    refused: list[Any],
) -> None:
    for value, expected in [(value, True) for value in accepted] + [(value, False) for value in refused]:
        body = {id_field: "x"} | {id_field if field == "id" else field: value}
        verdicts = document_accepts(document, name, body), model_accepts(model, body), lambda_accepts(id_field, body)
        assert verdicts == (expected, expected, expected), value


@pytest.mark.parametrize(("name", "id_field", "model"), QUERIES)
def test_they_have_the_same_fields_and_default(
    document: dict[str, Any], name: str, id_field: str, model: type[BaseModel]
) -> None:
    properties = document["components"]["schemas"][name]["properties"]
    assert set(properties) == set(model.model_fields)
    defaults = {properties["limit"]["default"], model.model_fields["limit"].default, request.LIMIT_DEFAULT}
    assert defaults == {10}

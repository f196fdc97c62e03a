import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from query_result import request
from query_result.errors import InvalidRequestError


def refused(body: str) -> InvalidRequestError:
    with pytest.raises(InvalidRequestError) as caught:
        request.parse(body, "user_id")
    return caught.value


def test_only_the_id_is_needed() -> None:
    assert request.parse('{"user_id": "u"}', "user_id") == request.Request("u", limit=10)


def test_every_field_is_read() -> None:
    body = '{"user_id": "u", "limit": 100, "next_token": "t", "ap_id": "web-portal-001"}'
    assert request.parse(body, "user_id") == request.Request("u", 100, "t", "web-portal-001")


def test_ids_may_have_256_characters_of_any_script() -> None:
    assert request.parse(json.dumps({"user_id": "한" * 256}), "user_id").id_value == "한" * 256


@pytest.mark.parametrize(
    ("body", "field"),
    [
        ("{}", "user_id"),
        ('{"user_id": ""}', "user_id"),
        ('{"user_id": 5}', "user_id"),
        ('{"user_id": null}', "user_id"),
        (json.dumps({"user_id": "u" * 257}), "user_id"),
        ('{"user_id": "\\ud800"}', "user_id"),
        ('{"user_id": "u", "limit": 0}', "limit"),
        ('{"user_id": "u", "limit": 101}', "limit"),
        ('{"user_id": "u", "limit": true}', "limit"),
        ('{"user_id": "u", "limit": 10.0}', "limit"),
        ('{"user_id": "u", "limit": "10"}', "limit"),
        ('{"user_id": "u", "limit": null}', "limit"),
        ('{"user_id": "u", "limit": 1e400}', "limit"),
        ('{"user_id": "u", "limit": %s}' % ("9" * 4000), "limit"),
        ('{"user_id": "u", "limit": %s}' % ("9" * 5000), "body"),
        ('{"user_id": "u", "limit": NaN}', "body"),
        ('{"user_id": "u", "ap_id": ""}', "ap_id"),
        ('{"user_id": "u", "ap_id": ["a"]}', "ap_id"),
        ('{"user_id": "u", "next_token": ""}', "next_token"),
        ('{"user_id": "u", "transaction_id": "t"}', "transaction_id"),
        ('{"user_id": "u", "user_id": "v"}', "user_id"),
        ('{"user_id": "u"', "body"),
        ("", "body"),
        ("[]", "body"),
        ('"user_id"', "body"),
        ("null", "body"),
        ("[" * 100_000, "body"),
    ],
)
def test_a_wrong_body_is_refused_by_the_name_of_its_field(body: str, field: str) -> None:
    assert refused(body).field == field


def test_a_refusal_lists_the_fields_that_are_known() -> None:
    assert "use ap_id, limit, next_token, user_id" in str(refused('{"user_id": "u", "cursor": 1}'))


def test_an_unknown_field_is_shown_short_and_printable() -> None:
    assert refused(json.dumps({"\x1b[31m한" + "x" * 500: 1})).field.isprintable()


@given(st.text())
def test_any_text_is_a_request_or_a_refusal(body: str) -> None:
    try:
        request.parse(body, "user_id")
    except InvalidRequestError as error:
        assert error.field  # noqa: PT017 - text that happens to be a request is fine too


@given(
    st.dictionaries(
        st.sampled_from(["user_id", "limit", "ap_id", "next_token", "x"]),
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    )
)
def test_any_object_is_a_request_or_a_refusal_that_names_one_of_its_fields(fields: dict[str, object]) -> None:
    try:
        request.parse(json.dumps(fields), "user_id")
    except InvalidRequestError as error:
        assert error.field in {*fields, "user_id", "body"}  # noqa: PT017

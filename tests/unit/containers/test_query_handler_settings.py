import pytest
from hypothesis import given
from hypothesis import strategies as st
from query_handler.settings import SettingsError, parse

COMPLETE = {
    "ENVIRONMENT": "stage",
    "INTERNAL_API_URL": "https://api.internal/v1/",
    "REQUEST_TIMEOUT": "5",
    "AWS_DEFAULT_REGION": "ap-southeast-1",
}


def test_a_complete_environment_is_read() -> None:
    found = parse(COMPLETE)
    assert (found.environment, found.internal_api_url, found.request_timeout) == (
        "stage",
        "https://api.internal/v1/",
        5,
    )


@pytest.mark.parametrize("given", [{"REQUEST_TIMEOUT": "30"}, {"REQUEST_TIMEOUT": "1e9"}])
def test_no_time_out_exceeds_what_the_callers_wait(given: dict[str, str]) -> None:
    assert parse(COMPLETE | given).request_timeout == 20


@pytest.mark.parametrize("name", ["ENVIRONMENT", "INTERNAL_API_URL", "AWS_DEFAULT_REGION"])
def test_a_missing_variable_is_refused_by_its_name(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is missing"):
        parse({key: value for key, value in COMPLETE.items() if key != name})


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("INTERNAL_API_URL", "api.internal/v1"),
        ("INTERNAL_API_URL", "ftp://x"),
        ("REQUEST_TIMEOUT", "0"),
        ("REQUEST_TIMEOUT", "nan"),
    ],
)
def test_a_wrong_variable_is_refused_with_its_value(name: str, value: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} must be .*{value}"):
        parse(COMPLETE | {name: value})


@given(st.text())
def test_any_time_out_is_a_number_of_seconds_or_a_one_line_refusal(text: str) -> None:
    try:
        assert 0 < parse(COMPLETE | {"REQUEST_TIMEOUT": text}).request_timeout <= 20
    except SettingsError as error:
        assert "\n" not in str(error)  # noqa: PT017

import base64
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st
from query_result import paging
from query_result.errors import InvalidRequestError
from query_result.paging import Place, Scope

SCOPE = Scope("marketing", "campaign-1", None)
NAMES = st.text(st.characters(exclude_categories=["Cs"]), min_size=1, max_size=256)


def forged(**changes: object) -> str:
    content = {"v": 1, "q": SCOPE.digest(), "u": "dXNlci0x", "t": "1000"} | changes
    return base64.urlsafe_b64encode(json.dumps(content).encode()).decode().rstrip("=")


@given(NAMES, st.integers(0, 10**15))
def test_a_token_comes_back_as_the_place_it_was_made_from(user_id: str, created_at: int) -> None:
    place = Place(user_id, str(created_at))
    assert paging.decode(paging.encode(place, SCOPE), SCOPE) == place


def test_a_token_is_safe_in_a_url_and_no_longer_than_the_contract_says() -> None:
    for user_id in ("한" * 682, "\x01" * 2048, '"' * 2048):
        token = paging.encode(Place(user_id, "1" * 38), SCOPE)
        assert len(token) <= 4096
        assert token.isascii()


@pytest.mark.parametrize(
    "created_at", ["1" + "0" * 125, "17" + "0" * 21, "0." + "0" * 129 + "1", "1700000000000.5", "-1"]
)
def test_a_token_holds_any_number_that_dynamodb_holds(created_at: str) -> None:
    place = Place("user-1", created_at)
    assert paging.decode(paging.encode(place, SCOPE), SCOPE) == place


@pytest.mark.parametrize(
    "other",
    [
        Scope("user", "campaign-1", None),
        Scope("marketing", "campaign-2", None),
        Scope("marketing", "campaign-1", "web"),
    ],
)
def test_a_token_of_another_query_is_refused(other: Scope) -> None:
    with pytest.raises(InvalidRequestError, match="belongs to another query"):
        paging.decode(paging.encode(Place("user-1", "1000"), other), SCOPE)


@pytest.mark.parametrize(
    "changes",
    [
        {"v": 2},
        {"u": 5},
        {"u": ""},
        {"u": "x" * 2049},
        {"u": "\ud800"},
        {"t": 1000},
        {"t": "1e3"},
        {"t": "9" * 39},
        {"t": "1" + "0" * 127},
        {"t": "٣"},
        {"x": 1},
    ],
)
def test_a_forged_token_is_refused(changes: dict[str, object]) -> None:
    with pytest.raises(InvalidRequestError, match="not one that this service gave"):
        paging.decode(forged(**changes), SCOPE)


@given(st.text() | st.binary().map(lambda raw: base64.urlsafe_b64encode(raw).decode()))
def test_garbage_is_refused_by_the_name_of_the_field(token: str) -> None:
    with pytest.raises(InvalidRequestError) as caught:
        paging.decode(token, SCOPE)
    assert caught.value.field == "next_token"


@given(
    st.recursive(st.none() | st.integers() | st.text(), st.lists)
    | st.dictionaries(st.sampled_from("vqut"), st.none() | st.integers() | st.text())
)
def test_any_json_in_a_token_is_refused(content: object) -> None:
    token = base64.urlsafe_b64encode(json.dumps(content).encode()).decode()
    with pytest.raises(InvalidRequestError):
        paging.decode(token, SCOPE)

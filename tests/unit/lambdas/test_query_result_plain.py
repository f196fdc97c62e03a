import json
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st
from query_result.plain import plain_item, plain_number, plain_value


@pytest.mark.parametrize(
    ("attribute", "expected"),
    [
        ({"S": "text"}, "text"),
        ({"N": "5"}, 5),
        ({"N": "5.0"}, 5),
        ({"N": "1E+3"}, 1000),
        ({"N": "-0.5"}, -0.5),
        ({"N": "12345678901234567890123456789012345678"}, 12345678901234567890123456789012345678),
        ({"N": "1.2345678901234567890123"}, "1.2345678901234567890123"),
        ({"BOOL": True}, True),
        ({"NULL": True}, None),
        ({"B": b"\x00\xff"}, "AP8="),
        ({"SS": ["a", "b"]}, ["a", "b"]),
        ({"NS": ["1", "2.5"]}, [1, 2.5]),
        ({"BS": [b"\x00"]}, ["AA=="]),
        ({"L": [{"N": "1"}, {"M": {"a": {"NULL": True}}}]}, [1, {"a": None}]),
    ],
)
def test_attribute_values_become_plain_json(attribute: dict[str, object], expected: object) -> None:
    assert plain_value(attribute) == expected


def test_the_processors_bookkeeping_is_not_shown() -> None:
    assert plain_item({"user_id": {"S": "u"}, "source_sequence": {"S": "1"}}) == {"user_id": "u"}


@given(st.decimals(allow_nan=False, allow_infinity=False, places=10, min_value=-(10**28), max_value=10**28))
def test_no_number_loses_a_digit_on_its_way_to_json(number: Decimal) -> None:
    shown = json.loads(json.dumps(plain_number(str(number))))
    assert Decimal(str(shown)) == number

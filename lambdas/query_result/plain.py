"""DynamoDB attribute values as plain JSON values, without loss.

boto3's own TypeDeserializer gives Decimals, which `json` refuses.
Wire format: https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

import base64
from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

INTERNAL_ATTRIBUTES = frozenset({"source_sequence"})  # the stream processor's bookkeeping, of no use to a reader


def plain_item(item: Mapping[str, Any]) -> dict[str, Any]:
    """One item, e.g. `{"created_at": {"N": "5"}}` -> `{"created_at": 5}`."""
    return {name: plain_value(value) for name, value in item.items() if name not in INTERNAL_ATTRIBUTES}


def plain_value(attribute: Mapping[str, Any]) -> Any:
    """One attribute value. Binary becomes base64 text, a set becomes a list."""
    ((kind, value),) = attribute.items()
    convert = CONVERSIONS.get(kind)
    return convert(value) if convert else value  # S, SS and BOOL are plain already


def plain_number(text: str) -> int | float | str:
    """An int where the number is integral (any size), a float where that is exact, else its digits."""
    number = Decimal(text)
    if number == number.to_integral_value():
        return int(number)
    return float(number) if Decimal(repr(float(number))) == number else text


def _binary(value: bytes) -> str:
    return base64.b64encode(value).decode()


CONVERSIONS: dict[str, Callable[[Any], Any]] = {
    "N": plain_number,
    "NS": lambda numbers: [plain_number(number) for number in numbers],
    "B": _binary,
    "BS": lambda parts: [_binary(part) for part in parts],
    "L": lambda parts: [plain_value(part) for part in parts],
    "M": lambda parts: {name: plain_value(part) for name, part in parts.items()},
    "NULL": lambda _: None,
}

"""Attribute values, {"S": "text"} or {"N": "1"}: how they compare, how large they are, what is in them.

https://docs.aws.amazon.com/amazondynamodb/latest/APIReference/API_AttributeValue.html
"""

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

Value = Mapping[str, Any]
Item = dict[str, Any]
ORDERED = ("S", "N", "B")
SETS = ("SS", "NS", "BS")


def kind(value: Value) -> str:
    """The type of a value: "S", "N", "BOOL", "M" ..."""
    return next(iter(value))


def number(value: Value) -> Decimal:
    """The number in an N."""
    return Decimal(value["N"])


def number_value(amount: Decimal) -> Value:
    """An N with a number, written as DynamoDB does: without an exponent or needless zeros."""
    text = f"{amount:f}"
    return {"N": (text.rstrip("0").rstrip(".") if "." in text else text) or "0"}


def plain(value: Value) -> Any:
    """Something that is equal and sorts as the value does: 1 and 1.0 are the same number."""
    type_, inner = next(iter(value.items()))
    if type_ == "N":
        return Decimal(inner)
    if type_ == "S":
        return inner.encode()  # strings are ordered by their UTF-8 bytes
    if type_ in SETS:
        return frozenset(plain({type_[0]: each}) for each in inner)
    return _nested(type_, inner)


def _nested(type_: str, inner: Any) -> Any:
    if type_ == "L":
        return [(kind(each), plain(each)) for each in inner]
    if type_ == "M":
        return {key: (kind(each), plain(each)) for key, each in inner.items()}
    return inner


def equal(one: Value | None, other: Value | None) -> bool:
    """Whether two values are the same, type and all; an absent one equals nothing."""
    if one is None or other is None:
        return False
    return kind(one) == kind(other) and bool(plain(one) == plain(other))


def before(one: Value | None, other: Value | None) -> bool:
    """Whether a value is less than another; values of different types are not ordered."""
    if one is None or other is None or kind(one) != kind(other) or kind(one) not in ORDERED:
        return False
    return bool(plain(one) < plain(other))


def contains(whole: Value | None, part: Value | None) -> bool:
    """Whether a text has a substring, a set or a list an element."""
    if whole is None or part is None:
        return False
    type_, inner = next(iter(whole.items()))
    if type_ in ("S", "B"):
        return kind(part) == type_ and part[type_] in inner
    if type_ == "L":
        return any(equal(each, part) for each in inner)
    return type_ in SETS and kind(part) == type_[0] and plain(part) in plain(whole)


def size(value: Value) -> Value:
    """The length of a text, a binary, a set, a list or a map."""
    inner = next(iter(value.values()))
    return {"N": str(len(inner.encode() if isinstance(inner, str) else inner))}

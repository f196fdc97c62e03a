"""Condition, filter and key condition expressions.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.OperatorsAndFunctions.html
"""

from collections.abc import Callable

from roadworthy.testing.aws.dynamodb.parser import Parser, Path, Placeholders, at, invalid
from roadworthy.testing.aws.dynamodb.values import Item, Value, before, contains, equal, kind, size

Condition = Callable[[Item], bool]
Operand = Callable[[Item], Value | None]
COMPARE: dict[str, Callable[[Value | None, Value | None], bool]] = {
    "=": equal,
    "<>": lambda one, other: not equal(one, other),
    "<": before,
    ">": lambda one, other: before(other, one),
    "<=": lambda one, other: before(one, other) or equal(one, other),
    ">=": lambda one, other: before(other, one) or equal(one, other),
}


def condition_of(expression: str, placeholders: Placeholders) -> tuple[Condition, list[Path]]:
    """What an expression says of an item, and the attributes that it names.

    Raises:
        AwsError: ValidationException.
    """
    parser = Parser(expression, placeholders)
    condition = _any(parser)
    parser.end()
    return condition, parser.paths


def _any(parser: Parser) -> Condition:
    parts = [_all(parser)]
    while parser.took("OR"):
        parts.append(_all(parser))
    return lambda item: any(part(item) for part in parts)


def _all(parser: Parser) -> Condition:
    parts = [_not(parser)]
    while parser.took("AND"):
        parts.append(_not(parser))
    return lambda item: all(part(item) for part in parts)


def _not(parser: Parser) -> Condition:
    if parser.took("NOT"):
        inner = _not(parser)
        return lambda item: not inner(item)
    if parser.took("("):
        inside = _any(parser)
        parser.expect(")")
        return inside
    return _function(parser) if parser.calls() and parser.next != "size" else _comparison(parser)


def _comparison(parser: Parser) -> Condition:
    left = operand(parser)
    if parser.took("BETWEEN"):
        return _between(parser, left)
    if parser.took("IN"):
        return _among(parser, left)
    word = parser.take()
    if word not in COMPARE:
        raise parser.error()
    compare, right = COMPARE[word], operand(parser)
    return lambda item: compare(left(item), right(item))


def _between(parser: Parser, value: Operand) -> Condition:
    low = operand(parser)
    parser.expect("AND")
    high = operand(parser)
    least, most = COMPARE[">="], COMPARE["<="]
    return lambda item: least(value(item), low(item)) and most(value(item), high(item))


def _among(parser: Parser, value: Operand) -> Condition:
    parser.expect("(")
    choices = [operand(parser)]
    while parser.took(","):
        choices.append(operand(parser))
    parser.expect(")")
    return lambda item: any(equal(value(item), choice(item)) for choice in choices)


def operand(parser: Parser) -> Operand:
    """A path, a value, or the size of what is at a path."""
    if parser.next.startswith(":"):
        value = parser.placeholders.value(parser.take())
        return lambda _: value
    if parser.next == "size" and parser.calls():
        path = _arguments(parser)[0]
        return lambda item: (found := at(item, path)) and size(found)
    path = parser.path()
    return lambda item: at(item, path)


def _arguments(parser: Parser) -> tuple[Path, Operand | None]:
    """The arguments of the next function: a path, and perhaps an operand."""
    parser.take()
    parser.expect("(")
    path = parser.path()
    second = operand(parser) if parser.took(",") else None
    parser.expect(")")
    return path, second


def _function(parser: Parser) -> Condition:
    name = parser.next
    path, second = _arguments(parser)
    if name == "attribute_exists":
        return lambda item: at(item, path) is not None
    if name == "attribute_not_exists":
        return lambda item: at(item, path) is None
    if name not in FUNCTIONS or second is None:
        raise invalid(f"Invalid expression: Invalid function name; function: {name}")
    holds = FUNCTIONS[name]
    return lambda item: holds(at(item, path), second(item))


def _begins_with(whole: Value | None, start: Value | None) -> bool:
    if whole is None or start is None or kind(whole) != kind(start) or kind(whole) not in ("S", "B"):
        return False
    return bool(whole[kind(whole)].startswith(start[kind(start)]))


def _has_type(value: Value | None, type_: Value | None) -> bool:
    return value is not None and type_ is not None and kind(value) == type_.get("S")


FUNCTIONS: dict[str, Callable[[Value | None, Value | None], bool]] = {
    "begins_with": _begins_with,
    "contains": contains,
    "attribute_type": _has_type,
}

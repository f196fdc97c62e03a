"""Update expressions: SET, REMOVE, ADD, DELETE.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.UpdateExpressions.html
"""

import copy
from collections.abc import Callable

from roadworthy.testing.aws.dynamodb.conditions import Operand, operand
from roadworthy.testing.aws.dynamodb.parser import Parser, Path, Placeholders, at, invalid
from roadworthy.testing.aws.dynamodb.values import SETS, Item, Value, kind, number, number_value

Change = Callable[[Item, Item], None]  # reads the item as it was, changes the new one


class Update:
    """What an update expression does.

    Attributes:
        paths: the attributes that it changes.
    """

    def __init__(self, expression: str, placeholders: Placeholders) -> None:
        """Read an expression.

        Raises:
            AwsError: ValidationException.
        """
        self.paths: list[Path] = []
        self._changes: list[Change] = []
        parser = Parser(expression, placeholders)
        while parser.next:
            self._clause(parser)

    def applied(self, item: Item) -> Item:
        """The item after the update; the given one is left alone.

        Raises:
            AwsError: ValidationException, for a value of a wrong type or a path that leads nowhere.
        """
        new = copy.deepcopy(item)
        for change in self._changes:
            change(item, new)
        return new

    def _clause(self, parser: Parser) -> None:
        action = CLAUSES.get(parser.next.upper())
        if not action:
            raise parser.error()
        parser.take()
        while True:
            path = parser.path()
            self.paths.append(path)
            self._changes.append(action(parser, path))
            if not parser.took(","):
                return


def _set(parser: Parser, path: Path) -> Change:
    parser.expect("=")
    value = _sum(parser)
    return lambda old, new: _put(new, path, _present(value(old)))


def _sum(parser: Parser) -> Operand:
    left = _term(parser)
    if parser.next not in ("+", "-"):
        return left
    sign = 1 if parser.take() == "+" else -1
    right = _term(parser)
    return lambda old: _added(_present(left(old)), _present(right(old)), sign)


def _added(one: Value, other: Value, sign: int) -> Value:
    if kind(one) != "N" or kind(other) != "N":
        raise invalid("An operand in the update expression has an incorrect data type")
    return number_value(number(one) + sign * number(other))


def _term(parser: Parser) -> Operand:
    if not parser.calls():
        return operand(parser)
    name = parser.take()
    if name not in ("if_not_exists", "list_append"):
        raise invalid(f"Invalid UpdateExpression: Invalid function name; function: {name}")
    parser.expect("(")
    first = _term(parser)
    parser.expect(",")
    second = _term(parser)
    parser.expect(")")
    if name == "if_not_exists":
        return lambda old: found if (found := first(old)) is not None else second(old)
    return lambda old: _appended(_present(first(old)), _present(second(old)))


def _appended(one: Value, other: Value) -> Value:
    if kind(one) != "L" or kind(other) != "L":
        raise invalid("An operand in the update expression has an incorrect data type")
    return {"L": [*one["L"], *other["L"]]}


def _present(value: Value | None) -> Value:
    if value is None:
        raise invalid("The provided expression refers to an attribute that does not exist in the item")
    return value


def _remove(_: Parser, path: Path) -> Change:
    return lambda _, new: _drop(new, path)


def _add(parser: Parser, path: Path) -> Change:
    value = parser.placeholders.value(parser.take())

    def change(old: Item, new: Item) -> None:
        found = at(old, path) or ({"N": "0"} if kind(value) == "N" else {kind(value): []})
        _put(new, path, _added(found, value, 1) if kind(value) == "N" else _joined(found, value))

    return change


def _joined(one: Value, other: Value) -> Value:
    _refuse_other_than_sets(one, other)
    type_ = kind(other)
    return {type_: [*one[type_], *(each for each in other[type_] if each not in one[type_])]}


def _delete(parser: Parser, path: Path) -> Change:
    value = parser.placeholders.value(parser.take())

    def change(old: Item, new: Item) -> None:
        if found := at(old, path):
            _refuse_other_than_sets(found, value)
            kept = [each for each in found[kind(value)] if each not in value[kind(value)]]
            _put(new, path, {kind(value): kept}) if kept else _drop(new, path)

    return change


def _refuse_other_than_sets(one: Value, other: Value) -> None:
    if kind(one) != kind(other) or kind(one) not in SETS:
        raise invalid("An operand in the update expression has an incorrect data type")


def _put(item: Item, path: Path, value: Value) -> None:
    inside, last = _parent(item, path), path[-1]
    if isinstance(inside, dict) and isinstance(last, str):
        inside[last] = value
    elif isinstance(inside, list) and isinstance(last, int):
        inside[last : last + 1] = [value]  # beyond the end it is appended
    else:
        raise _nowhere()


def _drop(item: Item, path: Path) -> None:
    inside, last = _parent(item, path), path[-1]
    if isinstance(inside, dict) and isinstance(last, str):
        inside.pop(last, None)
    elif isinstance(inside, list) and isinstance(last, int):
        del inside[last : last + 1]
    else:
        raise _nowhere()


def _parent(item: Item, path: Path) -> object:
    """The map or the list that holds the last step of a path."""
    parent = at(item, path[:-1])
    if parent is None:
        raise _nowhere()
    return next(iter(parent.values()))


def _nowhere() -> Exception:
    return invalid("The document path provided in the update expression is invalid for update")


CLAUSES: dict[str, Callable[[Parser, Path], Change]] = {"SET": _set, "REMOVE": _remove, "ADD": _add, "DELETE": _delete}

"""Projection expressions: the part of an item that is answered.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.ProjectionExpressions.html
"""

from collections.abc import Callable

from roadworthy.testing.aws.dynamodb.parser import Parser, Path, Placeholders, at
from roadworthy.testing.aws.dynamodb.values import Item, Value
from roadworthy.testing.wire.errors import NotPlayedError

Projection = Callable[[Item], Item]


def projection_of(expression: str | None, placeholders: Placeholders) -> Projection:
    """Item -> the same with only the attributes that the expression names; without one, all of it.

    Raises:
        AwsError: ValidationException.
        NotPlayedError: the expression names an element of a list.
    """
    if expression is None:
        return lambda item: item
    paths = _paths(expression, placeholders)
    return lambda item: _projected(item, paths)


def _projected(item: Item, paths: list[Path]) -> Item:
    shown: Item = {}
    for path in paths:
        if (value := at(item, path)) is not None:
            _show(shown, path, value)
    return shown


def _paths(expression: str, placeholders: Placeholders) -> list[Path]:
    parser = Parser(expression, placeholders)
    paths = [parser.path()]
    while parser.took(","):
        paths.append(parser.path())
    parser.end()
    if any(isinstance(step, int) for path in paths for step in path):
        raise NotPlayedError(f"projection `{expression}` is not played: it names an element of a list")
    return paths


def _show(shown: Item, path: Path, value: Value) -> None:
    inside = shown
    for step in path[:-1]:
        inside = inside.setdefault(str(step), {"M": {}})["M"]
    inside[str(path[-1])] = value

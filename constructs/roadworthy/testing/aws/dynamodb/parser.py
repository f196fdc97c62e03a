"""Expressions of DynamoDB as words, and the names and values that they stand for.

https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/Expressions.html
"""

import re
from collections.abc import Mapping
from typing import Any

from roadworthy.testing.aws.dynamodb.reserved import RESERVED
from roadworthy.testing.aws.dynamodb.values import Item, Value
from roadworthy.testing.wire.errors import AwsError

WORD = re.compile(r"\s*(<>|<=|>=|[#:]?[A-Za-z0-9_]+|[=<>(),.\[\]+-])")
NAME = re.compile(r"#?[A-Za-z0-9_]+")
Path = tuple[str | int, ...]


def invalid(message: str) -> AwsError:
    """What DynamoDB answers to a request that it cannot understand."""
    return AwsError("ValidationException", message)


class Placeholders:
    """The `#names` and `:values` of a request; each one must be used."""

    def __init__(self, asked: Mapping[str, Any]) -> None:
        self._names: Mapping[str, str] = asked.get("ExpressionAttributeNames", {})
        self._values: Mapping[str, Value] = asked.get("ExpressionAttributeValues", {})
        self._used: set[str] = set()

    def name(self, word: str) -> str:
        """The attribute that a word means."""
        if not word.startswith("#"):
            if word.upper() in RESERVED:
                raise invalid(f"Invalid expression: Attribute name is a reserved keyword; reserved keyword: {word}")
            return word
        if word not in self._names:
            raise invalid(f"An expression attribute name used in the document path is not defined; name: {word}")
        self._used.add(word)
        return self._names[word]

    def value(self, word: str) -> Value:
        """The value that a word means."""
        if word not in self._values:
            raise invalid(f"An expression attribute value used in expression is not defined; attribute value: {word}")
        self._used.add(word)
        return self._values[word]

    def refuse_unused(self) -> None:
        """Raise for a placeholder that no expression has used.

        Raises:
            AwsError: ValidationException.
        """
        for kind, defined in (("Names", self._names), ("Values", self._values)):
            if unused := sorted(defined.keys() - self._used):
                listed = ", ".join(unused)
                raise invalid(f"Value provided in ExpressionAttribute{kind} unused in expressions: keys: {{{listed}}}")


class Parser:
    """The words of one expression, taken from left to right. `paths` collects the attributes that it names."""

    def __init__(self, expression: str, placeholders: Placeholders) -> None:
        self.expression = expression
        self.placeholders = placeholders
        self.paths: list[Path] = []
        self._words = _words(expression)
        self._place = 0

    @property
    def next(self) -> str:
        """The next word; empty after the last."""
        return self._words[self._place] if self._place < len(self._words) else ""

    def take(self) -> str:
        """The next word, and go on."""
        word = self.next
        if not word:
            raise self.error()
        self._place += 1
        return word

    def took(self, word: str) -> bool:
        """Go on if this is the next word; keywords are the same in small letters."""
        found = self.next.upper() == word
        self._place += found
        return found

    def expect(self, word: str) -> None:
        """Go on if this is the next word, else refuse the expression."""
        if not self.took(word):
            raise self.error()

    def calls(self) -> bool:
        """Whether the next two words begin a call of a function."""
        return self._words[self._place + 1 : self._place + 2] == ["("] and self.next[:1].isalpha()

    def path(self) -> Path:
        """A document path: `a.#b[0]`."""
        steps: list[str | int] = [self._name()]
        while self.next in (".", "["):
            if self.took("."):
                steps.append(self._name())
            else:
                self.expect("[")
                steps.append(self._index())
                self.expect("]")
        self.paths.append(tuple(steps))
        return tuple(steps)

    def end(self) -> None:
        """Refuse the expression if there are words left."""
        if self.next:
            raise self.error()

    def error(self) -> AwsError:
        """What DynamoDB says of a word that it did not expect."""
        return invalid(f'Invalid expression: Syntax error; token: "{self.next or "<EOF>"}", near: "{self.expression}"')

    def _name(self) -> str:
        word = self.take()
        if not NAME.fullmatch(word):
            raise self.error()
        return self.placeholders.name(word)

    def _index(self) -> int:
        word = self.take()
        if not word.isdecimal():
            raise self.error()
        return int(word)


def _words(expression: str) -> list[str]:
    words, place, text = [], 0, expression.rstrip()
    while place < len(text):
        match = WORD.match(text, place)
        if not match:
            raise invalid(f'Invalid expression: Syntax error; token: "{text[place]}", near: "{text[place:]}"')
        words.append(match[1])
        place = match.end()
    return words


def at(item: Item, path: Path) -> Value | None:
    """The value at a path; None when there is none."""
    value: Value | None = {"M": item}
    for step in path:
        value = _step(value, step) if value else None
    return value


def _step(value: Value, step: str | int) -> Value | None:
    if isinstance(step, str):
        found: Value | None = value.get("M", {}).get(step)
        return found
    inside = value.get("L", ())
    return inside[step] if step < len(inside) else None

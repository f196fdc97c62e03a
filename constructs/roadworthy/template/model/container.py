"""A container of a task definition."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve, values
from roadworthy.template.values import Possible, Value, known_text, readable, skeleton

COMMAND_VARIANTS = 16  # a command of which conditions make more is not looked at


class NamedValue(NamedTuple):
    """An entry of a container's `environment` or `secrets`; `name` is all known."""

    name: str
    node: Node
    when: When
    assumed: frozenset[str]


class Command(NamedTuple):
    """One form that a command can have: its words as skeletons (see `values.skeleton`)."""

    words: tuple[str, ...]
    node: Node
    when: When
    assumed: frozenset[str]


class Container:
    """A container of a task definition.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html
    """

    def __init__(self, node: Node) -> None:
        self.node = node

    @cached_property
    def names(self) -> list[Possible]:
        """Its possible names."""
        return [value for _, value in values(self.node, "Name")]

    @property
    def label(self) -> str:
        """Its name for messages, with … for what is not known."""
        return readable(skeleton(self.names[0].value)) if self.names else "?"

    @cached_property
    def images(self) -> list[tuple[Node, Possible]]:
        """The images that it can have, and where they are written."""
        return list(values(self.node, "Image"))

    @cached_property
    def environment(self) -> list[NamedValue]:
        """Its environment variables whose names are known."""
        return list(self._named("Environment"))

    @cached_property
    def secrets(self) -> list[NamedValue]:
        """Its secrets whose names are known."""
        return list(self._named("Secrets"))

    @cached_property
    def health_commands(self) -> list[Command]:
        """The forms that its health check's command can have."""
        places = [place for check in self.node.get("HealthCheck") for place in check.get("Command")]
        return [command for place in places for command in _commands(place)]

    def _named(self, name: str) -> Iterator[NamedValue]:
        for entries in self.node.get(name):
            for entry in entries.items():
                for _, value in values(entry, "Name"):
                    text = known_text(value.value)
                    if text:
                        yield NamedValue(text, entry, value.when, value.assumed)


def _commands(place: Node) -> Iterator[Command]:
    """The forms of a list of words, of which some may be conditional."""
    if not isinstance(place.raw, list):
        return
    forms: list[tuple[list[Value], When, frozenset[str]]] = [([], place.when, frozenset())]
    for index in range(len(place.raw)):
        choices = resolve(place.child(index))
        if choices:  # an absent word (AWS::NoValue) is left out
            forms = [
                ([*words, choice.value], when | choice.when, assumed | choice.assumed)
                for words, when, assumed in forms
                for choice in choices
                if possible(when, choice.when)
            ]
        if len(forms) > COMMAND_VARIANTS:
            return
    for words, when, assumed in forms:
        yield Command(tuple(skeleton(word) for word in words), place, when, assumed)

"""A list of words that a container runs, in each form that conditions give it."""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import NOTHING
from roadworthy.template.node import Node
from roadworthy.template.resolve import DYNAMIC, resolve
from roadworthy.template.values import Value, skeleton

VARIANTS = 16  # a command of which conditions make more is not looked at


class Command(NamedTuple):
    """One form that a list of words can have: its words as skeletons (see `values.skeleton`)."""

    words: tuple[str, ...]
    node: Node
    when: When
    assumed: frozenset[str]


def commands(place: Node) -> Iterator[Command]:
    """The forms of a list of words, of which some may be conditional."""
    if not isinstance(place.raw, list):
        return
    if all(type(word) is str and DYNAMIC not in word for word in place.raw):  # nearly always
        yield Command(tuple(place.raw), place, place.when, NOTHING)
        return
    forms: list[tuple[list[Value], When, frozenset[str]]] = [([], place.when, NOTHING)]
    for index in range(len(place.raw)):
        choices = resolve(place.child(index))
        if choices:  # an absent word (AWS::NoValue) is left out
            forms = [
                ([*words, choice.value], when | choice.when, assumed | choice.assumed)
                for words, when, assumed in forms
                for choice in choices
                if when == choice.when or possible(when, choice.when)
            ]
        if len(forms) > VARIANTS:
            return
    for words, when, assumed in forms:
        yield Command(tuple(skeleton(word) for word in words), place, when, assumed)

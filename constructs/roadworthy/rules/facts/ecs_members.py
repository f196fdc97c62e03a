"""What in a raw ECS file the API of ECS does not know, or takes in another type.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html, as the table that
`ecs_members_generate` makes; it is read when the first raw file is checked.
"""

import json
import os
from collections.abc import Iterator
from functools import cache
from typing import Any, NamedTuple

from roadworthy.template.document import CONTAINERS, SERVICE, TASK_DEFINITION, Document
from roadworthy.template.node import Node

TABLE = os.path.splitext(__file__)[0] + ".json"
DEFINITIONS = {TASK_DEFINITION: "TaskDefinition", SERVICE: "Service"}
UNKNOWN, DESCRIBED, NULL, TYPE = "unknown", "described", "null", "type"


class Deviation(NamedTuple):
    """A member that is not what the API takes.

    Attributes:
        what: UNKNOWN, DESCRIBED (known, but only to what AWS answers), NULL or TYPE.
        at: the member's value.
        name: the member's name.
        inside: the structure that it stands in, by the API's name.
        expected: of TYPE the type that the API takes; of UNKNOWN the member that is probably meant, or None.
    """

    what: str
    at: Node
    name: str
    inside: str
    expected: Any = None


def is_raw(document: Document) -> bool:
    """Whether the file is what the API of ECS takes."""
    return document.kind in DEFINITIONS or document.kind == CONTAINERS


def deviations(document: Document) -> Iterator[Deviation]:
    """All deviations of a raw file."""
    for node in document.definitions() if is_raw(document) else ():
        if document.kind == CONTAINERS:
            yield from _value(node, ["ContainerDefinition"], "containerDefinitions", "RegisterTaskDefinition")
        else:
            yield from _definition(node, DEFINITIONS[document.kind])


def _definition(node: Node, definition: str) -> Iterator[Deviation]:
    described = set(_table()["described"][definition])
    for found in _structure(node, _table()["inputs"][definition], definition):
        if found.what == UNKNOWN and found.at.path[:-1] == node.path and found.name in described:
            yield found._replace(what=DESCRIBED)
        else:
            yield found


@cache
def _table() -> dict[str, Any]:
    with open(TABLE, encoding="utf-8") as file:
        table: dict[str, Any] = json.load(file)
    return table


def _structure(node: Node, members: dict[str, Any], name: str) -> Iterator[Deviation]:
    for key in node.raw:
        kind = members.get(key) if isinstance(key, str) else None
        if kind is None:
            yield Deviation(UNKNOWN, node.child(key), str(key), name, _meant(str(key), members))
        else:
            yield from _value(node.child(key), kind, key, name)


def _value(node: Node, kind: Any, name: str, inside: str) -> Iterator[Deviation]:
    raw = node.raw
    if raw is None:
        yield Deviation(NULL, node, name, inside)
    elif not _is_of(raw, kind):
        yield Deviation(TYPE, node, name, inside, kind)
    elif isinstance(kind, list):
        for index in range(len(raw)):
            yield from _value(node.child(index), kind[0], name, inside)
    elif isinstance(kind, dict):
        for key in raw:
            yield from _value(node.child(key), kind["*"], f"{name}.{key}", inside)
    elif kind in _table()["types"]:
        yield from _structure(node, _table()["types"][kind], kind)


def _is_of(raw: Any, kind: Any) -> bool:
    if isinstance(kind, list):
        return isinstance(raw, list)
    if kind == "string":
        return isinstance(raw, str)
    if kind == "boolean":
        return isinstance(raw, bool)
    if kind == "integer":
        return isinstance(raw, int) and not isinstance(raw, bool)
    if kind == "double":
        return isinstance(raw, int | float) and not isinstance(raw, bool)
    return kind == "any" or isinstance(raw, dict)


def _meant(key: str, members: dict[str, Any]) -> str | None:
    plain = key.replace("_", "").replace("-", "").lower()
    return next((member for member in members if member.lower() == plain), None)

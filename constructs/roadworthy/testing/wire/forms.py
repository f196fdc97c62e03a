"""Parameters from a form, as the query and EC2 protocols send them: `Filters.member.1.Name=state&...`.

https://smithy.io/2.0/aws/protocols/aws-query-protocol.html#query-shape-serialization
https://smithy.io/2.0/aws/protocols/aws-ec2-query-protocol.html#query-key-resolution
"""

from collections.abc import Callable
from typing import Any
from urllib.parse import parse_qsl

from botocore.model import ListShape, MapShape, Shape, StructureShape

from roadworthy.testing.wire.scalars import value_of

# A form as a tree: {"Filters": {"member": {"1": {"Name": "state"}}}}. A leaf is a text.
Tree = dict[str, Any]
Namer = Callable[[Shape, str], str]


def tree_of(body: bytes) -> Tree:
    """The tree that a form's dotted names span."""
    root: Tree = {}
    for name, text in parse_qsl(body.decode(), keep_blank_values=True):
        *path, last = name.split(".")
        node = root
        for step in path:
            below = node.setdefault(step, {})
            node = below if isinstance(below, dict) else node
        node[last] = text
    return root


def query_name(shape: Shape, member: str) -> str:
    """The name of a member in the query protocol; a flattened list has the name of its items."""
    items = shape.member.serialization.get("name") if isinstance(shape, ListShape) and _flat(shape) else None
    return str(items or shape.serialization.get("name", member))


def ec2_name(shape: Shape, member: str) -> str:
    """The name of a member in the EC2 protocol: with a capital letter, unless the model says it all."""
    name = str(shape.serialization.get("name", member))
    return str(shape.serialization.get("queryName", name[0].upper() + name[1:]))


def structure(tree: Tree, shape: StructureShape, namer: Namer) -> dict[str, Any]:
    """A structure from its branch. What the shape does not know, AWS ignores.

    Raises:
        ValueError, TypeError, AttributeError: a text is not of its type.
    """
    named = {key: tree.get(namer(member, key)) for key, member in shape.members.items()}
    return {key: _value(node, shape.members[key], namer) for key, node in named.items() if node is not None}


def _value(node: Any, shape: Shape, namer: Namer) -> Any:
    if isinstance(shape, StructureShape):
        return structure(node, shape, namer)
    if isinstance(shape, ListShape):
        wrapper = "" if _flat(shape) or namer is ec2_name else str(shape.member.serialization.get("name", "member"))
        return [_value(item, shape.member, namer) for item in _numbered(node, wrapper)]
    if isinstance(shape, MapShape):
        entries = _numbered(node, "" if _flat(shape) else "entry")
        return dict(_pair(entry, shape, namer) for entry in entries)
    return value_of(node, shape)


def _pair(entry: Tree, shape: MapShape, namer: Namer) -> tuple[Any, Any]:
    key, value = namer(shape.key, "key"), namer(shape.value, "value")
    return _value(entry[key], shape.key, namer), _value(entry[value], shape.value, namer)


def _numbered(node: Any, wrapper: str) -> list[Any]:
    """The items of a list, in the order of their numbers; an empty list is an empty text."""
    if node == "":
        return []
    items = node[wrapper] if wrapper else node
    return [items[number] for number in sorted(items, key=int)]


def _flat(shape: Shape) -> bool:
    return bool(shape.serialization.get("flattened"))

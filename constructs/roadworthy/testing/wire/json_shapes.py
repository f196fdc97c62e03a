"""Values as JSON by botocore's shapes, and back.

https://smithy.io/2.0/aws/protocols/aws-json-1_1-protocol.html#shape-serialization
"""

import json
from typing import Any

from botocore.model import ListShape, MapShape, Shape, StructureShape

from roadworthy.testing.wire.scalars import blob_of, blob_text, seconds, style_of, time_of, time_text


def name_of(shape: Shape, member: str) -> str:
    """The name of a member on the wire."""
    return str(shape.serialization.get("name", member))


def to_json(value: Any, shape: Shape) -> Any:
    """A value, to be given to `json.dumps`."""
    if isinstance(shape, StructureShape) and not shape.is_document_type:
        members = shape.members
        return {name_of(members[key], key): to_json(member, members[key]) for key, member in value.items()}
    if isinstance(shape, ListShape):
        return [to_json(item, shape.member) for item in value]
    if isinstance(shape, MapShape):
        return {key: to_json(item, shape.value) for key, item in value.items()}
    return _scalar_to_json(value, shape)


def _scalar_to_json(value: Any, shape: Shape) -> Any:
    if shape.type_name == "blob":
        return blob_text(value)
    if shape.type_name != "timestamp":
        return value
    style = style_of(shape, "unixTimestamp")
    return seconds(value) if style == "unixTimestamp" else time_text(value, style)


def from_json(value: Any, shape: Shape) -> Any:
    """A value from what `json.loads` gave. What the shape does not know, AWS ignores.

    Raises:
        ValueError, TypeError, AttributeError, LookupError: it is not of this shape.
    """
    if isinstance(shape, StructureShape) and not shape.is_document_type:
        return _structure_from_json(value, shape)
    if isinstance(shape, ListShape):
        return [from_json(item, shape.member) for item in _a_list(value)]
    if isinstance(shape, MapShape):
        return {key: from_json(item, shape.value) for key, item in value.items()}
    if shape.type_name == "blob":
        return blob_of(value)
    return time_of(value) if shape.type_name == "timestamp" else value


def _a_list(value: Any) -> list[Any]:
    """The value; a text, too, could be gone through."""
    if not isinstance(value, list):
        raise TypeError(f"{value!r} is no list")
    return value


def _structure_from_json(value: Any, shape: StructureShape) -> dict[str, Any]:
    named = {key: value.get(name_of(member, key)) for key, member in shape.members.items()}
    return {key: from_json(item, shape.members[key]) for key, item in named.items() if item is not None}


def dumped(value: Any) -> bytes:
    """The bytes of a JSON document."""
    return json.dumps(value).encode()


def loaded(body: bytes, shape: Shape | None) -> dict[str, Any]:
    """The parameters in a JSON body; an empty one has none.

    Raises:
        ValueError, TypeError, AttributeError, LookupError: it is no JSON, or not of this shape.
    """
    document = json.loads(body or b"{}")
    parameters: dict[str, Any] = from_json(document, shape) if shape else {}
    return parameters

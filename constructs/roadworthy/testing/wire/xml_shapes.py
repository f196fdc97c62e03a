"""Values as XML by botocore's shapes, and back.

https://smithy.io/2.0/aws/protocols/aws-restxml-protocol.html#xml-shape-serialization
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from xml.etree import ElementTree as ET

from botocore.model import ListShape, MapShape, Shape, StructureShape

from roadworthy.testing.wire.scalars import text_of, value_of

NOT_IN_XML = re.compile("[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


def leaf(name: str, text: str) -> ET.Element:
    """An element with a text. Characters that XML 1.0 cannot hold become question marks."""
    element = ET.Element(name)
    element.text = NOT_IN_XML.sub("?", text)
    return element


def branch(name: str, children: Iterable[ET.Element], **attributes: str) -> ET.Element:
    """An element with elements in it."""
    element = ET.Element(name, attributes)
    element.extend(list(children))
    return element


def dumped(root: ET.Element) -> bytes:
    """The bytes of an XML document."""
    document: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return document


def members(value: Mapping[str, Any], shape: StructureShape) -> Iterator[ET.Element]:
    """The elements of a structure's members; those that a header carries are left out."""
    for key, item in value.items():
        member = shape.members[key]
        if "location" not in member.serialization and "xmlAttribute" not in member.serialization:
            yield from elements(name_of(member, key), item, member)


def name_of(shape: Shape, member: str) -> str:
    """The name of a member's element; a flattened list has the name of its items."""
    if isinstance(shape, ListShape) and shape.serialization.get("flattened"):
        member = shape.member.serialization.get("name") or shape.serialization.get("name", member)
        return str(member)
    return str(shape.serialization.get("name", member))


def elements(name: str, value: Any, shape: Shape) -> Iterator[ET.Element]:
    """The elements of a value: several for a flattened list or map, otherwise one."""
    flat = shape.serialization.get("flattened")
    if isinstance(shape, StructureShape):
        yield _structure(name, value, shape)
    elif isinstance(shape, ListShape):
        item = name if flat else str(shape.member.serialization.get("name", "member"))
        children = [child for each in value for child in elements(item, each, shape.member)]
        yield from children if flat else [branch(name, children)]
    elif isinstance(shape, MapShape):
        entries = [_entry(name if flat else "entry", key, item, shape) for key, item in value.items()]
        yield from entries if flat else [branch(name, entries)]
    else:
        yield leaf(name, text_of(value, shape))


def _structure(name: str, value: Mapping[str, Any], shape: StructureShape) -> ET.Element:
    element = branch(name, members(value, shape))
    for key, item in value.items():
        member = shape.members[key]
        if "xmlAttribute" in member.serialization:
            element.set(name_of(member, key), text_of(item, member))
    return element


def _entry(name: str, key: Any, value: Any, shape: MapShape) -> ET.Element:
    key_name = str(shape.key.serialization.get("name", "key"))
    value_name = str(shape.value.serialization.get("name", "value"))
    return branch(name, [*elements(key_name, key, shape.key), *elements(value_name, value, shape.value)])


def from_xml(nodes: list[ET.Element], shape: Shape) -> Any:
    """A value from its elements: several when it is a flattened list or map.

    Raises:
        ValueError, LookupError: they are not of this shape.
    """
    if isinstance(shape, StructureShape):
        return structure_from_xml(nodes[0], shape)
    if isinstance(shape, ListShape):
        items = nodes if shape.serialization.get("flattened") else list(nodes[0])
        return [from_xml([item], shape.member) for item in items]
    if isinstance(shape, MapShape):
        entries = nodes if shape.serialization.get("flattened") else list(nodes[0])
        return {from_xml([entry[0]], shape.key): from_xml([entry[1]], shape.value) for entry in entries}
    return value_of(nodes[0].text or "", shape)


def structure_from_xml(node: ET.Element, shape: StructureShape) -> dict[str, Any]:
    """A structure from its element, whatever its namespace."""
    found: dict[str, list[ET.Element]] = {}
    for child in node:
        found.setdefault(child.tag.rpartition("}")[2], []).append(child)
    named = {key: found.get(name_of(member, key)) for key, member in shape.members.items()}
    return {key: from_xml(nodes, shape.members[key]) for key, nodes in named.items() if nodes}

"""References in a list, and whether they are all that the list can hold."""

from collections.abc import Iterator
from typing import Generic, NamedTuple, TypeVar

from roadworthy.template.model.properties import Known
from roadworthy.template.model.resource import Resource
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import UNKNOWN, Reference, Text, Unknown, Value

R = TypeVar("R", bound=Resource)


class Links(NamedTuple, Generic[R]):
    """The resources that a property refers to.

    Attributes:
        known: those in the documents.
        whole: whether there are certainly no others; an absent property has none, and is whole.
        loose: whether something in it may be any resource of the same template: neither a parameter nor an import.
    """

    known: list[Known[R]]
    whole: bool
    loose: bool = False

    @property
    def resources(self) -> list[R]:
        """The resources themselves."""
        return [known.value for known in self.known]


def links(resource: Resource, kind: type[R], name: str, within: Node | None = None) -> Links[R]:
    """What the property `name` of a resource, one reference or a list, refers to.

    Args:
        resource: the resource.
        kind: the class of what it refers to.
        name: the property.
        within: the node that has the property, where it is not the resource itself.
    """
    node = resource.node if within is None else within
    known, loose = [], isinstance(node.raw, dict) and "Fn::Transform" in node.raw
    whole = not loose
    for place in node.get(name):
        for item in place.items() if isinstance(place.raw, list) else (place,):
            name_in_own = _mentioned(item.raw)
            if name_in_own is not None and item.document.type_of(name_in_own) == kind.TYPE:  # nearly always
                found = resource.model.resource(kind, item.document, name_in_own)
                known.append(Known(found, item, item.when))
                continue
            for each in resolve(item):
                for value in _pieces(each.value):
                    if isinstance(value, Reference) and value.document.type_of(value.name) == kind.TYPE:
                        found = resource.model.resource(kind, value.document, value.name)
                        known.append(Known(found, item, each.when, each.assumed))
                    else:
                        whole = False
                        loose = loose or (isinstance(value, Unknown) and not _is_import(item.raw))
    return Links(known, whole, loose)


def _mentioned(raw: object) -> str | None:
    """The resource that a plain `Ref` or `Fn::GetAtt` names."""
    if type(raw) is not dict or len(raw) != 1:
        return None
    name = raw.get("Ref")
    if name is None:
        attribute = raw.get("Fn::GetAtt")
        name = attribute[0] if type(attribute) is list and attribute else None
    return name if type(name) is str else None


def _is_import(raw: object) -> bool:
    return isinstance(raw, dict) and "Fn::ImportValue" in raw


def _pieces(value: Value) -> Iterator[Value]:
    """The value, or the items of a list that is handed to a nested stack as one text: `a,b`."""
    if not isinstance(value, Text):
        yield value
        return
    for part in value.parts:
        if isinstance(part, str):
            yield from (UNKNOWN for piece in part.split(",") if piece.strip())
        else:
            yield part

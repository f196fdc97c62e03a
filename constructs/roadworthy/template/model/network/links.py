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
            for each in resolve(item):
                for value in _pieces(each.value):
                    if isinstance(value, Reference) and value.document.type_of(value.name) == kind.TYPE:
                        found = resource.model.resource(kind, value.document, value.name)
                        known.append(Known(found, item, each.when, each.assumed))
                    else:
                        whole = False
                        loose = loose or (isinstance(value, Unknown) and not _is_import(item.raw))
    return Links(known, whole, loose)


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

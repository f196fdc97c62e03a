"""What all resources have in common."""

from typing import TYPE_CHECKING, ClassVar, TypeVar

from roadworthy.template.conditions import When
from roadworthy.template.document import TEMPLATE
from roadworthy.template.model.properties import Known, references
from roadworthy.template.node import Node

if TYPE_CHECKING:
    from roadworthy.template.document import Document
    from roadworthy.template.model.model import Model

R = TypeVar("R", bound="Resource")


class Resource:
    """A resource of a template, or the definition in a raw ECS file. There is one object for each.

    Attributes:
        node: its properties, under its own condition.
        model: all that is read together.
    """

    TYPE: ClassVar[str]

    def __init__(self, node: Node, model: "Model") -> None:
        self.node, self.model = node, model

    @property
    def document(self) -> "Document":
        """The file that it stands in."""
        return self.node.document

    @property
    def when(self) -> When:
        """The conditions under which it exists."""
        return self.node.when

    @property
    def logical_id(self) -> str:
        """Its logical id; empty in raw ECS JSON."""
        return self.node.resource or ""

    @property
    def label(self) -> str:
        """Its construct path, or its logical id where CDK did not make it, or its file; for messages."""
        if self.document.kind != TEMPLATE:
            return self.document.file
        path = self.document.construct_path(self.logical_id)
        return path.removesuffix("/Resource") if path else self.logical_id

    def referred(self, kind: type[R], name: str, within: Node | None = None) -> list[Known[R]]:
        """The resources of a class to which the property `name` (or an item of its list) can refer.

        Args:
            kind: their class.
            name: the property.
            within: the node that has the property, where it is not the resource itself.
        """
        node = self.node if within is None else within
        return [
            Known(
                self.model.resource(kind, known.value.document, known.value.name), known.at, known.when, known.assumed
            )
            for known in references(node, name, kind.TYPE)
        ]

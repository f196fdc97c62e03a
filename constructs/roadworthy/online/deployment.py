"""All that the documents would deploy, and where: what the subjects of the online checks are found in."""

from collections.abc import Sequence
from functools import cached_property

from roadworthy.online.assets import Assets
from roadworthy.online.aws import Aws
from roadworthy.online.declared import Declared
from roadworthy.online.target import Target, targets
from roadworthy.template.document import Document
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import Known, contents
from roadworthy.template.node import Node


class Deployment:
    """The model of the documents, their targets, and the names that they declare.

    Attributes:
        documents: what was read.
        model: their model.
        account: the caller's account.
        assets: the images that the CDK brings along.
    """

    def __init__(self, documents: Sequence[Document], aws: Aws) -> None:
        self.documents = documents
        self.model = Model(documents)
        self.account = aws.account
        self.assets = Assets()
        self._aws = aws
        self._declared: dict[tuple[str, ...], Declared] = {}

    def target(self, node: Node) -> Target:
        """Where the document of a node is deployed."""
        return self._targets[node.document]

    def texts(self, node: Node, name: str) -> list[Known[str]]:
        """The texts that a property can have; pseudo parameters are known here."""
        target = self.target(node)
        found = [(known, target.text(known.value)) for known in contents(node, name)]
        return [Known(text, known.at, known.when, known.assumed) for known, text in found if text is not None]

    def declares(self, kind: dict[str, str], name: str, at: Node) -> bool:
        """Whether the documents make what is named `at` a place, or perhaps do; `kind` is one of `online.declared`."""
        key = tuple(kind)
        if key not in self._declared:
            self._declared[key] = Declared(self.documents, kind)
        return self._declared[key].may_be(name, at.document)

    @cached_property
    def _targets(self) -> dict[Document, Target]:
        return targets(self.documents, self._aws)

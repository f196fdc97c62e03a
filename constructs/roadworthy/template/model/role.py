"""A role, with all the policies that it has: its own, and those that attach themselves to it."""

from collections.abc import Iterator
from functools import cached_property
from typing import TYPE_CHECKING

from roadworthy.template.model.policy import Statement, anything, statements
from roadworthy.template.model.properties import Known, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import Reference, known_text, skeleton

if TYPE_CHECKING:
    from roadworthy.template.document import Document
    from roadworthy.template.model.model import Model

MANAGED_POLICY = "AWS::IAM::ManagedPolicy"
# Policies that name their roles, and by which property.
ATTACHING = {"AWS::IAM::Policy": "Roles", MANAGED_POLICY: "Roles", "AWS::IAM::RolePolicy": "RoleName"}
AWS_OWN = ":iam::aws:policy/"


class Role(Resource):
    """A role.

    Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-iam-role.html
    """

    TYPE = "AWS::IAM::Role"

    @cached_property
    def names(self) -> list[Known[str]]:
        """Its name, where it is written."""
        return texts(self.node, "RoleName")

    @cached_property
    def trust(self) -> list[Statement]:
        """Who may assume it; a statement that allows anything for what is not known."""
        places = list(self.node.get("AssumeRolePolicyDocument"))
        return [each for place in places for each in statements(place)] or [anything(self.node)]

    @cached_property
    def managed_policies(self) -> list[str]:
        """The names of the AWS managed policies that it has."""
        return [name for _, name in self._managed if name]

    @cached_property
    def statements(self) -> list[Statement]:
        """All that its policies say, besides AWS's managed ones; one that allows anything for what is not known."""
        attached = self.model.index(Attachments).to(self)
        return [*self._own_statements(), *(each for place in attached for each in statements(place))]

    @cached_property
    def denials(self) -> list[Statement]:
        """Those of `statements` that deny."""
        return [statement for statement in self.statements if not statement.allows]

    def _own_statements(self) -> Iterator[Statement]:
        raw = self.node.raw
        if (
            not isinstance(raw, dict)
            or "Fn::Transform" in raw
            or self.document in self.model.index(Attachments).open_documents
        ):
            yield anything(self.node)
        for policy in _items(self.node, "Policies"):
            documents = list(policy.get("PolicyDocument"))
            yield from (each for place in documents for each in statements(place))
            if not documents:
                yield anything(policy)
        for place, name in self._managed:
            if name is None:
                yield from _managed_statements(place)

    @cached_property
    def _managed(self) -> list[tuple[Node, str | None]]:
        """Where a managed policy is named, with its name where it is AWS's own."""
        return [(item, _aws_name(item)) for item in _items(self.node, "ManagedPolicyArns")]


class Attachments:
    """Which policies attach themselves to which roles, in all templates."""

    def __init__(self, model: "Model") -> None:
        self.open_documents: set[Document] = set()  # those with a policy that may attach itself to any role
        self._by_role: dict[tuple[Document, str], list[Node]] = {}
        self._by_name: dict[str, list[Node]] = {}
        for document in model.documents:
            for kind, name in ATTACHING.items():
                for policy in document.of_type(kind):
                    self._add(policy, name)

    def to(self, role: Role) -> list[Node]:
        """The documents of the policies that name a role."""
        named = [node for known in role.names for node in self._by_name.get(known.value, ())]
        return self._by_role.get((role.document, role.logical_id), []) + named

    def _add(self, policy: Node, name: str) -> None:
        places = list(policy.get("PolicyDocument")) or [policy]
        for known in (each for item in _items(policy, name) for each in resolve(item)):
            text = known_text(known.value)
            if text is not None:
                self._by_name.setdefault(text, []).extend(places)
            if isinstance(known.value, Reference) and known.value.document.type_of(known.value.name) == Role.TYPE:
                self._by_role.setdefault((known.value.document, known.value.name), []).extend(places)
            elif text is None or known.assumed:
                self.open_documents.add(policy.document)


def _items(node: Node, name: str) -> Iterator[Node]:
    for place in node.get(name):
        yield from place.items() if isinstance(place.raw, list) else (place,)


def _aws_name(item: Node) -> str | None:
    """`AmazonECSTaskExecutionRolePolicy` of its ARN, in any partition."""
    found = [skeleton(each.value) for each in resolve(item)]
    _, own, name = found[0].partition(AWS_OWN) if len(found) == 1 else ("", "", "")
    return name.rpartition("/")[2] if own else None


def _managed_statements(item: Node) -> Iterator[Statement]:
    """What a managed policy of the templates says."""
    for each in resolve(item):
        value = each.value
        known = isinstance(value, Reference) and value.document.type_of(value.name) == MANAGED_POLICY
        policy = value.document.properties(value.name) if isinstance(value, Reference) and known else None
        documents = list(policy.get("PolicyDocument")) if policy else []
        yield from (statement for place in documents for statement in statements(place))
        if not documents:
            yield anything(item)

"""One parsed file: a CloudFormation template or raw ECS JSON, and how it hangs together with others."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from roadworthy.template.conditions import ALWAYS, Conditions, Literal, When
from roadworthy.template.dependencies import Dependencies
from roadworthy.template.node import Key, Node

# What a document is.
TEMPLATE = "CloudFormation template"
TASK_DEFINITION = "ECS task definition"
CONTAINERS = "ECS container definitions"
SERVICE = "ECS service definition"
TARGET_GROUP = "target group"
CAMEL_CASE = {
    TASK_DEFINITION,
    CONTAINERS,
    SERVICE,
}  # ECS's API; that of Elastic Load Balancing writes as CloudFormation

CONSTRUCT_PATH = "aws:cdk:path"  # the metadata key under which CDK writes a resource's construct path


class Document:
    """A parsed file. The tree is plain JSON: intrinsics in their long form, whatever the file's syntax was.

    Attributes:
        file: the path as the user gave it, for messages.
        text: the file's text, for lines and columns.
        syntax: "json" or "yaml".
        kind: TEMPLATE, TASK_DEFINITION, CONTAINERS, SERVICE or TARGET_GROUP.
        tree: the document.
        roots: the paths of the definitions inside the tree (raw files may wrap one, or list several).
        synthesized: whether CDK wrote it.
        account: of the stack, where its assembly tells it.
        region: of the stack, where its assembly tells it.
        exports: the exports of all the documents that are read together, by name.
        nested: the nested stacks' documents, by the logical id of their AWS::CloudFormation::Stack.
        arguments: in a nested stack, the node of the parent's `Parameters`.
        construct_paths: logical id -> construct path, where only the assembly's metadata tells it.
        creation_stacks: logical id -> where the app made the resource, the frames that CDK recorded.
        acknowledged: construct path -> {rule id -> reason}, from a cloud assembly's metadata.
    """

    def __init__(
        self, *, file: str, text: str, syntax: str, kind: str, tree: Any, roots: tuple[tuple[Key, ...], ...] = ((),)
    ) -> None:
        self.file, self.text, self.syntax, self.kind, self.tree, self.roots = file, text, syntax, kind, tree, roots
        self.resources = self._section("Resources") if kind == TEMPLATE else {}
        self.parameters = self._section("Parameters")
        self.mappings = self._section("Mappings")
        self.outputs = self._section("Outputs")
        self.conditions = Conditions(self._section("Conditions"), self.parameters)
        self.exports: Mapping[str, Node] = {}
        self.nested: dict[str, Document] = {}
        self.arguments: Node | None = None
        self.construct_paths: dict[str, str] = {}
        self.creation_stacks: dict[str, list[object]] = {}
        self.acknowledged: Mapping[str, Mapping[str, str]] = {}
        self.account: str | None = None
        self.region: str | None = None
        self.synthesized = any(self.construct_path(logical_id) for logical_id in self.resources) or self._is_of_cdk()
        self._is_camel_case = kind in CAMEL_CASE
        self.dependencies = Dependencies(self)
        self._types: dict[str, list[str]] | None = None

    def _is_of_cdk(self) -> bool:
        """Whether the template has what CDK writes also where it leaves construct paths out."""
        return "CheckBootstrapVersion" in self._section("Rules") or "CDKMetadata" in self.resources

    def _section(self, name: str) -> Mapping[str, Any]:
        section = self.tree.get(name) if isinstance(self.tree, dict) else None
        return section if isinstance(section, dict) else {}

    def spell(self, name: str) -> str:
        """`name`, a property in CloudFormation's spelling, as this document spells it: raw ECS JSON is camelCase."""
        return name[:1].lower() + name[1:] if self._is_camel_case else name

    def of_type(self, resource_type: str) -> Iterator[Node]:
        """The `Properties` of each resource of a CloudFormation type."""
        return (self.properties(logical_id) for logical_id in self.logical_ids(resource_type))

    def logical_ids(self, resource_type: str) -> Sequence[str]:
        """The logical ids of the resources of a CloudFormation type."""
        if self._types is None:
            self._types = {}
            for logical_id, resource in self.resources.items():
                if isinstance(resource, dict) and isinstance(resource.get("Type"), str):
                    self._types.setdefault(resource["Type"], []).append(logical_id)
        return self._types.get(resource_type, [])

    def properties(self, logical_id: str) -> Node:
        """The `Properties` of a resource, under the resource's own condition."""
        resource = self.resources[logical_id]
        return Node(self, resource.get("Properties"), ("Resources", logical_id, "Properties"), self._when(resource))

    def output(self, name: str) -> Node | None:
        """The `Value` of an output."""
        output = self.outputs.get(name)
        if not isinstance(output, dict) or "Value" not in output:
            return None
        return Node(self, output["Value"], ("Outputs", name, "Value"), self._when(output))

    def definition(self) -> Node:
        """The first raw ECS definition, or the whole template."""
        return next(self.definitions())

    def definitions(self) -> Iterator[Node]:
        """The raw ECS definitions, or the whole template."""
        for root in self.roots:
            raw = self.tree
            for key in root:
                raw = raw[key]
            yield Node(self, raw, root, ALWAYS)

    def type_of(self, logical_id: str) -> str | None:
        """The resource's type, or None when there is no such resource."""
        resource = self.resources.get(logical_id)
        kind = resource.get("Type") if isinstance(resource, dict) else None
        return kind if isinstance(kind, str) else None

    def metadata(self, logical_id: str) -> Mapping[str, Any]:
        """The resource's `Metadata`; empty when there is none."""
        resource = self.resources.get(logical_id)
        metadata = resource.get("Metadata") if isinstance(resource, dict) else None
        return metadata if isinstance(metadata, dict) else {}

    def construct_path(self, logical_id: str) -> str | None:
        """The path of the construct that made the resource, as CDK recorded it."""
        path = self.metadata(logical_id).get(CONSTRUCT_PATH)
        return path if isinstance(path, str) else self.construct_paths.get(logical_id)

    def acknowledgement(self, path: str | None, rule: str) -> str | None:
        """Why somebody accepted a rule (by its qualified id) at a construct or at one around it; None if nobody did."""
        while path is not None:
            reason = self.acknowledged.get(path, {}).get(rule)
            if reason is not None:
                return reason
            path = path.rpartition("/")[0] if path else None
        return None

    def _when(self, entity: Mapping[str, Any]) -> When:
        name = entity.get("Condition")
        return frozenset({Literal(self.conditions, name, holds=True)}) if isinstance(name, str) else ALWAYS

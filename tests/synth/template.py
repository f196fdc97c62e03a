"""A synthesized template, asked by type instead of by logical id."""

import dataclasses
import json
from typing import Any


@dataclasses.dataclass(frozen=True)
class Template:
    resources: dict[str, dict[str, Any]]
    outputs: dict[str, Any]

    def of_type(self, kind: str) -> dict[str, dict[str, Any]]:
        """Logical id -> properties of every resource of a type."""
        return {
            name: resource.get("Properties", {})
            for name, resource in self.resources.items()
            if resource["Type"] == kind
        }

    def only(self, kind: str, **properties: Any) -> dict[str, Any]:
        """The properties of the one resource of a type that has these properties."""
        found = [
            found
            for found in self.of_type(kind).values()
            if all(found.get(key) == value for key, value in properties.items())
        ]
        assert len(found) == 1, f"{len(found)} resources of {kind} with {properties}"
        return found[0]

    def resource(self, kind: str, **properties: Any) -> dict[str, Any]:
        """The whole resource that `only` finds."""
        wanted = self.only(kind, **properties)
        return next(resource for resource in self.resources.values() if resource.get("Properties") is wanted)

    def statements(self, role: str) -> list[dict[str, Any]]:
        """All policy statements of the roles whose logical id begins with `role`."""
        documents = [
            policy["PolicyDocument"]
            for policy in self.of_type("AWS::IAM::Policy").values()
            if any(attached["Ref"].startswith(role) for attached in policy["Roles"])
        ]
        documents += [
            policy["PolicyDocument"]
            for name, properties in self.of_type("AWS::IAM::Role").items()
            if name.startswith(role)
            for policy in properties.get("Policies", [])
        ]
        return [statement for document in documents for statement in document["Statement"]]


def reference(value: Any) -> str:
    """The logical id to which a value refers, through Ref or Fn::GetAtt."""
    if "Ref" in value:
        return str(value["Ref"])
    return str(value["Fn::GetAtt"][0])


def text(value: Any) -> str:
    """A value as JSON, to look for something within."""
    return json.dumps(value, sort_keys=True)


def ancestors(template: Template, name: str) -> set[str]:
    """All resources that CloudFormation makes before this one."""
    found: set[str] = set()
    pending = [name]
    while pending:
        resource = template.resources[pending.pop()]
        after = resource.get("DependsOn", [])
        needed = {after} if isinstance(after, str) else set(after)
        needed |= {other for other in template.resources if f'"{other}"' in text(resource.get("Properties", {}))}
        pending += needed - found
        found |= needed
    return found

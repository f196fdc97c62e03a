"""The order in which CloudFormation creates things: what a resource depends on, directly and through others.

A resource depends on what its `DependsOn` names and on what it mentions by `Ref`, `Fn::GetAtt` or `Fn::Sub`.
Source: https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html
"""

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

from roadworthy.template.pattern import Pattern

if TYPE_CHECKING:
    from roadworthy.template.document import Document

MENTIONED = Pattern(r"\$\{([A-Za-z0-9]+)")
MENTIONING = {"Ref", "Fn::GetAtt", "Fn::Sub"}
CONTAINERS = {dict, list}


class Dependencies:
    """The dependencies between the resources of one template; conditions are left aside, so that none is missed."""

    def __init__(self, document: "Document") -> None:
        self._document = document
        self._direct: dict[str, tuple[str, ...]] = {}

    def of(self, logical_id: str) -> set[str]:
        """The logical ids of all that exists before the resource is created."""
        found: set[str] = set()
        pending = [logical_id]
        while pending:
            for name in self.direct(pending.pop()):
                if name not in found:
                    found.add(name)
                    pending.append(name)
        found.discard(logical_id)
        return found

    def direct(self, logical_id: str) -> tuple[str, ...]:
        """The logical ids that the resource itself depends on, each once."""
        known = self._direct.get(logical_id)
        if known is None:
            resources = self._document.resources
            resource = resources.get(logical_id)
            names = _mentions(resource.get("Properties")) if isinstance(resource, dict) else set()
            names.update(_named(resource) if isinstance(resource, dict) else ())
            known = tuple(name for name in names if name in resources)
            self._direct[logical_id] = known
        return known


def _named(resource: dict[str, Any]) -> Iterator[str]:
    named = resource.get("DependsOn")
    for name in named if isinstance(named, list) else [named]:
        if isinstance(name, str):
            yield name


def _mentions(tree: Any) -> set[str]:
    found: set[str] = set()
    pending = [tree]
    while pending:
        value = pending.pop()
        if type(value) is dict:
            if len(value) == 1:
                ((key, argument),) = value.items()
                if key in MENTIONING:
                    found.update(_mentioned_by(key, argument))
            value = value.values()
        elif type(value) is not list:
            continue
        pending += [each for each in value if type(each) in CONTAINERS]
    return found


def _mentioned_by(function: str, argument: Any) -> Iterator[str]:
    if function == "Ref" and isinstance(argument, str):
        yield argument
    elif function == "Fn::GetAtt":
        first = argument[0] if isinstance(argument, list) and argument else argument
        if isinstance(first, str):
            yield first.partition(".")[0]
    elif function == "Fn::Sub":
        text = argument[0] if isinstance(argument, list) and argument else argument
        if isinstance(text, str):
            yield from MENTIONED.findall(text)

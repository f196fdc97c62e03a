"""Application Auto Scaling of services: scalable targets and their policies.

Source: https://docs.aws.amazon.com/autoscaling/application/APIReference/API_RegisterScalableTarget.html
"""

from functools import cached_property
from typing import TYPE_CHECKING, NamedTuple

from roadworthy.template.conditions import When
from roadworthy.template.model.properties import Known, contents, numbers, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.model.service import Service
from roadworthy.template.node import Node
from roadworthy.template.values import Reference, Value, identity, joined

if TYPE_CHECKING:
    from roadworthy.template.document import Document
    from roadworthy.template.model.model import Model

Identity = tuple[Value, ...] | None


class ResourceId(NamedTuple):
    """What a scalable target scales: `service/CLUSTER/SERVICE`, divided at the slashes."""

    parts: tuple[Value, ...]
    at: Node
    when: When
    assumed: frozenset[str]


class ScalableTarget(Resource):
    """What is scaled, and between which bounds."""

    TYPE = "AWS::ApplicationAutoScaling::ScalableTarget"

    @cached_property
    def namespaces(self) -> list[Known[str]]:
        """The AWS service that is scaled: `ecs` is ours."""
        return texts(self.node, "ServiceNamespace")

    @cached_property
    def of_ecs(self) -> bool:
        """Whether it certainly scales something of ECS."""
        return bool(self.namespaces) and all(known.value == "ecs" for known in self.namespaces)

    @cached_property
    def minima(self) -> list[Known[int]]:
        """The smallest count."""
        return numbers(self.node, "MinCapacity")

    @cached_property
    def maxima(self) -> list[Known[int]]:
        """The largest count."""
        return numbers(self.node, "MaxCapacity")

    @cached_property
    def resource_ids(self) -> list[ResourceId]:
        """What it scales, as far as it is known."""
        found = contents(self.node, "ResourceId")
        return [
            ResourceId(_divided(known.value), known.at, known.when, known.assumed)
            for known in found
            if identity(known.value) is not None
        ]

    @cached_property
    def services(self) -> list[Known[Service]]:
        """The services that it scales, as far as they are in the documents."""
        by_name = self.model.index(_services_by_name)
        found = []
        for resource_id in self.resource_ids:
            name = resource_id.parts[-1]
            services = by_name.get((self.document, identity(name)), [])
            if isinstance(name, Reference) and name.document.type_of(name.name) == Service.TYPE:
                services = [self.model.resource(Service, name.document, name.name)]
            found += [Known(each, resource_id.at, resource_id.when, resource_id.assumed) for each in services]
        return found


class ScalingPolicy(Resource):
    """When a scalable target is scaled."""

    TYPE = "AWS::ApplicationAutoScaling::ScalingPolicy"

    @cached_property
    def predefined_metrics(self) -> list[Node]:
        """The predefined metric that it tracks, where it does."""
        places = self.node.get("TargetTrackingScalingPolicyConfiguration")
        return [metric for place in places for metric in place.get("PredefinedMetricSpecification")]


def targets_by_service(model: "Model") -> dict[Service, list[Known[ScalableTarget]]]:
    """The scalable targets of each service."""
    found: dict[Service, list[Known[ScalableTarget]]] = {}
    for target in model.all(ScalableTarget):
        for known in target.services:
            found.setdefault(known.value, []).append(Known(target, known.at, known.when, known.assumed))
    return found


def _services_by_name(model: "Model") -> "dict[tuple[Document, Identity], list[Service]]":
    found: dict[tuple[Document, Identity], list[Service]] = {}
    for service in model.all(Service):
        for name in {identity(known.value) for known in contents(service.node, "ServiceName")} - {None}:
            found.setdefault((service.document, name), []).append(service)
    return found


def _divided(value: Value) -> tuple[Value, ...]:
    """A text as the values between its slashes."""
    pieces: list[list[Value]] = [[]]
    for part in identity(value) or ():
        first, *more = part.split("/") if isinstance(part, str) else (part,)
        pieces[-1].append(first)
        pieces += [[piece] for piece in more]
    return tuple(joined([part for part in piece if part != ""] or [""]) for piece in pieces)

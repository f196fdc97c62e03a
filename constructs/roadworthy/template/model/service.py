"""A service, and what it joins: its task definitions, and their containers with target groups."""

from collections.abc import Iterator
from functools import cached_property
from itertools import product
from typing import NamedTuple

from roadworthy.template.conditions import When, possible, together
from roadworthy.template.document import TEMPLATE
from roadworthy.template.model import raw_files
from roadworthy.template.model.cluster import Cluster
from roadworthy.template.model.container import Container
from roadworthy.template.model.network.task_network import TaskNetwork
from roadworthy.template.model.properties import Known, numbers, texts
from roadworthy.template.model.resource import Resource
from roadworthy.template.model.target_group import TargetGroup
from roadworthy.template.model.task_definition import FARGATE, TaskDefinition
from roadworthy.template.node import Node
from roadworthy.template.resolve import values
from roadworthy.template.values import same


class LoadBalancedPort(NamedTuple):
    """A port of a container that a service registers in a target group: an entry of its `LoadBalancers`, joined.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
    """

    service: "Service"
    entry: Node
    container: Container
    port: int
    target_group: TargetGroup
    when: When
    assumed: frozenset[str]


class Service(Resource):
    """A service.

    Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Service.html
    """

    TYPE = "AWS::ECS::Service"

    @property
    def name(self) -> str:
        """Its name for messages: its ServiceName where that is known, else its label."""
        names = texts(self.node, "ServiceName")
        return names[0].value if len(names) == 1 else self.label

    @cached_property
    def task_definitions(self) -> list[Known[TaskDefinition]]:
        """The task definitions that it can run, as far as they are in the documents."""
        if self.document.kind != TEMPLATE:
            return raw_files.task_definitions_of(self)
        return self.referred(TaskDefinition, "TaskDefinition")

    @cached_property
    def launch_types(self) -> list[Known[str]]:
        """Its launch type, where it is written."""
        return texts(self.node, "LaunchType")

    @cached_property
    def capacity_providers(self) -> list[Known[str]]:
        """The capacity providers of its strategy, where it is written."""
        return [
            known
            for item in self.node.all_items("CapacityProviderStrategy")
            for known in texts(item, "CapacityProvider")
        ]

    @cached_property
    def on_fargate(self) -> list[When]:
        """The conditions under which it certainly runs on Fargate, by its launch type or its capacity providers."""
        providers = [known.when for known in self.capacity_providers if known.value in {FARGATE, "FARGATE_SPOT"}]
        return [known.when for known in self.launch_types if known.value == FARGATE] + providers

    @cached_property
    def controllers(self) -> list[Known[str]]:
        """Its deployment controller: ECS where none is written."""
        places = list(self.node.get("DeploymentController"))
        if not places:
            return [Known("ECS", self.node, self.when, written=False)]
        return [known for place in places for known in texts(place, "Type", "ECS")]

    @cached_property
    def deployment_configurations(self) -> list[Node]:
        """Its possible `deploymentConfiguration`s, where one is written."""
        return [place for place in self.node.get("DeploymentConfiguration") if isinstance(place.raw, dict)]

    @cached_property
    def networks(self) -> list[Node]:
        """Its possible `awsvpcConfiguration`s: subnets, security groups, public address."""
        outer = self.node.get("NetworkConfiguration")
        return [place for each in outer for place in each.get("AwsvpcConfiguration") if isinstance(place.raw, dict)]

    @cached_property
    def task_networks(self) -> list[TaskNetwork]:
        """The same, with the subnets and security groups that they refer to."""
        return [TaskNetwork(node, self) for node in self.networks]

    @cached_property
    def desired_counts(self) -> list[Known[int]]:
        """How many tasks are asked for, where it is written."""
        return numbers(self.node, "DesiredCount")

    @cached_property
    def clusters(self) -> list[Known[Cluster]]:
        """The cluster that it runs in, as far as it is in the documents."""
        return self.referred(Cluster, "Cluster")

    @cached_property
    def is_rolling(self) -> bool:
        """Whether ECS itself certainly replaces its tasks by rolling updates (the default)."""
        configs = self.deployment_configurations
        strategies = [known.value for config in configs for known in texts(config, "Strategy", "ROLLING")]
        plain = bool(configs) or not any(True for _ in self.node.get("DeploymentConfiguration"))
        by_ecs = {known.value for known in self.controllers} == {"ECS"}
        return by_ecs and plain and set(strategies) <= {"ROLLING"} and len(strategies) >= len(configs)

    @cached_property
    def load_balancers(self) -> list[Node]:
        """The entries of its `loadBalancers`: target group, container name and port."""
        return [item for item in self.node.all_items("LoadBalancers") if isinstance(item.raw, dict)]

    def target_groups(self, entry: Node) -> list[Known[TargetGroup]]:
        """The target groups of an entry of `load_balancers`, as far as they are in the documents."""
        if self.document.kind != TEMPLATE:
            return raw_files.target_groups_of(self, entry)
        return self.referred(TargetGroup, "TargetGroupArn", entry)

    @cached_property
    def registered_groups(self) -> list[Known[TargetGroup]]:
        """The target groups of all its `load_balancers`, as far as they are in the documents."""
        return [known for entry in self.load_balancers for known in self.target_groups(entry)]

    @cached_property
    def alternate_groups(self) -> list[Known[TargetGroup]]:
        """The target groups that a blue/green deployment puts in their place."""
        places = [place for entry in self.load_balancers for place in entry.get("AdvancedConfiguration")]
        return [known for place in places for known in self.referred(TargetGroup, "AlternateTargetGroupArn", place)]

    @cached_property
    def load_balanced_ports(self) -> list[LoadBalancedPort]:
        """The ports that it registers in target groups, as far as both ends are in the documents."""
        return [port for entry in self.load_balancers for port in self._joined(entry)]

    @cached_property
    def dependencies(self) -> set[str]:
        """The logical ids of all that CloudFormation makes before it, in its own template."""
        return self.document.dependencies.of(self.logical_id) if self.logical_id else set()

    def is_made_after(self, other: Resource) -> bool:
        """Whether `other` exists when the service is made; True too where that cannot be told (another template)."""
        return other.document is not self.document or not self.logical_id or other.logical_id in self.dependencies

    def _joined(self, entry: Node) -> Iterator[LoadBalancedPort]:
        groups, ports = self.target_groups(entry), numbers(entry, "ContainerPort")
        containers = list(self._containers(entry)) if groups and ports else []
        for group, port, (container, container_when, more) in product(groups, ports, containers):
            when = together(group.value.when, group.when, port.when, container_when)
            if possible(when):
                assumed = together(group.assumed, port.assumed, more)
                yield LoadBalancedPort(self, entry, container, port.value, group.value, when, assumed)

    def _containers(self, entry: Node) -> Iterator[tuple[Container, When, frozenset[str]]]:
        """The containers that the entry names, with the conditions and the assumed defaults under which it does."""
        names = [name for _, name in values(entry, "ContainerName")]
        for known in self.task_definitions:
            for container, name in product(known.value.containers, names):
                for own in container.names:
                    if same(own.value, name.value):
                        yield container, known.when | own.when | name.when, own.assumed | name.assumed

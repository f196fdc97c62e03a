"""What a service registers in target groups: which containers an entry of `LoadBalancers` names, which ports they have.

Source: https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html
"""

from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, absent
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.node import Node
from roadworthy.template.values import known_text

FUNCTIONS = ("Fn::", "Ref")


def containers_named(definition: TaskDefinition, name: str) -> list[Container] | None:
    """The containers that can have a name; None where it cannot be told that there are no (more) such ones."""
    found = [each for each in definition.containers if any(known_text(own.value) == name for own in each.names)]
    return found if found or names_are_known(definition) else None


def names_are_known(definition: TaskDefinition) -> bool:
    """Whether the names of all its containers are known."""
    return definition.containers_are_known and all(
        each.names and all(known_text(own.value) is not None for own in each.names) for each in definition.containers
    )


def open_ports(container: Container) -> list[tuple[int, int]] | None:
    """The ports that a container can have, as first and last ones; None where some are not known."""
    found: list[tuple[int, int]] = []
    for place in container.node.get("PortMappings"):
        if not isinstance(place.raw, list):
            return None
    for item in container.node.all_items("PortMappings"):
        if not isinstance(item.raw, dict) or is_function(item):
            return None
    for mapping in container.port_mappings:
        own = [(port.value, port.value) for port in mapping.container_ports]
        own += [ports.value for ports in mapping.ranges]
        if not own:
            return None
        found += own
    return found


def is_function(node: Node) -> bool:
    """Whether a value is an intrinsic function, of which nothing more is known."""
    return isinstance(node.raw, dict) and len(node.raw) == 1 and next(iter(node.raw)).startswith(FUNCTIONS)


def port_names(definition: TaskDefinition) -> list[Known[str]] | None:
    """The names that the task definition gives to ports; None where some are not known."""
    if not definition.containers_are_known or any(open_ports(each) is None for each in definition.containers):
        return None
    mappings = [mapping for each in definition.containers for mapping in each.port_mappings]
    if any(not mapping.names and not absent(mapping.node, "Name") for mapping in mappings):
        return None
    return [known for mapping in mappings for known in mapping.names]

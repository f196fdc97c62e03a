"""A port of a task belongs to one container.

## Why is this bad?

The containers of a task share its network interface, and ECS refuses a port that is mapped twice: `TCP host
port '3000' is mapped multiple times in task.`

Compared are the container ports in the network modes `awsvpc` and `host`, the written host ports in
`bridge`; single ports and ranges, for each protocol. A container that maps one port for TCP and for UDP is a
warning, and only where a service registers that port in a target group: creating the service has failed with
`Container port 53 is used in more than one port mapping for container`.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 3000}]}
        - {Name: web, Image: "web:82f44fb", PortMappings: [{ContainerPort: 3000}]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 3000}]}
        - {Name: web, Image: "web:82f44fb", PortMappings: [{ContainerPort: 3001}]}
```
"""

from collections.abc import Iterator, Sequence
from typing import Any, NamedTuple

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.container import Container, PortMapping
from roadworthy.template.model.properties import Known, assumed, jointly
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.node import Node

OVERLAPS = 100  # more claims than these to one port are not compared with each other


class Use(NamedTuple):
    """A container's claim to the ports from `first` to `last`."""

    first: int
    last: int
    protocol: str
    container: Container
    at: Node
    when: When
    assumed: frozenset[str]


@rule(
    "port-used-by-two-containers",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report ports that were mapped before, and ports that are registered although they have two protocols."""
    if sum(len(container.port_mappings) for container in definition.containers) < 2:  # noqa: PLR2004 - nothing to compare
        return
    before: list[Use] = []
    for use in sorted(_uses(definition), key=lambda use: use.first):
        before = [each for each in before if each.last >= use.first]  # in the order of ports: the others cannot overlap
        yield from _clashes(before, use)
        before = [*before[-OVERLAPS:], use]


def _uses(definition: TaskDefinition) -> Iterator[Use]:
    for container in definition.containers:
        for mapping in container.port_mappings:
            for mode, span, protocol in jointly(definition.network_modes, mapping.spans, mapping.protocols):
                for taken in _on_host(mapping, span) if mode.value == "bridge" else [span]:
                    when = taken.when | mode.when | protocol.when
                    more = assumed(mode, taken, protocol)
                    first, last = taken.value
                    yield Use(first, last, protocol.value.lower(), container, taken.at, when, more)


def _on_host(mapping: PortMapping, span: Known[tuple[int, int]]) -> Iterator[Known[tuple[int, int]]]:
    for host, _ in jointly(mapping.host_ports, [span]):
        if host.value:
            yield Known((host.value, host.value), host.at, host.when | span.when, assumed(host, span))


def _clashes(before: Sequence[Use], use: Use) -> Iterator[Finding]:
    for other in before:
        same_protocol = other.protocol == use.protocol
        registered = same_protocol or (other.container is use.container and _is_registered(use))
        if registered and other.at.path != use.at.path and possible(other.when, use.when):
            yield _finding(other, use, same_protocol=same_protocol)
            return


def _finding(other: Use, use: Use, *, same_protocol: bool) -> Finding:
    if same_protocol:
        again = "twice" if other.container is use.container else f"and by container `{other.container.label}`"
        message = f"{use.protocol} port {_shown(use)} is mapped by container `{use.container.label}` {again}"
    else:
        message = f"container `{use.container.label}` maps port {_shown(use)}, which is registered, for two protocols"
    fix = "Let each container listen on a port of its own" if same_protocol else "Map the port for one protocol"
    severity = ERROR if same_protocol else WARNING
    return Finding(use.at, message, fix, severity, other.assumed | use.assumed)


def _is_registered(use: Use) -> bool:
    ports: list[Any] = [port for service in use.container.definition.services for port in service.load_balanced_ports]
    return any(port.container is use.container and use.first <= port.port <= use.last for port in ports)


def _shown(use: Use) -> str:
    return str(use.first) if use.first == use.last else f"{use.first}-{use.last}"

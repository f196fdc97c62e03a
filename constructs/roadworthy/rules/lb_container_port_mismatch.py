"""The port that a service registers in a target group is a port of that container.

## Why is this bad?

ECS refuses the service: `The container X did not have a container port N defined.` CloudFormation makes the
service last, after the load balancer and all the rest, and then rolls everything back.

`ContainerPort` of each entry of `LoadBalancers` is compared with the container's port mappings, port ranges
included. Where one of them is not known, nothing is said.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}]}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ContainerName: api, ContainerPort: 80, TargetGroupArn: !ImportValue Targets}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000}]}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      LoadBalancers: [{ContainerName: api, ContainerPort: 8000, TargetGroupArn: !ImportValue Targets}]
```
"""

from collections.abc import Iterator, Sequence
from typing import Any

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.registered import containers_named, open_ports
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, assumed, jointly, numbers, texts
from roadworthy.template.model.service import Service


@rule(
    "lb-container-port-mismatch",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report the entries of `LoadBalancers` whose port the container does not have."""
    for entry in service.load_balancers:
        names, ports = texts(entry, "ContainerName"), numbers(entry, "ContainerPort")
        for name, port, definition in jointly(names, ports, service.task_definitions):
            containers = containers_named(definition.value, name.value) or []
            have = _ports(containers)
            if have is not None and not any(first <= port.value <= last for first, last in have):
                listed = ", ".join(str(first) if first == last else f"{first}-{last}" for first, last in have)
                yield Finding(
                    at=port.at,
                    message=f"service `{service.name}` registers port {port.value} of container `{name.value}`, "
                    f"which has {f'port {listed}' if have else 'no port mappings'}",
                    fix=f"Register a port of the container, or add port {port.value} to its port mappings",
                    assumed=assumed(port, definition, *_ports_known(containers)) | _of_names(name, containers),
                )


def _ports(containers: Sequence[Container]) -> list[tuple[int, int]] | None:
    """The ports of all the containers; None where some are not known, or there is no container."""
    each = [open_ports(container) for container in containers]
    known = [ports for ports in each if ports is not None]
    return [pair for ports in known for pair in ports] if each and len(known) == len(each) else None


def _ports_known(containers: Sequence[Container]) -> list[Known[Any]]:
    mappings = [mapping for each in containers for mapping in each.port_mappings]
    single: list[Known[Any]] = [known for mapping in mappings for known in mapping.container_ports]
    return single + [known for mapping in mappings for known in mapping.ranges]


def _of_names(name: Known[str], containers: Sequence[Container]) -> frozenset[str]:
    """What the equality of the names rests on: nothing where both are written as the same expression."""
    own = [place.raw for container in containers for place in container.node.get("Name")]
    return frozenset() if all(raw == name.at.raw for raw in own) else name.assumed

"""Where a task has a network interface of its own, a host port is its container port.

## Why is this bad?

ECS refuses the task definition: `When networkMode=awsvpc, the host ports and container ports in port
mappings must match.` That includes a host port of 0, which asks for a dynamic port under `bridge`.

Only mappings that write both ports are compared, in `awsvpc` mode; `80:8080` is right under `bridge`.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          PortMappings: [{ContainerPort: 8000, HostPort: 80}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      NetworkMode: awsvpc
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          PortMappings: [{ContainerPort: 8000}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, jointly


@rule(
    "host-port-mismatch",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_PortMapping.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report host ports that differ from their container port."""
    modes = [mode for mode in container.definition.network_modes if mode.value == "awsvpc"]
    for mapping in container.port_mappings if modes else ():
        if not mapping.host_ports:
            continue
        for mode, host, port in jointly(modes, mapping.host_ports, mapping.container_ports):
            if host.value != port.value:
                yield Finding(
                    at=host.at,
                    message=f"container `{container.label}` maps host port {host.value} to container port "
                    f"{port.value} in network mode `awsvpc`",
                    fix="Leave the host port out",
                    assumed=assumed(mode, host, port),
                )

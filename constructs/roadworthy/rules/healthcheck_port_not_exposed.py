"""A container's health check asks a port that the container listens on.

## Why is this bad?

A check that asks another port than the application's never succeeds, and ECS replaces task after task:
`Task failed container health checks`.

The ports that curl, wget, Python, Node and nc commands ask on the container itself are compared with the
ports that the task's containers map. It is a warning, because a port need not be mapped to be listened on.
Nothing is said of a container that maps no port, or whose environment or command names the port.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          PortMappings: [{ContainerPort: 8000}]
          HealthCheck: {Command: [CMD-SHELL, "curl -f http://localhost:8080/health || exit 1"]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          PortMappings: [{ContainerPort: 8000}]
          HealthCheck: {Command: [CMD-SHELL, "curl -f http://localhost:8000/health || exit 1"]}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.health_command import tcp_ports
from roadworthy.rules.facts.ports import is_unmapped, may_listen
from roadworthy.template.model.container import Container


@rule(
    "healthcheck-port-not-exposed",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report ports that a command asks and no container of the task maps or mentions."""
    for command in container.health_commands if container.spans else ():
        for port in tcp_ports(command.words):
            if is_unmapped(container.definition, port) and not may_listen(container, port):
                mapped = ", ".join(dict.fromkeys(str(span.value[0]) for span in container.spans))
                yield Finding(
                    at=command.node,
                    message=f"container `{container.label}` checks its health on port {port}, it maps {mapped}",
                    fix=f"Ask the port that the application listens on, or map port {port}",
                    assumed=command.assumed,
                )

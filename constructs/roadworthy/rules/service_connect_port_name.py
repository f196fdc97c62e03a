"""A port that Service Connect offers is a named port of the task definition.

## Why is this bad?

ECS refuses the service: `portName(X) does not refer to any named PortMapping in the container definitions`.

`PortName` is compared with the `Name` of every port mapping of the task definition. Where one of them is not
known, nothing is said.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000, Name: http}]}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      ServiceConnectConfiguration: {Enabled: true, Namespace: internal, Services: [{PortName: api}]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", PortMappings: [{ContainerPort: 8000, Name: http}]}
  Service:
    Type: AWS::ECS::Service
    Properties:
      TaskDefinition: !Ref Task
      ServiceConnectConfiguration: {Enabled: true, Namespace: internal, Services: [{PortName: http}]}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.registered import port_names
from roadworthy.template.model.properties import assumed, jointly, texts
from roadworthy.template.model.service import Service
from roadworthy.template.model.service_connect import service_connects


@rule(
    "service-connect-port-name",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ServiceConnectService.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report offers of ports that no container names so."""
    for entry in (entry for each in service_connects(service) for entry in each.entries):
        for port, definition in jointly(texts(entry, "PortName"), service.task_definitions):
            names = port_names(definition.value)
            if names is not None and port.value not in {known.value for known in names}:
                have = ", ".join(sorted({f"`{known.value}`" for known in names}))
                yield Finding(
                    at=port.at,
                    message=f"service `{service.name}` offers port `{port.value}`, "
                    f"its task definition names {have or 'no port'}",
                    fix=f"Name a port mapping `{port.value}`, or offer one that is named",
                    assumed=assumed(port, definition, *names),
                )

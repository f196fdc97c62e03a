"""The container that a service registers in a target group is one of its task definition.

## Why is this bad?

ECS refuses the service: `The container X does not exist in the task definition.` CloudFormation makes the
service last, after the load balancer and all the rest, and then rolls everything back.

`ContainerName` of each entry of `LoadBalancers` is compared, exactly, with the names of the containers of
every task definition that the service can run. Where one of these names, or a part of the list of
containers, is not known, nothing is said.

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
      LoadBalancers: [{ContainerName: web, ContainerPort: 8000, TargetGroupArn: !ImportValue Targets}]
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

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.registered import containers_named
from roadworthy.template.model.properties import assumed, jointly, texts
from roadworthy.template.model.service import Service


@rule(
    "lb-container-name-mismatch",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LoadBalancer.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report the entries of `LoadBalancers` whose container no task definition of the service has."""
    for entry in service.load_balancers:
        for name, definition in jointly(texts(entry, "ContainerName"), service.task_definitions):
            if name.value and containers_named(definition.value, name.value) == []:
                own = [known for container in definition.value.containers for known in container.names]
                have = ", ".join(f"`{container.label}`" for container in definition.value.containers)
                yield Finding(
                    at=name.at,
                    message=f"service `{service.name}` registers container `{name.value}`, "
                    f"its task definition has {have or 'no container'}",
                    fix="Name a container of the task definition in the service's LoadBalancers",
                    assumed=assumed(name, definition, *own),
                )

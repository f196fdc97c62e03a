"""A service on Fargate says so: by its launch type, its strategy or its cluster's default strategy.

## Why is this bad?

Without any of them ECS takes the launch type EC2. On a cluster without instances no task is ever placed: `no
container instances were found in your cluster`.

It is reported where the task definition demands Fargate alone and the cluster, in the documents, has no
default capacity provider strategy. Services of the EXTERNAL controller are left alone.

## Example

```yaml fails
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
```

```yaml passes
Resources:
  Cluster:
    Type: AWS::ECS::Cluster
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties:
      Cluster: !Ref Cluster
      LaunchType: FARGATE
      TaskDefinition: !Ref Task
      NetworkConfiguration: {AwsvpcConfiguration: {Subnets: [!ImportValue Subnet]}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.properties import absent, assumed, jointly
from roadworthy.template.model.service import Service
from roadworthy.template.model.task_definition import FARGATE, TaskDefinition


@rule(
    "no-launch-type-no-strategy",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-event-messages-list.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services for Fargate that would be placed on instances."""
    unplaced = list(_unplaced(service))
    if not unplaced or any(known.value == "EXTERNAL" for known in service.controllers):
        return
    for cluster, definition in jointly(service.clusters, service.task_definitions):
        if cluster.value.has_default_strategy or not _for_fargate_alone(definition.value):
            continue
        if any(possible(cluster.when, definition.when, when) for when in unplaced):
            yield Finding(
                at=service.node,
                message=f"service `{service.name}` has no launch type and its cluster `{cluster.value.label}` "
                "no default capacity provider strategy: its tasks for Fargate are placed on instances",
                fix="Set LaunchType to FARGATE",
                assumed=assumed(cluster, definition),
            )


def _for_fargate_alone(definition: TaskDefinition) -> bool:
    return {known.value for known in definition.compatibilities} == {FARGATE}


def _unplaced(service: Service) -> Iterator[When]:
    """The conditions under which it has neither a launch type nor a strategy."""
    launches = absent(service.node, "LaunchType")
    strategies = absent(service.node, "CapacityProviderStrategy") if launches else []
    for launch in launches:
        yield from (launch | when for when in strategies if possible(launch, when))

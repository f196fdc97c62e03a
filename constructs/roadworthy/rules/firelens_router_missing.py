"""A task that logs through FireLens has one log router.

## Why is this bad?

ECS refuses a task definition with the log driver `awsfirelens` and no container with a
`FirelensConfiguration`: `When awsfirelens log driver is specified ... a firelens configuration object must be
specified`. A task can have one router. On Fargate the router's configuration can be a file in its image, not
an object in S3: `config-file-type` must be `file`.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration: {LogDriver: awsfirelens, Options: {Name: cloudwatch}}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration: {LogDriver: awsfirelens, Options: {Name: cloudwatch}}
        - Name: router
          Image: public.ecr.aws/aws-observability/aws-for-fluent-bit:2.32.4
          FirelensConfiguration: {Type: fluentbit}
```
"""

from collections.abc import Iterator, Sequence
from itertools import combinations

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import texts
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.node import Node

Router = tuple[Container, Node]
FIX = "Add a container with a `FirelensConfiguration`, or log with another driver"


@rule(
    "firelens-router-missing",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_FirelensConfiguration.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report log drivers without a router, a second router, and a router with its configuration in S3."""
    routers = [(each, node) for each in definition.containers for node in each.node.get("FirelensConfiguration")]
    for container in definition.containers:
        yield from _without_router(container, routers)
    for (first, one), (second, other) in combinations(routers, 2) if len(routers) > 1 else ():
        if first is not second and possible(one.when, other.when):
            message = f"containers `{first.label}` and `{second.label}` are both log routers of one task"
            yield Finding(other, message, "Keep one `FirelensConfiguration`")
            break
    for container, node in routers:
        yield from _configured_in_s3(container, node)


def _without_router(container: Container, routers: Sequence[Router]) -> Iterator[Finding]:
    for driver in (driver for node in container.log_configurations for driver in texts(node, "LogDriver")):
        if driver.value != "awsfirelens" or not container.definition.containers_are_known:
            continue
        if not any(possible(driver.when, node.when) for _, node in routers):
            message = f"container `{container.label}` logs through `awsfirelens`, no container is the log router"
            yield Finding(driver.at, message, FIX, assumed=driver.assumed)


def _configured_in_s3(container: Container, node: Node) -> Iterator[Finding]:
    for kind in (kind for options in node.get("Options") for kind in texts(options, "config-file-type")):
        if kind.value == "s3" and any(possible(kind.when, when) for when in container.definition.on_fargate):
            message = f"log router `{container.label}` has its configuration in S3, Fargate takes only a file"
            yield Finding(kind.at, message, "Put the configuration into the image, as `file`", assumed=kind.assumed)

"""A task definition that pulls from ECR, reads secrets or writes logs on Fargate has an execution role.

## Why is this bad?

ECS refuses it: `Fargate requires task definition to have execution role ARN to support ECR images`, `... to
support log driver awslogs`, or `When you are specifying container secrets, you must also specify a value for
'executionRoleArn'`. Images in ECR and the `awslogs` driver need the role on Fargate, secrets everywhere.

In raw task definitions it is a warning, because the role can be given when they are registered.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: TOKEN, ValueFrom: /api/token}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: TOKEN, ValueFrom: /api/token}]
```
"""

from collections.abc import Iterator
from typing import NamedTuple

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.ecr_image import ecr_image
from roadworthy.template.conditions import When, possible
from roadworthy.template.document import TEMPLATE
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import absent, texts
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.node import Node


class Use(NamedTuple):
    """Something for which an execution role is needed."""

    what: str
    at: Node
    when: When
    assumed: frozenset[str]
    only_on_fargate: bool


@rule(
    "execution-role-missing",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report the first use of an execution role in a task definition that has none."""
    missing = absent(definition.node, "ExecutionRoleArn") if definition.is_whole else []
    for use in (use for container in definition.containers for use in _uses(container)) if missing else ():
        platforms = definition.on_fargate if use.only_on_fargate else [use.when]
        if any(possible(use.when, gone, platform) for gone in missing for platform in platforms):
            yield Finding(
                at=use.at,
                message=f"{use.what}, but the task definition has no execution role",
                fix="Set `executionRoleArn` to a role with `AmazonECSTaskExecutionRolePolicy`",
                severity=None if definition.document.kind == TEMPLATE else WARNING,
                assumed=use.assumed,
            )
            return


def _uses(container: Container) -> Iterator[Use]:
    label = f"container `{container.label}`"
    for secret in container.secrets:
        yield Use(f"{label} has the secret `{secret.name}`", secret.node, secret.when, secret.assumed, False)
    for place, image in container.images:
        if ecr_image(image.value):
            yield Use(f"the image of {label} is in ECR", place, place.when | image.when, image.assumed, True)
    for place in container.log_configurations:
        for driver in texts(place, "LogDriver"):
            if driver.value == "awslogs":
                yield Use(f"{label} logs with `awslogs`", driver.at, driver.when, driver.assumed, True)

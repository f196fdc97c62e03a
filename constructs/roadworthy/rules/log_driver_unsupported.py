"""A container on Fargate logs with `awslogs`, `splunk` or `awsfirelens`.

## Why is this bad?

Fargate knows no other log driver, and ECS refuses the task definition.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration: {LogDriver: json-file}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration:
            LogDriver: awslogs
            Options: {awslogs-group: /ecs/api, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import texts

ON_FARGATE = {"awslogs", "splunk", "awsfirelens"}


@rule(
    "log-driver-unsupported",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_LogConfiguration.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report log drivers that Fargate does not have."""
    for place in container.log_configurations:
        for driver in texts(place, "LogDriver"):
            if driver.value not in ON_FARGATE and any(
                possible(driver.when, when) for when in container.definition.on_fargate
            ):
                yield Finding(
                    at=driver.at,
                    message=f"container `{container.label}` logs with `{driver.value}`, which Fargate does not support",
                    fix="Use `awslogs`, `splunk` or `awsfirelens`",
                    assumed=driver.assumed,
                )

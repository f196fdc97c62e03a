"""The `awslogs` driver has a group, a region, and on Fargate a stream prefix.

## Why is this bad?

ECS refuses the task definition: `Log driver awslogs requires options: awslogs-group` or `Fargate requires log
configuration options to include awslogs-stream-prefix`. Without `awslogs-region` no task starts: `unable to
get awslogs driver arguments: awslogs-region is required`.

`awslogs-datetime-format` and `awslogs-multiline-pattern` together are a warning: one page of AWS says that
both cannot be configured, another that one is ignored.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration: {LogDriver: awslogs, Options: {awslogs-group: /ecs/api}}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration:
            LogDriver: awslogs
            Options: {awslogs-group: /ecs/api, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.awslogs import AwsLogs, aws_logs
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.container import Container

REQUIRED = ("awslogs-group", "awslogs-region")
ON_FARGATE = "awslogs-stream-prefix"
EXCLUSIVE = ("awslogs-datetime-format", "awslogs-multiline-pattern")


@rule(
    "awslogs-options",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report options that are missing, and two that exclude each other."""
    for logs in aws_logs(container):
        for option in REQUIRED:
            if _is_missing(logs, option, logs.when):
                yield _missing(container, logs, option, "")
        if any(_is_missing(logs, ON_FARGATE, when | logs.when) for when in container.definition.on_fargate):
            yield _missing(container, logs, ON_FARGATE, ", which Fargate requires")
        if all(logs.option(option) for option in EXCLUSIVE):
            yield Finding(
                at=logs.node,
                message=f"container `{container.label}` sets both `{EXCLUSIVE[0]}` and `{EXCLUSIVE[1]}`",
                fix=f"Remove `{EXCLUSIVE[0]}`",
                severity=WARNING,
                assumed=logs.assumed,
            )


def _is_missing(logs: AwsLogs, option: str, when: When) -> bool:
    return any(possible(when, gone) for gone in logs.without(option))


def _missing(container: Container, logs: AwsLogs, option: str, why: str) -> Finding:
    return Finding(
        at=logs.node,
        message=f"container `{container.label}` logs with `awslogs` without `{option}`{why}",
        fix=f"Add `{option}` to the options of its log configuration",
        assumed=logs.assumed,
    )

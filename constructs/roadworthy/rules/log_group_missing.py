"""A log group of the template is named by reference, so that it exists before its service.

## Why is this bad?

Without the group no task starts: `ResourceInitializationError: failed to validate logger args: ... The
specified log group does not exist.` A log group that is named in plain text is not a dependency:
CloudFormation may make the service first. The logical id in plain text (a `!Ref` forgotten) names a group
that does not exist at all.

A name that no template declares is not reported: the group may be there already.

## Example

```yaml fails
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /ecs/api}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration:
            LogDriver: awslogs
            Options: {awslogs-group: /ecs/api, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api}
```

```yaml passes
Resources:
  Logs:
    Type: AWS::Logs::LogGroup
    Properties: {LogGroupName: /ecs/api}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration:
            LogDriver: awslogs
            Options: {awslogs-group: !Ref Logs, awslogs-region: !Ref AWS::Region, awslogs-stream-prefix: api}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.awslogs import AwsLogs, aws_logs
from roadworthy.template.conditions import When, possible
from roadworthy.template.model.log_group import LogGroup
from roadworthy.template.model.model import Model
from roadworthy.template.model.service import Service
from roadworthy.template.values import Reference, known_text


@rule(
    "log-group-missing",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report log groups that the templates declare and the service does not wait for."""
    if not service.logical_id or not service.model.all(LogGroup):
        return
    for definition in service.task_definitions:
        for container in definition.value.containers:
            for logs in aws_logs(container):
                if not logs.creates_its_group:
                    yield from _in(logs, service, definition.when)


def _in(logs: AwsLogs, service: Service, when: When) -> Iterator[Finding]:
    declared = service.model.index(_by_name)
    for known in logs.option("awslogs-group"):
        name = None if isinstance(known.value, Reference) else known_text(known.value)
        if name is None or not possible(known.when, when):
            continue
        group = declared.get(name)
        label = logs.container.label
        if group is not None and not service.is_made_after(group):
            yield Finding(
                at=known.at,
                message=f"container `{label}` logs to `{name}`, which is log group `{group.label}`; service "
                f"`{service.name}` does not wait for it",
                fix=f"Write `!Ref {group.logical_id}` instead of the name",
                assumed=logs.assumed | known.assumed,
            )
        elif group is None and service.document.type_of(name) == LogGroup.TYPE:
            yield Finding(
                at=known.at,
                message=f"container `{label}` logs to a group named `{name}`, which is the logical id of a log group",
                fix=f"Write `!Ref {name}`",
                severity=ERROR,
                assumed=logs.assumed | known.assumed,
            )


def _by_name(model: Model) -> dict[str, LogGroup]:
    """The log groups of the templates by name; without names that several have."""
    found: dict[str, LogGroup] = {}
    several = set()
    for group in model.all(LogGroup):
        for known in group.names:
            (several.add(known.value) if known.value in found else found.setdefault(known.value, group))
    return {name: group for name, group in found.items() if name not in several}

"""A log group of the template is named by reference, so that it exists before its service.

## Why is this bad?

Without the group no task starts: `ResourceInitializationError: failed to validate logger args: ... The
specified log group does not exist.` A log group that is named in plain text is not a dependency:
CloudFormation may make the service first. The logical id in plain text (a `!Ref` forgotten) names a group
that does not exist at all.

A name that the template does not declare is reported where people wrote the template and it declares other log
groups, or where the name has the stack's own in it (`/ecs/${AWS::StackName}`). A template without log groups is
left alone: the group may be there already. So is what CDK wrote, where a name means an imported group.

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
from roadworthy.rules.facts.awslogs import GROUP, AwsLogs, aws_logs
from roadworthy.template.conditions import When, possible
from roadworthy.template.document import Document
from roadworthy.template.model.log_group import LogGroup
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import contents
from roadworthy.template.model.service import Service
from roadworthy.template.values import UNKNOWN, Reference, Text, Value, expression, identity

STACK_NAME = "AWS::StackName"


@rule(
    "log-group-missing",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report log groups that the templates declare and the service does not wait for."""
    if not service.logical_id:
        return
    for definition in service.task_definitions:
        for container in definition.value.containers:
            for logs in aws_logs(container):
                if not logs.creates_its_group:
                    yield from _in(logs, service, definition.when)


def _in(logs: AwsLogs, service: Service, when: When) -> Iterator[Finding]:
    for known in logs.option(GROUP):
        if isinstance(known.value, Reference) or not possible(known.when, when):
            continue
        group = _declared(service, known.value)
        wrong = _race(service, group) if group else _nowhere(service, known.value)
        if wrong:
            severity, what, fix = wrong
            message = f"container `{logs.container.label}` logs to `{expression(known.value)}`, {what}"
            yield Finding(known.at, message, fix, severity, logs.assumed | known.assumed)


def _race(service: Service, group: LogGroup) -> tuple[str, str, str] | None:
    if service.is_made_after(group):
        return None
    what = f"which is log group `{group.label}`; service `{service.name}` does not wait for it"
    return WARNING, what, f"Write `!Ref {group.logical_id}` instead of the name"


def _nowhere(service: Service, name: Value) -> tuple[str, str, str] | None:
    """What is wrong with a group that the template does not declare."""
    if isinstance(name, str) and service.document.type_of(name) == LogGroup.TYPE:
        return ERROR, "which is the logical id of a log group, not its name", f"Write `!Ref {name}`"
    by_hand = not service.document.synthesized  # in CDK a name in plain text is one that was imported
    if by_hand and isinstance(name, str) and service.model.index(_with_known_names).get(service.document):
        return WARNING, "a group that the template does not declare among its others", "Write `!Ref` of the log group"
    parts = name.parts if isinstance(name, Text) else ()
    of_stack = any(isinstance(part, Reference) and part.name == STACK_NAME for part in parts)
    if of_stack and _declared(service, UNKNOWN) is None and identity(name) is not None:
        return WARNING, "a group with the stack's name, which the stack does not create", "Declare the log group"
    return None


def _with_known_names(model: Model) -> dict[Document, bool]:
    """The templates that declare log groups, and whether none of those can have a name that is not known."""
    known: dict[Document, bool] = {}
    for group in model.all(LogGroup):
        names = [name.value for name in contents(group.node, "LogGroupName")]
        known[group.document] = known.get(group.document, True) and all(isinstance(name, str) for name in names)
    return known


def _declared(service: Service, name: Value) -> LogGroup | None:
    """The log group of the service's own template that has a name; for UNKNOWN: one whose name is not known."""
    return service.model.index(_by_name).get((service.document, identity(name)))


def _by_name(model: Model) -> dict[tuple[Document, object], LogGroup]:
    return {
        (group.document, identity(known.value)): group
        for group in model.all(LogGroup)
        for known in contents(group.node, "LogGroupName")
    }

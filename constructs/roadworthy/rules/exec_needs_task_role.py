"""A service with ECS Exec runs a task definition with a task role.

## Why is this bad?

ECS refuses the service: `The service couldn't be created because a valid taskRoleArn is not being used.
Specify a valid task role in your task definition and try again.` The agent of ECS Exec opens its channels
with the task role.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, EnableExecuteCommand: true}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/api
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, EnableExecuteCommand: true}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.properties import absent, assumed, flags, jointly
from roadworthy.template.model.service import Service


@rule(
    "exec-needs-task-role",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services with ECS Exec of which a task definition has no task role."""
    enabled = [flag for flag in flags(service.node, "EnableExecuteCommand") if flag.value]
    for flag, definition in jointly(enabled, service.task_definitions) if enabled else ():
        if any(possible(flag.when, definition.when, gone) for gone in absent(definition.value.node, "TaskRoleArn")):
            yield Finding(
                at=flag.at,
                message=f"service `{service.name}` enables ECS Exec, but task definition "
                f"`{definition.value.label}` has no task role",
                fix="Set `taskRoleArn` to a role that allows the four `ssmmessages` actions of ECS Exec",
                assumed=assumed(flag, definition),
            )

"""The task role of a service with ECS Exec may open its channels.

## Why is this bad?

The deployment is green, and `aws ecs execute-command` fails with `TargetNotConnectedException`. The agent in
the container needs `ssmmessages:CreateControlChannel`, `ssmmessages:CreateDataChannel`,
`ssmmessages:OpenControlChannel` and `ssmmessages:OpenDataChannel`, with the task role.

A role is judged only when all its policies are known; conditions of statements are taken to hold.

## Example

```yaml fails
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, EnableExecuteCommand: true}
```

```yaml passes
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
      Policies:
        - PolicyName: exec
          PolicyDocument: {Statement: [{Effect: Allow, Action: "ssmmessages:*", Resource: "*"}]}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task, EnableExecuteCommand: true}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.iam_policy import lacks
from roadworthy.template.model.properties import assumed, flags, jointly
from roadworthy.template.model.service import Service

ACTIONS = tuple(
    f"ssmmessages:{verb}{kind}Channel" for verb in ("Create", "Open") for kind in ("Control", "Data")
)  # https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html


@rule(
    "exec-permissions",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/ecs-exec.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report task roles that lack what ECS Exec needs."""
    enabled = [flag for flag in flags(service.node, "EnableExecuteCommand") if flag.value]
    for flag, definition in jointly(enabled, service.task_definitions) if enabled else ():
        for _, role in jointly([flag], definition.value.task_roles):
            missing = [action for action in ACTIONS if lacks(role.value, action)]
            if missing:
                yield Finding(
                    at=flag.at,
                    message=f"service `{service.name}` enables ECS Exec, but its task role `{role.value.label}` has no "
                    f"permission {' and '.join(f'`{action}`' for action in missing)}",
                    fix="Allow the four `ssmmessages` actions of ECS Exec to the task role",
                    assumed=assumed(flag, definition, role),
                )

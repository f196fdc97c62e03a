"""An execution role that must create the log group may do so.

## Why is this bad?

With `awslogs-create-group` ECS creates the group with the execution role, and
`AmazonECSTaskExecutionRolePolicy` does not allow it. No task starts: `AccessDeniedException: ... is not
authorized to perform: logs:CreateLogGroup`.

A role is judged only when all its policies are known, on Fargate, and not where the log group is one of the
template, or may be.

## Example

```yaml fails
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration:
            LogDriver: awslogs
            Options:
              awslogs-group: /ecs/api
              awslogs-create-group: "true"
              awslogs-region: !Ref AWS::Region
              awslogs-stream-prefix: api
```

```yaml passes
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy]
      Policies:
        - PolicyName: logs
          PolicyDocument: {Statement: [{Effect: Allow, Action: "logs:CreateLogGroup", Resource: "*"}]}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          LogConfiguration:
            LogDriver: awslogs
            Options:
              awslogs-group: /ecs/api
              awslogs-create-group: "true"
              awslogs-region: !Ref AWS::Region
              awslogs-stream-prefix: api
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.awslogs import GROUP, aws_logs
from roadworthy.rules.facts.iam_policy import lacks
from roadworthy.template.conditions import possible
from roadworthy.template.document import Document
from roadworthy.template.model.container import Container
from roadworthy.template.model.log_group import LogGroup
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import assumed, contents, jointly
from roadworthy.template.values import Value, identity

ACTION = "logs:CreateLogGroup"


@rule(
    "log-group-create-permission",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specify-log-config.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report groups that ECS is asked to create with a role that certainly may not."""
    definition = container.definition
    if not definition.execution_roles:
        return
    for logs in aws_logs(container):
        if not logs.creates_its_group or logs.groups:
            continue
        if any(_may_be_declared(container, each.value) for each in logs.option(GROUP)):
            continue
        for asked, role in jointly(logs.creates_its_group, definition.execution_roles):
            here = any(possible(asked.when, role.when, logs.when, when) for when in definition.on_fargate)
            if here and lacks(role.value, ACTION):
                yield Finding(
                    at=asked.at,
                    message=f"container `{container.label}` asks ECS to create its log group, but execution role "
                    f"`{role.value.label}` has no permission `{ACTION}`",
                    fix=f"Allow `{ACTION}` to the execution role, or declare the log group in the template",
                    assumed=assumed(asked, role) | logs.assumed,
                )


def _may_be_declared(container: Container, name: Value) -> bool:
    """Whether a log group of the same template has, or may have, that name."""
    names = container.definition.model.index(_names).get(container.node.document, set())
    return None in names or identity(name) in names


def _names(model: Model) -> dict[Document, set[object]]:
    """The names of each template's log groups, for comparison; None for one that is not known."""
    found: dict[Document, set[object]] = {}
    for group in model.all(LogGroup):
        known = found.setdefault(group.document, set())
        known.update(identity(each.value) for each in contents(group.node, "LogGroupName"))
    return found

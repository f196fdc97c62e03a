"""The roles of a task trust `ecs-tasks.amazonaws.com`.

## Why is this bad?

No task starts: `ECS was unable to assume the role '...' that was provided for this task`. Tasks assume the
execution role and the task role as `ecs-tasks.amazonaws.com`; `ecs.amazonaws.com` or
`ec2.amazonaws.com` is not the same. Conditions of the trust policy are taken to hold.

## Example

```yaml fails
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs.amazonaws.com}}]
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      TaskRoleArn: !GetAtt Role.Arn
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```

```yaml passes
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
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.iam_policy import trusted, trusts
from roadworthy.template.model.task_definition import TaskDefinition

TASKS = "ecs-tasks.amazonaws.com"


@rule(
    "role-trust-policy",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-iam-roles.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report roles that certainly do not let tasks assume them."""
    for kind, roles in (("execution", definition.execution_roles), ("task", definition.task_roles)):
        for role in roles:
            trust = role.value.trust
            if not trusts(trust, TASKS):
                yield Finding(
                    at=trust[0].node,
                    message=f"{kind} role `{role.value.label}` lets {trusted(trust)} assume it, not `{TASKS}`",
                    fix=f"Let `{TASKS}` assume the role",
                    assumed=role.assumed,
                )

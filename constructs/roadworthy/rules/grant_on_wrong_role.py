"""What ECS needs before a container runs is allowed to the execution role, not to the task role.

## Why is this bad?

Two roles belong to a task. ECS reads its secrets with the execution role before the container runs; the
container's code has the task role. A grant on the task role does not help ECS, and no task starts:
`ResourceInitializationError: unable to pull secrets or registry auth: ... AccessDeniedException`.

Reported are secrets and parameters that the task role may read and the execution role may not, where all
policies of the execution role are known.

## Example

```yaml fails
Resources:
  ExecutionRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy]
  TaskRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
      Policies:
        - PolicyName: read
          PolicyDocument: {Statement: [{Effect: Allow, Action: "ssm:GetParameters", Resource: "*"}]}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt ExecutionRole.Arn
      TaskRoleArn: !GetAtt TaskRole.Arn
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: TOKEN, ValueFrom: /api/token}]
```

```yaml passes
Resources:
  ExecutionRole:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
      ManagedPolicyArns: [arn:aws:iam::aws:policy/service-role/AmazonECSTaskExecutionRolePolicy]
      Policies:
        - PolicyName: read
          PolicyDocument: {Statement: [{Effect: Allow, Action: "ssm:GetParameters", Resource: "*"}]}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt ExecutionRole.Arn
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: TOKEN, ValueFrom: /api/token}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.permission import denied_reads
from roadworthy.template.model.container import Container


@rule(
    "grant-on-wrong-role",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/security-ecs-iam-role-overview.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report what the task role may read in the place of the execution role."""
    for denied in denied_reads(container):
        if denied.holder is not None:
            need = denied.need
            yield Finding(
                at=need.at,
                message=f"task role `{denied.holder.label}` has the permission `{need.action}` to {need.what}, "
                f"but ECS uses execution role `{denied.role.value.label}`, which has not",
                fix=f"Allow `{need.action}` to the execution role",
                assumed=need.assumed | denied.role.assumed,
            )

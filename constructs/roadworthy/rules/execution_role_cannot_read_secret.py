"""The execution role may read each secret and parameter that a container gets.

## Why is this bad?

No task starts: `ResourceInitializationError: unable to pull secrets or registry auth: ...
AccessDeniedException: ... is not authorized to perform: ssm:GetParameters`. ECS reads them with the
execution role, not with the task role, and `AmazonECSTaskExecutionRolePolicy` allows none of it:

- `secretsmanager:GetSecretValue` for a secret. Its ARN ends in six random characters, so that a policy on
  the ARN without them matches nothing; end it in `-??????`.
- `ssm:GetParameters`, in the plural, for a parameter.
- `kms:Decrypt` where a key of your own encrypts the secret.

A role is judged only when all its policies are known; conditions of statements are taken to hold.

## Example

```yaml fails
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
      Policies:
        - PolicyName: read
          PolicyDocument: {Statement: [{Effect: Allow, Action: "ssm:GetParameter", Resource: "*"}]}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: TOKEN, ValueFrom: /api/token}]
```

```yaml passes
Resources:
  Role:
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
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: TOKEN, ValueFrom: /api/token}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.iam_policy import needed
from roadworthy.rules.facts.permission import READ_PARAMETERS, denied_reads
from roadworthy.template.model.container import Container
from roadworthy.template.model.role import Role


@rule(
    "execution-role-cannot-read-secret",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report what the execution role may not read, unless the task role may: that is another mistake."""
    for denied in denied_reads(container):
        if denied.holder is None:
            action, role = denied.need.action, denied.role.value
            yield Finding(
                at=denied.need.at,
                message=f"execution role `{role.label}` has no permission `{action}` to {denied.need.what}"
                f"{_but(role, action)}",
                fix=f"Allow `{action}` on it in a policy of the execution role",
                assumed=denied.need.assumed | denied.role.assumed,
            )


def _but(role: Role, action: str) -> str:
    """What the role has instead."""
    if action == READ_PARAMETERS and needed(role, "ssm:GetParameter"):
        return ", only `ssm:GetParameter`"
    return ", only on other resources" if needed(role, action) else ""

"""The execution role may pull the images that are in ECR.

## Why is this bad?

On Fargate ECS pulls with the execution role, and no task starts: `CannotPullContainerError: ... is not
authorized to perform: ecr:GetAuthorizationToken`. It needs `ecr:GetAuthorizationToken` on `*`, and
`ecr:BatchGetImage` and `ecr:GetDownloadUrlForLayer` on the repository. `AmazonECSTaskExecutionRolePolicy`
allows them. Images of `public.ecr.aws` need none.

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
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 512
      ExecutionRoleArn: !GetAtt Role.Arn
      ContainerDefinitions:
        - Name: api
          Image: !Sub ${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/api:82f44fb
```

```yaml passes
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
          Image: !Sub ${AWS::AccountId}.dkr.ecr.${AWS::Region}.amazonaws.com/api:82f44fb
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.permission import Need, is_lacking, pulls
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container


@rule(
    "execution-role-cannot-pull",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task_execution_IAM_role.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report the first permission that each image lacks."""
    for role in container.definition.execution_roles:
        lacking = (need for need in pulls(container) if possible(role.when, need.when) and is_lacking(role.value, need))
        first: dict[tuple[object, ...], Need] = {}
        for need in lacking:
            first.setdefault(need.at.path, need)
        for need in first.values():
            yield Finding(
                at=need.at,
                message=f"execution role `{role.value.label}` has no permission `{need.action}` to {need.what} "
                f"for container `{container.label}`",
                fix="Attach `AmazonECSTaskExecutionRolePolicy` to the execution role",
                assumed=need.assumed | role.assumed,
            )

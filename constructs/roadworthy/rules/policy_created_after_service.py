"""A service waits for the policies that its execution role needs.

## Why is this bad?

A policy that attaches itself to a role is made after the role, and nothing makes the service wait for it. Its
first tasks fail with `AccessDeniedException`, and count for the circuit breaker, until the policy is there.
CDK makes a service wait for the policies of its task role, not for those of its execution role.

Reported are policies without which the execution role certainly may not pull the image, read a secret or
write logs.

In CDK: `service.node.add_dependency(task_definition.execution_role)`.

## Example

```yaml fails
Resources:
  Role:
    Type: AWS::IAM::Role
    Properties:
      AssumeRolePolicyDocument:
        Statement: [{Effect: Allow, Action: "sts:AssumeRole", Principal: {Service: ecs-tasks.amazonaws.com}}]
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: read
      PolicyDocument: {Statement: [{Effect: Allow, Action: "ssm:GetParameters", Resource: "*"}]}
      Roles: [!Ref Role]
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task}
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
  Policy:
    Type: AWS::IAM::Policy
    Properties:
      PolicyName: read
      PolicyDocument: {Statement: [{Effect: Allow, Action: "ssm:GetParameters", Resource: "*"}]}
      Roles: [!Ref Role]
  Service:
    Type: AWS::ECS::Service
    DependsOn: Policy
    Properties: {TaskDefinition: !Ref Task}
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

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.iam_policy import needed
from roadworthy.rules.facts.permission import Need, logs, pulls, reads
from roadworthy.template.conditions import possible
from roadworthy.template.model.properties import Known
from roadworthy.template.model.role import ATTACHING, Attachments, Role
from roadworthy.template.model.service import Service
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "policy-created-after-service",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-dependson.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report each policy once, with the first thing that needs it."""
    for definition in service.task_definitions:
        for role in definition.value.execution_roles:
            seen: set[str] = set()
            for need in _needs(definition.value, role) if _has_late_policies(service, role.value) else ():
                late = _late_policies(service, role.value, need) - seen
                seen |= late
                for policy in sorted(late):
                    yield Finding(
                        at=service.node,
                        message=f"service `{service.name}` does not wait for policy `{policy}`, which lets execution "
                        f"role `{role.value.label}` {need.what}",
                        fix=f"Add `{policy}` to the service's `DependsOn`",
                        assumed=need.assumed | role.assumed | definition.assumed,
                    )


def _has_late_policies(service: Service, role: Role) -> bool:
    """Whether a policy of the template attaches itself to the role, and is not made before the service."""
    places = service.model.index(Attachments).to(role)
    return any(place.resource not in service.dependencies for place in places)


def _needs(definition: TaskDefinition, role: Known[Role]) -> Iterator[Need]:
    for container in definition.containers:
        for kind in (reads, pulls, logs):
            yield from (need for need in kind(container) if possible(need.when, role.when))


def _late_policies(service: Service, role: Role, need: Need) -> set[str]:
    """The policies that allow it, if all that do are made after the service."""
    statements = [each for target in need.targets or (None,) for each in needed(role, need.action, target)]
    late = {str(each.node.resource) for each in statements if each.node.document is service.document}
    of_policies = all(service.document.type_of(name) in ATTACHING for name in late)
    same = all(each.node.document is service.document for each in statements)
    return late if same and of_policies and not late & service.dependencies else set()

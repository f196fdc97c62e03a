"""A name stands in a container's environment or in its secrets, not in both.

## Why is this bad?

ECS refuses the task definition: `The secret name must be unique and not shared with any new or existing
environment variables set on the container, such as 'X'.` CDK accepts it, because `environment` and
`secrets` are two arguments, and CloudFormation finds out when it registers the task definition, minutes
into the deployment.

Names are compared as they are written, upper and lower case being different; a name that only the deployment
tells collides with the very same expression (`!Ref Name` in both lists). Two entries of which conditions
allow only one at a time (`!If [A, ...]` in one list, the opposite in the other) do not collide. A name that
stands twice among the secrets is a warning.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: DB_PASSWORD, Value: changeme}]
          Secrets: [{Name: DB_PASSWORD, ValueFrom: !Ref DatabaseSecret}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: DB_HOST, Value: db.internal}]
          Secrets: [{Name: DB_PASSWORD, ValueFrom: !Ref DatabaseSecret}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.named_value import NamedValue, duplicates
from roadworthy.template.model.properties import Known, assumed
from roadworthy.template.node import Node
from roadworthy.template.values import Value, expression, identity


@rule(
    "env-secret-collision",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report the secrets whose name is an environment variable's, too."""
    if not container.secrets and not container.open_secrets:
        return
    yield from _known(container)
    yield from _open(container)
    for first, second in duplicates(container.secrets):
        yield Finding(
            at=second.node,
            message=f"container `{container.label}` defines the secret `{second.name}` twice",
            fix=f"Remove one of the entries for `{second.name}`",
            severity=WARNING,
            assumed=first.assumed | second.assumed,
        )


def _known(container: Container) -> Iterator[Finding]:
    variables: dict[str, list[NamedValue]] = {}
    for variable in container.environment:
        variables.setdefault(variable.name, []).append(variable)
    for secret in container.secrets:
        rivals = [each for each in variables.get(secret.name, ()) if possible(each.when, secret.when)]
        if rivals:  # of several the one that is surest
            variable = min(rivals, key=lambda each: len(each.assumed))
            yield _finding(container, secret.name, secret.node, variable.assumed | secret.assumed)


def _open(container: Container) -> Iterator[Finding]:
    """The same reference in both lists."""
    variables: dict[object, list[Known[Value]]] = {}
    for variable in container.open_environment if container.open_secrets else ():
        variables.setdefault(identity(variable.value), []).append(variable)
    for secret in container.open_secrets:
        for variable in variables.get(identity(secret.value), ()):
            if possible(variable.when, secret.when):
                yield _finding(container, expression(secret.value), secret.at, assumed(variable, secret))


def _finding(container: Container, name: str, at: Node, rests_on: frozenset[str]) -> Finding:
    return Finding(
        at=at,
        message=f"container `{container.label}` defines `{name}` in both environment and secrets",
        fix=f"Remove `{name}` from environment",
        assumed=rests_on,
    )

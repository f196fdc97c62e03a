"""A name stands in a container's environment or in its secrets, not in both.

## Why is this bad?

ECS refuses the task definition: `The secret name must be unique and not shared with any new or existing
environment variables set on the container, such as 'X'.` CDK accepts it, because `environment` and
`secrets` are two arguments, and CloudFormation finds out when it registers the task definition, minutes
into the deployment.

Names are compared as they are written, upper and lower case being different. Two entries of which
conditions allow only one at a time (`!If [A, ...]` in one list, the opposite in the other) do not collide.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
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
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: DB_HOST, Value: db.internal}]
          Secrets: [{Name: DB_PASSWORD, ValueFrom: !Ref DatabaseSecret}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container, NamedValue


@rule(
    "env-secret-collision",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report the secrets whose name is an environment variable's, too."""
    variables: dict[str, list[NamedValue]] = {}
    for variable in container.environment:
        variables.setdefault(variable.name, []).append(variable)
    for secret in container.secrets:
        for variable in variables.get(secret.name, ()):
            if possible(variable.when, secret.when):
                yield Finding(
                    at=secret.node,
                    message=f"container `{container.label}` defines `{secret.name}` in both environment and secrets",
                    fix=f"Remove `{secret.name}` from environment",
                    assumed=variable.assumed | secret.assumed,
                )

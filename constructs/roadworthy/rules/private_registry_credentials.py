"""The credentials of a private registry are a secret that the execution role may read.

## Why is this bad?

ECS logs in to the registry with a secret of Secrets Manager that has the keys `username` and `password`. It
takes the secret's whole ARN, or its name in the same region; a parameter of Systems Manager, an ARN with a JSON
key behind it or the password itself is refused, or no task starts: `CannotPullContainerError` or
`ResourceInitializationError: unable to pull secrets or registry auth`. The execution role needs
`secretsmanager:GetSecretValue` on it; it is judged only when all its policies are known.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: registry.example.com/api:82f44fb
          RepositoryCredentials: {CredentialsParameter: arn:aws:ssm:eu-west-1:123456789012:parameter/registry}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: registry.example.com/api:82f44fb
          RepositoryCredentials: {CredentialsParameter: !Ref RegistrySecret}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.arn import arn_text
from roadworthy.rules.facts.permission import READ_SECRET, is_lacking, secret_need
from roadworthy.rules.facts.secret_reference import PARAMETER_STORE, parse
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import Known, absent, contents
from roadworthy.template.values import Value


@rule(
    "private-registry-credentials",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/private-auth.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report credentials that are no secret, or that the execution role may not read."""
    for place in container.node.get("RepositoryCredentials"):
        for known in contents(place, "CredentialsParameter"):
            what = f"container `{container.label}` logs in to its registry with `{arn_text(known.value)}`"
            if wrong := _wrong(known.value):
                yield Finding(known.at, f"{what}, {wrong}", "Name a secret of Secrets Manager", assumed=known.assumed)
            else:
                yield from _permission(container, known)


def _wrong(value: Value) -> str | None:
    found = parse(value)
    if found and found.service == PARAMETER_STORE and (arn_text(value).startswith("arn:") or found.arn == value):
        return "which is a parameter of Systems Manager"
    if found and any(found.fields):
        return "which has a JSON key behind the secret"
    return None


def _permission(container: Container, known: Known[Value]) -> Iterator[Finding]:
    definition = container.definition
    missing = absent(definition.node, "ExecutionRoleArn") if definition.is_whole else []
    if any(possible(known.when, when) for when in missing):
        message = (
            f"container `{container.label}` logs in to its registry, but the task definition has no execution role"
        )
        yield Finding(
            known.at, message, f"Set `executionRoleArn` to a role with `{READ_SECRET}`", assumed=known.assumed
        )
    need = secret_need(container, known)
    for role in definition.execution_roles if need else ():
        if need and possible(known.when, role.when) and is_lacking(role.value, need):
            message = f"execution role `{role.value.label}` has no permission `{READ_SECRET}` to {need.what}"
            fix = f"Allow `{READ_SECRET}` on it in a policy of the execution role"
            yield Finding(known.at, message, fix, assumed=known.assumed | role.assumed)

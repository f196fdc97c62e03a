"""A secret's ARN is followed by nothing, or by JSON key, version stage and version id.

## Why is this bad?

No task starts: `unexpected ARN format with parameters when trying to retrieve ASM secret`. ECS takes the
ARN alone, or with three fields behind it, each of which may be empty:
`arn:...:secret:app/db-a1B2c3:password::`. A secret of the template counts as its ARN, so that
`!Sub "${DatabaseSecret}:password"` is one colon short of two. The suffix `-XXXXXX` of AWS's examples is not
one that a secret has, and an ARN ends in no `*`: it is a name, not a pattern.

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
          Secrets:
            - Name: DB_PASSWORD
              ValueFrom: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db-a1B2c3:password"
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
          Secrets:
            - Name: DB_PASSWORD
              ValueFrom: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db-a1B2c3:password::"
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.secret_reference import SECRETS_MANAGER, SecretReference, uses
from roadworthy.template.model.container import Container

FIELDS = 3  # JSON key, version stage, version id
EXAMPLE_SUFFIX = "-XXXXXX"


@rule(
    "secret-arn-shape",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report ARNs of secrets that ECS does not understand."""
    for use in uses(container):
        found = use.reference
        if found is None or found.service != SECRETS_MANAGER:
            continue
        if wrong := _wrong(found):
            what, fix = wrong
            yield Finding(
                at=use.at,
                message=f"`{use.name}` of container `{container.label}` is `{found.written}`, {what}",
                fix=fix,
                assumed=use.assumed,
            )


def _wrong(found: SecretReference) -> tuple[str, str] | None:
    fields = found.fields
    if fields and len(fields) != FIELDS and any(fields):  # colons alone are harmless
        what = f"with {len(fields)} field{'s' * (len(fields) > 1)} behind the secret instead of 0 or {FIELDS}"
        return what, f"Write `:{fields[0]}::` behind the secret's ARN"
    if found.name.endswith(EXAMPLE_SUFFIX):
        return f"whose suffix `{EXAMPLE_SUFFIX}` is a placeholder", "Put in the secret's own suffix"
    return None

"""A secret of Secrets Manager is named by its ARN.

## Why is this bad?

A `valueFrom` that is no ARN is the name of a parameter of Systems Manager, and no task starts:
`invalid ssm parameters: app/db`. Reported are values that equal the name of a secret in the templates and
of no parameter there, also with a JSON key and versions behind it; and, as a warning, those with a slash inside
but none in front, which no parameter can have as its name: `For parameters in a hierarchy, you must include a
leading forward slash character (/)`.

## Example

```yaml fails
Resources:
  Database:
    Type: AWS::SecretsManager::Secret
    Properties: {Name: app/db}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: DB_PASSWORD, ValueFrom: "app/db"}]
```

```yaml passes
Resources:
  Database:
    Type: AWS::SecretsManager::Secret
    Properties: {Name: app/db}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: DB_PASSWORD, ValueFrom: !Ref Database}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.secret_reference import PARAMETER_STORE, uses
from roadworthy.template.model.container import Container
from roadworthy.template.model.model import Model
from roadworthy.template.model.secret import Parameter, Secret


@rule(
    "secret-name-instead-of-arn",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report values that are a secret's name."""
    names = container.definition.model.index(_names_of_secrets)
    for use in uses(container):
        found = use.reference
        name, _, fields = use.value.partition(":") if isinstance(use.value, str) else ("", "", "")
        if name in names and ":" in fields:  # a parameter's name takes one colon, before a version or a label
            what = f"`{use.name}` of container `{container.label}` is `{use.value}`, the name of secret"
            fix = f"Refer to the secret: `!Sub ${{{names[name].logical_id}}}:{fields}`"
            yield Finding(use.at, f"{what} `{names[name].label}` with fields behind it", fix, assumed=use.assumed)
        if found is None or found.service != PARAMETER_STORE or found.written.startswith(("arn:", "$")):
            continue
        what = f"`{use.name}` of container `{container.label}` is `{found.name}`"
        if found.name in names:
            secret = names[found.name]
            message = f"{what}, the name of secret `{secret.label}`; ECS looks for a parameter of that name"
            yield Finding(use.at, message, f"Refer to the secret: `!Ref {secret.logical_id}`", assumed=use.assumed)
        elif "/" in found.name and not found.name.startswith("/"):
            message = f"{what}, which no parameter can have as its name"
            fix = "Write a secret's ARN, or a parameter's name with a slash in front"
            yield Finding(use.at, message, fix, WARNING, use.assumed)


def _names_of_secrets(model: Model) -> dict[str, Secret]:
    """The secrets of the templates by name, without names that a parameter has as well."""
    names = {known.value: secret for secret in model.all(Secret) for known in secret.names}
    for parameter in model.all(Parameter) if names else ():
        for known in parameter.names:
            names.pop(known.value, None)
    return names

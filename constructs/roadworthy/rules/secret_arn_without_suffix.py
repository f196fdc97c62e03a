"""A secret's ARN has the six characters that Secrets Manager adds to its name.

## Why is this bad?

Secrets Manager ends each ARN in a hyphen and six random characters. An ARN without them is found by the
secret's name alone: not where the name itself ends in a hyphen and six characters, and a policy on that ARN
allows nothing. Copy the whole ARN, or refer to the secret. Reported once for each secret, and only where a
JSON key is asked for: that needs the ARN, the whole value is often named this way.

CDK writes such an ARN for `Secret.from_secret_name_v2`; there it is left alone.

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
              ValueFrom: "arn:aws:secretsmanager:eu-west-1:123456789012:secret:app/db:password::"
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

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.secret_reference import SECRETS_MANAGER, has_suffix, uses
from roadworthy.template.model.container import Container
from roadworthy.template.values import Reference


@rule(
    "secret-arn-without-suffix",
    severity=WARNING,
    source="https://docs.aws.amazon.com/secretsmanager/latest/userguide/troubleshoot.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report ARNs of secrets that end in the name."""
    if container.definition.document.synthesized:
        return
    seen = set()
    for use in uses(container):
        found = use.reference
        if found is None or found.service != SECRETS_MANAGER or isinstance(found.arn, Reference) or found.arn in seen:
            continue
        if any(found.fields) and not has_suffix(found.name):
            seen.add(found.arn)
            yield Finding(
                at=use.at,
                message=f"`{use.name}` of container `{container.label}` is `{found.written}`, which lacks the suffix "
                f"of six characters behind `{found.name}`",
                fix="Write the secret's whole ARN, with its suffix",
                assumed=use.assumed,
            )

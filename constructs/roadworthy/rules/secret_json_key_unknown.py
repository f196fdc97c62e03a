"""A secret has the JSON key that a container asks for.

## Why is this bad?

No task starts: `retrieved secret from Secrets Manager did not contain json key X`. The keys are known where
the template writes the secret: those of `SecretString`, those of `SecretStringTemplate` with
`GenerateStringKey`, and those that an attachment adds (`host`, `port`, `engine` and others). A secret that is
generated without a template is a plain text, which has no keys.

For a secret of another stack it is a warning: someone can have put in another value meanwhile.

## Example

```yaml fails
Resources:
  Database:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString: {SecretStringTemplate: '{"username": "api"}', GenerateStringKey: password}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: DB_USER, ValueFrom: !Sub "${Database}:user::"}]
```

```yaml passes
Resources:
  Database:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString: {SecretStringTemplate: '{"username": "api"}', GenerateStringKey: password}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: DB_USER, ValueFrom: !Sub "${Database}:username::"}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.secret_reference import joined_secret, uses
from roadworthy.template.model.container import Container
from roadworthy.template.values import HOLE


@rule(
    "secret-json-key-unknown",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/secrets-envvar-secrets-manager.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report keys that the templates' secrets certainly lack."""
    for use in uses(container):
        found = use.reference
        secret = joined_secret(container, found) if found and found.fields else None
        key = found.fields[0] if found and found.fields else ""
        if secret is None or not key or HOLE in key:
            continue
        keys = secret.json_keys
        if keys is not None and key not in keys:
            has = f"has the keys {', '.join(f'`{each}`' for each in sorted(keys))}" if keys else "is a plain text"
            yield Finding(
                at=use.at,
                message=f"`{use.name}` of container `{container.label}` asks for the key `{key}` of secret "
                f"`{secret.label}`, which {has}",
                fix="Ask for a key that the secret has"
                if keys
                else f"Remove `:{key}::`, or give the secret a JSON value",
                severity=None if secret.document is container.node.document else WARNING,
                assumed=use.assumed,
            )

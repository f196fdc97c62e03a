"""A password or key comes to a container as a secret, not as plain environment.

## Why is this bad?

What stands in a task definition's environment is shown to everyone who may describe task definitions, stays
in every old revision, and lies in the template and its repository.

Reported are values that are certainly credentials (an AWS access key id, a private key, a URL with a
password) and literal values of variables whose name says so: `*_PASSWORD`, and `*_SECRET`, `*_TOKEN`,
`*_API_KEY` and the like with a value that looks random. References, dynamic references, names of secrets,
paths and placeholders are left alone. The value is never shown.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/orders-execution
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Environment: [{Name: REDIS_PASSWORD, Value: s3cr3t-Hunter2}]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: arn:aws:iam::111122223333:role/orders-execution
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Secrets: [{Name: REDIS_PASSWORD, ValueFrom: !Ref RedisPassword}]}
  RedisPassword:
    Type: AWS::SecretsManager::Secret
    Properties: {GenerateSecretString: {PasswordLength: 32}}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.credentials import credential
from roadworthy.template.model.container import Container


@rule(
    "plaintext-secret",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/specifying-sensitive-data.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report environment variables that hold a credential."""
    for variable, value in container.variables:
        text = value.value if isinstance(value.value, str) else None
        what = credential(variable.name, text) if text else None
        if what:
            yield Finding(
                at=value.at,
                message=f"container `{container.label}` has {what} in its plain environment, in `{variable.name}`",
                fix="Keep it in Secrets Manager or Parameter Store and name it under the container's secrets",
                assumed=variable.assumed | value.assumed,
            )

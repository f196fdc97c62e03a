"""A service that reads a database's address from a secret waits for the attachment that puts it there.

## Why is this bad?

A `SecretTargetAttachment` adds `host`, `port`, `engine` and `dbname` to a secret when the database exists. A
service that is made before it gets a secret without them, and its first tasks fail: `retrieved secret from
Secrets Manager did not contain json key host`. Refer to the attachment instead of the secret, or name it in
`DependsOn`.

## Example

```yaml fails
Resources:
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString: {SecretStringTemplate: '{"username": "api"}', GenerateStringKey: password}
  Attachment:
    Type: AWS::SecretsManager::SecretTargetAttachment
    Properties: {SecretId: !Ref Secret, TargetId: database, TargetType: AWS::RDS::DBInstance}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: DB_HOST, ValueFrom: !Sub "${Secret}:host::"}]
```

```yaml passes
Resources:
  Secret:
    Type: AWS::SecretsManager::Secret
    Properties:
      GenerateSecretString: {SecretStringTemplate: '{"username": "api"}', GenerateStringKey: password}
  Attachment:
    Type: AWS::SecretsManager::SecretTargetAttachment
    Properties: {SecretId: !Ref Secret, TargetId: database, TargetType: AWS::RDS::DBInstance}
  Service:
    Type: AWS::ECS::Service
    Properties: {TaskDefinition: !Ref Task}
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ExecutionRoleArn: !Sub arn:aws:iam::${AWS::AccountId}:role/ecsTaskExecutionRole
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: DB_HOST, ValueFrom: !Sub "${Attachment}:host::"}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.secret_reference import joined_secret, uses
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed
from roadworthy.template.model.secret import ADDED_KEYS, SecretJoins
from roadworthy.template.model.service import Service


@rule(
    "secret-attachment-race",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-secretsmanager-secrettargetattachment.html",
)
def check(service: Service) -> Iterator[Finding]:
    """Report services that are made before the attachment of a secret that they read."""
    if not service.model.index(SecretJoins).attachments:
        return
    for definition in service.task_definitions:
        for container in definition.value.containers:
            for finding in _in(container, service):
                if possible(definition.when, finding.at.when):
                    yield finding._replace(assumed=finding.assumed | assumed(definition))


def _in(container: Container, service: Service) -> Iterator[Finding]:
    for use in uses(container):
        found = use.reference
        key = found.fields[0] if found and found.fields else ""
        secret = joined_secret(container, found) if found and key in ADDED_KEYS else None
        if secret is None or key in (secret.own_keys or ()):
            continue
        for attachment in secret.attachments:
            if not service.is_made_after(attachment):
                yield Finding(
                    at=use.at,
                    message=f"container `{container.label}` reads `{key}` of secret `{secret.label}`, which "
                    f"`{attachment.label}` adds; service `{service.name}` does not wait for it",
                    fix=f"Refer to `{attachment.logical_id}` instead of the secret",
                    assumed=use.assumed,
                )

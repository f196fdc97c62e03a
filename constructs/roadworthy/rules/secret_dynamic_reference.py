"""A secret is passed by its ARN, not by its value.

## Why is this bad?

CloudFormation puts the secret itself in the place of `{{resolve:secretsmanager:...}}` or
`{{resolve:ssm-secure:...}}`. As a `valueFrom` it is then taken for an ARN or a name, and no task starts. As an
environment variable (a warning) it stands in plain text in the task definition, for everyone who may
describe it. `{{resolve:ssm:...}}` is not reported: what it holds can be an ARN.

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
              ValueFrom: "{{resolve:secretsmanager:app/db:SecretString:password}}"
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

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.dynamic_reference import OPENING, secret_reference_in
from roadworthy.template.document import TEMPLATE, Document
from roadworthy.template.model.container import Container
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import texts
from roadworthy.template.node import Node

FIX = "Name the secret by its ARN in `secrets`"


@rule(
    "secret-dynamic-reference",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/dynamic-references-secretsmanager.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report dynamic references to secrets, in `secrets` and in `environment`."""
    if container.definition.document not in container.definition.model.index(_with_dynamic_references):
        return
    for entry, found in _found(container, "Secrets", "ValueFrom"):
        yield Finding(
            at=entry,
            message=f"secret `{_name(entry)}` of container `{container.label}` is `{found}`, which becomes the "
            "secret's value where its ARN must stand",
            fix=FIX,
        )
    for entry, found in _found(container, "Environment", "Value"):
        yield Finding(
            at=entry,
            message=f"environment variable `{_name(entry)}` of container `{container.label}` is `{found}`, which "
            "stands in plain text in the task definition",
            fix=FIX,
            severity=WARNING,
        )


def _with_dynamic_references(model: Model) -> set[Document]:
    return {document for document in model.documents if document.kind == TEMPLATE and OPENING in document.text}


def _found(container: Container, entries: str, name: str) -> Iterator[tuple[Node, str]]:
    for entry in container.node.all_items(entries):
        for place in entry.get(name):
            if found := secret_reference_in(place.raw):
                yield entry, found


def _name(entry: Node) -> str:
    names = texts(entry, "Name")
    return names[0].value if names else "?"

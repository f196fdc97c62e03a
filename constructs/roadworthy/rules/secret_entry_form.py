"""A secret has `valueFrom`, an environment variable has `value`.

## Why is this bad?

ECS and CloudFormation refuse an entry with the other's member. Most often a whole entry stands in the wrong list: a
plain value among the secrets, or a secret's ARN among the environment variables.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Secrets: [{Name: STAGE, Value: production}]
      ExecutionRoleArn: arn:aws:iam::123456789012:role/execution
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: STAGE, Value: production}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import contents
from roadworthy.template.node import Node
from roadworthy.template.values import readable, skeleton

OF_SECRETS = ("arn:", "/")  # how the name of a secret or of a parameter begins


@rule(
    "secret-entry-form",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_Secret.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report entries with the member of the other list."""
    for entry in container.node.all_items("Secrets"):
        yield from _wrong(container, entry, "Value", "ValueFrom", "secret")
    for entry in container.node.all_items("Environment"):
        yield from _wrong(container, entry, "ValueFrom", "Value", "environment variable")


def _wrong(container: Container, entry: Node, wrong: str, right: str, what: str) -> Iterator[Finding]:
    spell = entry.document.spell
    raw = entry.raw
    if not isinstance(raw, dict) or raw.get(spell(wrong)) is None:
        return
    name = next((readable(skeleton(known.value)) for known in contents(entry, "Name")), "?")
    values = [skeleton(known.value) for known in contents(entry, wrong)]
    rename = what == "secret" and all(value.startswith(OF_SECRETS) for value in values)
    other = f"the container's `{spell('Environment' if what == 'secret' else 'Secrets')}`"
    yield Finding(
        at=entry.child(spell(wrong)),
        message=f"{what} `{name}` of container `{container.label}` has `{spell(wrong)}`, not `{spell(right)}`",
        fix=f"Write `{spell(right)}`" if rename or raw.get(spell(right)) is not None else f"Move `{name}` to {other}",
    )

"""A name stands once in a container's environment.

## Why is this bad?

Which of the two values the container gets is left to chance: one of them is silently lost.

Names are compared as they are written, upper and lower case being different. Two entries of which conditions
allow only one at a time are no duplicates.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: LEVEL, Value: info}, {Name: LEVEL, Value: debug}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: LEVEL, Value: info}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.named_value import duplicates


@rule(
    "duplicate-environment-name",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report variables that an earlier entry defines."""
    for first, second in duplicates(container.environment):
        yield Finding(
            at=second.node,
            message=f"container `{container.label}` defines the environment variable `{second.name}` twice",
            fix=f"Remove one of the entries for `{second.name}`",
            assumed=first.assumed | second.assumed,
        )

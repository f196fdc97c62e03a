"""A container depends on containers of its own task definition.

## Why is this bad?

ECS refuses the task definition: `Cannot depend on container db because it does not exist`.

Nothing is said where the list of containers or one of their names is not known. A container that conditions
leave out whenever the dependency exists counts as missing.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          DependsOn: [{ContainerName: colector, Condition: START}]
        - {Name: collector, Image: "collector:1.4.0"}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          DependsOn: [{ContainerName: collector, Condition: START}]
        - {Name: collector, Image: "collector:1.4.0"}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed
from roadworthy.template.values import known_text


@rule(
    "depends-on-unknown-container",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report dependencies on names that no container has."""
    for dependency in container.dependencies:
        for name in dependency.names:
            text = known_text(name.value)
            meant = any(target.at is name.at and possible(target.when, name.when) for target in dependency.targets)
            if text is not None and not meant and container.definition.names_are_known:
                yield Finding(
                    at=name.at,
                    message=f"container `{container.label}` depends on container `{text}`, which does not exist",
                    fix="Name a container of the same task definition",
                    assumed=assumed(name, *(own for each in container.definition.containers for own in each.names)),
                )

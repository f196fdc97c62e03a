"""A container that others wait for until it ends is not essential.

## Why is this bad?

ECS refuses the task definition: `A dependency container with SUCCESS or COMPLETE condition cannot be an
essential container`, because the task stops as soon as an essential container ends. A container is essential
unless it says `Essential: false`.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          DependsOn: [{ContainerName: settings, Condition: SUCCESS}]
        - {Name: settings, Image: "settings:1.0.3"}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          DependsOn: [{ContainerName: settings, Condition: SUCCESS}]
        - {Name: settings, Image: "settings:1.0.3", Essential: false}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, jointly

ENDED = {"COMPLETE", "SUCCESS"}


@rule(
    "depends-on-complete-essential",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDependency.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report waiting for the end of an essential container."""
    for dependency in container.dependencies:
        for target, condition in jointly(dependency.targets, dependency.conditions):
            if condition.value not in ENDED:
                continue
            for _, _, essential in jointly([target], [condition], target.value.essential):
                if essential.value:
                    default = "" if essential.written else " by default"
                    yield Finding(
                        at=condition.at,
                        message=f"container `{container.label}` waits until container `{target.value.label}` ends "
                        f"(`{condition.value}`), which is essential{default}",
                        fix=f"Set `Essential: false` on `{target.value.label}`",
                        assumed=assumed(target, condition, essential),
                    )

"""Every container of a task definition has a name of its own.

## Why is this bad?

ECS refuses the task definition: `Container names must be unique within a Task Definition.` CDK accepts two
containers whose `container_name` is the same.

Names are compared as they are written, or as the same references. Two containers of which conditions allow
only one at a time may share a name.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb"}
        - {Name: api, Image: "proxy:1.27.3", Essential: false}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb"}
        - {Name: proxy, Image: "proxy:1.27.3", Essential: false}
```
"""

from collections.abc import Iterator
from itertools import combinations

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.model.properties import assumed
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "duplicate-container-name",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report containers that have an earlier container's name."""
    if len(definition.containers) < 2 or len(definition.containers) == len(definition.containers_by_name):  # noqa: PLR2004
        return
    for named in definition.containers_by_name.values():
        for first, second in combinations(named, 2):
            if first.value is not second.value and possible(first.when, second.when):
                yield Finding(
                    at=second.at,
                    message=f"two containers are named `{second.value.label}`",
                    fix="Give every container of the task a name of its own",
                    assumed=assumed(first, second),
                )
                break

"""A task definition has at most ten containers.

## Why is this bad?

ECS refuses the eleventh; the quota cannot be raised. Containers under conditions count only together with those that
can exist beside them.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: a, Image: "api:82f44fb"}
        - {Name: b, Image: "api:82f44fb"}
        - {Name: c, Image: "api:82f44fb"}
        - {Name: d, Image: "api:82f44fb"}
        - {Name: e, Image: "api:82f44fb"}
        - {Name: f, Image: "api:82f44fb"}
        - {Name: g, Image: "api:82f44fb"}
        - {Name: h, Image: "api:82f44fb"}
        - {Name: i, Image: "api:82f44fb"}
        - {Name: j, Image: "api:82f44fb"}
        - {Name: k, Image: "api:82f44fb"}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: a, Image: "api:82f44fb"}, {Name: b, Image: "api:82f44fb"}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.largest_together import largest_together
from roadworthy.template.model.properties import Known
from roadworthy.template.model.task_definition import TaskDefinition

MOST = 10


@rule(
    "too-many-containers",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report more containers than ECS takes."""
    if len(definition.containers) <= MOST:
        return
    each = [[Known(1, container.node, container.node.when)] for container in definition.containers]
    together = largest_together(definition.when, each)
    if len(together) > MOST:
        yield Finding(
            at=together[MOST].at,
            message=f"the task definition has {len(together)} containers, ECS takes {MOST}",
            fix="Move containers to a task definition of their own",
        )

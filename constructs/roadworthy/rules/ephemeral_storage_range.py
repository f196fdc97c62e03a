"""The ephemeral storage of a task on Fargate is 21 to 200 GiB, where it is written.

## Why is this bad?

ECS refuses other sizes: `EphemeralStorage size should be at least 21`. The default of 20 GiB cannot be written.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      EphemeralStorage: {SizeInGiB: 20}
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      EphemeralStorage: {SizeInGiB: 21}
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.task_definition import TaskDefinition

LEAST, MOST = 21, 200  # GiB


@rule(
    "ephemeral-storage-range",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_EphemeralStorage.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report sizes that Fargate does not have."""
    for size in definition.ephemeral_sizes:
        if not LEAST <= size.value <= MOST:
            small = size.value < LEAST
            yield Finding(
                at=size.at,
                message=f"the ephemeral storage is {size.value} GiB, which is not between {LEAST} and {MOST}",
                fix="Remove it (20 GiB is the default), or set 21 at least" if small else "Set 200 at most",
                assumed=size.assumed,
            )

"""A task on Fargate has one of the sizes that Fargate offers.

## Why is this bad?

ECS refuses any other pair of CPU and memory: `No Fargate configuration exists for given values.` On Fargate both
must be written at the task; CDK and CloudFormation pass on whatever they get.

Sizes are read in all forms (`1024`, `"1 vCPU"`, `2 GB`). A task definition counts as Fargate's when it requires that
compatibility, or when a service that runs it has the launch type or the capacity provider.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 256
      Memory: 4096
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 512
      Memory: 4096
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.fargate_sizes import SIZES, smallest_fit
from roadworthy.template.model.properties import absent, assumed, jointly
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "fargate-cpu-memory-combination",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/task-cpu-memory-error.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report sizes that Fargate does not have, and sizes that are not written."""
    if not definition.is_whole or not definition.on_fargate:
        return
    for cpu, memory in jointly(definition.cpus, definition.memories):
        if memory.value not in SIZES.get(cpu.value, ()) and definition.may_run_on_fargate(cpu.when, memory.when):
            yield Finding(
                at=cpu.at if cpu.value not in SIZES else memory.at,
                message=f"Fargate has no task size of {cpu.value} CPU units with {memory.value} MiB",
                fix=_fix(cpu.value, memory.value),
                assumed=assumed(cpu, memory),
            )
    for name in ("Cpu", "Memory"):
        if any(definition.may_run_on_fargate(when) for when in absent(definition.node, name)):
            yield Finding(
                at=definition.node,
                message=f"the task definition runs on Fargate and has no `{definition.document.spell(name)}`",
                fix=f"Write the task's `{definition.document.spell(name)}`",
            )


def _fix(cpu: int, memory: int) -> str:
    if cpu in SIZES:
        sizes = SIZES[cpu]
        return f"Set the memory to one of {', '.join(map(str, sizes))} MiB, or raise the CPU"
    fit = smallest_fit(cpu, memory)
    return f"Set the CPU to {fit[0]} and the memory to {fit[1]}" if fit else "Choose one of the sizes of the table"

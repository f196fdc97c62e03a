"""A task on Windows asks only for what Fargate has for Windows.

## Why is this bad?

Fargate runs Windows on X86_64 alone and with 1024, 2048 or 4096 CPU units: `No Fargate configuration exists for given
values.` Windows containers cannot mount EFS either. `readonlyRootFilesystem` and `ulimits`, which AWS does not support
for Windows containers, are warnings.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 1024
      Memory: 2048
      RuntimePlatform: {OperatingSystemFamily: WINDOWS_SERVER_2022_CORE, CpuArchitecture: ARM64}
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      RequiresCompatibilities: [FARGATE]
      NetworkMode: awsvpc
      Cpu: 1024
      Memory: 2048
      RuntimePlatform: {OperatingSystemFamily: WINDOWS_SERVER_2022_CORE, CpuArchitecture: X86_64}
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.fargate_sizes import SIZES, WINDOWS_CPUS
from roadworthy.template.model.properties import Known, assumed, flags, jointly
from roadworthy.template.model.task_definition import TaskDefinition

EFS = "efsVolumeConfiguration"


@rule(
    "windows-or-arm-constraint",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/fargate-tasks-services.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report what Windows does not have."""
    windows = [known for known in definition.operating_systems if known.value.startswith("WINDOWS")]
    if not windows:
        return
    arm = [known for known in definition.architectures if known.value == "ARM64"]
    small = [known for known in definition.cpus if known.value not in WINDOWS_CPUS and known.value in SIZES]
    for family, architecture in jointly(windows, arm):
        if definition.may_run_on_fargate(family.when, architecture.when):
            message = f"`{family.value}` does not run on ARM64 on Fargate"
            yield Finding(architecture.at, message, "Set X86_64", assumed=assumed(family, architecture))
    for family, cpu in jointly(windows, small):
        if definition.may_run_on_fargate(family.when, cpu.when):
            message = f"`{family.value}` does not run with {cpu.value} CPU units on Fargate"
            yield Finding(cpu.at, message, "Set the CPU to 1024, 2048 or 4096", assumed=assumed(family, cpu))
    for family, option in jointly(windows, _unsupported(definition)):
        yield Finding(
            at=option.at,
            message=f"`{family.value}` does not support `{option.value}`",
            fix=f"Remove `{option.value}`",
            severity=ERROR if option.value == EFS else WARNING,
            assumed=assumed(family, option),
        )


def _unsupported(definition: TaskDefinition) -> Iterator[Known[str]]:
    for volume in definition.volumes:
        for place in volume.efs_configurations:
            yield Known(EFS, place, place.when)
    for container in definition.containers:
        for known in flags(container.node, "ReadonlyRootFilesystem"):
            if known.value:
                yield Known("readonlyRootFilesystem", known.at, known.when, known.assumed)
        for limit in container.node.all_items("Ulimits")[:1]:
            yield Known("ulimits", limit, limit.when)

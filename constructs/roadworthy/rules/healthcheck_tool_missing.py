"""A health check's command uses a program that the image has.

## Why is this bad?

Small images have no `curl`, some have neither `wget` nor a shell. The check then exits with 127 each time and
ECS replaces task after task, although the application and the load balancer are content.

Only public images whose content is known by their reference are looked at: official Alpine and slim ones,
distroless. An image that is built upon one may have more. Nothing is said where the command tries another
program as well, or the container's own command mentions the program, as `apk add curl` does.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: python:3.12.7-slim
          HealthCheck: {Command: [CMD-SHELL, "curl -f http://localhost:8000/health || exit 1"]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: python:3.12.7-slim
          HealthCheck:
            Command: [CMD, python, -c, "import urllib.request as r; r.urlopen('http://localhost:8000/health')"]
```
"""

from collections.abc import Iterator, Sequence

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.minimal_image import missing_programs
from roadworthy.rules.facts.shell import lines_of_health_check, program
from roadworthy.template.conditions import possible
from roadworthy.template.model.command import Command
from roadworthy.template.model.container import Container
from roadworthy.template.values import readable, skeleton

LOOKED_FOR = {"curl", "wget"}
HARMLESS = {"exit", "echo", "printf", "false", "kill", "sleep", "grep", "test", "["}  # they check nothing by themselves


@rule(
    "healthcheck-tool-missing",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report commands of which the image lacks every program."""
    for command in container.health_commands:
        needed = _needed(command.words)
        for _, image in container.images if needed else ():
            reference = skeleton(image.value)
            missing = [name for name in needed if name in missing_programs(reference)]
            if missing and len(missing) == len(needed) and possible(image.when, command.when) and not _adds(container):
                yield _finding(container, command, missing, reference, image.assumed)


def _finding(
    container: Container, command: Command, missing: Sequence[str], reference: str, rests_on: frozenset[str]
) -> Finding:
    names = " and ".join(f"`{name}`" for name in missing)
    return Finding(
        at=command.node,
        message=f"container `{container.label}` checks its health with {names}, "
        f"which image `{readable(reference)}` does not have",
        fix="Check with a program that the image has, or add it to an image of your own",
        assumed=command.assumed | rests_on,
    )


def _needed(words: Sequence[str]) -> list[str]:
    """Curl and wget, if it tries nothing else; the shell, if it starts one."""
    found: list[str] = []
    for each in lines_of_health_check(words):
        names = [program(word) for word in each.words[:3]]  # `timeout 5 curl`
        clients = [name for name in names if name in LOOKED_FOR]
        if names and not clients and names[0] not in HARMLESS:
            found = []
            break
        found += clients
    return list(dict.fromkeys(found)) or (["sh"] if words[:1] == ("CMD-SHELL",) else [])


def _adds(container: Container) -> bool:
    """Whether the container itself may install what it lacks when it starts."""
    started = [*container.commands, *container.entry_points]
    return any(name in word for each in started for word in each.words for name in ("curl", "wget", "install", "apk"))

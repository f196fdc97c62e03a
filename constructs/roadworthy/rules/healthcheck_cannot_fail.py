"""A health check can fail.

## Why is this bad?

A command that always exits with 0 reports a broken container as healthy: the deployment succeeds, the circuit
breaker sees nothing, and what depends on the container being `HEALTHY` starts too early.

Reported are commands that only print or exit with 0, and shell lines that end in `|| exit 0`, `|| true` or
`|| echo ...`, or in `; exit 0`. A line with an `exit`, `kill` or `set` before its end, with control
structures or in parentheses is left alone.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          HealthCheck: {Command: [CMD-SHELL, "curl -f http://localhost:8000/health || exit 0"]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          HealthCheck: {Command: [CMD-SHELL, "curl -f http://localhost:8000/health || exit 1"]}
```
"""

from collections.abc import Iterator, Sequence

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.shell import SimpleCommand, lines_of_health_check, program
from roadworthy.template.model.container import Container
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE, readable

SUCCEEDING = {"echo", "printf", "true", ":"}
ENDING = Pattern(r"\b(?:exit|return|kill|set|exec|trap|if|then|while|until|for|case)\b|[`{}()]|\$\(")


@rule(
    "healthcheck-cannot-fail",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report commands that exit with 0 whatever happens."""
    for command in container.health_commands:
        lines = lines_of_health_check(command.words)
        if lines and _always_succeeds(lines):
            end = readable(" ".join([lines[-1].joined_by, *lines[-1].words]).strip())
            yield Finding(
                at=command.node,
                message=f"container `{container.label}` has a health check that cannot fail: it ends with `{end}`",
                fix="Let the command exit with 1 when the container is not healthy",
                assumed=command.assumed,
            )


def _always_succeeds(lines: Sequence[SimpleCommand]) -> bool:
    *before, last = lines
    if last.joined_by not in {"", "||", ";", "\n"} or not _succeeds(last.words):
        return False
    return not any(ENDING.search(" ".join([each.joined_by, *each.words])) for each in before)


def _succeeds(words: Sequence[str]) -> bool:
    if not words or any(HOLE in word or "$(" in word or "`" in word for word in words):
        return False
    return program(words[0]) in SUCCEEDING or tuple(words) == ("exit", "0")

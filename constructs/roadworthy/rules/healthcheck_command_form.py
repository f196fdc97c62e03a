"""A health check's command begins with `CMD` or `CMD-SHELL`.

## Why is this bad?

The command is a list: `CMD` and the program's words one by one, or `CMD-SHELL` and one line for the shell.
In another form ECS refuses it, or runs something else than what is meant, and every task ends with `Task
failed container health checks`:

- without `CMD` or `CMD-SHELL` at its head, or as one string such as `CMD-SHELL, curl ...`, which is how the
  console shows it;
- `CMD` with one string: a program of that whole name is looked for;
- `CMD-SHELL` with several words: the shell runs the first of them, without the others. That is a warning
  where the first word can do alone.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          HealthCheck: {Command: [curl, -f, "http://localhost:8000/health"]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          HealthCheck: {Command: [CMD, curl, -f, "http://localhost:8000/health"]}
```
"""

from collections.abc import Iterator, Sequence

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.shell import program
from roadworthy.template.model.container import Container
from roadworthy.template.values import HOLE, readable

FORMS = {"CMD", "CMD-SHELL", "NONE"}
USELESS_ALONE = {"curl", "wget", "nc"}  # they fail without an argument
FIX = "Write `[CMD, program, argument, ...]` or `[CMD-SHELL, line]`"
SHOWN = 60  # characters of a word in a message


@rule(
    "healthcheck-command-form",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_HealthCheck.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report commands that are no `CMD` with words and no `CMD-SHELL` with one line."""
    for place in (place for each in container.health_checks for place in each.get("Command")):
        if isinstance(place.raw, str):
            yield Finding(place, f"container `{container.label}` writes its health check's command as one string", FIX)
    for command in container.health_commands:
        problem = _problem(command.words)
        if problem:
            message, severity = problem
            at, rests_on = command.node, command.assumed
            yield Finding(at, f"container `{container.label}` {message}", FIX, severity, rests_on)


def _problem(words: Sequence[str]) -> tuple[str, str] | None:
    form, arguments = (words[0], words[1:]) if words else ("", ())
    if not any(words) or HOLE in form or form == "NONE":  # `[""]` is left over from a skeleton
        return None
    if form not in FORMS:
        return f"has a health check that begins with `{_shown(form)}`, not with `CMD` or `CMD-SHELL`", ERROR
    if not arguments:
        return f"has a health check of `{form}` without a command", ERROR
    if form == "CMD" and len(arguments) == 1 and " " in arguments[0].strip():
        return f"gives `CMD` the whole line `{_shown(arguments[0])}` as the name of a program", ERROR
    if form == "CMD-SHELL" and len(arguments) > 1:
        lost = program(arguments[0]) in USELESS_ALONE
        return f"gives `CMD-SHELL` {len(arguments)} words, of which it runs `{_shown(arguments[0])}` alone", (
            ERROR if lost else WARNING
        )
    return None


def _shown(word: str) -> str:
    return readable(word if len(word) <= SHOWN else word[:SHOWN] + HOLE)

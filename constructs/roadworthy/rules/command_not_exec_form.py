"""A container's command is a list of words, not a line for a shell.

## Why is this bad?

ECS starts the first word as the program and gives it the others. A line in one string is looked for as a
program of that name: `CannotStartContainerError ... exec: "npm run start": executable file not found in
$PATH`. Nor does anybody read `&&`, `|` or `$NAME` where no shell is started: the program gets them as words.

Nothing is said where the entry point or the command starts a shell with `-c`, or where a part is not known.
It is a warning, because an image may have a shell as its entry point. A `$NAME` is reported only if the
container has an environment variable or a secret of that name.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Command: [npm run start]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb", Command: [npm, run, start]}
```
"""

from collections.abc import Iterator, Sequence

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.shell import SCRIPT_OPTION, SHELLS, program
from roadworthy.template.model.container import Container
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE

OPERATORS = {"&&", "||", "|", ";", ">", ">>", "<", "2>&1"}
NAME = Pattern(r"\$\{?([A-Za-z_][A-Za-z0-9_]*)")
# A line that can be run: a program's name, and more words that do not make it a sentence for some entry point.
LINE = Pattern(r"[A-Za-z0-9_./][A-Za-z0-9_./-]* +[^ ]")
FIX = "Write one string for each word, or start a shell: `[sh, -c, line]`"


@rule(
    "command-not-exec-form",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report commands that only a shell would understand, where none is started."""
    if any(_may_be_shell(each.words) for each in (*container.entry_points, *container.commands)):
        return
    if len(container.entry_points) < sum(1 for _ in container.node.get("EntryPoint")):
        return  # one of them is not known
    for name, commands in (("entry point", container.entry_points), ("command", container.commands)):
        for command in commands:
            problem = _problem(container, command.words, alone=name == "entry point" or not container.entry_points)
            if problem:
                message = f"container `{container.label}` has {problem} in its {name}, without a shell"
                yield Finding(command.node, message, FIX, assumed=command.assumed)


def _may_be_shell(words: Sequence[str]) -> bool:
    """Whether the words start a shell, or are not known enough to tell."""
    return bool(words) and (
        HOLE in words[0] or program(words[0]) in SHELLS or any(SCRIPT_OPTION.fullmatch(word) for word in words)
    )


def _problem(container: Container, words: Sequence[str], *, alone: bool) -> str | None:
    if alone and len(words) == 1 and LINE.match(words[0]):
        return f"the whole line `{words[0]}` as one word".replace(HOLE, "…")
    operator = next((word for word in words[1:] if word in OPERATORS), None)
    if operator:
        return f"the shell's `{operator}`"
    names = {name for word in words if "$" in word for name in NAME.findall(word)}
    own = {each.name for each in (*container.environment, *container.secrets)} if names else set()
    return f"the shell's `${min(names & own)}`" if names & own else None

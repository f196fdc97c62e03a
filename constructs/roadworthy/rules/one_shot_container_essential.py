"""A container that ends when its work is done is not essential beside one that serves.

## Why is this bad?

A task stops as soon as one of its essential containers ends, also with 0: `Essential container in task
exited`. A migration that is essential, which is the default, takes the server beside it down right after the
start, and the service starts the next task.

One-shot are commands that certainly end: migrations (`alembic upgrade`, `manage.py migrate`, `npm run
migrate`, `db:migrate`, `flyway migrate`, ...), `chown`, `chmod`, `cp`, `mkdir`, `aws s3 cp`, and shell lines
that end in one of these or in `exit 0`. Other essential containers must be there for which nothing of the
kind is known.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - {Name: api, Image: "api:82f44fb"}
        - {Name: migrate, Image: "api:82f44fb", Command: [alembic, upgrade, head]}
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          DependsOn: [{ContainerName: migrate, Condition: SUCCESS}]
        - {Name: migrate, Image: "api:82f44fb", Command: [alembic, upgrade, head], Essential: false}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.rules.facts.one_shot import ends_by_itself
from roadworthy.template.model.container import Container
from roadworthy.template.model.properties import assumed, jointly


@rule(
    "one-shot-container-essential",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(container: Container) -> Iterator[Finding]:
    """Report essential containers whose command ends, beside essential ones that go on."""
    commands = [command for command in container.commands if ends_by_itself(command.words)]
    if not commands or not _stands_beside_a_server(container):
        return
    for command, essential in jointly(commands, container.essential):
        if essential.value:
            line = " ".join(command.words)
            yield Finding(
                at=essential.at if essential.written else command.node,
                message=f"container `{container.label}` is essential and ends by itself: it runs `{line[:80]}`",
                fix=f"Set `Essential: false` on `{container.label}` and let the others wait for its `SUCCESS`",
                assumed=assumed(command, essential),
            )


def _stands_beside_a_server(container: Container) -> bool:
    return any(_serves(each) for each in container.definition.containers if each is not container)


def _serves(container: Container) -> bool:
    """Whether it is essential, and not known to end by itself."""
    ends = any(ends_by_itself(command.words) for command in container.commands)
    return not ends and all(flag.value for flag in container.essential)

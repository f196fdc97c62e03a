"""Families, containers, ports, volumes and services have names that ECS takes.

## Why is this bad?

ECS refuses other names: `Container.name contains invalid characters.` Families, containers, volumes and services take
up to 255 letters, digits, hyphens and underscores; the name of a port, up to 64 lower-case letters, digits,
underscores and hyphens, the first being no hyphen.

Of a name that is only partly known (`${Stage}.api`) the known part is looked at. Empty names and placeholders that a
pipeline fills in (`<NAME>`, `$NAME`) are left alone.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: shop.api
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      Family: shop-api
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.rules.facts.image import PLACEHOLDER
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import contents
from roadworthy.template.node import Node
from roadworthy.template.pattern import Pattern
from roadworthy.template.values import HOLE, readable, skeleton

NAME = Pattern(rf"[A-Za-z0-9_{HOLE}-]*")
PORT_NAME = Pattern(rf"(?!-)[a-z0-9_{HOLE}-]*")
LONGEST, LONGEST_PORT = 255, 64
NAME_GRAMMAR = "letters, digits, hyphens and underscores"
PORT_GRAMMAR = "lower-case letters, digits, underscores and hyphens, the first being no hyphen"


@rule(
    "invalid-names",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_ContainerDefinition.html",
)
def check(model: Model) -> Iterator[Finding]:
    """Report names that ECS refuses."""
    for definition in model.task_definitions:
        yield from _refused(definition.node, "Family", "family")
        for volume in definition.volumes:
            yield from _refused(volume.node, "Name", "volume")
        for container in definition.containers:
            yield from _refused(container.node, "Name", "container")
            for mapping in container.port_mappings:
                yield from _refused(mapping.node, "Name", "port")
    for service in model.services:
        yield from _refused(service.node, "ServiceName", "service")


def _refused(node: Node, name: str, what: str) -> Iterator[Finding]:
    pattern, longest = (PORT_NAME, LONGEST_PORT) if what == "port" else (NAME, LONGEST)
    written = node.raw.get(node.document.spell(name)) if type(node.raw) is dict else None
    if type(written) is str and len(written) <= longest and pattern.fullmatch(written):
        return  # nearly always
    for known in contents(node, name):
        text = skeleton(known.value)
        good = pattern.fullmatch(text)
        if (good and len(text.replace(HOLE, "")) <= longest) or PLACEHOLDER.search(text):
            continue
        why = f"has {len(text)} characters" if good else "has characters that ECS refuses"
        grammar = PORT_GRAMMAR if what == "port" else NAME_GRAMMAR
        yield Finding(
            at=known.at,
            message=f"the {what} name `{readable(text)}` {why}",
            fix=f"Use up to {longest} {grammar}",
            assumed=known.assumed,
        )

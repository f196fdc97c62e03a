"""A task definition has at most 64 KiB.

## Why is this bad?

ECS refuses larger ones, and the quota cannot be raised. The size is estimated from what is certain: what
functions leave open and everything under a condition counts as nothing, so that the true size is larger still.

## Example

Aliases make the failing example short enough for this page.

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Command:
            - &a "one hundred characters of text, or nearly so: one hundred characters of text, or nearly so: the rest"
            - &b !Join ["", [*a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a, *a]]
            - &c !Join ["", [*b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b, *b]]
            - *c
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]
```
"""

import marshal
from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, Finding, rule
from roadworthy.template.model.task_definition import TaskDefinition
from roadworthy.template.node import Node
from roadworthy.template.resolve import resolve
from roadworthy.template.values import HOLE, skeleton

LARGEST = 64 * 1024  # bytes


@rule(
    "task-definition-too-large",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/developerguide/service-quotas.html",
)
def check(definition: TaskDefinition) -> Iterator[Finding]:
    """Report task definitions that are certainly larger."""
    if not _may_be_large(definition):
        return
    size = _least(definition.node)
    if size > LARGEST:
        yield Finding(
            at=definition.node,
            message=f"the task definition has at least {size // 1024} KiB, ECS takes {LARGEST // 1024}",
            fix="Move environment variables to files in S3, or containers to another task definition",
        )


def _may_be_large(definition: TaskDefinition) -> bool:
    if definition.document.syntax == "json" and len(definition.document.text) <= LARGEST // 3:
        return False  # which YAML, with its aliases, does not tell
    try:  # marshal is ten times as fast as JSON, and never half as short
        return len(marshal.dumps(definition.node.raw, 2)) > LARGEST // 2
    except ValueError:  # too deep for it
        return True


def _least(definition: Node) -> int:
    """The bytes that the definition has at least, as JSON without blanks."""
    total, pending = 0, [definition]
    while pending:
        node = pending.pop()
        raw = node.raw
        if isinstance(raw, dict) and not _is_function(raw):
            total += 1 + sum(len(str(key)) + 4 for key in raw)
            pending += [node.child(key) for key in raw]
        elif isinstance(raw, list):
            total += 1 + len(raw)
            pending += [node.child(index) for index in range(len(raw))]
        elif not (isinstance(raw, dict) and "Fn::If" in raw):
            texts = [skeleton(each.value).replace(HOLE, "") for each in resolve(node)]
            total += min((len(text.encode("utf-8", "replace")) for text in texts), default=0)
    return total


def _is_function(raw: dict[str, object]) -> bool:
    return len(raw) == 1 and next(iter(raw)).startswith(("Fn::", "Ref"))

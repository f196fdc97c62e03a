"""A mapping has each key once.

## Why is this bad?

Of two values under one key only the last counts, and nobody says so: half of the environment variables are gone, or
one resource replaces another. CloudFormation's own tools, and the AWS command line, refuse such YAML; JSON they read
silently, so that there it is a warning.

JSON files that CDK wrote are left alone.

## Example

```yaml fails
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: STAGE, Value: production}]
          Environment: [{Name: PORT, Value: "8000"}]
```

```yaml passes
Resources:
  Task:
    Type: AWS::ECS::TaskDefinition
    Properties:
      ContainerDefinitions:
        - Name: api
          Image: api:82f44fb
          Environment: [{Name: STAGE, Value: production}, {Name: PORT, Value: "8000"}]
```
"""

from collections.abc import Iterator
from typing import Any

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.repeated_keys import Path, repeated_keys
from roadworthy.template.conditions import ALWAYS
from roadworthy.template.document import Document
from roadworthy.template.node import Node


@rule(
    "duplicate-key",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/template-formats.html",
)
def check(document: Document) -> Iterator[Finding]:
    """Report keys that are written more than once in one mapping."""
    for path, count in repeated_keys(document):
        yield Finding(
            at=Node(document, _value(document.tree, path), path, ALWAYS),
            message=f"`{path[-1]}` is written {'twice' if count == 2 else f'{count} times'} in one mapping",  # noqa: PLR2004
            fix=f"Keep one `{path[-1]}`: only the last one counts",
            severity=ERROR if document.syntax == "yaml" else WARNING,
        )


def _value(tree: Any, path: Path) -> Any:
    try:
        for key in path:
            tree = tree[key]
    except (LookupError, TypeError):
        return None
    return tree

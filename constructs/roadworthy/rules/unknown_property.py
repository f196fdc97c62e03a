"""Raw ECS files have only members that the API knows.

## Why is this bad?

The AWS command line and the SDKs refuse what they do not know, comments and differently spelled members included:
`Unknown parameter in input: "_comment", must be one of: ...`. What is close to a known member is named.

A bare list of containers is a warning: whoever reads it (Terraform, for one) may drop what it does not know, and then
the setting is lost. Members that only AWS's answers have are `describe-only-key`'s.

## Example

```json fails
{
  "family": "shop",
  "_comment": "the shop",
  "containerDefinitions": [{"name": "api", "image": "api:82f44fb"}]
}
```

```json passes
{
  "family": "shop",
  "tags": [{"key": "comment", "value": "the shop"}],
  "containerDefinitions": [{"name": "api", "image": "api:82f44fb"}]
}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import ERROR, WARNING, Finding, rule
from roadworthy.rules.facts.ecs_members import UNKNOWN, Deviation, deviations, is_raw
from roadworthy.template.document import CONTAINERS, Document

# Entries of the wrong list: `secret-entry-form` tells which.
OF_SECRET_ENTRY_FORM = {("Secret", "value"), ("KeyValuePair", "valueFrom")}


@rule(
    "unknown-property",
    severity=ERROR,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
)
def check(document: Document) -> Iterator[Finding]:
    """Report members that the API refuses."""
    for found in deviations(document) if is_raw(document) else ():
        if found.what == UNKNOWN and (found.inside, found.name) not in OF_SECRET_ENTRY_FORM:
            yield Finding(
                at=found.at,
                message=f"the API knows no `{found.name}` in {_place(found)}",
                fix=f"Write `{found.expected}`" if found.expected else f"Remove `{found.name}`",
                severity=WARNING if document.kind == CONTAINERS else None,
            )


def _place(found: Deviation) -> str:
    names = {"TaskDefinition": "a task definition", "Service": "a service", "ContainerDefinition": "a container"}
    return names.get(found.inside, f"a `{found.inside}`")

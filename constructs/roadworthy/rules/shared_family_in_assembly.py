"""Every task definition of a template has a family of its own.

## Why is this bad?

Two task definitions of one family are revisions of the same thing. CloudFormation registers them at the same time,
which can fail (`Too many concurrent attempts to create a new revision of the specified family.`), and whoever starts
the family by its name gets the one that was registered last.

Compared are the literal names within a template and its nested stacks, and within the stacks of a cloud assembly that
go to one account and region.
Task definitions of which conditions allow only one are left alone.

## Example

```yaml fails
Resources:
  Api:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: shop, ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]}
  Worker:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: shop, ContainerDefinitions: [{Name: worker, Image: "worker:82f44fb"}]}
```

```yaml passes
Resources:
  Api:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: shop-api, ContainerDefinitions: [{Name: api, Image: "api:82f44fb"}]}
  Worker:
    Type: AWS::ECS::TaskDefinition
    Properties: {Family: shop-worker, ContainerDefinitions: [{Name: worker, Image: "worker:82f44fb"}]}
```
"""

from collections.abc import Iterator

from roadworthy.rules.engine import WARNING, Finding, rule
from roadworthy.template.conditions import possible
from roadworthy.template.document import Document
from roadworthy.template.model.model import Model
from roadworthy.template.model.properties import Known, assumed
from roadworthy.template.model.task_definition import TaskDefinition


@rule(
    "shared-family-in-assembly",
    severity=WARNING,
    source="https://docs.aws.amazon.com/AmazonECS/latest/APIReference/API_RegisterTaskDefinition.html",
)
def check(model: Model) -> Iterator[Finding]:
    """Report families that two task definitions of one deployment have."""
    parents = {id(nested): document for document in model.documents for nested in document.nested.values()}
    first: dict[tuple[object, str], tuple[TaskDefinition, Known[str]]] = {}
    for definition in model.all(TaskDefinition):
        for family in definition.families:
            key: tuple[object, str] = (_outermost(definition.document, parents), family.value)
            other, known = first.setdefault(key, (definition, family))
            if other is not definition and possible(known.when, family.when):
                yield Finding(
                    at=family.at,
                    message=f"the family `{family.value}` is also that of `{other.label}`",
                    fix="Give each task definition a family of its own",
                    assumed=assumed(known, family),
                )


def _outermost(document: Document, parents: dict[int, Document]) -> object:
    """What is deployed together: a stack with those nested in it, or all of a known account and region."""
    seen: set[int] = set()
    while id(document) in parents and id(document) not in seen:
        seen.add(id(document))
        document = parents[id(document)]
    return (document.account, document.region) if document.account and document.region else id(document)
